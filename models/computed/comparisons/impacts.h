#pragma once

#include "models/computed/computedset.h"

namespace countersign::computed {

/// Impact ratios of a log of two outcomes over the whole of it, for each attribute and each pair of attributes: by decisions, and, where
/// there are scores, by scores above the median of everybody. Decisions are the log's own, or those at the threshold, as in compute().
///
/// An applicant is a row with a decision (or with a finite score): the outcome need not be known. People are counted, weights are not used,
/// but a row of weight 0 is nobody. A value that is missing makes an unknown category, counted and stated. A pair with more values than
/// scoretables::kMostCellsListed is left out.
/// Invalid: attributes with too many values to be combined. Cancelled.
Result<std::vector<ComputedImpact>> impactsOf(const predictions::PredictionLog &log, const Parameters &parameters, const Progress &progress = {});

} // namespace countersign::computed
