#include "models/items/computed/disparitiestable.h"

#include "models/items/computed/figuretext.h"

namespace countersign::items {

DisparitiesTable::DisparitiesTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant DisparitiesTable::cell(const computed::ComputedDisparity &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return column == Value && !row.figure.isDefined() ? figureReason(row.figure) : text(row, column);
    case Qt::AccessibleTextRole: return column == Value ? figureSentence(row.figure) : text(row, column);
    case MutedRole: return !row.figure.isDefined();
    case SortRole:
        switch (column) {
        case Value: return row.figure.isDefined() ? QVariant(row.figure.value) : QVariant();
        case Interval: return row.figure.interval ? QVariant(row.figure.interval->upper - row.figure.interval->lower) : QVariant();
        case Used: return row.used;
        case LeftOut: return row.small + row.missing + row.undefined;
        default: return text(row, column);
        }
    default: return {};
    }
}

QString DisparitiesTable::text(const computed::ComputedDisparity &row, int column) const
{
    switch (column) {
    case Name: return metricTitle(row.name);
    case Value: return figureValue(row.figure);
    case Interval: return figureInterval(row.figure);
    case Highest: return row.highest.empty() ? QString() : groupText(row.highest);
    case Lowest: return row.lowest.empty() ? QString() : groupText(row.lowest);
    case Used: return QString::number(row.used);
    case LeftOut: {
        if (!row.figure.isDefined())
            return figureReason(row.figure);
        QStringList parts;
        if (row.small > 0)
            parts.append(tr("%1 too small").arg(row.small));
        if (row.missing > 0)
            parts.append(tr("missing value"));
        if (row.undefined > 0)
            parts.append(tr("%1 undefined").arg(row.undefined));
        return parts.join(QStringLiteral(", "));
    }
    default: return {};
    }
}

QString DisparitiesTable::head(int column) const
{
    switch (column) {
    case Name: return tr("Disparity");
    case Value: return tr("Value");
    case Interval: return tr("Interval");
    case Highest: return tr("Highest");
    case Lowest: return tr("Lowest");
    case Used: return tr("Groups");
    case LeftOut: return tr("Left out");
    default: return {};
    }
}

} // namespace countersign::items
