#include "models/items/computed/figurestable.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"

#include <QLocale>

namespace countersign::items {

FiguresTable::FiguresTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant FiguresTable::cell(const computed::NamedFigure &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return column == Metric ? oneLine(metrics::define(row.name).meaning) : text(row, column);
    case Qt::AccessibleTextRole: return column == Value ? figureSentence(row.figure) : text(row, column);
    case MutedRole: return !row.figure.isDefined();
    case SortRole:
        switch (column) {
        case Value: return row.figure.isDefined() ? QVariant(row.figure.value) : QVariant();
        case Interval: return row.figure.interval ? QVariant(row.figure.interval->upper - row.figure.interval->lower) : QVariant();
        case Count: return static_cast<qulonglong>(row.figure.n);
        default: return text(row, column);
        }
    default: return {};
    }
}

QString FiguresTable::text(const computed::NamedFigure &row, int column) const
{
    switch (column) {
    case Metric: return metricTitle(row.name);
    case Value: return figureValue(row.figure);
    case Interval: return figureInterval(row.figure);
    case Count: return QLocale().toString(static_cast<qulonglong>(row.figure.n));
    case Note:
        if (!row.figure.isDefined())
            return figureReason(row.figure);
        return row.bound ? tr("within %1 of the exact value").arg(oneLine(policy::valueText(*row.bound))) : QString();
    default: return {};
    }
}

QString FiguresTable::head(int column) const
{
    switch (column) {
    case Metric: return tr("Metric");
    case Value: return tr("Value");
    case Interval: return tr("Interval");
    case Count: return tr("n");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace countersign::items
