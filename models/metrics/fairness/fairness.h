#pragma once

#include "models/metrics/intervals/bootstrap.h"
#include "models/metrics/intervals/intervals.h"

#include <string>

/// Disparities between groups, from their confusion counts: signed against one reference, or over all groups.
namespace countersign::metrics {

struct Group {
    Counts counts;
    bool isMissing = false; ///< the rows without a value of the attribute
};

/// Which groups take part in a disparity over groups.
struct Participation {
    std::optional<std::uint64_t> smallest; ///< rows a group needs (n_min); unset: 30, or 1 with the peers' conventions
    bool includeMissing = false; ///< let "(missing)" take part
};

enum class Comparison : std::uint8_t { Difference, Ratio };

/// group − reference, or group / reference (signed, so 0 and 1 mean equal). For demographic parity and disparate impact
/// pass SelectionRate; equal opportunity Recall; predictive parity Precision; FOR / NPV / error rate likewise; any metric works.
/// Interval: Newcombe for differences, Katz or the score interval for ratios of shares; none for F1, MCC, kappa, balanced accuracy.
/// Reference 0: undefined for Countersign, +infinity for Aif360, 0 for Fairlearn.
Figure compare(const Counts &group, const Counts &reference, BinaryMetric metric, Comparison comparison,
               const Options &options = {}, bool scoreInterval = false);
/// The same against everybody, of whom the group is a part (`overall` includes it). Interval of shares: with w the group's part of the
/// denominator, p_group − p_all = (1 − w) (p_group − p_rest) and p_group / p_all = 1 / (w + (1 − w) / (p_group / p_rest)), so from Newcombe's
/// or Katz's limits against the rest, whose rows are other rows; w is taken as given.
Figure compareWithOverall(const Counts &group, const Counts &overall, BinaryMetric metric, Comparison comparison, const Options &options = {});
/// Everybody but the group.
Counts restOf(const Counts &overall, const Counts &group);
/// p-value of "both shares are equal": pooled two-proportion z (= chi-square without Yates). Undefined when a share is, or when nothing varies.
Figure comparisonTest(const Counts &group, const Counts &reference, BinaryMetric metric);

/// Mean of the FPR and TPR differences, signed; or of their absolute values. AIF360's average (absolute) odds.
Figure averageOdds(const Counts &group, const Counts &reference, bool absolute, const Options &options = {});
/// Equalized odds against one reference: the larger absolute of the TPR and FPR differences (mean: their mean).
/// If one part is undefined: PartUndefined, with the defined part's value in `at`. No interval: an absolute value, see Disparity.
Figure equalizedOdds(const Counts &group, const Counts &reference, bool mean, const Options &options = {});

/// The size in force.
std::uint64_t smallestGroup(const Participation &participation, const Options &options);

/// A disparity over groups with who decided it and who was left out.
struct Disparity {
    Figure figure;              ///< `excluded` = small + missing + undefined
    std::optional<int> highest; ///< index of the group with the highest value
    std::optional<int> lowest;
    int used = 0;
    int small = 0;              ///< groups under the smallest size
    int missing = 0;            ///< the missing group left out
    int undefined = 0;          ///< groups where the metric has no value
    std::vector<int> members;   ///< the groups that took part, for the bootstrap
};

enum class Baseline : std::uint8_t {
    BetweenGroups, ///< max − min, min / max
    Overall,       ///< largest |group − overall|; smallest of group / overall and its inverse
};

/// `overall` is the counts of all rows (also those of groups that are left out), used for Baseline::Overall.
/// Intervals between groups are not given here: see bootstrap() with `members`. Against overall: lower limit by limits of all groups that
/// hold at once (Šidák 1967), upper limit by the plain ones, as the group that is truly furthest is one. Fewer than two groups: TooFewGroups.
Disparity disparity(std::span<const Group> groups, BinaryMetric metric, Comparison comparison,
                    const Options &options = {}, const Participation &participation = {},
                    Baseline baseline = Baseline::BetweenGroups, const Counts &overall = {});

/// Equalized odds over groups: max (or mean) of the TPR and FPR differences, min (or mean) of their ratios.
/// If one of the two is undefined: PartUndefined; `at` holds the other. highest and lowest are those of the deciding part.
Disparity equalizedOdds(std::span<const Group> groups, Comparison comparison, bool mean,
                        const Options &options = {}, const Participation &participation = {},
                        Baseline baseline = Baseline::BetweenGroups, const Counts &overall = {});

/// Names in files: "demographic_parity_difference", "demographic_parity_ratio", "equal_opportunity_difference", …,
/// "<metric>_difference" / "<metric>_ratio" where no name of its own is in use.
std::string disparityKey(BinaryMetric metric, Comparison comparison);

/// Sum of the groups' counts.
Counts overall(std::span<const Group> groups);

} // namespace countersign::metrics
