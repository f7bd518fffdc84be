#include "models/items/inventory/versionstable.h"

#include "models/items/celltext.h"
#include "models/items/inventory/inventorytable.h"

namespace countersign::items {

namespace {

QString joined(const std::vector<std::string> &aliases)
{
    QStringList words;
    for (const std::string &alias : aliases)
        words.append(oneLine(alias));
    return words.join(QStringLiteral(", "));
}

} // namespace

VersionsTable::VersionsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant VersionsTable::cell(const store::VersionRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return column == Verdict ? QVariant(QString::fromStdString(row.verdictSentence)) : QVariant();
    case Qt::AccessibleTextRole:
        return column == Verdict && !row.verdictSentence.empty()
            ? QStringLiteral("%1. %2").arg(text(row, column), QString::fromStdString(row.verdictSentence))
            : text(row, column);
    case VerdictRole: return static_cast<int>(row.verdict);
    // Like theme::State, which lies above this layer: Stale stands behind the verdicts.
    case SignedRole:
        if (row.signOffs == 0)
            return {};
        return row.staleSignOffs > 0 ? static_cast<int>(VerdictState::NotJudged) + 1 : static_cast<int>(VerdictState::Pass);
    case VersionRole: return QString::fromStdString(row.version.id.text());
    case SortRole:
        switch (column) {
        case Stage: return static_cast<int>(row.version.stage);
        case Verdict: return static_cast<int>(row.verdict);
        case SignOffs: return row.signOffs;
        case Created: return static_cast<qlonglong>(toMillis(row.version.createdAt));
        default: return text(row, column);
        }
    default: return {};
    }
}

QString VersionsTable::text(const store::VersionRow &row, int column) const
{
    switch (column) {
    case Label: return oneLine(row.version.label);
    case Aliases: return joined(row.version.aliases);
    case Stage: return InventoryTable::stageWord(row.version.stage);
    case Verdict: return InventoryTable::verdictWord(row.verdict);
    case SignOffs:
        if (row.signOffs == 0)
            return tr("None");
        if (row.staleSignOffs == row.signOffs)
            return tr("%1, stale", "number of sign-offs").arg(row.signOffs);
        return row.staleSignOffs == 0 ? QString::number(row.signOffs) : tr("%1, %2 stale").arg(row.signOffs).arg(row.staleSignOffs);
    case Created: return utcDate(row.version.createdAt);
    case Artifact: return oneLine(row.version.artifactUri);
    default: return {};
    }
}

QString VersionsTable::head(int column) const
{
    switch (column) {
    case Label: return tr("Version");
    case Aliases: return tr("Alias");
    case Stage: return tr("Stage");
    case Verdict: return tr("Verdict");
    case SignOffs: return tr("Sign-offs");
    case Created: return tr("Created");
    case Artifact: return tr("Artifact");
    default: return {};
    }
}

bool VersionsTable::isSameRow(const store::VersionRow &a, const store::VersionRow &b) const
{
    return a.version.id == b.version.id;
}

} // namespace countersign::items
