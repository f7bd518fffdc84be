#pragma once

#include "models/report/plotspec.h"
#include "ui/charts/plot/plotframe.h"

#include <QList>
#include <optional>
#include <vector>

namespace countersign::charts {

/// Where labels inside a plot can stand without covering each other, marked points, and more of the lines than there is a way round.
class LabelPlaces
{
public:
    LabelPlaces(const report::PlotPanel &panel, const PanelFrame &frame) : m_panel(panel), m_frame(frame) {} // borrow; must outlive this

    /// The first of the free boxes inside the plot that covers the fewest lines; it is taken from then on. Six boxes are as far away as each other.
    std::optional<QRectF> take(const std::vector<QRectF> &boxes);
    void occupy(const QRectF &box) { m_taken.append(box); }

private:
    const std::vector<QPointF> &ink();
    bool isFree(const QRectF &box) const;

    const report::PlotPanel &m_panel;
    const PanelFrame &m_frame;
    QList<QRectF> m_taken; ///< by labels and marked points
    std::vector<QPointF> m_ink;
    bool m_isInkKnown = false;
};

} // namespace countersign::charts
