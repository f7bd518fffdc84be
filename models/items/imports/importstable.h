#pragma once

#include "models/items/rowtable.h"
#include "models/store/queries/queries.h"

namespace countersign::items {

/// Every import of the workspace, newest first, with what it brought and whether it was taken back.
class ImportsTable : public RowTable<store::ImportRow>
{
    Q_OBJECT
public:
    enum Column { Number, Source, Brought, Rejected, Time, Who, State, ColumnCount };

    explicit ImportsTable(QObject *parent = nullptr);

    /// "2 models, 3 versions, 41,208 values"; "nothing new".
    static QString brought(const store::ImportRow &row);

protected:
    QVariant cell(const store::ImportRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const store::ImportRow &a, const store::ImportRow &b) const override { return a.no == b.no; }

private:
    static QString text(const store::ImportRow &row, int column);
};

} // namespace countersign::items
