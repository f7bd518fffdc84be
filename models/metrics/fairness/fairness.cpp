#include "models/metrics/fairness/fairness.h"

#include "models/metrics/drift/distributions.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace countersign::metrics {

namespace {

Options valuesOnly(const Options &options)
{
    return {options.convention, options.level, false};
}

Proportion effective(const Counts &counts, BinaryMetric metric)
{
    const Share value = share(counts, metric);
    const double scale = effectiveSize(counts, 1);
    return {value.part * scale, value.whole * scale};
}

bool haveShares(const Counts &group, const Counts &reference, BinaryMetric metric)
{
    return isShare(metric) && share(group, metric).whole > 0 && share(reference, metric).whole > 0;
}

/// group / reference under the convention in force.
Figure ratio(double group, double reference, std::uint64_t rows, Convention convention)
{
    if (reference != 0)
        return Figure::of(group / reference, rows);
    if (convention == Convention::Countersign)
        return Figure::undefined(Reason::ReferenceZero, rows);
    if (group == 0)
        return Figure::undefined(Reason::AllZero, rows);
    return convention == Convention::Aif360 ? Figure::undefined(Reason::Infinite, rows) : Figure::of(0, rows);
}

/// One metric's values over the groups that take part.
struct Values {
    std::vector<int> members;
    std::vector<double> values;
};

struct Sorted {
    Disparity disparity; ///< counts filled, figure not yet
    Values values;
};

Sorted takingPart(std::span<const Group> groups, BinaryMetric metric, const Options &options, const Participation &participation)
{
    Sorted sorted;
    const std::uint64_t smallest = std::max<std::uint64_t>(1, smallestGroup(participation, options));
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const Group &group = groups[i];
        if (group.isMissing && !participation.includeMissing) {
            ++sorted.disparity.missing;
            continue;
        }
        if (group.counts.rows < smallest) {
            ++sorted.disparity.small;
            continue;
        }
        const Figure value = figure(group.counts, metric, valuesOnly(options));
        if (!value.isDefined()) {
            ++sorted.disparity.undefined;
            continue;
        }
        ++sorted.disparity.used;
        sorted.disparity.figure.n += group.counts.rows;
        sorted.values.members.push_back(static_cast<int>(i));
        sorted.values.values.push_back(value.value);
    }
    sorted.disparity.members = sorted.values.members;
    sorted.disparity.figure.excluded = static_cast<std::uint64_t>(sorted.disparity.missing + sorted.disparity.small + sorted.disparity.undefined);
    return sorted;
}

void setValue(Figure &figure, double value)
{
    figure.value = value;
    figure.reason = Reason::Defined;
}

void betweenGroups(Disparity &disparity, double lowest, double highest, Comparison comparison)
{
    if (comparison == Comparison::Difference)
        setValue(disparity.figure, highest - lowest);
    else if (highest <= 0)
        disparity.figure.reason = Reason::AllZero;
    else
        setValue(disparity.figure, lowest / highest);
}

/// Limits of a group against everybody at a level.
std::optional<Interval> overallLimits(const Counts &group, const Counts &overall, BinaryMetric metric, Comparison comparison, double level)
{
    const Counts rest = restOf(overall, group);
    if (!haveShares(group, rest, metric))
        return std::nullopt;
    const double part = share(group, metric).whole / share(overall, metric).whole;
    const Proportion first = effective(group, metric);
    const Proportion second = effective(rest, metric);
    if (comparison == Comparison::Difference) {
        Interval interval = newcombe(first, second, level);
        interval.lower *= 1 - part;
        interval.upper *= 1 - part;
        return interval;
    }
    if (share(overall, metric).part <= 0)
        return std::nullopt;
    Interval interval = second.successes > 0 ? katz(first, second, level) : Interval{0, std::numeric_limits<double>::infinity(), level, IntervalMethod::Katz};
    for (double *limit : {&interval.lower, &interval.upper})
        *limit = *limit > 0 ? 1 / (part + (1 - part) / *limit) : 0;
    return interval;
}

