#pragma once

#include "models/report/plotspec.h"

#include <QAbstractTableModel>
#include <memory>
#include <vector>

namespace countersign::charts {

/// The numbers of a plot as a table, all of them, also those that are not drawn. With PlotRows::Points a row is a point of a series;
/// with Positions a place (a group, a bin, a threshold) with the values of every series. Columns that would be empty are left out.
/// Roles as in ChartTable: kSortRole the value to sort by, kStateRole the theme::State of the state column.
class PlotTable : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum class Kind { Place, Series, Value, Interval, Threshold, Count, Events, State, Note };
    struct Column {
        Kind kind = Kind::Place;
        std::size_t panel = 0; ///< of Value and Interval with Positions
        std::size_t series = 0;
    };
    static constexpr int kSortRole = Qt::UserRole;
    static constexpr int kStateRole = Qt::UserRole + 1;

    explicit PlotTable(QObject *parent = nullptr);
    void setSpec(std::shared_ptr<const report::PlotSpec> spec);
    const std::vector<Column> &columns() const { return m_columns; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        std::size_t panel = 0;
        std::size_t series = 0;
        const report::PlotPoint *point = nullptr; ///< with Positions the first series' that is there
    };
    void addPointRows();
    void addPlaceRows();
    void addColumn(Kind kind, std::size_t panel = 0, std::size_t series = 0);
    bool isPlaces() const { return m_spec->rows == report::PlotRows::Positions; }
    const report::PlotPoint *cell(const Row &row, const Column &column) const;
    const report::PlotSeries &seriesOf(const Row &row, const Column &column) const;
    const report::PlotPanel &panelOf(const Row &row, const Column &column) const;
    std::optional<std::int64_t> countOf(const Row &row) const;
    std::optional<VerdictState> stateOf(const Row &row) const;
    QString noteOf(const Row &row) const;
    QString text(const Row &row, const Column &column) const;
    QVariant sortValue(const Row &row, const Column &column) const;

    std::shared_ptr<const report::PlotSpec> m_spec;
    std::vector<Row> m_rows;
    std::vector<Column> m_columns;
};

} // namespace countersign::charts
