#pragma once

#include "models/report/plots/driftplots.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

namespace countersign::charts {

/// A heat grid as a table: the first column names the rows, the others are windows.
class HeatModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    static constexpr int kSortRole = Qt::UserRole;
    static constexpr int kStateRole = Qt::UserRole + 1; ///< int: theme::State; absent where nothing was judged

    explicit HeatModel(QObject *parent = nullptr);
    void setGrid(report::HeatGrid grid);
    const report::HeatGrid &grid() const { return m_grid; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const report::HeatCell &cell(const QModelIndex &index) const;
    /// "income, 2026-03: 0.274. Fail."
    QString sentence(const QModelIndex &index) const;

    report::HeatGrid m_grid;
};

/// Paints the cells of a HeatModel's windows: fill, hatch, glyph and value, so that none of them is alone. For
/// setItemDelegateForColumn() of a table's columns from the second on.
class HeatDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    static constexpr int kRowHeight = 36; ///< at 100 %
};

} // namespace countersign::charts
