#include "ui/charts/history/layers.h"

#include "ui/charts/canvas/wording.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

/// The series whose cases are counted: the last one that has counts, which is the one under review.
const report::ChartSeries *countedSeries(const report::ChartSpec &spec)
{
    const report::ChartSeries *found = nullptr;
    for (const report::ChartSeries &series : spec.series) {
        if (std::ranges::any_of(series.points, [](const report::ChartPoint &point) { return point.n.has_value(); }))
            found = &series;
    }
    return found;
}

/// Counts per moment: of the counted series, and where it has none, of the first other series that has.
std::vector<const report::ChartPoint *> countedPoints(const report::ChartSpec &spec)
{
    std::vector<const report::ChartPoint *> points;
    const report::ChartSeries *main = countedSeries(spec);
    if (!main)
        return points;
    const auto addAll = [&](const report::ChartSeries &series) {
        for (const report::ChartPoint &point : series.points) {
            if (point.n)
                points.push_back(&point);
        }
    };
    addAll(*main);
    for (const report::ChartSeries &series : spec.series) {
        if (&series != main)
            addAll(series);
    }
    std::ranges::stable_sort(points, {}, [](const report::ChartPoint *point) { return point->time; });
    const auto rest = std::ranges::unique(points, {}, [](const report::ChartPoint *point) { return point->time; });
    points.erase(rest.begin(), rest.end());
    return points;
}

/// What is counted, and what the dark parts and the dashed line stand for.
QString stripTitle(const report::ChartSpec &drawn)
{
    QStringList legend;
    const bool hasEvents = std::ranges::any_of(drawn.series, [](const report::ChartSeries &series) {
        return std::ranges::any_of(series.points, [](const report::ChartPoint &point) { return point.events.has_value(); });
    });
    if (hasEvents)
        legend << QCoreApplication::translate("Chart", "dark: events");
    if (drawn.minimumN)
        legend << QCoreApplication::translate("Chart", "dashed line: at least %1 needed").arg(countText(*drawn.minimumN));
    const QString title = shown(drawn.countsTitle);
    return legend.isEmpty() ? title : QStringLiteral("%1 (%2)").arg(title, legend.join(QStringLiteral("; ")));
}

double barWidth(const std::vector<const report::ChartPoint *> &points, const Frame &frame, const Look &look)
{
    double closest = look.px(43);
    for (std::size_t i = 1; i < points.size(); ++i)
        closest = std::min(closest, frame.x(points[i]->time) - frame.x(points[i - 1]->time));
    return std::clamp(closest * 0.6, 1.0, look.px(26));
}

void paintBar(QPainter &painter, const report::ChartPoint &point, const Frame &frame, const Look &look, double width)
{
    const double x = frame.x(point.time) - width / 2;
    const QRectF bar(QPointF(x, frame.stripY(static_cast<double>(*point.n))), QPointF(x + width, frame.strip.bottom()));
    if (point.isHollow && width > 4) {
        QPen edge(look.tokens->tertiary, look.px(1));
        edge.setDashPattern({2.5, 2});
        painter.setPen(edge);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, 0));
        return;
    }
    QColor fill = look.tokens->tertiary;
    fill.setAlphaF(0.55F);
    painter.fillRect(bar, fill);
    if (point.events) {
        QRectF events = bar;
        events.setTop(frame.stripY(static_cast<double>(std::min(*point.events, *point.n))));
        painter.fillRect(events, look.tokens->secondary);
    }
}

void paintScale(QPainter &painter, const Frame &frame, const Look &look)
{
    painter.setFont(look.font(theme::Type::Axis));
    painter.setPen(look.tokens->secondary);
    const QFontMetricsF metrics(painter.font());
    const double step = report::valueTicks(0, frame.stripTop, 3).step;
    const double top = std::max(step, std::floor(frame.stripTop / step) * step);
    for (const double count : {0.0, top}) {
        const QString text = shortCount(count);
        if (count <= frame.stripTop)
            painter.drawText(QPointF(frame.strip.left() - look.px(8) - metrics.horizontalAdvance(text), frame.stripY(count) + metrics.capHeight() / 2), text);
    }
}

} // namespace

void paintStrip(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look)
{
    if (frame.strip.isNull())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(look.font(theme::Type::Axis));
    painter.setPen(look.tokens->tertiary);
    const QString title = stripTitle(drawn);
    painter.drawText(frame.stripTitle, Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(painter.font()).elidedText(title, Qt::ElideRight, frame.stripTitle.width()));
    paintScale(painter, frame, look);

    painter.save();
    painter.setClipRect(frame.strip.adjusted(0, -1, 0, 1), Qt::IntersectClip);
    const auto points = countedPoints(drawn);
    const double width = barWidth(points, frame, look);
    for (const report::ChartPoint *point : points)
        paintBar(painter, *point, frame, look, width);
    painter.restore();

    painter.fillRect(QRectF(frame.strip.left(), std::round(frame.strip.bottom()), frame.strip.width(), 1), look.tokens->axis);
    if (drawn.minimumN) {
        QPen pen(look.tokens->text, look.px(1));
        pen.setDashPattern({3, 2.5});
        painter.setPen(pen);
        const double y = std::round(frame.stripY(static_cast<double>(*drawn.minimumN))) + 0.5;
        painter.drawLine(QPointF(frame.strip.left(), y), QPointF(frame.strip.right(), y));
    }
    painter.restore();
}

} // namespace countersign::charts
