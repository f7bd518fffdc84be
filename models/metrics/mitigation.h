#pragma once

#include "models/base/result.h"
#include "models/metrics/fairness.h"

/// What if the threshold were another one, or one per group: the best accuracy under a fairness constraint,
/// and what each step costs. Descriptive; group-specific thresholds may be unlawful, the window says so.
namespace countersign::metrics {

/// A group's score table: counts of rows with score >= threshold, strictly descending thresholds (Curve::points()).
/// "Nobody selected" is implied before the first point.
struct ScoreTable {
    std::vector<double> thresholds;
    std::vector<double> tp;
    std::vector<double> fp;
    double positives = 0;
    double negatives = 0;

    /// Counts at a threshold: score >= threshold is positive.
    Counts at(double threshold) const;
};

enum class Constraint : std::uint8_t { DemographicParity, EqualOpportunity, EqualizedOdds };

struct ThresholdChoice {
    std::vector<double> thresholds; ///< one per group; +infinity selects nobody
    std::vector<Counts> counts;     ///< per group at these thresholds
    double accuracy = 0;            ///< over all groups
    double disparity = 0;           ///< max − min of the constrained rate(s)
};

/// Accuracy and disparity along one common threshold, at most about `steps` points, in descending order of threshold.
std::vector<ThresholdChoice> commonThresholds(std::span<const ScoreTable> groups, Constraint constraint, int steps = 200);

/// One threshold per group: the most accurate choice with disparity <= `tolerance`. Demographic parity and equal opportunity:
/// exact on a grid of `steps` target rates (each group takes its most accurate threshold within tolerance of the target);
/// equalized odds: on the same grid with the FPR checked too. Undefined rates (a group without positives) make it Infeasible.
Result<ThresholdChoice> groupThresholds(std::span<const ScoreTable> groups, Constraint constraint, double tolerance, int steps = 1000);
/// The same with one threshold for everybody.
Result<ThresholdChoice> commonThreshold(std::span<const ScoreTable> groups, Constraint constraint, double tolerance);

/// Best accuracy for each allowed disparity: points where neither can be better without the other being worse, by rising disparity.
std::vector<ThresholdChoice> frontier(std::span<const ScoreTable> groups, Constraint constraint, bool perGroup, int steps = 100);

/// Kamiran and Calders 2012: weight of (group, label) = P(group) P(label) / P(group, label), which makes label and group independent.
/// Per group {weight of negatives, weight of positives}; nothing where a group has no such rows.
struct Reweighing {
    std::optional<double> negative;
    std::optional<double> positive;
};
std::vector<Reweighing> reweighing(std::span<const Counts> groups);

} // namespace countersign::metrics
