#include "ui/charts/canvas.h"

#include "ui/charts/chartaccess.h"
#include "ui/charts/strokes.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

namespace countersign::charts {

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
