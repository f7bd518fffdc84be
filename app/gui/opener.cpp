#include "app/gui/opener.h"

#include "app/gui/background.h"
#include "app/gui/dialogs/connectdialog.h"
#include "app/gui/dialogs/newworkspacedialog.h"
#include "app/gui/dialogs/passworddialog.h"
#include "app/gui/dialogs/persondialog.h"
#include "models/services/sample/sample.h"
#include "models/settings/keychain.h"
#include "models/store/queries/queries.h"
#include "ui/widgets/messages/dialogs.h"

#include <QWidget>

#include <algorithm>

namespace countersign::gui {

using database::Backend;
using database::Location;

namespace {

QString placeName(const Location &location)
{
    if (location.backend == Backend::Sqlite)
        return QString::fromStdString(location.file.filename().string());
    return QString::fromStdString(location.databaseName + (location.host.empty() ? std::string() : " on " + location.host));
}

} // namespace

Opener::Opener(services::Workspace &workspace, settings::Profile &profile, services::Environment environment, QWidget &window, bool mayAsk)
    : QObject(&window), m_workspace(workspace), m_profile(profile), m_environment(std::move(environment)), m_window(window), m_mayAsk(mayAsk)
{
}

void Opener::createLocal()
{
    NewWorkspaceDialog dialog(&m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const services::FounderRequest request = dialog.request();
    Attempt attempt;
    attempt.location = request.location;
    create(request, dialog.takePassphrase(), attempt);
}

void Opener::connectShared()
{
    ConnectDialog dialog(&m_window);
    if (dialog.exec() != QDialog::Accepted)
        return;
    const auto location = dialog.location();
    if (!location)
        return; // the dialog does not end before it is good
    Attempt first;
    first.location = *location;
    first.password = dialog.password();
    first.mayUseKeychain = first.password.empty();
    first.keepsPassword = dialog.keepsPassword();
    first.offersToCreate = true;
    attempt(first);
}

void Opener::openFile()
{
    const QString path = widgets::dialogs::openFile(&m_window, tr("Open Workspace"), tr("Countersign workspaces (*.countersign);;All files (*)"),
                                                    QStringLiteral("workspace"));
    if (!path.isEmpty())
        openText(path);
}

void Opener::openText(const QString &text)
{
    const auto location = Location::parse(text.toStdString());
    if (!location) {
        Q_EMIT failed(location.error());
        return;
    }
    Attempt first;
    first.location = *location;
    if (first.location.backend == Backend::Sqlite)
        first.location.file = std::filesystem::absolute(first.location.file);
    attempt(first);
}

void Opener::attempt(const Attempt &attempt)
{
    Q_EMIT busy(tr("Opening %1…").arg(placeName(attempt.location)), -1);
    m_workspace.open({attempt.location, attempt.password, false, {}}, this, [this, attempt](const Status &status) {
        Q_EMIT busy({}, -1);
        if (status)
            afterOpening(attempt);
        else
            attemptFailed(attempt, status.error());
    });
}

void Opener::attemptFailed(const Attempt &attempt, const Error &error)
{
    const bool isShared = attempt.location.backend == Backend::Postgres;
    if (isShared && error.kind == ErrorKind::Denied && attempt.mayUseKeychain)
        tryKeychain(attempt, error);
    else if (isShared && error.kind == ErrorKind::Denied && m_mayAsk)
        askPassword(attempt, error);
    else if (isShared && error.kind == ErrorKind::NotFound && attempt.offersToCreate && m_mayAsk)
        offerToCreate(attempt);
    else
        Q_EMIT failed(error);
}

void Opener::tryKeychain(Attempt next, const Error &refusal)
{
    next.mayUseKeychain = false;
    using Found = std::shared_ptr<crypto::Secret>; // null: nothing kept, or no keychain
    const auto work = [location = next.location.text()]() -> Found {
        auto kept = settings::Keychain().read(location);
        return kept ? std::make_shared<crypto::Secret>(std::move(*kept)) : Found();
    };
    inBackground<Found>(this, work, [this, next, refusal](const Found &kept) {
        Attempt again = next;
        if (!kept) {
            attemptFailed(again, refusal);
            return;
        }
        again.password = std::string(kept->view());
        attempt(again);
    });
}

void Opener::askPassword(Attempt next, const Error &refusal)
{
    PasswordDialog dialog(&m_window, placeName(next.location), QString::fromStdString(refusal.text()));
    if (dialog.exec() != QDialog::Accepted)
        return;
    next.password = dialog.password();
    next.keepsPassword = dialog.keepsPassword();
    attempt(next);
}

void Opener::offerToCreate(const Attempt &found)
{
    const QString name = placeName(found.location);
    if (!widgets::dialogs::confirm(&m_window, {tr("Make a workspace in %1?").arg(name),
                                               tr("The connection works, but there is no workspace in the schema “%1” yet. You would become its first administrator.")
                                                   .arg(QString::fromStdString(found.location.schema)),
                                               tr("Make Workspace…"), false}))
        return;
    NewWorkspaceDialog dialog(&m_window, found.location);
    if (dialog.exec() != QDialog::Accepted)
        return;
    services::FounderRequest request = dialog.request();
    request.password = found.password;
    create(request, dialog.takePassphrase(), found);
}

void Opener::create(const services::FounderRequest &request, std::shared_ptr<crypto::Secret> passphrase, const Attempt &attempt)
{
    Q_EMIT busy(tr("Making %1…").arg(placeName(request.location)), -1);
    m_workspace.create(request, std::move(passphrase), this, [this, attempt](const Status &status) {
        Q_EMIT busy({}, -1);
        if (status)
            afterOpening(attempt);
        else
            Q_EMIT failed(status.error());
    });
}

void Opener::afterOpening(const Attempt &attempt)
{
    if (attempt.keepsPassword) {
        auto secret = std::make_shared<crypto::Secret>();
        std::string password = attempt.password;
        *secret = crypto::Secret::takeFrom(password);
        const auto work = [secret, location = attempt.location.text()] { return settings::Keychain().write(location, *secret); };
        inBackground<Status>(this, work, [this](const Status &status) {
            if (!status)
                Q_EMIT failed(status.error().in("The password was not kept"));
        });
    }
    const services::WorkspaceState &state = m_workspace.state();
    if (state.person)
        return finish(); // the founder
    const auto read = [](services::Session &session) { return store::listPeople(session.connection()); };
    m_workspace.run(this, read, [this](const Result<std::vector<Person>> &people) {
        if (people)
            settlePerson(*people);
        else
            finish(); // damaged beyond its list of people: it can still be looked at
    });
}

// Remembered, the only one, or asked. The sample's people are fictional: whoever looks around works as one who may review and sign.
void Opener::settlePerson(const std::vector<Person> &people)
{
    const services::WorkspaceState &state = m_workspace.state();
    const auto remembered = m_profile.currentPerson(state.ledger);
    const auto known = std::ranges::find_if(people, [&](const Person &person) { return remembered && person.id == *remembered; });
    if (known != people.end())
        return takePerson(*known);
    if (people.size() == 1)
        return takePerson(people.front());
    const auto guide = std::ranges::find(people, services::kSampleLogin, &Person::login);
    if (state.isSample && guide != people.end())
        return takePerson(*guide);
    if (people.empty() || !m_mayAsk)
        return finish();
    PersonDialog dialog(&m_window, people, {});
    const bool isDone = dialog.exec() == QDialog::Accepted;
    if (const auto chosen = dialog.chosen(); isDone && chosen)
        takePerson(*chosen);
    else
        finish(); // nobody: everything can be read, nothing recorded
}

void Opener::takePerson(const Person &person)
{
    m_workspace.setPerson(QString::fromStdString(person.id.text()), this, [this](const Status &status) {
        if (!status)
            Q_EMIT failed(status.error());
        finish();
    });
}

void Opener::remember()
{
    const services::WorkspaceState &state = m_workspace.state();
    settings::RecentWorkspace recent;
    recent.location = state.location.text();
    recent.name = state.origin.toStdString();
    recent.login = state.person ? state.person->login : std::string();
    recent.lastUsed = m_environment.clock->now();
    if (const auto status = m_profile.remember(recent); !status)
        Q_EMIT failed(status.error());
}

void Opener::finish()
{
    remember();
    Q_EMIT opened();
}

void Opener::choosePerson(std::function<void(bool)> done)
{
    const auto end = [done = std::move(done)](bool isChosen) {
        if (done)
            done(isChosen);
    };
    const auto read = [](services::Session &session) { return store::listPeople(session.connection()); };
    m_workspace.run(this, read, [this, end](const Result<std::vector<Person>> &people) {
        if (!people) {
            Q_EMIT failed(people.error());
            return end(false);
        }
        const auto &person = m_workspace.state().person;
        PersonDialog dialog(&m_window, *people, person ? std::optional(person->id) : std::nullopt);
        const bool isDone = dialog.exec() == QDialog::Accepted;
        const auto chosen = dialog.chosen();
        if (!isDone || !chosen)
            return end(false);
        m_workspace.setPerson(QString::fromStdString(chosen->id.text()), this, [this, end](const Status &status) {
            if (!status)
                Q_EMIT failed(status.error());
            else
                remember();
            end(status.ok());
        });
    });
}

void Opener::openSample()
{
    std::error_code ignored;
    const auto known = m_profile.samplePath();
    const std::filesystem::path file = known && std::filesystem::exists(*known, ignored) ? *known : m_profile.folders().data / "sample.countersign";
    if (std::filesystem::exists(file, ignored)) {
        Attempt first;
        first.location = Location::sqlite(file);
        attempt(first);
        return;
    }
    std::filesystem::create_directories(file.parent_path(), ignored);
    makeSample(file);
}

void Opener::makeSample(const std::filesystem::path &file)
{
    const QPointer<Opener> self(this);
    Progress progress;
    progress.report = [self](std::uint64_t done, std::uint64_t total, const std::string &) {
        const int percent = total ? static_cast<int>(100 * done / total) : -1;
        QMetaObject::invokeMethod(qApp, [self, percent] {
            if (self)
                Q_EMIT self->busy(tr("Making the sample portfolio…"), percent);
        }, Qt::QueuedConnection);
    };
    Q_EMIT busy(tr("Making the sample portfolio…"), -1);
    const auto work = [file, environment = m_environment, progress] { return services::makeSample({file, false}, environment, progress); };
    inBackground<Status>(this, work, [this, file](const Status &status) {
        Q_EMIT busy({}, -1);
        if (!status) {
            Q_EMIT failed(status.error());
            return;
        }
        if (const auto kept = m_profile.setSamplePath(file); !kept)
            Q_EMIT failed(kept.error());
        Attempt first;
        first.location = Location::sqlite(file);
        attempt(first);
    });
}

} // namespace countersign::gui
