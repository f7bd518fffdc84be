#pragma once

#include "models/report/chartspec.h"

#include <vector>

namespace countersign::report {

/// More lines than this cannot be told apart in one chart.
inline constexpr std::size_t kMaxLinesInOne = 6;

/// The chart as one small chart per series that is not a reference, all with the same axes, limits and markers; the reference lines stand in
/// each. A chart of at most kMaxLinesInOne series comes back as it is.
std::vector<ChartSpec> smallMultiples(const ChartSpec &spec);

} // namespace countersign::report
