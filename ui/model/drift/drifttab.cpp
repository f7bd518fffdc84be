#include "ui/model/drift/drifttab.h"

#include "models/items/celltext.h"
#include "models/items/computed/driftstable.h"
#include "models/items/computed/figuretext.h"
#include "models/report/plots/setplots.h"
#include "ui/charts/plotview.h"
#include "ui/model/computed/setbar.h"
#include "ui/model/computed/plotnumbers.h"
#include "ui/model/computed/twinpane.h"
#include "ui/model/drift/driftgridtable.h"
#include "ui/model/drift/driftview.h"
#include "ui/model/tabparts.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QSortFilterProxyModel>
#include <QStackedWidget>

namespace countersign::pages {

using items::DriftsTable;
using items::oneLine;
using theme::scaled;
using widgets::CellKind;
using widgets::EmptyState;

namespace {

const QString kRanking = QStringLiteral("ranking");
const QString kOverTime = QStringLiteral("time");
const QString kColumns = QStringLiteral("columns");
const QString kBins = QStringLiteral("bins");
constexpr int kChartsNeed = 250; ///< height at 100 %
constexpr int kTableNeed = 200;
constexpr int kMostFormatted = 400; ///< windows whose cells get a format of their own

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

DriftTab::DriftTab(ComputedSource &source, QWidget *parent)
    : ComputedTab(source, parent)
    , m_grid(new DriftGridTable(this))
    , m_gridOrder(new QSortFilterProxyModel(this))
    , m_rows(new DriftsTable(this))
    , m_order(new QSortFilterProxyModel(this))
    , m_table(new widgets::TableView(tr("Drift of each column")))
    , m_of(new widgets::SegmentedButton(tr("Numbers of")))
    , m_binNumbers(new PlotNumbers(tr("Reference and window, bin by bin")))
    , m_tables(new QStackedWidget)
    , m_tableCard(new widgets::Card(tr("Same numbers as a table")))
{
    column().addWidget(makeChoices());
    m_finding = new widgets::PlainLabel({}, theme::Type::Strong);
    m_finding->setObjectName(QStringLiteral("driftFinding"));
    m_finding->setElide(Qt::ElideRight);
    column().addWidget(m_finding);
    m_panes = new QStackedWidget;
    m_panes->addWidget(makeRanking());
    m_panes->addWidget(makeGrid());
    m_twin = new TwinPane(m_panes, makeTable(), m_tables);
    m_twin->setNeeds(kChartsNeed, kTableNeed);
    column().addWidget(m_twin, 1);
    addBar();
    connectSignals();
}

widgets::Card *DriftTab::makeTable()
{
    m_table->setColumnFormat(DriftsTable::Name, {.width = 140, .isStrong = true, .most = 240});
    m_table->setColumnFormat(DriftsTable::Role, {.width = 76, .isMuted = true});
    m_table->setColumnFormat(DriftsTable::Window, {.width = 96, .isMuted = true});
    for (const int number : {DriftsTable::Count, DriftsTable::Psi, DriftsTable::Js, DriftsTable::Ks, DriftsTable::Wasserstein, DriftsTable::ChiSquare, DriftsTable::Missing, DriftsTable::P})
        m_table->setColumnFormat(number, {.kind = CellKind::Number, .width = number == DriftsTable::Js || number == DriftsTable::Wasserstein || number == DriftsTable::Missing ? 104 : 78, .isStrong = number == DriftsTable::Psi});
    m_table->setColumnFormat(DriftsTable::Note, {.width = 100, .isMuted = true, .stretches = true});
    m_table->setRowHeight(theme::height::kRowCompact);
    m_order->setSourceModel(m_rows);
    m_order->setSortRole(DriftsTable::SortRole);
    m_table->setModel(m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    m_table->setSettingsKey(QStringLiteral("model/drift"));
    m_of->setObjectName(QStringLiteral("driftNumbers"));
    m_of->addChoice(kColumns, tr("Columns"));
    m_of->addChoice(kBins, tr("Bins"));
    m_tables->addWidget(m_table);
    m_tables->addWidget(m_binNumbers);
    m_tableCard->setFlush(true);
    m_tableCard->addTrailing(m_of);
    m_tableCard->addTrailing(new widgets::KeyCap(QStringLiteral("T")));
    m_tableCard->body()->addWidget(m_tables);
    return m_tableCard;
}

QWidget *DriftTab::makeChoices()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(6));
    m_statisticBox = addChoice(*row, tr("Statistic"), QStringLiteral("statistic"));
    m_windowBox = addChoice(*row, tr("Window"), QStringLiteral("driftWindow"));
    m_columnBox = addChoice(*row, tr("Column"), QStringLiteral("driftColumn"));
    row->addStretch(1);
    m_pane = new widgets::SegmentedButton(tr("Show"));
    m_pane->addChoice(kRanking, tr("Columns"), QStringLiteral("chart"));
    m_pane->addChoice(kOverTime, tr("Over Time"), QStringLiteral("clock"));
    row->addWidget(m_pane);
    return bar;
}

QWidget *DriftTab::makeRanking()
{
    auto *both = new QWidget;
    auto *row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kCardGap));
    m_ranking = new charts::PlotView;
    m_ranking->setAccessibleName(tr("Columns by drift"));
    m_bins = new charts::PlotView;
    m_bins->setAccessibleName(tr("Reference and window, bin by bin"));
    row->addWidget(framed(m_ranking), 1);
    row->addWidget(framed(m_bins), 1);
    return both;
}

