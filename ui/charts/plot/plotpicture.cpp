#include "ui/charts/plot/plotpicture.h"

#include "ui/charts/canvas/pictureexport.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/history/picture.h"
#include "ui/charts/plot/plotlayers.h"
#include "ui/charts/plot/plotwording.h"

#include <QGraphicsScene>
#include <QPainter>
#include <QtCharts/QChart>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

using report::PlotMark;
using report::PlotPanel;
using report::PlotPoint;
using report::PlotSeries;

PlotPicture::PlotPicture(std::shared_ptr<const report::PlotSpec> spec, const Look &look, Parts parts) : m_spec(std::move(spec)), m_look(look), m_parts(parts) {}

PlotPicture::~PlotPicture() = default;

void PlotPicture::resize(QSizeF size)
{
    m_isStale = m_isStale || size != m_size;
    m_size = size;
}

void PlotPicture::setLook(const Look &look)
{
    m_look = look;
    m_isStale = true;
}

void PlotPicture::setZoom(std::optional<std::pair<double, double>> zoom)
{
    m_isStale = m_isStale || zoom != m_zoom;
    m_zoom = zoom;
}

namespace {

/// The points of a line that are in view, and one more on each side, so that it runs on to the edge.
std::vector<PlotPoint> inView(const std::vector<PlotPoint> &points, std::pair<double, double> view)
{
    const bool isAscending = std::ranges::is_sorted(points, {}, &PlotPoint::at);
    if (!isAscending)
        return points;
    auto first = std::ranges::lower_bound(points, view.first, {}, &PlotPoint::at);
    auto last = std::ranges::upper_bound(points, view.second, {}, &PlotPoint::at);
    first -= first == points.begin() ? 0 : 1;
    last += last == points.end() ? 0 : 1;
    return {first, last};
}

} // namespace

void PlotPicture::build()
{
    if (!m_isStale)
        return;
    m_isStale = false;
    m_drawn = *m_spec;
    std::uint64_t all = 0;
    bool isCut = false;
    for (PlotPanel &panel : m_drawn.panels) {
        for (PlotSeries &series : panel.series) {
            if (series.mark != PlotMark::Line && series.mark != PlotMark::Step)
                continue;
            if (m_zoom)
                series.points = inView(series.points, *m_zoom);
            all += series.points.size();
            std::vector<PlotPoint> fewer = report::decimated(series.points, kMaxDrawnPoints);
            isCut = isCut || fewer.size() < series.points.size();
            series.points = std::move(fewer);
        }
    }
    m_frame = layOut(*m_spec, m_look, m_size, m_parts, m_zoom, isCut ? all : 0);
    m_scene = std::make_unique<QGraphicsScene>();
    m_scene->setItemIndexMethod(QGraphicsScene::NoIndex);
    m_charts.clear();
    for (std::size_t i = 0; i < m_frame.panels.size(); ++i) {
        m_charts.push_back(buildPlot(m_drawn.panels[i], m_frame.panels[i], m_size, m_look).release());
        m_scene->addItem(m_charts.back());
    }
    m_scene->setSceneRect(QRectF(QPointF(0, 0), m_size));
}

const PlotFrame &PlotPicture::frame()
{
    build();
    return m_frame;
}

QChart &PlotPicture::chart(std::size_t panel)
{
    build();
    return *m_charts[panel];
}

void PlotPicture::paint(QPainter &painter)
{
    build();
    paintPlotHead(painter, *m_spec, m_frame, m_look);
    paintPlotGround(painter, m_drawn, m_frame, m_look);
    paintBars(painter, m_drawn, m_frame, m_look);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_scene->render(&painter, QRectF(QPointF(0, 0), m_size), QRectF(QPointF(0, 0), m_size), Qt::IgnoreAspectRatio);
    painter.restore();
    paintPlotMarks(painter, m_drawn, m_frame, m_look);
}

std::vector<PlotPoint> PlotPicture::reachable(std::size_t panel, std::size_t series)
{
    build();
    std::vector<PlotPoint> points;
    const PlotPanel &where = m_drawn.panels[panel];
    const PlotSeries &of = where.series[series];
    if (of.mark == PlotMark::TableOnly)
        return points;
    const bool isStep = of.mark == PlotMark::Step && m_spec->rows == report::PlotRows::Positions && !of.points.empty();
    const std::size_t count = of.points.size() - (isStep ? 1 : 0);
    const PanelFrame &frame = m_frame.panels[panel];
    for (std::size_t i = 0; i < count; ++i) {
        const PlotPoint &point = of.points[i];
        const bool isInView = where.isSideways() ? frame.y.holds(point.at) : frame.x.holds(drawnPlace(where, of, point));
        if (isInView && (point.hasValue() || !point.text.empty()))
            points.push_back(point);
    }
    return points;
}

