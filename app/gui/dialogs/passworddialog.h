#pragma once

#include "app/gui/dialogs/formdialog.h"

#include <string>

class QCheckBox;
class QLineEdit;

namespace countersign::gui {

/// The password of a database that does not let us in without.
class PasswordDialog : public FormDialog
{
    Q_OBJECT
public:
    /// `reason`: why it is asked for, a sentence.
    PasswordDialog(QWidget *parent, const QString &place, const QString &reason);
    std::string password() const;
    bool keepsPassword() const;

private:
    QLineEdit *m_password;
    QCheckBox *m_keep;
};

} // namespace countersign::gui
