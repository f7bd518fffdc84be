#pragma once

#include "models/report/plotspec.h"
#include "ui/whatif/whatifstate.h"

/// The page's charts, from what is tried out: pure functions.
namespace countersign::pages {

/// More groups than this cannot be told apart in one chart; the largest are drawn, the table has all.
inline constexpr std::size_t kMostDrawn = 5;

/// Scores by group as steps, with the line that cuts them (chart C9).
report::PlotSpec densityPlotOf(const WhatIfState &state);

/// Rates along the threshold: of everybody, or of the chosen group while the others stay; with what lies between groups (chart C10).
report::PlotSpec sweepPlotOf(const WhatIfState &state);

/// The best accuracy for each difference between groups, and where decisions stand today and would stand.
report::PlotSpec frontierPlotOf(const WhatIfState &state, const std::vector<computed::FrontierPoint> &frontier);

/// What a threshold moves by with one key.
double thresholdStep(const computed::ScoreSource &source);

} // namespace countersign::pages
