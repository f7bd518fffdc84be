#pragma once

#include "models/computed/computedset.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// Combinations of groups that do worse than everybody else, worst first.
class WorstSlicesTable : public RowTable<computed::WorstSlice>
{
    Q_OBJECT
public:
    enum Column { Group, Metric, Count, Value, Interval, Difference, DifferenceInterval, P, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1 };

    explicit WorstSlicesTable(QObject *parent = nullptr);

protected:
    QVariant cell(const computed::WorstSlice &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const computed::WorstSlice &a, const computed::WorstSlice &b) const override { return a.group == b.group && a.metric == b.metric; }

private:
    QString text(const computed::WorstSlice &row, int column) const;
};

} // namespace countersign::items
