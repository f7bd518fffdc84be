#pragma once

#include "models/report/chartspec.h"
#include "ui/charts/frame.h"

#include <QtCharts/QChart>
#include <memory>

namespace countersign::charts {

/// Above this many gap-free pieces a series is not made of QLineSeries but drawn as one path (paintPieces).
inline constexpr std::size_t kMaxPieces = 64;

/// The one place where a ChartSpec becomes a QChart, for screen and paper. The chart holds lines, bands and point marks at the
/// frame's plot area and nothing else: no title, legend, labels or grid, which layers.h draws, because Qt Charts parses labels as
/// HTML, elides them, cannot place calendar ticks, and joins lines over missing values.
/// `drawn` holds at most a few thousand points per series. GUI thread.
std::unique_ptr<QChart> buildChart(const report::ChartSpec &drawn, const Frame &frame, const Look &look);

/// True when points stand far enough apart for marks of their own.
bool hasPointMarks(const report::ChartSeries &series, const Frame &frame, const Look &look);

} // namespace countersign::charts
