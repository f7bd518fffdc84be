#pragma once

#include "models/importers/metricsfile.h"
#include "models/items/rowtable.h"

#include <string>

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

/// The file that rejected rows are saved to: RFC 4180, its first line, then a line a row. A cell that a spreadsheet would take for a
/// formula gets an apostrophe in front.
std::string rejectedCsvHead();
std::string rejectedCsvLine(const importers::RejectedRow &row);

} // namespace countersign::items
