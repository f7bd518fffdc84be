#include "ui/model/withdrawdialog.h"

#include "models/items/celltext.h"
#include "models/services/review/withdraw.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/secrets.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/frame/dialogframe.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QUuid>

namespace countersign::pages {

using theme::scaled;

WithdrawDialog::WithdrawDialog(services::Workspace &workspace, const store::SignOffRow &signOff, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_signOff(signOff)
    , m_person(workspace.state().person.value_or(Person{}))
    , m_event(QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString())
    , m_sentence(new widgets::PlainLabel({}, theme::Type::Strong))
    , m_reason(new QPlainTextEdit)
    , m_reasonField(new widgets::FormField(tr("Reason"), m_reason))
    , m_passphrase(new QLineEdit)
    , m_passphraseField(new widgets::FormField(tr("Signing passphrase"), m_passphrase))
    , m_act(widgets::primaryButton(tr("Sign the Withdrawal")))
{
    setWindowTitle(tr("Withdraw Signature"));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_reason->setObjectName(QStringLiteral("reason"));
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_act->setObjectName(QStringLiteral("act"));
    build();
    showSentence();
    connect(m_reason, &QPlainTextEdit::textChanged, this, &WithdrawDialog::showSentence);
    connect(m_act, &QPushButton::clicked, this, &WithdrawDialog::submit);
}

void WithdrawDialog::build()
{
    QVBoxLayout *column = widgets::dialogColumn(*this);
    auto *what = new widgets::PlainLabel(tr("The withdrawal is a signature of its own. What you signed stays in the record and is shown as withdrawn; it counts no more."),
                                         theme::Type::Body, widgets::Ink::Secondary);
    what->setWordWrap(true);
    column->addWidget(what);
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(scaled(72));
    column->addWidget(m_reasonField);
    m_sentence->setWordWrap(true);
    column->addWidget(m_sentence);
    m_passphrase->setEchoMode(QLineEdit::Password);
    if (m_workspace.state().isSample)
        m_passphraseField->setHint(tr("Sample: everybody's passphrase is “%1”.").arg(QString::fromLatin1(services::kSamplePassphrase)));
    column->addWidget(m_passphraseField);
    QPushButton *cancel = widgets::addDialogButtons(*column, *this, m_act);
    for (QPushButton *button : {m_act, cancel}) { // Enter in a field presses nothing
        button->setAutoDefault(false);
        button->setDefault(false);
    }
    setMinimumWidth(scaled(520));
    m_reason->setFocus();
}

void WithdrawDialog::showSentence()
{
    const QString reason = m_reason->toPlainText().trimmed();
    m_sentence->setText(items::withLines(services::withdrawalSentence(m_signOff, m_person, reason.isEmpty() ? "…" : reason.toStdString())));
    if (!reason.isEmpty())
        m_reasonField->setError({});
}

void WithdrawDialog::submit()
{
    const QString reason = m_reason->toPlainText().trimmed();
    m_reasonField->setError(reason.isEmpty() ? tr("Say why; the reason is part of what you sign.") : QString());
    m_passphraseField->setError(m_passphrase->text().isEmpty() ? tr("Type your passphrase; it signs the withdrawal.") : QString());
    if (m_reasonField->hasError() || m_passphraseField->hasError()) {
        (m_reasonField->hasError() ? static_cast<QWidget *>(m_reason) : m_passphrase)->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_act->setEnabled(false);
    const auto work = [person = m_person, request = services::WithdrawRequest{m_event, m_signOff.signOff.id, reason.toStdString()},
                       secret = services::secretOf(m_passphrase->text())](services::Session &session) -> Result<std::int64_t> {
        const auto key = session.unlock(person, *secret);
        if (!key)
            return key.error();
        return services::withdrawSignOff(session, request, person, **key);
    };
    m_passphrase->clear();
    m_workspace.run(this, work, [this](const Result<std::int64_t> &entry) { showResult(entry); });
}

void WithdrawDialog::showResult(const Result<std::int64_t> &entry)
{
    m_act->setEnabled(true);
    if (!entry) {
        m_passphraseField->setError(QString::fromStdString(entry.error().text()));
        m_passphrase->setFocus(Qt::OtherFocusReason);
        return;
    }
    Q_EMIT withdrawn(*entry);
    accept();
}

} // namespace countersign::pages
