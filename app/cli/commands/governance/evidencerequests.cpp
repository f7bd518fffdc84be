#include "models/services/governance/evidencerequests.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "models/base/text.h"
#include "models/store/queries/governance/evidence.h"

namespace countersign::cli {

namespace {

json::Object requestJson(const EvidenceRequest &request, Instant now)
{
    const auto orNull = [](const std::string &text) { return text.empty() ? json::Value() : json::Value(text); };
    json::Object object{{"answer", orNull(request.answer)}, {"asked", request.asked.text()}, {"askedName", request.askedName}, {"closedBy", orNull(request.closedByName)},
                        {"entry", request.entry}, {"id", request.id.text()}, {"model", request.model.text()}, {"modelName", request.modelName}, {"number", request.number()},
                        {"overdue", request.isOverdue(now)}, {"reason", request.reason}, {"requestedBy", request.requestedByName}, {"requirement", orNull(request.requirement)},
                        {"state", evidenceRequestStateKey(request.state)}, {"text", request.text}, {"version", request.version ? json::Value(request.version->text()) : json::Value()},
                        {"versionLabel", request.versionLabel}, {"waiting", request.isWaiting()}};
    setTime(object, "closedAt", request.closedAt);
    setTime(object, "due", request.due);
    setTime(object, "requestedAt", request.requestedAt);
    return object;
}

std::string stateText(const EvidenceRequest &request, Instant now)
{
    switch (request.state) {
    case EvidenceRequestState::Open: return request.isOverdue(now) ? "Waits, overdue" : "Waits";
    case EvidenceRequestState::Declined: return "Declined: " + request.reason;
    case EvidenceRequestState::Cancelled: return "Cancelled: " + request.reason;
    case EvidenceRequestState::Answered: break;
    }
    if (!request.isWaiting())
        return "Answered by " + request.answer;
    return "Waits again, " + request.answer + " was " + std::string(exhibitStateKey(*request.answerState)) + (request.isOverdue(now) ? ", overdue" : "");
}

Result<ExitCode> told(Context &context, const char *what, const Result<EvidenceRequest> &request)
{
    if (!request)
        return request.error();
    const Instant now = context.session().now();
    if (context.isJson())
        printJson(context, what, {{"request", requestJson(*request, now)}});
    else
        context.terminal().print(request->number() + " " + text::visible(request->text.empty() ? request->requirement : request->text) + "\n" + text::visible(stateText(*request, now)) + ".\n");
    return Done;
}

Result<ExitCode> close(Context &context, const char *what, Result<EvidenceRequest> (*closing)(services::Session &, const EvidenceRequestId &, const std::string &))
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto request = services::findEvidenceRequest(**session, context.line().argument(0));
    if (!request)
        return request.error();
    return told(context, what, closing(**session, request->id, context.line().valueOr("--reason", {})));
}

} // namespace

Result<ExitCode> runEvidenceRequest(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto asked = store::findPerson((*session)->connection(), line.valueOr("--ask", {}));
    if (!asked)
        return asked.error().in("--ask");
    services::EvidenceRequestDraft draft;
    draft.model = subject->model.id;
    if (subject->version)
        draft.version = subject->version->id;
    draft.asked = asked->id;
    draft.requirement = line.valueOr("--for", {});
    draft.text = line.valueOr("--text", {});
    if (const auto date = line.value("--due")) {
        const auto due = parseTime(*date);
        if (!due)
            return due.error().in("--due");
        draft.due = *due;
    }
    return told(context, "evidence.request", services::requestEvidence(**session, draft));
}

Result<ExitCode> runEvidenceRequests(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    store::EvidenceRequestFilter filter;
    filter.isWaiting = !line.has("--all");
    if (const auto status = narrow(context, filter); !status)
        return status.error();
    if (line.has("--mine")) {
        const auto person = context.whoAsks();
        if (!person)
            return person.error();
        filter.asked = person->id;
    }
    const auto requests = store::listEvidenceRequests((*session)->connection(), filter);
    if (!requests)
        return requests.error();
    const Instant now = (*session)->now();
    Listing listing(context, "evidenceRequests", {{"Request"}, {"State"}, {"Of"}, {"For"}, {"What"}, {"Asked"}, {"Due"}});
    for (const EvidenceRequest &request : *requests)
        listing.add({request.number(), stateText(request, now), request.modelName + (request.versionLabel.empty() ? "" : " " + request.versionLabel),
                     request.requirement.empty() ? "–" : request.requirement, request.text, request.askedName, request.due ? formatDate(*request.due) : "–"},
                    requestJson(request, now));
    return listing.finish(filter.isWaiting ? "No request for evidence waits." : "No evidence was asked for.");
}

Result<ExitCode> runEvidenceDecline(Context &context) { return close(context, "evidence.decline", services::declineEvidenceRequest); }
Result<ExitCode> runEvidenceCancel(Context &context) { return close(context, "evidence.cancel", services::cancelEvidenceRequest); }

} // namespace countersign::cli
