#include "models/items/review/peopletable.h"

#include "models/domain/judgement.h"
#include "models/items/celltext.h"

namespace countersign::items {

void PeopleTable::setWorking(const PersonId &person)
{
    if (person == m_working)
        return;
    m_working = person;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Here), index(rowCount() - 1, Here));
}

QString PeopleTable::roleWord(countersign::Role role)
{
    switch (role) {
    case countersign::Role::Owner: return tr("Owner");
    case countersign::Role::Developer: return tr("Developer");
    case countersign::Role::Validator: return tr("Validator");
    case countersign::Role::ComplianceOfficer: return tr("Compliance officer");
    case countersign::Role::Approver: return tr("Approver");
    case countersign::Role::ItOperator: return tr("IT operator");
    case countersign::Role::ModelUser: return tr("Model user");
    case countersign::Role::Auditor: return tr("Auditor");
    case countersign::Role::Administrator: return tr("Administrator");
    }
    return {};
}

QString PeopleTable::rolesText(const std::vector<countersign::Role> &roles)
{
    QStringList words;
    for (const countersign::Role role : roles)
        words.append(roleWord(role));
    return words.join(QStringLiteral(", "));
}

QVariant PeopleTable::cell(const Person &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(row, column);
    case Qt::AccessibleTextRole: return column == Here && row.id != m_working ? tr("does not work at this window") : text(row, column);
    case KeyStateRole: return column == Key ? QVariant(static_cast<int>(row.hasKey ? VerdictState::Pass : row.awaitsKey ? VerdictState::Watch : VerdictState::NotEnoughData)) : QVariant();
    default: return {};
    }
}

QString PeopleTable::text(const Person &row, int column) const
{
    switch (column) {
    case Name: return oneLine(row.name);
    case Login: return oneLine(row.login);
    case Roles: return rolesText(row.roles);
    case Key: return row.hasKey ? tr("Can sign") : row.awaitsKey ? tr("Awaits confirmation") : tr("No key");
    case Since: return utcDate(row.since);
    case Here: return row.id == m_working ? tr("Works here now") : QString();
    default: return {};
    }
}

QString PeopleTable::head(int column) const
{
    switch (column) {
    case Name: return tr("Name");
    case Login: return tr("Login");
    case Roles: return tr("Roles");
    case Key: return tr("Signing key");
    case Since: return tr("Since");
    case Here: return tr("At this window");
    default: return {};
    }
}

} // namespace countersign::items
