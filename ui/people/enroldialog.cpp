#include "ui/people/enroldialog.h"

#include "models/items/celltext.h"
#include "models/services/sample/sample.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/frame/dialogframe.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

namespace countersign::pages {

using theme::scaled;

EnrolDialog::EnrolDialog(const EnrolQuestion &question, QWidget *parent)
    : QDialog(parent)
    , m_vouchers(question.vouchers)
    , m_who(new QComboBox)
    , m_passphrase(new QLineEdit)
    , m_passphraseField(new widgets::FormField(tr("Signing passphrase"), m_passphrase))
    , m_act(widgets::primaryButton(tr("Enrol This Computer")))
{
    setWindowTitle(tr("Enrol This Computer"));
    setWindowModality(Qt::WindowModal);
    m_who->setObjectName(QStringLiteral("voucher"));
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_act->setObjectName(QStringLiteral("act"));
    for (const Person &person : m_vouchers)
        m_who->addItem(tr("%1 (%2)", "name (login)").arg(items::oneLine(person.name), items::oneLine(person.login)));
    if (question.isSample)
        m_passphraseField->setHint(tr("Sample: everybody's passphrase is “%1”.").arg(QString::fromLatin1(services::kSamplePassphrase)));
    build(question);
}

void EnrolDialog::build(const EnrolQuestion &question)
{
    QVBoxLayout *column = widgets::dialogColumn(*this);
    auto *why = new widgets::PlainLabel(
        m_vouchers.empty() ? tr("Nobody in %1 has a signing key that could vouch for this computer. An administrator enrols one on the page People.").arg(question.workspace)
                           : tr("Imports, reviews and reports are also signed by the computer they are made on, and %1 does not know this one yet: "
                                "a person with a signing key vouches for it, once.").arg(question.workspace),
        theme::Type::Body, widgets::Ink::Secondary);
    why->setWordWrap(true);
    why->setMinimumWidth(scaled(440));
    column->addWidget(why);
    column->addWidget(new widgets::PlainLabel(tr("This computer's key: %1").arg(question.fingerprint), theme::Type::Secondary, widgets::Ink::Secondary));
    auto *whoField = new widgets::FormField(tr("Who vouches"), m_who);
    column->addWidget(whoField);
    column->addWidget(m_passphraseField);
    whoField->setVisible(!m_vouchers.empty());
    m_passphraseField->setVisible(!m_vouchers.empty());
    m_act->setVisible(!m_vouchers.empty());
    QPushButton *cancel = widgets::addDialogButtons(*column, *this, m_act);
    if (m_vouchers.empty())
        cancel->setText(tr("Close"));
    setMinimumWidth(scaled(480));
    m_passphrase->setFocus();

    connect(m_act, &QPushButton::clicked, this, &EnrolDialog::submit);
}

void EnrolDialog::submit()
{
    const int who = m_who->currentIndex();
    if (who < 0)
        return;
    m_passphraseField->setError(m_passphrase->text().isEmpty() ? tr("Type the passphrase; it signs for this computer.") : QString());
    if (m_passphraseField->hasError()) {
        m_passphrase->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_act->setEnabled(false);
    const QString passphrase = m_passphrase->text();
    m_passphrase->clear();
    Q_EMIT submitted(m_vouchers[static_cast<std::size_t>(who)], passphrase);
}

void EnrolDialog::showTrouble(const QString &text)
{
    m_act->setEnabled(true);
    m_passphraseField->setError(text);
    m_passphrase->setFocus(Qt::OtherFocusReason);
}

} // namespace countersign::pages
