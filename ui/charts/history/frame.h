#pragma once

#include "models/report/chartspec.h"
#include "models/report/ticks.h"
#include "ui/charts/canvas/look.h"
#include "ui/charts/history/head.h"

#include <QRectF>
#include <QString>
#include <vector>

namespace countersign::charts {

/// The moments at the left and right edge of the plot.
struct TimeSpan {
    Instant from{};
    Instant to{};
    auto operator<=>(const TimeSpan &) const = default;
};

/// A flag on top of a marker's line.
struct Flag {
    QString text;
    double x = 0; ///< of its line
    QRectF box;   ///< empty where flags would overlap: the line stands alone, cursor and table name it
};

/// Where everything of a chart stands, in pixels at 100 % from its upper left corner. Plot and strip share left and right edge.
struct Frame {
    QSizeF size;
    Head head;
    QRectF yTitle;
    std::vector<Flag> flags;
    QRectF plot;
    QRectF strip; ///< null when the chart has none
    QRectF stripTitle;
    TimeSpan span;
    report::ValueTicks yTicks;
    report::CalendarTicks xTicks;
    double stripTop = 0; ///< n at the upper edge of the strip

    double x(Instant time) const;
    double y(double value) const;
    double stripY(double count) const;
    Instant timeAt(double x) const; ///< clamped to the span
};

/// The span that shows all points, with a margin on both sides.
TimeSpan wholeSpan(const report::ChartSpec &spec);

/// Lays out for a size. `facts` are of all points and do not depend on the span, so that zooming in time moves nothing up or down.
/// `drawnFrom` is the number of points behind a decimated chart, 0 when all are drawn.
Frame layOut(const report::ChartSpec &spec, const report::ChartFacts &facts, const Look &look, QSizeF size, TimeSpan span, Parts parts,
             std::uint64_t drawnFrom);

} // namespace countersign::charts
