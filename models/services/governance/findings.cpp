#include "models/services/governance/findings.h"

#include "models/base/text.h"
#include "models/services/governance/acting.h"
#include "models/services/governance/parts.h"
#include "models/store/queries/governance/findings.h"
#include "models/store/queries/queries.h"

#include <algorithm>

namespace countersign::services {

namespace {

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

/// What every event about a finding says, so that it can be read alone.
json::Object bodyOf(const Finding &finding)
{
    json::Object body{{"finding", finding.id.text()}, {"model", finding.model.text()}, {"title", store::textValue(finding.title)}};
    if (finding.version)
        body.set("version", finding.version->text());
    return body;
}

json::Value originValue(const Finding::Origin &origin)
{
    json::Object value{{"kind", std::string(originKey(origin.kind))}};
    if (!origin.rule.isEmpty()) {
        value.set("rule", origin.rule.text());
        value.set("revision", origin.ruleRevision);
        value.set("slice", store::textValue(origin.slice.text()));
    }
    if (origin.window) {
        value.set("start", store::timeValue(origin.window->start));
        value.set("end", store::timeValue(origin.window->end));
    }
    if (origin.value)
        value.set("value", ledger::measured(*origin.value));
    if (origin.n)
        value.set("n", *origin.n);
    if (!origin.sentence.empty())
        value.set("sentence", store::textValue(origin.sentence));
    return json::Value(std::move(value));
}

Result<Finding> current(Session &session, const FindingId &id)
{
    store::FindingFilter filter;
    filter.idPrefix = id.text();
    auto found = store::listFindings(session.connection(), filter);
    if (!found)
        return found.error();
    if (found->empty())
        return Error{ErrorKind::NotFound, "There is no finding " + id.text() + ".", {}};
    return std::move(found->front());
}

template<class Decide>
Result<Finding> act(Session &session, const FindingId &id, Decide decide)
{
    return actOn(session, [&id](Session &now) { return current(now, id); }, decide);
}

std::string dateOf(const std::optional<Instant> &time) { return time ? formatUtc(*time) : std::string(); }

} // namespace

Result<Verdict> breachOf(Session &session, const VersionId &version, const RuleId &rule, const Slice &slice)
{
    const auto row = store::versionRow(session.connection(), version, session.now());
    if (!row)
        return row.error();
    auto verdicts = store::listVerdicts(session.connection(), version, session.now());
    if (!verdicts)
        return verdicts.error();
    const auto verdict = std::ranges::find_if(*verdicts, [&](const Verdict &one) { return one.rule == rule && one.slice == slice; });
    if (verdict == verdicts->end())
        return Error{ErrorKind::NotFound, "Version " + row->version.label + " of " + row->modelName + " is not judged by that limit.", {}};
    if (verdict->state == VerdictState::Pass || verdict->state == VerdictState::Waived)
        return Error{ErrorKind::Conflict, "There is no breach: " + verdict->sentence, {}};
    return std::move(*verdict);
}

Result<FindingRequest> findingFromBreach(Session &session, const VersionId &version, const RuleId &rule, const Slice &slice)
{
    auto &connection = session.connection();
    const auto verdict = breachOf(session, version, rule, slice);
    if (!verdict)
        return verdict.error();
    const auto row = store::versionRow(connection, version, session.now());
    const auto rules = store::listRules(connection, false);
    const auto people = store::listPeople(connection);
    if (!row || !rules || !people)
        return !row ? row.error() : !rules ? rules.error() : people.error();
    const auto model = store::findModel(connection, row->version.model);
    if (!model)
        return model.error();
    FindingRequest request;
    request.model = row->version.model;
    request.version = version;
    request.title = text::shortened(verdict->sentence, kLongestTitle);
    const auto judged = std::ranges::find_if(*rules, [&](const Rule &one) { return one.id == rule && one.revision == verdict->ruleRevision; });
    if (judged != rules->end())
        request.severity = judged->severity;
    // The model's owner is a name that came with it; where it is one of ours, they answer for the finding.
    if (const auto owner = std::ranges::find_if(*people, [&](const Person &person) { return person.name == model->owner || person.login == model->owner; });
        owner != people->end())
        request.owner = owner->id;
    request.origin.kind = Finding::Origin::Kind::Limit;
    request.origin.rule = rule;
    request.origin.ruleRevision = verdict->ruleRevision;
    request.origin.slice = slice;
    request.origin.sentence = verdict->sentence;
    if (verdict->observation) {
        request.origin.window = verdict->observation->window;
        if (!std::isnan(verdict->observation->value))
            request.origin.value = verdict->observation->value;
        request.origin.n = verdict->observation->n;
    }
    return request;
}

Result<Finding> openFinding(Session &session, const FindingRequest &request)
{
    for (const Status &status : {checkTitle(request.title, "A finding"), checkText(request.text)})
        if (!status)
            return status.error();
    if (request.due && *request.due <= session.now())
        return invalid("The finding would be due in the past. Give a day to come, or none.");
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::mayOpenFinding(*session.person()); !role)
        return role.error();
    if (const auto status = checkSubject(session, request.model, request.version); !status)
        return status.error();
    if (!request.owner.isEmpty())
        if (const auto owner = store::findPerson(session.connection(), request.owner.text()); !owner)
            return owner.error();
    Finding finding;
    finding.id = FindingId::of(session.environment().randomness->uuid());
    finding.model = request.model;
    finding.version = request.version;
    finding.title = request.title;
    json::Object body = bodyOf(finding);
    body.set("severity", std::string(severityKey(request.severity)));
    body.set("origin", originValue(request.origin));
    if (!request.text.empty())
        body.set("text", store::textValue(request.text));
    if (!request.owner.isEmpty())
        body.set("owner", request.owner.text());
    if (request.due)
        body.set("due", store::timeValue(*request.due));
    if (const auto seq = journal->record({"finding.open", std::move(body), {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return current(session, finding.id);
}

Result<Finding> changeFinding(Session &session, const FindingId &id, const FindingChange &change)
{
    return act(session, id, [&](const Finding &finding) -> Result<Draft> {
        const Severity severity = change.severity.value_or(finding.severity);
        if (const auto role = policy::mayChange(*session.person(), finding, severity); !role)
            return role.error();
        for (const Status &status : {checkTitle(change.title.value_or(finding.title), "A finding"), checkText(change.text.value_or(std::string())),
                                     checkText(change.plan.value_or(std::string())), checkText(change.reason)})
            if (!status)
                return status.error();
        if (change.owner && !change.owner->isEmpty())
            if (const auto owner = store::findPerson(session.connection(), change.owner->text()); !owner)
                return owner.error();
        const bool isLater = change.due && finding.due && (!*change.due || **change.due > *finding.due);
        if (change.due && *change.due && **change.due <= session.now() && *change.due != finding.due)
            return invalid("The finding would be due in the past. Give a day to come, or none.");
        if ((severity < finding.severity || isLater) && text::isBlank(change.reason))
            return invalid(isLater ? "Say why the finding is due later." : "Say why the severity is lowered.");
        std::vector<store::FieldChange> changes;
        const auto take = [&](const char *field, const std::string &before, const std::optional<std::string> &after) {
            if (after && *after != before)
                changes.push_back({field, before, *after});
        };
        take("title", finding.title, change.title);
        take("text", finding.text, change.text);
        take("severity", std::string(severityKey(finding.severity)), std::string(severityKey(severity)));
        take("owner", finding.owner.text(), change.owner ? std::optional(change.owner->text()) : std::nullopt);
        take("due", dateOf(finding.due), change.due ? std::optional(dateOf(*change.due)) : std::nullopt);
        take("plan", finding.plan, change.plan);
        if (changes.empty())
            return invalid(finding.number() + " is like that already.");
        json::Object body = bodyOf(finding);
        body.set("changes", store::changeArray(changes));
        if (!change.reason.empty())
            body.set("reason", store::textValue(change.reason));
        return Draft{"finding.update", std::move(body), {}, {}, {}};
    });
}

Result<Finding> stepFinding(Session &session, const FindingId &id, const policy::FindingStep &step)
{
    return act(session, id, [&](const Finding &finding) -> Result<Draft> {
        if (const auto role = policy::mayStep(*session.person(), finding, step); !role)
            return role.error();
        if (const auto status = checkText(step.text); !status)
            return status.error();
        json::Object body = bodyOf(finding);
        body.set("text", store::textValue(step.text));
        if (step.act == FindingAct::Retest)
            body.set("outcome", step.hasPassed ? "passed" : "failed");
        if (step.act == FindingAct::Close)
            body.set("outcome", std::string(resolutionKey(step.resolution)));
        return Draft{"finding." + std::string(findingActKey(step.act)), std::move(body), {}, {}, {}};
    });
}

Result<Finding> findFinding(Session &session, const std::string &text)
{
    const auto name = readRecordName(text, 'F', "f:", "finding");
    if (!name)
        return name.error();
    store::FindingFilter filter;
    filter.no = name->no;
    filter.idPrefix = name->idPrefix;
    return theOne(store::listFindings(session.connection(), filter), text, "finding");
}

} // namespace countersign::services
