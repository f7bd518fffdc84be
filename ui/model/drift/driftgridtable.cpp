#include "ui/model/drift/driftgridtable.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"

#include <cmath>

namespace countersign::pages {

using items::oneLine;

void DriftGridTable::setGrid(report::HeatGrid grid)
{
    beginResetModel();
    m_grid = std::move(grid);
    endResetModel();
}

int DriftGridTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.rows.size());
}

int DriftGridTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 1 + static_cast<int>(m_grid.columns.size());
}

QVariant DriftGridTable::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    if (role == ColumnRole)
        return QString::fromStdString(m_grid.rows[row]);
    if (index.column() == 0)
        return role == Qt::DisplayRole || role == Qt::ToolTipRole || role == SortRole ? QVariant(oneLine(m_grid.rows[row])) : QVariant();
    const auto column = static_cast<std::size_t>(index.column() - 1);
    const report::HeatCell &cell = m_grid.cells[row][column];
    const bool hasValue = std::isfinite(cell.value);
    switch (role) {
    case Qt::DisplayRole: return hasValue ? items::numberText(cell.value) : QStringLiteral("–");
    case Qt::ToolTipRole: return oneLine(cell.note);
    case Qt::AccessibleTextRole: {
        const QString value = hasValue ? items::numberText(cell.value) : tr("no value");
        return QStringLiteral("%1, %2: %3. %4").arg(oneLine(m_grid.rows[row]), oneLine(m_grid.columns[column]), value, oneLine(cell.note));
    }
    case SortRole: return hasValue ? QVariant(cell.value) : QVariant();
    case StateRole: return cell.state ? QVariant(static_cast<int>(*cell.state)) : QVariant();
    case WindowRole: return QString::fromStdString(m_grid.columns[column]);
    default: return {};
    }
}

QVariant DriftGridTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount())
        return QAbstractTableModel::headerData(section, orientation, role);
    return section == 0 ? oneLine(m_grid.rowTitle) : oneLine(m_grid.columns[static_cast<std::size_t>(section - 1)]);
}

} // namespace countersign::pages
