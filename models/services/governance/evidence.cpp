#include "models/services/governance/evidence.h"

#include "models/base/text.h"
#include "models/services/governance/acting.h"
#include "models/services/governance/evidencerequests.h"
#include "models/services/governance/parts.h"
#include "models/store/queries/governance/evidence.h"
#include "models/store/queries/queries.h"

#include <algorithm>

namespace countersign::services {

namespace {

constexpr std::size_t kLongestReference = 2'000;
constexpr std::size_t kLongestRequirement = 200;

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

/// What every event about an item of evidence says, so that it can be read alone.
json::Object bodyOf(const ExhibitId &id, const ModelId &model, const std::optional<VersionId> &version, const std::string &title)
{
    json::Object body{{"evidence", id.text()}, {"model", model.text()}, {"title", store::textValue(title)}};
    if (version)
        body.set("version", version->text());
    return body;
}

Result<Exhibit> current(Session &session, const ExhibitId &id)
{
    store::ExhibitFilter filter;
    filter.idPrefix = id.text();
    return theOne(store::listExhibits(session.connection(), filter), id.text(), "evidence");
}

template<class Decide>
Result<Exhibit> act(Session &session, const ExhibitId &id, Decide decide)
{
    return actOn(session, [&id](Session &now) { return current(now, id); }, decide);
}

Status checkReference(const ExhibitRequest &request)
{
    if (request.file && !request.reference.empty())
        return invalid("Give a file, or a reference to what is kept elsewhere, not both.");
    if (!request.file && text::isBlank(request.reference))
        return invalid("Give the file, or a reference: words or a link that say where the evidence is.");
    if (request.reference.size() > kLongestReference || request.reference.find_first_of("\r\n") != std::string::npos)
        return invalid("A reference is one line of at most 2,000 bytes. The rest belongs into the note.");
    return {};
}

Status checkTimes(const ExhibitRequest &request)
{
    if (request.from && request.to && *request.to < *request.from)
        return invalid("The time that the evidence is about ends before it begins.");
    const auto &last = request.to ? request.to : request.from;
    if (request.expires && last && *request.expires <= *last)
        return invalid("The evidence would expire before the time that it is about has ended.");
    return {};
}

/// The requirement that the item is for: its own, or that of the request that it answers.
Result<std::string> requirementOf(Session &session, const ExhibitRequest &request)
{
    if (request.answers.isEmpty())
        return request.requirement;
    const auto asked = findEvidenceRequest(session, request.answers.text());
    if (!asked)
        return asked.error();
    if (!asked->isWaiting())
        return Error{ErrorKind::Conflict, asked->number() + " waits for nothing any more.", {}};
    if (asked->model != request.model || (asked->version && request.version && asked->version != request.version))
        return invalid(asked->number() + " asks for evidence on " + asked->modelName + (asked->versionLabel.empty() ? "" : " " + asked->versionLabel) + ".");
    if (!asked->requirement.empty() && !request.requirement.empty() && asked->requirement != request.requirement)
        return invalid(asked->number() + " asks for " + asked->requirement + ".");
    return request.requirement.empty() ? asked->requirement : request.requirement;
}

Status checkReplaced(Session &session, const ExhibitRequest &request)
{
    if (request.replaces.isEmpty())
        return {};
    const auto replaced = current(session, request.replaces);
    if (!replaced)
        return replaced.error();
    if (replaced->model != request.model)
        return invalid(replaced->number() + " is about another model, " + replaced->modelName + ".");
    if (replaced->state == ExhibitState::Withdrawn)
        return Error{ErrorKind::Conflict, replaced->number() + " was withdrawn; there is nothing to replace.", {}};
    if (replaced->isSuperseded())
        return Error{ErrorKind::Conflict, replaced->number() + " was replaced by " + replaced->replacedBy + " already. Replace that.", {}};
    return {};
}

} // namespace

Status checkRequirement(const std::string &requirement)
{
    const auto isPart = [](std::string_view part) {
        return !part.empty() && std::ranges::all_of(part, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        });
    };
    const std::string_view text = requirement;
    const auto slash = text.find('/');
    if (text.empty() || (text.size() <= kLongestRequirement && slash != std::string_view::npos && isPart(text.substr(0, slash)) && isPart(text.substr(slash + 1))))
        return {};
    return invalid("\"" + requirement + "\" names no requirement. Write the pack and its evidence, as in sr-26-2/validation-report.");
}

