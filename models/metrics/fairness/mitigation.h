#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"
#include "models/metrics/fairness/fairness.h"
#include "models/metrics/ranking/ranking.h"

/// What if the threshold were another one, or one per group: the best accuracy under a fairness constraint,
/// and what each step costs. Descriptive; group-specific thresholds may be unlawful, the window says so.
namespace countersign::metrics {

/// A group's score table: weighted counts of rows with score >= threshold, thresholds strictly descending, from a curve or
/// from a histogram (thresholds are then the bins' lower edges). "Nobody selected" is implied before the first point.
struct ScoreTable {
    std::vector<CurvePoint> points;
    double positives = 0;
    double negatives = 0;

    static ScoreTable of(const Curve &curve) { return {curve.points(), curve.positives(), curve.negatives()}; }
    /// score >= threshold is positive; rows are taken as unweighted.
    Counts at(double threshold) const;
};

enum class Constraint : std::uint8_t {
    DemographicParity, ///< selection rates
    EqualOpportunity,  ///< true positive rates
    EqualizedOdds,     ///< true and false positive rates, the worse of the two
};
/// "demographic_parity", "equal_opportunity", "equalized_odds".
std::string_view key(Constraint constraint);

/// "demographic_parity", … ; nothing for other words.
std::optional<Constraint> parseConstraint(std::string_view key);

/// What a wrong decision costs, compared with the other kind. "Best" below is the choice with the lowest cost; with equal costs, the
/// most accurate one.
struct Costs {
    double falsePositive = 1;
    double falseNegative = 1;

    double of(const Counts &counts) const { return falsePositive * counts.fp + falseNegative * counts.fn; }
    bool operator==(const Costs &) const = default;
};

struct SearchOptions {
    Costs costs;
    std::span<const ScoreTable> bystanders; ///< also decided by a common threshold and counted, but nothing is asked of their rates
    unsigned threads = 1; ///< changes no result
    Progress progress;
};

struct ThresholdChoice {
    std::vector<double> thresholds; ///< one per group; +infinity selects nobody
    std::vector<Counts> counts;     ///< per group at these thresholds
    double accuracy = 0;            ///< over all groups
    double disparity = 0;           ///< max − min of the constrained rate, the larger for equalized odds
};

/// Any thresholds, one per group. Invalid: no groups, sizes differ, or a group has no rate that the constraint asks for
/// (no rows; no positives; no negatives): the message says which group, counted from 1.
Result<ThresholdChoice> evaluate(std::span<const ScoreTable> groups, std::span<const double> thresholds, Constraint constraint);

/// Accuracy and disparity along one common threshold: all distinct scores and "nobody", thinned to about `steps`, descending.
Result<std::vector<ThresholdChoice>> commonThresholds(std::span<const ScoreTable> groups, Constraint constraint, int steps = 200);

/// The best common threshold with disparity <= tolerance; exact over all distinct scores. "Nobody selected" always qualifies. Cancelled.
Result<ThresholdChoice> commonThreshold(std::span<const ScoreTable> groups, Constraint constraint, double tolerance, const SearchOptions &options = {});

/// One threshold per group: the best choice with disparity <= tolerance. A band as wide as the tolerance slides over the rates that the
/// groups can reach and each group takes its best threshold inside. Exact while those rates are no more than `steps`; beyond, the band
/// starts at `steps` evenly spread ones. Equalized odds slides both bands, with at most 300 starts each. Thresholds are deterministic:
/// no randomised mixing (Hardt et al. 2016 mix). Cancelled.
Result<ThresholdChoice> groupThresholds(std::span<const ScoreTable> groups, Constraint constraint, double tolerance, int steps = 2000,
                                        const SearchOptions &options = {});

/// Best accuracy for each allowed disparity: no point is beaten in both. By rising disparity, at most about `steps`. Bands start at
/// fewer places than those of groupThresholds(). Costs do not matter here. Cancelled.
Result<std::vector<ThresholdChoice>> frontier(std::span<const ScoreTable> groups, Constraint constraint, bool perGroup, int steps = 50,
                                              const SearchOptions &options = {});

/// Kamiran and Calders 2012: weight of (group, label) = P(group) P(label) / P(group, label), which makes label and group independent.
/// Nothing where a group has no such rows.
struct Reweighing {
    std::optional<double> negative;
    std::optional<double> positive;
};
std::vector<Reweighing> reweighing(std::span<const Counts> groups);

} // namespace countersign::metrics
