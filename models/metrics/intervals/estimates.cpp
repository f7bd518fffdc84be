#include "models/metrics/intervals/estimates.h"

#include "models/metrics/drift/distributions.h"
#include "models/metrics/intervals/spreads.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace countersign::metrics {

namespace {

/// 0 and what conventions say of it.
Figure ratioOf(double group, double reference, std::uint64_t rows, Convention convention)
{
    if (reference != 0)
        return Figure::of(group / reference, rows);
    if (convention == Convention::Countersign)
        return Figure::undefined(Reason::ReferenceZero, rows);
    if (group == 0)
        return Figure::undefined(Reason::AllZero, rows);
    return convention == Convention::Aif360 ? Figure::undefined(Reason::Infinite, rows) : Figure::of(0, rows);
}

std::optional<Interval> pairInterval(const Estimate &group, const Estimate &reference, Comparison comparison, const Range &range, double level)
{
    if (!group.hasErrors || !reference.hasErrors)
        return std::nullopt;
    const double z = normalCritical(level);
    const SpreadValue one{group.value, z * group.below, z * group.above};
    const SpreadValue two{reference.value, z * reference.below, z * reference.above};
    if (comparison == Comparison::Difference) {
        const Limits limits = differenceLimits(one, two);
        return Interval{std::max(-range.span, limits.lower), std::min(range.span, limits.upper), level, IntervalMethod::NormalTheory};
    }
    const auto limits = ratioLimits(one, two);
    if (!limits)
        return std::nullopt;
    return Interval{limits->lower, limits->upper, level, IntervalMethod::DeltaMethod};
}

/// The same number of groups comes again and again.
double rangeCritical(int groups, double level)
{
    thread_local std::map<std::pair<int, double>, double> known;
    const auto [entry, isNew] = known.try_emplace({groups, level}, 0.0);
    if (isNew)
        entry->second = studentizedRange(groups, level) / std::sqrt(2.0);
    return entry->second;
}

std::optional<Interval> spreadInterval(const std::vector<const Estimate *> &used, double value, Comparison comparison, const Range &range,
                                       const Options &options)
{
    if (!options.intervals || used.size() < 2 || !std::ranges::all_of(used, [](const Estimate *estimate) { return estimate->hasErrors; }))
        return std::nullopt;
    const auto scaled = [&](double critical) {
        std::vector<SpreadValue> values;
        for (const Estimate *estimate : used)
            values.push_back({estimate->value, critical * estimate->below, critical * estimate->above});
        return values;
    };
    const auto together = scaled(rangeCritical(static_cast<int>(used.size()), options.level));
    const auto plain = scaled(normalCritical(options.level));
    const Limits limits = comparison == Comparison::Difference ? differenceSpread(together, plain) : ratioSpread(together, plain);
    const double highest = comparison == Comparison::Difference ? range.span : 1;
    return Interval{std::clamp(limits.lower, 0.0, value), std::clamp(limits.upper, value, highest), options.level, IntervalMethod::TukeyKramer};
}

void setSpread(Disparity &result, double lowest, double highest, Comparison comparison)
{
    if (comparison == Comparison::Difference || highest > 0) {
        result.figure.value = comparison == Comparison::Difference ? highest - lowest : lowest / highest;
        result.figure.reason = Reason::Defined;
    } else {
        result.figure.reason = Reason::AllZero;
    }
}

void setAgainstOverall(Disparity &result, const std::vector<const Estimate *> &used, const Estimate &overall, Comparison comparison, const Options &options)
{
    if (!overall.isDefined()) {
        result.figure.reason = Reason::ReferenceUndefined;
        return;
    }
    double furthest = comparison == Comparison::Difference ? 0 : 1;
    bool isFound = comparison == Comparison::Difference;
    for (const Estimate *estimate : used) {
        if (comparison == Comparison::Difference) {
            furthest = std::max(furthest, std::abs(estimate->value - overall.value));
            continue;
        }
        const double low = std::min(estimate->value, overall.value);
        const double high = std::max(estimate->value, overall.value);
        if (high <= 0)
            continue;
        furthest = std::min(furthest, low / high);
        isFound = true;
    }
    if (comparison == Comparison::Ratio && overall.value == 0 && options.convention == Convention::Countersign)
        result.figure.reason = Reason::ReferenceZero;
    else if (!isFound)
        result.figure.reason = Reason::AllZero;
    else {
        result.figure.value = furthest;
        result.figure.reason = Reason::Defined;
    }
}

} // namespace

