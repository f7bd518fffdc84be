#pragma once

#include "models/importers/metricsfile.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// Rows of a metrics file that were not taken: where, and why.
class RejectedTable : public RowTable<importers::RejectedRow>
{
    Q_OBJECT
public:
    enum Column { RowNumber, Line, ColumnName, Reason, Text, ColumnCount };

    explicit RejectedTable(QObject *parent = nullptr);

protected:
    QVariant cell(const importers::RejectedRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const importers::RejectedRow &a, const importers::RejectedRow &b) const override;

private:
    static QString text(const importers::RejectedRow &row, int column);
};

} // namespace countersign::items
