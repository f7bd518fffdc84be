#include "ui/charts/chartview.h"

#include "ui/charts/canvas/strokes.h"
#include "ui/charts/canvas/wording.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

constexpr auto kNarrowest = std::chrono::milliseconds(10); ///< of what is in view

} // namespace

ChartView::ChartView(QWidget *parent)
    : ChartCanvas(parent)
    , m_spec(std::make_shared<report::ChartSpec>())
    , m_picture(std::make_unique<ChartPicture>(m_spec, Look::screen()))
{
}

ChartView::~ChartView() = default;

const report::ChartSpec &ChartView::spec() const
{
    return *m_spec;
}

ChartPicture &ChartView::picture()
{
    return *m_picture;
}

void ChartView::setSpec(report::ChartSpec spec)
{
    const bool isSame = !spec.id.empty() && spec.id == m_spec->id;
    const std::optional<Hit> before = m_cursor;
    m_spec = std::make_shared<const report::ChartSpec>(std::move(spec));
    m_picture = std::make_unique<ChartPicture>(m_spec, Look::screen());
    m_picture->resize(pictureSize());
    const TimeSpan whole = m_picture->wholeSpan();
    if (!isSame)
        m_zooms.clear();
    m_zooms.forget([&](const TimeSpan &zoom) { return zoom.to <= whole.from || zoom.from >= whole.to; });
    m_picture->setSpan(zoom());
    m_cursor.reset();
    if (isSame && before && before->series < m_spec->series.size()) {
        const auto &points = m_spec->series[before->series].points;
        const auto same = std::ranges::lower_bound(points, before->point.time, {}, &report::ChartPoint::time);
        if (same != points.end() && same->time == before->point.time && same->hasValue())
            m_cursor = Hit{before->series, *same};
    }
    setAccessibleName(shown(m_spec->title.empty() ? m_spec->yTitle : m_spec->title));
    setAccessibleDescription(chartDescription(*m_spec));
    invalidate();
}

QString ChartView::cursorSentence() const
{
    return m_cursor ? pointSentence(*m_spec, m_cursor->series, m_cursor->point) : QString();
}

// --- zoom ---

void ChartView::showZoom()
{
    m_picture->setSpan(zoom());
    invalidate();
    Q_EMIT zoomChanged();
}

void ChartView::zoomTo(TimeSpan span)
{
    const TimeSpan whole = m_picture->wholeSpan();
    span = {std::max(span.from, whole.from), std::min(span.to, whole.to)};
    if (span.to - span.from < kNarrowest)
        return;
    m_zooms.add(span);
    showZoom();
}

void ChartView::zoomBack()
{
    if (m_zooms.goBack())
        showZoom();
}

void ChartView::zoomReset()
{
    if (m_zooms.clear())
        showZoom();
}

std::optional<TimeSpan> ChartView::around(Instant centre, double factor)
{
    const TimeSpan now = m_picture->span();
    const TimeSpan whole = m_picture->wholeSpan();
    const auto part = [&](Instant edge) { return std::chrono::milliseconds(std::llround(static_cast<double>((edge - centre).count()) * factor)); };
    const TimeSpan wanted{std::max(whole.from, centre + part(now.from)), std::min(whole.to, centre + part(now.to))};
    return wanted.to - wanted.from < kNarrowest ? std::nullopt : std::optional(wanted);
}

void ChartView::zoomIn()
{
    const TimeSpan view = m_picture->span();
    const Instant centre = m_cursor ? m_cursor->point.time : view.from + (view.to - view.from) / 2;
    if (const auto wanted = around(centre, 0.5))
        zoomTo(*wanted);
}

void ChartView::zoomByWheel(double x, double factor)
{
    const auto wanted = around(m_picture->frame().timeAt(x), factor);
    if (wanted == m_picture->wholeSpan())
        return zoomReset();
    if (wanted) {
        m_zooms.addTurn(*wanted);
        showZoom();
    }
}

void ChartView::zoomToPixels(double left, double right)
{
    zoomTo({m_picture->frame().timeAt(left), m_picture->frame().timeAt(right)});
}

QRectF ChartView::zoomArea()
{
    return m_picture->frame().plot;
}

// --- cursor ---

void ChartView::setCursorTo(const std::optional<Hit> &hit, bool isByKey)
{
    setCursorByKey(isByKey);
    if (hit == m_cursor)
        return;
    m_cursor = hit;
    cursorMoved();
}

std::vector<const report::ChartPoint *> ChartView::reachable(std::size_t series)
{
    std::vector<const report::ChartPoint *> points;
    const TimeSpan view = m_picture->span();
    if (series < m_picture->drawn().series.size()) {
        for (const report::ChartPoint &point : m_picture->drawn().series[series].points) {
            if (point.hasValue() && point.time >= view.from && point.time <= view.to)
                points.push_back(&point);
        }
    }
    return points;
}

