#pragma once

#include "models/computed/computedset.h"

namespace countersign::computed {

/// Sums of a mean over rows, by leaf: log loss, Brier score, errors of amounts.
struct LeafMean {
    double weight = 0;
    double sum = 0;     ///< Σ w x
    double squares = 0; ///< Σ w x²
    double weightSquares = 0;
    std::uint64_t rows = 0;

    void add(double value, double rowWeight);
    void add(const LeafMean &other);
    LeafMean without(const LeafMean &part) const;
};

/// What slices are searched by.
struct WorstSource {
    std::vector<metrics::Counts> counts; ///< by leaf; of metrics that follow from counts
    std::vector<LeafMean> means;         ///< by leaf; of metrics that are means
    bool isRoot = false;                 ///< the metric is the root of the mean
    bool isRanked = false;               ///< the AUC: from the table's entries
};

/// The sums of the set's worstMetric, of a log of two outcomes. Invalid: slices cannot be searched by it, or the log has no scores.
Result<WorstSource> worstSource(const Table &table, const std::vector<metrics::Counts> &byLeaf, const std::string &metric);

/// Searches all combinations of values of up to `worstDepth` attributes for those that differ most, to the worse, from all other
/// rows, and fills in worst and slicesSearched. Time does not count; "(missing)" takes part only with includeMissing.
///
/// A slice has at least the smallest size that is in force, and so have the rows outside. Slices are ranked by the limit of their
/// difference that is nearer to 0: what is left of it after its own uncertainty, so that a handful of unlucky rows does not lead.
/// Worse is lower or higher as the metric has it; for metrics without a direction the distance counts. A narrower slice is listed
/// below a wider one only if its own figure is worse. p-values are adjusted over all slices searched (Benjamini and Hochberg 1995).
///
/// Cost: one pass over distinct combinations for each choice of attributes; combinations too small are dropped before anything else
/// is computed of them. For the AUC the rows outside are not ranked again: their AUC follows from the placements of the
/// slice's rows among all; in the search their variance is that of everybody's placements, for the slices listed it is their own.
/// Cancelled.
Status addWorst(const Table &table, const WorstSource &source, ComputedSet &set, unsigned threads, const Progress &progress = {});

} // namespace countersign::computed
