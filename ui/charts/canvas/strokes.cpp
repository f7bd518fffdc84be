#include "ui/charts/canvas/strokes.h"

#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <QPolygonF>
#include <array>
#include <cmath>
#include <numbers>

namespace countersign::charts {

Saved::Saved(QPainter &p) : painter(p)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setLayoutDirection(Qt::LeftToRight); // time and numbers run to the right in every language
}

void hairline(QPainter &painter, double x, double y, double width, double height, const QColor &colour)
{
    painter.fillRect(QRectF(std::round(x), std::round(y), std::max(1.0, width), std::max(1.0, height)), colour);
}

void paintHaloText(QPainter &painter, QPointF at, const QString &text, const QFont &font, const QColor &ink, const QColor &ground, double width)
{
    const Saved saved(painter);
    const QFontMetricsF metrics(font);
    // A plate rather than an outline of the letters: those would be a second, unsearchable copy of the text in a PDF.
    QColor plate = ground;
    plate.setAlphaF(0.8F);
    const QRectF box(at.x() - width / 2, at.y() - metrics.ascent() + 1, metrics.horizontalAdvance(text) + width, metrics.height() - 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(plate);
    painter.drawRoundedRect(box, 2, 2);
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(at, text);
}

void paintBreachHatch(QPainter &painter, const QPainterPath &zone, const QRectF &plot, const Look &look)
{
    if (zone.isEmpty())
        return;
    const Saved saved(painter);
    painter.setClipPath(zone.simplified(), Qt::IntersectClip);
    QColor colour = look.tokens->mark(theme::State::Fail);
    colour.setAlpha(look.tokens->breachAlpha);
    painter.setPen(QPen(colour, look.px(1)));
    for (double x = plot.left() - plot.height(); x < plot.right(); x += look.px(9))
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x + plot.height(), plot.top()));
}

namespace {

/// A regular polygon, first corner up; every second corner at `inner` of the radius makes a star.
QPolygonF corners(QPointF at, int count, double radius, double inner = 1)
{
    QPolygonF polygon;
    for (int i = 0; i < count; ++i) {
        const double angle = -std::numbers::pi / 2 + 2 * std::numbers::pi * i / count;
        const double reach = i % 2 == 1 ? radius * inner : radius;
        polygon << at + QPointF(std::cos(angle), std::sin(angle)) * reach;
    }
    return polygon;
}

} // namespace

void paintMarker(QPainter &painter, QPointF at, std::size_t slot, bool isReference, bool isHollow, const Look &look)
{
    const Saved saved(painter);
    const QColor colour = look.seriesColour(slot, isReference);
    painter.setPen(QPen(colour, look.px(1.4)));
    painter.setBrush(isHollow ? look.tokens->page : colour);
    if (isReference) {
        const double half = look.px(3.5);
        painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half));
        return;
    }
    switch (slot % 6) {
    case 0: painter.drawEllipse(at, look.px(3.6), look.px(3.6)); return;
    case 1: painter.drawRect(QRectF(at.x() - look.px(3.4), at.y() - look.px(3.4), look.px(6.8), look.px(6.8))); return;
    case 2: painter.drawPolygon(corners(at, 4, look.px(4.6))); return;
    case 3: painter.drawPolygon(corners(at, 3, look.px(4.6))); return;
    case 4: painter.drawPolygon(corners(at, 5, look.px(4.4))); return;
    default: painter.drawPolygon(corners(at, 10, look.px(5), 0.45)); return;
    }
}

void paintFocusFrame(QPainter &painter, const QRectF &box)
{
    const theme::Tokens &tokens = theme::current();
    const double half = tokens.focusWidth / 2;
    painter.setPen(QPen(tokens.focus, tokens.focusWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box.adjusted(half, half, -half, -half), theme::radius::kCard, theme::radius::kCard);
}

void paintReadout(QPainter &painter, QPointF at, const QRectF &bounds, const QString &text, const Look &look)
{
    const QFont font = look.font(theme::Type::Secondary);
    const double pad = look.px(8);
    const double width = std::min(look.px(260), bounds.width() - look.px(24));
    const QRectF needed = QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 1e4), Qt::TextWordWrap, text);
    QRectF box(0, 0, needed.width() + 2 * pad, needed.height() + 1.5 * pad);
    const bool goesLeft = at.x() + look.px(14) + box.width() > bounds.right();
    box.moveTopLeft({goesLeft ? at.x() - look.px(14) - box.width() : at.x() + look.px(14), at.y() - box.height() - look.px(10)});
    box.moveTop(std::max(bounds.top(), std::min(box.top(), bounds.bottom() - box.height())));
    box.moveLeft(std::max(bounds.left(), box.left()));
    painter.setPen(QPen(look.tokens->control, 1));
    painter.setBrush(look.tokens->toolTip);
    painter.drawRoundedRect(box.toAlignedRect(), theme::radius::kControl, theme::radius::kControl);
    painter.setFont(font);
    painter.setPen(look.tokens->toolTipText);
    painter.drawText(box.adjusted(pad, pad * 0.75, -pad + 2, 0), Qt::TextWordWrap | Qt::TextDontClip, text);
}

} // namespace countersign::charts
