#include "ui/charts/plotview.h"

#include "ui/charts/canvas/chartaccess.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/plotcursor.h"
#include "ui/charts/plot/plotlayers.h"
#include "ui/charts/plot/plotwording.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace countersign::charts {

namespace {

constexpr int kPage = 10; ///< points

bool isTooNarrow(std::pair<double, double> part, std::pair<double, double> whole)
{
    return part.second - part.first <= (whole.second - whole.first) * 1e-6;
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
        m_cursor = stopAgain(*m_picture, *before);
    setAccessibleName(shown(m_spec->title));
    setAccessibleDescription(plotDescription(*m_spec));
    updateGeometry();
    invalidate();
}

QString PlotView::cursorSentence() const
{
    if (m_cursor)
        return pointSentence(*m_spec, m_cursor->panel, m_cursor->series, m_cursor->point);
    return isHandleMovable() ? handleSentence(*m_spec, m_threshold) : QString();
}

// --- zoom ---

bool PlotView::canZoom() const
{
    return m_spec->panels.size() == 1 && !m_spec->panels.front().isSideways() && !m_spec->panels.front().isEqualAspect && !m_spec->isEmpty();
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
    if (isTooNarrow(wanted, whole))
        return;
    m_zooms.add(wanted);
    showZoom();
}

void PlotView::zoomBack()
{
    if (m_zooms.goBack())
        showZoom();
}

void PlotView::zoomReset()
{
    if (m_zooms.clear())
        showZoom();
}

std::optional<std::pair<double, double>> PlotView::around(double centre, double factor) const
{
    const auto whole = placeRange(m_spec->panels.front());
    const auto now = zoom().value_or(whole);
    const std::pair wanted(std::max(whole.first, centre + (now.first - centre) * factor), std::min(whole.second, centre + (now.second - centre) * factor));
    return isTooNarrow(wanted, whole) ? std::nullopt : std::optional(wanted);
}

void PlotView::zoomIn()
{
    if (!canZoom())
        return;
    const auto view = zoom().value_or(placeRange(m_spec->panels.front()));
    const double centre = m_cursor ? m_cursor->point.at : handle() ? m_threshold : (view.first + view.second) / 2;
    if (const auto wanted = around(centre, 0.5))
        zoomTo(wanted->first, wanted->second);
}

void PlotView::zoomByWheel(double x, double factor)
{
    const auto wanted = around(m_picture->frame().panels.front().x.valueAt(x), factor);
    if (wanted == placeRange(m_spec->panels.front()))
        return zoomReset();
    if (wanted) {
        m_zooms.addTurn(*wanted);
        showZoom();
    }
}

void PlotView::zoomToPixels(double left, double right)
{
    const Scale &scale = m_picture->frame().panels.front().x;
    zoomTo(scale.valueAt(left), scale.valueAt(right));
}

QRectF PlotView::zoomArea()
{
    return canZoom() ? m_picture->frame().panels.front().plot : QRectF();
}

// --- cursor ---

void PlotView::setCursorTo(const std::optional<PlotHit> &hit, bool isByKey)
{
    setCursorByKey(isByKey);
    if (isSameStop(hit, m_cursor))
        return;
    m_cursor = hit;
    cursorMoved();
}

bool PlotView::moveByKey(int key, Qt::KeyboardModifiers modifiers)
{
    if (isHandleMovable() && handleByKey(key, modifiers))
        return true;
    const bool isSideways = !m_spec->panels.empty() && m_spec->panels.front().isSideways();
    const auto along = [this](int by) { goTo(stopAlong(*m_picture, m_cursor, by)); };
    const auto across = [this](int by) { goTo(stopAcross(*m_picture, m_cursor, by)); };
    switch (key) {
    case Qt::Key_Left: isSideways ? across(-1) : along(-1); return true;
    case Qt::Key_Right: isSideways ? across(+1) : along(+1); return true;
    case Qt::Key_Up: isSideways ? along(-1) : across(-1); return true;
    case Qt::Key_Down: isSideways ? along(+1) : across(+1); return true;
    case Qt::Key_PageUp: along(-kPage); return true;
    case Qt::Key_PageDown: along(+kPage); return true;
    case Qt::Key_Home: goTo(stopAtEnd(*m_picture, m_cursor, false)); return true;
    case Qt::Key_End: goTo(stopAtEnd(*m_picture, m_cursor, true)); return true;
    default: return false;
    }
}

void PlotView::goTo(const std::optional<PlotHit> &stop)
{
    if (stop)
        setCursorTo(stop, true);
}

void PlotView::activateCursor()
{
    Q_EMIT pointActivated(m_cursor->panel, m_cursor->series, m_cursor->point);
}

void PlotView::focusByKey()
{
    if (!m_cursor && !isHandleMovable())
        goTo(stopAtEnd(*m_picture, {}, false));
}

// --- mouse ---

void PlotView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && isOnHandle(inPicture(event->position())))
        m_isDraggingHandle = true;
    else
        ChartCanvas::mousePressEvent(event);
}

