#include "models/services/review/pending.h"
#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/text/columns.h"

namespace countersign::cli {

namespace {

const char *stateWord(services::PendingState state)
{
    switch (state) {
    case services::PendingState::Recorded:
        return "recorded";
    case services::PendingState::OtherBytes:
        return "otherBytes";
    case services::PendingState::Undecided:
        return "undecided";
    case services::PendingState::Overtaken:
        return "overtaken";
    }
    return "";
}

/// The one that a beginning of its id names.
Result<std::string> pendingId(services::Session &session, const std::string &text)
{
    const auto findings = services::resolvePending(session);
    if (!findings)
        return findings.error();
    std::vector<std::string> fitting;
    for (const auto &finding : *findings)
        if (finding.state == services::PendingState::Undecided && !text.empty() &&
            finding.signature.id.starts_with(text))
            fitting.push_back(finding.signature.id);
    if (fitting.size() == 1)
        return fitting.front();
    return Error{fitting.empty() ? ErrorKind::NotFound : ErrorKind::Invalid,
                 fitting.empty() ? "No signature \"" + text + "\" waits to be decided on this computer."
                                 : "Several pending signatures begin with \"" + text + "\". Write more of the id.",
                 {}};
}

} // namespace

Result<ExitCode> runPendingList(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto findings = services::resolvePending(**session);
    if (!findings)
        return findings.error();
    bool isAlarm = false;
    json::Array items;
    for (const auto &finding : *findings) {
        isAlarm = isAlarm || finding.state == services::PendingState::OtherBytes;
        const auto &signature = finding.signature;
        items.emplace_back(json::Object{{"entry", finding.entry ? json::Value(*finding.entry) : json::Value()},
                                        {"id", signature.id},
                                        {"name", signature.name},
                                        {"person", signature.person.text()},
                                        {"sentence", signature.sentence},
                                        {"signedAt", formatUtc(signature.signedAt)},
                                        {"state", stateWord(finding.state)},
                                        {"what", finding.sentence}});
        if (!context.isJson())
            context.terminal().print(
                factLines({{"Id", signature.id}, {"Signed", signature.sentence}, {"State", finding.sentence}}) + "\n");
    }
    if (context.isJson())
        printJson(context, "pending.list", {{"pending", std::move(items)}});
    else if (findings->empty())
        context.terminal().print("No signature is pending on this computer.\n");
    return isAlarm ? Integrity : Done;
}

Result<ExitCode> runPendingSubmit(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto id = pendingId(**session, context.line().argument(0));
    if (!id)
        return id.error();
    const auto receipt = services::submitPending(**session, *id);
    if (!receipt)
        return receipt.error();
    if (context.isJson())
        printJson(context, "pending.submit",
                  {{"entry", receipt->entry},
                   {"id", *id},
                   {"leaf", receipt->leaf.text()},
                   {"sentence", receipt->sentence},
                   {"signedAt", formatUtc(receipt->signedAt)}});
    else
        context.terminal().print("Recorded as entry " + std::to_string(receipt->entry) + ": " + receipt->sentence +
                                 "\n");
    return Done;
}

Result<ExitCode> runPendingDiscard(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto id = pendingId(**session, context.line().argument(0));
    if (!id)
        return id.error();
    if (const auto status = services::discardPending(**session, *id, context.line().valueOr("--reason", {})); !status)
        return status.error();
    if (context.isJson())
        printJson(context, "pending.discard", {{"id", *id}});
    else
        context.terminal().print("Discarded; the record says so.\n");
    return Done;
}

} // namespace countersign::cli
