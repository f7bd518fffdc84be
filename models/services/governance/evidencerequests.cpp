#include "models/services/governance/evidencerequests.h"

#include "models/base/text.h"
#include "models/policy/evidence.h"
#include "models/services/governance/acting.h"
#include "models/services/governance/evidence.h"
#include "models/services/governance/parts.h"
#include "models/store/queries/governance/evidence.h"
#include "models/store/queries/queries.h"

namespace countersign::services {

namespace {

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

Result<EvidenceRequest> current(Session &session, const EvidenceRequestId &id)
{
    store::EvidenceRequestFilter filter;
    filter.idPrefix = id.text();
    return theOne(store::listEvidenceRequests(session.connection(), filter), id.text(), "evidence request");
}

/// What every event about a request says, so that it can be read alone.
json::Object bodyOf(const EvidenceRequestId &id, const ModelId &model, const std::optional<VersionId> &version)
{
    json::Object body{{"evidence", id.text()}, {"model", model.text()}};
    if (version)
        body.set("version", version->text());
    return body;
}

Result<EvidenceRequest> close(Session &session, const EvidenceRequestId &id, const std::string &kind, const std::string &reason,
                              Status (*may)(const Person &, const EvidenceRequest &, const std::string &))
{
    return actOn(session, [&id](Session &now) { return current(now, id); }, [&](const EvidenceRequest &request) -> Result<Draft> {
        if (const auto status = may(*session.person(), request, reason); !status)
            return status.error();
        if (const auto status = checkText(reason); !status)
            return status.error();
        json::Object body = bodyOf(request.id, request.model, request.version);
        body.set("reason", store::textValue(reason));
        return Draft{kind, std::move(body), {}, {}, {}};
    });
}

/// Whoever is asked can answer.
Status checkAsked(Session &session, const PersonId &id)
{
    const auto asked = store::findPerson(session.connection(), id.text());
    if (!asked)
        return asked.error();
    const auto role = policy::mayAddEvidence(*asked);
    return role ? Status() : Status(invalid(asked->name + " can add no evidence. " + role.error().message));
}

} // namespace

Result<EvidenceRequest> requestEvidence(Session &session, const EvidenceRequestDraft &draft)
{
    if (text::isBlank(draft.text) && draft.requirement.empty())
        return invalid("Say what is asked for, or name the requirement that it shall meet.");
    for (const Status &status : {checkText(draft.text), checkRequirement(draft.requirement)})
        if (!status)
            return status.error();
    if (draft.due && *draft.due <= session.now())
        return invalid("The evidence would be due in the past. Give a day to come, or none.");
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::mayRequestEvidence(*session.person()); !role)
        return role.error();
    if (const auto status = checkSubject(session, draft.model, draft.version); !status)
        return status.error();
    if (const auto status = checkAsked(session, draft.asked); !status)
        return status.error();
    const auto id = EvidenceRequestId::of(session.environment().randomness->uuid());
    json::Object body = bodyOf(id, draft.model, draft.version);
    body.set("person", draft.asked.text());
    if (!draft.requirement.empty())
        body.set("requirement", store::textValue(draft.requirement));
    if (!draft.text.empty())
        body.set("text", store::textValue(draft.text));
    if (draft.due)
        body.set("due", store::timeValue(*draft.due));
    if (const auto seq = journal->record({"evidence.request", std::move(body), {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return current(session, id);
}

Result<EvidenceRequest> declineEvidenceRequest(Session &session, const EvidenceRequestId &id, const std::string &reason)
{
    return close(session, id, "evidence.decline", reason, policy::mayDeclineRequest);
}

Result<EvidenceRequest> cancelEvidenceRequest(Session &session, const EvidenceRequestId &id, const std::string &reason)
{
    return close(session, id, "evidence.cancel", reason, policy::mayCancelRequest);
}

Result<EvidenceRequest> findEvidenceRequest(Session &session, const std::string &text)
{
    const auto name = readRecordName(text, "ER", "y:", "evidence request");
    if (!name)
        return name.error();
    store::EvidenceRequestFilter filter;
    filter.no = name->no;
    filter.idPrefix = name->idPrefix;
    return theOne(store::listEvidenceRequests(session.connection(), filter), text, "evidence request");
}

} // namespace countersign::services
