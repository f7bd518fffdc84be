#include "ui/charts/history/layers.h"

#include "ui/charts/canvas/strokes.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/history/builder.h"
#include "ui/theme/state.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>
#include <set>

namespace countersign::charts {

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("Chart", text);
}

QString endName(const report::ChartSeries &series)
{
    return shown(series.shortName.empty() ? series.name : series.shortName);
}

/// One stretch of a limit, as it stands on the plot.
struct LimitRun {
    double left = 0;
    double right = 0;
    double y = 0;
    QString label;
};

/// The runs of one side of the limit within the plot; a run outside the y axis is clamped to its edge and not drawn as a line.
std::vector<LimitRun> limitRuns(const report::ChartSpec &spec, const Frame &frame, bool isLower)
{
    std::vector<LimitRun> runs;
    for (std::size_t i = 0; i < spec.limits.size(); ++i) {
        const report::LimitStep &step = spec.limits[i];
        const auto &value = isLower ? step.lower : step.upper;
        const bool isLast = i + 1 == spec.limits.size();
        const double left = std::max(frame.plot.left(), frame.x(step.from));
        const double right = isLast ? frame.plot.right() : std::min(frame.plot.right(), frame.x(spec.limits[i + 1].from));
        if (value && right > left)
            runs.push_back({left, right, frame.y(*value), isLower || !step.lower ? shown(step.label) : QString()});
    }
    return runs;
}

void paintBreachZone(QPainter &painter, const report::ChartSpec &spec, const Frame &frame, const Look &look)
{
    QPainterPath zone;
    for (const bool isLower : {true, false}) {
        for (const LimitRun &run : limitRuns(spec, frame, isLower)) {
            const double y = std::clamp(run.y, frame.plot.top(), frame.plot.bottom());
            const double edge = isLower ? frame.plot.bottom() : frame.plot.top();
            zone.addRect(QRectF(QPointF(run.left, y), QPointF(run.right, edge)).normalized());
        }
    }
    paintBreachHatch(painter, zone, frame.plot, look);
}

void paintGrid(QPainter &painter, const report::ChartSpec &spec, const Frame &frame, const Look &look)
{
    painter.setFont(look.font(theme::Type::Axis));
    const QFontMetricsF metrics(painter.font());
    report::NumberFormat format = spec.format;
    format.decimals = std::max(0, format.isPercent ? frame.yTicks.decimals - 2 : frame.yTicks.decimals);
    for (const double tick : frame.yTicks.at) {
        const double y = frame.y(tick);
        hairline(painter, frame.plot.left(), y, frame.plot.width(), 1, look.tokens->grid);
        const QString text = valueText(format, tick);
        painter.setPen(look.tokens->secondary);
        painter.drawText(QPointF(frame.plot.left() - look.px(8) - metrics.horizontalAdvance(text), y + metrics.capHeight() / 2), text);
    }
}

/// "(no data)" inside a gap: across if it fits on one or two lines, else upright.
void paintGapWords(QPainter &painter, const QRectF &gap, const Look &look)
{
    painter.setFont(look.font(theme::Type::Axis));
    painter.setPen(look.tokens->tertiary);
    const QFontMetricsF metrics(painter.font());
    const QString words = say(QT_TRANSLATE_NOOP("Chart", "(no data)"));
    const QRectF needed = metrics.boundingRect(QRectF(0, 0, gap.width() - 4, 1e4), Qt::TextWordWrap | Qt::AlignHCenter, words);
    if (needed.width() <= gap.width() - 4) {
        const QRectF place(gap.left() + 2, gap.bottom() - needed.height() - look.px(10), gap.width() - 4, needed.height());
        painter.drawText(place, Qt::TextWordWrap | Qt::AlignHCenter | Qt::TextDontClip, words);
    } else if (gap.width() >= metrics.height()) {
        painter.save();
        painter.translate(gap.center().x() + metrics.capHeight() / 2, gap.bottom() - look.px(10));
        painter.rotate(-90);
        painter.drawText(QPointF(0, 0), words);
        painter.restore();
    }
}

void paintGaps(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look)
{
    for (const auto &[from, to] : report::noDataSpans(drawn)) {
        const double left = std::max(frame.plot.left(), frame.x(from));
        const double right = std::min(frame.plot.right(), frame.x(to));
        if (right - left < 1)
            continue;
        const QRectF gap(QPointF(std::round(left), frame.plot.top()), QPointF(std::round(right), frame.plot.bottom()));
        painter.fillRect(gap, look.tokens->page);
        painter.fillRect(gap, look.tokens->subtle);
        QPen edge(look.tokens->axis, look.px(1));
        edge.setDashPattern({1.5, 2});
        painter.setPen(edge);
        painter.drawLine(gap.topLeft(), gap.bottomLeft());
        painter.drawLine(gap.topRight(), gap.bottomRight());
        paintGapWords(painter, gap, look);
    }
}