QPointF PlotPicture::position(const PlotHit &hit)
{
    build();
    const PlotPanel &panel = m_spec->panels[hit.panel];
    const PanelFrame &frame = m_frame.panels[hit.panel];
    const double place = drawnPlace(panel, panel.series[hit.series], hit.point);
    const double value = hit.point.hasValue() ? hit.point.value : panel.isSideways() ? frame.x.low : frame.y.low;
    const QPointF at = panel.isSideways() ? frame.at(value, place) : frame.at(place, value);
    return {std::clamp(at.x(), frame.plot.left(), frame.plot.right()), std::clamp(at.y(), frame.plot.top(), frame.plot.bottom())};
}

std::optional<PlotHit> PlotPicture::nearestPoint(std::size_t panel, QPointF at)
{
    std::optional<PlotHit> best;
    double bestDistance = 0;
    for (std::size_t s = 0; s < m_drawn.panels[panel].series.size(); ++s) {
        for (const PlotPoint &point : reachable(panel, s)) {
            const PlotHit hit{panel, s, point};
            const QPointF away = position(hit) - at;
            const double distance = std::hypot(away.x(), away.y());
            if (!best || distance < bestDistance) {
                best = hit;
                bestDistance = distance;
            }
        }
    }
    return best;
}

std::optional<PlotHit> PlotPicture::nearestPlace(std::size_t panel, QPointF at)
{
    const bool isSideways = m_drawn.panels[panel].isSideways();
    std::optional<PlotHit> best;
    double bestAlong = 0;
    double bestAcross = 0;
    for (std::size_t s = 0; s < m_drawn.panels[panel].series.size(); ++s) {
        for (const PlotPoint &point : reachable(panel, s)) {
            const PlotHit hit{panel, s, point};
            const QPointF away = position(hit) - at;
            const double along = std::fabs(isSideways ? away.y() : away.x());
            const double across = std::fabs(isSideways ? away.x() : away.y());
            if (!best || along < bestAlong - 0.5 || (along < bestAlong + 0.5 && across < bestAcross)) {
                best = hit;
                bestAlong = along;
                bestAcross = across;
            }
        }
    }
    return best;
}

std::optional<PlotHit> PlotPicture::nearest(QPointF at)
{
    build();
    for (std::size_t i = 0; i < m_frame.panels.size(); ++i) {
        const QRectF &plot = m_frame.panels[i].plot;
        const double left = i == 0 && m_drawn.panels[i].isSideways() ? 0 : plot.left() - 6; // names belong to the first panel
        const double bottom = m_frame.panels[i].strip.isNull() ? plot.bottom() : m_frame.panels[i].strip.bottom();
        if (at.x() < left || at.x() > plot.right() + 6 || at.y() < plot.top() || at.y() > bottom)
            continue;
        return m_spec->rows == report::PlotRows::Points ? nearestPoint(i, at) : nearestPlace(i, at);
    }
    return {};
}

namespace {

std::shared_ptr<const report::PlotSpec> borrowed(const report::PlotSpec &spec)
{
    return {std::shared_ptr<void>(), &spec};
}

void paintWhole(QPainter &painter, QSizeF size, const report::PlotSpec &spec, const Look &look, Parts parts)
{
    PlotPicture picture(borrowed(spec), look, parts);
    picture.resize(size);
    picture.paint(painter);
    if (const PlotPanel *panel = report::handlePanel(spec))
        paintHandle(painter, spec, picture.frame(), look, panel->handle->at, false);
}

} // namespace

void paint(QPainter &painter, const QRectF &rect, const report::PlotSpec &spec, Parts parts)
{
    painter.save();
    painter.translate(rect.topLeft());
    paintWhole(painter, rect.size(), spec, Look::paper(), parts);
    painter.restore();
}

double paperHeight(const report::PlotSpec &spec, double width, Parts parts)
{
    return preferredHeight(spec, Look::paper(), width, parts);
}

QImage toImage(const report::PlotSpec &spec, QSize size, double devicePixelRatio)
{
    return imageOf(size, devicePixelRatio, [&](QPainter &painter, QSizeF inside) { paintWhole(painter, inside, spec, Look::screen(), {}); });
}

QByteArray toSvg(const report::PlotSpec &spec, QSize size)
{
    return svgOf(size, shown(spec.title), plotDescription(spec),
                 [&](QPainter &painter, QSizeF inside) { paint(painter, QRectF(QPointF(0, 0), inside), spec); });
}

} // namespace countersign::charts
