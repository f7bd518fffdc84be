#include "ui/charts/chartview.h"

#include "ui/charts/chartaccess.h"
#include "ui/charts/strokes.h"
#include "ui/charts/wording.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

constexpr double kMinDrag = 8; ///< a shorter drag is a click

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
    std::erase_if(m_zooms, [&](const TimeSpan &zoom) { return zoom.to <= whole.from || zoom.from >= whole.to; });
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

std::optional<TimeSpan> ChartView::zoom() const
{
    return m_zooms.empty() ? std::nullopt : std::optional(m_zooms.back());
}

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
    if (span.to - span.from < std::chrono::milliseconds(10))
        return;
    m_isWheeling = false;
    m_zooms.push_back(span);
    showZoom();
}

void ChartView::zoomBack()
{
    if (m_zooms.empty())
        return;
    m_isWheeling = false;
    m_zooms.pop_back();
    showZoom();
}

void ChartView::zoomReset()
{
    if (m_zooms.empty())
        return;
    m_isWheeling = false;
    m_zooms.clear();
    showZoom();
}

void ChartView::zoomAround(Instant centre, double factor, bool isRemembered)
{
    const TimeSpan now = m_picture->span();
    const TimeSpan whole = m_picture->wholeSpan();
    const auto part = [&](Instant edge) { return std::chrono::milliseconds(std::llround(static_cast<double>((edge - centre).count()) * factor)); };
    const TimeSpan wanted{std::max(whole.from, centre + part(now.from)), std::min(whole.to, centre + part(now.to))};
    if (wanted.to - wanted.from < std::chrono::milliseconds(10))
        return;
    if (wanted == whole)
        return zoomReset();
    if (!isRemembered && m_isWheeling && !m_zooms.empty())
        m_zooms.back() = wanted;
    else
        m_zooms.push_back(wanted);
    m_isWheeling = !isRemembered;
    showZoom();
}

// --- cursor ---

void ChartView::setCursorTo(const std::optional<Hit> &hit, bool isByKey)
{
    m_isCursorByKey = isByKey;
    if (hit == m_cursor)
        return;
    m_cursor = hit;
    update();
    const QString sentence = cursorSentence();
    if (isByKey && m_cursor)
        announceChartValue(this, sentence);
    Q_EMIT cursorChanged(sentence);
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

void ChartView::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return QWidget::keyPressEvent(event);
    const auto centre = [this] {
        const TimeSpan view = m_picture->span();
        return m_cursor ? m_cursor->point.time : view.from + (view.to - view.from) / 2;
    };
    switch (event->key()) {
    case Qt::Key_Left: return movePoint(-1);
    case Qt::Key_Right: return movePoint(+1);
    case Qt::Key_Up: return moveSeries(-1);
    case Qt::Key_Down: return moveSeries(+1);
    case Qt::Key_Home: return moveToEnd(false);
    case Qt::Key_End: return moveToEnd(true);
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoomAround(centre(), 0.5, true);
    case Qt::Key_Minus:
    case Qt::Key_Backspace: return zoomBack();
    case Qt::Key_0: return zoomReset();
    case Qt::Key_T: return Q_EMIT tableRequested();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_cursor)
            Q_EMIT pointActivated(m_cursor->series, m_cursor->point);
        return;
    case Qt::Key_Escape:
        if (m_cursor)
            return setCursorTo({}, true);
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

// --- mouse ---

void ChartView::mousePressEvent(QMouseEvent *event)
{
    const QPointF at = inPicture(event->position());
    if (event->button() == Qt::LeftButton && m_picture->frame().plot.contains(at)) {
        m_dragFrom = at.x();
        m_dragTo = at.x();
    }
}

void ChartView::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = inPicture(event->position());
    const QRectF plot = m_picture->frame().plot;
    if (m_dragFrom) {
        m_dragTo = std::clamp(at.x(), plot.left(), plot.right());
        return update();
    }
    const bool isOver = at.x() >= plot.left() && at.x() <= plot.right() && at.y() >= plot.top();
    if (isOver)
        setCursorTo(m_picture->nearest(at), false);
    else if (!m_isCursorByKey)
        setCursorTo({}, false);
}

void ChartView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_dragFrom)
        return;
    const double from = std::min(*m_dragFrom, m_dragTo);
    const double to = std::max(*m_dragFrom, m_dragTo);
    m_dragFrom.reset();
    update();
    if (to - from >= kMinDrag)
        return zoomTo({m_picture->frame().timeAt(from), m_picture->frame().timeAt(to)});
    const auto hit = m_picture->nearest(inPicture(event->position()));
    if (!hit)
        return;
    setCursorTo(hit, true);
    const QPointF distance = m_picture->position(*hit) - inPicture(event->position());
    if (std::hypot(distance.x(), distance.y()) <= 10)
        Q_EMIT pointActivated(hit->series, hit->point);
}

void ChartView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        zoomReset();
}

void ChartView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier))
        return event->ignore(); // the page scrolls
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0)
        zoomAround(m_picture->frame().timeAt(inPicture(event->position()).x()), std::pow(0.8, steps), false);
    event->accept();
}

void ChartView::leaveEvent(QEvent *)
{
    if (!m_isCursorByKey)
        setCursorTo({}, false);
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

void ChartView::resizeEvent(QResizeEvent *)
{
    m_picture->resize(pictureSize());
    invalidate();
}

void ChartView::paintPicture(QPainter &painter)
{
    m_picture->paint(painter);
}

void ChartView::paintOverlay(QPainter &painter)
{
    const theme::Tokens &tokens = theme::current();
    const Frame &frame = m_picture->frame();
    if (m_dragFrom && std::fabs(m_dragTo - *m_dragFrom) >= 1) {
        QColor fill = tokens.accent;
        fill.setAlpha(40);
        painter.fillRect(QRectF(QPointF(*m_dragFrom, frame.plot.top()), QPointF(m_dragTo, frame.plot.bottom())).normalized(), fill);
        return;
    }
    const TimeSpan view = m_picture->span();
    if (!m_cursor || m_cursor->point.time < view.from || m_cursor->point.time > view.to)
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
