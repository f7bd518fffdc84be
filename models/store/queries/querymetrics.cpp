// Reads of limits, verdicts, series and observations.

#include "models/store/queries/judge.h"
#include "models/store/queries/observationcolumns.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace countersign::store {

namespace {

const std::string kSelectObservation = "SELECT " + observationColumns() + " FROM observation ";

/// Whether one restates the other.
bool isSameMoment(const ObservationRow &a, const ObservationRow &b)
{
    return a.windowEnd == b.windowEnd && a.windowStart == b.windowStart && a.step == b.step;
}

Slice sliceOf(const std::string &text)
{
    const auto slice = Slice::parse(text);
    return slice ? *slice : Slice{};
}

} // namespace

Result<std::vector<Rule>> listRules(database::Connection &connection, bool currentOnly)
{
    Statements sql(connection);
    std::vector<Rule> rules;
    sql.each("SELECT id, revision, metric, attribute, direction, edge, upper_edge, watch, minimum_n, tiers, model, in_force_from, is_retired, basis, "
             "max_age_days, severity, pack, pack_version, pack_rule FROM rule "
             "ORDER BY metric, id, revision",
             [&](const database::Query &row) {
                 Rule rule;
                 rule.id = RuleId::of(row.text(0));
                 rule.revision = static_cast<int>(row.integer(1));
                 rule.metric = row.text(2);
                 rule.attribute = row.text(3);
                 rule.direction = static_cast<Direction>(row.integer(4));
                 rule.limit = row.real(5);
                 rule.upperLimit = row.real(6);
                 rule.watch = row.realOrNull(7);
                 rule.minimumN = row.integerOrNull(8);
                 for (const char digit : row.text(9)) // "1,3"
                     if (digit != ',')
                         rule.tiers.push_back(digit - '0');
                 if (const auto model = row.text(10); !model.empty())
                     rule.model = ModelId::of(model);
                 rule.inForceFrom = fromMillis(row.integer(11));
                 rule.isRetired = row.integer(12) != 0;
                 rule.basis = static_cast<Basis>(row.integer(13));
                 if (const auto days = row.integerOrNull(14))
                     rule.maxAgeDays = static_cast<int>(*days);
                 rule.severity = static_cast<Severity>(row.integer(15));
                 if (const auto pack = row.text(16); !pack.empty())
                     rule.origin = {pack, row.text(17), row.text(18)};
                 if (currentOnly && !rules.empty() && rules.back().id == rule.id)
                     rules.back() = std::move(rule);
                 else
                     rules.push_back(std::move(rule));
             });
    if (!sql.ok())
        return sql.status().error();
    // A change of a rule keeps its metric, so that its revisions stand together above.
    if (currentOnly)
        std::erase_if(rules, [](const Rule &rule) { return rule.isRetired; });
    return rules;
}

namespace {

/// What was judged when it was recorded, judged as of another day.
Result<std::vector<Verdict>> judgedAnew(database::Connection &connection, const VersionId &id, Instant today)
{
    const auto version = findVersion(connection, id);
    const auto model = version ? findModel(connection, version->model) : Result<MlModel>(version.error());
    const auto judge = Judge::make(connection);
    if (!model || !judge)
        return model ? judge.error() : model.error();
    const auto judgement = judge->read(id, *model);
    if (!judgement)
        return judgement.error();
    std::vector<Verdict> verdicts;
    for (auto &one : judgement->at(today))
        verdicts.push_back(std::move(one.verdict));
    return verdicts;
}

} // namespace

Result<std::vector<Verdict>> listVerdicts(database::Connection &connection, const VersionId &version, Instant today)
{
    Statements sql(connection);
    if (sql.integer("SELECT 1 FROM version_turn WHERE version = ? AND since <= ? LIMIT 1", version.text(), toMillis(today)))
        return judgedAnew(connection, version, today);
    std::vector<Verdict> verdicts;
    sql.each("SELECT rule, revision, metric, slice, state, sentence, window_start, window_end, value, n, lower, upper, missing FROM verdict WHERE version = ? "
             "ORDER BY state, metric, slice, rule",
             [&](const database::Query &row) {
                 Verdict verdict;
                 verdict.version = version;
                 verdict.rule = RuleId::of(row.text(0));
                 verdict.ruleRevision = static_cast<int>(row.integer(1));
                 verdict.metric = row.text(2);
                 verdict.slice = sliceOf(row.text(3));
                 verdict.state = static_cast<VerdictState>(row.integer(4));
                 verdict.sentence = row.text(5);
                 if (!row.isNull(7)) {
                     Observation observation;
                     observation.window = {fromMillis(row.integer(6)), fromMillis(row.integer(7))};
                     if (const auto value = row.realOrNull(8))
                         observation.value = *value;
                     observation.n = row.integerOrNull(9);
                     observation.lower = row.realOrNull(10);
                     observation.upper = row.realOrNull(11);
                     verdict.observation = observation;
                 }
                 verdict.missing = row.integerOrNull(12);
                 verdicts.push_back(std::move(verdict));
             }, version.text());
    if (!sql.ok())
        return sql.status().error();
    return verdicts;
}

