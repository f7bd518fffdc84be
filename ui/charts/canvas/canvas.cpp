#include "ui/charts/canvas/canvas.h"

#include "ui/charts/canvas/chartaccess.h"
#include "ui/charts/canvas/strokes.h"
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

ChartCanvas::ChartCanvas(QWidget *parent) : QWidget(parent)
{
    installChartAccess();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void ChartCanvas::invalidate()
{
    m_pixmap = QPixmap();
    update();
}

bool ChartCanvas::event(QEvent *event)
{
    // The chart's keys are its own while it has the focus, even where the window uses them as shortcuts.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isPlain = !(key->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier));
        const auto keys = {Qt::Key_Plus, Qt::Key_Equal, Qt::Key_Minus, Qt::Key_0, Qt::Key_T, Qt::Key_Home, Qt::Key_End, Qt::Key_Backspace};
        if (isPlain && std::ranges::find(keys, key->key()) != keys.end()) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void ChartCanvas::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange
        || event->type() == QEvent::LocaleChange) {
        lookChanged();
        invalidate();
    }
    QWidget::changeEvent(event);
}

void ChartCanvas::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        focusByKey();
    update();
}

void ChartCanvas::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

void ChartCanvas::cursorMoved()
{
    update();
    const QString sentence = cursorSentence();
    if (m_isCursorByKey && hasCursor())
        announceChartValue(this, sentence);
    Q_EMIT cursorChanged(sentence);
}

void ChartCanvas::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return QWidget::keyPressEvent(event);
    if (moveByKey(event->key(), event->modifiers()))
        return;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoomIn();
    case Qt::Key_Minus:
    case Qt::Key_Backspace: return zoomBack();
    case Qt::Key_0: return zoomReset();
    case Qt::Key_T: return Q_EMIT tableRequested();
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (hasCursor())
            activateCursor();
        return;
    case Qt::Key_Escape:
        if (hasCursor())
            return dropCursor(true);
        break;
    default: break;
    }
    QWidget::keyPressEvent(event);
}

// --- mouse ---

void ChartCanvas::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_isPressed = true;
    const QPointF at = inPicture(event->position());
    if (zoomArea().contains(at)) {
        m_dragFrom = at.x();
        m_dragTo = at.x();
    }
}

void ChartCanvas::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = inPicture(event->position());
    if (!m_dragFrom)
        return hover(at);
    const QRectF area = zoomArea();
    m_dragTo = std::clamp(at.x(), area.left(), area.right());
    update();
}

void ChartCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_isPressed)
        return;
    m_isPressed = false;
    const double left = std::min(m_dragFrom.value_or(m_dragTo), m_dragTo);
    const double right = std::max(m_dragFrom.value_or(m_dragTo), m_dragTo);
    const bool isDrag = m_dragFrom && right - left >= kMinDrag && !zoomArea().isEmpty(); // a refresh may have taken the area
    m_dragFrom.reset();
    update();
    if (isDrag)
        zoomToPixels(left, right);
    else
        clicked(inPicture(event->position()));
}

void ChartCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        zoomReset();
}

void ChartCanvas::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier) || zoomArea().isEmpty())
        return event->ignore(); // the page scrolls
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0)
        zoomByWheel(inPicture(event->position()).x(), std::pow(0.8, steps));
    event->accept();
}

void ChartCanvas::leaveEvent(QEvent *)
{
    if (!m_isCursorByKey)
        dropCursor(false);
}

// --- painting ---

bool ChartCanvas::isDragging() const
{
    return m_dragFrom && std::fabs(m_dragTo - *m_dragFrom) >= 1;
}

void ChartCanvas::paintDrag(QPainter &painter)
{
    if (!isDragging())
        return;
    const QRectF area = zoomArea();
    QColor fill = theme::current().accent;
    fill.setAlpha(40);
    painter.fillRect(QRectF(QPointF(*m_dragFrom, area.top()), QPointF(m_dragTo, area.bottom())).normalized(), fill);
}

void ChartCanvas::resizeEvent(QResizeEvent *)
{
    pictureResized();
    invalidate();
}

void ChartCanvas::paintEvent(QPaintEvent *)
{
    if (m_pixmap.isNull() || m_pixmap.devicePixelRatio() != devicePixelRatioF() || m_pixmap.size() != size() * devicePixelRatioF()) {
        m_pixmap = QPixmap(size() * devicePixelRatioF());
        m_pixmap.setDevicePixelRatio(devicePixelRatioF());
        m_pixmap.fill(theme::current().page);
        QPainter painter(&m_pixmap);
        painter.translate(kMargin, kMargin);
        paintPicture(painter);
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(kMargin, kMargin);
    paintOverlay(painter);
    painter.resetTransform();
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

} // namespace countersign::charts
