#pragma once

#include "models/report/chartspec.h"

#include <QAbstractTableModel>
#include <memory>
#include <vector>

namespace countersign::charts {

/// The numbers of a chart as a table: every point of every series, decimated or not. Series after series, each in time.
/// Qt::UserRole gives the value to sort by; StateRole the theme::State (an int) of the state column, where there is one.
class ChartTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Series, Value, Interval, Count, State, Note, ColumnCount };
    static constexpr int kSortRole = Qt::UserRole;
    static constexpr int kStateRole = Qt::UserRole + 1;

    explicit ChartTable(QObject *parent = nullptr);
    void setSpec(std::shared_ptr<const report::ChartSpec> spec);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const report::ChartPoint &point(int row, std::size_t &series) const;
    QString text(Column column, std::size_t series, const report::ChartPoint &point) const;
    QVariant sortValue(Column column, std::size_t series, const report::ChartPoint &point) const;

    std::shared_ptr<const report::ChartSpec> m_spec;
    std::vector<std::size_t> m_ends; ///< rows up to and with each series
};

} // namespace countersign::charts
