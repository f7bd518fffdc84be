#pragma once

#include "models/items/rowtable.h"
#include "models/store/queries/queries.h"

namespace countersign::items {

/// What happened to a model, newest first: a row for each changed field, one for an event that changed none.
class HistoryTable : public RowTable<store::ChangeRow>
{
    Q_OBJECT
public:
    enum Column { Time, Who, What, Field, Change, Entry, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole + 1,
        EntryRole, ///< qlonglong: number in the ledger
    };

    explicit HistoryTable(QObject *parent = nullptr);

protected:
    QVariant cell(const store::ChangeRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const store::ChangeRow &a, const store::ChangeRow &b) const override;

private:
    QString text(const store::ChangeRow &row, int column) const;
};

} // namespace countersign::items
