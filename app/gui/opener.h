#pragma once

#include "models/services/workspace/workspace.h"
#include "models/settings/profile.h"

#include <QObject>
#include <QPointer>

#include <functional>

class QWidget;

namespace countersign::gui {

/// All ways into a workspace: it asks for files, passwords, founders and persons, and ends with opened(), failed() or nothing when the
/// person gave up. What was open stays open until something else is.
class Opener : public QObject
{
    Q_OBJECT
public:
    /// `mayAsk`: false in a run that only takes a picture; then no dialog is shown, and what would be asked fails or is left open.
    Opener(services::Workspace &workspace, settings::Profile &profile, services::Environment environment, QWidget &window, bool mayAsk);

    void createLocal();
    void connectShared();
    void openFile();
    /// A file or a postgresql:// address without a password.
    void openText(const QString &text);
    /// Makes the sample where it is not there.
    void openSample();
    /// Somebody else works here from now on; what is open stays open. `done(true)`: somebody was chosen.
    void choosePerson(std::function<void(bool)> done = {});

Q_SIGNALS:
    void opened();
    void failed(const countersign::Error &error);
    /// What takes a moment before there is a workspace; empty: done.
    void busy(const QString &what, int percent);

private:
    /// One attempt, and what can still be tried after it.
    struct Attempt {
        database::Location location;
        std::string password;
        bool mayUseKeychain = true;
        bool keepsPassword = false;
        bool offersToCreate = false;
    };
    void attempt(const Attempt &attempt);
    void attemptFailed(const Attempt &attempt, const Error &error);
    void tryKeychain(Attempt attempt, const Error &refusal);
    void askPassword(Attempt attempt, const Error &refusal);
    void offerToCreate(const Attempt &attempt);
    void create(const services::FounderRequest &request, std::shared_ptr<crypto::Secret> passphrase, const Attempt &attempt);
    void afterOpening(const Attempt &attempt);
    void settlePerson(const std::vector<Person> &people);
    void takePerson(const Person &person);
    void remember();
    void finish();
    void makeSample(const std::filesystem::path &file);

    services::Workspace &m_workspace;
    settings::Profile &m_profile;
    services::Environment m_environment;
    QWidget &m_window;
    bool m_mayAsk;
};

} // namespace countersign::gui
