#include "app/gui/dialogs/passworddialog.h"

#include "app/gui/background.h"
#include "models/settings/keychain.h"
#include "ui/widgets/fields/formfield.h"

#include <QCheckBox>
#include <QLineEdit>

namespace countersign::gui {

PasswordDialog::PasswordDialog(QWidget *parent, const QString &place, const QString &reason)
    : FormDialog(parent, tr("Password for %1").arg(place), reason, tr("Connect"))
    , m_password(new QLineEdit)
    , m_keep(new QCheckBox(tr("Keep it in the system's keychain")))
{
    m_password->setEchoMode(QLineEdit::Password);
    addField(tr("Password"), m_password);
    addWidget(m_keep);
    m_keep->hide();
    inBackground<Status>(this, [] { return settings::Keychain().probe(); }, [this](const Status &status) { m_keep->setVisible(status.ok()); });
    m_password->setFocus();
}

std::string PasswordDialog::password() const
{
    return m_password->text().toStdString();
}

bool PasswordDialog::keepsPassword() const
{
    return m_keep->isChecked() && !m_password->text().isEmpty();
}

} // namespace countersign::gui
