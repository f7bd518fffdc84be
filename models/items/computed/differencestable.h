#pragma once

#include "models/computed/record/recompute.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// What a recomputation found to differ, most important first.
class DifferencesTable : public RowTable<computed::FigureDifference>
{
    Q_OBJECT
public:
    enum Column { Metric, Group, Window, What, Stored, Recomputed, ColumnCount };

    explicit DifferencesTable(QObject *parent = nullptr);

protected:
    QVariant cell(const computed::FigureDifference &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const computed::FigureDifference &a, const computed::FigureDifference &b) const override { return a.sentence() == b.sentence(); }

private:
    QString text(const computed::FigureDifference &row, int column) const;
};

} // namespace countersign::items
