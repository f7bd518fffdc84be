#include "ui/charts/plotview.h"

#include "ui/charts/chartaccess.h"
#include "ui/charts/plot/plotlayers.h"
#include "ui/charts/plot/plotwording.h"
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
constexpr int kPage = 10;

/// The same stop of the cursor; a value that is none equals itself here.
bool isSameStop(const report::PlotPoint &one, const report::PlotPoint &other)
{
    const bool isSameValue = one.value == other.value || (std::isnan(one.value) && std::isnan(other.value));
    return one.at == other.at && isSameValue && one.threshold == other.threshold;
}

} // namespace

PlotView::PlotView(QWidget *parent)
    : ChartCanvas(parent)
    , m_spec(std::make_shared<report::PlotSpec>())
    , m_picture(std::make_unique<PlotPicture>(m_spec, Look::screen()))
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

PlotView::~PlotView() = default;

void PlotView::setSpec(report::PlotSpec spec)
{
    const bool isSame = !spec.id.empty() && spec.id == m_spec->id;
    const std::optional<PlotHit> before = m_cursor;
    m_spec = std::make_shared<const report::PlotSpec>(std::move(spec));
    m_picture = std::make_unique<PlotPicture>(m_spec, Look::screen());
    m_picture->resize(pictureSize());
    if (!isSame || !canZoom())
        m_zooms.clear();
    m_picture->setZoom(zoom());
    if (!handle())
        m_isDraggingHandle = false;
    else if (!m_isDraggingHandle || !isSame)
        m_threshold = report::snapped(*handle(), handle()->at);
    m_cursor.reset();
    if (isSame && before)
        restoreCursor(*before);
    setAccessibleName(shown(m_spec->title));
    setAccessibleDescription(plotDescription(*m_spec));
    updateGeometry();
    invalidate();
}

void PlotView::restoreCursor(const PlotHit &before)
{
    if (before.panel >= m_spec->panels.size() || before.series >= m_spec->panels[before.panel].series.size())
        return;
    for (const report::PlotPoint &point : m_picture->reachable(before.panel, before.series)) {
        if (point.at == before.point.at && (m_spec->rows == report::PlotRows::Positions || point.threshold == before.point.threshold))
            m_cursor = PlotHit{before.panel, before.series, point};
    }
}

QString PlotView::cursorSentence() const
{
    if (m_cursor)
        return pointSentence(*m_spec, m_cursor->panel, m_cursor->series, m_cursor->point);
    return isHandleMovable() ? handleSentence(*m_spec, m_threshold) : QString();
}

// --- threshold ---

const report::PlotHandle *PlotView::handle() const
{
    const report::PlotPanel *panel = report::handlePanel(*m_spec);
    return panel ? &*panel->handle : nullptr;
}

std::optional<double> PlotView::threshold() const
{
    return handle() ? std::optional(m_threshold) : std::nullopt;
}

void PlotView::setThreshold(double at)
{
    if (!handle())
        return;
    m_threshold = report::snapped(*handle(), at);
    update();
}

void PlotView::moveHandle(double to, bool isDone)
{
    const double place = report::snapped(*handle(), to);
    const bool hasMoved = place != m_threshold;
    m_threshold = place;
    m_cursor.reset(); // the readout would lie on what is being looked at
    update();
    if (hasMoved) {
        const QString sentence = handleSentence(*m_spec, m_threshold);
        Q_EMIT thresholdMoved(m_threshold);
        Q_EMIT cursorChanged(sentence);
        if (isDone)
            announceChartValue(this, sentence);
    }
    if (isDone)
        Q_EMIT thresholdChosen(m_threshold);
}

void PlotView::stepHandle(double steps)
{
    const double step = handle()->step > 0 ? handle()->step : (handle()->high - handle()->low) / 100;
    moveHandle(m_threshold + steps * step, true);
}

