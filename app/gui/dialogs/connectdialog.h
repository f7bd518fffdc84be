#pragma once

#include "app/gui/dialogs/formdialog.h"
#include "models/base/result.h"
#include "models/database/location.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace countersign::gui {

/// Asks for a PostgreSQL database and its password, and tries the connection on request. The password is kept in the system's keychain
/// only if the person says so and there is one.
class ConnectDialog : public FormDialog
{
    Q_OBJECT
public:
    explicit ConnectDialog(QWidget *parent);

    Result<database::Location> location() const;
    std::string password() const;
    bool keepsPassword() const;

protected:
    bool check() override;

private:
    void addFields();
    void suitTls();
    void askKeychain();
    void test();
    void showOutcome(const Status &outcome);

    QLineEdit *m_host = nullptr;
    QSpinBox *m_port = nullptr;
    QLineEdit *m_database = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_schema = nullptr;
    QComboBox *m_tls = nullptr;
    bool m_isTlsChosen = false;
    QLineEdit *m_authority = nullptr;
    widgets::FormField *m_authorityField = nullptr;
    QLineEdit *m_password = nullptr;
    QCheckBox *m_keep = nullptr;
    widgets::FormField *m_databaseField = nullptr;
    widgets::PlainLabel *m_keychainNote = nullptr;
    QPushButton *m_test = nullptr;
};

} // namespace countersign::gui
