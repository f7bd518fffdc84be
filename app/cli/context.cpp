#include "app/cli/context.h"

#include "app/cli/passphrases.h"
#include "models/services/people.h"
#include "models/settings/devicekey.h"
#include "models/settings/keychain.h"
#include "models/store/queries.h"

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
    const auto file = m_line.value("--password-file");
    if (file) {
        const auto secret = secretFromFile(*file, m_terminal);
        return secret ? open(std::string(secret->view())) : Result<T>(secret.error());
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
    const auto typed = m_terminal.askSecret("Password for " + location.text() + ":");
    return typed ? open(std::string(typed->view())) : Result<T>(typed.error());
}

template Result<std::unique_ptr<services::Session>>
Context::withPassword(const database::Location &, const std::function<Result<std::unique_ptr<services::Session>>(const std::string &)> &);

Result<database::Connection *> Context::connect()
{
    const auto place = location();
    if (!place)
        return place.error();
    auto connection = withPassword<std::unique_ptr<database::Connection>>(*place, [&](const std::string &password) {
        database::OpenOptions options;
        options.readOnly = true;
        options.password = password;
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
    auto session = withPassword<std::unique_ptr<services::Session>>(*place, [&](const std::string &password) {
        return services::Session::open({*place, password, true, {}}, {});
    });
    if (!session)
        return session.error();
    m_session = std::move(*session);
    m_isOpen = true;
    if (m_session->damage())
        m_terminal.say("Warning: " + m_session->damage()->text());
    m_terminal.detail("Reading " + place->text() + ", " + std::to_string(m_session->verifiedHead().size) + " entries.");
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
    return environment;
}

Result<services::Session *> Context::openForWriting()
{
    const auto place = location();
    if (!place)
        return place.error();
    const auto surroundings = environment();
    if (!surroundings)
        return surroundings.error();
    auto session = withPassword<std::unique_ptr<services::Session>>(*place, [&](const std::string &password) {
        return services::Session::open({*place, password, false, {}}, *surroundings);
    });
    if (!session)
        return session.error();
    m_session = std::move(*session);
    if (m_session->damage())
        return *m_session->damage();
    if (m_session->isReadOnly())
        return Error{ErrorKind::Denied, m_session->connection().readOnlyReason(), {}};
    if (const auto status = choosePerson(); !status)
        return status.error();
    m_isOpen = true;
    m_terminal.detail("Working in " + place->text() + " as " + person().name + " (" + person().login + ").");
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
    return Error{ErrorKind::Denied, "Several people work in this workspace. Say who you are with --as LOGIN; countersign-cli person list shows the logins.", {}};
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
    if (m_session->deviceSigner())
        return {};
    m_terminal.say("This computer is not enrolled in the workspace yet; its key is enrolled once, with the signing passphrase of " + person().name + ".");
    const auto key = personKey();
    if (!key)
        return key.error();
    if (const auto status = services::enrolDevice(*m_session, person(), **key); !status)
        return status;
    const auto signer = m_session->deviceSigner();
    if (!signer)
        return signer.error(); // enrolled once, and revoked since
    m_terminal.say("Enrolled this computer, key " + crypto::fingerprint(signer->actor.key) + ".");
    return {};
}

} // namespace countersign::cli
