#include "models/services/people.h"

#include "models/base/searchkey.h"
#include "models/base/text.h"
#include "models/ledger/roster.h"
#include "models/services/keys/keyparts.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/unfinished.h"
#include "models/store/queries/queries.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::services {

namespace {

std::vector<std::string> roleKeys(const std::vector<Role> &roles)
{
    std::vector<std::string> keys;
    for (const Role role : roles)
        keys.emplace_back(roleKey(role));
    return keys;
}

/// A workspace begins with one administrator, and says so; from the second one on new keys are confirmed.
json::Object firstPolicy(KeyPlace place)
{
    constexpr std::int64_t kCosigners = 2;
    json::Object policy = ledger::signingPolicyBody({true, kCosigners, "each-signature", 0});
    policy.set("administrators", 1);
    policy.set("firstKey", place == KeyPlace::Everywhere ? "passphrase" : "passphrase and keychain");
    return policy;
}

Status enrolComputer(Journal &journal, const crypto::SigningKey &device, const std::string &identity, const Signer &signer)
{
    const std::string owner = crypto::deviceId(device.publicKey()).text();
    return recordEnrolment(journal, "key.enroll", ledger::enrolmentOf(device, ledger::KeyClass::Device, owner, identity, journal.ledgerId()), signer);
}

Status checkName(const std::string &name, const std::string &login)
{
    if (text::isBlank(name))
        return Error{ErrorKind::Invalid, "A person needs a name, as it shall be printed beside signatures.", {}};
    if (name.size() > 200 || !text::isUtf8(name) || text::visible(name) != name)
        return Error{ErrorKind::Invalid, "The name has more than 200 bytes, or characters that cannot be seen. Type it again.", {}};
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; };
    if (login.empty() || login.size() > 40 || !std::ranges::all_of(login, good))
        return Error{ErrorKind::Invalid, "A login has 1 to 40 of the characters a-z, 0-9, '.', '-', '_'.", {}};
    return {};
}

} // namespace

std::string suggestLogin(const std::string &name)
{
    std::vector<std::string> words(1);
    for (const char c : text::searchKey(name)) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            words.back().push_back(c);
        else if (c == ' ' && !words.back().empty())
            words.emplace_back();
    }
    std::erase(words, std::string());
    if (words.empty())
        return "person";
    std::string login = words.size() > 1 ? words.front().substr(0, 1) + words.back() : words.front();
    return login.substr(0, 40);
}

Result<std::unique_ptr<Session>> createWorkspace(const FounderRequest &request, const crypto::Secret &passphrase, Environment environment)
{
    const std::string login = request.login.empty() ? suggestLogin(request.name) : request.login;
    if (const auto status = checkName(request.name, login); !status)
        return status.error();
    if (!environment.device)
        return Error{ErrorKind::Denied, "This computer has no device key.", {}};
    const bool isFile = request.location.backend == database::Backend::Sqlite;
    std::error_code ignored;
    const bool isNew = isFile && !std::filesystem::exists(request.location.file, ignored);

    const auto build = [&]() -> Result<std::unique_ptr<Session>> {
        database::OpenOptions options;
        options.create = true;
        options.password = request.password;
        options.mayUndo = undoneJudge(environment, request.location);
        auto connection = database::Connection::open(request.location, options);
        if (!connection)
            return connection.error();
        if (const auto status = database::migrate(**connection, store::migrations((*connection)->backend())); !status)
            return status.error();
        std::unique_ptr<Session> session(new Session(std::move(*connection), environment));
        session->m_isSample = request.isSample;
        const auto first = newKey(*session, passphrase);
        if (!first)
            return first.error();
        auto journal = Journal::beginLedger(*session);
        if (!journal)
            return journal.error();

        Person founder;
        founder.id = PersonId::of(environment.randomness->uuid());
        founder.name = request.name;
        founder.login = login;
        founder.roles = request.roles;
        if (!founder.is(Role::Administrator))
            founder.roles.push_back(Role::Administrator);
        if (const auto status = keepKey(*session, founder.id, *first); !status)
            return status.error();
        const crypto::SigningKey &key = first->key;

        const std::string origin = !request.origin.empty() ? request.origin : isFile ? request.location.file.stem().string() : request.location.databaseName;
        ledger::Genesis genesis;
        genesis.origin = text::escape(origin);
        genesis.isSample = request.isSample;
        genesis.person = founder.id.text();
        genesis.name = text::escape(founder.name);
        genesis.login = founder.login;
        genesis.roles = roleKeys(founder.roles);
        genesis.key = key.publicKey();
        genesis.possession = ledger::provePossession(key, founder.id.text(), {});
        genesis.policy = firstPolicy(first->where());
        const Signer signer = session->personSigner(founder, Role::Administrator, key);
        if (const auto seq = (*journal)->record({"ledger.genesis", ledger::genesisBody(genesis), {}, {}, {}}, signer); !seq)
            return seq.error();
        if (const auto status = enrolComputer(**journal, *environment.device, "the computer on which the workspace was made", signer); !status)
            return status.error();
        if (const auto status = (*journal)->commit(); !status)
            return status.error();
        journal->reset();
        session->m_origin = origin;
        if (const auto status = session->setPerson(founder.id.text()); !status)
            return status.error();
        return session;
    };
    auto session = build();
    if (!session && isNew)
        for (const char *suffix : {"", "-journal"})
            std::filesystem::remove(request.location.file.string() + suffix, ignored);
    return session;
}