void ChartView::movePoint(int by)
{
    const std::size_t series = m_cursor ? m_cursor->series : 0;
    const auto points = reachable(series);
    if (points.empty())
        return m_cursor ? void() : moveSeries(+1);
    std::ptrdiff_t index = by > 0 ? 0 : static_cast<std::ptrdiff_t>(points.size()) - 1;
    if (m_cursor) {
        const auto timeOf = [](const report::ChartPoint *point) { return point->time; };
        const auto place = by > 0 ? std::ranges::upper_bound(points, m_cursor->point.time, {}, timeOf) - points.begin()
                                  : std::ranges::lower_bound(points, m_cursor->point.time, {}, timeOf) - points.begin() - 1;
        index = std::clamp<std::ptrdiff_t>(place, 0, static_cast<std::ptrdiff_t>(points.size()) - 1);
    }
    setCursorTo(Hit{series, *points[static_cast<std::size_t>(index)]}, true);
}

void ChartView::moveSeries(int by)
{
    const auto count = static_cast<std::ptrdiff_t>(m_spec->series.size());
    std::ptrdiff_t series = m_cursor ? static_cast<std::ptrdiff_t>(m_cursor->series) : -1;
    for (std::ptrdiff_t tries = 0; tries < count; ++tries) {
        series = (series + by + count) % count;
        const auto points = reachable(static_cast<std::size_t>(series));
        if (points.empty())
            continue;
        const Instant time = m_cursor ? m_cursor->point.time : points.front()->time;
        const auto nearest = std::ranges::min_element(points, {}, [&](const report::ChartPoint *point) { return std::abs((point->time - time).count()); });
        return setCursorTo(Hit{static_cast<std::size_t>(series), **nearest}, true);
    }
}

void ChartView::moveToEnd(bool isLast)
{
    const std::size_t series = m_cursor ? m_cursor->series : 0;
    const auto points = reachable(series);
    if (!points.empty())
        setCursorTo(Hit{series, isLast ? *points.back() : *points.front()}, true);
}

bool ChartView::moveByKey(int key, Qt::KeyboardModifiers)
{
    switch (key) {
    case Qt::Key_Left: movePoint(-1); return true;
    case Qt::Key_Right: movePoint(+1); return true;
    case Qt::Key_Up: moveSeries(-1); return true;
    case Qt::Key_Down: moveSeries(+1); return true;
    case Qt::Key_Home: moveToEnd(false); return true;
    case Qt::Key_End: moveToEnd(true); return true;
    default: return false;
    }
}

void ChartView::activateCursor()
{
    Q_EMIT pointActivated(m_cursor->series, m_cursor->point);
}

void ChartView::hover(QPointF at)
{
    const QRectF plot = m_picture->frame().plot;
    const bool isOver = at.x() >= plot.left() && at.x() <= plot.right() && at.y() >= plot.top();
    if (isOver)
        setCursorTo(m_picture->nearest(at), false);
    else if (!isCursorByKey())
        setCursorTo({}, false);
}

void ChartView::clicked(QPointF at)
{
    const auto hit = m_picture->frame().plot.contains(at) ? m_picture->nearest(at) : std::nullopt;
    if (!hit)
        return;
    setCursorTo(hit, true);
    const QPointF distance = m_picture->position(*hit) - at;
    if (std::hypot(distance.x(), distance.y()) <= 10)
        activateCursor();
}

// --- painting ---

void ChartView::lookChanged()
{
    m_picture->setLook(Look::screen());
}

void ChartView::focusByKey()
{
    if (!m_cursor)
        moveToEnd(true); // the latest value is what people want first
}

void ChartView::pictureResized()
{
    m_picture->resize(pictureSize());
}

void ChartView::paintPicture(QPainter &painter)
{
    m_picture->paint(painter);
}

void ChartView::paintOverlay(QPainter &painter)
{
    const theme::Tokens &tokens = theme::current();
    const Frame &frame = m_picture->frame();
    if (isDragging())
        return paintDrag(painter);
    const TimeSpan view = m_picture->span();
    if (!m_cursor || !showsCursor() || m_cursor->point.time < view.from || m_cursor->point.time > view.to)
        return;
    const QPointF at = m_picture->position(*m_cursor);
    const double bottom = frame.strip.isNull() ? frame.plot.bottom() : frame.strip.bottom();
    painter.fillRect(QRectF(std::round(at.x()), frame.plot.top(), 1, frame.plot.height()), tokens.focus);
    if (!frame.strip.isNull())
        painter.fillRect(QRectF(std::round(at.x()), frame.strip.top(), 1, bottom - frame.strip.top()), tokens.focus);
    painter.setPen(QPen(tokens.focus, tokens.focusWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(at, 7.5, 7.5);
    const QRectF bounds(0, frame.plot.top(), frame.size.width(), frame.size.height() - frame.plot.top());
    paintReadout(painter, at, bounds, cursorSentence(), Look::screen());
}

QImage ChartView::toImage() const
{
    return charts::toImage(*m_spec, size(), devicePixelRatioF());
}

QByteArray ChartView::toSvg() const
{
    return charts::toSvg(*m_spec, size());
}

QSize ChartView::sizeHint() const
{
    return {theme::scaled(720), theme::scaled(m_spec->showsCounts ? 420 : 320)};
}

QSize ChartView::minimumSizeHint() const
{
    return {theme::scaled(320), theme::scaled(m_spec->showsCounts ? 300 : 200)};
}

} // namespace countersign::charts