/// Of the largest distance of a group from everybody, or of the smallest ratio: see the header.
std::optional<Interval> furthestLimits(std::span<const Group> groups, const std::vector<int> &members, BinaryMetric metric, Comparison comparison,
                                       const Counts &overall, double level)
{
    const double together = std::pow(level, 1 / static_cast<double>(members.size()));
    const bool isDifference = comparison == Comparison::Difference;
    double sure = isDifference ? 0 : 1;     // at least this far
    double possible = isDifference ? 0 : 1; // at most
    for (const int member : members) {
        const Counts &counts = groups[static_cast<std::size_t>(member)].counts;
        const auto wide = overallLimits(counts, overall, metric, comparison, together);
        const auto plain = overallLimits(counts, overall, metric, comparison, level);
        if (!wide || !plain)
            return std::nullopt;
        if (isDifference) {
            sure = std::max({sure, wide->lower, -wide->upper});
            possible = std::max({possible, std::abs(plain->lower), std::abs(plain->upper)});
        } else {
            sure = std::min({sure, wide->upper, wide->lower > 0 ? 1 / wide->lower : 1});
            possible = std::min({possible, plain->lower, 1 / plain->upper});
        }
    }
    return isDifference ? Interval{sure, possible, level, IntervalMethod::Simultaneous} : Interval{possible, sure, level, IntervalMethod::Simultaneous};
}

/// Largest distance from the whole, or the smallest of value / whole and its inverse.
void againstOverall(Disparity &disparity, const Values &values, const Figure &whole, Comparison comparison, Convention convention)
{
    if (!whole.isDefined()) {
        disparity.figure.reason = Reason::ReferenceUndefined;
        return;
    }
    if (comparison == Comparison::Difference) {
        double largest = 0;
        for (const double value : values.values)
            largest = std::max(largest, std::abs(value - whole.value));
        setValue(disparity.figure, largest);
        return;
    }
    if (whole.value <= 0 && convention == Convention::Countersign) {
        disparity.figure.reason = Reason::ReferenceZero;
        return;
    }
    std::optional<double> smallest;
    for (const double value : values.values) {
        if (value == 0 && whole.value == 0)
            continue;
        const double one = value <= whole.value ? value / whole.value : whole.value / value;
        smallest = smallest ? std::min(*smallest, one) : one;
    }
    if (smallest)
        setValue(disparity.figure, *smallest);
    else
        disparity.figure.reason = Reason::AllZero;
}

double combine(double one, double two, Comparison comparison, bool mean)
{
    if (mean)
        return (one + two) / 2;
    return comparison == Comparison::Difference ? std::max(one, two) : std::min(one, two);
}

/// Limits of the mean of two independent differences, each with its own limits.
std::optional<Interval> meanOfDifferences(const Figure &one, const Figure &two, double level)
{
    if (!one.interval || !two.interval)
        return std::nullopt;
    const double centre = (one.value + two.value) / 2;
    return Interval{centre - std::hypot(one.value - one.interval->lower, two.value - two.interval->lower) / 2,
                    centre + std::hypot(one.interval->upper - one.value, two.interval->upper - two.value) / 2, level,
                    IntervalMethod::SquareAndAdd};
}

/// Both parts compared; when exactly one is defined the figure is undefined and carries it in `at`.
std::optional<Figure> missingPart(const Figure &truePositive, const Figure &falsePositive)
{
    if (truePositive.isDefined() && falsePositive.isDefined())
        return std::nullopt;
    if (!truePositive.isDefined() && !falsePositive.isDefined())
        return truePositive;
    const Figure &defined = truePositive.isDefined() ? truePositive : falsePositive;
    Figure figure = Figure::undefined(Reason::PartUndefined, defined.n);
    figure.at = defined.value;
    return figure;
}

} // namespace

std::uint64_t smallestGroup(const Participation &participation, const Options &options)
{
    constexpr std::uint64_t kSmallestGroup = 30;
    return participation.smallest.value_or(options.convention == Convention::Countersign ? kSmallestGroup : 1);
}

