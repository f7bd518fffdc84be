#include "models/items/imports/rejectedtable.h"

#include "models/items/celltext.h"

#include <QLocale>

namespace countersign::items {

RejectedTable::RejectedTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant RejectedTable::cell(const importers::RejectedRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(row, column);
    case Qt::AccessibleTextRole: return column == ColumnName && row.column.empty() ? tr("the whole row") : text(row, column);
    default: return {};
    }
}

QString RejectedTable::text(const importers::RejectedRow &row, int column)
{
    switch (column) {
    case RowNumber: return QLocale().toString(static_cast<qulonglong>(row.row));
    case Line: return QLocale().toString(static_cast<qulonglong>(row.line));
    case ColumnName: return oneLine(row.column);
    case Reason: return oneLine(row.reason);
    case Text: return oneLine(row.text);
    default: return {};
    }
}

QString RejectedTable::head(int column) const
{
    switch (column) {
    case RowNumber: return tr("Row");
    case Line: return tr("Line");
    case ColumnName: return tr("Column");
    case Reason: return tr("Reason");
    case Text: return tr("Text");
    default: return {};
    }
}

bool RejectedTable::isSameRow(const importers::RejectedRow &a, const importers::RejectedRow &b) const
{
    return a.row == b.row && a.line == b.line;
}

} // namespace countersign::items
