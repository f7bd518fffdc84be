#pragma once

#include "app/cli/commandline.h"
#include "app/cli/terminal/terminal.h"
#include "models/services/inventory.h"
#include "models/services/workspace/session.h"
#include "models/settings/profile.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace countersign::cli {

/// What a command works with: the command line, the terminal, and on demand the profile, the workspace, the person and the keys.
class Context
{
public:
    Context(const CommandLine &line, Terminal &terminal) : m_line(line), m_terminal(terminal) {}

    const CommandLine &line() const { return m_line; }
    Terminal &terminal() { return m_terminal; }
    bool isJson() const { return m_line.has("--json"); }
    bool isOpen() const { return m_isOpen; }
    /// The state of the past that is shown; nullptr in the present.
    const services::AsOf *asOf() const { return m_session && m_session->asOf() ? &*m_session->asOf() : nullptr; }

    Result<settings::Profile *> profile();
    /// The named workspace. Invalid: none is named.
    Result<database::Location> location();

    /// For commands that only read; nothing is written, not even to the file's time. Damage is told on standard error. After "asof" it is
    /// the state of the past, which is named at the head of what is printed.
    Result<services::Session *> openForReading();
    /// For a person who records: with who works here. Tampered: nothing may be written.
    Result<services::Session *> openForWriting();
    /// The same where damage is no refusal, because it is what the command is about.
    Result<services::Session *> openThoughDamaged();
    /// For what this computer's key signs: openForWriting(), and the key is enrolled where it is not yet.
    Result<services::Session *> openForDevice();
    /// The same for the version that the first argument names; looked up before anybody is asked for a passphrase.
    Result<services::Subject> openAtVersion();
    /// For previews: what is rehearsed needs neither a person nor an enrolled key, and nothing of it stays.
    Result<services::Session *> openForRehearsal();
    /// The bare connection, for verifying what may be damaged, and for whoever administers the database.
    Result<database::Connection *> connect(bool forReading = true);
    /// Runs `open` with the password of the workspace: that of --password-file; otherwise none, then the keychain's, then what is typed.
    template<class T>
    Result<T> withPassword(const database::Location &location, const std::function<Result<T>(const std::string &password)> &open);

    services::Session &session() { return *m_session; }
    /// Who works here. Precondition: openForWriting().
    const Person &person() { return *m_session->person(); }
    /// The same where nothing is written: a list is about them. Precondition: openForReading().
    Result<Person> whoAsks();
    /// The person's key, unlocked; the passphrase is asked for once.
    Result<std::shared_ptr<crypto::SigningKey>> personKey();
    /// Enrols this computer's key where it is not yet, with the person's passphrase.
    Status ensureDevice();
    /// Clock, randomness, this computer's key, and what it remembers of ledgers.
    Result<services::Environment> environment();
    /// The same for who only reads: without a key where there is none and none can be made.
    services::Environment readingEnvironment();

private:
    Result<services::Session *> lookBack(const std::string &point);
    Status openWritable(const services::Environment &environment);
    void tellMemory();
    void tellPending();
    Status choosePerson();
    void keepPassword(const database::Location &location, const crypto::Secret &password);

    const CommandLine &m_line;
    Terminal &m_terminal;
    std::optional<settings::Profile> m_profile;
    std::unique_ptr<database::Connection> m_connection;
    std::unique_ptr<services::Session> m_present; ///< what the session looks back from
    std::unique_ptr<services::Session> m_session;
    std::shared_ptr<crypto::SigningKey> m_key;
    bool m_isOpen = false;
};

} // namespace countersign::cli
