#include "app/gui/dialogs/newworkspacedialog.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>

namespace countersign::gui {

using theme::scaled;
using widgets::FormField;

namespace {

constexpr int kLeastPassphrase = 8;

QString suggestedFile()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return (QDir(folder).exists() ? QDir(folder) : QDir::home()).filePath(QStringLiteral("models.countersign"));
}

} // namespace

NewWorkspaceDialog::NewWorkspaceDialog(QWidget *parent, const std::optional<database::Location> &place)
    : FormDialog(parent, place ? tr("New Workspace in %1").arg(QString::fromStdString(place->databaseName)) : tr("New Local Workspace"),
                 tr("You become its first administrator. Your passphrase protects the key you will sign with; it is stored nowhere, "
                    "and nobody can restore it."),
                 tr("Create Workspace"))
    , m_place(place)
{
    addPlace();
    addFounder();
    addPassphrase();
    setMinimumWidth(scaled(560));
    (m_file ? m_origin : m_name)->setFocus();
}

void NewWorkspaceDialog::addPlace()
{
    if (!m_place) {
        auto *line = new QWidget;
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(scaled(8));
        m_file = new QLineEdit(suggestedFile());
        QPushButton *choose = widgets::secondaryButton(tr("Choose…"));
        choose->setAutoDefault(false);
        row->addWidget(m_file, 1);
        row->addWidget(choose);
        m_fileField = addField(tr("File"), line);
        m_file->setAccessibleName(tr("File"));
        line->setFocusProxy(m_file);
        connect(choose, &QPushButton::clicked, this, &NewWorkspaceDialog::browse);
    }
    m_origin = new QLineEdit;
    auto *field = addField(tr("Workspace name"), m_origin);
    field->setHint(tr("Stands in every report and proof. Empty: the name of the %1.").arg(m_place ? tr("database") : tr("file")));
}

void NewWorkspaceDialog::addFounder()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(12));
    m_name = new QLineEdit;
    m_login = new QLineEdit;
    m_nameField = new FormField(tr("Your name"), m_name);
    m_nameField->setHint(tr("As printed beside your signatures"));
    m_loginField = new FormField(tr("Login"), m_login);
    m_loginField->setHint(tr("a–z, 0–9, . - _"));
    row->addWidget(m_nameField, 3, Qt::AlignTop);
    row->addWidget(m_loginField, 2, Qt::AlignTop);
    column()->addLayout(row);
    connect(m_name, &QLineEdit::textEdited, this, &NewWorkspaceDialog::suggestLogin);

    auto *roles = new QWidget;
    auto *grid = new QGridLayout(roles);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(scaled(20));
    grid->setVerticalSpacing(scaled(6));
    for (const Role role : kAllRoles) {
        if (role == Role::Administrator)
            continue;
        auto *box = new QCheckBox(QString::fromUtf8(roleTitle(role).data(), static_cast<qsizetype>(roleTitle(role).size())));
        box->setProperty("role", static_cast<int>(role));
        const int at = static_cast<int>(m_roles.size());
        grid->addWidget(box, at / 3, at % 3);
        m_roles.append(box);
    }
    addField(tr("Roles, beside administrator"), roles);
    roles->setFocusProxy(m_roles.first());
}

void NewWorkspaceDialog::addPassphrase()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(12));
    m_passphrase = new QLineEdit;
    m_again = new QLineEdit;
    for (QLineEdit *line : {m_passphrase, m_again})
        line->setEchoMode(QLineEdit::Password);
    m_passphraseField = new FormField(tr("Passphrase for signing"), m_passphrase);
    m_passphraseField->setHint(tr("At least %1 characters; several words are best").arg(kLeastPassphrase));
    m_againField = new FormField(tr("The same again"), m_again);
    row->addWidget(m_passphraseField, 1, Qt::AlignTop);
    row->addWidget(m_againField, 1, Qt::AlignTop);
    column()->addLayout(row);
}

void NewWorkspaceDialog::browse()
{
    const QString path = widgets::dialogs::saveFile(this, tr("New Local Workspace"), QFileInfo(m_file->text()).fileName(),
                                                    tr("Countersign workspaces (*.countersign)"), QStringLiteral("workspace"));
    if (!path.isEmpty())
        m_file->setText(path);
}

// Follows the name until the person has typed a login of their own.
void NewWorkspaceDialog::suggestLogin()
{
    if (!m_login->isModified())
        m_login->setText(m_name->text().isEmpty() ? QString() : QString::fromStdString(services::suggestLogin(m_name->text().toStdString())));
}

bool NewWorkspaceDialog::check()
{
    bool isGood = true;
    const auto require = [&isGood](FormField *field, bool holds, const QString &otherwise) {
        field->setError(holds ? QString() : otherwise);
        isGood = isGood && holds;
    };
    if (m_file) {
        QString path = m_file->text().trimmed();
        if (!path.isEmpty() && QFileInfo(path).suffix().isEmpty())
            m_file->setText(path += QStringLiteral(".countersign"));
        const QFileInfo file(path);
        if (path.isEmpty())
            require(m_fileField, false, tr("Say where the file shall be."));
        else if (file.exists())
            require(m_fileField, false, tr("There is a file of this name already. Choose another name, or open it."));
        else
            require(m_fileField, file.absoluteDir().exists(), tr("There is no folder %1.").arg(file.absolutePath()));
    }
    require(m_nameField, !m_name->text().trimmed().isEmpty(), tr("Your name is printed beside every signature."));
    static const QRegularExpression usable(QStringLiteral("^[a-z0-9._-]{1,40}$"));
    require(m_loginField, usable.match(m_login->text()).hasMatch(), tr("1 to 40 of a–z, 0–9, . - _"));
    require(m_passphraseField, m_passphrase->text().size() >= kLeastPassphrase, tr("It has fewer than %1 characters.").arg(kLeastPassphrase));
    require(m_againField, m_again->text() == m_passphrase->text(), tr("The two differ. Type both again."));
    return isGood;
}

services::FounderRequest NewWorkspaceDialog::request() const
{
    services::FounderRequest request;
    if (m_place)
        request.location = *m_place;
    else
        request.location = database::Location::sqlite(QFileInfo(m_file->text().trimmed()).absoluteFilePath().toStdString());
    request.origin = m_origin->text().trimmed().toStdString();
    request.name = m_name->text().trimmed().toStdString();
    request.login = m_login->text().toStdString();
    for (const QCheckBox *box : m_roles) {
        if (box->isChecked())
            request.roles.push_back(static_cast<Role>(box->property("role").toInt()));
    }
    request.roles.push_back(Role::Administrator);
    return request;
}

std::shared_ptr<crypto::Secret> NewWorkspaceDialog::takePassphrase()
{
    std::string text = m_passphrase->text().toStdString();
    m_passphrase->clear();
    m_again->clear();
    return std::make_shared<crypto::Secret>(crypto::Secret::takeFrom(text));
}

} // namespace countersign::gui