QWidget *DriftTab::makeGrid()
{
    m_gridView = new widgets::TableView(tr("Drift of each column in each window"));
    m_gridOrder->setSourceModel(m_grid);
    m_gridOrder->setSortRole(DriftGridTable::SortRole);
    m_gridView->setColumnFormat(0, {.width = 150, .isStrong = true});
    for (int i = 1; i <= kMostFormatted; ++i)
        m_gridView->setColumnFormat(i, {.kind = CellKind::Verdict, .width = 92, .stateRole = DriftGridTable::StateRole});
    m_gridView->setModel(m_gridOrder);
    m_gridView->setSortingEnabled(true);
    m_gridView->sortByColumn(-1, Qt::AscendingOrder);
    m_gridView->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_gridView->emptyState()->describe(EmptyState::Cause::NothingYet, tr("These figures have no windows"), tr("Import the log with windows to see the course of drift."));
    auto *card = new widgets::Card(tr("Every column over time"));
    card->setCaption(tr("Enter or a double click shows a column in that window"));
    card->setFlush(true);
    card->body()->addWidget(m_gridView);
    return card;
}

void DriftTab::connectSignals()
{
    connect(m_statisticBox, &QComboBox::activated, this, [this] {
        m_statistic = m_statisticBox->currentData().toString().toStdString();
        redraw();
    });
    connect(m_windowBox, &QComboBox::activated, this, [this] {
        m_window = m_windowBox->currentData().toString().toStdString();
        redraw();
    });
    connect(m_columnBox, &QComboBox::activated, this, [this] {
        m_column = m_columnBox->currentData().toString().toStdString();
        drawBins();
    });
    connect(m_pane, &widgets::SegmentedButton::chosen, this, [this](const QString &key) {
        m_panes->setCurrentIndex(key == kOverTime ? 1 : 0);
        fillTable();
    });
    for (charts::PlotView *plot : {m_ranking, m_bins}) {
        connect(plot, &charts::PlotView::tableRequested, this, [this, plot] {
            m_of->setCurrent(plot == m_bins ? kBins : kColumns);
            fillTable();
            m_twin->focusTable();
        });
        connect(plot, &charts::PlotView::cursorChanged, &bar(), &SetBar::showCursor);
    }
    connect(m_of, &widgets::SegmentedButton::chosen, this, &DriftTab::fillTable);
    connect(m_gridView, &QAbstractItemView::activated, this, &DriftTab::takeCell);
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        const auto *row = m_rows->rowAt(m_order->mapToSource(index).row());
        if (!row)
            return;
        m_column = row->column;
        m_window = row->window ? row->window->name : std::string();
        redraw();
    });
}

ComputedTab::Absence DriftTab::absence() const
{
    if (!source().version() || source().rows().empty())
        return {tr("No prediction log was imported for this version"), tr("Drift is computed from the columns of a log, window by window, against a reference.")};
    return {tr("These figures have no drift"),
            tr("The log was read without a reference. Import it again, and say which windows, or which other log, it is compared with.")};
}

