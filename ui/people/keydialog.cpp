#include "ui/people/keydialog.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/frame/dialogframe.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include <limits>

namespace countersign::pages {

using theme::scaled;
using Act = KeyQuestion::Act;

namespace {

constexpr int kShortest = 8; // characters of a passphrase
constexpr int kNowOn = -1;   // of the place to revoke from

QString titleOf(const KeyQuestion &question)
{
    switch (question.act) {
    case Act::Confirm:
        return KeyDialog::tr("Confirm the Key of %1").arg(question.owner);
    case Act::Replace:
        return KeyDialog::tr("Replace Your Key");
    case Act::Revoke:
        return KeyDialog::tr("Revoke a Key of %1").arg(question.owner);
    }
    return {};
}

QPushButton *actButton(Act act)
{
    switch (act) {
    case Act::Confirm:
        return widgets::primaryButton(KeyDialog::tr("Confirm Key"));
    case Act::Replace:
        return widgets::primaryButton(KeyDialog::tr("Replace Key"));
    case Act::Revoke:
        break;
    }
    return widgets::dangerButton(KeyDialog::tr("Revoke Key"));
}

} // namespace

KeyDialog::KeyDialog(const KeyQuestion &question, QWidget *parent)
    : QDialog(parent)
    , m_question(question)
    , m_words(new QLineEdit)
    , m_said(new QLineEdit)
    , m_since(new QSpinBox)
    , m_next(new QLineEdit)
    , m_again(new QLineEdit)
    , m_passphrase(new QLineEdit)
    , m_wordsField(
          new widgets::FormField(tr("The eight words, as %1 reads them out").arg(question.owner), m_words, this))
    , m_saidField(new widgets::FormField(question.act == Act::Revoke ? tr("Why it ends") : tr("How you compared them"),
                                         m_said, this))
    , m_sinceField(new widgets::FormField(tr("First entry that its owner cannot vouch for"), m_since, this))
    , m_nextField(new widgets::FormField(tr("New passphrase"), m_next, this))
    , m_againField(new widgets::FormField(tr("New passphrase again"), m_again, this))
    , m_passphraseField(
          new widgets::FormField(tr("Passphrase of %1, who signs this").arg(question.signer), m_passphrase, this))
    , m_trouble(new widgets::PlainLabel)
    , m_act(actButton(question.act))
{
    setWindowTitle(titleOf(question));
    setWindowModality(Qt::WindowModal);
    for (QLineEdit *line : {m_next, m_again, m_passphrase})
        line->setEchoMode(QLineEdit::Password);
    m_words->setObjectName(QStringLiteral("words"));
    m_said->setObjectName(QStringLiteral("said"));
    m_since->setObjectName(QStringLiteral("since"));
    m_next->setObjectName(QStringLiteral("next"));
    m_again->setObjectName(QStringLiteral("again"));
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_act->setObjectName(QStringLiteral("act"));
    m_since->setRange(kNowOn, static_cast<int>(std::min<qint64>(question.entries, std::numeric_limits<int>::max())));
    m_since->setSpecialValueText(tr("From now on"));
    m_since->setValue(kNowOn);
    m_said->setPlaceholderText(question.act == Act::Revoke ? tr("Lost, copied, its owner left")
                                                           : tr("On the telephone, face to face"));
    m_sinceField->setHint(tr("What it signed from there until now becomes disputed; nothing is rewritten."));
    m_nextField->setHint(tr("At least 8 characters. Nobody can restore it."));
    m_passphraseField->setHint(question.hint);
    m_trouble->setWordWrap(true);
    m_trouble->hide();
    build();
}

QString KeyDialog::explanation() const
{
    switch (m_question.act) {
    case Act::Confirm:
        return tr("Another administrator proposed this key. Ask %1 for its eight words, over a way on which you know "
                  "them, and type what you hear. "
                  "Only when they are those of the key in the record is it confirmed.")
            .arg(m_question.owner);
    case Act::Replace:
        return tr("A new key takes the place of %1. The old one signs for it and ends with that; what it signed stays "
                  "valid.")
            .arg(m_question.fingerprint);
    case Act::Revoke:
        return tr("The key %1 signs nothing any more. That cannot be undone; its owner gets another key.")
            .arg(m_question.fingerprint);
    }
    return {};
}

void KeyDialog::build()
{
    QVBoxLayout *column = widgets::dialogColumn(*this);
    auto *why = new widgets::PlainLabel(explanation(), theme::Type::Body, widgets::Ink::Secondary);
    why->setWordWrap(true);
    why->setMinimumWidth(scaled(480));
    column->addWidget(why);
    const bool isConfirm = m_question.act == Act::Confirm;
    const bool isRevoke = m_question.act == Act::Revoke;
    const bool isReplace = m_question.act == Act::Replace;
    const std::pair<widgets::FormField *, bool> fields[] = {
        {m_wordsField, isConfirm}, {m_saidField, isConfirm || isRevoke},
        {m_sinceField, isRevoke},  {m_nextField, isReplace},
        {m_againField, isReplace}, {m_passphraseField, true}};
    for (const auto &[field, isAsked] : fields) {
        field->setVisible(isAsked);
        if (isAsked)
            column->addWidget(field);
    }
    column->addWidget(m_trouble);
    widgets::addDialogButtons(*column, *this, m_act);
    setMinimumWidth(scaled(540));
    (isConfirm ? m_words : isRevoke ? m_said : m_next)->setFocus();
    connect(m_act, &QPushButton::clicked, this, &KeyDialog::submit);
}

bool KeyDialog::check()
{
    const Act act = m_question.act;
    const bool isReplace = act == Act::Replace;
    m_wordsField->setError(
        act == Act::Confirm && m_words->text().trimmed().isEmpty() ? tr("Type the words that you hear.") : QString());
    m_saidField->setError(!isReplace && m_said->text().trimmed().isEmpty()
                              ? (act == Act::Revoke ? tr("Say why, for the record.") : tr("Say how, for the record."))
                              : QString());
    m_nextField->setError(isReplace && m_next->text().size() < kShortest ? tr("Use at least 8 characters.")
                                                                         : QString());
    m_againField->setError(isReplace && m_next->text() != m_again->text() ? tr("The two differ. Type both again.")
                                                                          : QString());
    m_passphraseField->setError(m_passphrase->text().isEmpty() ? tr("The signature needs this passphrase.")
                                                               : QString());
    const std::pair<widgets::FormField *, QLineEdit *> fields[] = {{m_wordsField, m_words},
                                                                   {m_saidField, m_said},
                                                                   {m_nextField, m_next},
                                                                   {m_againField, m_again},
                                                                   {m_passphraseField, m_passphrase}};
    for (const auto &[field, line] : fields) {
        if (field->hasError()) {
            line->setFocus(Qt::OtherFocusReason);
            return false;
        }
    }
    return true;
}

void KeyDialog::submit()
{
    m_trouble->hide();
    if (!check())
        return;
    m_act->setEnabled(false);
    const Entered entered{m_words->text().trimmed(), m_said->text().trimmed(), m_since->value(), m_next->text(),
                          m_passphrase->text()};
    m_passphrase->clear();
    Q_EMIT submitted(entered);
}

void KeyDialog::showTrouble(const QString &text)
{
    m_act->setEnabled(true);
    m_trouble->setText(text);
    m_trouble->show();
    m_passphrase->setFocus(Qt::OtherFocusReason);
}

} // namespace countersign::pages
