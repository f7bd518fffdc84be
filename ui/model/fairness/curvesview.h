#pragma once

#include "models/computed/computedset.h"
#include "models/computed/scores/scoresummary.h"
#include "models/report/plotspec.h"

#include <string>
#include <vector>

/// Curves by group from what is kept of the scores: pure functions.
namespace countersign::pages {

enum class CurveChoice { Calibration, Roc, PrecisionRecall };

/// At most this many groups are drawn, everybody aside: more lines than that cannot be told apart.
inline constexpr std::size_t kMostCurves = 5;

/// Everybody and the largest groups of one or two attributes. Empty with its reason where the summary does not have them.
report::PlotSpec curvesOf(const computed::ComputedSet &set, const computed::ScoreSummary &scores, const std::vector<std::string> &attributes, CurveChoice choice);

} // namespace countersign::pages
