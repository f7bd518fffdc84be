#include "app/gui/dialogs/persondialog.h"

#include "models/base/text.h"
#include "ui/theme/type.h"
#include "ui/widgets/formfield.h"

#include <QListWidget>

namespace countersign::gui {

PersonDialog::PersonDialog(QWidget *parent, const std::vector<Person> &people, const std::optional<PersonId> &current)
    : FormDialog(parent, tr("Who Works Here?"), tr("Your name goes with what you record. Signing asks for your passphrase as well."), tr("Continue"))
    , m_people(people)
    , m_list(new QListWidget)
{
    for (const Person &person : people) {
        m_list->addItem(personLine(person));
        if (current && *current == person.id)
            m_list->setCurrentRow(m_list->count() - 1);
    }
    if (!m_list->currentItem() && m_list->count() > 0)
        m_list->setCurrentRow(0);
    m_list->setMinimumHeight(theme::scaled(200));
    addField(tr("Person"), m_list);
    connect(m_list, &QListWidget::itemActivated, this, &QDialog::accept);
    m_list->setFocus();
}

std::optional<Person> PersonDialog::chosen() const
{
    const int row = m_list->currentRow();
    if (row < 0)
        return {};
    return m_people[static_cast<std::size_t>(row)];
}

QString personLine(const Person &person)
{
    QStringList roles;
    for (const Role role : person.roles)
        roles.append(QString::fromStdString(std::string(roleTitle(role))));
    return QStringLiteral("%1 · %2").arg(QString::fromStdString(text::visible(person.name)), roles.join(QStringLiteral(", ")));
}

} // namespace countersign::gui