Estimate Estimate::of(const Figure &figure)
{
    Estimate estimate{figure.value, figure.reason, figure.n, false, 0, 0};
    if (figure.isDefined() && figure.interval) {
        const double z = normalCritical(figure.interval->level);
        estimate.below = (figure.value - figure.interval->lower) / z;
        estimate.above = (figure.interval->upper - figure.value) / z;
        estimate.hasErrors = std::isfinite(estimate.below) && std::isfinite(estimate.above);
    }
    return estimate;
}

Estimate Estimate::of(const Figure &figure, double standardError)
{
    return {figure.value, figure.reason, figure.n, figure.isDefined(), standardError, standardError};
}

Figure compare(const Estimate &group, const Estimate &reference, Comparison comparison, const Range &range, const Options &options)
{
    const std::uint64_t rows = group.rows + reference.rows;
    if (!reference.isDefined())
        return Figure::undefined(Reason::ReferenceUndefined, rows);
    if (!group.isDefined())
        return Figure::undefined(Reason::GroupUndefined, rows);
    if (comparison == Comparison::Ratio && !range.hasRatio)
        return Figure::undefined(Reason::NoRatio, rows);
    Figure figure = comparison == Comparison::Difference ? Figure::of(group.value - reference.value, rows)
                                                         : ratioOf(group.value, reference.value, rows, options.convention);
    if (options.intervals && figure.isDefined())
        figure.interval = pairInterval(group, reference, comparison, range, options.level);
    return figure;
}

Figure comparisonTest(const Estimate &group, const Estimate &reference)
{
    const std::uint64_t rows = group.rows + reference.rows;
    if (!reference.isDefined())
        return Figure::undefined(Reason::ReferenceUndefined, rows);
    if (!group.isDefined())
        return Figure::undefined(Reason::GroupUndefined, rows);
    if (!group.hasErrors || !reference.hasErrors)
        return Figure::undefined(Reason::TooFewRows, rows);
    const double difference = group.value - reference.value;
    const double error = difference > 0 ? std::hypot(group.below, reference.above) : std::hypot(group.above, reference.below);
    if (error <= 0)
        return Figure::undefined(Reason::OneCategory, rows);
    const double z = difference / error;
    Figure p = Figure::of(2 * normalCdf(-std::abs(z)), rows);
    p.at = z;
    return p;
}

Disparity disparity(std::span<const EstimatedGroup> groups, Comparison comparison, const Range &range, const Options &options,
                    const Participation &participation, Baseline baseline, const Estimate &overall)
{
    Disparity result;
    const std::uint64_t smallest = std::max<std::uint64_t>(1, smallestGroup(participation, options));
    std::vector<const Estimate *> used;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const Estimate &estimate = groups[i].estimate;
        if (groups[i].isMissing && !participation.includeMissing)
            ++result.missing;
        else if (estimate.rows < smallest)
            ++result.small;
        else if (!estimate.isDefined())
            ++result.undefined;
        else {
            used.push_back(&estimate);
            result.members.push_back(static_cast<int>(i));
            result.figure.n += estimate.rows;
        }
    }
    result.used = static_cast<int>(used.size());
    result.figure.excluded = static_cast<std::uint64_t>(result.missing + result.small + result.undefined);
    if (used.size() < (options.convention == Convention::Fairlearn ? 1U : 2U)) {
        result.figure.reason = Reason::TooFewGroups;
        return result;
    }
    const auto [lowest, highest] = std::ranges::minmax_element(used, {}, &Estimate::value);
    result.lowest = result.members[static_cast<std::size_t>(lowest - used.begin())];
    result.highest = result.members[static_cast<std::size_t>(highest - used.begin())];
    if (comparison == Comparison::Ratio && !range.hasRatio) {
        result.figure.reason = Reason::NoRatio;
        return result;
    }
    if (baseline == Baseline::Overall) {
        setAgainstOverall(result, used, overall, comparison, options);
        return result;
    }
    setSpread(result, (*lowest)->value, (*highest)->value, comparison);
    if (result.figure.isDefined())
        result.figure.interval = spreadInterval(used, result.figure.value, comparison, range, options);
    return result;
}

} // namespace countersign::metrics
