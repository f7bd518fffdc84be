#pragma once

#include "models/domain/people.h"

#include <QDialog>
#include <vector>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

/// What the dialog tells and asks. `vouchers`: those with a signing key, the most likely first.
struct EnrolQuestion {
    QString workspace;
    QString fingerprint; ///< of this computer's key
    std::vector<Person> vouchers;
    bool isSample = false;
};

/// This computer's key goes into the workspace: a person with a signing key vouches for it by their passphrase. Stays open until accept();
/// what was refused elsewhere is shown here.
class EnrolDialog : public QDialog
{
    Q_OBJECT
public:
    explicit EnrolDialog(const EnrolQuestion &question, QWidget *parent = nullptr);

    void showTrouble(const QString &text);

Q_SIGNALS:
    void submitted(const countersign::Person &voucher, const QString &passphrase);

private:
    void build(const EnrolQuestion &question);
    void submit();

    std::vector<Person> m_vouchers;
    QComboBox *m_who;
    QLineEdit *m_passphrase;
    widgets::FormField *m_passphraseField;
    QPushButton *m_act;
};

} // namespace countersign::pages
