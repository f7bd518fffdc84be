#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>
#include <QPainterPath>

namespace countersign::theme {

void paintRounded(QPainter &painter, const QRectF &rect, double radius, const QColor &fill, const QColor &edge, double edgeWidth)
{
    const bool hasEdge = edge.isValid() && edge.alpha() > 0;
    if (!hasEdge && !fill.isValid())
        return;
    const double inset = hasEdge ? edgeWidth / 2 : 0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasEdge ? QPen(edge, edgeWidth) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), qMax(0.0, radius - inset), qMax(0.0, radius - inset));
    painter.restore();
}

void paintFocusRing(QPainter &painter, const QRectF &rect, double radius)
{
    const Tokens &t = current();
    paintRounded(painter, rect, radius, QColor(), t.focus, t.focusWidth);
}

void paintHairline(QPainter &painter, const QRect &line, const QColor &colour)
{
    painter.fillRect(line, colour);
}

void paintTick(QPainter &painter, const QRectF &box, const QColor &colour)
{
    const auto at = [&box](double x, double y) { return QPointF(box.x() + x * box.width() / 16, box.y() + y * box.height() / 16); };
    QPainterPath path;
    path.moveTo(at(3.8, 8.4));
    path.lineTo(at(6.8, 11.3));
    path.lineTo(at(12.2, 4.9));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, box.width() * 0.125, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.restore();
}

bool hasKeyboardFocus(const QStyleOption &option)
{
    return (option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_KeyboardFocusChange);
}

namespace parts {

QRect scrollBarPart(const QStyleOptionSlider &option, QStyle::SubControl part)
{
    const bool isAcross = option.orientation == Qt::Horizontal;
    const int length = isAcross ? option.rect.width() : option.rect.height();
    const qint64 range = qint64(option.maximum) - option.minimum;
    int slider = length;
    if (range > 0) {
        slider = int(qint64(option.pageStep) * length / (range + option.pageStep));
        slider = qBound(qMin(scaled(28), length), slider, length);
    }
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition, length - slider,
                                                      option.upsideDown);
    const auto span = [&](int from, int size) {
        const QRect r = isAcross ? QRect(from, 0, size, option.rect.height()) : QRect(0, from, option.rect.width(), size);
        return r.translated(option.rect.topLeft());
    };
    QRect result;
    switch (part) {
    case QStyle::SC_ScrollBarSlider: result = span(start, slider); break;
    case QStyle::SC_ScrollBarSubPage: result = span(0, start); break;
    case QStyle::SC_ScrollBarAddPage: result = span(start + slider, length - start - slider); break;
    case QStyle::SC_ScrollBarGroove: result = span(0, length); break;
    default: return {}; // no arrows
    }
    return QStyle::visualRect(option.direction, option.rect, result);
}

void drawScrollBar(const QStyleOptionSlider &option, QPainter &painter, const QRect &slider, QPalette::ColorRole ground)
{
    const Tokens &t = current();
    painter.fillRect(option.rect, option.palette.brush(ground));
    if (option.maximum <= option.minimum)
        return;
    const bool isBusy = (option.activeSubControls & QStyle::SC_ScrollBarSlider)
        && (option.state & (QStyle::State_MouseOver | QStyle::State_Sunken));
    const double inset = option.orientation == Qt::Vertical ? slider.width() * 0.25 : slider.height() * 0.25;
    const QRectF bar = option.orientation == Qt::Vertical ? QRectF(slider).adjusted(inset, 2, -inset, -2)
                                                          : QRectF(slider).adjusted(2, inset, -2, -inset);
    paintRounded(painter, bar, qMin(bar.width(), bar.height()) / 2, isBusy ? t.field : t.control, QColor());
}

void drawProgress(const QStyleOptionProgressBar &option, QPainter &painter)
{
    const Tokens &t = current();
    const int thick = scaled(6);
    const QRectF trough(option.rect.x(), option.rect.center().y() - thick / 2.0 + 0.5, option.rect.width(), thick);
    paintRounded(painter, trough, thick / 2.0, t.sunken, t.isHighContrast() ? t.text : QColor());
    const bool isEndless = option.minimum == option.maximum;
    QRectF done = trough;
    if (isEndless)
        done.adjust(trough.width() * 0.3, 0, -trough.width() * 0.3, 0); // a still block: at work, amount unknown
    else
        done.setWidth(trough.width() * (double(option.progress) - option.minimum) / (double(option.maximum) - option.minimum));
    if (option.direction == Qt::RightToLeft)
        done.moveRight(trough.right() - (done.x() - trough.x()));
    if (done.width() >= 1)
        paintRounded(painter, done, qMin(done.width(), double(thick)) / 2.0, t.accent, QColor());
}

} // namespace parts

} // namespace countersign::theme
