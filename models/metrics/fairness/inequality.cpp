#include "models/metrics/fairness/inequality.h"

#include "models/metrics/intervals/intervals.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace countersign::metrics {

namespace {

struct Benefit {
    double value = 0;
    double weight = 0;
};

/// GE(alpha) of weighted benefits >= 0.
Figure entropy(std::span<const Benefit> benefits, double alpha, std::uint64_t rows)
{
    double weight = 0;
    double sum = 0;
    for (const Benefit &benefit : benefits) {
        weight += benefit.weight;
        sum += benefit.weight * benefit.value;
    }
    if (weight <= 0)
        return Figure::undefined(Reason::NoRows, rows);
    if (sum <= 0)
        return Figure::undefined(Reason::AllZero, rows);
    const double mean = sum / weight;
    double total = 0;
    for (const Benefit &benefit : benefits) {
        if (benefit.weight <= 0)
            continue;
        const double relative = benefit.value / mean;
        if (alpha == 1)
            total += relative > 0 ? benefit.weight * relative * std::log(relative) : 0;
        else if (alpha <= 0 && relative <= 0)
            return Figure::undefined(Reason::Infinite, rows);
        else if (alpha == 0)
            total -= benefit.weight * std::log(relative);
        else
            total += benefit.weight * (std::pow(relative, alpha) - 1) / (alpha * (alpha - 1));
    }
    return Figure::of(total / weight, rows);
}

} // namespace

namespace {

/// GE is f(Σ w g(b) , mean b): its slope by the share of a benefit b.
double slope(double benefit, double mean, double value, double alpha)
{
    const double relative = benefit / mean;
    if (alpha == 1) // mean[r ln r] with r = b / mean: the mean's own slope is −(1 + GE) / mean
        return (relative > 0 ? relative * std::log(relative) : 0) - relative * (1 + value);
    if (alpha == 0)
        return -std::log(relative) + relative;
    const double scale = alpha * (alpha - 1);
    return (std::pow(relative, alpha) - alpha * relative * (scale * value + 1)) / scale;
}

} // namespace

Figure generalizedEntropy(const Counts &counts, double alpha, const Options &options)
{
    const std::array<Benefit, 3> benefits{{{0, counts.fn}, {1, counts.tp + counts.tn}, {2, counts.fp}}};
    Figure figure = entropy(benefits, alpha, counts.rows);
    const double total = counts.total();
    const double effective = total > 0 ? effectiveSize(counts, total) : 0;
    if (!figure.isDefined() || !options.intervals || effective <= 1)
        return figure;
    const double mean = (counts.tp + counts.tn + 2 * counts.fp) / total;
    double first = 0;
    double second = 0;
    for (const Benefit &benefit : benefits) {
        if (benefit.weight <= 0)
            continue;
        const double own = slope(benefit.value, mean, figure.value, alpha);
        first += benefit.weight / total * own;
        second += benefit.weight / total * own * own;
    }
    const double error = std::sqrt(std::max(0.0, second - first * first) / (effective - 1));
    if (error <= 0) // every benefit is the same: no width to tell
        return figure;
    figure.interval = normalTheory(figure.value, error, options.level, 0, std::numeric_limits<double>::infinity());
    figure.interval->method = IntervalMethod::DeltaMethod;
    return figure;
}

Figure betweenGroupEntropy(std::span<const Counts> groups, double alpha)
{
    std::vector<Benefit> benefits;
    std::uint64_t rows = 0;
    for (const Counts &group : groups) {
        rows += group.rows;
        const double weight = group.total();
        if (weight > 0)
            benefits.push_back({(group.tp + group.tn + 2 * group.fp) / weight, weight});
    }
    return entropy(benefits, alpha, rows);
}

Figure theilIndex(const Counts &counts, const Options &options)
{
    return generalizedEntropy(counts, 1, options);
}

} // namespace countersign::metrics
