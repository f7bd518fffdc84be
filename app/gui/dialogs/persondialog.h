#pragma once

#include "app/gui/dialogs/formdialog.h"
#include "models/domain/people.h"

#include <optional>
#include <vector>

class QListWidget;

namespace countersign::gui {

/// Who works here now. Signing asks for that person's passphrase in any case.
class PersonDialog : public FormDialog
{
    Q_OBJECT
public:
    PersonDialog(QWidget *parent, const std::vector<Person> &people, const std::optional<PersonId> &current);
    std::optional<Person> chosen() const;

protected:
    bool check() override { return chosen().has_value(); }

private:
    std::vector<Person> m_people;
    QListWidget *m_list;
};

/// "Ada Sample · Administrator, Validator"
QString personLine(const Person &person);

} // namespace countersign::gui
