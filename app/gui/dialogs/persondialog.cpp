#include "app/gui/dialogs/persondialog.h"

#include "models/base/text.h"
#include "ui/theme/type.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QStandardItemModel>

namespace countersign::gui {

namespace {

QString rolesOf(const Person &person)
{
    QStringList roles;
    for (const Role role : person.roles)
        roles.append(QString::fromStdString(std::string(roleTitle(role))));
    return roles.join(QStringLiteral(", "));
}

} // namespace

PersonDialog::PersonDialog(QWidget *parent, const std::vector<Person> &people, const std::optional<PersonId> &current)
    : FormDialog(parent, tr("Who Works Here?"), tr("Your name goes with what you record. Signing asks for your passphrase as well. Whoever is missing here is added by an administrator, and can look around until then."), tr("Continue"))
    , m_people(people)
    , m_table(new widgets::TableView(tr("People")))
{
    auto *items = new QStandardItemModel(this);
    items->setHorizontalHeaderLabels({tr("Name"), tr("Login"), tr("Roles")});
    int chosenRow = 0;
    for (const Person &person : people) {
        if (current && *current == person.id)
            chosenRow = items->rowCount();
        items->appendRow({new QStandardItem(QString::fromStdString(text::visible(person.name))), new QStandardItem(QString::fromStdString(person.login)),
                          new QStandardItem(rolesOf(person))});
    }
    m_table->setColumnFormat(0, {.width = 180, .isStrong = true});
    m_table->setColumnFormat(1, {.width = 100, .isMuted = true});
    m_table->setColumnFormat(2, {.width = 180, .isMuted = true, .stretches = true});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setModel(items);
    m_table->selectRow(chosenRow);
    m_table->setMinimumSize(theme::scaled(520), theme::scaled(theme::height::kTableHead + 6 * theme::height::kRow));
    setMinimumWidth(theme::scaled(560));
    column()->addWidget(m_table, 1);
    connect(m_table, &QAbstractItemView::activated, this, &QDialog::accept);
    m_table->setFocus();
}

std::optional<Person> PersonDialog::chosen() const
{
    const int row = m_table->currentIndex().row();
    if (row < 0)
        return {};
    return m_people[static_cast<std::size_t>(row)];
}

} // namespace countersign::gui