void PlotView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_isDraggingHandle)
        moveHandle(handlePlaceAt(inPicture(event->position())), false);
    else
        ChartCanvas::mouseMoveEvent(event);
}

void PlotView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_isDraggingHandle)
        return ChartCanvas::mouseReleaseEvent(event);
    m_isDraggingHandle = false;
    moveHandle(m_threshold, true);
}

void PlotView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (!isOnHandle(inPicture(event->position())))
        ChartCanvas::mouseDoubleClickEvent(event);
}

void PlotView::leaveEvent(QEvent *event)
{
    setOverHandle(false);
    ChartCanvas::leaveEvent(event);
}

void PlotView::setOverHandle(bool isOver)
{
    if (isOver == m_isOverHandle)
        return;
    m_isOverHandle = isOver;
    if (isOver)
        setCursor(Qt::SplitHCursor);
    else
        unsetCursor();
    update();
}

void PlotView::hover(QPointF at)
{
    setOverHandle(isOnHandle(at));
    const auto hit = m_isOverHandle ? std::nullopt : m_picture->nearest(at);
    if (hit || !isCursorByKey())
        setCursorTo(hit, false);
}

void PlotView::clicked(QPointF at)
{
    const auto hit = m_picture->nearest(at);
    if (!hit)
        return;
    setCursorTo(hit, true);
    const QPointF away = m_picture->position(*hit) - at;
    const bool isRow = m_spec->panels[hit->panel].isSideways(); // anywhere in the row
    if (isRow || std::hypot(away.x(), away.y()) <= 10)
        activateCursor();
}

// --- painting ---

void PlotView::lookChanged()
{
    m_picture->setLook(Look::screen());
}

void PlotView::pictureResized()
{
    m_picture->resize(pictureSize());
    if (width() == m_hintedWidth)
        return;
    m_hintedWidth = width(); // legends break otherwise, and need another height
    updateGeometry();
}

void PlotView::paintPicture(QPainter &painter)
{
    m_picture->paint(painter);
}

void PlotView::paintOverlay(QPainter &painter)
{
    const PlotFrame &frame = m_picture->frame();
    paintDrag(painter);
    if (handle() && !frame.panels.empty())
        paintHandle(painter, *m_spec, frame, m_picture->look(), m_threshold, m_isOverHandle || m_isDraggingHandle);
    if (m_cursor && showsCursor() && !isDragging() && !m_isDraggingHandle)
        paintPlotCursor(painter, *m_picture, *m_cursor, cursorSentence());
}

report::PlotSpec PlotView::specAsShown() const
{
    report::PlotSpec spec = *m_spec;
    for (report::PlotPanel &panel : spec.panels) {
        if (panel.handle)
            panel.handle->at = m_threshold;
    }
    return spec;
}

QImage PlotView::toImage() const
{
    return charts::toImage(specAsShown(), size(), devicePixelRatioF());
}

QByteArray PlotView::toSvg() const
{
    return charts::toSvg(specAsShown(), size());
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