Result<ExhibitId> recordExhibit(Session &session, SignedJournal &journal, const ExhibitRequest &request)
{
    for (const Status &status : {checkTitle(request.title, "Evidence"), checkText(request.note), checkReference(request), checkRequirement(request.requirement), checkTimes(request)})
        if (!status)
            return status.error();
    if (const auto role = policy::mayAddEvidence(*session.person()); !role)
        return role.error();
    if (const auto status = checkSubject(session, request.model, request.version); !status)
        return status.error();
    if (const auto status = checkReplaced(session, request); !status)
        return status.error();
    const auto requirement = requirementOf(session, request);
    if (!requirement)
        return requirement.error();
    const auto id = ExhibitId::of(session.environment().randomness->uuid());
    json::Object body = bodyOf(id, request.model, request.version, request.title);
    const auto setText = [&body](const char *member, const std::string &text) {
        if (!text.empty())
            body.set(member, store::textValue(text));
    };
    const auto setTime = [&body](const char *member, const std::optional<Instant> &time) {
        if (time)
            body.set(member, store::timeValue(*time));
    };
    setText("note", request.note);
    setText("requirement", *requirement);
    setText("reference", request.reference);
    setTime("from", request.from);
    setTime("to", request.to);
    setTime("expires", request.expires);
    if (!request.replaces.isEmpty())
        body.set("replaces", request.replaces.text());
    if (!request.answers.isEmpty())
        body.set("answers", request.answers.text());
    std::optional<Digest> kept;
    if (request.file) {
        const auto digest = journal.journal->putEvidence(request.file->media, request.file->bytes);
        if (!digest)
            return digest.error();
        kept = *digest;
        setText("name", request.file->name);
        body.set("media", request.file->media);
        body.set("size", static_cast<std::int64_t>(request.file->bytes.size()));
    }
    if (const auto seq = journal.record({"evidence.add", std::move(body), kept, {}, {}}); !seq)
        return seq.error();
    return id;
}

Result<Exhibit> addExhibit(Session &session, const ExhibitRequest &request)
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto id = recordExhibit(session, *journal, request);
    if (!id)
        return id.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return current(session, *id);
}

Result<Exhibit> reviewExhibit(Session &session, const ExhibitId &id, bool isAccepted, const std::string &reason)
{
    return act(session, id, [&](const Exhibit &exhibit) -> Result<Draft> {
        if (const auto role = policy::mayReviewEvidence(*session.person(), exhibit, isAccepted, reason, session.now()); !role)
            return role.error();
        if (const auto status = checkText(reason); !status)
            return status.error();
        json::Object body = bodyOf(exhibit.id, exhibit.model, exhibit.version, exhibit.title);
        body.set("outcome", std::string(exhibitStateKey(isAccepted ? ExhibitState::Accepted : ExhibitState::Rejected)));
        if (!reason.empty())
            body.set("reason", store::textValue(reason));
        return Draft{"evidence.review", std::move(body), {}, {}, {}};
    });
}

Result<Exhibit> withdrawExhibit(Session &session, const ExhibitId &id, const std::string &reason)
{
    return act(session, id, [&](const Exhibit &exhibit) -> Result<Draft> {
        if (const auto role = policy::mayWithdrawEvidence(*session.person(), exhibit, reason); !role)
            return role.error();
        if (const auto status = checkText(reason); !status)
            return status.error();
        json::Object body = bodyOf(exhibit.id, exhibit.model, exhibit.version, exhibit.title);
        body.set("reason", store::textValue(reason));
        return Draft{"evidence.withdraw", std::move(body), {}, {}, {}};
    });
}

Result<Exhibit> findExhibit(Session &session, const std::string &text)
{
    const auto name = readRecordName(text, 'E', "x:", "evidence");
    if (!name)
        return name.error();
    store::ExhibitFilter filter;
    filter.no = name->no;
    filter.idPrefix = name->idPrefix;
    return theOne(store::listExhibits(session.connection(), filter), text, "evidence");
}

Result<policy::Completeness> evidenceCompleteness(Session &session, const VersionId &id, const policy::Pack &pack, std::optional<Stage> stage)
{
    auto &connection = session.connection();
    const auto version = store::findVersion(connection, id);
    const auto model = version ? store::findModel(connection, version->model) : Result<MlModel>(version.error());
    if (!model)
        return model.error();
    store::ExhibitFilter filter;
    filter.version = id;
    const auto exhibits = store::listExhibits(connection, filter);
    if (!exhibits)
        return exhibits.error();
    return policy::completeness(policy::evidenceRequirements(pack), *exhibits, {model->tier, stage.value_or(version->stage), session.now()});
}

Result<Bytes> exhibitBytes(Session &session, const Exhibit &exhibit)
{
    if (!exhibit.digest)
        return Error{ErrorKind::NotFound, exhibit.number() + " is a reference; no file is kept for it.", {}};
    auto evidence = session.ledger().evidence(*exhibit.digest);
    if (!evidence)
        return evidence.error().in(exhibit.number());
    return std::move(evidence->bytes);
}

} // namespace countersign::services
