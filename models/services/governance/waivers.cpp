#include "models/services/governance/waivers.h"

#include "models/policy/evaluator.h"
#include "models/services/governance/findings.h"
#include "models/policy/evidence.h"
#include "models/services/governance/packs.h"
#include "models/services/governance/parts.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/evidence.h"
#include "models/store/queries/governance/findings.h"
#include "models/store/queries/governance/waivers.h"
#include "models/store/queries/queries.h"

#include <algorithm>

namespace countersign::services {

namespace {

Error conflict(std::string message) { return {ErrorKind::Conflict, std::move(message), {}}; }

Result<Waiver> current(Session &session, const WaiverId &id)
{
    store::WaiverFilter filter;
    filter.idPrefix = id.text();
    return theOne(store::listWaivers(session.connection(), filter), id.text(), "waiver");
}

/// What every event about a waiver says, so that it can be read alone.
json::Object bodyOf(const Waiver &waiver, const std::string &reason)
{
    json::Object body{{"model", waiver.model.text()}, {"version", waiver.version.text()}, {"waiver", waiver.id.text()}};
    if (!reason.empty())
        body.set("reason", store::textValue(reason));
    return body;
}

/// What it is about, looked at again: a limit that was changed or is met, or a finding that was closed, needs no waiver.
Status stillMissed(Session &session, const Waiver &waiver)
{
    const auto &asked = waiver.requirement;
    const auto now = asked.kind == WaivedRequirement::Kind::Limit      ? missedLimit(session, waiver.version, RuleId::of(asked.id), asked.slice)
                     : asked.kind == WaivedRequirement::Kind::Evidence ? missedEvidence(session, waiver.version, asked.id)
                                                                       : missedFinding(session, waiver.version, FindingId::of(asked.id));
    if (!now)
        return conflict("There is nothing to be waived any more. " + now.error().message);
    if (now->revision != asked.revision)
        return conflict("The limit was changed since the waiver was asked for. Ask for a new one.");
    return {};
}

/// A limit of a pack that has nothing to look at, which a gate does not pass either.
Result<WaivedRequirement> unlookedLimit(Session &session, const VersionId &id, const RuleId &rule, const Error &otherwise)
{
    const auto version = store::findVersion(session.connection(), id);
    const auto model = version ? store::findModel(session.connection(), version->model) : Result<MlModel>(version.error());
    const auto rules = store::listRules(session.connection(), false);
    if (!model || !rules)
        return model ? rules.error() : model.error();
    std::vector<Rule> revisions;
    std::ranges::copy_if(*rules, std::back_inserter(revisions), [&](const Rule &one) { return one.id == rule; });
    const Rule *inForce = policy::inForce(revisions, session.now());
    if (!inForce || !inForce->origin || !policy::appliesTo(*inForce, *model))
        return otherwise;
    return WaivedRequirement{WaivedRequirement::Kind::Limit, rule.text(), inForce->revision, {}, "The limit has nothing to look at: " + policy::sentence(*inForce) + "."};
}

Result<Waiver> close(Session &session, const WaiverId &id, const char *kind, const std::string &reason, const std::string &wanted,
                     Result<Role> (*may)(const Person &, const Waiver &, Instant))
{
    if (const auto status = checkReason(reason, wanted); !status)
        return status.error();
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto waiver = current(session, id);
    if (!waiver)
        return waiver.error();
    if (const auto role = may(*session.person(), *waiver, session.now()); !role)
        return role.error();
    if (const auto seq = journal->record({kind, bodyOf(*waiver, reason), {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return current(session, id);
}

} // namespace

Result<WaivedRequirement> missedLimit(Session &session, const VersionId &version, const RuleId &rule, const Slice &slice)
{
    const auto breach = breachOf(session, version, rule, slice);
    if (!breach && breach.error().kind == ErrorKind::NotFound && slice.isOverall())
        return unlookedLimit(session, version, rule, breach.error());
    if (!breach)
        return breach.error();
    return WaivedRequirement{WaivedRequirement::Kind::Limit, rule.text(), breach->ruleRevision, slice, breach->sentence};
}

Result<WaivedRequirement> missedFinding(Session &session, const VersionId &version, const FindingId &id)
{
    store::FindingFilter filter;
    filter.idPrefix = id.text();
    const auto finding = theOne(store::listFindings(session.connection(), filter), id.text(), "finding");
    const auto subject = store::findVersion(session.connection(), version);
    if (!finding || !subject)
        return finding ? subject.error() : finding.error();
    if (!finding->isOpen())
        return conflict(finding->number() + " is closed.");
    if (finding->model != subject->model || (finding->version && *finding->version != version))
        return conflict(finding->number() + " is about another " + (finding->model == subject->model ? "version." : "model."));
    return WaivedRequirement{WaivedRequirement::Kind::Finding, id.text(), 0, {}, finding->number() + " is open: " + finding->title};
}

Result<WaivedRequirement> missedEvidence(Session &session, const VersionId &id, const std::string &requirement)
{
    const auto version = store::findVersion(session.connection(), id);
    const auto model = version ? store::findModel(session.connection(), version->model) : Result<MlModel>(version.error());
    const auto packs = model ? packsOf(session, *model) : Result<std::vector<policy::Pack>>(model.error());
    store::ExhibitFilter about;
    about.version = id;
    const auto exhibits = store::listExhibits(session.connection(), about);
    if (!packs || !exhibits)
        return packs ? exhibits.error() : packs.error();
    for (const policy::Pack &pack : *packs)
        for (const policy::EvidenceNeed &need : pack.evidence) {
            if (pack.id + "/" + need.id != requirement || !policy::isForTier(need.tiers, model->tier))
                continue;
            if (!need.isWaivable)
                return conflict(pack.title + " does not let \"" + need.title + "\" be waived.");
            const policy::EvidenceRequirement required{requirement, need.title, {}, need.validDays, {}};
            const auto found = policy::completeness(std::span(&required, 1), *exhibits, {model->tier, {}, session.now()});
            if (found.items.front().isMet())
                return conflict(found.items.front().sentence);
            return WaivedRequirement{WaivedRequirement::Kind::Evidence, requirement, 0, {}, found.items.front().sentence};
        }
    return Error{ErrorKind::NotFound, "No pack that governs " + model->name + " asks for evidence \"" + requirement + "\" of a model of its tier.", {}};
}

Result<Waiver> requestWaiver(Session &session, const WaiverRequest &request)
{
    for (const Status &status : {checkReason(request.reason, "Say why the requirement cannot be met for now."),
                                 checkReason(request.control, "Say what guards instead while the requirement is missed: the compensating control."),
                                 policy::checkWaiverEnd(request.until, session.now())})
        if (!status)
            return status.error();
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::mayRequestWaiver(*session.person()); !role)
        return role.error();
    auto &connection = session.connection();
    const auto version = store::findVersion(connection, request.version);
    if (!version)
        return version.error();
    store::WaiverFilter filter;
    filter.version = request.version;
    const auto others = store::listWaivers(connection, filter);
    if (!others)
        return others.error();
    const auto &asked = request.requirement;
    for (const Waiver &other : *others)
        if (other.requirement.kind == asked.kind && other.requirement.id == asked.id && other.requirement.slice == asked.slice
            && other.requirement.revision == asked.revision && (other.state == WaiverState::Requested || other.isInForce(session.now())) && session.now() < other.until)
            return conflict(other.number() + " is about the same: " + other.standing(session.now()) + ".");
    Waiver waiver;
    waiver.id = WaiverId::of(session.environment().randomness->uuid());
    waiver.model = version->model;
    waiver.version = request.version;
    waiver.requirement = asked;
    if (const auto status = stillMissed(session, waiver); !status)
        return status.error();
    json::Object body = bodyOf(waiver, request.reason);
    body.set("control", store::textValue(request.control));
    body.set("misses", store::textValue(asked.sentence));
    body.set("of", store::textValue(asked.id));
    body.set("requirement", std::string(requirementKey(asked.kind)));
    body.set("until", store::timeValue(request.until));
    if (asked.kind == WaivedRequirement::Kind::Limit) {
        body.set("revision", asked.revision);
        body.set("slice", store::textValue(asked.slice.text()));
    }
    if (const auto seq = journal->record({"waiver.request", std::move(body), {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return current(session, waiver.id);
}

Result<Waiver> grantWaiver(Session &session, const WaiverId &id, const std::string &reason, const Person &person, const crypto::SigningKey &key)
{
    if (const auto status = checkText(reason); !status)
        return status.error();
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    const auto waiver = current(session, id);
    if (!waiver)
        return waiver.error();
    const auto role = policy::mayDecideWaiver(person, *waiver, session.now());
    if (!role)
        return role.error();
    if (const auto status = stillMissed(session, *waiver); !status)
        return status.error();
    json::Object body = bodyOf(*waiver, reason);
    body.set("sentence", store::textValue(policy::waiverSentence(*waiver, person, *role)));
    body.set("until", store::timeValue(waiver->until));
    if (const auto seq = (*journal)->record({"waiver.grant", std::move(body), {}, {}, {}}, session.personSigner(person, *role, key)); !seq)
        return seq.error();
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    return current(session, id);
}

Result<Waiver> declineWaiver(Session &session, const WaiverId &id, const std::string &reason)
{
    return close(session, id, "waiver.decline", reason, "Say why the waiver is declined.", policy::mayDecideWaiver);
}

Result<Waiver> endWaiver(Session &session, const WaiverId &id, const std::string &reason)
{
    return close(session, id, "waiver.end", reason, "Say why the waiver is ended.", policy::mayEndWaiver);
}

Result<Waiver> findWaiver(Session &session, const std::string &text)
{
    const auto name = readRecordName(text, 'W', "w:", "waiver");
    if (!name)
        return name.error();
    store::WaiverFilter filter;
    filter.no = name->no;
    filter.idPrefix = name->idPrefix;
    return theOne(store::listWaivers(session.connection(), filter), text, "waiver");
}

} // namespace countersign::services
