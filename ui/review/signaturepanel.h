#pragma once

#include "models/crypto/signing.h"
#include "ui/review/reviewcase.h"

#include <QTimer>
#include <QWidget>
#include <memory>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QRadioButton;
class QVBoxLayout;

namespace countersign::widgets {
class FormField;
class PlainLabel;
class StateLabel;
} // namespace countersign::widgets

namespace countersign::pages {

class SentencePanel;

/// What the signer chose.
struct SignatureChoice {
    Role role = Role::Validator;
    std::optional<Decision> decision; ///< nothing is chosen for the signer
    std::string meaning;
    std::string comment;
};

/// The right side of the ceremony: decide, read the sentence, sign. The button is never pressed by Enter, and while it cannot be pressed the
/// reason stands beside it. The passphrase leaves its field only as a Secret, and the field is empty from then on.
class SignaturePanel : public QWidget
{
    Q_OBJECT
public:
    explicit SignaturePanel(QWidget *parent = nullptr);

    /// Shows another freeze; what was chosen and written stays.
    void setCase(const ReviewCase &review);
    SignatureChoice choice() const;
    bool isDecided() const; ///< role, decision and words fit
    QString sentence() const;
    QString roleName() const; ///< of the role chosen, as people read it

    /// Why signing must wait, from outside (sections, changes); empty: nothing.
    void setObstacle(const QString &reason);
    void setSigning(bool isSigning);
    /// A wrong passphrase, said at the field with how many are left.
    void refusePassphrase(const QString &why, const services::AttemptLimit &attempts);
    /// Any other failure, said below the button.
    void showFailure(const QString &text);
    std::shared_ptr<crypto::Secret> takePassphrase();

Q_SIGNALS:
    void choiceChanged();
    void signRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildDecision(QVBoxLayout &column);
    void buildSigning(QVBoxLayout &column);
    QWidget *makeFoot();
    void connectSignals();
    void followChoice();
    void proposeMeaning();
    QString ownObstacle() const;
    void showObstacle();
    void takeAttempts(const services::AttemptLimit &attempts);

    ReviewCase m_case;
    services::AttemptLimit m_attempts;
    QTimer m_reopening;
    QString m_obstacle;
    QString m_proposed; ///< the meaning that was filled in, to tell it from the signer's own words
    bool m_isSigning = false;

    QComboBox *m_role;
    QRadioButton *m_approve;
    QRadioButton *m_reject;
    QLineEdit *m_meaning;
    QPlainTextEdit *m_comment;
    widgets::FormField *m_commentField;
    SentencePanel *m_sentence;
    QLineEdit *m_user;
    QLineEdit *m_passphrase;
    widgets::FormField *m_passphraseField;
    widgets::PlainLabel *m_failure;
    widgets::StateLabel *m_readiness;
    widgets::PlainLabel *m_reason;
    QPushButton *m_sign;
};

} // namespace countersign::pages