bool PlotView::isOnHandle(QPointF at)
{
    if (!isHandleMovable() || m_picture->frame().panels.empty())
        return false;
    const PlotFrame &frame = m_picture->frame();
    const QRectF grip = handleGrip(*m_spec, frame, m_picture->look(), m_threshold);
    const auto panel = static_cast<std::size_t>(report::handlePanel(*m_spec) - m_spec->panels.data());
    const QRectF &plot = frame.panels[panel].plot;
    if (!frame.panels[panel].x.holds(m_threshold))
        return false;
    const bool isOnLine = std::fabs(at.x() - grip.center().x()) <= 5 && at.y() >= plot.top() && at.y() <= plot.bottom();
    return isOnLine || grip.adjusted(-4, -4, 4, 4).contains(at);
}

double PlotView::handlePlaceAt(QPointF at)
{
    const auto panel = static_cast<std::size_t>(report::handlePanel(*m_spec) - m_spec->panels.data());
    return m_picture->frame().panels[panel].x.valueAt(at.x());
}

// --- zoom ---

bool PlotView::canZoom() const
{
    return m_spec->panels.size() == 1 && !m_spec->panels.front().isSideways() && !m_spec->panels.front().isEqualAspect && !m_spec->isEmpty();
}

std::optional<std::pair<double, double>> PlotView::zoom() const
{
    return m_zooms.empty() ? std::nullopt : std::optional(m_zooms.back());
}

void PlotView::showZoom()
{
    m_picture->setZoom(zoom());
    invalidate();
    Q_EMIT zoomChanged();
}

void PlotView::zoomTo(double from, double to)
{
    if (!canZoom())
        return;
    const auto whole = placeRange(m_spec->panels.front());
    const std::pair wanted(std::max(std::min(from, to), whole.first), std::min(std::max(from, to), whole.second));
    if (wanted.second - wanted.first < (whole.second - whole.first) * 1e-6)
        return;
    m_isWheeling = false;
    m_zooms.push_back(wanted);
    showZoom();
}

void PlotView::zoomBack()
{
    if (m_zooms.empty())
        return;
    m_isWheeling = false;
    m_zooms.pop_back();
    showZoom();
}

void PlotView::zoomReset()
{
    if (m_zooms.empty())
        return;
    m_isWheeling = false;
    m_zooms.clear();
    showZoom();
}

void PlotView::zoomAround(double centre, double factor, bool isRemembered)
{
    if (!canZoom())
        return;
    const auto whole = placeRange(m_spec->panels.front());
    const auto now = zoom().value_or(whole);
    const std::pair wanted(std::max(whole.first, centre + (now.first - centre) * factor), std::min(whole.second, centre + (now.second - centre) * factor));
    if (wanted == whole)
        return zoomReset();
    if (wanted.second - wanted.first < (whole.second - whole.first) * 1e-6)
        return;
    if (!isRemembered && m_isWheeling && !m_zooms.empty())
        m_zooms.back() = wanted;
    else
        m_zooms.push_back(wanted);
    m_isWheeling = !isRemembered;
    showZoom();
}

// --- cursor ---

void PlotView::setCursorTo(const std::optional<PlotHit> &hit, bool isByKey)
{
    m_isCursorByKey = isByKey;
    const bool isSame = hit && m_cursor ? hit->panel == m_cursor->panel && hit->series == m_cursor->series && isSameStop(hit->point, m_cursor->point) : hit == m_cursor;
    if (isSame)
        return;
    m_cursor = hit;
    update();
    const QString sentence = cursorSentence();
    if (isByKey && m_cursor)
        announceChartValue(this, sentence);
    Q_EMIT cursorChanged(sentence);
}

void PlotView::moveAlong(int by)
{
    if (!m_cursor)
        return moveToEnd(by < 0);
    const auto points = m_picture->reachable(m_cursor->panel, m_cursor->series);
    const auto here = std::ranges::find_if(points, [this](const report::PlotPoint &point) { return isSameStop(point, m_cursor->point); });
    if (points.empty() || here == points.end())
        return moveToEnd(by < 0);
    const std::ptrdiff_t index = std::clamp<std::ptrdiff_t>(here - points.begin() + by, 0, static_cast<std::ptrdiff_t>(points.size()) - 1);
    setCursorTo(PlotHit{m_cursor->panel, m_cursor->series, points[static_cast<std::size_t>(index)]}, true);
}

