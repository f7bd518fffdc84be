#include "app/cli/commands/governance/governance.h"

namespace countersign::cli {

std::vector<Verb> evidenceVerbs()
{
    const Argument subject{"MODEL[/VERSION]", "A model by name or id, and a version by label or alias where it is about one."};
    const Argument evidence{"EVIDENCE", "Its number, as E-5, or a beginning of its id."};
    const Argument version{"MODEL[/VERSION]", "A model by name or id, and a version by label or alias; without one the current version."};
    const Argument request{"REQUEST", "Its number, as ER-2, or a beginning of its id."};
    return {
        {"evidence add", "Add evidence: a file, kept for good by its digest, or a reference to what is kept elsewhere.",
         "A file has at most 32 MiB and is neither opened nor run; what it is is told from its bytes. A reference is words or a link, which nobody follows. It counts once somebody else "
         "has accepted it.",
         {subject, {"FILE", "The file; otherwise --reference says where it is.", true}},
         {{"--title", "TEXT", "One line that says what it is.", 0, false, true},
          {"--reference", "TEXT", "Where it is kept, instead of a file."},
          {"--for", "PACK/ID", "The requirement of a policy that it shall meet."},
          {"--from", "DATE", "Beginning of the time that it is about."},
          {"--to", "DATE", "End of that time."},
          {"--expires", "DATE", "From then on it no longer counts."},
          {"--replaces", "EVIDENCE", "Evidence whose place it takes once it is accepted, as E-3."},
          {"--answers", "REQUEST", "A request that it answers, as ER-2."},
          {"--note", "TEXT", "More about it."}},
         {No}, runEvidenceAdd},
        {"evidence list", "List evidence, the newest first.", {}, {{"MODEL[/VERSION]", "Only of this model, or of this version and its model as such.", true}},
         {{"--awaiting", "", "Only what awaits review."}, {"--expiring", "DAYS", "Only what is accepted and has expired, or does within so many days."}, {"--for", "PACK/ID", "Only for this requirement."}, {"--all", "", "Also what was withdrawn or replaced."},
          {"--filter", "TEXT", "Only rows that contain TEXT, case and accents aside."}, {"--limit", "N", "Print at most N of them."}},
         {No}, runEvidenceList},
        {"evidence status", "Say what evidence a pack asks for of a version, and how each item stands.", "Ends with 0 when everything is there, accepted and not expired; otherwise with 1.",
         {version}, {{"--pack", "ID|FILE", "The pack: a built-in one by its id, or the file of another.", 0, false, true},
                     {"--stage", "STAGE", "As for this stage, as approved or inUse; otherwise as for the one where the version stands."}},
         {No}, runEvidenceStatus},
        {"evidence show", "Show evidence with every step.", {}, {evidence}, {}, {No}, runEvidenceShow},
        {"evidence save", "Write the file of evidence, checked against its digest.", {}, {evidence},
         {{"--output", "FILE", "The file to write.", 'o', false, true}, {"--force", "", "Replace an existing file."}}, {No, Integrity}, runEvidenceSave},
        {"evidence review", "Accept or reject evidence.", "A validator or a compliance officer who did not add it. A later decision takes the place of the earlier one.", {evidence},
         {{"--accept", "", "It counts."}, {"--reject", "", "It does not."}, {"--reason", "TEXT", "Why; needed to reject, and to decide otherwise than before."}}, {No}, runEvidenceReview},
        {"evidence withdraw", "Withdraw evidence: it no longer counts, and stays on the record.", "Whoever added it, a validator or a compliance officer.", {evidence},
         {{"--reason", "TEXT", "Why.", 0, false, true}}, {No}, runEvidenceWithdraw},
        {"evidence request", "Ask a person for evidence that is missing.", "Whoever has it answers with evidence add --answers.", {subject},
         {{"--ask", "PERSON", "Who is asked: login, name or id.", 0, false, true}, {"--for", "PACK/ID", "The requirement of a policy that it shall meet."},
          {"--text", "TEXT", "What is asked for; needed without --for."}, {"--due", "DATE", "By when."}},
         {No}, runEvidenceRequest},
        {"evidence requests", "List requests for evidence, those that wait and are due soonest first.", {},
         {{"MODEL[/VERSION]", "Only about this model, or about this version and its model as such.", true}},
         {{"--mine", "", "Only those that you are asked."}, {"--all", "", "Also those that were answered, declined or cancelled."},
          {"--filter", "TEXT", "Only rows that contain TEXT, case and accents aside."}, {"--limit", "N", "Print at most N of them."}},
         {No}, runEvidenceRequests},
        {"evidence decline", "Decline a request for evidence that you were asked.", {}, {request}, {{"--reason", "TEXT", "Why.", 0, false, true}}, {No}, runEvidenceDecline},
        {"evidence cancel", "Cancel a request for evidence.", "Whoever asked, a validator or a compliance officer.", {request}, {{"--reason", "TEXT", "Why.", 0, false, true}}, {No},
         runEvidenceCancel},
        {"card export", "Write the model card of a version from what the record knows.",
         "The newest value of every metric and group with its interval, how the limits stand, and what is documented.", {version},
         {{"--format", "hf|mct", "A README as Hugging Face reads it (otherwise), or JSON of the Model Card Toolkit."}, {"--output", "FILE", "The file to write.", 'o', false, true},
          {"--force", "", "Replace an existing file."}},
         {No}, runCardExport},
        {"card import", "Take what a model card documents over into the facts of a version, and keep the card as evidence.",
         "A README with front matter, JSON of the Model Card Toolkit, or a CycloneDX document with one model. What is documented already stays; values of metrics are not taken over.",
         {version, {"FILE", "The card."}},
         {{"--preview", "", "Only tell what would change; nothing is recorded."}, {"--replace", "", "Replace what is documented already."},
          {"--for", "PACK/ID", "The requirement of a policy that the card shall meet."}},
         {No}, runCardImport},
        {"bom export", "Write a CycloneDX 1.6 bill of materials of a version: its card, digests, evidence and place in the ledger.", {}, {version},
         {{"--output", "FILE", "The file to write.", 'o', false, true}, {"--artifact", "FILE", "A file of the model, whose digest it names; several times for several.", 0, true},
          {"--force", "", "Replace an existing file."}},
         {No}, runBomExport},
        {"bom import", "Keep a CycloneDX bill of materials as evidence, and list its components.", {}, {subject, {"FILE", "The file (JSON, specification 1.2 to 1.7)."}},
         {{"--title", "TEXT", "One line that says what it is."}, {"--for", "PACK/ID", "The requirement of a policy that it shall meet."}}, {No}, runBomImport},
        {"bom show", "List the components of a bill of materials that is kept as evidence.", {}, {evidence}, {}, {No, Integrity}, runBomShow},
    };
}

} // namespace countersign::cli
