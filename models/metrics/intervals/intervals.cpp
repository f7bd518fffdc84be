#include "models/metrics/intervals/intervals.h"

#include "models/metrics/drift/distributions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace countersign::metrics {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double rate(Proportion p)
{
    return p.successes / p.size;
}

/// Where a falling function crosses zero between low and high, to the last bit that matters.
double crossing(const std::function<double(double)> &falling, double low, double high)
{
    for (int i = 0; i < 200; ++i) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        (falling(middle) > 0 ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

double correctionFactor(Proportion first, Proportion second, bool correction)
{
    const double size = first.size + second.size;
    return correction ? size / (size - 1) : 1;
}

/// Signed score statistic of p1 = ratio × p2: standardised p1 − ratio × p2 at the constrained estimate.
double ratioScore(Proportion first, Proportion second, double ratio, double factor)
{
    const double a = (first.size + second.size) * ratio;
    const double b = ratio * first.size + first.successes + second.size + ratio * second.successes;
    const double c = first.successes + second.successes;
    const double p2 = 2 * c / (b + std::sqrt(std::max(0.0, b * b - 4 * a * c)));
    const double p1 = std::min(1.0, ratio * p2);
    const double variance = factor * (p1 * (1 - p1) / first.size + ratio * ratio * p2 * (1 - p2) / second.size);
    const double distance = rate(first) - ratio * rate(second);
    if (variance > 0)
        return distance / std::sqrt(variance);
    return distance > 0 ? kInfinity : distance < 0 ? -kInfinity : 0;
}

/// Signed score statistic of p1 − p2 = difference; the constrained estimate maximises the likelihood, whose slope falls.
double differenceScore(Proportion first, Proportion second, double difference, double factor)
{
    const auto slope = [&](double p2) {
        const double p1 = p2 + difference;
        const auto term = [](double count, double p) { return count > 0 ? count / p : 0; };
        return term(first.successes, p1) - term(first.size - first.successes, 1 - p1)
            + term(second.successes, p2) - term(second.size - second.successes, 1 - p2);
    };
    const double p2 = crossing(slope, std::max(0.0, -difference), std::min(1.0, 1 - difference));
    const double p1 = std::clamp(p2 + difference, 0.0, 1.0);
    const double variance = factor * (p1 * (1 - p1) / first.size + p2 * (1 - p2) / second.size);
    const double distance = rate(first) - rate(second) - difference;
    if (variance > 0)
        return distance / std::sqrt(variance);
    return distance > 0 ? kInfinity : distance < 0 ? -kInfinity : 0;
}

} // namespace

Interval wilson(Proportion p, double level)
{
    Interval interval = wilsonAt(p, normalCritical(level));
    interval.level = level;
    return interval;
}

Interval wilsonAt(Proportion p, double z)
{
    constexpr double level = 0;
    if (p.size <= 0)
        return {0, 1, level, IntervalMethod::Wilson};
    const double z2 = z * z;
    const double share = rate(p);
    const double centre = share + z2 / (2 * p.size);
    const double half = z * std::sqrt(std::max(0.0, share * (1 - share) / p.size) + z2 / (4 * p.size * p.size));
    const double scale = 1 + z2 / p.size;
    return {p.successes <= 0 ? 0 : std::max(0.0, (centre - half) / scale),
            p.successes >= p.size ? 1 : std::min(1.0, (centre + half) / scale), level, IntervalMethod::Wilson};
}

Interval newcombe(Proportion first, Proportion second, double level)
{
    const double p1 = rate(first);
    const double p2 = rate(second);
    const Interval one = wilson(first, level);
    const Interval two = wilson(second, level);
    const double difference = p1 - p2;
    return {difference - std::hypot(p1 - one.lower, two.upper - p2), difference + std::hypot(one.upper - p1, p2 - two.lower), level,
            IntervalMethod::Newcombe};
}

Interval katz(Proportion first, Proportion second, double level)
{
    // All successes: half a one more leaves the variance at 0, so the score interval answers.
    if (first.successes >= first.size && second.successes >= second.size)
        return scoreRatio(first, second, level);
    const bool adjust = first.successes <= 0 || second.successes <= 0;
    const double add = adjust ? 0.5 : 0;
    const double x1 = first.successes + add;
    const double x2 = second.successes + add;
    const double n1 = first.size + add;
    const double n2 = second.size + add;
    const double centre = std::log((x1 / n1) / (x2 / n2));
    const double half = normalCritical(level) * std::sqrt(std::max(0.0, 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2));
    return {std::exp(centre - half), std::exp(centre + half), level, adjust ? IntervalMethod::KatzAdjusted : IntervalMethod::Katz};
}

Interval scoreRatio(Proportion first, Proportion second, double level, bool correction)
{
    const double z = normalCritical(level);
    const double factor = correctionFactor(first, second, correction);
    const auto bound = [&](double critical) {
        return std::exp(crossing([&](double logRatio) { return ratioScore(first, second, std::exp(logRatio), factor) - critical; },
                                 -700, 700));
    };
    // The statistic falls with the ratio: the lower limit is where it comes down to z, the upper where it reaches −z.
    const double lower = first.successes <= 0 ? 0 : bound(z);
    const double upper = second.successes <= 0 ? kInfinity : bound(-z);
    return {lower, upper, level, IntervalMethod::MiettinenNurminen};
}

Interval scoreDifference(Proportion first, Proportion second, double level)
{
    const double z = normalCritical(level);
    const double factor = correctionFactor(first, second, true);
    const double difference = rate(first) - rate(second);
    const auto bound = [&](double critical, double low, double high) {
        return crossing([&](double d) { return differenceScore(first, second, d, factor) - critical; }, low, high);
    };
    return {bound(z, -1, difference), bound(-z, difference, 1), level, IntervalMethod::MiettinenNurminen};
}

Interval normalTheory(double mean, double standardError, double level, double lowest, double highest)
{
    const double half = normalCritical(level) * standardError;
    return {std::max(lowest, mean - half), std::min(highest, mean + half), level, IntervalMethod::NormalTheory};
}

Interval squareAndAddMean(Proportion first, Proportion second, double level)
{
    const double p1 = rate(first);
    const double p2 = rate(second);
    const Interval one = wilson(first, level);
    const Interval two = wilson(second, level);
    const double mean = (p1 + p2) / 2;
    return {mean - std::hypot(p1 - one.lower, p2 - two.lower) / 2, mean + std::hypot(one.upper - p1, two.upper - p2) / 2, level,
            IntervalMethod::SquareAndAdd};
}

} // namespace countersign::metrics