Figure compare(const Counts &group, const Counts &reference, BinaryMetric metric, Comparison comparison, const Options &options,
               bool scoreInterval)
{
    const std::uint64_t rows = group.rows + reference.rows;
    const Figure one = figure(group, metric, valuesOnly(options));
    const Figure two = figure(reference, metric, valuesOnly(options));
    if (!two.isDefined())
        return Figure::undefined(Reason::ReferenceUndefined, rows);
    if (!one.isDefined())
        return Figure::undefined(Reason::GroupUndefined, rows);
    Figure result = comparison == Comparison::Difference ? Figure::of(one.value - two.value, rows)
                                                         : ratio(one.value, two.value, rows, options.convention);
    if (!options.intervals || !result.isDefined() || !haveShares(group, reference, metric))
        return result;
    const Proportion first = effective(group, metric);
    const Proportion second = effective(reference, metric);
    if (comparison == Comparison::Difference)
        result.interval = scoreInterval ? scoreDifference(first, second, options.level) : newcombe(first, second, options.level);
    else if (second.successes > 0)
        result.interval = scoreInterval ? scoreRatio(first, second, options.level) : katz(first, second, options.level);
    return result;
}

Figure comparisonTest(const Counts &group, const Counts &reference, BinaryMetric metric)
{
    const std::uint64_t rows = group.rows + reference.rows;
    if (!isShare(metric) || share(reference, metric).whole <= 0)
        return Figure::undefined(Reason::ReferenceUndefined, rows);
    if (share(group, metric).whole <= 0)
        return Figure::undefined(Reason::GroupUndefined, rows);
    const Proportion one = effective(group, metric);
    const Proportion two = effective(reference, metric);
    const double pooled = (one.successes + two.successes) / (one.size + two.size);
    if (pooled <= 0 || pooled >= 1)
        return Figure::undefined(Reason::OneCategory, rows);
    const double difference = one.successes / one.size - two.successes / two.size;
    const double z = difference / std::sqrt(pooled * (1 - pooled) * (1 / one.size + 1 / two.size));
    Figure p = Figure::of(2 * normalCdf(-std::abs(z)), rows);
    p.at = z;
    return p;
}

Figure compareWithOverall(const Counts &group, const Counts &overall, BinaryMetric metric, Comparison comparison, const Options &options)
{
    Figure result = compare(group, overall, metric, comparison, valuesOnly(options));
    result.n = overall.rows;
    if (options.intervals && result.isDefined() && isShare(metric))
        result.interval = overallLimits(group, overall, metric, comparison, options.level);
    return result;
}

Counts restOf(const Counts &overall, const Counts &group)
{
    const auto left = [](double all, double part) { return std::max(0.0, all - part); };
    return {left(overall.tp, group.tp), left(overall.fp, group.fp), left(overall.fn, group.fn), left(overall.tn, group.tn),
            left(overall.squares, group.squares), overall.rows - std::min(overall.rows, group.rows)};
}

Figure averageOdds(const Counts &group, const Counts &reference, bool absolute, const Options &options)
{
    const Figure tpr = compare(group, reference, BinaryMetric::Recall, Comparison::Difference, options);
    const Figure fpr = compare(group, reference, BinaryMetric::FalsePositiveRate, Comparison::Difference, options);
    if (const auto incomplete = missingPart(tpr, fpr))
        return *incomplete;
    if (absolute)
        return Figure::of((std::abs(tpr.value) + std::abs(fpr.value)) / 2, tpr.n);
    Figure figure = Figure::of((tpr.value + fpr.value) / 2, tpr.n);
    figure.interval = meanOfDifferences(tpr, fpr, options.level);
    return figure;
}

Figure equalizedOdds(const Counts &group, const Counts &reference, bool mean, const Options &options)
{
    const Figure tpr = compare(group, reference, BinaryMetric::Recall, Comparison::Difference, valuesOnly(options));
    const Figure fpr = compare(group, reference, BinaryMetric::FalsePositiveRate, Comparison::Difference, valuesOnly(options));
    if (const auto incomplete = missingPart(tpr, fpr))
        return *incomplete;
    return Figure::of(combine(std::abs(tpr.value), std::abs(fpr.value), Comparison::Difference, mean), tpr.n);
}

