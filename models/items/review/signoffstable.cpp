#include "models/items/review/signoffstable.h"

#include "models/items/celltext.h"

namespace countersign::items {

SignOffsTable::SignOffsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QString SignOffsTable::standing(const SignOff &signOff)
{
    if (signOff.withdrawn)
        return signOff.decision == Decision::Reject ? tr("Rejected, withdrawn") : tr("Approved, withdrawn");
    if (signOff.decision == Decision::Reject)
        return signOff.isStale ? tr("Rejected, stale") : tr("Rejected");
    return signOff.isStale ? tr("Approved, stale") : tr("Approved");
}

int SignOffsTable::stateNumber(const SignOff &signOff)
{
    if (signOff.withdrawn)
        return static_cast<int>(VerdictState::NotJudged);
    if (signOff.isStale)
        return static_cast<int>(VerdictState::NotJudged) + 1;
    return static_cast<int>(signOff.decision == Decision::Approve ? VerdictState::Pass : VerdictState::Fail);
}

QVariant SignOffsTable::cell(const store::SignOffRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return text(row.signOff, column);
    case Qt::ToolTipRole: return oneLine(row.sentence);
    case Qt::AccessibleTextRole: return text(row.signOff, column);
    case StateRole: return stateNumber(row.signOff);
    case SortRole:
        switch (column) {
        case Signed: return static_cast<qlonglong>(toMillis(row.signOff.signedAt));
        case Entry: return static_cast<qlonglong>(row.signOff.entry);
        default: return text(row.signOff, column);
        }
    default: return {};
    }
}

QString SignOffsTable::text(const SignOff &signOff, int column) const
{
    switch (column) {
    case State: return standing(signOff);
    case Name: return oneLine(signOff.personName);
    case Role: return oneLine(roleTitle(signOff.role));
    case Meaning: return oneLine(signOff.meaning);
    case Signed: return utcTime(signOff.signedAt);
    case Entry: return QString::number(signOff.entry);
    default: return {};
    }
}

QString SignOffsTable::head(int column) const
{
    switch (column) {
    case State: return tr("Decision");
    case Name: return tr("Signed by");
    case Role: return tr("Role");
    case Meaning: return tr("Meaning");
    case Signed: return tr("Time");
    case Entry: return tr("Ledger no.");
    default: return {};
    }
}

bool SignOffsTable::isSameRow(const store::SignOffRow &a, const store::SignOffRow &b) const
{
    return a.signOff.id == b.signOff.id;
}

} // namespace countersign::items
