#pragma once

#include "models/computed/cells/cellfigures.h"
#include "models/metrics/intervals/estimates.h"

/// What groups differ by: over all of them, and each against a reference.
namespace countersign::computed {

/// Outcomes of two kinds, counted in every cell: the log's own, or one class against the others.
struct CountMeasure {
    std::string suffix;                         ///< of names: ".low" for class "low"; empty
    std::vector<metrics::Counts> cells;         ///< by cell of the set
    std::vector<metrics::BinaryMetric> metrics; ///< shares, compared over groups and pairwise
    bool hasOdds = false;                       ///< equalized and average odds too
    bool hasBenefits = false;                   ///< inequality of benefits between groups
};

/// A figure that is no share of counts.
struct EstimateMeasure {
    std::string name;
    metrics::Range range;
    std::vector<metrics::Estimate> cells; ///< by cell of the set
    /// Of means: everybody in the cell's window but the cell's rows, and the cell's part of all weight. Then cell − everybody =
    /// (1 − part) (cell − rest), of rows that are not the same. Empty: no interval against everybody.
    std::vector<metrics::Estimate> rests;
    std::vector<double> parts;
};

struct Measures {
    std::vector<CountMeasure> counts;
    std::vector<EstimateMeasure> estimates;
};

/// The measures of a log of two outcomes. `sums` and `ranks` by cell of the set, or empty without scores or labels.
Measures binaryMeasures(const ComputedSet &set, bool hasLabels, std::span<const CellSums> sums, std::span<const RankFigures> ranks);

/// For each cell of the set, the cell of everybody in the same window; nothing where the set has none.
std::vector<std::optional<std::size_t>> everybodyOf(const ComputedSet &set);

/// Fills in disparities over groups and comparisons with the reference (a group, or everybody), for every attribute and combination whose
/// cells the set has, over the whole log and by window.
/// Over groups: of counts with intervals by redraws (metrics/bootstrap.h), of the rest by the studentized range (metrics/estimates.h).
/// Named by metrics::disparityKey(), and "auc_difference", "log_loss_ratio", …; "equalized_odds_difference" and "_ratio" are the
/// worse of the two rates, "equalized_odds_mean_…" their mean; "between_group_theil_index" and
/// "between_group_generalized_entropy_index" are over the groups that take part.
/// Pairwise: signed, also "average_odds" (AIF360's average odds difference), "average_absolute_odds" and "equalized_odds".
///
/// p-values are adjusted (Benjamini and Hochberg 1995) over one family: all pairs of the set, in every window, attribute,
/// combination and metric, because whoever looks for the smallest looks through all of them. A metric and its complement (recall and
/// the false negative rate …) are one test. Drifts are a family of their own, over columns and windows (drifts.h), worst slices
/// another (worst.h): they answer other questions, and are shown apart.
/// Invalid: a reference names an attribute or value that is not there.
Status addDisparities(const Measures &measures, ComputedSet &set, unsigned threads);

} // namespace countersign::computed
