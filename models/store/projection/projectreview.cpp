// The review part of the projector: limits, frozen bundles, sign-offs, reports.

#include "models/base/text.h"
#include "models/policy/ruledocument.h"
#include "models/store/projection/projector.h"
#include "models/store/projection/site.h"

namespace countersign::store {

namespace {
std::string plainName(const ledger::Event &event)
{
    const auto name = text::unescape(event.actor.name);
    return name ? *name : event.actor.name;
}
} // namespace

void setRule(ProjectionSite &site, const json::Object &document)
{
    const auto rule = policy::readRule(document);
    if (!rule)
        return site.sql.fail(rule.error());
    std::string tiers;
    for (const int tier : rule->tiers)
        tiers += (tiers.empty() ? "" : ",") + std::to_string(tier);
    const std::string model = rule->model ? rule->model->text() : std::string();
    const Rule::Origin origin = rule->origin.value_or(Rule::Origin{});
    site.sql.run("INSERT INTO rule (id, revision, metric, attribute, direction, edge, upper_edge, watch, minimum_n, basis, max_age_days, severity, tiers, model, "
                 "in_force_from, is_retired, pack, pack_version, pack_rule, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 rule->id.text(), rule->revision, rule->metric, rule->attribute, rule->direction, rule->limit, rule->upperLimit, rule->watch, rule->minimumN, rule->basis,
                 rule->maxAgeDays, rule->severity, tiers, model, toMillis(rule->inForceFrom), rule->isRetired, origin.pack, origin.version, origin.rule, site.seq);
    const auto touch = [&site](const database::Query &row) { site.touchedVersions.insert(row.text(0)); };
    site.sql.each("SELECT DISTINCT version FROM series WHERE metric = ? AND version <> ''", touch, rule->metric);
    site.sql.each("SELECT DISTINCT version FROM verdict WHERE rule = ?", touch, rule->id.text());
    if (!model.empty())
        site.sql.each("SELECT id FROM version WHERE model = ?", touch, model);
}

void Projector::freezeBundle(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    const auto inputs = Digest::parse(body.text("inputs"));
    if (!inputs)
        return m_sql.fail(inputs.error());
    // The same bundle frozen twice is the same bytes: the first freeze stands.
    m_sql.run("INSERT INTO bundle (id, version, inputs, frozen_at, frozen_by, entry) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", body.text("bundle"),
              body.text("version"), Blob{inputs->view()}, toMillis(event.time), plainName(event), seq);
}

void Projector::signOff(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    const auto inputs = Digest::parse(body.text("inputs"));
    const auto decision = parseDecision(body.text("decision"));
    const auto rendering = Digest::parse(body.textOr("rendering"));
    if (!inputs || !decision)
        return m_sql.fail(inputs ? decision.error() : inputs.error());
    m_sql.run("INSERT INTO signoff (id, bundle, version, person, person_name, role, decision, meaning, comment, sentence, signed_at, utc_offset, entry, key, inputs, "
              "is_stale, changes, rendering) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '[]', ?)",
              body.text("signoff"), body.text("bundle"), body.text("version"), event.actor.person.text(), plainName(event), event.actor.role, *decision,
              body.text("meaning"), body.textOr("comment"), body.text("sentence"), toMillis(event.time), event.utcOffsetMinutes, seq, event.actor.key.text(),
              Blob{inputs->view()}, rendering ? rendering->hex() : std::string());
    touchVersion(body.text("version"));
}

/// Nobody takes back what another has signed: such an event leaves its trail and changes nothing. The first withdrawal stands.
void Projector::withdrawSignOff(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    m_sql.run("UPDATE signoff SET withdrawal = ?, withdrawn_at = ?, withdrawn_reason = ? WHERE id = ? AND version = ? AND person = ? AND withdrawal IS NULL", seq,
              toMillis(event.time), body.text("reason"), body.text("signoff"), body.text("version"), event.actor.person.text());
    touchVersion(body.text("version"));
}

void Projector::issueReport(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    const auto facts = Digest::parse(body.text("facts"));
    if (!facts)
        return m_sql.fail(facts.error());
    m_sql.run("INSERT INTO report (id, version, title, facts, at, actor, entry) VALUES (?, ?, ?, ?, ?, ?, ?)", body.text("report"), body.text("version"),
              body.textOr("title"), Blob{facts->view()}, toMillis(event.time), plainName(event), seq);
}

} // namespace countersign::store
