#include "models/items/computed/worstslicestable.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"

#include <QLocale>

namespace countersign::items {

WorstSlicesTable::WorstSlicesTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant WorstSlicesTable::cell(const computed::WorstSlice &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(row, column);
    case Qt::AccessibleTextRole: return column == Value ? figureSentence(row.figure) : text(row, column);
    case SortRole:
        switch (column) {
        case Count: return static_cast<qulonglong>(row.figure.n);
        case Value:
        case Interval: return row.figure.isDefined() ? QVariant(row.figure.value) : QVariant();
        case Difference:
        case DifferenceInterval: return row.difference.isDefined() ? QVariant(row.difference.value) : QVariant();
        case P: return row.adjustedPValue ? QVariant(*row.adjustedPValue) : QVariant();
        default: return text(row, column);
        }
    default: return {};
    }
}

QString WorstSlicesTable::text(const computed::WorstSlice &row, int column) const
{
    switch (column) {
    case Group: {
        QStringList parts;
        for (const auto &[attribute, value] : row.group)
            parts.append(QStringLiteral("%1 %2").arg(oneLine(attribute), oneLine(value)));
        return parts.join(QStringLiteral(" · "));
    }
    case Metric: return metricTitle(row.metric);
    case Count: return QLocale().toString(static_cast<qulonglong>(row.figure.n));
    case Value: return figureValue(row.figure);
    case Interval: return figureInterval(row.figure);
    case Difference: return figureValue(row.difference);
    case DifferenceInterval: return figureInterval(row.difference);
    case P: return pText(row.adjustedPValue);
    default: return {};
    }
}

QString WorstSlicesTable::head(int column) const
{
    switch (column) {
    case Group: return tr("Group");
    case Metric: return tr("Metric");
    case Count: return tr("n");
    case Value: return tr("Value");
    case Interval: return tr("Interval");
    case Difference: return tr("To all others");
    case DifferenceInterval: return tr("Its interval");
    case P: return tr("p, adjusted");
    default: return {};
    }
}

} // namespace countersign::items
