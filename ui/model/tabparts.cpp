#include "ui/model/tabparts.h"

#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QScrollArea>

namespace countersign::pages {

QScrollArea *scrolled(QWidget *content)
{
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    widgets::setGround(*content, widgets::Ground::Page);
    widgets::setGround(*area->viewport(), widgets::Ground::Page);
    area->setWidget(content);
    return area;
}

widgets::Card *framed(QWidget *chart)
{
    auto *card = new widgets::Card;
    card->body()->setContentsMargins(1, 1, 1, 1);
    QSizePolicy policy = chart->sizePolicy();
    policy.setHeightForWidth(false); // its pane knows how much there is; what a chart would like is more than a low window has
    chart->setSizePolicy(policy);
    card->body()->addWidget(chart);
    return card;
}

QComboBox *addChoice(QBoxLayout &row, const QString &label, const QString &objectName)
{
    constexpr int kMostShown = 20;
    auto *combo = new QComboBox;
    combo->setObjectName(objectName);
    combo->setAccessibleName(label);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    combo->setMinimumContentsLength(6);
    combo->setMaximumWidth(theme::scaled(210));
    combo->setMaxVisibleItems(kMostShown);
    auto *words = new widgets::PlainLabel(label, theme::Type::Body, widgets::Ink::Secondary);
    words->setBuddy(combo);
    row.addWidget(words);
    row.addWidget(combo);
    row.addSpacing(theme::scaled(4));
    return combo;
}

} // namespace countersign::pages
