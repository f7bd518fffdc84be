#include "ui/widgets/cards/keyvaluelist.h"

#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"

#include <QGridLayout>

namespace countersign::widgets {

KeyValueList::KeyValueList(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(theme::scaled(12));
    m_grid->setVerticalSpacing(theme::scaled(4));
    m_grid->setColumnStretch(1, 1);
    setNameWidth(92);
}

void KeyValueList::setNameWidth(int pixels)
{
    m_grid->setColumnMinimumWidth(0, theme::scaled(pixels));
}

void KeyValueList::clear()
{
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_rows = 0;
}

void KeyValueList::add(const QString &name, const QString &value)
{
    auto *label = new PlainLabel(value, theme::Type::Body);
    label->setWordWrap(true);
    label->setSelectable(true);
    addWidget(name, label);
}

void KeyValueList::addMono(const QString &name, const QString &value)
{
    auto *label = new PlainLabel(value, theme::Type::Mono, Ink::Secondary);
    label->setElide(Qt::ElideMiddle);
    label->setSelectable(true);
    addWidget(name, label);
}

void KeyValueList::addState(const QString &name, theme::State state, const QString &word)
{
    auto *label = new StateLabel(state, word);
    addWidget(name, label);
    // An aligned item does not hold the column at its own fixed width: the texts above and below may still take all of it.
    m_grid->setAlignment(label, Qt::AlignVCenter | Qt::AlignLeft);
}

void KeyValueList::addWidget(const QString &name, QWidget *value)
{
    auto *label = new PlainLabel(name, theme::Type::Body, Ink::Tertiary);
    label->setBuddy(value);
    if (value->accessibleName().isEmpty())
        value->setAccessibleName(name);
    m_grid->addWidget(label, m_rows, 0, Qt::AlignTop | Qt::AlignLeft);
    m_grid->addWidget(value, m_rows, 1, Qt::AlignTop);
    ++m_rows;
}

} // namespace countersign::widgets
