#include "ui/widgets/messages/emptystate.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QAbstractScrollArea>
#include <QEvent>
#include <QVBoxLayout>

namespace countersign::widgets {

EmptyState::EmptyState(QAbstractScrollArea *view) : QWidget(view->viewport())
{
    build();
    view->viewport()->installEventFilter(this);
    setGeometry(view->viewport()->rect());
    hide();
}

EmptyState::EmptyState(QWidget *parent) : QWidget(parent)
{
    build();
}

void EmptyState::build()
{
    setGround(*this, Ground::Page);
    m_head = new PlainLabel({}, theme::Type::CardTitle);
    m_head->setWordWrap(true);
    m_why = new PlainLabel({}, theme::Type::Body, Ink::Secondary);
    m_why->setWordWrap(true);
    m_why->setMaximumWidth(m_why->fontMetrics().averageCharWidth() * 66); // about 60 characters of real text
    m_act = secondaryButton({});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::scaled(16), theme::scaled(28), theme::scaled(16), theme::scaled(16));
    column->setSpacing(theme::scaled(6));
    column->addWidget(m_head);
    column->addWidget(m_why);
    column->addSpacing(theme::scaled(6));
    column->addWidget(m_act, 0, Qt::AlignLeft);
    column->addStretch(1);
    connect(m_act, &QPushButton::clicked, this, [this] { Q_EMIT actRequested(m_cause); });
}

void EmptyState::describe(Cause cause, const QString &head, const QString &why, const QString &act)
{
    m_cause = cause;
    m_head->setText(head);
    m_why->setText(why);
    m_why->setVisible(!why.isEmpty());
    m_act->setText(act);
    m_act->setVisible(!act.isEmpty());
    setAccessibleName(head);
    setAccessibleDescription(why);
}

bool EmptyState::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && watched == parent())
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

} // namespace countersign::widgets
