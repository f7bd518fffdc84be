#include "ui/model/fairness/overtimepane.h"

#include "ui/charts/canvas/charttable.h"
#include "ui/charts/chartview.h"
#include "ui/model/computed/twinpane.h"
#include "ui/model/tabparts.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QStackedWidget>

namespace countersign::pages {

using charts::ChartTable;
using widgets::CellKind;

OverTimePane::OverTimePane(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget)
    , m_chart(new charts::ChartView)
    , m_numbers(new ChartTable(this))
    , m_table(new widgets::TableView(tr("Figures of each group over time")))
    , m_empty(new widgets::EmptyState)
{
    m_chart->setAccessibleName(tr("The metric of each group over time"));
    m_table->setColumnFormat(ChartTable::Time, {.width = 150});
    m_table->setColumnFormat(ChartTable::Series, {.width = 170, .isStrong = true});
    m_table->setColumnFormat(ChartTable::Value, {.kind = CellKind::Number, .width = 90, .isStrong = true});
    m_table->setColumnFormat(ChartTable::Interval, {.kind = CellKind::Number, .width = 130, .isMuted = true});
    m_table->setColumnFormat(ChartTable::Count, {.kind = CellKind::Number, .width = 90});
    m_table->setColumnFormat(ChartTable::State, {.kind = CellKind::Verdict, .width = 150, .stateRole = ChartTable::kStateRole});
    m_table->setColumnFormat(ChartTable::Note, {.width = 120, .isMuted = true, .stretches = true});
    m_table->setRowHeight(theme::height::kRowCompact);
    m_table->setModel(m_numbers);
    m_table->setSettingsKey(QStringLiteral("model/groupsovertime"));
    m_empty->describe(widgets::EmptyState::Cause::NothingYet, tr("These figures have no windows"),
                      tr("The log was computed as a whole. Import it again with windows by week or month to see its course."));
    auto *numbers = new widgets::Card(tr("Same numbers as a table"));
    numbers->setFlush(true);
    numbers->addTrailing(new widgets::KeyCap(QStringLiteral("T")));
    numbers->body()->addWidget(m_table);
    auto *both = new TwinPane(framed(m_chart), numbers, m_table);
    both->setNeeds(250, 190);
    m_stack->addWidget(both);
    m_stack->addWidget(m_empty);
    auto *own = new QVBoxLayout(this);
    own->setContentsMargins(0, 0, 0, 0);
    own->addWidget(m_stack);
    connect(m_chart, &charts::ChartView::tableRequested, both, &TwinPane::focusTable);
    connect(m_chart, &charts::ChartView::cursorChanged, this, &OverTimePane::cursorChanged);
}

void OverTimePane::showSpec(report::ChartSpec spec)
{
    m_stack->setCurrentIndex(spec.isEmpty() ? 1 : 0);
    m_numbers->setSpec(std::make_shared<const report::ChartSpec>(spec));
    m_chart->setSpec(std::move(spec));
}

} // namespace countersign::pages
