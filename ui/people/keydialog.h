#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;
class QSpinBox;

namespace countersign::widgets {
class FormField;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

/// What shall be done with a key, and whose passphrase signs it.
struct KeyQuestion {
    enum class Act { Confirm, Replace, Revoke };
    Act act = Act::Confirm;
    QString owner; ///< printed name, or "a computer"
    QString fingerprint;
    QString signer;     ///< printed name of who signs
    qint64 entries = 0; ///< of the ledger: a place to revoke from lies before
    QString hint;       ///< below the signer's passphrase
};

/// Confirms, replaces or revokes a key. Stays open until accept(): what was refused elsewhere is shown here.
class KeyDialog : public QDialog
{
    Q_OBJECT
public:
    struct Entered {
        QString words;      ///< Confirm: the eight words as the owner read them out
        QString said;       ///< Confirm: how they were compared. Revoke: why
        qint64 since = -1;  ///< Revoke: the first entry that the owner cannot vouch for; -1: from now on
        QString next;       ///< Replace: the new passphrase
        QString passphrase; ///< of who signs
    };
    explicit KeyDialog(const KeyQuestion &question, QWidget *parent = nullptr);

    void showTrouble(const QString &text);

Q_SIGNALS:
    void submitted(const countersign::pages::KeyDialog::Entered &entered);

private:
    void build();
    QString explanation() const;
    bool check();
    void submit();

    KeyQuestion m_question;
    QLineEdit *m_words;
    QLineEdit *m_said;
    QSpinBox *m_since;
    QLineEdit *m_next;
    QLineEdit *m_again;
    QLineEdit *m_passphrase;
    widgets::FormField *m_wordsField;
    widgets::FormField *m_saidField;
    widgets::FormField *m_sinceField;
    widgets::FormField *m_nextField;
    widgets::FormField *m_againField;
    widgets::FormField *m_passphraseField;
    widgets::PlainLabel *m_trouble;
    QPushButton *m_act;
};

} // namespace countersign::pages
