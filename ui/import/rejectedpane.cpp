#include "ui/import/rejectedpane.h"

#include "models/items/imports/rejectedtable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QPushButton>

namespace countersign::pages {

using items::RejectedTable;
using theme::scaled;
using widgets::CellKind;

RejectedPane::RejectedPane(QWidget *parent)
    : QWidget(parent)
    , m_rows(new RejectedTable(this))
    , m_note(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_save(widgets::secondaryButton(tr("Save Rejected Rows…"), QStringLiteral("export")))
{
    auto *table = new widgets::TableView(tr("Rejected rows"));
    table->setColumnFormat(RejectedTable::RowNumber, {.kind = CellKind::Number, .width = 84});
    table->setColumnFormat(RejectedTable::Line, {.kind = CellKind::Number, .width = 84});
    table->setColumnFormat(RejectedTable::ColumnName, {.width = 130, .isStrong = true});
    table->setColumnFormat(RejectedTable::Reason, {.width = 320, .stretches = true});
    table->setColumnFormat(RejectedTable::Text, {.kind = CellKind::Mono, .width = 200});
    table->setModel(m_rows);
    table->setSettingsKey(QStringLiteral("rejected"));
    table->emptyState()->describe(widgets::EmptyState::Cause::NothingYet, tr("Every row could be taken"), tr("No row was rejected."));
    auto *row = new QHBoxLayout;
    const int margin = scaled(theme::space::kPage);
    row->setContentsMargins(margin, scaled(8), margin, scaled(8));
    row->addWidget(m_note, 1);
    row->addWidget(m_save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(table, 1);
    connect(m_save, &QPushButton::clicked, this, &RejectedPane::saveRequested);
}

void RejectedPane::showRows(std::vector<importers::RejectedRow> rows, const QString &note, bool canSave)
{
    m_rows->setRows(std::move(rows));
    m_note->setText(note);
    m_save->setVisible(canSave);
}

} // namespace countersign::pages
