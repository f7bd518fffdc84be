#pragma once

#include "models/report/plotspec.h"
#include "ui/charts/history/head.h"
#include "ui/charts/plot/scale.h"

#include <QRectF>
#include <QString>
#include <vector>

namespace countersign::charts {

/// A label of an upright rule, above the plot.
struct RuleLabel {
    std::size_t rule = 0;
    QString text;
    QRectF box;
};

/// One row's name and what stands below it.
struct RowName {
    QString name;
    QString detail;
    bool isInline = false; ///< the detail stands behind the name, not below it
    bool isStrong = false;
    QRectF box;
};

/// Where one panel stands, in pixels at 100 % from the chart's upper left corner.
struct PanelFrame {
    QRectF title;
    QRectF subtitle;
    QRectF yTitle; ///< above the plot
    QRectF xTitle; ///< below its tick labels
    std::vector<RuleLabel> ruleLabels;
    QRectF plot;
    QRectF stripTitle;
    QRectF strip; ///< null when there is none
    double stripTop = 0; ///< value at its upper edge
    Scale x;
    Scale y;

    QPointF at(double xValue, double yValue) const { return {x.pixel(xValue), y.pixel(yValue)}; }
};

/// Where everything of a plot stands.
struct PlotFrame {
    QSizeF size;
    Head head;
    std::vector<PanelFrame> panels;
    std::vector<RowName> rows; ///< of category axes, those that are drawn
    /// The legend beside the plot instead of above it, with what the handle reads: one entry a series. Boxes hold symbol and name.
    std::vector<LegendEntry> side;
    QRectF sideBox;     ///< null when the legend is above
    double sideValue = 0; ///< width of one column of readings at the right of sideBox; 0: none
};

/// Lays out for a size. `zoom` is of the x axis of the only panel. `drawnFrom` is the number of points behind a decimated plot, or 0.
PlotFrame layOut(const report::PlotSpec &spec, const Look &look, QSizeF size, Parts parts, std::optional<std::pair<double, double>> zoom,
                 std::uint64_t drawnFrom);

/// The height at which nothing is squeezed: rows at their natural height, other plots 2 : 1 or square.
double preferredHeight(const report::PlotSpec &spec, const Look &look, double width, Parts parts);
/// The height below which text would overlap.
double leastHeight(const report::PlotSpec &spec, const Look &look, double width, Parts parts);

/// Where a point stands along the axis of places: the middle of a bin for Step and TableOnly points with edges, else its own place.
double drawnPlace(const report::PlotPanel &panel, const report::PlotSeries &series, const report::PlotPoint &point);

} // namespace countersign::charts
