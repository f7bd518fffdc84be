#include "ui/charts/plot/plotlayers.h"

#include "ui/charts/canvas/strokes.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/plotwording.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

using report::Along;
using report::PlotPanel;

QRectF bandBox(const report::PlotBand &band, const PanelFrame &frame)
{
    const Scale &scale = band.along == Along::X ? frame.x : frame.y;
    const double one = band.from ? scale.pixel(*band.from) : scale.from;
    const double other = band.to ? scale.pixel(*band.to) : scale.to;
    QRectF box = frame.plot;
    if (band.along == Along::X) {
        box.setLeft(std::min(one, other));
        box.setRight(std::max(one, other));
    } else {
        box.setTop(std::min(one, other));
        box.setBottom(std::max(one, other));
    }
    return box & frame.plot;
}

void paintBands(QPainter &painter, const PlotPanel &panel, const PanelFrame &frame, const Look &look, report::BandStyle style)
{
    QPainterPath breach;
    for (const report::PlotBand &band : panel.bands) {
        const QRectF box = bandBox(band, frame);
        if (band.style != style || box.isEmpty())
            continue;
        if (style == report::BandStyle::Breach) {
            breach.addRect(box);
            continue;
        }
        painter.fillRect(box, look.acceptedColour());
        painter.setPen(QPen(look.tokens->axis, look.px(1), Qt::DotLine));
        for (const auto &end : {band.from, band.to}) { // the edges, for those who do not see the tint
            if (end && band.along == Along::X && frame.x.holds(*end))
                painter.drawLine(QPointF(frame.x.pixel(*end), frame.plot.top()), QPointF(frame.x.pixel(*end), frame.plot.bottom()));
            else if (end && band.along == Along::Y && frame.y.holds(*end))
                painter.drawLine(QPointF(frame.plot.left(), frame.y.pixel(*end)), QPointF(frame.plot.right(), frame.y.pixel(*end)));
        }
    }
    paintBreachHatch(painter, breach, frame.plot, look);
}

void paintXAxis(QPainter &painter, const PlotPanel &panel, const PanelFrame &frame, const Look &look, double width)
{
    painter.setFont(look.font(theme::Type::Axis));
    const QFontMetricsF metrics(painter.font());
    const bool hasGrid = panel.isSideways() || panel.isEqualAspect;
    double free = -1e9;
    for (const AxisTick &tick : frame.x.ticks) {
        const double x = frame.x.pixel(tick.value);
        if (hasGrid)
            hairline(painter, x, frame.plot.top(), 1, frame.plot.height(), look.tokens->grid);
        hairline(painter, x, frame.plot.bottom(), 1, look.px(tick.text.isEmpty() ? 3 : 4), look.tokens->axis);
        const double half = metrics.horizontalAdvance(tick.text) / 2;
        const double left = std::clamp(x - half, 0.0, std::max(0.0, width - 2 * half));
        if (tick.text.isEmpty() || left < free)
            continue;
        painter.setPen(look.tokens->secondary);
        painter.drawText(QPointF(left, frame.plot.bottom() + look.px(6) + metrics.ascent()), tick.text);
        free = left + 2 * half + look.px(6);
    }
    hairline(painter, frame.plot.left(), frame.plot.bottom(), frame.plot.width(), 1, look.tokens->axis);
}

void paintYAxis(QPainter &painter, const PlotPanel &panel, const PanelFrame &frame, const Look &look)
{
    if (panel.isSideways()) {
        for (std::size_t i = 1; i + 1 < frame.y.rowEdges.size(); ++i)
            hairline(painter, frame.plot.left(), frame.y.rowEdges[i], frame.plot.width(), 1, look.tokens->grid);
        return;
    }
    painter.setFont(look.font(theme::Type::Axis));
    const QFontMetricsF metrics(painter.font());
    for (const AxisTick &tick : frame.y.ticks) {
        const double y = frame.y.pixel(tick.value);
        hairline(painter, frame.plot.left(), y, frame.plot.width(), 1, look.tokens->grid);
        painter.setPen(look.tokens->secondary);
        painter.drawText(QPointF(frame.plot.left() - look.px(8) - metrics.horizontalAdvance(tick.text), y + metrics.capHeight() / 2), tick.text);
    }
}

void paintPlotStrip(QPainter &painter, const PlotPanel &panel, const PanelFrame &frame, const Look &look)
{
    if (!panel.strip || frame.strip.isNull())
        return;
    painter.setFont(look.font(theme::Type::Axis));
    const QFontMetricsF metrics(painter.font());
    painter.setPen(look.tokens->tertiary);
    painter.drawText(frame.stripTitle, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, shown(panel.strip->title));
    painter.save();
    painter.setClipRect(frame.strip.adjusted(0, -1, 0, 1), Qt::IntersectClip);
    QColor fill = look.tokens->tertiary;
    fill.setAlphaF(0.55F);
    double most = 0;
    for (const report::PlotPoint &bar : panel.strip->bars) {
        if (!bar.from || !bar.to || !(bar.value > 0))
            continue;
        const double left = frame.x.pixel(*bar.from);
        const double right = frame.x.pixel(*bar.to);
        const double height = bar.value / std::max(1e-300, frame.stripTop) * frame.strip.height();
        const double gap = right - left > 4 ? 1 : 0;
        painter.fillRect(QRectF(left, frame.strip.bottom() - height, std::max(1.0, right - left - gap), height), fill);
        most = std::max(most, bar.value);
    }
    painter.restore();
    hairline(painter, frame.strip.left(), frame.strip.bottom(), frame.strip.width(), 1, look.tokens->axis);
    painter.setPen(look.tokens->secondary);
    for (const double count : {0.0, most}) {
        const QString text = shortCount(count);
        const double y = frame.strip.bottom() - count / std::max(1e-300, frame.stripTop) * frame.strip.height();
        painter.drawText(QPointF(frame.strip.left() - look.px(8) - metrics.horizontalAdvance(text), y + metrics.capHeight() / 2), text);
    }
}

