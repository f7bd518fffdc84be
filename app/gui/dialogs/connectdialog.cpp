#include "app/gui/dialogs/connectdialog.h"

#include "app/gui/background.h"
#include "models/database/connection.h"
#include "models/settings/keychain.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/formfield.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace countersign::gui {

using theme::scaled;
using widgets::FormField;

ConnectDialog::ConnectDialog(QWidget *parent)
    : FormDialog(parent, tr("Connect to Shared Database"), tr("A PostgreSQL database, with the role that your administrator gave you."), tr("Connect"))
{
    addFields();
    m_test = addSecondary(tr("Test Connection"));
    connect(m_test, &QPushButton::clicked, this, &ConnectDialog::test);
    askKeychain();
    m_host->setFocus();
}

void ConnectDialog::addFields()
{
    const auto pair = [this](const QString &leftLabel, QWidget *left, int leftShare, const QString &rightLabel, QWidget *right, int rightShare) {
        auto *row = new QHBoxLayout;
        row->setSpacing(scaled(12));
        auto *first = new FormField(leftLabel, left);
        row->addWidget(first, leftShare);
        row->addWidget(new FormField(rightLabel, right), rightShare);
        column()->addLayout(row);
        return first;
    };
    m_host = new QLineEdit;
    m_host->setPlaceholderText(tr("this computer"));
    m_port = new QSpinBox;
    m_port->setRange(1, 65535);
    m_port->setValue(5432);
    m_port->setButtonSymbols(QSpinBox::NoButtons);
    m_port->setGroupSeparatorShown(false);
    pair(tr("Host"), m_host, 4, tr("Port"), m_port, 1);
    m_database = new QLineEdit;
    m_schema = new QLineEdit(QStringLiteral("countersign"));
    m_databaseField = pair(tr("Database"), m_database, 3, tr("Schema"), m_schema, 2);
    m_user = new QLineEdit;
    m_password = new QLineEdit;
    m_password->setEchoMode(QLineEdit::Password);
    pair(tr("User"), m_user, 1, tr("Password"), m_password, 1);
    m_tls = new QComboBox;
    m_tls->addItem(tr("Encrypted, and the server's certificate and name are checked"), QStringLiteral("verify-full"));
    m_tls->addItem(tr("Encrypted, and the server's certificate is checked"), QStringLiteral("verify-ca"));
    m_tls->addItem(tr("Encrypted"), QStringLiteral("require"));
    m_tls->addItem(tr("Encrypted where the server offers it"), QStringLiteral("prefer"));
    m_tls->addItem(tr("Not encrypted"), QStringLiteral("disable"));
    addField(tr("Transport (TLS)"), m_tls);
    m_authority = new QLineEdit;
    m_authority->setPlaceholderText(tr("the file ~/.postgresql/root.crt"));
    m_authorityField = new FormField(tr("Certificate authority, as a file"), m_authority);
    m_authorityField->setHint(tr("Your administrator gives it to you. The server's certificate must be signed by it."));
    addWidget(m_authorityField);
    // Another machine must prove who it is, unless somebody chooses otherwise.
    connect(m_tls, &QComboBox::activated, this, [this] { m_isTlsChosen = true; });
    connect(m_tls, &QComboBox::currentIndexChanged, this, &ConnectDialog::suitTls);
    connect(m_host, &QLineEdit::textChanged, this, &ConnectDialog::suitTls);
    suitTls();
    m_keep = new QCheckBox(tr("Keep the password in the system's keychain"));
    m_keep->setEnabled(false);
    addWidget(m_keep);
    m_keychainNote = new widgets::PlainLabel(tr("Looking for the keychain…"), theme::Type::Secondary, widgets::Ink::Tertiary);
    m_keychainNote->setWordWrap(true);
    addWidget(m_keychainNote);
}

void ConnectDialog::suitTls()
{
    const QString host = m_host->text().trimmed();
    if (!m_isTlsChosen)
        m_tls->setCurrentIndex(m_tls->findData(database::isThisMachine(host.toStdString()) ? QStringLiteral("prefer") : QStringLiteral("verify-full")));
    m_authorityField->setVisible(m_tls->currentData().toString().startsWith(QLatin1String("verify")));
}

void ConnectDialog::askKeychain()
{
    inBackground<Status>(this, [] { return settings::Keychain().probe(); }, [this](const Status &status) {
        m_keep->setEnabled(status.ok());
        m_keychainNote->setText(status ? tr("It is never written to a file.")
                                       : tr("This session has no keychain that answers, so the password is asked for each time. It is never written to a file."));
    });
}

Result<database::Location> ConnectDialog::location() const
{
    database::Location place;
    place.backend = database::Backend::Postgres;
    place.host = m_host->text().trimmed().toStdString();
    place.port = m_port->value();
    place.databaseName = m_database->text().trimmed().toStdString();
    place.user = m_user->text().trimmed().toStdString();
    if (const QString schema = m_schema->text().trimmed(); !schema.isEmpty())
        place.schema = schema.toStdString();
    place.options.emplace_back("sslmode", m_tls->currentData().toString().toStdString());
    if (const QString authority = m_authority->text().trimmed(); !authority.isEmpty() && !m_authorityField->isHidden())
        place.options.emplace_back("sslrootcert", authority.toStdString());
    return database::Location::parse(place.text()); // the parser knows what a name may hold
}

std::string ConnectDialog::password() const
{
    return m_password->text().toStdString();
}

bool ConnectDialog::keepsPassword() const
{
    return m_keep->isEnabled() && m_keep->isChecked() && !m_password->text().isEmpty();
}

bool ConnectDialog::check()
{
    const bool hasName = !m_database->text().trimmed().isEmpty();
    m_databaseField->setError(hasName ? QString() : tr("Name the database."));
    if (!hasName)
        return false;
    const auto place = location();
    if (!place)
        showProblem(QString::fromStdString(place.error().text()));
    return place.ok();
}

void ConnectDialog::test()
{
    if (!check())
        return;
    m_test->setEnabled(false);
    showProblem(tr("Connecting…"));
    const auto work = [place = *location(), password = password()]() -> Status {
        database::OpenOptions options;
        options.readOnly = true;
        options.password = password;
        const auto connection = database::Connection::open(place, options);
        return connection ? Status() : Status(connection.error());
    };
    inBackground<Status>(this, work, [this](const Status &outcome) { showOutcome(outcome); });
}

void ConnectDialog::showOutcome(const Status &outcome)
{
    m_test->setEnabled(true);
    if (outcome)
        showProblem(tr("The connection works, and there is a workspace."));
    else
        showProblem(QString::fromStdString(outcome.error().text()));
}

} // namespace countersign::gui
