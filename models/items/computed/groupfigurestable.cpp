#include "models/items/computed/groupfigurestable.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"

#include <QLocale>

namespace countersign::items {

namespace {

QString countText(double count)
{
    const bool isWhole = count == static_cast<double>(static_cast<qlonglong>(count));
    return QLocale().toString(count, 'f', isWhole ? 0 : 2);
}

/// A dash where nothing can be compared; why, stands in the tool tip and is spoken.
QString compared(const metrics::Figure &figure)
{
    return figure.isDefined() || figure.reason == metrics::Reason::Infinite ? figureValue(figure) : QStringLiteral("–");
}

QVariant sortable(const metrics::Figure &figure)
{
    return figure.isDefined() ? QVariant(figure.value) : QVariant();
}

} // namespace

GroupFiguresTable::GroupFiguresTable(QObject *parent) : RowTable(ColumnCount, parent) {}

void GroupFiguresTable::setHeads(const QString &attribute, const QString &metric)
{
    m_attribute = attribute;
    m_metric = metric;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

QVariant GroupFiguresTable::cell(const GroupFigure &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole:
        switch (column) {
        case Value: return figureReason(row.figure);
        case Difference: return figureReason(row.difference);
        case Ratio: return figureReason(row.ratio);
        default: return text(row, column);
        }
    case Qt::AccessibleTextRole:
        if (column == Value)
            return figureSentence(row.figure);
        if (!row.isReference && (column == Difference || column == Ratio))
            return figureSentence(column == Difference ? row.difference : row.ratio);
        return text(row, column);
    case StateRole: return column == State && !row.isReference ? QVariant(static_cast<int>(row.state)) : QVariant();
    case MutedRole: return row.isSmall || (row.isReference && (column == Difference || column == State));
    case StrongRole: return row.isReference;
    case SortRole: return sortValue(row, column);
    default: return {};
    }
}

QString GroupFiguresTable::text(const GroupFigure &row, int column) const
{
    switch (column) {
    case Group: return row.isReference ? tr("%1 (reference)").arg(row.name) : row.name;
    case Count: return QLocale().toString(static_cast<qulonglong>(row.n));
    case Tp: return row.hasCounts ? countText(row.counts.tp) : QString();
    case Fp: return row.hasCounts ? countText(row.counts.fp) : QString();
    case Fn: return row.hasCounts ? countText(row.counts.fn) : QString();
    case Tn: return row.hasCounts ? countText(row.counts.tn) : QString();
    case Value: return boundedFigure(row.figure, row.bound);
    case Interval: return figureInterval(row.figure);
    case Difference: return row.isReference ? tr("reference") : compared(row.difference);
    case DifferenceInterval: return row.isReference ? QString() : figureInterval(row.difference);
    case Ratio: return row.isReference ? QStringLiteral("1") : compared(row.ratio);
    case RatioInterval: return row.isReference ? QString() : figureInterval(row.ratio);
    case P: return row.isReference ? QString() : pText(row.adjustedPValue);
    case State: return row.isReference ? tr("reference") : row.stateWord;
    case Note: return row.figure.isDefined() ? row.note : figureReason(row.figure);
    default: return {};
    }
}

QVariant GroupFiguresTable::sortValue(const GroupFigure &row, int column) const
{
    switch (column) {
    case Group: return row.name;
    case Count: return static_cast<qulonglong>(row.n);
    case Tp: return row.counts.tp;
    case Fp: return row.counts.fp;
    case Fn: return row.counts.fn;
    case Tn: return row.counts.tn;
    case Value: return sortable(row.figure);
    case Interval: return row.figure.interval ? QVariant(row.figure.interval->upper - row.figure.interval->lower) : QVariant();
    case Difference:
    case DifferenceInterval: return row.isReference ? QVariant(0.0) : sortable(row.difference);
    case Ratio:
    case RatioInterval: return row.isReference ? QVariant(1.0) : sortable(row.ratio);
    case P: return row.adjustedPValue ? QVariant(*row.adjustedPValue) : QVariant();
    case State: return static_cast<int>(row.state);
    default: return text(row, column);
    }
}

QString GroupFiguresTable::head(int column) const
{
    switch (column) {
    case Group: return m_attribute.isEmpty() ? tr("Group") : m_attribute;
    case Count: return tr("n");
    case Tp: return tr("TP", "true positives");
    case Fp: return tr("FP", "false positives");
    case Fn: return tr("FN", "false negatives");
    case Tn: return tr("TN", "true negatives");
    case Value: return m_metric.isEmpty() ? tr("Value") : m_metric;
    case Interval: return tr("Interval");
    case Difference: return tr("Difference");
    case DifferenceInterval: return tr("Interval");
    case Ratio: return tr("Ratio");
    case RatioInterval: return tr("Interval");
    case P: return tr("p, adjusted");
    case State: return tr("State");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace countersign::items
