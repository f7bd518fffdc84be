#pragma once

#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"

#include <QDialog>

class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class PlainLabel;
}

namespace countersign::pages {

/// A signer takes a signature back: the sentence as it will stand, a reason, the passphrase. Enter never signs; what was refused is said
/// here and nothing is lost of what was typed but the passphrase.
class WithdrawDialog : public QDialog
{
    Q_OBJECT
public:
    WithdrawDialog(services::Workspace &workspace, const store::SignOffRow &signOff, QWidget *parent = nullptr);

Q_SIGNALS:
    void withdrawn(qint64 entry);

private:
    void build();
    void showSentence();
    void submit();
    void showResult(const Result<std::int64_t> &entry);

    services::Workspace &m_workspace;
    store::SignOffRow m_signOff;
    Person m_person;
    std::string m_event; ///< the event's id: the same for every attempt of this dialog, so that it signs once
    widgets::PlainLabel *m_sentence;
    QPlainTextEdit *m_reason;
    widgets::FormField *m_reasonField;
    QLineEdit *m_passphrase;
    widgets::FormField *m_passphraseField;
    QPushButton *m_act;
};

} // namespace countersign::pages