void PlotView::moveAcross(int by)
{
    std::vector<std::pair<std::size_t, std::size_t>> stops;
    std::ptrdiff_t here = -1;
    for (std::size_t p = 0; p < m_spec->panels.size(); ++p) {
        for (std::size_t s = 0; s < m_spec->panels[p].series.size(); ++s) {
            if (m_cursor && p == m_cursor->panel && s == m_cursor->series)
                here = static_cast<std::ptrdiff_t>(stops.size());
            if (!m_picture->reachable(p, s).empty())
                stops.emplace_back(p, s);
        }
    }
    if (stops.empty())
        return;
    const auto count = static_cast<std::ptrdiff_t>(stops.size());
    const auto [panel, series] = stops[static_cast<std::size_t>((here + by + count) % count)];
    const auto points = m_picture->reachable(panel, series);
    const QPointF from = m_cursor ? m_picture->position(*m_cursor) : QPointF();
    const bool isByPlace = m_spec->rows == report::PlotRows::Positions && m_cursor;
    const auto nearest = std::ranges::min_element(points, {}, [&](const report::PlotPoint &point) {
        const QPointF away = m_picture->position({panel, series, point}) - from;
        return isByPlace ? std::fabs(point.at - m_cursor->point.at) : std::hypot(away.x(), away.y());
    });
    setCursorTo(PlotHit{panel, series, m_cursor ? *nearest : points.front()}, true);
}

void PlotView::moveToEnd(bool isLast)
{
    for (std::size_t p = m_cursor ? m_cursor->panel : 0; p < m_spec->panels.size(); ++p) {
        for (std::size_t s = m_cursor && p == m_cursor->panel ? m_cursor->series : 0; s < m_spec->panels[p].series.size(); ++s) {
            const auto points = m_picture->reachable(p, s);
            if (!points.empty())
                return setCursorTo(PlotHit{p, s, isLast ? points.back() : points.front()}, true);
        }
    }
}

bool PlotView::handleByKey(int key, Qt::KeyboardModifiers modifiers)
{
    const double steps = modifiers & Qt::ShiftModifier ? kPage : 1;
    switch (key) {
    case Qt::Key_Left: stepHandle(-steps); return true;
    case Qt::Key_Right: stepHandle(steps); return true;
    case Qt::Key_PageDown: stepHandle(-kPage); return true;
    case Qt::Key_PageUp: stepHandle(kPage); return true;
    case Qt::Key_Home: moveHandle(handle()->low, true); return true;
    case Qt::Key_End: moveHandle(handle()->high, true); return true;
    default: return false;
    }
}

bool PlotView::moveByKey(int key, Qt::KeyboardModifiers modifiers)
{
    if (isHandleMovable() && handleByKey(key, modifiers))
        return true;
    const bool isSideways = !m_spec->panels.empty() && m_spec->panels.front().isSideways();
    switch (key) {
    case Qt::Key_Left: isSideways ? moveAcross(-1) : moveAlong(-1); return true;
    case Qt::Key_Right: isSideways ? moveAcross(+1) : moveAlong(+1); return true;
    case Qt::Key_Up: isSideways ? moveAlong(-1) : moveAcross(-1); return true;
    case Qt::Key_Down: isSideways ? moveAlong(+1) : moveAcross(+1); return true;
    case Qt::Key_PageUp: moveAlong(-kPage); return true;
    case Qt::Key_PageDown: moveAlong(+kPage); return true;
    case Qt::Key_Home: moveToEnd(false); return true;
    case Qt::Key_End: moveToEnd(true); return true;
    default: return false;
    }
}

void PlotView::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return QWidget::keyPressEvent(event);
    if (moveByKey(event->key(), event->modifiers()))
        return;
    const auto centre = [this] {
        const auto whole = placeRange(m_spec->panels.front());
        const auto view = zoom().value_or(whole);
        return m_cursor ? m_cursor->point.at : handle() ? m_threshold : (view.first + view.second) / 2;
    };
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        if (canZoom())
            zoomAround(centre(), 0.5, true);
        return;
    case Qt::Key_Minus:
    case Qt::Key_Backspace: return zoomBack();
    case Qt::Key_0: return zoomReset();
    case Qt::Key_T: return Q_EMIT tableRequested();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_cursor)
            Q_EMIT pointActivated(m_cursor->panel, m_cursor->series, m_cursor->point);
        return;
    case Qt::Key_Escape:
        if (m_cursor)
            return setCursorTo({}, true);
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

