#include "models/store/queries/judge.h"

#include "models/policy/evaluator.h"
#include "models/policy/waivers.h"
#include "models/store/queries/governance/waivers.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>
#include <unordered_map>

namespace countersign::store {

namespace {

/// What Judge::newestOf() reads, of the series s and their newest observations o.
const std::string kNewestColumns = "s.metric, s.slice, s.id, o.window_end, o.window_start, o.step, o.value, o.lexeme, o.n, o.lower, o.upper";
const std::string kNewest = "LEFT JOIN observation o ON o.series = s.id AND (o.window_end, o.window_start, o.step, o.revision) = (SELECT window_end, window_start, step, revision "
                            "FROM observation WHERE series = s.id ORDER BY window_end DESC, window_start DESC, step DESC, revision DESC LIMIT 1) ";

bool concerns(const std::vector<Rule> &revisions, const MlModel &model)
{
    return std::ranges::any_of(revisions, [&](const Rule &rule) { return policy::appliesTo(rule, model); });
}

} // namespace

std::vector<JudgedSeries> VersionJudgement::at(Instant today) const
{
    std::vector<JudgedSeries> judged;
    for (const Candidate &candidate : m_candidates) {
        const Rule *rule = policy::inForce(*candidate.revisions, today);
        if (!rule || rule->isRetired || !policy::appliesTo(*rule, m_model))
            continue;
        // A limit on one model wants its metric, though nobody recorded it.
        const bool isWanted = !candidate.series && rule->model && candidate.slice.isOverall();
        if (!isWanted && !policy::appliesTo(*rule, rule->metric, candidate.slice))
            continue;
        JudgedSeries one{policy::judge(*rule, candidate.slice, candidate.observation, today), candidate.series};
        one.verdict.version = m_version;
        policy::applyWaivers(one.verdict, m_waivers, today);
        judged.push_back(std::move(one));
    }
    std::ranges::stable_sort(judged, {}, [](const JudgedSeries &one) { return one.verdict.state; });
    return judged;
}

std::vector<Instant> VersionJudgement::turnsAfter(Instant today) const
{
    std::vector<Instant> turns;
    for (const Candidate &candidate : m_candidates)
        for (const Rule &rule : *candidate.revisions) {
            turns.push_back(rule.inForceFrom);
            if (const auto aged = policy::agesAt(rule, candidate.observation))
                turns.push_back(*aged);
        }
    for (const Waiver &waiver : m_waivers)
        turns.push_back(waiver.until);
    std::erase_if(turns, [today](Instant turn) { return turn <= today; });
    std::ranges::sort(turns);
    turns.erase(std::ranges::unique(turns).begin(), turns.end());
    return turns;
}

Result<Judge> Judge::make(database::Connection &connection)
{
    const auto rules = listRules(connection, false);
    return rules ? make(connection, *rules) : Result<Judge>(rules.error());
}

Result<Judge> Judge::make(database::Connection &connection, const std::vector<Rule> &revisions)
{
    Judge judge(connection);
    std::map<RuleId, std::vector<Rule>> rules;
    for (const Rule &rule : revisions)
        rules[rule.id].push_back(rule);
    for (auto &[id, all] : rules)
        judge.m_rules.push_back(std::make_shared<const std::vector<Rule>>(std::move(all)));
    auto waivers = listWaivers(connection);
    if (!waivers)
        return waivers.error();
    for (Waiver &waiver : *waivers)
        if (waiver.state == WaiverState::Granted)
            judge.m_waivers[waiver.version].push_back(std::move(waiver));
    return judge;
}

Judge::Newest Judge::newestOf(const database::Query &row, int first)
{
    Newest newest;
    newest.metric = row.text(first);
    if (const auto slice = Slice::parse(row.text(first + 1)))
        newest.slice = *slice;
    newest.series = row.integer(first + 2);
    if (row.isNull(first + 3))
        return newest;
    Observation value;
    value.window = {fromMillis(row.integer(first + 4)), fromMillis(row.integer(first + 3))};
    value.step = row.integer(first + 5);
    if (const auto number = row.realOrNull(first + 6))
        value.value = *number;
    if (!row.isNull(first + 7))
        value.lexeme = row.text(first + 7);
    value.n = row.integerOrNull(first + 8);
    value.lower = row.realOrNull(first + 9);
    value.upper = row.realOrNull(first + 10);
    newest.observation = std::move(value);
    return newest;
}

VersionJudgement Judge::judgement(const VersionId &version, const MlModel &model, const std::vector<Newest> &newest) const
{
    VersionJudgement judgement;
    judgement.m_version = version;
    judgement.m_model = model;
    if (const auto found = m_waivers.find(version); found != m_waivers.end())
        judgement.m_waivers = found->second;
    for (const auto &revisions : m_rules) {
        if (!concerns(*revisions, model))
            continue;
        const std::string &metric = revisions->front().metric; // a change of a limit keeps it
        bool isRecorded = false;
        const auto [first, last] = std::ranges::equal_range(newest, metric, {}, &Newest::metric);
        for (auto at = first; at != last;) {
            // Several runs may have recorded the slice: the newest of their values counts.
            const auto end = std::find_if(at, last, [&](const Newest &other) { return other.slice != at->slice; });
            const Newest *latest = &*at;
            for (auto other = std::next(at); other != end; ++other)
                if (other->observation && (!latest->observation || other->observation->window.end > latest->observation->window.end))
                    latest = &*other;
            if (std::ranges::any_of(*revisions, [&](const Rule &rule) { return policy::appliesTo(rule, metric, latest->slice); })) {
                isRecorded = true;
                judgement.m_candidates.push_back({revisions, latest->slice, latest->series, latest->observation});
            }
            at = end;
        }
        if (!isRecorded && std::ranges::any_of(*revisions, [](const Rule &rule) { return rule.model.has_value(); }))
            judgement.m_candidates.push_back({revisions, Slice{}, {}, {}});
    }
    return judgement;
}

Result<VersionJudgement> Judge::read(const VersionId &version, const MlModel &model) const
{
    std::vector<Newest> newest;
    if (std::ranges::any_of(m_rules, [&](const auto &revisions) { return concerns(*revisions, model); })) {
        Statements sql(*m_connection);
        sql.each("SELECT " + kNewestColumns + " FROM series s " + kNewest + "WHERE s.version = ? ORDER BY s.metric, s.slice, s.run",
                 [&](const database::Query &row) { newest.push_back(newestOf(row, 0)); }, version.text());
        if (!sql.ok())
            return sql.status().error();
    }
    return judgement(version, model, newest);
}

Status Judge::readAll(const std::function<bool(const MlModel &, const ModelVersion &, const VersionJudgement &)> &take) const
{
    const auto models = listModels(*m_connection);
    if (!models)
        return models.error();
    std::unordered_map<std::string, const MlModel *> byId;
    for (const MlModel &model : *models)
        byId.emplace(model.id.text(), &model);
    Statements sql(*m_connection);
    ModelVersion version;
    std::vector<Newest> newest;
    bool goesOn = true;
    const auto finish = [&] {
        if (const auto model = byId.find(version.model.text()); goesOn && !version.id.isEmpty() && model != byId.end()) {
            auto one = judgement(version.id, *model->second, newest);
            one.m_newest = &newest;
            goesOn = take(*model->second, version, one);
        }
        newest.clear();
    };
    sql.each("SELECT v.id, v.model, v.label, v.stage, " + kNewestColumns + " FROM version v LEFT JOIN series s ON s.version = v.id " + kNewest
                 + "ORDER BY v.id, s.metric, s.slice, s.run",
             [&](const database::Query &row) {
                 if (const auto id = VersionId::of(row.text(0)); id != version.id) {
                     finish();
                     version.id = id;
                     version.model = ModelId::of(row.text(1));
                     version.label = row.text(2);
                     version.stage = static_cast<Stage>(row.integer(3));
                 }
                 if (!row.isNull(4))
                     newest.push_back(newestOf(row, 4));
             });
    if (!sql.ok())
        return sql.status();
    finish();
    return {};
}

} // namespace countersign::store
