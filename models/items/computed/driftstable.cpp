#include "models/items/computed/driftstable.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"
#include "models/policy/evaluator.h"

#include <QCoreApplication>
#include <QLocale>

namespace countersign::items {

namespace {

/// The statistic of a table's column; "" for the other columns.
const char *statisticOf(int column)
{
    switch (column) {
    case DriftsTable::Psi: return "psi";
    case DriftsTable::Js: return "js_distance";
    case DriftsTable::Ks: return "ks";
    case DriftsTable::Wasserstein: return "wasserstein";
    case DriftsTable::ChiSquare: return "chi_square";
    case DriftsTable::Missing: return "missing_rate_change";
    default: return "";
    }
}

} // namespace

QString driftRoleWord(computed::DriftRole role)
{
    switch (role) {
    case computed::DriftRole::Score: return QCoreApplication::translate("drift", "score");
    case computed::DriftRole::Number: return QCoreApplication::translate("drift", "number");
    case computed::DriftRole::Category: return QCoreApplication::translate("drift", "category");
    }
    return {};
}

DriftsTable::DriftsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant DriftsTable::cell(const computed::ComputedDrift &row, int column, int role) const
{
    const metrics::Figure *figure = row.find(statisticOf(column));
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return figure ? figureSentence(*figure) : text(row, column);
    case MutedRole: return figure && !figure->isDefined();
    case SortRole:
        if (figure)
            return figure->isDefined() ? QVariant(figure->value) : QVariant();
        switch (column) {
        case Window: return row.window ? QVariant(static_cast<qlonglong>(toMillis(row.window->end))) : QVariant();
        case Count: return row.counts.total();
        case P: return row.adjustedPValue ? QVariant(*row.adjustedPValue) : QVariant();
        default: return text(row, column);
        }
    default: return {};
    }
}

QString DriftsTable::text(const computed::ComputedDrift &row, int column) const
{
    if (const metrics::Figure *figure = row.find(statisticOf(column)))
        return figureValue(*figure);
    switch (column) {
    case Name: return oneLine(row.column);
    case Role: return driftRoleWord(row.role);
    case Window: return row.window ? oneLine(row.window->name) : tr("whole log");
    case Count: return QLocale().toString(row.counts.total(), 'f', 0);
    case P: return pText(row.adjustedPValue);
    case Note: {
        QStringList notes;
        if (row.appeared > 0)
            notes.append(tr("%1 new categories").arg(row.appeared));
        if (row.vanished > 0)
            notes.append(tr("%1 categories gone").arg(row.vanished));
        if (row.isLowExpected)
            notes.append(tr("p is rough: few expected"));
        for (const auto &named : row.figures)
            if (named.bound && named.figure.isDefined())
                notes.append(tr("%1 within %2 of the exact value").arg(named.name == "ks" ? tr("KS") : tr("Wasserstein"), oneLine(policy::valueText(*named.bound))));
        return notes.join(QStringLiteral(", "));
    }
    default: return {};
    }
}

QString DriftsTable::head(int column) const
{
    switch (column) {
    case Name: return tr("Column");
    case Role: return tr("Kind");
    case Window: return tr("Window");
    case Count: return tr("n");
    case Psi: return tr("PSI");
    case Js: return tr("JS distance");
    case Ks: return tr("KS");
    case Wasserstein: return tr("Wasserstein");
    case ChiSquare: return tr("Chi-square");
    case Missing: return tr("Missing change");
    case P: return tr("p, adjusted");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace countersign::items