void PlotView::focusByKey()
{
    if (!m_cursor && !isHandleMovable())
        moveToEnd(false);
}

// --- mouse ---

void PlotView::mousePressEvent(QMouseEvent *event)
{
    const QPointF at = inPicture(event->position());
    if (event->button() != Qt::LeftButton)
        return;
    if (isOnHandle(at)) {
        m_isDraggingHandle = true;
        return;
    }
    if (canZoom() && m_picture->frame().panels.front().plot.contains(at)) {
        m_dragFrom = at.x();
        m_dragTo = at.x();
    }
}

void PlotView::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = inPicture(event->position());
    if (m_isDraggingHandle)
        return moveHandle(handlePlaceAt(at), false);
    if (m_dragFrom) {
        const QRectF plot = m_picture->frame().panels.front().plot;
        m_dragTo = std::clamp(at.x(), plot.left(), plot.right());
        return update();
    }
    const bool isOver = isOnHandle(at);
    if (isOver != m_isOverHandle) {
        m_isOverHandle = isOver;
        if (isOver)
            setCursor(Qt::SplitHCursor);
        else
            unsetCursor();
        update();
    }
    const auto hit = isOver ? std::nullopt : m_picture->nearest(at);
    if (hit || !m_isCursorByKey)
        setCursorTo(hit, false);
}

void PlotView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const QPointF at = inPicture(event->position());
    if (m_isDraggingHandle) {
        m_isDraggingHandle = false;
        return moveHandle(m_threshold, true);
    }
    if (m_dragFrom) {
        const double from = std::min(*m_dragFrom, m_dragTo);
        const double to = std::max(*m_dragFrom, m_dragTo);
        m_dragFrom.reset();
        update();
        if (to - from >= kMinDrag) {
            const Scale &scale = m_picture->frame().panels.front().x;
            return zoomTo(scale.valueAt(from), scale.valueAt(to));
        }
    }
    const auto hit = m_picture->nearest(at);
    if (!hit)
        return;
    setCursorTo(hit, true);
    const QPointF away = m_picture->position(*hit) - at;
    const bool isRow = m_spec->panels[hit->panel].isSideways(); // anywhere in the row
    if (isRow || std::hypot(away.x(), away.y()) <= 10)
        Q_EMIT pointActivated(hit->panel, hit->series, hit->point);
}

void PlotView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && !isOnHandle(inPicture(event->position())))
        zoomReset();
}

void PlotView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier) || !canZoom())
        return event->ignore(); // the page scrolls
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0)
        zoomAround(m_picture->frame().panels.front().x.valueAt(inPicture(event->position()).x()), std::pow(0.8, steps), false);
    event->accept();
}

void PlotView::leaveEvent(QEvent *)
{
    if (m_isOverHandle) {
        m_isOverHandle = false;
        unsetCursor();
        update();
    }
    if (!m_isCursorByKey)
        setCursorTo({}, false);
}

// --- painting ---

void PlotView::lookChanged()
{
    m_picture->setLook(Look::screen());
}

void PlotView::resizeEvent(QResizeEvent *)
{
    m_picture->resize(pictureSize());
    invalidate();
}

void PlotView::paintPicture(QPainter &painter)
{
    m_picture->paint(painter);
}

