#include "models/report/metricchart.h"

#include "models/computed/cells/labels.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "models/report/document.h"

#include <algorithm>
#include <array>

namespace countersign::report {

namespace {

std::string shortDate(Instant t)
{
    const std::string date = longDate(t); // "3 February 2026"
    const auto first = date.find(' ');
    const auto last = date.rfind(' ');
    return date.substr(0, first + 1) + date.substr(first + 1, 3) + date.substr(last);
}

constexpr std::size_t kMaxNotes = 5000; // beyond, a point's tooltip does without its sentence

/// "62.4 %", and never 95.0 % of a share that is below it.
std::string percentText(double share)
{
    const double tenths = std::floor(share * 1000 + 1e-9);
    return std::to_string(static_cast<int>(tenths / 10)) + "." + std::to_string(static_cast<int>(std::fmod(tenths, 10))) + " %";
}

void append(std::string &text, const std::string &sentence)
{
    text += (text.empty() || sentence.empty() ? "" : " ") + sentence;
}

ChartPoint pointOf(const Observation &observation, const ValueFacts &facts, const std::vector<Rule> &revisions, const Slice &slice, bool withNote)
{
    ChartPoint point;
    point.time = observation.window.end;
    point.value = observation.value;
    point.lower = observation.lower;
    point.upper = observation.upper;
    point.n = observation.n;
    if (const Rule *rule = policy::inForce(revisions, observation.window.end)) {
        point.state = policy::stateOf(*rule, observation);
        point.isBreach = point.state == VerdictState::Fail;
        point.isHollow = point.state == VerdictState::NotEnoughData && point.hasValue();
        if (withNote)
            point.note = policy::judge(*rule, slice, observation).sentence;
    } else if (std::isnan(observation.value)) {
        point.note = "The source could not compute this value (not a number).";
    }
    if (facts.isImmature()) {
        point.isHollow = point.hasValue();
        if (withNote)
            append(point.note, "Labels of " + percentText(*facts.labelledShare) + " of its cases have arrived; the value may still change.");
    }
    if (withNote && !facts.source.empty())
        append(point.note, "From " + facts.source + ".");
    return point;
}

std::vector<LimitStep> limitSteps(const std::vector<Rule> &revisions, Instant begin)
{
    std::vector<LimitStep> steps;
    for (const auto &rule : revisions) {
        LimitStep step;
        step.from = std::max(rule.inForceFrom, begin);
        if (!rule.isRetired) {
            if (rule.direction != Direction::AtMost)
                step.lower = rule.limit;
            if (rule.direction != Direction::AtLeast)
                step.upper = rule.direction == Direction::Within ? rule.upperLimit : rule.limit;
            step.label = (rule.revision == 1 ? "limit: " : "limit changed to ") + policy::limitText(rule);
        }
        // Revisions that began before the first value: only the last of them is seen.
        if (!steps.empty() && steps.back().from == step.from)
            steps.back() = std::move(step);
        else
            steps.push_back(std::move(step));
    }
    return steps;
}

/// "below the limit since 1 Feb 2026": the unbroken run of breaches at the end of a line; empty when its last value is none.
std::string breachSince(const ChartSeries &series)
{
    const auto judged = std::ranges::find_if(series.points.rbegin(), series.points.rend(), [](const ChartPoint &point) { return point.hasValue(); });
    if (judged == series.points.rend() || !judged->isBreach)
        return {};
    Instant since = judged->time;
    for (auto point = judged; point != series.points.rend(); ++point) {
        if (!point->hasValue())
            continue;
        if (!point->isBreach)
            break;
        since = point->time;
    }
    return shortDate(since);
}

std::string finding(const std::string &title, const ChartSpec &spec)
{
    for (const auto &series : spec.series)
        if (const std::string since = breachSince(series); !since.empty())
            return title + (spec.series.size() > 1 ? " of " + series.name : "") + " is outside its limit since " + since;
    const bool anyBreach = std::ranges::any_of(spec.series, [](const ChartSeries &series) { return std::ranges::any_of(series.points, &ChartPoint::isBreach); });
    if (anyBreach)
        return title + " is inside its limit again";
    const bool anyPass = std::ranges::any_of(spec.series, [](const ChartSeries &series) {
        return std::ranges::any_of(series.points, [](const ChartPoint &point) { return point.state == VerdictState::Pass || point.state == VerdictState::Watch; });
    });
    if (!spec.limits.empty() && anyPass)
        return title + " met its limit in every judged window";
    return title + (spec.limits.empty() ? " over time" : " is not judged yet");
}

std::string lineSentence(const ChartSeries &series, const std::string &title)
{
    std::int64_t breaches = 0;
    std::int64_t values = 0;
    const ChartPoint *last = nullptr;
    for (const auto &point : series.points) {
        if (!point.hasValue())
            continue;
        ++values;
        breaches += point.isBreach;
        last = &point;
    }
    if (!last)
        return series.name + " has no value.";
    std::string text = series.name + ": " + std::to_string(values) + (values == 1 ? " value" : " values") + ", last " + title + " " + policy::valueText(last->value) + " on "
        + shortDate(last->time);
    if (breaches)
        text += ", " + std::to_string(breaches) + (breaches == 1 ? " outside the limit" : " outside the limits in force");
    return text + ".";
}

} // namespace

bool ValueFacts::isImmature() const { return labelledShare && *labelledShare < computed::kMatureShare; }

bool waitsForLabels(const std::string &metric)
{
    constexpr std::array<std::string_view, 10> kOfColumns{"psi", "ks", "wasserstein", "js_divergence", "js_distance", "chi_square", "cramers_v", "missing_rate",
                                                          "missing_rate_change", "missing_rate_change_p"};
    constexpr std::array<std::string_view, 3> kOfLabels{kLabelledShare, "label_delay_median", "label_delay_p90"};
    constexpr std::array<std::string_view, 2> kOfEverybody{"impact_ratio", "scoring_impact_ratio"}; // by decision or score alone
    const auto slash = metric.find('/');
    if (slash != std::string::npos)
        return std::ranges::find(kOfColumns, std::string_view(metric).substr(0, slash)) == kOfColumns.end();
    return std::ranges::find(kOfLabels, metric) == kOfLabels.end() && std::ranges::find(kOfEverybody, metric) == kOfEverybody.end();
}

std::string immatureSentence(const MetricLine &line)
{
    std::size_t count = 0;
    std::size_t newest = 0;
    for (std::size_t i = 0; i < line.facts.size(); ++i)
        if (line.facts[i].isImmature() && !std::isnan(line.observations[i].value)) {
            ++count;
            newest = i;
        }
    if (count == 0)
        return {};
    return std::to_string(count) + (count == 1 ? " value of " : " values of ") + line.name + (count == 1 ? " is" : " are") + " hollow, because labels are still arriving ("
        + percentText(*line.facts[newest].labelledShare) + " on " + shortDate(line.observations[newest].window.end) + ").";
}

std::string windowText(const Window &window)
{
    using namespace std::chrono;
    const year_month_day start(floor<days>(window.start));
    const year_month_day end(floor<days>(window.end));
    const bool isMonth = start.day() == day(1) && end.day() == day(1) && window.start == Instant(sys_days(start)) && end.year() / end.month() == start.year() / start.month() + months(1);
    if (isMonth)
        return shortDate(window.start).substr(2);
    return window.start == window.end ? shortDate(window.end) : shortDate(window.start) + " to " + shortDate(window.end);
}

std::string intervalText(const Observation &observation)
{
    if (!observation.lower || !observation.upper)
        return {};
    return "[" + policy::valueText(*observation.lower) + ", " + policy::valueText(*observation.upper) + "]";
}

std::vector<Rule> revisionsFor(std::span<const Rule> rules, const std::string &metric, const Slice &slice)
{
    std::vector<Rule> revisions;
    for (const auto &rule : rules)
        if (policy::appliesTo(rule, metric, slice) && (revisions.empty() || revisions.front().id == rule.id))
            revisions.push_back(rule);
    return revisions;
}

ChartSpec metricChart(const std::string &id, const std::string &metric, std::span<const MetricLine> lines, std::span<const Rule> rules, std::vector<ChartMarker> markers)
{
    const auto definition = metrics::define(metric);
    const std::string direction(metrics::directionText(definition.better));
    ChartSpec spec;
    spec.id = id;
    spec.subtitle = direction + (direction.empty() ? "" : " · ") + "times in UTC";
    spec.yTitle = definition.title + (direction.empty() ? "" : ", " + direction);
    spec.breachName = "outside the limit";
    std::vector<Rule> drawn;
    bool isAnyImmature = false;
    bool isAnySmall = false;
    for (const auto &line : lines) {
        const auto revisions = revisionsFor(rules, metric, line.slice);
        if (drawn.empty())
            drawn = revisions;
        ChartSeries series;
        series.name = line.name;
        series.role = line.isReference ? SeriesRole::Reference : SeriesRole::Main;
        series.points.reserve(line.observations.size());
        for (std::size_t i = 0; i < line.observations.size(); ++i) {
            const Observation &observation = line.observations[i];
            const ValueFacts facts = i < line.facts.size() ? line.facts[i] : ValueFacts();
            series.points.push_back(pointOf(observation, facts, revisions, line.slice, line.observations.size() <= kMaxNotes));
            isAnyImmature = isAnyImmature || facts.isImmature();
            isAnySmall = isAnySmall || (series.points.back().isHollow && !facts.isImmature());
            if (series.points.back().hasInterval())
                series.intervalName = "interval as given by the source";
            spec.showsCounts = spec.showsCounts || observation.n.has_value();
        }
        series.points = withGaps(series.points);
        spec.series.push_back(std::move(series));
    }
    spec.hollowName = !isAnyImmature ? "not enough data" : isAnySmall ? "not enough data or labels" : "labels still arriving";
    const auto range = timeRange(spec);
    if (range && !drawn.empty()) {
        spec.limits = limitSteps(drawn, range->first);
        spec.minimumN = drawn.back().minimumN;
    }
    spec.countsTitle = "Cases n";
    spec.markers = std::move(markers);
    double largest = 0;
    for (const auto &series : spec.series)
        for (const auto &point : series.points)
            if (point.hasValue())
                largest = std::max(largest, std::fabs(point.value));
    spec.format.decimals = largest >= 100 ? 0 : largest >= 10 ? 1 : 3;
    spec.title = finding(definition.title, spec);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        spec.sentences.push_back(lineSentence(spec.series[i], definition.title));
        if (std::string sentence = immatureSentence(lines[i]); !sentence.empty())
            spec.sentences.push_back(std::move(sentence));
    }
    return spec;
}

} // namespace countersign::report
