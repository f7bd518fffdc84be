#include "models/items/computed/groupcountstable.h"

#include "models/domain/judgement.h"
#include "models/items/celltext.h"

#include <QLocale>

namespace countersign::items {

std::vector<GroupCount> groupCounts(const computed::ComputedSet &set)
{
    std::vector<GroupCount> rows;
    double everybody = 0;
    const bool hasOutcome = set.mapping.task == predictions::Task::Binary && !set.mapping.label.empty();
    for (const auto &cell : set.cells) {
        if (cell.window)
            continue;
        GroupCount row;
        for (const auto &[attribute, value] : cell.group) {
            row.attribute += (row.attribute.empty() ? "" : " × ") + attribute;
            row.group += (row.group.empty() ? "" : " · ") + value;
        }
        row.n = cell.n;
        if (cell.group.empty())
            everybody = static_cast<double>(cell.n);
        row.share = everybody > 0 ? static_cast<double>(cell.n) / everybody : 0;
        if (hasOutcome)
            row.positives = cell.counts.positives();
        row.isSmall = !cell.group.empty() && cell.n < set.smallestGroup;
        rows.push_back(std::move(row));
    }
    return rows;
}

GroupCountsTable::GroupCountsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant GroupCountsTable::cell(const GroupCount &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(row, column);
    case StateRole: return row.isSmall ? QVariant(static_cast<int>(VerdictState::NotEnoughData)) : QVariant();
    case SortRole:
        switch (column) {
        case Count:
        case Share: return static_cast<qulonglong>(row.n);
        case Positives: return row.positives ? QVariant(*row.positives) : QVariant();
        case Note: return row.isSmall;
        default: return text(row, column);
        }
    default: return {};
    }
}

QString GroupCountsTable::text(const GroupCount &row, int column) const
{
    switch (column) {
    case Attribute: return row.attribute.empty() ? tr("everybody") : oneLine(row.attribute);
    case Group: return oneLine(row.group);
    case Count: return QLocale().toString(static_cast<qulonglong>(row.n));
    case Share: return tr("%1 %", "share").arg(QLocale().toString(100 * row.share, 'f', 1));
    case Positives: return row.positives ? QLocale().toString(*row.positives, 'f', 0) : QString();
    case Note: return row.isSmall ? tr("Too small to be compared") : QString();
    default: return {};
    }
}

QString GroupCountsTable::head(int column) const
{
    switch (column) {
    case Attribute: return tr("Attribute");
    case Group: return tr("Group");
    case Count: return tr("n");
    case Share: return tr("Share");
    case Positives: return tr("Labelled positive");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace countersign::items
