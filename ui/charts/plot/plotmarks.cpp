#include "ui/charts/plot/plotlayers.h"

#include "ui/charts/canvas/strokes.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/history/builder.h"
#include "ui/charts/plot/labelplaces.h"
#include "ui/charts/plot/plotwording.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

using report::Along;
using report::PlotMark;
using report::PlotPanel;
using report::PlotPoint;
using report::PlotSeries;

/// One panel's marks.
class Marks
{
public:
    Marks(QPainter &painter, const PlotPanel &panel, const PanelFrame &frame, const Look &look) : m_painter(painter), m_panel(panel), m_frame(frame), m_look(look), m_places(panel, frame) {}

    void paintPieces()
    {
        m_painter.save();
        m_painter.setClipRect(m_frame.plot, Qt::IntersectClip);
        for (std::size_t i = 0; i < m_panel.series.size(); ++i) {
            const PlotSeries &series = m_panel.series[i];
            const bool isLine = series.mark == PlotMark::Line || series.mark == PlotMark::Step;
            const auto runs = report::pieces(series.points);
            if (!isLine || runs.size() <= kMaxPieces)
                continue;
            QPainterPath path;
            for (const auto &[first, last] : runs) {
                path.moveTo(m_frame.at(series.points[first].at, series.points[first].value));
                for (std::size_t p = first; p < last; ++p) {
                    const double end = series.mark == PlotMark::Step && p + 1 < series.points.size() ? series.points[p + 1].at : series.points[p].at;
                    path.lineTo(m_frame.at(series.points[p].at, series.points[p].value) + QPointF(p == first ? 0.01 : 0, 0)); // a lone point becomes a dot
                    path.lineTo(m_frame.at(end, series.points[p].value));
                }
            }
            m_painter.setBrush(Qt::NoBrush);
            m_painter.setPen(QPen(colour(i), m_look.px(2.2), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            m_painter.drawPath(path);
        }
        m_painter.restore();
    }

    void paintRules()
    {
        for (const report::PlotRule &rule : m_panel.rules)
            paintRule(rule);
        const QFont font = m_look.font(theme::Type::Small, QFont::DemiBold);
        m_painter.setFont(font);
        m_painter.setPen(m_look.tokens->text);
        for (const RuleLabel &label : m_frame.ruleLabels)
            m_painter.drawText(QPointF(label.box.left(), label.box.top() + QFontMetricsF(font).ascent()), label.text);
    }

    void paintIntervals()
    {
        for (std::size_t i = 0; i < m_panel.series.size(); ++i) {
            const PlotSeries &series = m_panel.series[i];
            if (series.mark != PlotMark::Points && !(series.mark == PlotMark::Line && series.hasCaps))
                continue;
            for (const PlotPoint &point : series.points) {
                if (point.hasInterval() && isInRows(point))
                    paintInterval(point, inkOf(i, point));
            }
        }
    }

    void paintPoints()
    {
        for (std::size_t i = 0; i < m_panel.series.size(); ++i) {
            const PlotSeries &series = m_panel.series[i];
            for (const PlotPoint &point : series.points) {
                if (!isInRows(point))
                    continue;
                if (series.mark == PlotMark::Points && point.hasValue())
                    paintPoint(i, point);
                else if (series.mark == PlotMark::Line && series.hasMarks && series.hasCaps && point.hasValue())
                    paintMarker(m_painter, placeOf(point), series.slot.value_or(i), isReference(i), point.isHollow, m_look); // above its interval
                if (series.mark == PlotMark::Bars && point.hasValue() && point.state && *point.state != VerdictState::NotJudged)
                    paintBarState(point);
                if (series.mark != PlotMark::TableOnly && !point.hasValue() && !point.text.empty())
                    paintWords(point, point.text);
            }
        }
    }

    /// Marks that carry a label, and all labels; those that find no free place are left to cursor and table.
    void paintLabels()
    {
        for (std::size_t i = 0; i < m_panel.series.size(); ++i) {
            const PlotSeries &series = m_panel.series[i];
            for (const PlotPoint &point : series.points) {
                if (!point.isMarked || !point.hasValue() || !isOnPlot(point))
                    continue;
                const QPointF at = placeOf(point);
                m_painter.setPen(Qt::NoPen);
                m_painter.setBrush(m_look.tokens->page);
                m_painter.drawEllipse(at, m_look.px(7), m_look.px(7));
                m_painter.setPen(QPen(colour(i), m_look.px(1.4)));
                m_painter.drawEllipse(at, m_look.px(6.4), m_look.px(6.4));
                paintMarker(m_painter, at, series.slot.value_or(i), isReference(i), false, m_look);
                m_places.occupy(QRectF(at.x() - m_look.px(8), at.y() - m_look.px(8), m_look.px(16), m_look.px(16)));
            }
        }
        for (const PlotSeries &series : m_panel.series) {
            for (const PlotPoint &point : series.points) {
                if (!point.label.empty() && point.hasValue() && isOnPlot(point))
                    paintLabel(placeOf(point), shown(point.label));
            }
        }
    }

private:
    bool isReference(std::size_t i) const { return m_panel.series[i].role == report::SeriesRole::Reference; }
    QColor colour(std::size_t i) const { return m_look.seriesColour(m_panel.series[i].slot.value_or(i), isReference(i)); }
    bool isInRows(const PlotPoint &point) const { return !m_panel.isSideways() || (point.at >= 0 && m_frame.y.holds(point.at)); }
    const Scale &valueScale() const { return m_panel.isSideways() ? m_frame.x : m_frame.y; }
    QPointF placeOf(const PlotPoint &point) const { return m_panel.isSideways() ? m_frame.at(point.value, point.at) : m_frame.at(point.at, point.value); }
    bool isOnPlot(const PlotPoint &point) const { return m_frame.plot.adjusted(-1, -1, 1, 1).contains(placeOf(point)); }

    theme::State stateOf(const PlotPoint &point) const { return point.state ? theme::stateOf(*point.state) : theme::State::NotJudged; }

    QColor inkOf(std::size_t i, const PlotPoint &point) const
    {
        if (point.isReference)
            return m_look.tokens->text;
        if (point.isHollow)
            return m_look.tokens->mark(theme::State::NotEnoughData);
        return point.state && *point.state != VerdictState::NotJudged ? m_look.tokens->mark(stateOf(point)) : colour(i);
    }

    void paintRule(const report::PlotRule &rule)
    {
        const Scale &scale = rule.along == Along::X ? m_frame.x : m_frame.y;
        if (!scale.holds(rule.at))
            return;
        QPen pen = rule.style == report::RuleStyle::Limit ? m_look.limitPen() : QPen(m_look.tokens->secondary, m_look.px(1), Qt::SolidLine, Qt::FlatCap);
        if (rule.style == report::RuleStyle::Chosen)
            pen = QPen(m_look.tokens->focus, m_look.px(1.6));
        m_painter.setPen(pen);
        const double at = std::round(scale.pixel(rule.at)) + 0.5;
        if (rule.along == Along::X) {
            const double handleRow = m_panel.handle ? m_look.px(22) : 0;
            const double top = m_frame.plot.top() - (rule.label.empty() ? 0 : m_look.px(3) + handleRow);
            m_painter.drawLine(QPointF(at, top), QPointF(at, m_frame.plot.bottom()));
            return;
        }
        m_painter.drawLine(QPointF(m_frame.plot.left(), at), QPointF(m_frame.plot.right(), at));
        if (!rule.label.empty())
            paintLevelLabel(rule, at);
    }

    void paintLevelLabel(const report::PlotRule &rule, double y)
    {
        const QFont font = m_look.font(theme::Type::Small, QFont::DemiBold);
        const QFontMetricsF metrics(font);
        const QString text = shown(rule.label);
        const double width = metrics.horizontalAdvance(text);
        std::vector<QRectF> boxes;
        for (const double top : {y - m_look.px(5) - metrics.ascent(), y + m_look.px(4)}) {
            for (const double left : {m_frame.plot.right() - width - m_look.px(6), m_frame.plot.left() + m_look.px(6), m_frame.plot.center().x() - width / 2})
                boxes.emplace_back(left, top, width, metrics.height());
        }
        if (const auto box = m_places.take(boxes))
            paintHaloText(m_painter, {box->left(), box->top() + metrics.ascent()}, text, font, m_look.tokens->text, m_look.tokens->page, m_look.px(4));
    }

    void paintInterval(const PlotPoint &point, const QColor &ink)
    {
        const Scale &scale = valueScale();
        QPen pen(ink, m_look.px(2), Qt::SolidLine, Qt::FlatCap);
        QPen cap = pen;
        if (point.isHollow)
            pen.setDashPattern({2.5, 1.8});
        const double along = m_panel.isSideways() ? m_frame.y.pixel(point.at) : m_frame.x.pixel(point.at);
        const auto at = [&](double value, double off) { return m_panel.isSideways() ? QPointF(value, along + off) : QPointF(along + off, value); };
        const double least = std::min(scale.from, scale.to);
        const double most = std::max(scale.from, scale.to);
        const double lower = scale.pixel(*point.lower);
        const double upper = scale.pixel(*point.upper);
        m_painter.setPen(pen);
        m_painter.drawLine(at(std::clamp(lower, least, most), 0), at(std::clamp(upper, least, most), 0));
        m_painter.setPen(cap);
        const double half = m_look.px(m_panel.isSideways() ? 5 : 3.5);
        for (const double end : {lower, upper}) {
            if (end >= least - 0.5 && end <= most + 0.5) {
                m_painter.drawLine(at(end, -half), at(end, half));
                continue;
            }
            const double edge = std::clamp(end, least, most); // it goes on outside: an arrow instead of a cap
            const double back = m_look.px(end < least ? 6 : -6);
            m_painter.drawLine(at(edge, 0), at(edge + back, -m_look.px(4)));
            m_painter.drawLine(at(edge, 0), at(edge + back, m_look.px(4)));
        }
    }

    void paintPoint(std::size_t i, const PlotPoint &point)
    {
        QPointF at = placeOf(point);
        if (!isOnPlot(point)) {
            at = {std::clamp(at.x(), m_frame.plot.left() + m_look.px(6), m_frame.plot.right() - m_look.px(6)), std::clamp(at.y(), m_frame.plot.top(), m_frame.plot.bottom())};
            paintWords(point, valueText(m_panel.formatOf(m_panel.series[i]), point.value).toStdString());
            return;
        }
        const double plate = m_look.px(7);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_look.tokens->page);
        if (point.hasInterval() || point.state)
            m_painter.drawEllipse(at, plate, plate); // a gap between the line of the interval and the mark
        const QColor ink = inkOf(i, point);
        if (point.isReference) {
            paintMarker(m_painter, at, 0, true, false, m_look);
        } else if (point.isHollow) {
            m_painter.setPen(QPen(ink, m_look.px(1.6)));
            m_painter.drawEllipse(at, m_look.px(4.6), m_look.px(4.6));
        } else if (point.state == VerdictState::Fail || point.state == VerdictState::Watch || point.state == VerdictState::Waived) {
            const double size = m_look.px(13);
            theme::paintState(m_painter, stateOf(point), QRectF(at.x() - size / 2, at.y() - size / 2, size, size), *m_look.tokens);
        } else if (point.state == VerdictState::Pass) {
            m_painter.setBrush(ink);
            m_painter.drawEllipse(at, m_look.px(4.4), m_look.px(4.4));
        } else {
            paintMarker(m_painter, at, m_panel.series[i].slot.value_or(i), isReference(i), false, m_look);
        }
    }

    /// The state's glyph behind the end of a bar.
    void paintBarState(const PlotPoint &point)
    {
        const double size = m_look.px(12);
        const double end = std::clamp(m_frame.x.pixel(point.value), m_frame.plot.left(), m_frame.plot.right());
        const QRectF box(std::min(end + m_look.px(7), m_frame.plot.right() - size), m_frame.y.pixel(point.at) - size / 2, size, size);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_look.tokens->page);
        m_painter.drawEllipse(box.center(), size * 0.66, size * 0.66);
        theme::paintState(m_painter, stateOf(point), box, *m_look.tokens);
    }

