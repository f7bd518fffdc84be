#include "app/cli/commands/governance/governance.h"

namespace countersign::cli {

std::vector<Verb> governanceVerbs()
{
    const Argument subject{"MODEL[/VERSION]", "A model by name or id, and a version by label or alias where it is about one."};
    const Argument finding{"FINDING", "Its number, as F-12, or a beginning of its id."};
    const Option due{"--due", "DATE", "By when it shall be closed."};
    const Option owner{"--owner", "PERSON", "Who answers for it: login, name or id."};
    const Option severity{"--severity", "S", "low, medium, high or critical."};
    const Argument waiver{"WAIVER", "Its number, as W-3, or a beginning of its id."};
    const auto text = [](const char *sentence) { return Option{"--text", "TEXT", sentence, 0, false, true}; };
    return {
        {"finding open", "Open a finding: a weakness of a model or version, on the record until a validator closes it.",
         "With --rule it is opened from a breach: title, severity and the value as it is now come from the verdict.", {subject},
         {{"--title", "TEXT", "One line that says what is wrong; needed without --rule."},
          {"--text", "TEXT", "More about it."},
          severity, owner, due,
          {"--rule", "RULE", "The limit that is breached, by its id or a beginning of it."},
          {"--slice", "SLICE", "The group that breaches it, as sex=F; otherwise everybody."}},
         {No}, runFindingOpen},
        {"finding list", "List findings, open and grave ones first.", {}, {{"MODEL[/VERSION]", "Only of this model or version.", true}},
         {{"--mine", "", "Only those that you answer for."}, {"--all", "", "Closed ones too."}, {"--filter", "TEXT", "Only rows that contain TEXT, case and accents aside."},
          {"--limit", "N", "Print at most N of them."}},
         {}, runFindingList},
        {"finding show", "Show a finding with every step.", {}, {finding}, {}, {No}, runFindingShow},
        {"finding change", "Change owner, due date, severity, plan, title or text of a finding.", {}, {finding},
         {{"--title", "TEXT", "Another title."}, {"--text", "TEXT", "Another text."}, severity, owner, due, {"--no-owner", "", "Nobody answers for it."},
          {"--no-due", "", "It has no date."}, {"--plan", "TEXT", "How it shall be remediated."}, {"--reason", "TEXT", "Why; needed to lower the severity or for a later date."}},
         {No}, runFindingChange},
        {"finding challenge", "Say what speaks against a finding.", "Owners, developers and IT operators.", {finding}, {text("What speaks against it.")}, {No}, runFindingChallenge},
        {"finding answer", "Answer a challenge; the finding stands open again.", "Validators and compliance officers, not whoever challenged it.", {finding}, {text("The answer.")}, {No},
         runFindingAnswer},
        {"finding remediate", "Say what was done about a finding; it awaits a retest.", "Owners, developers and IT operators.", {finding}, {text("What was done.")}, {No}, runFindingRemediate},
        {"finding retest", "Record the retest of what was remediated.", "Validators and compliance officers, not whoever remediated it.", {finding},
         {text("How it was tested, and with what result."), {"--passed", "", "The remediation holds."}, {"--failed", "", "It does not; the finding is open again."}}, {No}, runFindingRetest},
        {"finding close", "Close a finding.", "A validator who neither answers for it nor remediated it. As remediated only after a retest has passed.", {finding},
         {text("Why."), {"--resolution", "R", "remediated (otherwise), accepted, notAnIssue or duplicate."}}, {No}, runFindingClose},
        {"finding reopen", "Open a closed finding again.", "Validators, compliance officers and auditors.", {finding}, {text("Why.")}, {No}, runFindingReopen},
        {"pack list", "List the packs that the program brings along: frameworks as data.", "Needs no workspace.", {},
         {{"--filter", "TEXT", "Only rows that contain TEXT, case and accents aside."}, {"--limit", "N", "Print at most N of them."}}, {}, runPackList},
        {"pack show", "Show a pack: tiers, stages, gates, evidence, rules and obligations.", "Needs no workspace. With --json: the document as the record carries it.",
         {{"ID|FILE", "A built-in pack by its id, or the file of another."}}, {{"--yaml", "", "Print its file, to make one of your own from."}}, {No}, runPackShow},
        {"pack compare", "Say what two packs say differently, part by part.", "Needs no workspace.",
         {{"ID|FILE", "The pack as it was: built in, or a file."}, {"OTHER", "The pack as it shall be."}}, {}, {No}, runPackCompare},
        {"pack schema", "Print the JSON Schema of a pack's file, for editors that complete and check.", "Needs no workspace.", {}, {}, {}, runPackSchema},
        {"pack check", "Say whether a file is a sound pack; if not, everything that is wrong with it, by line.", "Needs no workspace.", {{"FILE", "The file (YAML)."}}, {}, {No}, runPackCheck},
        {"waiver request", "Ask that a version may miss one requirement until a day.",
         "Owners, developers, IT operators, validators and compliance officers. Somebody else grants it; on its day it ends by itself.",
         {{"MODEL/VERSION", "A model by name or id, and a version by label or alias."}},
         {{"--rule", "RULE", "The limit that is missed, by its id or a beginning of it."},
          {"--slice", "SLICE", "The group that misses it, as sex=F; otherwise everybody."},
          {"--evidence", "PACK/ID", "The evidence that is missing, as the pack names it."},
          {"--finding", "FINDING", "The open finding that shall not stand in the way, as F-12."},
          {"--until", "DATE", "The first moment at which it no longer holds; within a year.", 0, false, true},
          {"--reason", "TEXT", "Why the requirement cannot be met for now.", 0, false, true},
          {"--control", "TEXT", "What guards instead: the compensating control.", 0, false, true}},
         {No}, runWaiverRequest},
        {"waiver list", "List waivers that hold or are asked for, those that end first, first.", {}, {{"MODEL[/VERSION]", "Only of this model or version.", true}},
         {{"--all", "", "Declined, ended and past ones too."}, {"--filter", "TEXT", "Only rows that contain TEXT, case and accents aside."}, {"--limit", "N", "Print at most N of them."}},
         {}, runWaiverList},
        {"waiver show", "Show a waiver: what is missed, why, what guards instead, who granted it, how long it holds.", {}, {waiver}, {}, {No}, runWaiverShow},
        {"waiver grant", "Grant a waiver by personal signature.", "Approvers and compliance officers, not whoever asked for it.", {waiver},
         {{"--text", "TEXT", "What goes with it."}}, {No}, runWaiverGrant},
        {"waiver decline", "Decline a waiver.", "Approvers and compliance officers, not whoever asked for it.", {waiver}, {text("Why.")}, {No}, runWaiverDecline},
        {"waiver end", "End a waiver before its day; what it held open is closed again.", "Whoever asked for it, approvers, compliance officers and validators.", {waiver},
         {text("Why.")}, {No}, runWaiverEnd},
    };
}

} // namespace countersign::cli
