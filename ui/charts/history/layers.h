#pragma once

#include "models/report/chartspec.h"
#include "ui/charts/history/frame.h"

class QPainter;

/// What is drawn around, below and above the lines of the QChart, as vectors. All functions leave the painter as they found it.
namespace countersign::charts {

/// Title, legend, y title.
void paintHead(QPainter &painter, const report::ChartSpec &spec, const Frame &frame, const Look &look);
/// Grid, breach zone, gaps, axes with their labels: below the lines.
void paintGround(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look);
/// Limits, breaches, version flags, direct labels: above the lines. `breaches` are drawn whether or not `drawn` holds them.
void paintMarks(QPainter &painter, const report::ChartSpec &drawn, const std::vector<report::ChartPoint> &breaches, const Frame &frame,
                const Look &look);
/// Bars of n on the same time axis.
void paintStrip(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look);
/// Series of more pieces than kMaxPieces, lines and bands, which buildChart leaves out.
void paintPieces(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look);

} // namespace countersign::charts
