#pragma once

#include "models/domain/judgement.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// A limit as it was judged on one series of a version.
struct JudgedLimit {
    Verdict verdict;
    std::string rule; ///< the limit as a sentence; empty when it is no longer in force
};

/// The limits of a version, worst first.
class VerdictsTable : public RowTable<JudgedLimit>
{
    Q_OBJECT
public:
    enum Column { State, Rule, Group, Value, Interval, Count, Window, ColumnCount };
    enum Role {
        VerdictRole = Qt::UserRole + 1, ///< int: VerdictState
        SentenceRole,                   ///< QString: the verdict in words
        SortRole,
    };

    explicit VerdictsTable(QObject *parent = nullptr);

protected:
    QVariant cell(const JudgedLimit &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const JudgedLimit &a, const JudgedLimit &b) const override;

private:
    QString text(const JudgedLimit &row, int column) const;
};

} // namespace countersign::items
