#pragma once

#include "models/computed/computedset.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// Figures of one cell: metric, value, interval, rows.
class FiguresTable : public RowTable<computed::NamedFigure>
{
    Q_OBJECT
public:
    enum Column { Metric, Value, Interval, Count, Note, ColumnCount };
    enum Role { SortRole = Qt::UserRole + 1, MutedRole };

    explicit FiguresTable(QObject *parent = nullptr);

protected:
    QVariant cell(const computed::NamedFigure &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const computed::NamedFigure &a, const computed::NamedFigure &b) const override { return a.name == b.name; }

private:
    QString text(const computed::NamedFigure &row, int column) const;
};

} // namespace countersign::items
