#pragma once

#include "models/metrics/fairness/fairness.h"

/// Differences and ratios of figures that are no plain shares (AUC, losses, errors of amounts, F1): from each group's value and its own
/// limits, groups being disjoint and so independent.
namespace countersign::metrics {

/// A value with how far its limits lie on either side, in the place of standard errors: distance to the limit / critical value.
struct Estimate {
    double value = 0;
    Reason reason = Reason::NoRows;
    std::uint64_t rows = 0;
    bool hasErrors = false;
    double below = 0;
    double above = 0;

    bool isDefined() const { return reason == Reason::Defined; }
    /// From a figure and its interval, if it has one.
    static Estimate of(const Figure &figure);
    /// From a figure and a standard error of its own: the interval may have been cut to the range of the metric.
    static Estimate of(const Figure &figure, double standardError);
};

/// What values a metric can have: limits of its differences are cut to ±span; ratios only of values that cannot be negative.
struct Range {
    double span = 0; ///< largest difference; infinity
    bool hasRatio = true;
};

/// group − reference or group / reference. Limits: of each side's own, combined by the square root of the sum of squares (MOVER; Zou
/// and Donner 2008), which for symmetric limits is the usual normal theory of a difference, for AUCs DeLong's of independent
/// samples; ratios on the log scale. Conventions for a reference of 0 as in fairness.h. Reason NoRatio: see Range.
Figure compare(const Estimate &group, const Estimate &reference, Comparison comparison, const Range &range, const Options &options = {});
/// p-value of "both are equal": the level at which the interval of the difference would just touch 0; `at` is z.
Figure comparisonTest(const Estimate &group, const Estimate &reference);

/// Who stands for a group in a disparity.
struct EstimatedGroup {
    Estimate estimate;
    bool isMissing = false;
};

/// max − min, min / max over groups. Interval: lower limit of the spread from limits of all pairs that hold at once, by the
/// studentized range (Tukey and Kramer; conservative for unequal groups: Hayter 1984); upper limit: the largest upper one of a pair at
/// the plain level, as the pair that truly is furthest apart is one pair. So the value always lies inside, and 0 is not missed only
/// because a maximum of noisy values is above 0.
/// Baseline::Overall: largest |group − overall|; no interval, as a group is part of everybody and the two are not independent.
Disparity disparity(std::span<const EstimatedGroup> groups, Comparison comparison, const Range &range, const Options &options = {},
                    const Participation &participation = {}, Baseline baseline = Baseline::BetweenGroups, const Estimate &overall = {});

} // namespace countersign::metrics
