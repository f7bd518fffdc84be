#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace countersign::items {

/// A table of values that were read whole. A subclass names the columns and writes the cells.
template<class Row>
class RowTable : public QAbstractTableModel
{
public:
    RowTable(int columns, QObject *parent) : QAbstractTableModel(parent), m_columns(columns) {}

    /// The same rows in the same order only change their cells: selection and scroll position stay.
    void setRows(std::vector<Row> rows)
    {
        const bool isSame = std::ranges::equal(rows, m_rows, [this](const Row &a, const Row &b) { return isSameRow(a, b); });
        if (!isSame)
            beginResetModel();
        m_rows = std::move(rows);
        if (!isSame)
            endResetModel();
        else if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, m_columns - 1));
    }

    /// Null beyond the end.
    const Row *rowAt(int row) const { return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr; }
    const std::vector<Row> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_columns; }

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
            return {};
        return cell(m_rows[static_cast<std::size_t>(index.row())], index.column(), role);
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= m_columns)
            return QAbstractTableModel::headerData(section, orientation, role);
        return head(section);
    }

protected:
    virtual QVariant cell(const Row &row, int column, int role) const = 0;
    virtual QString head(int column) const = 0;
    /// Whether both stand for the same thing, whatever its state.
    virtual bool isSameRow(const Row &a, const Row &b) const = 0;

private:
    int m_columns;
    std::vector<Row> m_rows;
};

} // namespace countersign::items