Result<std::vector<SeriesRow>> listSeries(database::Connection &connection, const VersionId &version, bool withLatest, std::int64_t countedTo)
{
    Statements sql(connection);
    std::vector<SeriesRow> rows;
    sql.each("SELECT id, run, metric, slice FROM series WHERE version = ? ORDER BY metric, slice, run",
             [&](const database::Query &row) {
                 SeriesRow series;
                 series.id = row.integer(0);
                 series.key.version = version;
                 if (const auto run = row.text(1); !run.empty())
                     series.key.run = RunId::of(run);
                 series.key.metric = row.text(2);
                 series.key.slice = sliceOf(row.text(3));
                 rows.push_back(std::move(series));
             }, version.text());
    for (auto &row : rows) {
        if (!withLatest || !sql.ok())
            break;
        const auto latest = latestObservation(connection, row.id);
        if (!latest)
            return latest.error();
        row.latest = *latest;
        row.count = sql.integer("SELECT count(*) FROM (SELECT 1 FROM observation WHERE series = ? AND revision = 0 LIMIT ?) AS counted", row.id, countedTo).value_or(0);
    }
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

Result<std::vector<ObservationRow>> readObservations(database::Connection &connection, std::int64_t series)
{
    // SQLite gives rows as it reads; PostgreSQL would give a million at once, so it is asked for pages, each beginning after the row that
    // the page before ended with.
    const std::int64_t page = connection.backend() == database::Backend::Postgres ? 16'384 : std::numeric_limits<std::int64_t>::max();
    Statements sql(connection);
    std::vector<ObservationRow> rows;
    ObservationRow last;
    last.windowEnd = std::numeric_limits<std::int64_t>::min();
    for (std::int64_t inPage = page; inPage == page && sql.ok();) {
        inPage = 0;
        const ObservationRow after = std::exchange(last, {});
        sql.each(kSelectObservation + "WHERE series = ? "
                 "AND (window_end, window_start, step, revision) > (?, ?, ?, ?) ORDER BY window_end, window_start, step, revision LIMIT ?",
                 [&](const database::Query &row) {
                     ObservationRow next = readObservation(row, series);
                     if (next.revision > 0 && !rows.empty() && isSameMoment(rows.back(), next))
                         rows.back() = std::move(next);
                     else
                         rows.push_back(std::move(next));
                     ++inPage;
                 }, series, after.windowEnd, after.windowStart, after.step, after.revision, page);
        if (!rows.empty())
            last = rows.back();
    }
    if (!sql.ok())
        return sql.status().error();
    return rows;
}

Result<std::vector<ObservationRow>> lastObservations(database::Connection &connection, std::int64_t series, std::size_t count)
{
    // Small pages: for a large one PostgreSQL, until it has statistics, would rather sort the whole series.
    constexpr std::int64_t kPage = 256;
    Statements sql(connection);
    std::vector<ObservationRow> rows;
    ObservationRow before;
    before.windowEnd = std::numeric_limits<std::int64_t>::max();
    // One moment more than asked for tells that all revisions of those before have been seen; the newest comes first.
    for (std::int64_t inPage = kPage; inPage == kPage && rows.size() <= count && sql.ok();) {
        inPage = 0;
        const ObservationRow from = before;
        sql.each(kSelectObservation + "WHERE series = ? "
                 "AND (window_end, window_start, step, revision) < (?, ?, ?, ?) ORDER BY window_end DESC, window_start DESC, step DESC, revision DESC LIMIT ?",
                 [&](const database::Query &row) {
                     before = readObservation(row, series);
                     if (rows.empty() || !isSameMoment(rows.back(), before))
                         rows.push_back(before);
                     ++inPage;
                 }, series, from.windowEnd, from.windowStart, from.step, from.revision, kPage);
    }
    if (!sql.ok())
        return sql.status().error();
    rows.resize(std::min(rows.size(), count));
    std::ranges::reverse(rows);
    return rows;
}

Result<std::optional<ObservationRow>> latestObservation(database::Connection &connection, std::int64_t series)
{
    Statements sql(connection);
    std::optional<ObservationRow> latest;
    sql.each(kSelectObservation + "WHERE series = ? "
             "ORDER BY window_end DESC, window_start DESC, step DESC, revision DESC LIMIT 1",
             [&](const database::Query &row) { latest = readObservation(row, series); }, series);
    if (!sql.ok())
        return sql.status().error();
    return latest;
}

} // namespace countersign::store
