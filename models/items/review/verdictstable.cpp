#include "models/items/review/verdictstable.h"

#include "models/items/celltext.h"
#include "models/items/inventory/inventorytable.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "models/report/metricchart.h"

#include <QLocale>

namespace countersign::items {

VerdictsTable::VerdictsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant VerdictsTable::cell(const JudgedLimit &row, int column, int role) const
{
    const auto &observation = row.verdict.observation;
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole:
    case SentenceRole: return QString::fromStdString(row.verdict.sentence);
    case Qt::AccessibleTextRole:
        return column == State ? QStringLiteral("%1. %2").arg(text(row, column), QString::fromStdString(row.verdict.sentence)) : text(row, column);
    case VerdictRole: return static_cast<int>(row.verdict.state);
    case SortRole:
        switch (column) {
        case State: return static_cast<int>(row.verdict.state);
        case Value: return observation ? QVariant(observation->value) : QVariant();
        case Count: return observation && observation->n ? QVariant(static_cast<qlonglong>(*observation->n)) : QVariant();
        case Window: return observation ? QVariant(static_cast<qlonglong>(toMillis(observation->window.end))) : QVariant();
        default: return text(row, column);
        }
    default: return {};
    }
}

QString VerdictsTable::text(const JudgedLimit &row, int column) const
{
    const auto &observation = row.verdict.observation;
    switch (column) {
    case State: return InventoryTable::verdictWord(row.verdict.state);
    case Rule: return oneLine(row.rule.empty() ? metrics::define(row.verdict.metric).title : row.rule);
    case Group: return row.verdict.slice.isOverall() ? tr("Overall") : oneLine(row.verdict.slice.shown());
    case Value: return observation ? oneLine(policy::valueText(observation->value)) : tr("no value");
    case Interval: return observation ? oneLine(report::intervalText(*observation)) : QString();
    case Count: return observation && observation->n ? QLocale().toString(static_cast<qlonglong>(*observation->n)) : QString();
    case Window: return observation ? oneLine(report::windowText(observation->window)) : QString();
    default: return {};
    }
}

QString VerdictsTable::head(int column) const
{
    switch (column) {
    case State: return tr("State");
    case Rule: return tr("Limit");
    case Group: return tr("Group");
    case Value: return tr("Value");
    case Interval: return tr("Interval");
    case Count: return tr("n");
    case Window: return tr("Window");
    default: return {};
    }
}

bool VerdictsTable::isSameRow(const JudgedLimit &a, const JudgedLimit &b) const
{
    return a.verdict.rule == b.verdict.rule && a.verdict.slice == b.verdict.slice;
}

} // namespace countersign::items
