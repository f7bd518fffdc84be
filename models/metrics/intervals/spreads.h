#pragma once

#include <optional>
#include <span>

/// Limits of differences and ratios of independent values from each one's own limits, and of the spread over many.
namespace countersign::metrics {

/// A value and how far below and above it its limits lie.
struct SpreadValue {
    double value = 0;
    double below = 0;
    double above = 0;
};
struct Limits {
    double lower = 0;
    double upper = 0;
};

/// first − second (MOVER: Zou and Donner 2008; with Wilson limits it is Newcombe's).
Limits differenceLimits(const SpreadValue &first, const SpreadValue &second);
/// first / second of values >= 0, on the log scale. A first of 0: from 0 to its upper limit over the second's lower one (infinite
/// when that is 0). A second of 0: none.
std::optional<Limits> ratioLimits(const SpreadValue &first, const SpreadValue &second);

/// max − min: lower limit from `together`, whose limits hold for all pairs at once, upper limit from `plain`. Same values, same order.
Limits differenceSpread(std::span<const SpreadValue> together, std::span<const SpreadValue> plain);
/// min / max of values >= 0: upper limit from `together`, lower limit from `plain`. At least one value is above 0.
Limits ratioSpread(std::span<const SpreadValue> together, std::span<const SpreadValue> plain);

} // namespace countersign::metrics
