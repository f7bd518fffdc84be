#include "ui/widgets/frame/pageheader.h"

#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"

#include <QHBoxLayout>

namespace countersign::widgets {

using theme::scaled;

PageHeader::PageHeader(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_title(new PlainLabel(title, theme::Type::PageTitle))
    , m_sentence(new PlainLabel({}, theme::Type::Secondary, Ink::Secondary))
    , m_badge(new VerdictBadge)
    , m_beside(new QHBoxLayout)
    , m_actions(new QHBoxLayout)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scaled(theme::space::kPage), scaled(13), scaled(theme::space::kPage), scaled(12));
    row->setSpacing(scaled(16));
    auto *column = new QVBoxLayout;
    column->setSpacing(scaled(2));
    m_title->setElide(Qt::ElideMiddle);
    m_sentence->setElide(Qt::ElideRight);
    m_beside->setSpacing(scaled(12));
    m_beside->addWidget(m_title);
    m_badge->hide();
    m_beside->addWidget(m_badge);
    m_beside->addStretch(1);
    column->addLayout(m_beside);
    column->addWidget(m_sentence);
    row->addLayout(column, 1);
    m_actions->setSpacing(scaled(theme::space::kSmall));
    row->addLayout(m_actions);
    m_sentence->hide();
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void PageHeader::setTitle(const QString &title)
{
    m_title->setText(title);
}

void PageHeader::setSentence(const QString &sentence, const QString &more)
{
    m_sentence->setText(sentence);
    m_sentence->setToolTip(literalToolTip(more));
    m_sentence->setVisible(!sentence.isEmpty());
}

void PageHeader::setVerdict(theme::State state, const QString &sentence)
{
    m_badge->setVerdict(state, sentence);
    m_badge->show();
}

void PageHeader::clearVerdict()
{
    m_badge->hide();
}

void PageHeader::addBesideTitle(QWidget *widget)
{
    m_beside->insertWidget(m_beside->indexOf(m_badge), widget);
}

void PageHeader::addAction(QWidget *button)
{
    m_actions->addWidget(button, 0, Qt::AlignVCenter);
}

} // namespace countersign::widgets
