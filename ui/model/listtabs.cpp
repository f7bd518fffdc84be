#include "ui/model/listtabs.h"

#include "models/items/inventory/historytable.h"
#include "models/items/inventory/versionstable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QSortFilterProxyModel>

namespace countersign::pages {

using items::HistoryTable;
using items::VersionsTable;
using theme::scaled;
using widgets::CellKind;
using widgets::EmptyState;

VersionsTab::VersionsTab(QWidget *parent) : QWidget(parent)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_versions = new VersionsTable(this);
    m_order = new QSortFilterProxyModel(this);
    m_order->setSourceModel(m_versions);
    m_order->setSortRole(VersionsTable::SortRole);
    m_table = new widgets::TableView(tr("Versions"));
    m_table->setColumnFormat(VersionsTable::Label, {.width = 100, .isStrong = true});
    m_table->setColumnFormat(VersionsTable::Aliases, {.width = 110, .most = 220});
    m_table->setColumnFormat(VersionsTable::Stage, {.width = 120});
    m_table->setColumnFormat(VersionsTable::Verdict, {.kind = CellKind::Verdict, .width = 150, .stateRole = VersionsTable::VerdictRole});
    m_table->setColumnFormat(VersionsTable::SignOffs, {.kind = CellKind::Verdict, .width = 120, .stateRole = VersionsTable::SignedRole});
    m_table->setColumnFormat(VersionsTable::Created, {.width = 120, .isMuted = true});
    m_table->setColumnFormat(VersionsTable::Artifact, {.kind = CellKind::Mono, .width = 160, .stretches = true});
    m_table->setModel(m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder); // newest first, as read, until a head is clicked
    m_table->setSettingsKey(QStringLiteral("model/versions"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->emptyState()->describe(EmptyState::Cause::NothingYet, tr("This model has no version yet"),
                                    tr("Import one from a registry, or metrics that name a version."));
    column->addWidget(m_table);
    connect(m_table, &QAbstractItemView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT versionRequested(index.data(VersionsTable::VersionRole).toString()); });
}

void VersionsTab::showVersions(const std::vector<store::VersionRow> &versions, const QString &current)
{
    m_versions->setRows(versions);
    if (m_table->currentIndex().isValid())
        return;
    for (int row = 0; row < m_order->rowCount(); ++row) {
        if (m_order->index(row, 0).data(VersionsTable::VersionRole).toString() == current)
            m_table->selectRow(row);
    }
}

HistoryTab::HistoryTab(QWidget *parent) : QWidget(parent)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(scaled(theme::space::kPage), scaled(8), scaled(theme::space::kPage), scaled(8));
    row->addWidget(new widgets::PlainLabel(tr("Every change of the model and its versions, as the ledger holds it."), theme::Type::Secondary,
                                           widgets::Ink::Secondary), 1);
    m_open = widgets::secondaryButton(tr("Open in Audit Trail"), QStringLiteral("audit"));
    row->addWidget(m_open);
    column->addWidget(bar);
    column->addWidget(new widgets::Hairline);
    m_history = new HistoryTable(this);
    m_order = new QSortFilterProxyModel(this);
    m_order->setSourceModel(m_history);
    m_order->setSortRole(HistoryTable::SortRole);
    m_table = new widgets::TableView(tr("History"));
    m_table->setColumnFormat(HistoryTable::Time, {.width = 150, .isMuted = true, .most = 200});
    m_table->setColumnFormat(HistoryTable::Who, {.width = 140, .isStrong = true, .most = 240});
    m_table->setColumnFormat(HistoryTable::What, {.width = 100, .most = 180});
    m_table->setColumnFormat(HistoryTable::Field, {.width = 100, .most = 150});
    m_table->setColumnFormat(HistoryTable::Change, {.width = 220, .stretches = true});
    m_table->setColumnFormat(HistoryTable::Entry, {.kind = CellKind::Number, .width = 90, .isMuted = true});
    m_table->setModel(m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    m_table->setSettingsKey(QStringLiteral("model/history"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->emptyState()->describe(EmptyState::Cause::NothingYet, tr("Nothing has been changed yet"), tr("Imports, edited facts and signatures will be listed here."));
    column->addWidget(m_table, 1);
    m_open->setEnabled(false);
    connect(m_open, &QPushButton::clicked, this, &HistoryTab::requestCurrent);
    connect(m_table, &QAbstractItemView::activated, this, &HistoryTab::requestCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) { m_open->setEnabled(current.isValid()); });
}

void HistoryTab::showHistory(const std::vector<store::ChangeRow> &history)
{
    m_history->setRows(history);
    if (!history.empty() && !m_table->currentIndex().isValid())
        m_table->selectRow(0);
    m_open->setEnabled(m_table->currentIndex().isValid());
}

void HistoryTab::requestCurrent()
{
    const QVariant entry = m_table->currentIndex().data(HistoryTable::EntryRole);
    if (entry.isValid())
        Q_EMIT auditRequested(entry.toLongLong());
}

} // namespace countersign::pages
