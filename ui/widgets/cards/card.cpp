#include "ui/widgets/cards/card.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QHBoxLayout>
#include <QPainter>

namespace countersign::widgets {

Card::Card(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_headRow(new QWidget(this))
    , m_title(new PlainLabel({}, theme::Type::CardTitle))
    , m_caption(new PlainLabel({}, theme::Type::Secondary, Ink::Tertiary))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    m_head = new QHBoxLayout(m_headRow);
    m_head->setContentsMargins(theme::scaled(16), theme::scaled(6), theme::scaled(8), theme::scaled(4));
    m_head->setSpacing(theme::scaled(theme::space::kSmall));
    m_title->setElide(Qt::ElideRight);
    m_caption->setElide(Qt::ElideRight);
    m_head->addWidget(m_title);
    m_head->addWidget(m_caption, 1);
    m_headRow->setMinimumHeight(theme::scaled(40));
    column->addWidget(m_headRow);
    auto *bodyHost = new QWidget(this);
    m_body = new QVBoxLayout(bodyHost);
    m_body->setSpacing(theme::scaled(theme::space::kSmall));
    column->addWidget(bodyHost, 1);
    setFlush(false);
    setTitle(title);
}

void Card::setTitle(const QString &title)
{
    m_title->setText(title);
    m_headRow->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void Card::setCaption(const QString &caption)
{
    m_caption->setText(caption);
}

void Card::addTrailing(QWidget *widget)
{
    m_head->addWidget(widget);
}

void Card::setFlush(bool isFlush)
{
    m_isFlush = isFlush;
    const int side = theme::scaled(16);
    m_body->setContentsMargins(isFlush ? 0 : side, isFlush ? 1 : theme::scaled(m_headRow->isVisibleTo(this) ? 0 : 10),
                               isFlush ? 0 : side, isFlush ? theme::scaled(6) : theme::scaled(10));
    update();
}

void Card::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    theme::paintRounded(painter, rect(), theme::radius::kCard, t.page, t.hair);
    if (m_isFlush && m_headRow->isVisible())
        painter.fillRect(1, m_headRow->geometry().bottom() + 1, width() - 2, 1, t.hair);
}

} // namespace countersign::widgets
