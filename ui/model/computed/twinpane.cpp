#include "ui/model/computed/twinpane.h"

#include "ui/model/tabparts.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

namespace countersign::pages {

using theme::scaled;

namespace {

constexpr int kGap = 10;

/// The table that is seen: of a stack the one on top.
widgets::TableView *tableIn(QWidget *host)
{
    if (auto *table = qobject_cast<widgets::TableView *>(host))
        return table;
    if (auto *stack = qobject_cast<QStackedWidget *>(host))
        return tableIn(stack->currentWidget());
    return host ? host->findChild<widgets::TableView *>() : nullptr;
}

} // namespace

TwinPane::TwinPane(QWidget *charts, widgets::Card *card, QWidget *table, QWidget *parent)
    : QWidget(parent), m_charts(charts), m_area(scrolled(charts)), m_card(card), m_table(table), m_switch(widgets::linkButton({}))
{
    m_switch->setObjectName(QStringLiteral("showTwin"));
    m_card->addTrailing(m_switch);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(kGap));
    column->addWidget(m_area, 1);
    column->addWidget(m_card, 1);
    connect(m_switch, &QPushButton::clicked, this, [this] {
        m_wantsTable = !m_wantsTable;
        arrange();
        m_wantsTable ? focusTable() : m_charts->setFocus(Qt::OtherFocusReason);
    });
    arrange();
}

void TwinPane::setNeeds(int charts, int table)
{
    m_chartsNeed = scaled(charts);
    m_tableNeed = scaled(table);
    m_charts->setMinimumHeight(m_chartsNeed);
    arrange();
}

bool TwinPane::isTableShown() const
{
    return !m_table->isHidden();
}

void TwinPane::focusTable()
{
    m_wantsTable = true;
    arrange();
    widgets::TableView *table = tableIn(m_table);
    if (!table)
        return;
    table->setFocus(Qt::ShortcutFocusReason);
    if (!table->currentIndex().isValid() && table->model() && table->model()->rowCount() > 0)
        table->selectRow(0);
}

void TwinPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TwinPane::arrange()
{
    const bool isRoomy = height() >= m_chartsNeed + scaled(kGap) + m_tableNeed;
    const bool showsTable = isRoomy || m_wantsTable;
    m_area->setVisible(isRoomy || !m_wantsTable);
    m_table->setVisible(showsTable);
    m_card->setSizePolicy(QSizePolicy::Preferred, showsTable ? QSizePolicy::Preferred : QSizePolicy::Maximum);
    m_card->setMinimumHeight(showsTable ? std::min(m_tableNeed, height()) : 0);
    static_cast<QBoxLayout *>(layout())->setStretchFactor(m_card, showsTable ? 1 : 0);
    m_switch->setVisible(!isRoomy);
    m_switch->setText(m_wantsTable ? tr("Show Charts") : tr("Show Table"));
}

} // namespace countersign::pages
