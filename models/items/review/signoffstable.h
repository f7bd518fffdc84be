#pragma once

#include "models/items/rowtable.h"
#include "models/store/queries/queries.h"

namespace countersign::items {

/// Sign-offs, newest first.
class SignOffsTable : public RowTable<store::SignOffRow>
{
    Q_OBJECT
public:
    enum Column { State, Name, Role, Meaning, Signed, Entry, ColumnCount };
    enum ItemRole {
        StateRole = Qt::UserRole + 1, ///< int: the number of theme::State that stands for it
        SortRole,
    };

    explicit SignOffsTable(QObject *parent = nullptr);

    /// "Approved", "Rejected", "Approved, stale".
    static QString standing(const SignOff &signOff);
    /// The number of theme::State that stands for it, which lies above this layer.
    static int stateNumber(const SignOff &signOff);

protected:
    QVariant cell(const store::SignOffRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const store::SignOffRow &a, const store::SignOffRow &b) const override;

private:
    QString text(const SignOff &signOff, int column) const;
};

} // namespace countersign::items
