#include "models/items/inventory/historytable.h"

#include "models/items/celltext.h"

namespace countersign::items {

HistoryTable::HistoryTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant HistoryTable::cell(const store::ChangeRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return text(row, column);
    case Qt::ToolTipRole: return column == Change ? text(row, column) : oneLine(row.summary);
    case EntryRole: return static_cast<qlonglong>(row.entry);
    case SortRole:
        switch (column) {
        case Time: return static_cast<qlonglong>(toMillis(row.at));
        case Entry: return static_cast<qlonglong>(row.entry);
        default: return text(row, column);
        }
    default: return {};
    }
}

QString HistoryTable::text(const store::ChangeRow &row, int column) const
{
    // A value that was not there and one that is empty both say nothing.
    const auto value = [](const std::optional<std::string> &side) { return side && !side->empty() ? oneLine(*side) : tr("nothing"); };
    switch (column) {
    case Time: return utcTime(row.at);
    case Who: return oneLine(row.actorName);
    case What: return oneLine(row.what);
    case Field: return fieldTitle(row.field);
    case Change: return row.field.empty() ? oneLine(row.summary) : tr("%1 → %2", "old value, new value").arg(value(row.before), value(row.after));
    case Entry: return QString::number(row.entry);
    default: return {};
    }
}

QString HistoryTable::head(int column) const
{
    switch (column) {
    case Time: return tr("Time");
    case Who: return tr("Who");
    case What: return tr("What");
    case Field: return tr("Field");
    case Change: return tr("Old → new");
    case Entry: return tr("Ledger no.");
    default: return {};
    }
}

bool HistoryTable::isSameRow(const store::ChangeRow &a, const store::ChangeRow &b) const
{
    return a.entry == b.entry && a.subject == b.subject && a.field == b.field;
}

} // namespace countersign::items
