#pragma once

#include "models/report/plotspec.h"

#include <QLocale>
#include <QString>

/// What a plot writes, in the person's locale; plain text throughout.
namespace countersign::charts {

/// "[0.681, 0.705]", empty without an interval.
QString intervalText(const report::NumberFormat &format, const report::PlotPoint &point, const QLocale &locale = {});
/// "18–24"; "1,200 to 2,400", "below 1,200"; "0.42": what a place of the plot is called.
QString placeText(const report::PlotPanel &panel, const report::PlotPoint &point, const QLocale &locale = {});
/// A title without its direction: "Recall" of "Recall, higher is better".
QString shortTitle(const std::string &title);
/// "n 1,529 · reference": below a category's name; empty without either.
QString categoryDetail(const report::PlotCategory &category, const QLocale &locale = {});
/// "women · AUC 0.812": a series in the legend.
QString legendText(const report::PlotPanel &panel, const report::PlotSeries &series, const QLocale &locale = {});
/// "no data" and why, or the value with its interval: "0.742, interval 0.700 to 0.780".
QString valueWithInterval(const report::NumberFormat &format, const report::PlotPoint &point, const QLocale &locale = {});

/// What stands at one stop of the cursor: one point, or with Positions all values of a place. For speech and the readout.
QString pointSentence(const report::PlotSpec &spec, std::size_t panel, std::size_t series, const report::PlotPoint &point, const QLocale &locale = {});
/// "Threshold 0.42. women: 31 % below, 69 % from there. …"; empty without a handle.
QString handleSentence(const report::PlotSpec &spec, double at, const QLocale &locale = {});
/// "threshold 0.42"
QString handleLabel(const report::PlotPanel &panel, double at, const QLocale &locale = {});
QString plotDescription(const report::PlotSpec &spec, const QLocale &locale = {});
QString emptyText(const report::PlotSpec &spec);

} // namespace countersign::charts
