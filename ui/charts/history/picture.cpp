#include "ui/charts/history/picture.h"

#include "models/report/decimate.h"
#include "ui/charts/canvas/pictureexport.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/history/builder.h"
#include "ui/charts/history/layers.h"

#include <QGraphicsScene>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

/// The points of `series` in the span, and one more on each side, so that lines run on to the edge.
std::pair<std::size_t, std::size_t> inView(const report::ChartSeries &series, TimeSpan span)
{
    const auto first = std::ranges::lower_bound(series.points, span.from, {}, &report::ChartPoint::time) - series.points.begin();
    const auto last = std::ranges::upper_bound(series.points, span.to, {}, &report::ChartPoint::time) - series.points.begin();
    const auto size = static_cast<std::ptrdiff_t>(series.points.size());
    return {static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, first - 1)), static_cast<std::size_t>(std::min(size, last + 1))};
}

} // namespace

ChartPicture::ChartPicture(std::shared_ptr<const report::ChartSpec> spec, const Look &look, Parts parts)
    : m_spec(std::move(spec))
    , m_facts(report::factsOf(*m_spec))
    , m_look(look)
    , m_parts(parts)
    , m_whole(charts::wholeSpan(*m_spec))
{
}

ChartPicture::~ChartPicture() = default;

void ChartPicture::resize(QSizeF size)
{
    if (size != m_size) {
        m_size = size;
        m_isStale = true;
    }
}

void ChartPicture::setLook(const Look &look)
{
    m_look = look;
    m_isStale = true;
}

void ChartPicture::setSpan(std::optional<TimeSpan> span)
{
    if (span != m_span) {
        m_span = span;
        m_isStale = true;
    }
}

report::ChartSpec ChartPicture::selectInView(std::uint64_t &count) const
{
    report::ChartSpec view;
    view.id = m_spec->id;
    view.format = m_spec->format;
    view.limits = m_spec->limits;
    view.markers = m_spec->markers;
    view.countsTitle = m_spec->countsTitle;
    view.showsCounts = m_spec->showsCounts;
    view.minimumN = m_spec->minimumN;
    count = 0;
    for (const report::ChartSeries &series : m_spec->series) {
        const auto [first, last] = inView(series, span());
        report::ChartSeries part{series.name, series.shortName, series.role, series.intervalName, {}, series.slot};
        // Shape only: breaches are marked apart, so that the line stays small however many there are.
        part.points = report::decimate({series.points.data() + first, last - first}, kMaxDrawnPoints, report::Keep::Shape);
        count += last - first;
        view.totalPoints += part.points.size();
        view.series.push_back(std::move(part));
    }
    return view;
}

std::vector<report::ChartPoint> ChartPicture::breachesInView() const
{
    std::vector<report::ChartPoint> found;
    if (!m_facts.hasBreach)
        return found;
    const TimeSpan view = span();
    for (const report::ChartSeries &series : m_spec->series) {
        const auto [first, last] = inView(series, view);
        double column = -1;
        std::vector<int> rows; // taken in this pixel column
        for (std::size_t i = first; i < last; ++i) {
            const report::ChartPoint &point = series.points[i];
            if (!point.isBreach || !point.hasValue() || point.time < view.from || point.time > view.to)
                continue;
            const double x = std::floor(m_frame.x(point.time));
            const int row = qRound(m_frame.y(point.value));
            if (x != column) {
                column = x;
                rows.clear();
            }
            if (std::ranges::find(rows, row) != rows.end())
                continue; // the same pixel
            rows.push_back(row);
            found.push_back(point);
        }
    }
    return found;
}

void ChartPicture::build()
{
    if (!m_isStale)
        return;
    m_isStale = false;
    std::uint64_t count = 0;
    m_drawn = selectInView(count);
    const bool isCut = m_drawn.totalPoints < count;
    m_drawn.totalPoints = isCut ? std::max(count, m_spec->totalPoints) : m_spec->totalPoints;
    m_frame = layOut(*m_spec, m_facts, m_look, m_size, span(), m_parts, m_drawn.totalPoints);
    m_breaches = breachesInView();
    m_scene = std::make_unique<QGraphicsScene>();
    m_scene->setItemIndexMethod(QGraphicsScene::NoIndex);
    m_chart = buildChart(m_drawn, m_frame, m_look).release();
    m_scene->addItem(m_chart);
    m_scene->setSceneRect(QRectF(QPointF(0, 0), m_size));
}

const report::ChartSpec &ChartPicture::drawn()
{
    build();
    return m_drawn;
}

const Frame &ChartPicture::frame()
{
    build();
    return m_frame;
}

QChart &ChartPicture::chart()
{
    build();
    return *m_chart;
}

void ChartPicture::paint(QPainter &painter)
{
    build();
    paintHead(painter, *m_spec, m_frame, m_look);
    paintGround(painter, m_drawn, m_frame, m_look);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    m_scene->render(&painter, QRectF(QPointF(0, 0), m_size), QRectF(QPointF(0, 0), m_size), Qt::IgnoreAspectRatio);
    painter.restore();
    paintPieces(painter, m_drawn, m_frame, m_look);
    paintMarks(painter, m_drawn, m_breaches, m_frame, m_look);
    paintStrip(painter, m_drawn, m_frame, m_look);
}

std::optional<Hit> ChartPicture::nearest(QPointF at)
{
    build();
    std::optional<Hit> best;
    double bestX = 0;
    double bestY = 0;
    for (std::size_t s = 0; s < m_drawn.series.size(); ++s) {
        for (const report::ChartPoint &point : m_drawn.series[s].points) {
            if (!point.hasValue() || point.time < span().from || point.time > span().to)
                continue;
            const double dx = std::fabs(m_frame.x(point.time) - at.x());
            const double dy = std::fabs(m_frame.y(point.value) - at.y());
            if (!best || dx < bestX - 0.5 || (dx < bestX + 0.5 && dy < bestY)) {
                best = Hit{s, point};
                bestX = dx;
                bestY = dy;
            }
        }
    }
    return best;
}

QPointF ChartPicture::position(const Hit &hit)
{
    build();
    return {m_frame.x(hit.point.time), m_frame.y(hit.point.value)};
}

namespace {

/// A spec that outlives the call: the caller's, without a copy.
std::shared_ptr<const report::ChartSpec> borrowed(const report::ChartSpec &spec)
{
    return {std::shared_ptr<void>(), &spec};
}

} // namespace

void paint(QPainter &painter, const QRectF &rect, const report::ChartSpec &spec, Parts parts)
{
    ChartPicture picture(borrowed(spec), Look::paper(), parts);
    picture.resize(rect.size());
    painter.save();
    painter.translate(rect.topLeft());
    picture.paint(painter);
    painter.restore();
}

QImage toImage(const report::ChartSpec &spec, QSize size, double devicePixelRatio)
{
    return imageOf(size, devicePixelRatio, [&](QPainter &painter, QSizeF inside) {
        ChartPicture picture(borrowed(spec), Look::screen());
        picture.resize(inside);
        picture.paint(painter);
    });
}

QByteArray toSvg(const report::ChartSpec &spec, QSize size)
{
    return svgOf(size, shown(spec.title), chartDescription(spec),
                 [&](QPainter &painter, QSizeF inside) { paint(painter, QRectF(QPointF(0, 0), inside), spec); });
}

} // namespace countersign::charts
