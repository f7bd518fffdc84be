#pragma once

#include "models/computed/computedset.h"
#include "models/predictions/reader.h"

namespace countersign::computed {

/// Drift of every column of a log, by window and over all of it.
struct Drifts {
    std::vector<ReferenceColumn> references;
    std::vector<ComputedDrift> drifts; ///< column after column in the order of `references`: all rows first, then the windows
};

/// Compares the columns of a log with the same ones of a reference, exactly: KS and Wasserstein-1 on sorted values, the rest on bins
/// that the reference alone decides, so that yesterday's figure does not change with today's data.
///
/// Columns: score, scores of classes, decisions, label, attributes, features. Rows without a label count; weights are not used.
/// Values that are missing, NaN or infinite have no place among the others: they are counted as missing ("missing_rate", whose
/// `excluded` says how many were infinite). Of a category with more than kMostCategories values the most frequent ones of the
/// reference stand for themselves and the others for one.
///
/// The reference is another log, read with the same mapping (its times do not matter), or, without one, windows of the log itself:
/// `parameters.reference` is a window's name, or "FIRST..LAST". Then those windows are listed and marked (isReference), take no part in
/// the adjustment of p-values, and "all rows" are the rows outside the reference. A rolling window that shares rows with the reference
/// is compared all the same; its p-value is then too high.
///
/// `columns`: only these, in this order; empty: all. The same figures, to the last bit, for any order of rows and number of threads.
/// Invalid: no window of that name, no windows at all, neither reference, a column that is not there. Cancelled.
Result<Drifts> driftOf(const predictions::PredictionLog &log, const predictions::PredictionLog *reference, const Parameters &parameters,
                       const std::vector<std::string> &columns = {}, const Progress &progress = {});

/// Benjamini–Hochberg over the p-values of all columns and windows but those of the reference, anew: where columns were compared in several goes.
void adjustPValues(std::vector<ComputedDrift> &drifts);

inline constexpr std::size_t kMostCategories = 1000;

/// The mapping that a log is read with to be a reference: times and weight are not asked for.
predictions::Mapping referenceMapping(const predictions::Mapping &mapping);

/// Reads the other log, where there is one, and fills in drift and what it is measured from.
Status addDrift(const predictions::PredictionLog &log, std::optional<predictions::LogReader> reference, const Parameters &parameters,
                const predictions::ReadOptions &options, ComputedSet &set, const std::vector<std::string> &columns = {});

/// From files to drift and nothing else: the set has no cells.
Result<ComputedSet> computeDrift(predictions::LogReader reader, std::optional<predictions::LogReader> reference, const predictions::Mapping &mapping,
                                 const Parameters &parameters, const std::vector<std::string> &columns = {}, const predictions::ReadOptions &options = {});

} // namespace countersign::computed
