#include "app/cli/commands/commands.h"
#include "app/cli/commands/governance/governance.h"
#include "app/cli/options/metricoptions.h"
#include "app/cli/options/sqlsource.h"

namespace countersign::cli {

namespace {

const Argument kSubject{"MODEL[/VERSION]", "A model by name or id, and a version by label or alias; without one the current version."};
const Argument kAnySubject{"MODEL[/VERSION]", "Only of this model, or of this version of it.", true};
const Option kOfModel{"--model", "M", "Only of this model, by name or id.", 0, false, true};
const Option kOfVersion{"--version", "V", "Only of this version, by label or alias."};
const Option kLimit{"--limit", "N", "Print at most N of them."};
const Option kFilter{"--filter", "TEXT", "Only rows that contain TEXT, case and accents aside."};

const Argument kKeyOwner{"PERSON", "Login, name or id of whoever gets the key."};

std::vector<Option> enrolmentOptions()
{
    return {{"--identity", "TEXT", "How it was checked that this is that person, for the record: a document that was seen, who knows them."},
            {"--new-passphrase-file", "FILE", "Read that person's new passphrase from the first line of FILE."}};
}

std::vector<Option> ruleOptions(bool isNew)
{
    std::vector<Option> options{
        {"--at-least", "X", "Fail below X."},
        {"--at-most", "X", "Fail above X."},
        {"--within", "LO HI", "Fail below LO and above HI."},
        {"--watch", "W", "Watch from W on, before the limit; for --within the distance from either edge."},
        {"--min-n", "N", "With fewer cases than N there is not enough data to judge."},
        {"--attribute", "A", "Judge every group of attribute A instead of the overall value."},
        {"--on", "value|bound", "What is held against the limit: the value, or its confidence bound on that side."},
        {"--max-age", "DAYS", "A newest value older than DAYS is not enough data."},
        {"--severity", "S", "How much a breach weighs: low, medium, high or critical; otherwise medium."},
        {"--tier", "T", "Only models of tier T (1 to 3); several times for several.", 0, true},
        {"--model", "M", "Only model M."},
        {"--from", "DATE", isNew ? "In force from DATE; otherwise from the beginning." : "In force from DATE; otherwise from now."},
    };
    if (isNew)
        options.insert(options.begin(), {"--metric", "M", "The metric, as its source names it.", 0, false, true});
    return options;
}

std::vector<Verb> foundation()
{
    return {
        {"init", "Make a workspace and its first administrator.",
         "Asks for the administrator's new signing passphrase twice, or reads it from --passphrase-file. This computer's key is enrolled as well.",
         {{"FILE", "The file to make, or postgresql://…; otherwise --workspace says which.", true}},
         {{"--admin", "NAME", "The administrator's name, as printed beside signatures.", 0, false, true},
          {"--login", "LOGIN", "Their short name; otherwise made from the name."},
          {"--role", "ROLE", "A role they hold; otherwise administrator and complianceOfficer.", 0, true},
          {"--name", "WORKSPACE_NAME", "The workspace's name; otherwise the file's."}},
         {}, runInit},
        {"sample", "Make the sample portfolio, to look around in.", "Fictional models and people; everybody's signing passphrase is \"sample passphrase\".",
         {{"FILE", "The file to make."}}, {{"--tampered", "", "With one stored value changed behind the record's back, to try verify on."}}, {}, runSample},
        {"person add", "Add a person, with a signing key of their own.",
         "An administrator signs. The new person's passphrase is typed twice, or read from --new-passphrase-file; without either the key is enrolled later.",
         {{"NAME", "The name, as printed beside signatures."}},
         {{"--role", "ROLE", "A role they hold: owner, developer, validator, complianceOfficer, approver, itOperator, modelUser, auditor, administrator.", 0, true, true},
          {"--login", "LOGIN", "Their short name; otherwise made from the name."},
          {"--identity", "TEXT", "How it was checked that this is that person, for the record."},
          {"--new-passphrase-file", "FILE", "Read the new person's passphrase from the first line of FILE."}},
         {}, runPersonAdd},
        {"person list", "List the people of the workspace.", {}, {}, {kFilter, kLimit}, {}, runPersonList},
        {"person key", "Enrol a signing key for a person who has none; the same as key enroll.", {}, {kKeyOwner}, enrolmentOptions(), {No}, runKeyEnroll},
        {"device enroll", "Enrol this computer's key, which signs imports and checkpoints.", "Done once for a workspace; other commands do it when it is missing.", {}, {}, {}, runDeviceEnroll},
        {"paths", "Tell where this person's settings, keys and state are.", {}, {}, {}, {}, runPaths},
    };
}

std::vector<Verb> keyVerbs()
{
    const Option newPassphrase{"--new-passphrase-file", "FILE", "Read your new passphrase from the first line of FILE."};
    return {
        {"key list", "List the keys that sign here, and what became of the others.", "With a name or a key: all that is known of it, and the eight words that its owner reads out.",
         {{"PERSON|KEY", "Login, name or id of a person, or a beginning of a key's fingerprint.", true}}, {kFilter, kLimit}, {No}, runKeyList},
        {"key enroll", "Enrol a signing key for a person who has none.",
         "An administrator signs. Where the signing policy asks for it and two administrators have keys, the key awaits confirmation by another one.",
         {kKeyOwner}, enrolmentOptions(), {No}, runKeyEnroll},
        {"key confirm", "Confirm a key that another administrator proposed.", "Its owner reads out the eight words of the key; only when they are those of the record is it confirmed.",
         {{"PERSON|KEY", "Whose key awaits confirmation, or a beginning of its fingerprint."}},
         {{"--words", "WORDS", "The eight words as the owner read them out.", 0, false, true},
          {"--identity", "TEXT", "How they were compared, for the record: on the telephone, face to face.", 0, false, true}},
         {No}, runKeyConfirm},
        {"key rotate", "Put a new key under a new passphrase in the place of yours.", "The old key signs for the new one, and ends with that.", {}, {newPassphrase}, {}, runKeyRotate},
        {"key revoke", "End a key, or all keys of a person.",
         "Owners end their own, administrators any. What the key signed from the place given until now is shown as disputed, what it signs later is invalid.",
         {{"KEY", "A beginning of its fingerprint.", true}},
         {{"--person", "PERSON", "Whose keys shall all end."},
          {"--reason", "TEXT", "Why: lost, copied, its owner left.", 0, false, true},
          {"--from-entry", "N", "The first entry that its owner cannot vouch for; otherwise from now on."},
          {"--since", "TIME", "The same as a time: the first entry recorded then or later."}},
         {No}, runKeyRevoke},
        {"key unlock-test", "Open your signing key and try it, without signing anything.", {}, {}, {}, {}, runKeyUnlockTest},
        {"key carry", "Let your key be taken to another computer.",
         "Where there is a keychain, a key opens only on the computer that it was bound to. This keeps a copy for a day that opens with your passphrase and eight words.", {}, {}, {}, runKeyCarry},
        {"key fetch", "Take your key to this computer, with the words that key carry showed on the other one.", {}, {},
         {{"--words-file", "FILE", "Read the words from the first line of FILE."}}, {No}, runKeyFetch},
        {"key policy", "Tell how people sign here, or change it.", "An administrator signs a change.", {},
         {{"--confirm", "yes|no", "Whether a second administrator confirms new keys, where there are two."},
          {"--cosigners", "N", "How many other persons' programs shall sign a checkpoint, 0 to 60."},
          {"--series", "MINUTES", "One passphrase for signatures within 1 to 10 minutes; 0 for one each."}},
         {}, runKeyPolicy},
    };
}

std::vector<Verb> importVerbs()
{
    const Option preview{"--preview", "", "Say what would be new, changed or clashing; write nothing of it."};
    return {
        {"import mlflow", "Import models, versions, runs and metrics from MLflow.", "The source is only read. The same source again adds what is new.",
         {{"SOURCE", "http(s)://… of a server, postgresql://… or a file of a backend database, or an mlruns folder."}},
         {{"--user", "U", "The user for a server that asks for one."},
          {"--token-file", "F", "Read a bearer token for the server from the first line of F."},
          {"--source-password-file", "F", "Read the password for the source from the first line of F."},
          preview},
         {}, runImportMlflow},
        {"import metrics", "Import metrics from a CSV or JSON lines file.",
         "Columns: model, version, metric, value, window_start and window_end, and where there are any slice, n, lower, upper, step.",
         {{"FILE", "The file."}}, {preview, {"--rejected", "FILE.csv", "Write rejected rows with row, line, column and reason to FILE.csv."}}, {Partial}, runImportMetrics},
        {"import undo", "Take an import back.", "Refused once something signed rests on it.", {{"ID", "The import: I-3, or its id."}},
         {{"--reason", "TEXT", "Why, for the record."}}, {No}, runImportUndo},
    };
}

/// Of what is computed, what becomes of it.
std::vector<Option> importOptions()
{
    std::vector<Option> options{
        {"--model", "M", "The model that decided, by name or id.", 0, false, true},
        {"--version", "V", "Its version, by label.", 0, false, true},
        {"--preview", "", "Say what would be new, changed or clashing; write nothing of it."},
        {"--note", "TEXT", "A note for the record."},
        {"--period", "FROM TO", "The time that a log without times is about; otherwise now."},
        {"--series", "METRIC", "Only this metric becomes a series; several times for several. All are in the evidence.", 0, true},
        {"--series-depth", "N", "Groups of up to N columns become series; otherwise 1, with 0 everybody alone."},
        {"--no-scores", "", "Do not keep what moves a threshold later without the log."},
        {"--keep-table", "", "Keep score, groups, time, label and decision of every row on this computer, so that What If is exact later without the log."}};
    for (const Option &option : metricOptions())
        options.push_back(option);
    return options;
}

std::vector<Option> sqlFigureOptions()
{
    std::vector<Option> options = sqlOptions();
    options.push_back({"--csv", "", "Print comma-separated values; otherwise tables for people."});
    return options;
}

std::vector<Verb> metricVerbs()
{
    std::vector<Option> compute = metricOptions();
    compute.push_back({"--csv", "", "Print comma-separated values."});
    compute.push_back({"--table", "", "Print tables for people; this is the default."});
    std::vector<Option> whatIf = whatIfOptions();
    whatIf.insert(whatIf.end(), compute.end() - 2, compute.end());
    std::vector<Option> drift = driftOptions();
    drift.insert(drift.end(), compute.end() - 2, compute.end());
    compute.push_back({"--curves", "FILE.csv", "Write ROC, precision-recall and calibration curves and rates along the threshold, by group, to FILE.csv."});
    return {
        {"metrics compute", "Compute performance and fairness from a prediction log.",
         "Needs no workspace. What the columns mean is found where options do not say it, and told.",
         {{"LOG", "The log: CSV or JSON lines, plain, gzip or zstd, or Parquet; \"-\" is standard input."}}, compute, {Partial}, runMetricsCompute},
        {"metrics drift", "Compute how far the columns of a prediction log have moved.",
         "Needs no workspace. Every column by window, against another log or windows of the same one; exact, but see --bounded. Ranked by PSI.",
         {{"LOG", "The log, as for metrics compute."}}, drift, {Partial}, runMetricsDrift},
        {"metrics import", "Compute figures from a prediction log and record them.",
         "The whole set becomes evidence, its figures become series that limits judge. A model or version that is new is registered. The same set again adds nothing.",
         {{"LOG", "The log, as for metrics compute."}}, importOptions(), {Partial}, runMetricsImport},
        {"metrics recompute", "Compute recorded figures again from their log, and compare.",
         "Equal, or what differs, the most important first. Another file than the one on record is refused.", {{"ID", "The import that brought them: I-41, or its id."}},
         {{"--log", "FILE", "The log.", 0, false, true},
          {"--reference", "FILE", "The log that drift was computed against."},
          {"--any-log", "", "Compute from another file all the same."},
          {"--bounded", "", "Keep memory small, where the recorded figures are exact."},
          {"--record", "", "Put into the record what came out."}},
         {No, Integrity}, runMetricsRecompute},
        {"metrics sql", "Compute figures of rows that stay in their database.",
         "The database groups equal rows and counts them; what differs travels. Equal to metrics compute on the same rows. Only reads.", {},
         sqlFigureOptions(), {Partial}, runMetricsSql},
        {"metrics list", "List recorded figures, newest first.", {}, {}, {kOfModel, kOfVersion, kFilter, kLimit}, {No}, runMetricsList},
        {"metrics whatif", "Find other thresholds and compare all figures before and after.",
         "One threshold or one for each group, the best under a constraint, or those that are named. Changes nothing.",
         {{"LOG", "The log, as for metrics compute."}}, whatIf, {No, Partial}, runMetricsWhatIf},
    };
}

std::vector<Verb> databaseVerbs()
{
    return {
        {"db provision", "Write the SQL that separates duties in a PostgreSQL workspace, or run it.",
         "Makes a role that owns the workspace and cannot log in, a role for the people, and a login for each person, from which alone events in their name are taken. "
         "Run again when people came. Passwords are set by the administrator of the server.",
         {},
         {{"--output", "FILE", "Write the script to FILE; otherwise it is printed.", 'o'},
          {"--force", "", "Replace FILE where it exists."},
          {"--run", "", "Run it now, as a superuser or as who owns the workspace and may make roles."},
          {"--person", "PERSON", "Only for this person, by login, name or id.", 0, true},
          {"--login", "PERSON=LOGIN", "The database login of a person; otherwise as their login here.", 0, true},
          {"--owner", "ROLE", "The role that owns; otherwise countersign_owner."},
          {"--member", "ROLE", "The role of the people; otherwise countersign_user."},
          {"--passwords", "FILE", "Make passwords for these people and write them to FILE, for you alone to read; the script holds what checks them."}},
         {}, runDbProvision},
        {"db status", "Say what the database of the workspace does for the record, and what not.",
         "Schema and guards, duties and logins, durability, encryption.", {}, {}, {No}, runDbStatus},
    };
}

std::vector<Verb> lists()
{
    return {
        {"list models", "List the models.", {}, {},
         {{"--filter", "TEXT", "Words in name or owner, and tier:1 stage:inUse verdict:fail,watch owner:NAME signed:stale; all must hold."}, kLimit}, {}, runListModels},
        {"list versions", "List versions with their verdicts.", {}, {{"MODEL", "Only of this model.", true}}, {kFilter, kLimit}, {No}, runListVersions},
        {"list metrics", "List the metrics of a version with their newest values.", {}, {kSubject}, {{"--history", "", "Every value instead of the newest of each."}, kFilter, kLimit}, {No}, runListMetrics},
        {"list signoffs", "List signatures, newest first.", {}, {kAnySubject}, {kFilter, kLimit}, {No}, runListSignOffs},
        {"list events", "List the audit trail, newest first.", {}, {}, {kFilter, kLimit}, {}, runListEvents},
        {"list imports", "List imports, newest first.", {}, {}, {kFilter, kLimit}, {}, runListImports},
        {"list reports", "List reports, newest first.", {}, {}, {kFilter, kLimit}, {}, runListReports},
        {"list rules", "List the limits in force.", {}, {}, {{"--all", "", "Earlier revisions and retired limits too."}, kFilter, kLimit}, {}, runListRules},
    };
}

std::vector<Verb> work()
{
    return {
        {"show", "Show what is recorded of a model and a version, with verdict and signatures.", {}, {kSubject}, {}, {No}, runShow},
        {kAsOf, "Show the workspace as it was: what follows is judged as of then.",
         "The ledger is replayed up to there and its signatures are checked; nothing is written. COMMAND is list …, show, report, rule list, review show, changes list, changes "
         "show, person list or metrics list, with its own arguments and options. A report names the state on its first page and carries the proof of it. --workspace may also "
         "name the file of a ledger export: then no database is needed.",
         {{"TIME|SIZE", "A moment with its zone (2026-12-01T03:00Z): up to the last entry that is not later. A date: the end of that day here. Or a number of entries, 1 to all of them."},
          {"COMMAND…", "What to show: asof 2026-11-30 list models."}},
         {}, {No, Integrity}, nullptr},
        {"set", "Set facts of a model, or the stage of a version.", {}, {kSubject},
         {{"--tier", "N", "1 (highest risk) to 3, or none."},
          {"--stage", "S", "Stage of the version: proposed, development, validation, approved, inUse, restricted, retired."},
          {"--owner", "O", "The owner."},
          {"--purpose", "P", "What the model is for."},
          {"--use-case", "U", "The use case it belongs to."}},
         {No}, runSet},
        {"rule add", "Set a new limit on a metric.", "Prints the id of the limit.", {}, ruleOptions(true), {No}, runRuleAdd},
        {"rule change", "Change a limit; what is left out stays.", {}, {{"ID", "The limit, or a beginning of its id."}}, ruleOptions(false), {No}, runRuleChange},
        {"rule retire", "Retire a limit; its history stays.", {}, {{"ID", "The limit, or a beginning of its id."}}, {}, {No}, runRuleRetire},
        {"rule list", "List the limits in force.", {}, {}, {{"--all", "", "Earlier revisions and retired limits too."}, kFilter, kLimit}, {}, runListRules},
        {"review freeze", "Freeze a version for review.", "Prints the id of the frozen bundle, which is what gets signed.", {kSubject}, {}, {No}, runReviewFreeze},
        {"review show", "Show what was frozen.", {}, {{"BUNDLE", "The bundle, or a beginning of its id."}}, {}, {No, Integrity}, runReviewShow},
        {"sign", "Sign a frozen review.", "Shows the sentence that is signed and asks for the passphrase. Prints the receipt.", {{"BUNDLE", "The bundle, or a beginning of its id."}},
         {{"--decision", "DECISION", "approve or reject.", 0, false, true},
          {"--meaning", "TEXT", "What the signature means; otherwise the usual words of the role."},
          {"--comment", "TEXT", "A comment; a rejection needs one."},
          {"--role", "R", "In which role; otherwise the most fitting one."},
          {"--receipt", "FILE.countersign", "Write the receipt as a proof that countersign-verify checks without the workspace."},
          {"--force", "", "Replace an existing file."}},
         {No, Integrity}, runSign},
        {"signoff rendering", "Write what a signer had before their eyes: the pages as a PDF, or the text of a terminal.",
         "Kept with the signature and named in it. It shows what the signer's program says that it showed; what was signed is the frozen review.",
         {{"SIGNOFF", "Its ledger number, its id, or a beginning of the id."}}, {{"--output", "FILE", "The file to write.", 'o', false, true}, {"--force", "", "Replace an existing file."}},
         {No, Integrity}, runSignOffRendering},
        {"signoff withdraw", "Take your signature back, by a new signature of your own.", "What was signed stays in the record and counts no more.",
         {{"SIGNOFF", "Its ledger number, its id, or a beginning of the id."}}, {{"--reason", "TEXT", "Why, for the record.", 0, false, true}}, {No}, runSignOffWithdraw},
        {"pending list", "List signatures that were made on this computer and of which it is not known that they were recorded.",
         "Each is looked up in the ledger by its id. One that is found there is no longer pending.", {}, {}, {Integrity}, runPendingList},
        {"pending submit", "Record a pending signature: the same bytes under the same id; nothing is signed again.", {}, {{"ID", "The signature, or a beginning of its id."}}, {}, {No, Integrity},
         runPendingSubmit},
        {"pending discard", "Discard a pending signature, for the record.", {}, {{"ID", "The signature, or a beginning of its id."}},
         {{"--reason", "TEXT", "Why, for the record.", 0, false, true}}, {No, Integrity}, runPendingDiscard},
        {"changes list", "List change requests, newest first.", {}, {}, {kOfModel, kOfVersion, kFilter, kLimit}, {No}, runChangesList},
        {"changes show", "Show a change request with its figures before and after.", {}, {{"ID", "The request, or a beginning of its id."}}, {}, {No, Integrity}, runChangesShow},
        {"changes withdraw", "Withdraw a change request.", {}, {{"ID", "The request, or a beginning of its id."}}, {{"--reason", "TEXT", "Why, for the record.", 0, false, true}}, {No}, runChangesWithdraw},
        {"report", "Issue the audit report of a version as a PDF.", "Its facts go into the ledger; facts and proof are attached to the PDF. Needs no display.", {kSubject},
         {{"--output", "FILE.pdf", "The file to write.", 'o', false, true}, {"--force", "", "Replace an existing file."}}, {No}, runReport, true},
        {"checkpoint", "Sign the present state of the ledger and print it, to be kept elsewhere.", {}, {}, {}, {Integrity}, runCheckpoint},
        {"ledger checkpoint", "Sign the present state of the ledger and print it; the same as checkpoint.", {}, {}, {}, {Integrity}, runCheckpoint},
        {"ledger cosign", "Co-sign the newest checkpoint that is kept, as this computer, and print it.",
         "Only after the ledger was found to continue what this computer remembers. Computers of several persons that do so are each other's witnesses.", {}, {}, {No, Integrity}, runLedgerCosign},
        {"ledger export", "Write the whole ledger into one file, for safekeeping or for an auditor.",
         "Every entry, all evidence and the checkpoints that are kept. countersign-verify checks it without this program or the database.",
         {{"FILE.ledger", "The file to write."}}, {{"--force", "", "Replace an existing file."}}, {Integrity}, runLedgerExport},
        {"ledger prove", "Write the proof that an entry stands in the ledger.",
         "The entry with its evidence, what its signer's key rests on, and the path to a checkpoint that is signed now.",
         {{"EVENT", "The entry's number, or the id of its event."}},
         {{"--output", "FILE.countersign", "The file to write.", 'o', false, true}, {"--force", "", "Replace an existing file."}}, {No, Integrity}, runLedgerProve},
        {"ledger consistency", "Write the proof that the ledger continues a checkpoint that was kept outside.",
         "Fails when it does not: entries were cut off, or one of the two shows another history.", {{"CHECKPOINT", "The file of the checkpoint."}},
         {{"--output", "FILE.countersign", "The file to write.", 'o', false, true}, {"--force", "", "Replace an existing file."}}, {Integrity}, runLedgerConsistency},
        {"ledger accept", "Go on with a ledger that does not continue what this computer remembers.",
         "For a backup that was restored on purpose, or another workspace that was moved to this place. What was found and why it is right are recorded; both states stay as evidence.", {},
         {{"--reason", "TEXT", "Why this state is the right one, for the record.", 0, false, true}}, {Integrity}, runLedgerAccept},
        {"selftest", "Run published test vectors through the code that judges a ledger.",
         "sig: C2SP CCTV and Wycheproof for Ed25519. merkle: the proofs of transparency-dev. jcs: folders input and output for RFC 8785. note: signed checkpoints.",
         {{"TEST", "sig, merkle, jcs or note."}, {"DIR", "The folder of the vectors."}},
         {{"--key", "KEY", "For note: a key that may have signed the checkpoints, name+hash+key.", 0, true}}, {Integrity}, runSelfTest},
        {"json-check", "Say whether a file is JSON as this program reads it: strictly, and within limits.", {}, {{"FILE", "The file."}},
         {{"--restricted", "", "The restricted form that events are signed in."}}, {No}, runJsonCheck},
        {"text-check", "Say whether the lines of a file may stand in a signed event as they are.", {}, {{"FILE", "The file."}}, {}, {No}, runTextCheck},
        {"db rebuild", "Make the tables anew from the ledger, after a verification found them changed.",
         "First records what was found, signed by this computer. On PostgreSQL by a member of the schema's owner.", {}, {}, {Integrity}, runDbRebuild},
        {"verify", "Check every entry, signature and table row of the workspace.",
         "Replays the ledger and compares. Names the table, the row and both values where a row was changed, and the first entry that is wrong.", {},
         {{"--since", "CHECKPOINT", "Compare with a checkpoint that was kept outside: the file of a note, a proof or a report. Says who signed and co-signed it."},
          {"--checkpoint", "FILE", "The same as --since."}}, {Integrity}, runVerify},
    };
}

} // namespace

const std::vector<Verb> &verbs()
{
    static const std::vector<Verb> all = [] {
        std::vector<Verb> table;
        for (auto &&part : {foundation(), keyVerbs(), importVerbs(), metricVerbs(), lists(), databaseVerbs(), work(), governanceVerbs(), evidenceVerbs(), lifeVerbs()})
            table.insert(table.end(), part.begin(), part.end());
        return table;
    }();
    return all;
}

} // namespace countersign::cli
