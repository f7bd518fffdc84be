#pragma once

#include "models/domain/people.h"
#include "models/items/rowtable.h"

namespace countersign::items {

/// Who may do what here, and who can sign.
class PeopleTable : public RowTable<Person>
{
    Q_OBJECT
public:
    enum Column { Name, Login, Roles, Key, Since, Here, ColumnCount };
    enum Role {
        KeyStateRole = Qt::UserRole + 1, ///< int: VerdictState Pass with a key, Watch with one that awaits confirmation, NotEnoughData without
    };

    explicit PeopleTable(QObject *parent = nullptr) : RowTable(ColumnCount, parent) {}

    void setWorking(const PersonId &person); ///< who works at this window; empty: nobody
    static QString roleWord(countersign::Role role);
    static QString rolesText(const std::vector<countersign::Role> &roles);

protected:
    QVariant cell(const Person &row, int column, int role) const override;
    QString head(int column) const override;
    bool isSameRow(const Person &a, const Person &b) const override { return a.id == b.id; }

private:
    QString text(const Person &row, int column) const;

    PersonId m_working;
};

} // namespace countersign::items