void DriftTab::fillChoices()
{
    const computed::ComputedSet &set = *source().set();
    const auto fill = [](QComboBox &box, const std::vector<std::pair<QString, std::string>> &choices, const std::string &current) {
        box.clear();
        for (const auto &[shown, key] : choices)
            box.addItem(shown, text(key));
        box.setCurrentIndex(std::max(0, box.findData(text(current))));
        box.setEnabled(box.count() > 1);
    };
    std::vector<std::pair<QString, std::string>> statistics;
    for (const std::string &key : driftStatisticsOf(set))
        statistics.emplace_back(driftStatisticTitle(key), key);
    fill(*m_statisticBox, statistics, m_statistic);
    std::vector<std::pair<QString, std::string>> windows;
    for (const std::string &name : driftWindowsOf(set))
        windows.emplace_back(name.empty() ? tr("whole log") : oneLine(name), name);
    fill(*m_windowBox, windows, m_window);
    std::vector<std::pair<QString, std::string>> columns;
    for (const std::string &name : driftColumnsOf(set, m_statistic, m_window))
        columns.emplace_back(oneLine(name), name);
    fill(*m_columnBox, columns, m_column);
}

bool DriftTab::draw()
{
    const auto set = source().set();
    if (set->drifts.empty())
        return false;
    settleDrift(*set, m_statistic, m_window, m_column);
    fillChoices();
    const Rule *rule = source().ruleOn(m_statistic);
    const auto limit = rule && rule->direction == Direction::AtMost ? std::optional(rule->limit) : std::nullopt;
    const auto watch = limit ? rule->watch : std::nullopt;
    report::SetChoice choice;
    choice.id = "drift";
    choice.metric = m_statistic;
    choice.window = m_window;
    m_ranking->setSpec(report::driftRankingOf(*set, choice, watch, limit));
    m_grid->setGrid(report::driftGridOf(*set, choice, watch, limit));
    m_finding->setText(driftFinding(*set, m_statistic, m_window));
    drawBins();
    fillTable();
    return true;
}

void DriftTab::drawBins()
{
    report::SetChoice choice;
    choice.id = "bins";
    choice.metric = m_statistic;
    choice.window = m_window;
    m_bins->setSpec(report::binsOf(*source().set(), choice, m_column));
    fillTable();
}

/// Beside the columns: all of them in the window. Beside the course: the column in all windows.
void DriftTab::fillTable()
{
    if (!source().set())
        return;
    const bool isCourse = m_pane->current() == kOverTime;
    const bool isOfBins = !isCourse && m_of->current() == kBins;
    m_of->setVisible(!isCourse);
    m_tables->setCurrentIndex(isOfBins ? 1 : 0);
    std::vector<computed::ComputedDrift> rows;
    for (const auto &drift : source().set()->drifts)
        if (isCourse ? drift.column == m_column && drift.window : (drift.window ? drift.window->name : std::string()) == m_window)
            rows.push_back(drift);
    if (!isCourse) // as they are drawn: furthest first
        std::ranges::stable_sort(rows, [this](const auto &a, const auto &b) {
            const auto size = [this](const computed::ComputedDrift &drift) {
                const metrics::Figure *figure = drift.find(m_statistic);
                return figure && figure->isDefined() ? std::fabs(figure->value) : -1.0;
            };
            return size(a) > size(b);
        });
    m_rows->setRows(std::move(rows));
    m_table->setColumnHidden(DriftsTable::Window, !isCourse);
    if (isOfBins) {
        m_binNumbers->setSpec(m_bins->spec());
        m_tableCard->setCaption(tr("%1, bin by bin").arg(oneLine(m_column)));
        return;
    }
    m_tableCard->setCaption(isCourse ? tr("%1 in every window").arg(oneLine(m_column)) : tr("against %1; p is adjusted for all columns and windows").arg(driftReferenceText(*source().set())));
}

void DriftTab::takeCell(const QModelIndex &index)
{
    const QString column = index.data(DriftGridTable::ColumnRole).toString();
    const QString window = index.data(DriftGridTable::WindowRole).toString();
    if (column.isEmpty())
        return;
    m_column = column.toStdString();
    if (!window.isEmpty())
        m_window = window.toStdString();
    m_pane->setCurrent(kRanking);
    m_panes->setCurrentIndex(0);
    redraw();
}

} // namespace countersign::pages