Disparity disparity(std::span<const Group> groups, BinaryMetric metric, Comparison comparison, const Options &options,
                    const Participation &participation, Baseline baseline, const Counts &all)
{
    Sorted sorted = takingPart(groups, metric, options, participation);
    Disparity &result = sorted.disparity;
    const auto &values = sorted.values.values;
    // One group differs from no other: Fairlearn answers 0, which says nothing.
    if (values.size() < (options.convention == Convention::Fairlearn ? 1U : 2U)) {
        result.figure.reason = Reason::TooFewGroups;
        return result;
    }
    const auto [lowest, highest] = std::ranges::minmax_element(values);
    result.lowest = sorted.values.members[static_cast<std::size_t>(lowest - values.begin())];
    result.highest = sorted.values.members[static_cast<std::size_t>(highest - values.begin())];
    if (baseline == Baseline::BetweenGroups)
        betweenGroups(result, *lowest, *highest, comparison);
    else
        againstOverall(result, sorted.values, figure(all, metric, valuesOnly(options)), comparison, options.convention);
    if (baseline == Baseline::Overall && result.figure.isDefined() && options.intervals && isShare(metric)) {
        result.figure.interval = furthestLimits(groups, result.members, metric, comparison, all, options.level);
        if (auto &interval = result.figure.interval) {
            interval->lower = std::min(interval->lower, result.figure.value);
            interval->upper = std::max(interval->upper, result.figure.value);
        }
    }
    return result;
}

Disparity equalizedOdds(std::span<const Group> groups, Comparison comparison, bool mean, const Options &options,
                        const Participation &participation, Baseline baseline, const Counts &all)
{
    Options part = options;
    part.level = std::sqrt(options.level); // the limits of both rates hold together
    const Disparity tpr = disparity(groups, BinaryMetric::Recall, comparison, part, participation, baseline, all);
    const Disparity fpr = disparity(groups, BinaryMetric::FalsePositiveRate, comparison, part, participation, baseline, all);
    const bool isTprDeciding = fpr.figure.isDefined()
        ? tpr.figure.isDefined() && combine(tpr.figure.value, fpr.figure.value, comparison, false) == tpr.figure.value
        : true;
    Disparity result = isTprDeciding ? tpr : fpr;
    std::vector<int> members;
    std::ranges::set_union(tpr.members, fpr.members, std::back_inserter(members));
    result.members = std::move(members);
    result.used = static_cast<int>(result.members.size());
    std::vector<int> both;
    std::ranges::set_intersection(tpr.members, fpr.members, std::back_inserter(both));
    const int candidates = static_cast<int>(tpr.members.size()) + tpr.undefined;
    result.undefined = candidates - static_cast<int>(both.size()); // at least one of the two rates
    result.figure.excluded = static_cast<std::uint64_t>(result.missing + result.small + result.undefined);
    result.figure.interval.reset();
    if (const auto incomplete = missingPart(tpr.figure, fpr.figure)) {
        result.figure.value = 0;
        result.figure.reason = incomplete->reason;
        result.figure.at = incomplete->at;
        return result;
    }
    setValue(result.figure, combine(tpr.figure.value, fpr.figure.value, comparison, mean));
    if (baseline == Baseline::Overall && tpr.figure.interval && fpr.figure.interval)
        result.figure.interval = Interval{combine(tpr.figure.interval->lower, fpr.figure.interval->lower, comparison, mean),
                                          combine(tpr.figure.interval->upper, fpr.figure.interval->upper, comparison, mean),
                                          options.level, IntervalMethod::Simultaneous};
    return result;
}

std::string disparityKey(BinaryMetric metric, Comparison comparison)
{
    std::string name(key(metric));
    if (metric == BinaryMetric::SelectionRate)
        name = "demographic_parity";
    else if (metric == BinaryMetric::Recall)
        name = "equal_opportunity";
    else if (metric == BinaryMetric::Precision)
        name = "predictive_parity";
    return name + (comparison == Comparison::Difference ? "_difference" : "_ratio");
}

Counts overall(std::span<const Group> groups)
{
    Counts sum;
    for (const Group &group : groups)
        sum += group.counts;
    return sum;
}

} // namespace countersign::metrics
