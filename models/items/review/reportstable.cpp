#include "models/items/review/reportstable.h"

#include "models/items/celltext.h"

namespace countersign::items {

namespace {
constexpr std::size_t kDigestDigits = 12; // enough to compare with the printed one; the tool tip has all
} // namespace

ReportsTable::ReportsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QString ReportsTable::issued(const store::ReportRow &row)
{
    return utcTime(row.at) + QStringLiteral(" · ") + oneLine(row.actor);
}

QVariant ReportsTable::cell(const store::ReportRow &row, int column, int role) const
{
    const QString title = oneLine(row.title);
    const QString digest = QString::fromStdString(row.facts.hex());
    switch (role) {
    case Qt::DisplayRole: return column == Report ? title : digest.left(kDigestDigits);
    case Qt::ToolTipRole: return column == Report ? tr("Ledger entry %1").arg(row.entry) : tr("SHA-256 of the facts:\n%1").arg(digest);
    case Qt::AccessibleTextRole: return column == Report ? title + QStringLiteral(", ") + issued(row) : tr("facts %1").arg(digest);
    case IssuedRole: return column == Report ? issued(row) : QVariant();
    default: return {};
    }
}

QString ReportsTable::head(int column) const
{
    return column == Report ? tr("Report") : tr("Facts");
}

bool ReportsTable::isSameRow(const store::ReportRow &a, const store::ReportRow &b) const
{
    return a.id == b.id;
}

} // namespace countersign::items
