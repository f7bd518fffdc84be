#include "app/cli/verb.h"

#include "models/services/workspace/hints.h"

#include <algorithm>
#include <array>
#include <map>

namespace countersign::cli {

std::size_t Option::values() const
{
    return metavariable.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(metavariable, ' '));
}

std::span<const ExitMeaning> exitMeanings()
{
    static const std::array<ExitMeaning, 6> meanings{{
        {Done, "Done; the answer is yes."},
        {No, "The answer is no, or what was asked for is not in the workspace."},
        {Usage, "The command line, or a value or file given with it, breaks a rule."},
        {Integrity, "The record is not what it claims to be."},
        {Environment, "The surroundings did not do their part: no workspace or file, locked, no key, wrong passphrase, not allowed, or cancelled."},
        {Partial, "Imported, but some rows were rejected."},
    }};
    return meanings;
}

ExitCode exitCode(const Error &error, bool isOpen)
{
    switch (error.kind) {
    case ErrorKind::Invalid: return Usage;
    case ErrorKind::Tampered: return Integrity;
    case ErrorKind::NotFound: return isOpen ? No : Environment;
    case ErrorKind::Conflict:
    case ErrorKind::Denied:
    case ErrorKind::Io:
    case ErrorKind::Cancelled:
    case ErrorKind::Unsupported: break;
    }
    return Environment;
}

std::string helpAfter(const Error &error)
{
    using namespace services;
    static const std::map<std::string_view, std::string> sentences{
        {hint::kChoosePerson, "Say who you are with --as LOGIN; countersign-cli person list shows the logins."},
        {hint::kEnrolDevice, "Enrol it with: countersign-cli device enroll"},
        {hint::kMakeWorkspace, "Make one with: countersign-cli init"},
        {hint::kOtherLogin, "Give it with --login LOGIN."},
        {hint::kListKeys, "See: countersign-cli key list"},
        {hint::kListModels, "See: countersign-cli list models"},
        {hint::kListVersions, "See: countersign-cli list versions MODEL"},
        {hint::kListLimits, "See: countersign-cli rule list"},
        {hint::kListImports, "See: countersign-cli list imports"},
        {hint::kDecidePending, "See: countersign-cli pending list"},
        {hint::kAcceptState, "If this state is the right one, a backup that was restored on purpose, go on with it: countersign-cli ledger accept --reason TEXT"},
        {hint::kMoveVersion, "See what its gates ask: countersign-cli stage show MODEL/VERSION"},
        {hint::kAssessTier, "See the questions: countersign-cli tier ask MODEL"},
        {hint::kFreezeReview, "Freeze one with: countersign-cli review freeze MODEL/VERSION"},
    };
    const auto found = sentences.find(error.hint);
    return found == sentences.end() ? std::string() : found->second;
}

const std::vector<Option> &globalOptions()
{
    static const std::vector<Option> options{
        {"--workspace", "WORKSPACE", "The workspace: a file, or postgresql://USER@HOST/DATABASE. Otherwise COUNTERSIGN_WORKSPACE says which.", 'w'},
        {"--as", "PERSON", "Who does this: login, name or id. Otherwise COUNTERSIGN_PERSON, the person remembered for this workspace, or the only one there is."},
        {"--json", "", "Print one JSON document with a \"schema\" member instead of text."},
        {"--profile", "DIR", "Keep this person's settings and this computer's key below DIR."},
        {"--no-input", "", "Never ask; fail where something is missing."},
        {"--passphrase-file", "FILE", "Read the signing passphrase from the first line of FILE; \"-\" is standard input."},
        {"--password-file", "FILE", "Read the password of the PostgreSQL workspace from the first line of FILE."},
        {"--keep-password", "", "Keep the password that was given or typed in the system's keychain; later commands find it there."},
        {"--verbose", "", "Say on standard error what is being done.", 'v'},
        {"--help", "", "Show help and end.", 'h'},
        {"--version", "", "Show the version and end."},
    };
    return options;
}

const Verb *findVerb(std::string_view path)
{
    const auto found = std::ranges::find(verbs(), path, &Verb::path);
    return found == verbs().end() ? nullptr : &*found;
}

bool canLookBack(const Verb &verb)
{
    static constexpr std::array<std::string_view, 9> kPaths{"show", "report", "rule list", "review show", "changes list", "changes show", "person list", "metrics list", kAsOf};
    return verb.path.starts_with("list ") || std::ranges::find(kPaths, std::string_view(verb.path)) != kPaths.end();
}

} // namespace countersign::cli
