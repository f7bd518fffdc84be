#include "models/metrics/intervals/spreads.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

namespace countersign::metrics {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The same on the log scale; limits at or below 0 are infinitely far.
SpreadValue logarithm(const SpreadValue &value)
{
    const double low = value.value - value.below;
    return {std::log(value.value), low > 0 ? std::log(value.value / low) : kInfinity, std::log1p(value.above / value.value)};
}

/// Pairs are looked at one by one up to this many values. Beyond, the lower limit is that of the pairs at the ends, which holds as
/// any pair's does, and the upper one adds both sides' limits, which is no less than their root of squares.
constexpr std::size_t kMostPaired = 64;

struct Ends {
    std::vector<std::size_t> highest;
    std::vector<std::size_t> lowest;
};

Ends endsOf(std::span<const SpreadValue> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    Ends ends{order, order};
    if (values.size() <= kMostPaired)
        return ends;
    std::ranges::stable_sort(ends.highest, std::greater(), [&](std::size_t i) { return values[i].value - values[i].below; });
    std::ranges::stable_sort(ends.lowest, std::less(), [&](std::size_t i) { return values[i].value + values[i].above; });
    ends.highest.resize(kMostPaired);
    ends.lowest.resize(kMostPaired);
    return ends;
}

double largestUpper(std::span<const SpreadValue> values)
{
    double upper = 0;
    if (values.size() > kMostPaired) {
        double highest = -kInfinity;
        double lowest = kInfinity;
        for (const SpreadValue &value : values) {
            highest = std::max(highest, value.value + value.above);
            lowest = std::min(lowest, value.value - value.below);
        }
        return highest - lowest;
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        for (std::size_t j = 0; j < values.size(); ++j)
            if (i != j)
                upper = std::max(upper, differenceLimits(values[i], values[j]).upper);
    return upper;
}

} // namespace

Limits differenceLimits(const SpreadValue &first, const SpreadValue &second)
{
    const double difference = first.value - second.value;
    return {difference - std::hypot(first.below, second.above), difference + std::hypot(first.above, second.below)};
}

std::optional<Limits> ratioLimits(const SpreadValue &first, const SpreadValue &second)
{
    if (!(second.value > 0) || first.value < 0)
        return std::nullopt;
    if (first.value <= 0) {
        const double low = second.value - second.below;
        return Limits{0, low > 0 ? first.above / low : kInfinity};
    }
    const Limits logs = differenceLimits(logarithm(first), logarithm(second));
    return Limits{std::exp(logs.lower), std::exp(logs.upper)};
}

Limits differenceSpread(std::span<const SpreadValue> together, std::span<const SpreadValue> plain)
{
    const auto ends = endsOf(together);
    Limits limits{0, largestUpper(plain)};
    for (const std::size_t i : ends.highest)
        for (const std::size_t j : ends.lowest)
            if (i != j)
                limits.lower = std::max(limits.lower, differenceLimits(together[i], together[j]).lower);
    return limits;
}

Limits ratioSpread(std::span<const SpreadValue> together, std::span<const SpreadValue> plain)
{
    // min / max is exp(−(max − min) of logarithms); a value of 0 makes it 0, and only its upper limit says more.
    std::vector<SpreadValue> togetherLogs;
    std::vector<SpreadValue> plainLogs;
    double highestZero = kInfinity; ///< of the values that are 0, the smallest upper limit
    for (std::size_t i = 0; i < together.size(); ++i) {
        if (together[i].value > 0) {
            togetherLogs.push_back(logarithm(together[i]));
            plainLogs.push_back(logarithm(plain[i]));
        } else {
            highestZero = std::min(highestZero, together[i].above);
        }
    }
    const Limits logs = differenceSpread(togetherLogs, plainLogs);
    Limits limits{highestZero < kInfinity ? 0 : std::exp(-logs.upper), std::exp(-logs.lower)};
    for (const SpreadValue &value : together)
        if (highestZero < kInfinity && value.value - value.below > 0)
            limits.upper = std::min(limits.upper, highestZero / (value.value - value.below));
    return limits;
}

} // namespace countersign::metrics
