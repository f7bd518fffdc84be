#pragma once

#include "models/items/rowtable.h"
#include "models/store/queries/queries.h"

namespace countersign::items {

/// Issued reports, newest first: what was printed when, by whom, and the digest of the facts behind it.
class ReportsTable : public RowTable<store::ReportRow>
{
    Q_OBJECT
public:
    enum Column { Report, Facts, ColumnCount };
    enum ItemRole { IssuedRole = Qt::UserRole + 1 }; ///< QString, of column Report: "14 May 2026 09:02 UTC · Ana Ruiz"

    explicit ReportsTable(QObject *parent = nullptr);

protected:
    QVariant cell(const store::ReportRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const store::ReportRow &a, const store::ReportRow &b) const override;

private:
    static QString issued(const store::ReportRow &row);
};

} // namespace countersign::items
