// The reads behind the curves: tiles of the overview, the chart of the Metrics tab.

#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "models/report/decimate.h"
#include "models/report/metricchart.h"
#include "ui/model/metrics/valuefacts.h"
#include "ui/model/metrics/windowunits.h"
#include "ui/model/modelview.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace countersign::pages {

namespace {

constexpr std::size_t kTilePoints = 300;
constexpr std::size_t kTileValues = 2000; // a tile shows the course of the last of them, however many there are

Result<std::vector<Rule>> rulesFor(database::Connection &connection, const MlModel &model)
{
    auto rules = store::listRules(connection, false);
    if (rules)
        std::erase_if(*rules, [&](const Rule &rule) { return !policy::appliesTo(rule, model); });
    return rules;
}

std::vector<Observation> observationsOf(const std::vector<store::ObservationRow> &rows)
{
    std::vector<Observation> observations;
    observations.reserve(rows.size());
    for (const auto &row : rows)
        observations.push_back(row.observation());
    return observations;
}

std::string nameOf(const std::string &metric, const Slice &slice)
{
    return metrics::define(metric).title + (slice.isOverall() ? std::string() : ", " + slice.shown());
}

std::string titleOf(const std::string &metric, const Slice &slice)
{
    const std::string direction(metrics::directionText(metrics::define(metric).better));
    return nameOf(metric, slice) + (direction.empty() ? "" : ", " + direction);
}

/// The series that carries the newest value of a metric and group: what a limit judges.
const store::SeriesRow *newestOf(const std::vector<store::SeriesRow> &series, const std::string &metric, const Slice &slice)
{
    const store::SeriesRow *newest = nullptr;
    for (const auto &row : series)
        if (row.key.metric == metric && row.key.slice == slice && row.latest && (!newest || newest->latest->windowEnd < row.latest->windowEnd))
            newest = &row;
    return newest;
}

Result<MetricTile> readTile(database::Connection &connection, const store::SeriesRow &series, const Verdict *verdict, const std::vector<Rule> &rules)
{
    MetricTile tile;
    tile.metric = series.key.metric;
    tile.slice = series.key.slice;
    tile.title = titleOf(tile.metric, tile.slice);
    tile.name = nameOf(tile.metric, tile.slice);
    if (verdict) {
        tile.state = verdict->state;
        tile.sentence = verdict->sentence;
    }
    std::vector<report::MetricLine> lines(1);
    lines.front().slice = series.key.slice;
    const auto rows = store::lastObservations(connection, series.id, kTileValues);
    if (!rows)
        return rows.error();
    lines.front().observations = observationsOf(*rows);
    if (!lines.front().observations.empty())
        tile.last = lines.front().observations.back();
    const auto spec = report::metricChart({}, tile.metric, lines, rules, {});
    tile.points = report::decimate(spec.series.front().points, kTilePoints, report::Keep::Shape);
    if (!tile.points.empty())
        if (const auto *limit = report::limitAt(spec, tile.points.back().time); limit && (limit->lower || limit->upper))
            tile.limit = *limit;
    return tile;
}

/// "sex; age band": what the groups of a slice are told apart by.
std::string splitOf(const Slice &slice)
{
    std::string split;
    for (const auto &[attribute, value] : slice.parts)
        split += (split.empty() ? "" : "; ") + attribute;
    return split;
}

/// What one version measured.
struct Measured {
    std::string name; ///< "v3"
    std::vector<store::SeriesRow> series;
    std::vector<Verdict> verdicts;
    ValueFacts facts;
};

/// The version shown, whichever it is, and then those that it is compared with.
Result<std::vector<Measured>> readMeasured(services::Session &session, const std::vector<store::VersionRow> &versions, const MetricRequest &request)
{
    database::Connection &connection = session.connection();
    std::vector<VersionId> wanted{request.version};
    wanted.insert(wanted.end(), request.compared.begin(), request.compared.end());
    std::vector<Measured> measured;
    for (const auto &id : wanted) {
        const auto row = std::ranges::find(versions, id, [](const store::VersionRow &version) { return version.version.id; });
        if (row == versions.end())
            continue;
        auto series = store::listSeries(connection, id);
        if (!series)
            return series.error();
        auto verdicts = store::listVerdicts(connection, id, session.now());
        if (!verdicts)
            return verdicts.error();
        auto facts = ValueFacts::read(session, id, *series);
        if (!facts)
            return facts.error();
        measured.push_back({versionName(row->version.label), std::move(*series), std::move(*verdicts), std::move(*facts)});
    }
    return measured;
}

/// One line of the chart, still without its values.
struct Candidate {
    std::int64_t series = 0;
    SeriesKey key;
    const ValueFacts *facts = nullptr; ///< of its version
    std::string name;
    VerdictState state = VerdictState::NotJudged;
    bool isReference = false;
};

std::vector<Candidate> candidatesOf(const Measured &version, const MetricRequest &request)
{
    const auto &series = version.series;
    std::vector<Candidate> candidates;
    for (const auto &row : series) {
        if (row.key.metric != request.metric || (splitOf(row.key.slice) != request.split && !row.key.slice.isOverall()))
            continue;
        Candidate candidate;
        candidate.series = row.id;
        candidate.key = row.key;
        candidate.facts = &version.facts;
        candidate.isReference = !request.split.empty() && row.key.slice.isOverall();
        const bool isAlone = request.split.empty();
        candidate.name = isAlone ? version.name : row.key.slice.shown() + (request.compared.empty() ? "" : ", " + version.name);
        const auto sameGroup = std::ranges::count_if(series, [&](const store::SeriesRow &other) { return other.key.metric == row.key.metric && other.key.slice == row.key.slice; });
        if (sameGroup > 1 && row.key.run)
            candidate.name += ", run " + row.key.run->text().substr(2, 8);
        for (const auto &verdict : version.verdicts)
            if (verdict.metric == request.metric && verdict.slice == row.key.slice)
                candidate.state = std::min(candidate.state, verdict.state);
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

/// All metrics of the version, and the attributes by which the chosen one can be split.
void fillChoices(MetricView &view, const std::vector<store::SeriesRow> &series, const std::vector<Verdict> &verdicts)
{
    std::set<std::string> metrics;
    std::set<std::string> splits;
    for (const auto &row : series)
        metrics.insert(row.key.metric);
    if (!metrics.contains(view.request.metric)) {
        const auto judged = std::ranges::find_if(verdicts, [&](const Verdict &verdict) { return metrics.contains(verdict.metric); });
        view.request.metric = judged != verdicts.end() ? judged->metric : metrics.empty() ? std::string() : *metrics.begin();
    }
    for (const auto &row : series)
        if (row.key.metric == view.request.metric && !row.key.slice.isOverall())
            splits.insert(splitOf(row.key.slice));
    for (const auto &metric : metrics) {
        const auto definition = metrics::define(metric);
        view.metrics.push_back({metric, definition.title});
    }
    std::ranges::stable_sort(view.metrics, {}, &MetricChoice::title);
    view.splits.assign(splits.begin(), splits.end());
    if (!splits.contains(view.request.split))
        view.request.split.clear();
}

/// The values of all lines, of one unit of time where there are several.
Result<std::vector<std::vector<store::ObservationRow>>> readLines(MetricView &view, const std::vector<Candidate> &candidates, database::Connection &connection)
{
    std::vector<std::vector<store::ObservationRow>> lines;
    for (const auto &candidate : candidates) {
        auto rows = store::readObservations(connection, candidate.series);
        if (!rows)
            return rows.error();
        lines.push_back(std::move(*rows));
    }
    view.units = unitsOf(lines);
    std::string &unit = view.request.unit;
    if (view.units.size() < 2) {
        view.units.clear();
        unit.clear();
        return lines;
    }
    if (unit != kEveryUnit && std::ranges::find(view.units, unit) == view.units.end())
        unit = commonestUnit(lines);
    if (unit != kEveryUnit)
        for (auto &line : lines)
            std::erase_if(line, [&](const store::ObservationRow &row) { return unitOf({fromMillis(row.windowStart), fromMillis(row.windowEnd)}) != unit; });
    return lines;
}

std::vector<report::ChartMarker> markersOf(const std::vector<store::VersionRow> &versions, const std::vector<report::MetricLine> &lines)
{
    std::optional<Instant> first;
    std::optional<Instant> last;
    for (const auto &line : lines) {
        if (line.observations.empty())
            continue;
        first = std::min(first.value_or(Instant::max()), line.observations.front().window.end);
        last = std::max(last.value_or(Instant::min()), line.observations.back().window.end);
    }
    std::vector<report::ChartMarker> markers;
    for (const auto &row : versions)
        if (first && row.version.createdAt >= *first && row.version.createdAt <= *last)
            markers.push_back({row.version.createdAt, versionName(row.version.label)});
    std::ranges::sort(markers, {}, &report::ChartMarker::time);
    return markers;
}

std::string idOf(const MetricRequest &request)
{
    return "metric/" + request.version.text() + "/" + request.metric + "/" + request.split + "/" + request.unit;
}

/// What people look at first where no limit says what matters. What names an attribute or a column ("accuracy_difference.sex",
/// "psi/income") compares groups or windows and comes last.
std::size_t placeAtAGlance(std::string_view metric)
{
    static constexpr auto kFirst = std::to_array<std::string_view>({"auc", "accuracy", "brier", "recall", "precision", "f1", "macro_f1", "r2", "rmse", "mae", "log_loss"});
    const auto place = std::size_t(std::ranges::find(kFirst, metric) - kFirst.begin());
    return metric.find_first_of("./:") == std::string_view::npos ? place : kFirst.size() + 1;
}

} // namespace

Result<std::vector<MetricTile>> readTiles(services::Session &session, const VersionId &version)
{
    database::Connection &connection = session.connection();
    const auto row = store::versionRow(connection, version, session.now());
    if (!row)
        return row.error();
    const auto model = store::findModel(connection, row->version.model);
    if (!model)
        return model.error();
    const auto rules = rulesFor(connection, *model);
    if (!rules)
        return rules.error();
    auto series = store::listSeries(connection, version, true, kTileValues);
    if (!series)
        return series.error();
    const auto verdicts = store::listVerdicts(connection, version, session.now());
    if (!verdicts)
        return verdicts.error();

    std::vector<MetricTile> tiles;
    const auto add = [&](const store::SeriesRow *found, const Verdict *verdict) -> Status {
        const bool isThere = !found || std::ranges::any_of(tiles, [&](const MetricTile &tile) { return tile.metric == found->key.metric; });
        if (isThere || tiles.size() >= kMostTiles)
            return {};
        auto tile = readTile(connection, *found, verdict, *rules);
        if (!tile)
            return tile.error();
        tiles.push_back(std::move(*tile));
        return {};
    };
    for (const auto &verdict : *verdicts)
        if (const auto status = add(newestOf(*series, verdict.metric, verdict.slice), &verdict); !status)
            return status.error();
    std::ranges::stable_sort(*series, {}, [](const store::SeriesRow &one) { return std::pair(placeAtAGlance(one.key.metric), -one.count); });
    for (const auto &one : *series)
        if (one.key.slice.isOverall() && one.count > 1)
            if (const auto status = add(&one, nullptr); !status)
                return status.error();
    return tiles;
}

Result<MetricView> readMetric(services::Session &session, const MetricRequest &request)
{
    database::Connection &connection = session.connection();
    MetricView view;
    view.request = request;
    const auto model = store::findModel(connection, request.model);
    if (!model)
        return model.error();
    const auto rules = rulesFor(connection, *model);
    if (!rules)
        return rules.error();
    const auto versions = store::listVersions(connection, request.model, session.now());
    if (!versions)
        return versions.error();

    const auto measured = readMeasured(session, *versions, request);
    if (!measured)
        return measured.error();
    if (measured->empty())
        return Error{ErrorKind::NotFound, "There is no version " + request.version.text() + " of " + model->name + ".", {}};
    fillChoices(view, measured->front().series, measured->front().verdicts);
    std::vector<Candidate> candidates;
    for (const auto &version : *measured) {
        auto some = candidatesOf(version, view.request);
        candidates.insert(candidates.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    view.groups = candidates.size();
    // The line of everybody stays; of many groups those that are judged worst are drawn.
    if (candidates.size() > kMostLines) {
        std::ranges::stable_sort(candidates, {}, [](const Candidate &candidate) { return std::pair(!candidate.isReference, candidate.state); });
        candidates.resize(kMostLines);
    }
    const auto values = readLines(view, candidates, connection);
    if (!values)
        return values.error();
    std::vector<report::MetricLine> lines;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Candidate &candidate = candidates[i];
        report::MetricLine &line = lines.emplace_back(report::MetricLine{candidate.name, candidate.key.slice, candidate.isReference, observationsOf(values->at(i)), {}});
        if (const auto status = candidate.facts->addTo(line, candidate.key, values->at(i), connection); !status)
            return status.error();
    }
    view.spec = std::make_shared<report::ChartSpec>(
        report::metricChart(idOf(view.request), view.request.metric, lines, *rules, markersOf(*versions, lines)));
    return view;
}

} // namespace countersign::pages