    /// Words in place of a value, at the low end of its row.
    void paintWords(const PlotPoint &point, const std::string &text)
    {
        if (!m_panel.isSideways())
            return; // on other plots a gap is a gap; cursor and table say why
        const QFont font = m_look.font(theme::Type::Axis);
        const QFontMetricsF metrics(font);
        const double y = m_frame.y.pixel(point.at) + metrics.capHeight() / 2;
        const double room = m_frame.plot.width() - m_look.px(12);
        QString words = shown(text);
        if (metrics.horizontalAdvance(words) > room) // the reason in brackets is said by cursor and table
            words = words.section(QStringLiteral(" ("), 0, 0);
        if (metrics.horizontalAdvance(words) > room)
            words = QStringLiteral("–");
        paintHaloText(m_painter, {m_frame.plot.left() + m_look.px(8), y}, words, font, m_look.tokens->tertiary, m_look.tokens->page, m_look.px(4));
    }

    void paintLabel(QPointF at, const QString &text)
    {
        const QFont font = m_look.font(theme::Type::Small, QFont::DemiBold);
        const QFontMetricsF metrics(font);
        const QSizeF size(metrics.horizontalAdvance(text) + m_look.px(4), metrics.height());
        const double gap = m_look.px(10);
        const double middle = at.y() - size.height() / 2;
        std::vector<QRectF> boxes;
        for (int ring = 0; ring < 5; ++ring) {
            const double off = ring * size.height();
            for (const QPointF &corner : {QPointF(at.x() + gap, middle + off), QPointF(at.x() + gap, middle - off), QPointF(at.x() - gap - size.width(), middle - off),
                                          QPointF(at.x() - gap - size.width(), middle + off), QPointF(at.x() - size.width() / 2, at.y() - gap - size.height() - off),
                                          QPointF(at.x() - size.width() / 2, at.y() + gap + off)})
                boxes.emplace_back(corner, size);
        }
        const auto box = m_places.take(boxes);
        if (!box)
            return; // cursor and table say it
        const QPointF edge(std::clamp(at.x(), box->left(), box->right()), std::clamp(at.y(), box->top(), box->bottom()));
        if (std::hypot(edge.x() - at.x(), edge.y() - at.y()) > gap * 1.5) { // too far away to belong to it by itself
            m_painter.setPen(QPen(m_look.tokens->axis, m_look.px(1)));
            m_painter.drawLine(at, edge);
        }
        paintHaloText(m_painter, {box->left() + m_look.px(2), box->top() + metrics.ascent()}, text, font, m_look.tokens->text, m_look.tokens->page, m_look.px(4));
    }

