#include "models/report/chartspec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace countersign::report {

std::vector<std::size_t> slotsOf(std::span<const std::size_t> places)
{
    // The colour that a reference is drawn in comes last.
    static constexpr std::array<std::size_t, kSlots> kOrder{0, 1, 2, 3, 5, 4};
    std::array<bool, kSlots> isTaken{};
    std::vector<std::size_t> ranks(places.size());
    std::vector<std::size_t> late; // groups for which there was no colour of their own
    for (std::size_t i = 0; i < places.size(); ++i) {
        ranks[i] = places[i] % kSlots;
        if (places[i] < kSlots)
            isTaken[ranks[i]] = true;
        else
            late.push_back(i);
    }
    for (const std::size_t i : late) {
        if (isTaken[ranks[i]])
            if (const auto free = std::ranges::find(isTaken, false); free != isTaken.end())
                ranks[i] = static_cast<std::size_t>(free - isTaken.begin());
        isTaken[ranks[i]] = true;
    }
    std::vector<std::size_t> slots;
    for (const std::size_t rank : ranks)
        slots.push_back(kOrder[rank]);
    return slots;
}

bool ChartSpec::isEmpty() const
{
    for (const ChartSeries &one : series) {
        if (std::ranges::any_of(one.points, &ChartPoint::hasValue))
            return false;
    }
    return true;
}

std::optional<std::pair<Instant, Instant>> timeRange(const ChartSpec &spec)
{
    if (spec.timeSpan)
        return spec.timeSpan;
    std::optional<std::pair<Instant, Instant>> range;
    for (const ChartSeries &series : spec.series) {
        if (series.points.empty())
            continue;
        const Instant first = series.points.front().time;
        const Instant last = series.points.back().time;
        range = range ? std::pair(std::min(range->first, first), std::max(range->second, last)) : std::pair(first, last);
    }
    return range;
}

namespace {

void extend(std::optional<std::pair<double, double>> &range, double value)
{
    if (!std::isfinite(value))
        return;
    range = range ? std::pair(std::min(range->first, value), std::max(range->second, value)) : std::pair(value, value);
}

} // namespace

ChartFacts factsOf(const ChartSpec &spec)
{
    ChartFacts facts;
    for (const ChartSeries &series : spec.series) {
        facts.points += series.points.size();
        for (const ChartPoint &point : series.points) {
            extend(facts.values, point.value);
            if (point.hasInterval()) {
                extend(facts.values, *point.lower);
                extend(facts.values, *point.upper);
            }
            facts.hasBreach = facts.hasBreach || point.isBreach;
            facts.hasHollow = facts.hasHollow || point.isHollow;
            facts.largestN = std::max(facts.largestN, point.n.value_or(0));
        }
    }
    for (const LimitStep &step : spec.limits) {
        extend(facts.values, step.lower.value_or(std::nan("")));
        extend(facts.values, step.upper.value_or(std::nan("")));
    }
    if (spec.valueRange)
        facts.values = spec.valueRange;
    return facts;
}

std::vector<std::pair<Instant, Instant>> noDataSpans(const ChartSpec &spec)
{
    bool hasGap = false;
    for (const ChartSeries &series : spec.series)
        hasGap = hasGap || !std::ranges::all_of(series.points, &ChartPoint::hasValue);
    if (!hasGap)
        return {};

    std::map<Instant, bool> hasValueAt; // the union of all times
    for (const ChartSeries &series : spec.series) {
        for (const ChartPoint &point : series.points) {
            bool &has = hasValueAt[point.time];
            has = has || point.hasValue();
        }
    }
    std::vector<std::pair<Instant, Instant>> spans;
    for (auto it = hasValueAt.begin(); it != hasValueAt.end(); ++it) {
        if (it->second)
            continue;
        const auto first = it;
        while (std::next(it) != hasValueAt.end() && !std::next(it)->second)
            ++it;
        const auto half = [](Instant a, Instant b) { return a + (b - a) / 2; };
        const Instant start = first == hasValueAt.begin() ? first->first : half(std::prev(first)->first, first->first);
        const Instant end = std::next(it) == hasValueAt.end() ? it->first : half(it->first, std::next(it)->first);
        spans.emplace_back(start, end);
    }
    return spans;
}

std::vector<ChartPoint> withGaps(const std::vector<ChartPoint> &points)
{
    if (points.size() < 4)
        return points;
    std::vector<std::int64_t> distances;
    distances.reserve(points.size());
    for (std::size_t i = 1; i < points.size(); ++i)
        distances.push_back((points[i].time - points[i - 1].time).count());
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::nth_element(distances.begin(), middle, distances.end());
    const double longest = 1.8 * static_cast<double>(*middle);

    std::vector<ChartPoint> filled;
    filled.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const bool isHole = i > 0 && longest > 0 && static_cast<double>((points[i].time - points[i - 1].time).count()) > longest;
        if (isHole && points[i].hasValue() && points[i - 1].hasValue()) {
            ChartPoint missing;
            missing.time = points[i - 1].time + (points[i].time - points[i - 1].time) / 2;
            filled.push_back(missing);
        }
        filled.push_back(points[i]);
    }
    return filled;
}

std::vector<std::string> markersAt(const ChartSpec &spec, const ChartSeries &series, Instant time)
{
    std::vector<std::string> labels;
    if (spec.markers.empty() || series.points.empty())
        return labels;
    const auto here = std::ranges::lower_bound(series.points, time, {}, &ChartPoint::time);
    if (here == series.points.end() || here->time != time)
        return labels;
    const auto whole = timeRange(spec);
    const bool opensChart = time == whole->first;
    const bool closesChart = time == whole->second;
    const Instant before = here == series.points.begin() ? time - std::chrono::milliseconds(1) : std::prev(here)->time;
    for (const ChartMarker &marker : spec.markers) {
        const bool isFromHere = opensChart || marker.time > before;
        if (isFromHere && (closesChart || marker.time <= time) && !marker.label.empty())
            labels.push_back(marker.label);
    }
    return labels;
}

const LimitStep *limitAt(const ChartSpec &spec, Instant time)
{
    const LimitStep *found = nullptr;
    for (const LimitStep &step : spec.limits) {
        if (step.from <= time)
            found = &step;
    }
    return found;
}

} // namespace countersign::report
