#include "ui/widgets/messages/busyoverlay.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QProgressBar>

namespace countersign::widgets {

using theme::scaled;

BusyOverlay::BusyOverlay(QWidget *over)
    : QWidget(over)
    , m_text(new PlainLabel({}, theme::Type::Body))
    , m_bar(new QProgressBar)
    , m_cancel(linkButton(tr("Cancel")))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scaled(16), scaled(6), scaled(8), scaled(6));
    row->setSpacing(scaled(12));
    m_bar->setFixedWidth(scaled(110));
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    row->addWidget(m_text);
    row->addWidget(m_bar);
    row->addWidget(m_cancel);
    m_delay.setSingleShot(true);
    m_delay.setInterval(200);
    connect(&m_delay, &QTimer::timeout, this, [this] {
        place();
        show();
        raise();
    });
    connect(m_cancel, &QPushButton::clicked, this, &BusyOverlay::cancelRequested);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *before, QWidget *now) {
        if (now && before && isAncestorOf(now) && !isAncestorOf(before))
            m_cameFrom = before;
    });
    over->installEventFilter(this);
    hide();
}

void BusyOverlay::start(const QString &what, bool canCancel)
{
    m_isBusy = true;
    m_text->setText(what);
    setAccessibleName(what);
    m_cancel->setVisible(canCancel);
    setProgress(-1);
    m_delay.start();
}

void BusyOverlay::setProgress(int percent)
{
    m_bar->setRange(0, percent < 0 ? 0 : 100);
    m_bar->setValue(percent < 0 ? 0 : qMin(percent, 100));
}

void BusyOverlay::stop()
{
    m_isBusy = false;
    m_delay.stop();
    const bool hadFocus = window()->focusWidget() && isAncestorOf(window()->focusWidget());
    hide(); // which lets the focus fall on whatever comes next
    if (hadFocus)
        giveFocusBack();
}

void BusyOverlay::giveFocusBack()
{
    const auto canTakeIt = [this] { return m_cameFrom && m_cameFrom->isVisible() && m_cameFrom->isEnabled(); };
    if (canTakeIt())
        return m_cameFrom->setFocus(Qt::OtherFocusReason);
    // Pages switch their controls on again when they hear that the work is over.
    QTimer::singleShot(0, this, [this, canTakeIt, fellOn = QPointer<QWidget>(window()->focusWidget())] {
        if (canTakeIt() && window()->focusWidget() == fellOn)
            m_cameFrom->setFocus(Qt::OtherFocusReason);
    });
}

void BusyOverlay::place()
{
    const QSize size = sizeHint().boundedTo(parentWidget()->size());
    setGeometry(QRect(QPoint((parentWidget()->width() - size.width()) / 2, scaled(16)), size));
}

bool BusyOverlay::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && isVisible())
        place();
    return QWidget::eventFilter(watched, event);
}

void BusyOverlay::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    theme::paintRounded(painter, rect(), theme::radius::kCard, t.raised, t.control);
}

} // namespace countersign::widgets
