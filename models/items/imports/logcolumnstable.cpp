#include "models/items/imports/logcolumnstable.h"

#include "models/domain/judgement.h"

namespace countersign::items {

LogColumnsTable::LogColumnsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant LogColumnsTable::cell(const LogColumnRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        switch (column) {
        case Name: return row.name;
        case Values: return row.values;
        case Role: return row.role;
        case Detail: return row.detail;
        case Reason: return row.reason;
        default: return {};
        }
    case StateRole: return row.isInTrouble ? QVariant(static_cast<int>(VerdictState::Watch)) : QVariant();
    case MutedRole: return row.isIgnored;
    default: return {};
    }
}

QString LogColumnsTable::head(int column) const
{
    switch (column) {
    case Name: return tr("Column");
    case Values: return tr("First values");
    case Role: return tr("Role");
    case Detail: return tr("Read as");
    case Reason: return tr("Why");
    default: return {};
    }
}

} // namespace countersign::items