Result<Person> addPerson(Session &session, const PersonRequest &request, const crypto::Secret *personPassphrase, const Person &administrator,
                         const crypto::SigningKey &administratorKey)
{
    const std::string login = request.login.empty() ? suggestLogin(request.name) : request.login;
    if (const auto status = mustAdminister(administrator, "adds people"); !status)
        return status.error();
    if (const auto status = checkName(request.name, login); !status)
        return status.error();
    if (request.roles.empty())
        return Error{ErrorKind::Invalid, "A person needs at least one role.", {}};
    std::optional<Result<WrappedKey>> fresh;
    if (personPassphrase)
        fresh = newKey(session, *personPassphrase);
    if (fresh && !*fresh)
        return fresh->error();
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    const auto people = store::listPeople(session.connection());
    if (!people)
        return people.error();
    if (std::ranges::any_of(*people, [&](const Person &person) { return person.login == login; }))
        return Error{ErrorKind::Conflict, "The login \"" + login + "\" is taken. Choose another.", {}, hint::kOtherLogin};
    Person person;
    person.id = PersonId::of(session.environment().randomness->uuid());
    person.name = request.name;
    person.login = login;
    person.roles = request.roles;
    const Signer signer = session.personSigner(administrator, Role::Administrator, administratorKey);
    json::Object body{{"login", person.login}, {"name", store::textValue(person.name)}, {"person", person.id.text()}, {"roles", store::textArray(roleKeys(person.roles))}};
    if (const auto seq = (*journal)->record({"person.add", std::move(body), {}, {}, {}}, signer); !seq)
        return seq.error();
    if (personPassphrase) {
        if (const auto status = keepKey(session, person.id, **fresh); !status)
            return status.error();
        const std::string identity = (request.identity.empty() ? "added by an administrator" : request.identity) + placeRemark((*fresh)->where());
        if (const auto isAwaiting = bringKey(**journal, person.id, identity, (*fresh)->key, signer); !isAwaiting)
            return isAwaiting.error();
    }
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    journal->reset();
    return store::findPerson(session.connection(), person.id.text());
}

Status enrolDevice(Session &session, const Person &person, const crypto::SigningKey &personKey)
{
    if (!session.environment().device)
        return Error{ErrorKind::Denied, "This computer has no device key.", {}};
    const auto &device = *session.environment().device;
    store::Statements sql(session.connection());
    const auto known = sql.integer("SELECT 1 FROM enrolled_key WHERE id = ?", device.id().text());
    if (!sql.ok() || known)
        return sql.status();
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    const Role role = person.is(Role::Administrator) ? Role::Administrator : person.roles.front();
    const Signer signer = session.personSigner(person, role, personKey);
    if (const auto status = enrolComputer(**journal, device, "enrolled by a person at this computer", signer); !status)
        return status;
    return (*journal)->commit();
}

} // namespace countersign::services
