#pragma once

#include "app/gui/dialogs/formdialog.h"
#include "models/domain/people.h"

#include <optional>
#include <vector>


namespace countersign::widgets {
class TableView;
}

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
    widgets::TableView *m_table;
};

} // namespace countersign::gui
