#include "ui/charts/plot/plotcursor.h"

#include "ui/charts/canvas/strokes.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <vector>

namespace countersign::charts {

namespace {

bool isSamePoint(const report::PlotPoint &one, const report::PlotPoint &other)
{
    const bool isSameValue = one.value == other.value || (std::isnan(one.value) && std::isnan(other.value));
    return one.at == other.at && isSameValue && one.threshold == other.threshold;
}

void paintRing(QPainter &painter, PlotPicture &picture, const PlotHit &hit)
{
    const theme::Tokens &tokens = theme::current();
    painter.setPen(QPen(tokens.focus, tokens.focusWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(picture.position(hit), 7.5, 7.5);
}

void paintRow(QPainter &painter, const PlotFrame &frame, double at)
{
    const theme::Tokens &tokens = theme::current();
    const auto row = static_cast<std::size_t>(std::max(0.0, at));
    const Scale &rows = frame.panels.front().y;
    if (row + 1 >= rows.rowEdges.size())
        return;
    const QRectF line(0, rows.rowEdges[row], frame.panels.back().plot.right() + 6, rows.rowHeight(row));
    QColor fill = tokens.accent;
    fill.setAlpha(18);
    painter.fillRect(line, fill);
    painter.fillRect(QRectF(-8, line.top() + 2, 3, line.height() - 4), tokens.focus);
}

/// All points at a place: the sentence names each.
void paintRingsAt(QPainter &painter, PlotPicture &picture, double at)
{
    const auto &panels = picture.spec().panels;
    for (std::size_t p = 0; p < panels.size(); ++p) {
        for (std::size_t s = 0; s < panels[p].series.size(); ++s) {
            const report::PlotSeries &series = panels[p].series[s];
            const report::PlotPoint *point = report::pointAt(series, at);
            const bool isRinged = series.mark != report::PlotMark::TableOnly && series.mark != report::PlotMark::Bars && point && point->hasValue();
            if (isRinged)
                paintRing(painter, picture, {p, s, *point});
        }
    }
}

} // namespace

bool isSameStop(const std::optional<PlotHit> &one, const std::optional<PlotHit> &other)
{
    if (!one || !other)
        return !one && !other;
    return one->panel == other->panel && one->series == other->series && isSamePoint(one->point, other->point);
}

std::optional<PlotHit> stopAlong(PlotPicture &picture, const std::optional<PlotHit> &cursor, int by)
{
    if (!cursor)
        return stopAtEnd(picture, cursor, by < 0);
    const auto points = picture.reachable(cursor->panel, cursor->series);
    const auto here = std::ranges::find_if(points, [&](const report::PlotPoint &point) { return isSamePoint(point, cursor->point); });
    if (points.empty() || here == points.end())
        return stopAtEnd(picture, cursor, by < 0);
    const std::ptrdiff_t index = std::clamp<std::ptrdiff_t>(here - points.begin() + by, 0, static_cast<std::ptrdiff_t>(points.size()) - 1);
    return PlotHit{cursor->panel, cursor->series, points[static_cast<std::size_t>(index)]};
}

std::optional<PlotHit> stopAcross(PlotPicture &picture, const std::optional<PlotHit> &cursor, int by)
{
    const report::PlotSpec &spec = picture.spec();
    std::vector<std::pair<std::size_t, std::size_t>> stops;
    std::ptrdiff_t here = -1;
    for (std::size_t p = 0; p < spec.panels.size(); ++p) {
        for (std::size_t s = 0; s < spec.panels[p].series.size(); ++s) {
            if (cursor && p == cursor->panel && s == cursor->series)
                here = static_cast<std::ptrdiff_t>(stops.size());
            if (!picture.reachable(p, s).empty())
                stops.emplace_back(p, s);
        }
    }
    if (stops.empty())
        return {};
    const auto count = static_cast<std::ptrdiff_t>(stops.size());
    const auto stop = stops[static_cast<std::size_t>((here + by + count) % count)];
    const auto points = picture.reachable(stop.first, stop.second);
    if (!cursor)
        return PlotHit{stop.first, stop.second, points.front()};
    const QPointF from = picture.position(*cursor);
    const bool isByPlace = spec.rows == report::PlotRows::Positions;
    const auto nearest = std::ranges::min_element(points, {}, [&](const report::PlotPoint &point) {
        const QPointF away = picture.position({stop.first, stop.second, point}) - from;
        return isByPlace ? std::fabs(point.at - cursor->point.at) : std::hypot(away.x(), away.y());
    });
    return PlotHit{stop.first, stop.second, *nearest};
}

std::optional<PlotHit> stopAtEnd(PlotPicture &picture, const std::optional<PlotHit> &cursor, bool isLast)
{
    const auto &panels = picture.spec().panels;
    for (std::size_t p = cursor ? cursor->panel : 0; p < panels.size(); ++p) {
        for (std::size_t s = cursor && p == cursor->panel ? cursor->series : 0; s < panels[p].series.size(); ++s) {
            const auto points = picture.reachable(p, s);
            if (!points.empty())
                return PlotHit{p, s, isLast ? points.back() : points.front()};
        }
    }
    return {};
}

std::optional<PlotHit> stopAgain(PlotPicture &picture, const PlotHit &before)
{
    const report::PlotSpec &spec = picture.spec();
    if (before.panel >= spec.panels.size() || before.series >= spec.panels[before.panel].series.size())
        return {};
    std::optional<PlotHit> found;
    for (const report::PlotPoint &point : picture.reachable(before.panel, before.series)) {
        if (point.at == before.point.at && (spec.rows == report::PlotRows::Positions || point.threshold == before.point.threshold))
            found = PlotHit{before.panel, before.series, point};
    }
    return found;
}

void paintPlotCursor(QPainter &painter, PlotPicture &picture, const PlotHit &cursor, const QString &sentence)
{
    const PlotFrame &frame = picture.frame();
    const QPointF at = picture.position(cursor);
    const bool isByPlace = picture.spec().rows == report::PlotRows::Positions;
    if (picture.spec().panels[cursor.panel].isSideways()) {
        paintRow(painter, frame, cursor.point.at);
    } else if (isByPlace) {
        const QRectF &plot = frame.panels[cursor.panel].plot;
        painter.fillRect(QRectF(std::round(at.x()), plot.top(), 1, plot.height()), theme::current().focus);
    }
    if (isByPlace)
        paintRingsAt(painter, picture, cursor.point.at);
    else
        paintRing(painter, picture, cursor);
    paintReadout(painter, at, QRectF(0, 0, frame.size.width(), frame.size.height()), sentence, picture.look());
}

} // namespace countersign::charts