void paintRowNames(QPainter &painter, const PlotFrame &frame, const Look &look)
{
    const QFont plain = look.font(theme::Type::Body);
    const QFont strong = look.font(theme::Type::Body, QFont::DemiBold);
    const QFont small = look.font(theme::Type::Axis);
    for (const RowName &row : frame.rows) {
        const QFontMetricsF metrics(row.isStrong ? strong : plain);
        const double name = metrics.boundingRect(QRectF(0, 0, row.box.width(), 1e6), Qt::TextWordWrap | Qt::TextWrapAnywhere, row.name).height();
        const double detail = row.detail.isEmpty() || row.isInline ? 0 : QFontMetricsF(small).boundingRect(QRectF(0, 0, row.box.width(), 1e6), Qt::TextWordWrap, row.detail).height();
        double y = row.box.center().y() - (name + detail) / 2;
        painter.setFont(row.isStrong ? strong : plain);
        painter.setPen(look.tokens->text);
        painter.drawText(QRectF(row.box.left(), y, row.box.width(), name), Qt::AlignLeft | Qt::TextWordWrap | Qt::TextWrapAnywhere | Qt::TextDontClip, row.name);
        y += name;
        painter.setFont(small);
        painter.setPen(look.tokens->tertiary);
        if (row.isInline) {
            painter.drawText(QPointF(row.box.left() + metrics.horizontalAdvance(row.name) + look.px(8), y - name + metrics.ascent()), row.detail);
            continue;
        }
        painter.drawText(QRectF(row.box.left(), y, row.box.width(), detail), Qt::AlignLeft | Qt::TextWordWrap | Qt::TextDontClip, row.detail);
    }
}

} // namespace

void paintPlotHead(QPainter &painter, const report::PlotSpec &spec, const PlotFrame &frame, const Look &look)
{
    paintHead(painter, shown(spec.title), shown(spec.subtitle), frame.head, look);
    const Saved saved(painter);
    const auto write = [&](const QRectF &box, const std::string &text, const QFont &font, const QColor &ink) {
        painter.setFont(font);
        painter.setPen(ink);
        if (!box.isNull())
            painter.drawText(box, Qt::AlignLeft | Qt::TextWordWrap | Qt::TextDontClip, shown(text));
    };
    const QFont axis = look.font(theme::Type::Axis);
    for (std::size_t i = 0; i < frame.panels.size(); ++i) {
        const PanelFrame &panel = frame.panels[i];
        write(panel.title, spec.panels[i].title, look.font(theme::Type::Secondary, QFont::DemiBold), look.tokens->text);
        write(panel.subtitle, spec.panels[i].subtitle, axis, look.tokens->tertiary);
        write(panel.yTitle, spec.panels[i].y.title, axis, look.tokens->tertiary);
        write(panel.xTitle, spec.panels[i].x.title, axis, look.tokens->tertiary);
    }
    paintRowNames(painter, frame, look);
    for (const LegendEntry &entry : frame.side)
        paintLegendEntry(painter, entry, look);
}

void paintPlotGround(QPainter &painter, const report::PlotSpec &drawn, const PlotFrame &frame, const Look &look)
{
    const Saved saved(painter);
    for (std::size_t i = 0; i < frame.panels.size(); ++i) {
        const PlotPanel &panel = drawn.panels[i];
        const PanelFrame &place = frame.panels[i];
        paintBands(painter, panel, place, look, report::BandStyle::Accepted);
        paintYAxis(painter, panel, place, look);
        paintXAxis(painter, panel, place, look, frame.size.width());
        paintBands(painter, panel, place, look, report::BandStyle::Breach);
        paintPlotStrip(painter, panel, place, look);
        if (panel.hasDiagonal) {
            painter.setPen(QPen(look.tokens->axis, look.px(1.2)));
            const double low = std::max(place.x.low, place.y.low);
            const double high = std::min(place.x.high, place.y.high);
            painter.drawLine(place.at(low, low), place.at(high, high));
        }
    }
    if (!drawn.isEmpty())
        return;
    QRectF box = frame.panels.empty() ? QRectF(0, frame.head.bottom, frame.size.width(), frame.size.height() - frame.head.bottom) : frame.panels.front().plot;
    box.setRight(frame.size.width());
    painter.setFont(look.font(theme::Type::Secondary));
    painter.setPen(look.tokens->tertiary);
    painter.drawText(box, Qt::AlignCenter | Qt::TextWordWrap | Qt::TextDontClip, emptyText(drawn));
}

} // namespace countersign::charts
