#pragma once

#include "models/report/plotspec.h"
#include "ui/charts/canvas/look.h"

#include <QString>
#include <utility>
#include <vector>

namespace countersign::charts {

/// A mark of an axis.
struct AxisTick {
    double value = 0;
    QString text;
};

/// From values of an axis to pixels and back.
struct Scale {
    report::AxisScale kind = report::AxisScale::Linear;
    double low = 0; ///< value at `from`; above zero when logarithmic
    double high = 1;
    double from = 0; ///< pixels
    double to = 100;
    std::vector<double> rowEdges; ///< of categories: pixels, one more than rows
    std::vector<AxisTick> ticks;

    /// What is linear in pixels: the value, or its logarithm.
    double unit(double value) const;
    /// Values that a logarithm does not have stand far outside, on the side of the low end.
    double pixel(double value) const;
    double valueAt(double pixel) const; ///< clamped to the axis
    /// Whether the pixel of a value lies on the axis.
    bool holds(double value) const;
    std::pair<double, double> units() const { return {unit(low), unit(high)}; }
    double rowHeight(std::size_t row) const { return rowEdges[row + 1] - rowEdges[row]; }
};

/// The ends of a panel's axis of values, from all that is drawn on it; `zoom` in place of an axis of places.
std::pair<double, double> valueRange(const report::PlotPanel &panel);
std::pair<double, double> placeRange(const report::PlotPanel &panel);

/// A scale without pixels: ends and ticks, at most `room / width of the widest label` of them. Ends that the axis fixes, or a zoom
/// does, stay; others become round.
Scale makeScale(const report::PlotAxis &axis, std::pair<double, double> range, bool isFixed, double room, bool isUpright, const Look &look);

} // namespace countersign::charts
