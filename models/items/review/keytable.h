#pragma once

#include "models/items/rowtable.h"
#include "models/services/keys/keys.h"

namespace countersign::items {

/// Signing keys, of a person or of all, and what became of each.
class KeyTable : public RowTable<services::KeyFacts>
{
    Q_OBJECT
public:
    enum Column { Fingerprint, Owner, State, Told, Identity, ColumnCount };
    enum Role {
        StateRole =
            Qt::UserRole + 1, ///< int: VerdictState Pass in use, Watch awaiting, NotJudged replaced, Fail revoked
    };

    explicit KeyTable(QObject *parent = nullptr)
        : RowTable(ColumnCount, parent)
    {
    }

    static QString stateWord(store::KeyState state);
    /// "from entry 12 on: lost. Entries 9 to 11 are disputed."
    static QString told(const store::KeyRecord &key);

protected:
    QVariant cell(const services::KeyFacts &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const services::KeyFacts &a, const services::KeyFacts &b) const override
    {
        return a.record.id == b.record.id;
    }

private:
    QString text(const services::KeyFacts &row, int column) const;
};

} // namespace countersign::items
