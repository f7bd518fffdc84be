#pragma once

#include "models/report/plots/driftplots.h"

#include <QAbstractTableModel>

namespace countersign::pages {

/// How far every column is from its reference, window by window: the grid of the report as rows and columns of a table.
class DriftGridTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role {
        SortRole = Qt::UserRole + 1,
        StateRole,  ///< int: VerdictState where a limit applies
        ColumnRole, ///< QString: the column of the data
        WindowRole, ///< QString: the window
    };

    explicit DriftGridTable(QObject *parent = nullptr) : QAbstractTableModel(parent) {}
    void setGrid(report::HeatGrid grid);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    report::HeatGrid m_grid;
};

} // namespace countersign::pages
