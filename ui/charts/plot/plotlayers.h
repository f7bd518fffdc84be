#pragma once

#include "models/report/plotspec.h"
#include "ui/charts/plot/plotframe.h"

#include <QtCharts/QChart>
#include <memory>

class QPainter;

/// What is drawn around, below and above the lines of a plot's QChart, as vectors.
namespace countersign::charts {

/// Title, legend, names of rows, titles of panels and axes.
void paintPlotHead(QPainter &painter, const report::PlotSpec &spec, const PlotFrame &frame, const Look &look);
/// Bands, grid, axes with their labels, strip: below the lines.
void paintPlotGround(QPainter &painter, const report::PlotSpec &drawn, const PlotFrame &frame, const Look &look);
/// Bars: below the lines, above the ground.
void paintBars(QPainter &painter, const report::PlotSpec &drawn, const PlotFrame &frame, const Look &look);
/// Rules, intervals, marks and labels: above the lines.
void paintPlotMarks(QPainter &painter, const report::PlotSpec &drawn, const PlotFrame &frame, const Look &look);
/// The handle where it stands, and what is read there.
void paintHandle(QPainter &painter, const report::PlotSpec &spec, const PlotFrame &frame, const Look &look, double at, bool isHot);
/// Where the handle can be taken.
QRectF handleGrip(const report::PlotSpec &spec, const PlotFrame &frame, const Look &look, double at);

/// Lines, steps, bands and marks of lines of one panel; `drawn` holds at most a few thousand points a series.
std::unique_ptr<QChart> buildPlot(const report::PlotPanel &drawn, const PanelFrame &panel, QSizeF size, const Look &look);

} // namespace countersign::charts
