#include "ui/people/persondialog.h"

#include "models/items/celltext.h"
#include "models/items/review/peopletable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/frame/dialogframe.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>

#include <iterator>

namespace countersign::pages {

using theme::scaled;

PersonDialog::PersonDialog(const std::optional<Person> &person, const QString &administrator, QWidget *parent)
    : QDialog(parent)
    , m_person(person)
    , m_name(new QLineEdit)
    , m_login(new QLineEdit)
    , m_passphrase(new QLineEdit)
    , m_again(new QLineEdit)
    , m_identity(new QLineEdit)
    , m_administrator(new QLineEdit)
    , m_nameField(new widgets::FormField(tr("Name, as printed on signatures"), m_name))
    , m_loginField(new widgets::FormField(tr("Login"), m_login))
    , m_passphraseField(new widgets::FormField(tr("Their passphrase"), m_passphrase))
    , m_againField(new widgets::FormField(tr("Their passphrase again"), m_again))
    , m_identityField(new widgets::FormField(tr("How it was checked that this is that person"), m_identity))
    , m_administratorField(new widgets::FormField(tr("Passphrase of %1, who signs this").arg(administrator), m_administrator))
    , m_trouble(new widgets::PlainLabel)
    , m_act(widgets::primaryButton(person ? tr("Enrol Key") : tr("Add Person")))
{
    setWindowTitle(person ? tr("Enrol a Key for %1").arg(items::oneLine(person->name)) : tr("Add Person"));
    setWindowModality(Qt::WindowModal);
    for (QLineEdit *line : {m_passphrase, m_again, m_administrator})
        line->setEchoMode(QLineEdit::Password);
    m_name->setObjectName(QStringLiteral("name"));
    m_login->setObjectName(QStringLiteral("login"));
    m_passphrase->setObjectName(QStringLiteral("passphrase"));
    m_again->setObjectName(QStringLiteral("again"));
    m_identity->setObjectName(QStringLiteral("identity"));
    m_identity->setPlaceholderText(tr("Passport seen, known for years"));
    m_administrator->setObjectName(QStringLiteral("administrator"));
    m_act->setObjectName(QStringLiteral("act"));
    m_passphraseField->setHint(person ? tr("At least 8 characters. %1 types it; nobody can restore it.").arg(items::oneLine(person->name))
                                      : tr("At least 8 characters. Empty: the key is enrolled later."));
    m_trouble->setWordWrap(true);
    m_trouble->hide();
    build();
}

void PersonDialog::build()
{
    QVBoxLayout *column = widgets::dialogColumn(*this);
    if (m_person) {
        m_nameField->setParent(this);
        m_loginField->setParent(this);
        m_nameField->hide();
        m_loginField->hide();
    } else {
        auto *names = new QHBoxLayout;
        names->setSpacing(scaled(theme::space::kMedium));
        names->addWidget(m_nameField, 2, Qt::AlignTop);
        names->addWidget(m_loginField, 1, Qt::AlignTop);
        column->addLayout(names);
        column->addWidget(new widgets::PlainLabel(tr("Roles"), theme::Type::Secondary, widgets::Ink::Secondary));
        auto *grid = new QGridLayout;
        grid->setVerticalSpacing(scaled(6));
        for (std::size_t i = 0; i < std::size(kAllRoles); ++i) {
            auto *box = new QCheckBox(items::PeopleTable::roleWord(kAllRoles[i]));
            m_roles.append(box);
            grid->addWidget(box, static_cast<int>(i / 3), static_cast<int>(i % 3));
        }
        column->addLayout(grid);
    }
    auto *secrets = new QHBoxLayout;
    secrets->setSpacing(scaled(theme::space::kMedium));
    secrets->addWidget(m_passphraseField, 1, Qt::AlignTop);
    secrets->addWidget(m_againField, 1, Qt::AlignTop);
    column->addLayout(secrets);
    column->addWidget(m_identityField);
    column->addWidget(m_administratorField);
    column->addWidget(m_trouble);
    widgets::addDialogButtons(*column, *this, m_act);
    setMinimumWidth(scaled(560));

    connect(m_act, &QPushButton::clicked, this, &PersonDialog::submit);
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString &name) {
        // Suggested until the person writes one.
        if (!m_login->isModified())
            m_login->setText(name.trimmed().isEmpty() ? QString() : QString::fromStdString(services::suggestLogin(name.toStdString())));
    });
}

bool PersonDialog::check()
{
    const bool isNew = !m_person;
    const auto chosen = std::ranges::count_if(m_roles, &QCheckBox::isChecked);
    m_nameField->setError(isNew && m_name->text().trimmed().isEmpty() ? tr("Write the name that stands on signatures.") : QString());
    m_loginField->setError(isNew && m_login->text().trimmed().isEmpty() ? tr("Write a short name.") : QString());
    const qsizetype length = m_passphrase->text().size();
    const bool needsPassphrase = !isNew || length > 0;
    m_passphraseField->setError(needsPassphrase && length < 8 ? tr("Use at least 8 characters.") : QString());
    m_againField->setError(m_passphrase->text() != m_again->text() ? tr("The two differ. Type both again.") : QString());
    m_identityField->setError(needsPassphrase && m_identity->text().trimmed().isEmpty() ? tr("Say how, for the record; it goes with the key.") : QString());
    m_administratorField->setError(m_administrator->text().isEmpty() ? tr("The signature needs this passphrase.") : QString());
    m_trouble->setText(isNew && chosen == 0 ? tr("Tick at least one role.") : QString());
    m_trouble->setVisible(!m_trouble->text().isEmpty());
    const std::pair<widgets::FormField *, QLineEdit *> fields[] = {
        {m_nameField, m_name}, {m_loginField, m_login}, {m_passphraseField, m_passphrase}, {m_againField, m_again}, {m_identityField, m_identity}, {m_administratorField, m_administrator}};
    for (const auto &[field, line] : fields) {
        if (field->hasError()) {
            line->setFocus(Qt::OtherFocusReason);
            return false;
        }
    }
    if (m_trouble->text().isEmpty())
        return true;
    m_roles.first()->setFocus(Qt::OtherFocusReason);
    return false;
}

void PersonDialog::submit()
{
    if (!check())
        return;
    Entered entered;
    entered.request.name = m_name->text().trimmed().toStdString();
    entered.request.login = m_login->text().trimmed().toStdString();
    for (qsizetype i = 0; i < m_roles.size(); ++i) {
        if (m_roles[i]->isChecked())
            entered.request.roles.push_back(kAllRoles[i]);
    }
    entered.request.identity = m_identity->text().trimmed().toStdString();
    entered.passphrase = m_passphrase->text();
    entered.administrator = m_administrator->text();
    Q_EMIT submitted(entered);
}

void PersonDialog::setAdministratorHint(const QString &hint)
{
    m_administratorField->setHint(hint);
}

void PersonDialog::showTrouble(const QString &text)
{
    m_trouble->setText(text);
    m_trouble->show();
    setBusy(false);
    m_administrator->selectAll();
    m_administrator->setFocus(Qt::OtherFocusReason);
}

void PersonDialog::setBusy(bool isBusy)
{
    m_act->setEnabled(!isBusy);
}

} // namespace countersign::pages
