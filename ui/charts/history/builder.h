#pragma once

#include "models/report/chartspec.h"
#include "ui/charts/history/frame.h"

#include <QtCharts/QChart>
#include <QtCharts/QValueAxis>
#include <memory>
#include <utility>

namespace countersign::charts {

/// Above this many gap-free pieces a series is not made of QLineSeries but drawn as one path (paintPieces).
inline constexpr std::size_t kMaxPieces = 64;

/// A QChart without anything of its own but a plot area, and its two axes, on which series are put by add().
struct BareChart {
    std::unique_ptr<QChart> chart;
    QValueAxis *x = nullptr;
    QValueAxis *y = nullptr;

    void add(QAbstractSeries *series);
    void addLine(const QList<QPointF> &values, const QPen &pen);
    void addBand(const QList<QPointF> &lower, const QList<QPointF> &upper, const QColor &colour);
    void addMarks(const QList<QPointF> &values, std::size_t slot, bool isReference, bool isHollow, const Look &look);
};
/// Ranges are of the plot's edges. Every chart has one invisible series, because QChart::mapToPosition needs one.
BareChart bareChart(QSizeF size, const QRectF &plot, std::pair<double, double> x, std::pair<double, double> y);

/// The one place where a ChartSpec becomes a QChart, for screen and paper. The chart holds lines, bands and point marks at the
/// frame's plot area and nothing else: no title, legend, labels or grid, which layers.h draws, because Qt Charts parses labels as
/// HTML, elides them, cannot place calendar ticks, and joins lines over missing values.
/// `drawn` holds at most a few thousand points per series. GUI thread.
std::unique_ptr<QChart> buildChart(const report::ChartSpec &drawn, const Frame &frame, const Look &look);

/// True when points stand far enough apart for marks of their own.
bool hasPointMarks(const report::ChartSeries &series, const Frame &frame, const Look &look);

} // namespace countersign::charts
