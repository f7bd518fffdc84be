#include "ui/import/earlierimports.h"

#include "models/items/imports/importstable.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QPushButton>

namespace countersign::pages {

using items::ImportsTable;

EarlierImports::EarlierImports(services::Workspace &workspace, QWidget *parent)
    : Card(tr("Imports so far"), parent)
    , m_workspace(workspace)
    , m_imports(new ImportsTable(this))
    , m_table(new widgets::TableView(tr("Imports so far")))
    , m_undo(widgets::dangerButton(tr("Undo Import…"), QStringLiteral("undo")))
{
    setFlush(true);
    addTrailing(m_undo);
    m_undo->setObjectName(QStringLiteral("undoEarlier"));
    m_table->setColumnFormat(ImportsTable::Number, {.width = 64, .isStrong = true});
    m_table->setColumnFormat(ImportsTable::Source, {.width = 180, .stretches = true});
    m_table->setColumnFormat(ImportsTable::Brought, {.width = 200});
    m_table->setColumnFormat(ImportsTable::Rejected, {.kind = widgets::CellKind::Number, .width = 84});
    m_table->setColumnFormat(ImportsTable::Time, {.width = 172, .isMuted = true});
    m_table->setColumnFormat(ImportsTable::Who, {.width = 120, .isMuted = true, .most = 220});
    m_table->setColumnFormat(ImportsTable::State, {.width = 150, .isMuted = true});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setModel(m_imports);
    m_table->setSettingsKey(QStringLiteral("imports"));
    m_table->emptyState()->describe(widgets::EmptyState::Cause::NothingYet, tr("Nothing was imported yet"),
                                    tr("An import is listed here with what it brought, and can be taken back until something signed rests on it."));
    body()->addWidget(m_table);
    connect(m_undo, &QPushButton::clicked, this, &EarlierImports::askUndo);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &EarlierImports::follow);
    connect(m_imports, &QAbstractItemModel::modelReset, this, &EarlierImports::follow);
    connect(m_imports, &QAbstractItemModel::dataChanged, this, &EarlierImports::follow);
    follow();
}

void EarlierImports::read()
{
    if (!m_workspace.state().isOpen)
        return m_imports->setRows({});
    const int generation = ++m_generation;
    m_workspace.run(this, [](services::Session &session) { return store::listImports(session.connection()); },
                    [this, generation](const Result<std::vector<store::ImportRow>> &rows) {
                        if (generation != m_generation)
                            return;
                        if (rows)
                            m_imports->setRows(*rows);
                        else
                            Q_EMIT failed(rows.error());
                    });
}

// The current row may be one that the focus alone has brought, unseen; what is acted on is what is marked.
const store::ImportRow *EarlierImports::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_imports->rowAt(rows.first().row());
}

void EarlierImports::follow()
{
    const store::ImportRow *row = chosen();
    m_undo->setEnabled(row && !row->undoneBy);
    setCaption(m_imports->rowCount() == 0 ? QString() : !row ? tr("Choose one to take it back.") : row->undoneBy ? tr("%1 is undone already.").arg(QString::fromStdString(row->number())) : QString());
}

void EarlierImports::askUndo()
{
    if (const store::ImportRow *row = chosen())
        Q_EMIT undoRequested(QString::fromStdString(row->number()));
}

} // namespace countersign::pages
