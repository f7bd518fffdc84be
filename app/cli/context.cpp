#include "app/cli/context.h"

#include "app/cli/terminal/passphrases.h"
#include "models/services/asof/asof.h"
#include "models/services/asof/exported.h"
#include "models/services/people.h"
#include "models/services/review/pending.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/unfinished.h"
#include "models/settings/devicekey.h"
#include "models/settings/keychain.h"
#include "models/settings/wrapsecret.h"
#include "models/store/queries/queries.h"

#include <cstdlib>
#include <functional>

namespace countersign::cli {

namespace {

std::string fromEnvironment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

} // namespace

Result<settings::Profile *> Context::profile()
{
    if (!m_profile) {
        auto folders = settings::Folders::find(m_line.valueOr("--profile", {}));
        if (!folders)
            return folders.error();
        m_profile.emplace(std::move(*folders));
    }
    return &*m_profile;
}

Result<database::Location> Context::location()
{
    const std::string text = m_line.valueOr("--workspace", fromEnvironment("COUNTERSIGN_WORKSPACE"));
    if (text.empty())
        return usageError("Name the workspace with --workspace FILE or postgresql://…, or set COUNTERSIGN_WORKSPACE.", m_line.path());
    return database::Location::parse(text);
}

template<class T>
Result<T> Context::withPassword(const database::Location &location, const std::function<Result<T>(const std::string &)> &open)
{
    const auto openWith = [&](const crypto::Secret &password) {
        auto opened = open(std::string(password.view()));
        if (opened && m_line.has("--keep-password"))
            keepPassword(location, password);
        return opened;
    };
    if (const auto file = m_line.value("--password-file")) {
        const auto secret = secretFromFile(*file, m_terminal);
        return secret ? openWith(*secret) : Result<T>(secret.error());
    }
    auto opened = open({});
    if (opened || opened.error().kind != ErrorKind::Denied || location.backend != database::Backend::Postgres)
        return opened;
    if (const auto kept = settings::Keychain().read(location.text())) {
        m_terminal.detail("Using the password that the keychain keeps for " + location.text() + ".");
        opened = open(std::string(kept->view()));
        if (opened || opened.error().kind != ErrorKind::Denied)
            return opened;
    }
    if (!m_terminal.mayAsk()) {
        Error error = opened.error();
        error.message += " Give the password with --password-file FILE.";
        return error;
    }
    constexpr int kTries = 3;
    for (int tried = 0; tried < kTries; ++tried) {
        if (tried > 0)
            m_terminal.say(opened.error().text());
        const auto typed = m_terminal.askSecret("Password for " + location.text() + ":");
        if (!typed)
            return typed.error();
        opened = openWith(*typed);
        if (opened || opened.error().kind != ErrorKind::Denied)
            break;
    }
    return opened;
}

void Context::keepPassword(const database::Location &location, const crypto::Secret &password)
{
    if (const auto status = settings::Keychain().write(location.text(), password); !status)
        m_terminal.say("The password was not kept: " + status.error().text());
    else
        m_terminal.say("The keychain keeps the password for " + location.text() + " now.");
}

template Result<std::unique_ptr<services::Session>>
Context::withPassword(const database::Location &, const std::function<Result<std::unique_ptr<services::Session>>(const std::string &)> &);

Result<database::Connection *> Context::connect(bool forReading)
{
    const auto place = location();
    if (!place)
        return place.error();
    auto connection = withPassword<std::unique_ptr<database::Connection>>(*place, [&](const std::string &password) {
        database::OpenOptions options;
        options.readOnly = forReading;
        options.password = password;
        options.mayUndo = services::undoneJudge(readingEnvironment(), *place);
        return database::Connection::open(*place, options);
    });
    if (!connection)
        return connection.error();
    m_connection = std::move(*connection);
    m_isOpen = true;
    return m_connection.get();
}

Result<services::Session *> Context::openForReading()
{
    const auto place = location();
    if (!place)
        return place.error();
    // A report of the past is proved with this computer's key, where it is enrolled.
    const auto surroundings = m_line.asOf() && m_line.verb()->drawsPages ? environment() : Result<services::Environment>(readingEnvironment());
    if (!surroundings)
        return surroundings.error();
    const bool isExported = place->backend == database::Backend::Sqlite && services::isExportedLedger(place->file);
    auto session = isExported ? services::openExported(place->file, *surroundings, m_terminal.progress())
                              : withPassword<std::unique_ptr<services::Session>>(*place, [&](const std::string &password) {
                                    return services::Session::open({*place, password, true, {}}, *surroundings);
                                });
    if (!session)
        return session.error();
    m_session = std::move(*session);
    m_isOpen = true;
    if (m_session->damage()) // also of a present that is looked back from: its past may be another one than was known here
        m_terminal.say("Warning: " + m_session->damage()->text());
    tellMemory();
    if (m_line.asOf() || isExported)
        return lookBack(m_line.asOf() ? *m_line.asOf() : std::to_string(m_session->verifiedHead().size));
    tellPending();
    m_terminal.detail("Reading " + place->text() + ", " + std::to_string(m_session->verifiedHead().size) + " entries.");
    return m_session.get();
}

Result<services::Session *> Context::lookBack(const std::string &text)
{
    const auto point = services::readAsOf(text, *m_session->environment().clock);
    if (!point) {
        Error error = point.error();
        error.message += " See: countersign-cli asof --help";
        return error;
    }
    m_present = std::move(m_session);
    auto past = services::openAsOf(*m_present, *point, m_terminal.progress());
    m_terminal.endProgress();
    if (!past)
        return past.error();
    m_session = std::move(*past);
    if (!point->reading.empty())
        m_terminal.say(point->reading);
    if (m_session->damage())
        m_terminal.say("Warning: " + m_session->damage()->text());
    if (!isJson())
        m_terminal.print(m_session->asOf()->sentence() + "\n");
    return m_session.get();
}

Result<services::Environment> Context::environment()
{
    const auto own = profile();
    if (!own)
        return own.error();
    services::Environment environment;
    auto device = settings::deviceKey((*own)->folders(), *environment.randomness);
    if (!device)
        return device.error();
    environment.device = std::make_shared<crypto::SigningKey>(std::move(device->key));
    environment.wrapSecret = settings::wrapSecretSource((*own)->folders(), device->id, environment.randomness);
    environment.kept = (*own)->folders().data;
    return environment;
}

services::Environment Context::readingEnvironment()
{
    if (auto whole = environment())
        return *std::move(whole);
    services::Environment environment;
    if (const auto own = profile())
        environment.kept = (*own)->folders().data;
    return environment;
}

/// A state that cannot be remembered protects nobody the next time.
void Context::tellMemory()
{
    if (const auto &trouble = m_session->memoryTrouble())
        m_terminal.say("Warning: this computer could not remember the state of the ledger. " + trouble->text());
}

/// Of signatures whose fate was not known when a program ended.
void Context::tellPending()
{
    if (m_line.path().starts_with("pending"))
        return; // says it all itself
    const auto findings = services::resolvePending(*m_session);
    if (!findings)
        return m_terminal.say("Warning: " + findings.error().text());
    for (const auto &finding : *findings)
        m_terminal.say(finding.sentence + (finding.state == services::PendingState::Undecided ? " See: countersign-cli pending list" : ""));
}

Status Context::openWritable(const services::Environment &surroundings)
{
    const auto place = location();
    if (!place)
        return place.error();
    auto session = withPassword<std::unique_ptr<services::Session>>(*place, [&](const std::string &password) {
        return services::Session::open({*place, password, false, {}}, surroundings);
    });
    if (!session)
        return session.error();
    m_session = std::move(*session);
    if (m_session->isReadOnly() && !m_session->damage())
        return Error{ErrorKind::Denied, m_session->connection().readOnlyReason(), {}};
    tellMemory();
    return {};
}

Result<services::Session *> Context::openForWriting()
{
    auto session = openThoughDamaged();
    if (session && (*session)->damage())
        return *(*session)->damage();
    return session;
}

Result<services::Session *> Context::openThoughDamaged()
{
    if (const auto place = location(); !place)
        return place.error(); // before a key is made for nothing
    const auto surroundings = environment();
    if (!surroundings)
        return surroundings.error();
    if (const auto status = openWritable(*surroundings); !status)
        return status.error();
    if (const auto status = choosePerson(); !status)
        return status.error();
    tellPending();
    m_isOpen = true;
    m_terminal.detail("Working in " + m_session->connection().location().text() + " as " + person().name + " (" + person().login + ").");
    return m_session.get();
}

Result<services::Session *> Context::openForDevice()
{
    auto session = openForWriting();
    if (!session)
        return session;
    const auto status = ensureDevice();
    return status ? std::move(session) : Result<services::Session *>(status.error());
}

Result<services::Subject> Context::openAtVersion()
{
    const auto session = openForWriting();
    if (!session)
        return session.error();
    auto subject = services::findVersionSubject(**session, m_line.argument(0));
    if (!subject)
        return subject;
    const auto status = ensureDevice();
    return status ? std::move(subject) : Result<services::Subject>(status.error());
}

Result<services::Session *> Context::openForRehearsal()
{
    if (const auto status = openWritable(readingEnvironment()); !status)
        return status.error();
    if (m_session->damage())
        return *m_session->damage();
    m_isOpen = true;
    return m_session.get();
}

Status Context::choosePerson()
{
    const std::string named = m_line.valueOr("--as", fromEnvironment("COUNTERSIGN_PERSON"));
    if (!named.empty())
        return m_session->setPerson(named);
    const auto own = profile();
    if (!own)
        return own.error();
    if (const auto remembered = (*own)->currentPerson(m_session->ledgerId()))
        if (m_session->setPerson(remembered->text()))
            return {};
    const auto people = store::listPeople(m_session->connection());
    if (!people)
        return people.error();
    if (people->size() == 1)
        return m_session->setPerson(people->front().id.text());
    return Error{ErrorKind::Denied, "Several people work in this workspace.", {}, services::hint::kChoosePerson};
}

Result<Person> Context::whoAsks()
{
    if (const auto status = choosePerson(); !status)
        return status.error();
    return *m_session->person();
}

Result<std::shared_ptr<crypto::SigningKey>> Context::personKey()
{
    if (m_key)
        return m_key;
    const auto passphrase = secretFrom(m_line.value("--passphrase-file"), "--passphrase-file", "The signing passphrase of " + person().name, m_terminal);
    if (!passphrase)
        return passphrase.error();
    auto key = m_session->unlock(person(), *passphrase);
    if (key)
        m_key = *key;
    return key;
}

Status Context::ensureDevice()
{
    const auto ready = m_session->deviceSigner();
    if (ready || ready.error().hint != services::hint::kEnrolDevice)
        return ready ? Status() : Status(ready.error());
    m_terminal.say("This computer is not enrolled in the workspace yet; its key is enrolled once, with the signing passphrase of " + person().name + ".");
    const auto key = personKey();
    if (!key)
        return key.error();
    if (const auto status = services::enrolDevice(*m_session, person(), **key); !status)
        return status;
    const auto signer = m_session->deviceSigner();
    if (!signer)
        return signer.error();
    m_terminal.say("Enrolled this computer, key " + crypto::fingerprint(signer->actor.key) + ".");
    return {};
}

} // namespace countersign::cli
