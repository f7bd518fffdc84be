#include "ui/charts/plot/labelplaces.h"

#include <algorithm>
#include <cmath>

namespace countersign::charts {

using report::PlotMark;
using report::PlotPoint;

bool LabelPlaces::isFree(const QRectF &box) const
{
    return std::ranges::none_of(m_taken, [&](const QRectF &taken) { return taken.intersects(box); });
}

std::optional<QRectF> LabelPlaces::take(const std::vector<QRectF> &boxes)
{
    std::optional<QRectF> best;
    std::ptrdiff_t least = 0;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const QRectF &box = boxes[i];
        if (!m_frame.plot.contains(box) || !isFree(box))
            continue;
        const auto onLines = std::ranges::count_if(ink(), [&](const QPointF &at) { return box.adjusted(-2, -1, 2, 1).contains(at); });
        const auto covered = onLines + static_cast<std::ptrdiff_t>(i / 6) * 2; // rather a little on a line than far away
        if (!best || covered < least) {
            best = box;
            least = covered;
        }
    }
    if (best)
        occupy(*best);
    return best;
}

/// Places along all lines, a few pixels apart: what a label should not cover.
const std::vector<QPointF> &LabelPlaces::ink()
{
    if (m_isInkKnown)
        return m_ink;
    m_isInkKnown = true;
    const auto add = [this](QPointF from, QPointF to) {
        const double length = std::hypot(to.x() - from.x(), to.y() - from.y());
        const int count = std::clamp(static_cast<int>(length / 5), 1, 400);
        for (int i = 0; i <= count; ++i)
            m_ink.push_back(from + (to - from) * i / count);
    };
    for (const report::PlotRule &rule : m_panel.rules) {
        const double level = m_frame.y.pixel(rule.at);
        if (rule.along == report::Along::Y && m_frame.y.holds(rule.at))
            add({m_frame.plot.left(), level}, {m_frame.plot.right(), level});
    }
    for (const report::PlotSeries &series : m_panel.series) {
        if (series.mark != PlotMark::Line && series.mark != PlotMark::Step)
            continue;
        for (std::size_t i = 1; i < series.points.size(); ++i) {
            const PlotPoint &before = series.points[i - 1];
            const PlotPoint &after = series.points[i];
            if (!before.hasValue() || !after.hasValue())
                continue;
            const QPointF from = m_frame.at(before.at, before.value);
            const QPointF corner = series.mark == PlotMark::Step ? m_frame.at(after.at, before.value) : from;
            add(from, corner);
            add(corner, m_frame.at(after.at, after.value));
        }
    }
    return m_ink;
}

} // namespace countersign::charts
