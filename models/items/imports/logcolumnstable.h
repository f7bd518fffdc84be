#pragma once

#include "models/items/rowtable.h"

#include <QString>

namespace countersign::items {

/// A column of a log with what it is taken for, in the words of the window.
struct LogColumnRow {
    QString name;
    QString values; ///< "0, 1"
    QString role;   ///< "Label"
    QString detail; ///< "positive 1, negative 0"
    QString reason; ///< "the name says so"
    bool isIgnored = false;
    bool isInTrouble = false;
};

class LogColumnsTable : public RowTable<LogColumnRow>
{
    Q_OBJECT
public:
    enum Column { Name, Values, Role, Detail, Reason, ColumnCount };
    enum Roles {
        StateRole = Qt::UserRole + 1, ///< int: VerdictState::Watch when the column needs a decision
        MutedRole,                    ///< bool: ignored
    };

    explicit LogColumnsTable(QObject *parent = nullptr);

protected:
    QVariant cell(const LogColumnRow &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const LogColumnRow &a, const LogColumnRow &b) const override { return a.name == b.name; }
};

} // namespace countersign::items
