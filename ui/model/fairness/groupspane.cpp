#include "ui/model/fairness/groupspane.h"

#include "models/items/computed/figuretext.h"
#include "models/items/computed/groupfigurestable.h"
#include "models/report/plots/setplots.h"
#include "ui/charts/plotview.h"
#include "ui/model/computed/twinpane.h"
#include "ui/model/tabparts.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QSortFilterProxyModel>

namespace countersign::pages {

using items::GroupFiguresTable;
using theme::scaled;
using widgets::CellKind;

namespace {

// At 100 %: what a plot and a table need beside their rows, and how many rows stand without scrolling in the table itself.
constexpr int kPlotFrame = 150;
constexpr int kPlotRow = 30;
constexpr int kTableFrame = 92;
constexpr int kMostRowsShown = 8;

} // namespace

GroupsPane::GroupsPane(QWidget *parent)
    : QWidget(parent)
    , m_forest(new charts::PlotView)
    , m_disparity(new charts::PlotView)
    , m_tableCard(new widgets::Card(tr("Same numbers as a table")))
    , m_rows(new GroupFiguresTable(this))
    , m_order(new QSortFilterProxyModel(this))
    , m_table(new widgets::TableView(tr("Figures by group")))
    , m_copy(widgets::linkButton(tr("Copy Rows")))
{
    m_forest->setAccessibleName(tr("The metric by group"));
    m_disparity->setAccessibleName(tr("Ratio and difference to the reference"));
    m_order->setSourceModel(m_rows);
    m_order->setSortRole(GroupFiguresTable::SortRole);
    m_table->setColumnFormat(GroupFiguresTable::Group, {.width = 132, .isStrong = true, .most = 240});
    m_table->setColumnFormat(GroupFiguresTable::Count, {.kind = CellKind::Number, .width = 66});
    for (const int column : {GroupFiguresTable::Tp, GroupFiguresTable::Fp, GroupFiguresTable::Fn, GroupFiguresTable::Tn})
        m_table->setColumnFormat(column, {.kind = CellKind::Number, .width = 66, .isMuted = true, .isHidden = true});
    m_table->setColumnFormat(GroupFiguresTable::Value, {.kind = CellKind::Number, .width = 82, .isStrong = true, .most = 120});
    m_table->setColumnFormat(GroupFiguresTable::Interval, {.kind = CellKind::Number, .width = 102, .isMuted = true});
    m_table->setColumnFormat(GroupFiguresTable::Difference, {.kind = CellKind::Number, .width = 84});
    m_table->setColumnFormat(GroupFiguresTable::DifferenceInterval, {.kind = CellKind::Number, .width = 114, .isMuted = true});
    m_table->setColumnFormat(GroupFiguresTable::Ratio, {.kind = CellKind::Number, .width = 58});
    m_table->setColumnFormat(GroupFiguresTable::RatioInterval, {.kind = CellKind::Number, .width = 114, .isMuted = true});
    m_table->setColumnFormat(GroupFiguresTable::P, {.kind = CellKind::Number, .width = 84, .isMuted = true});
    m_table->setColumnFormat(GroupFiguresTable::State, {.kind = CellKind::Verdict, .width = 112, .most = 240, .stateRole = GroupFiguresTable::StateRole});
    m_table->setColumnFormat(GroupFiguresTable::Note, {.width = 76, .isMuted = true, .stretches = true});
    m_table->setRowHeight(theme::height::kRowCompact);
    m_table->setModel(m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    m_table->setSettingsKey(QStringLiteral("model/groups"));
    m_tableCard->setFlush(true);
    m_tableCard->addTrailing(new widgets::KeyCap(QStringLiteral("T")));
    m_tableCard->addTrailing(m_copy);
    m_tableCard->body()->addWidget(m_table);
    auto *both = new QWidget;
    auto *charts = new QHBoxLayout(both);
    charts->setContentsMargins(0, 0, 0, 0);
    charts->setSpacing(scaled(theme::space::kCardGap));
    charts->addWidget(framed(m_forest), 5);
    charts->addWidget(framed(m_disparity), 6);
    m_twin = new TwinPane(both, m_tableCard, m_table);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_twin);
    for (charts::PlotView *plot : {m_forest, m_disparity}) {
        connect(plot, &charts::PlotView::tableRequested, m_twin, &TwinPane::focusTable);
        connect(plot, &charts::PlotView::cursorChanged, this, &GroupsPane::cursorChanged);
    }
    connect(m_copy, &QPushButton::clicked, this, [this] {
        m_table->selectAll();
        m_table->copySelection();
    });
}

void GroupsPane::showView(const computed::ComputedSet &set, const FairnessView &view, const FigureJudge &judge)
{
    report::SetChoice choice;
    choice.id = "fairness";
    choice.attributes = view.choice.attributes;
    choice.metric = view.choice.metric;
    choice.window = view.choice.window;
    const computed::ComputedSet shown = withComparison(set, view);
    m_forest->setSpec(report::forestOf(shown, choice, judge));
    choice.id = "disparity";
    m_disparity->setSpec(report::disparityOf(shown, choice, judge));
    m_rows->setHeads(items::attributesText(view.choice.attributes), items::metricTitle(view.choice.metric));
    m_rows->setRows(view.rows);
    const std::size_t drawn = std::min(view.rows.size(), report::kMaxDrawnGroups);
    m_tableCard->setCaption(drawn == view.rows.size() ? view.caption : tr("Drawn are %1 of %2 groups; all are here. ").arg(drawn).arg(view.rows.size()) + view.caption);
    const int rows = static_cast<int>(drawn);
    m_twin->setNeeds(kPlotFrame + kPlotRow * std::max(rows, 3), kTableFrame + theme::height::kRowCompact * std::clamp(rows, 2, kMostRowsShown));
    m_shown = view.choice;
}

} // namespace countersign::pages
