// The threshold on a plot: its line and grip, and what is read there.

#include "ui/charts/canvas/strokes.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/plotlayers.h"
#include "ui/charts/plot/plotwording.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

namespace countersign::charts {

namespace {

using report::PlotPanel;

std::size_t handleIndex(const report::PlotSpec &spec)
{
    return static_cast<std::size_t>(report::handlePanel(spec) - spec.panels.data());
}

/// Names of series are painted with the handle where they stand beside the plot: what is read belongs to them.
void paintReadings(QPainter &painter, const report::PlotSpec &spec, const PlotFrame &frame, const Look &look, double at)
{
    const PlotPanel &panel = spec.panels.front();
    const QFont font = look.font(theme::Type::Secondary);
    const QFontMetricsF metrics(font);
    const double right = frame.sideBox.right();
    const auto writeRight = [&](double edge, double baseline, const QString &text) { painter.drawText(QPointF(edge - metrics.horizontalAdvance(text), baseline), text); };
    const bool isShares = panel.handle->reading == report::HandleReading::Shares;
    painter.setFont(look.font(theme::Type::Secondary, QFont::DemiBold));
    painter.setPen(look.tokens->text);
    painter.drawText(QPointF(frame.sideBox.left(), frame.sideBox.top() + metrics.ascent()), handleLabel(panel, at));
    painter.setFont(font);
    painter.setPen(look.tokens->tertiary);
    if (isShares) {
        const double baseline = frame.sideBox.top() + look.px(22) + metrics.ascent();
        writeRight(right - frame.sideValue, baseline, QCoreApplication::translate("Chart", "below"));
        writeRight(right, baseline, QCoreApplication::translate("Chart", "from there"));
    }
    const report::NumberFormat percent{1, true, {}};
    const auto readings = report::readingsAt(panel, at);
    painter.setPen(look.tokens->text);
    for (std::size_t i = 0; i < frame.side.size(); ++i) {
        if (i >= readings.size())
            break;
        const report::Reading &reading = readings[i];
        const double baseline = frame.side[i].box.top() + (look.px(22) - metrics.height()) / 2 + metrics.ascent();
        if (isShares && std::isfinite(reading.value)) {
            writeRight(right - frame.sideValue, baseline, valueText(percent, reading.left));
            writeRight(right, baseline, valueText(percent, reading.right));
        } else {
            writeRight(right, baseline, isShares ? valueText(percent, std::nan("")) : valueText(panel.formatOf(panel.series[reading.series]), reading.value));
        }
    }
}

} // namespace

QRectF handleGrip(const report::PlotSpec &spec, const PlotFrame &frame, const Look &look, double at)
{
    const PanelFrame &panel = frame.panels[handleIndex(spec)];
    const double x = panel.x.pixel(at);
    return {x - look.px(7), panel.plot.top() - look.px(18), look.px(14), look.px(16)};
}

void paintHandle(QPainter &painter, const report::PlotSpec &spec, const PlotFrame &frame, const Look &look, double at, bool isHot)
{
    const Saved saved(painter);
    const std::size_t index = handleIndex(spec);
    const PanelFrame &panel = frame.panels[index];
    if (!panel.x.holds(at))
        return;
    const double x = std::round(panel.x.pixel(at));
    const QColor ink = isHot ? look.tokens->accentHover : look.tokens->focus;
    hairline(painter, x - look.px(0.5), panel.plot.top() - look.px(4), look.px(isHot ? 2.4 : 1.6), panel.plot.height() + look.px(4), ink);
    if (!panel.strip.isNull())
        hairline(painter, x - look.px(0.5), panel.strip.top(), look.px(1.6), panel.strip.height(), ink);
    const QRectF grip = handleGrip(spec, frame, look, at);
    if (spec.panels[index].handle->isMovable) {
        painter.setPen(QPen(look.tokens->page, look.px(1)));
        painter.setBrush(ink);
        painter.drawRoundedRect(grip, look.px(4), look.px(4));
        painter.setPen(QPen(look.tokens->page, look.px(1.2)));
        for (const double off : {-2.0, 2.0})
            painter.drawLine(QPointF(grip.center().x() + look.px(off), grip.top() + look.px(4)), QPointF(grip.center().x() + look.px(off), grip.bottom() - look.px(4)));
    }
    if (frame.sideValue > 0)
        return paintReadings(painter, spec, frame, look, at);
    const QFont font = look.font(theme::Type::Small, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    const QString text = handleLabel(spec.panels[index], at);
    const double width = metrics.horizontalAdvance(text);
    const bool goesLeft = grip.right() + look.px(6) + width > frame.size.width();
    const double left = goesLeft ? grip.left() - look.px(6) - width : grip.right() + look.px(6);
    paintHaloText(painter, {left, grip.center().y() + metrics.capHeight() / 2}, text, font, look.tokens->text, look.tokens->page, look.px(4));
}

} // namespace countersign::charts
