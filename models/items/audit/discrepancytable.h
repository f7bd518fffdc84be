#pragma once

#include "models/items/rowtable.h"
#include "models/services/workspace/verification.h"

namespace countersign::items {

/// What a verification found, entries first.
class DiscrepancyTable : public RowTable<services::Discrepancy>
{
    Q_OBJECT
public:
    enum Column { Sentence, Entry, Kind, Time, Who, ColumnCount };
    enum Role {
        StateRole = Qt::UserRole + 1, ///< int: VerdictState, always Fail
    };

    explicit DiscrepancyTable(QObject *parent = nullptr) : RowTable(ColumnCount, parent) {}

protected:
    QVariant cell(const services::Discrepancy &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const services::Discrepancy &a, const services::Discrepancy &b) const override { return a.sentence == b.sentence && a.entry == b.entry; }

private:
    static QString text(const services::Discrepancy &row, int column);
};

} // namespace countersign::items
