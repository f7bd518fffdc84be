#include "app/cli/commands/governance/governance.h"

namespace countersign::cli {

std::vector<Verb> lifeVerbs()
{
    const Argument model{"MODEL", "A model by name or id."};
    const Argument version{"MODEL/VERSION", "A model by name or id, and a version by label or alias."};
    const Argument pack{"ID|FILE", "A built-in pack by its id, or the file of another."};
    const Option from{"--from", "DATE", "When it begins; otherwise at once."};
    const Option isDefault{"--default", "", "It governs every model for which no pack was chosen."};
    const Option reason{"--reason", "TEXT", "Why.", 0, false, true};
    const Option filter{"--filter", "TEXT", "Only rows that contain TEXT, case and accents aside."};
    const Option limit{"--limit", "N", "Print at most N of them."};
    const Option junit{"--junit", "FILE", "Write the checks as JUnit's XML too."};
    const Option sarif{"--sarif", "FILE", "Write what is not met as SARIF too."};
    const Option output{"--output", "FILE", "The file to write.", 'o', false, true};
    const Option force{"--force", "", "Replace an existing file."};
    return {
        {"pack preview", "Say what publishing a pack would change: which verdicts become others, and why.", "Changes nothing.", {pack}, {from, isDefault, filter, limit}, {}, runPackPreview},
        {"pack publish", "Publish a pack by personal signature; from then on it never changes.", "Compliance officers. Its limits judge from the day on which it begins.", {pack},
         {from, isDefault, {"--note", "TEXT", "What is new in it."}}, {No}, runPackPublish},
        {"pack published", "List the packs that are or were in force.", {}, {}, {filter, limit}, {}, runPackPublished},
        {"pack retire", "Retire a published pack by personal signature: its limits no longer judge.", "Compliance officers.", {{"PACK", "Its id."}}, {reason}, {No}, runPackRetire},
        {"pack assign", "Choose the packs that govern a model; the first one's stages are its life.", "Compliance officers.", {model},
         {{"--pack", "ID", "A published pack; several times for several.", 0, true}, {"--none", "", "None of its own: the default packs."}, reason}, {No}, runPackAssign},
        {"tier ask", "List the questions by which a model gets its tier.", {}, {model}, {filter, limit}, {No}, runTierAsk},
        {"tier assess", "Assess the tier of a model by the questions of its pack.", "Owners, developers, validators and compliance officers.", {model},
         {{"--answer", "QUESTION=ANSWER", "An answer; once for each question.", 0, true}, {"--tier", "N", "Another tier than computed; needs a reason, and where the pack says so a second person."},
          {"--reason", "TEXT", "Why another tier."}},
         {No}, runTierAssess},
        {"tier confirm", "Confirm a tier that was chosen otherwise than computed.", "Compliance officers and validators, not whoever chose it.", {model}, {}, {No}, runTierConfirm},
        {"stage show", "Show where a version stands, and for each move from there what its gate asks and how that stands.", {}, {version}, {}, {No}, runStageShow},
        {"stage move", "Move a version to another stage; refused, with its reasons, while the gate is closed.", {}, {version, {"STAGE", "The stage, or the id of the move."}},
         {{"--reason", "TEXT", "Why; some moves need it."}}, {No}, runStageMove},
        {"stage at", "Say which version was in use at a moment.", {}, {model, {"TIME", "The moment, as 2026-05-15 or 2026-05-15T12:00Z."}},
         {{"--stage", "S", "Another stage than inUse."}, filter, limit}, {No}, runStageAt},
        {"gate", "Say whether a version may be used: everything that its packs ask on the way there, as it stands now.",
         "Exit code 0: yes, also under waiver; 1: no, with the reasons. Not enough evidence is no.", {version},
         {{"--artifact", "FILE", "The file that shall be used; it has to be one of the version's."},
          {"--to", "STAGE", "Another stage than inUse."},
          {"--allow-insufficient", "", "Not enough evidence is no obstacle; what is not met stays one."},
          junit, sarif},
         {No}, runGate},
        {"gate verify", "Decide by a release token and public keys only: no workspace, no network.",
         "Exit code 0: open; 1: closed, with the reasons; 3: the token is not what somebody signed.", {},
         {{"--token", "FILE", "The release token.", 0, false, true},
          {"--trust", "FILE", "The trusted keys, from: release trust.", 0, false, true},
          {"--artifact", "FILE", "The file that shall be used."},
          {"--max-trust-age", "DAYS", "The trusted keys may be so old at most."},
          {"--at", "TIME", "As of another moment than now."},
          junit, sarif},
         {No, Integrity}, runGateVerify},
        {"artifact add", "Make the files of a version known by their digests; the files stay where they are.", {}, {version},
         {{"--file", "FILE", "A file; several times for several.", 0, true, true}}, {No}, runArtifactAdd},
        {"artifact list", "List the files of a version.", {}, {version}, {filter, limit}, {No}, runArtifactList},
        {"release issue", "Issue a release by personal signature, and write its token for pipelines.",
         "Approvers and compliance officers, while the gate to use is open. It ends with the first waiver that it rests on.", {version},
         {{"--expires", "DATE", "Until when it holds; otherwise for 90 days."}, output, force}, {No}, runReleaseIssue},
        {"release token", "Write the token of a release again, under a checkpoint of now.", {}, {{"RELEASE", "Its number, as R-2, or a beginning of its id."}}, {output, force}, {No}, runReleaseToken},
        {"release list", "List the releases that were issued, the newest first.", {}, {{"MODEL/VERSION", "Only of this version.", true}}, {filter, limit}, {No}, runReleaseList},
        {"release revoke", "Revoke a release; pipelines know once they get the trusted keys anew.", "Approvers, compliance officers, validators, owners and IT operators.",
         {{"RELEASE", "Its number, as R-2, or a beginning of its id."}}, {reason}, {No}, runReleaseRevoke},
        {"release trust", "Write the file by which pipelines check tokens: persons' public keys, and what was revoked.", {}, {}, {output, force}, {No}, runReleaseTrust},
    };
}

} // namespace countersign::cli
