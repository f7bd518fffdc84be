#pragma once

#include "models/computed/computedset.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// Disparities over all groups of an attribute: value, interval, who is highest and lowest, who was left out.
class DisparitiesTable : public RowTable<computed::ComputedDisparity>
{
    Q_OBJECT
public:
    enum Column { Name, Value, Interval, Highest, Lowest, Used, LeftOut, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1, MutedRole };

    explicit DisparitiesTable(QObject *parent = nullptr);

protected:
    QVariant cell(const computed::ComputedDisparity &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const computed::ComputedDisparity &a, const computed::ComputedDisparity &b) const override
    {
        return a.name == b.name && a.attributes == b.attributes && a.window == b.window;
    }

private:
    QString text(const computed::ComputedDisparity &row, int column) const;
};

} // namespace countersign::items