    QPainter &m_painter;
    const PlotPanel &m_panel;
    const PanelFrame &m_frame;
    const Look &m_look;
    LabelPlaces m_places;
};

/// One bar from zero to its value.
void paintBar(QPainter &painter, const PlotPoint &point, const PanelFrame &frame, const Look &look, QRectF slot, const QBrush &brush, const QColor &edge)
{
    const double zero = frame.x.pixel(std::clamp(0.0, frame.x.low, frame.x.high));
    const double end = std::clamp(frame.x.pixel(point.value), frame.plot.left(), frame.plot.right());
    const QRectF bar(QPointF(std::min(zero, end), slot.top()), QPointF(std::max(zero, end), slot.bottom()));
    painter.setBrush(brush);
    painter.setPen(QPen(edge, look.px(1)));
    if (point.isHollow) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(edge, look.px(1), Qt::DashLine));
    }
    if (bar.width() > 0.5)
        painter.drawRect(bar.adjusted(0, 0.5, -0.5, -0.5));
}

} // namespace

void paintBars(QPainter &painter, const report::PlotSpec &drawn, const PlotFrame &frame, const Look &look)
{
    const Saved saved(painter);
    for (std::size_t p = 0; p < frame.panels.size(); ++p) {
        const PlotPanel &panel = drawn.panels[p];
        const PanelFrame &place = frame.panels[p];
        const auto count = static_cast<double>(std::ranges::count(panel.series, PlotMark::Bars, &PlotSeries::mark));
        if (!panel.isSideways() || count == 0)
            continue;
        double number = 0;
        for (std::size_t i = 0; i < panel.series.size(); ++i) {
            const PlotSeries &series = panel.series[i];
            if (series.mark != PlotMark::Bars)
                continue;
            const bool isReference = series.role == report::SeriesRole::Reference;
            const std::size_t slot = series.slot.value_or(i);
            for (const PlotPoint &point : series.points) {
                if (!point.hasValue() || !place.y.holds(point.at))
                    continue;
                const double row = place.y.rowHeight(static_cast<std::size_t>(point.at));
                const double all = std::min(row * 0.72, look.px(14) * count);
                const double top = place.y.pixel(point.at) - all / 2 + all / count * number;
                paintBar(painter, point, place, look, QRectF(place.plot.left(), top, place.plot.width(), all / count), look.barBrush(slot, isReference), look.barEdge(slot, isReference));
            }
            ++number;
        }
    }
}

void paintPlotMarks(QPainter &painter, const report::PlotSpec &drawn, const PlotFrame &frame, const Look &look)
{
    const Saved saved(painter);
    for (std::size_t i = 0; i < frame.panels.size(); ++i) {
        Marks marks(painter, drawn.panels[i], frame.panels[i], look);
        marks.paintPieces();
        marks.paintIntervals();
        marks.paintRules();
        marks.paintPoints();
        marks.paintLabels();
    }
}

} // namespace countersign::charts