void paintTimeAxis(QPainter &painter, const Frame &frame, const Look &look)
{
    painter.setFont(look.font(theme::Type::Axis));
    const QFontMetricsF metrics(painter.font());
    hairline(painter, frame.plot.left(), frame.plot.bottom(), frame.plot.width(), 1, look.tokens->axis);
    double free = -1e9;
    for (std::size_t i = 0; i < frame.xTicks.at.size(); ++i) {
        const double x = frame.x(frame.xTicks.at[i]);
        hairline(painter, x, frame.plot.bottom(), 1, look.px(4), look.tokens->axis);
        const QString text = tickText(frame.xTicks, i);
        const double width = metrics.horizontalAdvance(text);
        const double left = std::clamp(x - width / 2, 0.0, std::max(0.0, frame.size.width() - width));
        if (left < free)
            continue;
        painter.setPen(look.tokens->secondary);
        painter.drawText(QPointF(left, frame.plot.bottom() + look.px(6) + metrics.ascent()), text);
        free = left + width + look.px(8);
    }
}

void paintLimits(QPainter &painter, const report::ChartSpec &spec, const Frame &frame, const Look &look)
{
    const QFont font = look.font(theme::Type::Small, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    for (const bool isLower : {true, false}) {
        const std::vector<LimitRun> runs = limitRuns(spec, frame, isLower);
        painter.save();
        painter.setClipRect(frame.plot.adjusted(0, -1, 0, 1), Qt::IntersectClip);
        painter.setPen(look.limitPen());
        for (std::size_t i = 0; i < runs.size(); ++i) {
            painter.drawLine(QPointF(runs[i].left, runs[i].y), QPointF(runs[i].right, runs[i].y));
            if (i > 0 && std::fabs(runs[i].left - runs[i - 1].right) < 0.5)
                painter.drawLine(QPointF(runs[i].left, runs[i - 1].y), QPointF(runs[i].left, runs[i].y));
        }
        painter.restore();
        double free = -1e9;
        for (const LimitRun &run : runs) {
            const double width = metrics.horizontalAdvance(run.label);
            const double left = std::max(frame.plot.left(), std::min(run.left + look.px(8), frame.plot.right() - width - look.px(4)));
            const bool isVisible = run.y >= frame.plot.top() && run.y <= frame.plot.bottom();
            if (run.label.isEmpty() || !isVisible || left < free)
                continue;
            const double below = run.y + look.px(5) + metrics.ascent();
            const double above = run.y - look.px(6);
            const bool goesBelow = isLower ? below < frame.plot.bottom() - 2 : above - metrics.ascent() < frame.plot.top();
            paintHaloText(painter, {left, goesBelow ? below : above}, run.label, font, look.tokens->text, look.tokens->page, look.px(4));
            free = left + width + look.px(10);
        }
    }
}

/// A cross at the end of the interval that lies outside, or beside the point that does.
void paintBreaches(QPainter &painter, const report::ChartSpec &spec, const std::vector<report::ChartPoint> &breaches, const Frame &frame,
                   const Look &look)
{
    const double size = look.px(11);
    std::set<std::pair<int, int>> taken; // of thousands, those on the same spot are drawn once
    for (const report::ChartPoint &point : breaches) {
        const report::LimitStep *limit = report::limitAt(spec, point.time);
        const bool isAbove = limit && limit->upper && (!limit->lower || point.value > (*limit->upper + *limit->lower) / 2);
        double y = frame.y(point.value) + (isAbove ? -look.px(12) : look.px(12));
        if (point.hasInterval())
            y = frame.y(isAbove ? *point.upper : *point.lower);
        y = std::clamp(y, frame.plot.top() + size / 2, frame.plot.bottom() - size / 2);
        const QPointF at(frame.x(point.time), y);
        if (taken.emplace(qRound(at.x() / 3), qRound(at.y() / 3)).second)
            theme::paintState(painter, theme::State::Fail, QRectF(at.x() - size / 2, at.y() - size / 2, size, size), *look.tokens);
    }
}

void paintFlags(QPainter &painter, const Frame &frame, const Look &look)
{
    painter.setFont(look.font(theme::Type::Small));
    const QFontMetricsF metrics(painter.font());
    for (const Flag &flag : frame.flags) {
        const double top = flag.box.isNull() ? frame.plot.top() : flag.box.bottom();
        hairline(painter, flag.x, top, 1, frame.plot.bottom() - top, look.tokens->axis);
        if (flag.box.isNull())
            continue;
        painter.setPen(QPen(look.tokens->hair, 1));
        painter.setBrush(look.tokens->subtle);
        const double radius = look.px(theme::radius::kKeyCap);
        painter.drawRoundedRect(flag.box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        painter.setPen(look.tokens->secondary);
        painter.drawText(QPointF(flag.box.left() + look.px(6), flag.box.center().y() + metrics.capHeight() / 2), flag.text);
    }
}

/// Names at the right ends of the lines, moved apart where lines end close to each other.
void paintEndLabels(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look)
{
    struct Label {
        QString text;
        QPointF at;
    };
    if (drawn.series.size() < 2)
        return;
    const QFont font = look.font(theme::Type::Secondary, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    std::vector<Label> labels;
    for (const report::ChartSeries &series : drawn.series) {
        const report::ChartPoint *last = nullptr;
        for (const report::ChartPoint &point : series.points) {
            if (point.hasValue() && point.time >= frame.span.from && point.time <= frame.span.to)
                last = &point;
        }
        if (last)
            labels.push_back({endName(series), {frame.x(last->time) + look.px(9), frame.y(last->value)}});
    }
    std::ranges::sort(labels, {}, [](const Label &label) { return label.at.y(); });
    for (std::size_t i = 1; i < labels.size(); ++i)
        labels[i].at.setY(std::max(labels[i].at.y(), labels[i - 1].at.y() + metrics.height()));
    for (const Label &label : labels) {
        const QString text = metrics.elidedText(label.text, Qt::ElideRight, std::max(look.px(30), frame.size.width() - label.at.x())); // whole in the legend
        paintHaloText(painter, {label.at.x(), label.at.y() + metrics.capHeight() / 2}, text, font, look.tokens->text, look.tokens->page, look.px(4));
    }
}

} // namespace

void paintHead(QPainter &painter, const report::ChartSpec &spec, const Frame &frame, const Look &look)
{
    paintHead(painter, shown(spec.title), shown(spec.subtitle), frame.head, look);
    const Saved saved(painter);
    painter.setFont(look.font(theme::Type::Axis));
    painter.setPen(look.tokens->tertiary);
    if (!frame.yTitle.isNull())
        painter.drawText(frame.yTitle, Qt::AlignLeft | Qt::TextWordWrap | Qt::TextDontClip, shown(spec.yTitle));
}

void paintGround(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look)
{
    const Saved saved(painter);
    paintGrid(painter, drawn, frame, look);
    paintBreachZone(painter, drawn, frame, look);
    paintGaps(painter, drawn, frame, look);
    paintTimeAxis(painter, frame, look);
    if (drawn.isEmpty()) {
        painter.setFont(look.font(theme::Type::Secondary));
        painter.setPen(look.tokens->tertiary);
        painter.drawText(frame.plot, Qt::AlignCenter | Qt::TextWordWrap, say(QT_TRANSLATE_NOOP("Chart", "No values in this window.")));
    }
}

void paintMarks(QPainter &painter, const report::ChartSpec &drawn, const std::vector<report::ChartPoint> &breaches, const Frame &frame,
                const Look &look)
{
    const Saved saved(painter);
    paintFlags(painter, frame, look);
    paintLimits(painter, drawn, frame, look);
    paintBreaches(painter, drawn, breaches, frame, look);
    paintEndLabels(painter, drawn, frame, look);
}

void paintPieces(QPainter &painter, const report::ChartSpec &drawn, const Frame &frame, const Look &look)
{
    const Saved saved(painter);
    painter.setClipRect(frame.plot, Qt::IntersectClip);
    for (std::size_t i = 0; i < drawn.series.size(); ++i) {
        const report::ChartSeries &series = drawn.series[i];
        const auto runs = report::pieces(series.points);
        if (runs.size() <= kMaxPieces)
            continue;
        const bool isReference = series.role == report::SeriesRole::Reference;
        QPainterPath lines;
        QPainterPath bands;
        for (const auto &[first, last] : runs) {
            const auto at = [&](std::size_t p, double value) { return QPointF(frame.x(series.points[p].time), frame.y(value)); };
            lines.moveTo(at(first, series.points[first].value));
            for (std::size_t p = first; p < last; ++p)
                lines.lineTo(at(p, series.points[p].value) + QPointF(p == first ? 0.01 : 0, 0)); // a lone point becomes a dot
            QPolygonF band;
            for (std::size_t p = first; p < last; ++p) {
                if (series.points[p].hasInterval()) {
                    band.prepend(at(p, *series.points[p].lower));
                    band.append(at(p, *series.points[p].upper));
                }
            }
            bands.addPolygon(band);
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.bandColour(series.slot.value_or(i), isReference));
        painter.drawPath(bands);
        QPen pen(look.seriesColour(series.slot.value_or(i), isReference), look.px(2.2), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(lines);
    }
}

} // namespace countersign::charts
