#include "ui/charts/history/builder.h"
#include "ui/charts/plot/plotlayers.h"

#include <cmath>

namespace countersign::charts {

namespace {

using report::PlotMark;
using report::PlotPoint;
using report::PlotSeries;

/// The points of a piece in the chart's units; a step outline with both ends of every level.
QList<QPointF> outline(const PlotSeries &series, std::size_t first, std::size_t last, const PanelFrame &frame)
{
    const auto at = [&](const PlotPoint &place, double value) { return QPointF(frame.x.unit(place.at), frame.y.unit(value)); };
    QList<QPointF> line;
    for (std::size_t i = first; i < last; ++i) {
        line.append(at(series.points[i], series.points[i].value));
        const bool hasNext = i + 1 < series.points.size();
        if (series.mark == PlotMark::Step && hasNext) // also up to a gap: the level holds until there
            line.append(at(series.points[i + 1], series.points[i].value));
    }
    return line;
}

class PlotBuilder
{
public:
    PlotBuilder(const report::PlotPanel &panel, const PanelFrame &frame, QSizeF size, const Look &look)
        : m_panel(panel)
        , m_look(look)
        , m_frame(frame)
        , m_bare(bareChart(size, frame.plot, frame.x.units(), frame.y.units()))
    {
    }

    std::unique_ptr<QChart> build()
    {
        for (std::size_t i = 0; i < m_panel.series.size(); ++i)
            addGround(i);
        for (std::size_t i = 0; i < m_panel.series.size(); ++i)
            addLines(i);
        for (std::size_t i = 0; i < m_panel.series.size(); ++i)
            addMarks(i);
        return std::move(m_bare.chart);
    }

private:
    bool isLine(std::size_t i) const { return m_panel.series[i].mark == PlotMark::Line || m_panel.series[i].mark == PlotMark::Step; }
    bool isReference(std::size_t i) const { return m_panel.series[i].role == report::SeriesRole::Reference; }
    std::size_t slot(std::size_t i) const { return m_panel.series[i].slot.value_or(i); }

    void addGround(std::size_t i)
    {
        const PlotSeries &series = m_panel.series[i];
        const auto runs = report::pieces(series.points);
        if (!isLine(i) || runs.size() > kMaxPieces)
            return;
        for (const auto &[first, last] : runs) {
            QList<QPointF> lower;
            QList<QPointF> upper;
            if (series.isFilled) {
                upper = outline(series, first, last, m_frame);
                lower = {{upper.front().x(), m_frame.y.unit(m_frame.y.low)}, {upper.back().x(), m_frame.y.unit(m_frame.y.low)}};
            } else if (!series.hasCaps) {
                for (std::size_t p = first; p < last; ++p) {
                    if (!series.points[p].hasInterval())
                        continue;
                    lower.append({m_frame.x.unit(series.points[p].at), m_frame.y.unit(*series.points[p].lower)});
                    upper.append({m_frame.x.unit(series.points[p].at), m_frame.y.unit(*series.points[p].upper)});
                }
            }
            QColor colour = m_look.bandColour(slot(i), isReference(i));
            if (series.isFilled)
                colour.setAlpha(colour.alpha() * 2 / 3); // fills of several outlines lie on each other
            m_bare.addBand(lower, upper, colour);
        }
    }

    void addLines(std::size_t i)
    {
        const PlotSeries &series = m_panel.series[i];
        const auto runs = report::pieces(series.points);
        if (!isLine(i) || runs.size() > kMaxPieces)
            return;
        for (const auto &[first, last] : runs) {
            const QList<QPointF> line = outline(series, first, last, m_frame);
            QPen pen = m_look.seriesPen(slot(i), isReference(i));
            if (series.points[first].isHollow)
                pen.setWidthF(pen.widthF() / 2); // too few rows: there, but not to rely on
            if (line.size() > 1)
                m_bare.addLine(line, pen);
        }
    }

    void addMarks(std::size_t i)
    {
        const PlotSeries &series = m_panel.series[i];
        if (!isLine(i))
            return;
        QList<QPointF> filled;
        QList<QPointF> hollow;
        for (const auto &[first, last] : report::pieces(series.points)) {
            const bool isAlone = last - first == 1 && series.mark == PlotMark::Line;
            for (std::size_t p = first; p < last && (series.hasMarks || isAlone); ++p)
                (series.points[p].isHollow ? hollow : filled).append({m_frame.x.unit(series.points[p].at), m_frame.y.unit(series.points[p].value)});
        }
        m_bare.addMarks(filled, slot(i), isReference(i), false, m_look);
        m_bare.addMarks(hollow, slot(i), isReference(i), true, m_look);
    }

    const report::PlotPanel &m_panel;
    const Look &m_look;
    const PanelFrame &m_frame;
    BareChart m_bare;
};

} // namespace

std::unique_ptr<QChart> buildPlot(const report::PlotPanel &drawn, const PanelFrame &panel, QSizeF size, const Look &look)
{
    return PlotBuilder(drawn, panel, size, look).build();
}

} // namespace countersign::charts