void PlotView::paintOverlay(QPainter &painter)
{
    const theme::Tokens &tokens = theme::current();
    const PlotFrame &frame = m_picture->frame();
    if (m_dragFrom && std::fabs(m_dragTo - *m_dragFrom) >= 1) {
        const QRectF &plot = frame.panels.front().plot;
        QColor fill = tokens.accent;
        fill.setAlpha(40);
        painter.fillRect(QRectF(QPointF(*m_dragFrom, plot.top()), QPointF(m_dragTo, plot.bottom())).normalized(), fill);
    }
    if (handle() && !frame.panels.empty())
        paintHandle(painter, *m_spec, frame, m_picture->look(), m_threshold, m_isOverHandle || m_isDraggingHandle);
    if (m_cursor && !m_dragFrom && !m_isDraggingHandle)
        paintCursor(painter);
}

void PlotView::paintRing(QPainter &painter, const PlotHit &hit)
{
    const theme::Tokens &tokens = theme::current();
    painter.setPen(QPen(tokens.focus, tokens.focusWidth));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(m_picture->position(hit), 7.5, 7.5);
}

void PlotView::paintCursor(QPainter &painter)
{
    const theme::Tokens &tokens = theme::current();
    const PlotFrame &frame = m_picture->frame();
    const QPointF at = m_picture->position(*m_cursor);
    const report::PlotPanel &panel = m_spec->panels[m_cursor->panel];
    if (panel.isSideways()) {
        const auto row = static_cast<std::size_t>(std::max(0.0, m_cursor->point.at));
        const Scale &rows = frame.panels.front().y;
        if (row + 1 < rows.rowEdges.size()) {
            const QRectF line(0, rows.rowEdges[row], frame.panels.back().plot.right() + 6, rows.rowHeight(row));
            QColor fill = tokens.accent;
            fill.setAlpha(18);
            painter.fillRect(line, fill);
            painter.fillRect(QRectF(-8, line.top() + 2, 3, line.height() - 4), tokens.focus);
        }
    } else if (m_spec->rows == report::PlotRows::Positions) {
        const PanelFrame &place = frame.panels[m_cursor->panel];
        painter.fillRect(QRectF(std::round(at.x()), place.plot.top(), 1, place.plot.height()), tokens.focus);
    }
    if (m_spec->rows == report::PlotRows::Positions) {
        for (std::size_t p = 0; p < m_spec->panels.size(); ++p) { // all that the sentence names
            for (std::size_t s = 0; s < m_spec->panels[p].series.size(); ++s) {
                const report::PlotSeries &series = m_spec->panels[p].series[s];
                const report::PlotPoint *point = report::pointAt(series, m_cursor->point.at);
                const bool isRinged = series.mark != report::PlotMark::TableOnly && series.mark != report::PlotMark::Bars && point && point->hasValue();
                if (isRinged)
                    paintRing(painter, {p, s, *point});
            }
        }
    } else {
        paintRing(painter, *m_cursor);
    }
    const QRectF bounds(0, 0, frame.size.width(), frame.size.height());
    paintReadout(painter, at, bounds, cursorSentence(), m_picture->look());
}

QImage PlotView::toImage() const
{
    report::PlotSpec spec = *m_spec;
    for (report::PlotPanel &panel : spec.panels) {
        if (panel.handle)
            panel.handle->at = m_threshold;
    }
    return charts::toImage(spec, size(), devicePixelRatioF());
}

QByteArray PlotView::toSvg() const
{
    report::PlotSpec spec = *m_spec;
    for (report::PlotPanel &panel : spec.panels) {
        if (panel.handle)
            panel.handle->at = m_threshold;
    }
    return charts::toSvg(spec, size());
}

int PlotView::heightForWidth(int width) const
{
    const double inside = std::max(theme::scaled(240), width) - 2 * kMargin;
    return static_cast<int>(std::ceil(preferredHeight(*m_spec, Look::screen(), inside, {}) + 2 * kMargin));
}

QSize PlotView::sizeHint() const
{
    const int width = theme::scaled(640);
    return {width, heightForWidth(width)};
}

QSize PlotView::minimumSizeHint() const
{
    const int narrowest = theme::scaled(m_spec->panels.size() > 1 ? 480 : 320);
    const double least = leastHeight(*m_spec, Look::screen(), std::max(narrowest, width()) - 2 * kMargin, {});
    return {narrowest, static_cast<int>(std::ceil(least + 2 * kMargin))};
}

} // namespace countersign::charts
