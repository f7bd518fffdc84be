#include "models/items/audit/discrepancytable.h"

#include "models/domain/judgement.h"
#include "models/items/celltext.h"

#include <QLocale>

namespace countersign::items {

QVariant DiscrepancyTable::cell(const services::Discrepancy &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return text(row, column);
    case StateRole: return column == Sentence ? QVariant(static_cast<int>(VerdictState::Fail)) : QVariant();
    default: return {};
    }
}

QString DiscrepancyTable::text(const services::Discrepancy &row, int column)
{
    switch (column) {
    case Sentence: return oneLine(row.sentence);
    case Entry: return row.entry < 0 ? QString() : QLocale().toString(static_cast<qlonglong>(row.entry));
    case Kind: return oneLine(row.entryKind);
    case Time: {
        const auto at = parseUtc(row.entryAt);
        return at ? utcTime(*at) : oneLine(row.entryAt);
    }
    case Who: return oneLine(row.entryBy);
    default: return {};
    }
}

QString DiscrepancyTable::head(int column) const
{
    switch (column) {
    case Sentence: return tr("Difference");
    case Entry: return tr("Entry");
    case Kind: return tr("What it recorded");
    case Time: return tr("Entry's time");
    case Who: return tr("Written by");
    default: return {};
    }
}

} // namespace countersign::items
