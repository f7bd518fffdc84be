#include "models/items/imports/importstable.h"

#include "models/items/celltext.h"

#include <QLocale>

namespace countersign::items {

ImportsTable::ImportsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QString ImportsTable::brought(const store::ImportRow &row)
{
    QStringList parts;
    const auto add = [&parts](std::int64_t n, const QString &one, const QString &many) {
        if (n > 0)
            parts.append((n == 1 ? one : many).arg(QLocale().toString(static_cast<qlonglong>(n))));
    };
    add(row.models, tr("%1 model"), tr("%1 models"));
    add(row.versions, tr("%1 version"), tr("%1 versions"));
    add(row.runs, tr("%1 run"), tr("%1 runs"));
    add(row.changes, tr("%1 change"), tr("%1 changes"));
    add(row.observations, tr("%1 value"), tr("%1 values"));
    return parts.isEmpty() ? tr("nothing new") : parts.join(QStringLiteral(", "));
}

QVariant ImportsTable::cell(const store::ImportRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return column == Source ? oneLine(row.source) + QLatin1Char('\n') + oneLine(row.description) : text(row, column);
    case Qt::AccessibleTextRole: return column == State && !row.undoneBy ? tr("in the record") : text(row, column);
    default: return {};
    }
}

QString ImportsTable::text(const store::ImportRow &row, int column)
{
    switch (column) {
    case Number: return QString::fromStdString(row.number());
    case Source: return oneLine(row.source);
    case Brought: return brought(row);
    case Rejected: return row.rejected > 0 ? QLocale().toString(static_cast<qlonglong>(row.rejected)) : QString();
    case Time: return utcTime(row.at);
    case Who: return oneLine(row.actor);
    case State: return row.undoneBy ? tr("Undone by entry %1").arg(QLocale().toString(static_cast<qlonglong>(*row.undoneBy))) : QString();
    default: return {};
    }
}

QString ImportsTable::head(int column) const
{
    switch (column) {
    case Number: return tr("No.");
    case Source: return tr("Source");
    case Brought: return tr("Brought");
    case Rejected: return tr("Rejected");
    case Time: return tr("Time");
    case Who: return tr("Who");
    case State: return tr("State");
    default: return {};
    }
}

} // namespace countersign::items
