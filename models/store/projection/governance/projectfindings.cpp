// The projection of findings: where each stands, and its steps.

#include "models/base/text.h"
#include "models/domain/findings.h"
#include "models/store/projection/site.h"

namespace countersign::store {

namespace {

void note(ProjectionSite &site, const std::string &act, const std::string &outcome, const std::string &text)
{
    site.sql.run("INSERT INTO finding_note (entry, finding, act, outcome, text, at, person, person_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", site.seq,
                 site.body.text("finding"), act, outcome, text, site.at(), site.event.actor.person.text(), site.actorName());
    site.sql.run("UPDATE finding SET changed_at = ? WHERE id = ?", site.at(), site.body.text("finding"));
}

void open(ProjectionSite &site)
{
    const BodyReader &body = site.body;
    const auto severity = parseSeverity(body.text("severity"));
    if (!severity)
        return site.sql.fail(severity.error());
    const json::Value *found = body.find("origin");
    const json::Object none{{"kind", "manual"}};
    const BodyReader origin(found && found->object() ? *found->object() : none);
    const auto kind = parseOrigin(origin.text("kind"));
    if (!kind)
        return site.sql.fail(kind.error());
    const auto millis = [](const std::optional<Instant> &time) { return time ? std::optional(toMillis(*time)) : std::nullopt; };
    const auto no = site.sql.integer("SELECT coalesce(max(no), 0) + 1 FROM finding").value_or(1);
    site.sql.run("INSERT INTO finding (no, id, model, version, title, body, severity, owner, due, plan, state, origin, origin_rule, origin_revision, origin_slice, "
                 "origin_start, origin_end, origin_value, origin_n, origin_sentence, opened_at, opened_by, opened_by_name, challenged_by, remediated_by, resolution, "
                 "changed_at, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', NULL, ?, ?)",
                 no, body.text("finding"), body.text("model"), body.textOr("version"), body.text("title"), body.textOr("text"), *severity, body.textOr("owner"),
                 millis(body.timeOrNone("due")), *kind, origin.textOr("rule"), origin.integerOrNone("revision").value_or(0), origin.textOr("slice"),
                 millis(origin.timeOrNone("start")), millis(origin.timeOrNone("end")), origin.realOrNone("value"), origin.integerOrNone("n"), origin.textOr("sentence"),
                 site.at(), site.event.actor.person.text(), site.actorName(), site.at(), site.seq);
    if (origin.failure())
        return site.sql.fail(*origin.failure());
    note(site, "open", {}, body.textOr("text"));
}

void update(ProjectionSite &site)
{
    const std::string id = site.body.text("finding");
    std::string changed;
    for (const auto &change : readChanges(site.body)) {
        const std::string value = change.after.value_or(std::string());
        if (change.field == "severity") {
            const auto severity = parseSeverity(value);
            if (!severity)
                return site.sql.fail(severity.error());
            site.sql.run("UPDATE finding SET severity = ? WHERE id = ?", *severity, id);
        } else if (change.field == "due") {
            const auto due = value.empty() ? Result<Instant>(Instant{}) : parseUtc(value);
            if (!due)
                return site.sql.fail(due.error());
            site.sql.run("UPDATE finding SET due = ? WHERE id = ?", value.empty() ? std::nullopt : std::optional(toMillis(*due)), id);
        } else if (change.field == "owner") {
            site.sql.run("UPDATE finding SET owner = ? WHERE id = ?", value, id);
        } else if (change.field == "plan") {
            site.sql.run("UPDATE finding SET plan = ? WHERE id = ?", value, id);
        } else if (change.field == "title") {
            site.sql.run("UPDATE finding SET title = ? WHERE id = ?", value, id);
        } else if (change.field == "text") {
            site.sql.run("UPDATE finding SET body = ? WHERE id = ?", value, id);
        }
        changed += (changed.empty() ? "" : ", ") + change.field;
    }
    note(site, "update", changed, site.body.textOr("reason"));
}

template<FindingAct Act>
void step(ProjectionSite &site)
{
    const std::string id = site.body.text("finding");
    const std::string person = site.event.actor.person.text();
    const std::string outcome = site.body.textOr("outcome");
    const auto stand = [&](FindingState state) { site.sql.run("UPDATE finding SET state = ? WHERE id = ?", state, id); };
    if constexpr (Act == FindingAct::Challenge) {
        stand(FindingState::Challenged);
        site.sql.run("UPDATE finding SET challenged_by = ? WHERE id = ?", person, id);
    } else if constexpr (Act == FindingAct::Remediate) {
        stand(FindingState::Remediated);
        site.sql.run("UPDATE finding SET remediated_by = ? WHERE id = ?", person, id);
    } else if constexpr (Act == FindingAct::Retest) {
        stand(outcome == "passed" ? FindingState::Retested : FindingState::Open);
    } else if constexpr (Act == FindingAct::Close) {
        const auto resolution = parseResolution(outcome);
        if (!resolution)
            return site.sql.fail(resolution.error());
        stand(FindingState::Closed);
        site.sql.run("UPDATE finding SET resolution = ? WHERE id = ?", *resolution, id);
    } else if constexpr (Act == FindingAct::Reopen) {
        stand(FindingState::Open);
        site.sql.run("UPDATE finding SET resolution = NULL WHERE id = ?", id);
    } else {
        stand(FindingState::Open);
    }
    note(site, std::string(findingActKey(Act)), outcome, site.body.text("text"));
}

} // namespace

std::string ProjectionSite::actorName() const
{
    const auto name = text::unescape(event.actor.name);
    return name ? *name : event.actor.name;
}

const ProjectKinds &findingKinds()
{
    static const ProjectKinds kinds{
        {"finding.open", open},
        {"finding.update", update},
        {"finding.challenge", step<FindingAct::Challenge>},
        {"finding.answer", step<FindingAct::Answer>},
        {"finding.remediate", step<FindingAct::Remediate>},
        {"finding.retest", step<FindingAct::Retest>},
        {"finding.close", step<FindingAct::Close>},
        {"finding.reopen", step<FindingAct::Reopen>},
    };
    return kinds;
}

} // namespace countersign::store
