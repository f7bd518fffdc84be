#include "ui/widgets/messages/messagebar.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace countersign::widgets {

using theme::scaled;

MessageBar::MessageBar(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new PlainLabel({}, theme::Type::Strong))
    , m_buttons(new QHBoxLayout)
    , m_close(iconButton(QStringLiteral("close"), tr("Close message")))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scaled(44), scaled(5), scaled(8), scaled(5));
    row->setSpacing(scaled(theme::space::kSmall));
    m_sentence->setWordWrap(true); // a sentence is never cut
    row->addWidget(m_sentence, 1);
    row->addLayout(m_buttons);
    row->addWidget(m_close, 0, Qt::AlignTop);
    setMinimumHeight(scaled(theme::height::kMessageBar));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::clear);
    hide();
}

void MessageBar::setHasCross(bool has)
{
    m_close->setVisible(has);
}

QString MessageBar::text() const
{
    return m_message.text;
}

void MessageBar::show(const Message &message)
{
    m_message = message;
    m_sentence->setText(message.text);
    setAccessibleName(message.text);
    while (QLayoutItem *item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // it may be the button whose click brought us here
        delete item;
    }
    for (const Message::Action &action : message.actions) {
        QPushButton *button = secondaryButton(action.text);
        connect(button, &QPushButton::clicked, this, [this, run = action.run] {
            clear();
            if (run)
                run();
        });
        m_buttons->addWidget(button, 0, Qt::AlignTop);
    }
    setVisible(true);
    update();
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageBar::clear()
{
    if (isHidden())
        return;
    const bool hadFocus = isAncestorOf(focusWidget());
    hide();
    Q_EMIT closed();
    if (hadFocus && parentWidget())
        parentWidget()->setFocus();
}

void MessageBar::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    const theme::State state = stateOf(m_message.tone);
    QPainter painter(this);
    painter.fillRect(rect(), t.tint(state));
    painter.fillRect(0, 0, width(), 1, t.hair);
    painter.fillRect(0, height() - 1, width(), 1, t.hair);
    const int side = scaled(14);
    const QRect glyph = QStyle::visualRect(layoutDirection(), rect(),
                                           QRect(scaled(20), (scaled(theme::height::kMessageBar) - side) / 2, side, side));
    if (m_message.tone == Tone::Info)
        theme::paintIcon(painter, QStringLiteral("info"), glyph, t.secondary);
    else
        theme::paintState(painter, state, glyph, t);
}

void MessageBar::keyPressEvent(QKeyEvent *event)
{
    event->key() == Qt::Key_Escape ? clear() : QWidget::keyPressEvent(event);
}

} // namespace countersign::widgets
