#pragma once

#include "models/services/people.h"

#include <QDialog>
#include <QList>

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

/// Somebody new, or the first key of somebody who has none. The person types the passphrase, the administrator signs with theirs.
/// Stays open until accept(): what was refused elsewhere is shown here.
class PersonDialog : public QDialog
{
    Q_OBJECT
public:
    struct Entered {
        services::PersonRequest request;
        QString passphrase;      ///< of the person; empty: no key yet
        QString administrator;   ///< passphrase of the administrator
    };
    /// `person`: enrol a key for them. `administrator`: the printed name of who signs.
    PersonDialog(const std::optional<Person> &person, const QString &administrator, QWidget *parent = nullptr);

    void setAdministratorHint(const QString &hint); ///< below the field of who signs
    void showTrouble(const QString &text);
    void setBusy(bool isBusy);

Q_SIGNALS:
    void submitted(const countersign::pages::PersonDialog::Entered &entered);

private:
    void build();
    bool check();
    void submit();

    std::optional<Person> m_person;
    QLineEdit *m_name;
    QLineEdit *m_login;
    QLineEdit *m_passphrase;
    QLineEdit *m_again;
    QLineEdit *m_identity;
    QLineEdit *m_administrator;
    widgets::FormField *m_nameField;
    widgets::FormField *m_loginField;
    widgets::FormField *m_passphraseField;
    widgets::FormField *m_againField;
    widgets::FormField *m_identityField;
    widgets::FormField *m_administratorField;
    QList<QCheckBox *> m_roles;
    widgets::PlainLabel *m_trouble;
    QPushButton *m_act;
};

} // namespace countersign::pages
