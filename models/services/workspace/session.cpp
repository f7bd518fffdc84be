#include "models/services/workspace/session.h"

#include "models/base/text.h"
#include "models/ledger/entry.h"
#include "models/ledger/keys.h"
#include "models/services/workspace/genesis.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/newer.h"
#include "models/services/workspace/rebuild.h"
#include "models/services/workspace/unfinished.h"
#include "models/store/guards/objects.h"
#include "models/store/guards/status.h"
#include "models/store/queries/queries.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

namespace countersign::services {

namespace {

constexpr std::size_t kBatch = 4096;

Error tampered(std::string what)
{
    return {ErrorKind::Tampered, std::move(what) + " Nothing can be written. Run Verify to see what was changed, and restore a backup.", {}};
}

/// That objects of the database are not the program's: nothing may be written then. Invalid: nor may it be read, because what is read might run.
Result<std::optional<Error>> databaseDamage(database::Connection &connection)
{
    const auto foreign = store::foreignObjects(connection);
    if (!foreign)
        return foreign.error();
    if (const auto status = store::checkReadable(*foreign); !status)
        return status.error();
    if (foreign->empty())
        return std::optional<Error>();
    return std::optional(tampered("The database of the workspace is not as this program makes it: " + foreign->front().sentence + (foreign->size() > 1 ? " (And " + std::to_string(foreign->size() - 1) + " more.)" : "")));
}

} // namespace

Session::Session(std::unique_ptr<database::Connection> connection, Environment environment)
    : m_connection(std::move(connection)), m_environment(std::move(environment)), m_ledger(*m_connection)
{
}

Result<std::unique_ptr<Session>> Session::open(const OpenRequest &request, Environment environment)
{
    database::OpenOptions options;
    options.readOnly = request.readOnly;
    options.password = request.password;
    options.mayUndo = undoneJudge(environment, request.location);
    auto connection = database::Connection::open(request.location, options);
    if (!connection)
        return connection.error();
    const auto steps = store::migrations((*connection)->backend());
    const auto version = database::schemaVersion(**connection);
    if (!version)
        return version.error();
    if (*version == 0)
        return Error{ErrorKind::NotFound, "There is no workspace in " + request.location.text() + ".", {}, hint::kMakeWorkspace};
    if ((*connection)->isReadOnly()) {
        if (const auto status = database::checkSchema(**connection, steps); !status)
            return status.error();
    } else if (const auto migrated = database::migrate(**connection, steps); !migrated) {
        return migrated.error();
    }
    // Before anything is read from its tables.
    auto foreign = databaseDamage(**connection);
    if (!foreign)
        return foreign.error();
    if (!*foreign)
        if (const auto status = bringTablesUpToDate(**connection, {}); !status && status.error().kind != ErrorKind::Tampered)
            return status.error(); // of a ledger that is not what it claims, what follows tells
    auto session = over(std::move(*connection), std::move(environment));
    if (session && *foreign && !(*session)->m_damage)
        (*session)->m_damage = std::move(**foreign);
    if (session && !request.person.empty())
        if (const auto status = (*session)->setPerson(request.person); !status)
            return status.error();
    return session;
}

Result<std::unique_ptr<Session>> Session::over(std::unique_ptr<database::Connection> connection, Environment environment)
{
    std::unique_ptr<Session> session(new Session(std::move(connection), std::move(environment)));
    for (const auto &step : {&Session::readGenesis, &Session::readOn, &Session::judgePlace}) {
        const auto status = (session.get()->*step)();
        if (!status && status.error().kind != ErrorKind::Tampered)
            return status.error();
        if (!status && !session->m_damage)
            session->m_damage = status.error();
    }
    const auto &known = session->knownHead();
    session->m_isFirstToday = !session->m_environment.kept.empty() && (!known || formatDate(known->at) != formatDate(session->now()));
    session->remember();
    return session;
}

Result<std::unique_ptr<Session>> Session::ofPast(Past past, Session &present)
{
    if (const auto status = past.connection->makeReadOnly("This is the workspace as of " + formatUtc(past.asOf.at) + ". Nothing can be recorded in the past; return to now."); !status)
        return status.error();
    std::unique_ptr<Session> session(new Session(std::move(past.connection), std::move(past.environment)));
    session->m_asOf = past.asOf;
    session->m_present = &present;
    session->m_tree = std::move(past.tree);
    session->m_damage = std::move(past.damage);
    session->m_person = present.person(); // who looks back
    session->m_ledger.readEvidenceFrom([&present](const Digest &digest) { return present.ledger().evidence(digest); });
    if (const auto status = session->readGenesis(); !status)
        return status.error();
    return session;
}

const std::string &Session::databaseNote()
{
    if (m_present)
        return m_present->databaseNote();
    if (m_databaseNote.empty()) {
        const auto separation = store::dutySeparation(*m_connection);
        m_databaseNote = (separation ? separation->sentence : separation.error().text()) + (m_connection->note().empty() ? "" : " " + m_connection->note());
    }
    return m_databaseNote;
}

Status Session::readGenesis()
{
    auto genesis = services::readGenesis(m_ledger);
    if (!genesis)
        return genesis.error().kind == ErrorKind::Tampered ? tampered(genesis.error().message) : genesis.error();
    m_ledgerId = genesis->ledger;
    m_origin = std::move(genesis->origin);
    m_isSample = genesis->isSample;
    m_memory.emplace(m_environment, m_connection->location(), m_ledgerId, m_isSample);
    return {};
}

Status Session::catchUp()
{
    const auto status = readOn();
    if (status)
        remember();
    return status;
}

Status Session::readOn()
{
    if (m_memory)
        m_memory->recall(m_tree);
    const auto claimed = m_ledger.head(false);
    if (!claimed)
        return claimed.error();
    if (claimed->size() < m_tree.size() && m_memory)
        if (const auto status = m_memory->judge({claimed->size(), claimed->root()}); !status)
            return status;
    if (claimed->size() < m_tree.size())
        return tampered("The ledger has " + std::to_string(claimed->size()) + " entries; this program has seen " + std::to_string(m_tree.size()) + ".");
    ledger::CompactTree tree = m_tree;
    std::optional<std::string> newer;
    while (tree.size() < claimed->size()) {
        const auto entries = m_ledger.read(tree.size(), static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, claimed->size() - tree.size())));
        if (!entries)
            return entries.error();
        if (entries->empty())
            return tampered("The ledger claims " + std::to_string(claimed->size()) + " entries and has " + std::to_string(tree.size()) + ".");
        for (const auto &bytes : *entries) {
            if (!newer)
                newer = newerThanKnown(tree.size(), bytes);
            tree.append(ledger::leafHash(bytes));
            if (m_memory)
                m_memory->pass(tree);
        }
    }
    if (tree.root() != claimed->root())
        return tampered("The entries of the ledger do not give the tree that was recorded with them.");
    const bool isOpening = m_tree.size() == 0;
    const auto continues = m_memory ? m_memory->judge({tree.size(), tree.root()}) : Status();
    if (continues || isOpening) // what does not continue can still be looked at
        m_tree = std::move(tree);
    if (newer && !isReadOnly())
        if (const auto status = m_connection->makeReadOnly(*newer); !status)
            return status;
    return continues;
}

Status Session::judgePlace() { return m_memory ? m_memory->judgePlace(verifiedHead()) : Status(); }

void Session::remember()
{
    if (m_damage)
        return;
    if (!m_memory) // a workspace that was just made
        m_memory.emplace(m_environment, m_connection->location(), m_ledgerId, m_isSample);
    const auto status = m_memory->advance(verifiedHead());
    m_memoryTrouble = status ? std::nullopt : std::optional(status.error());
}

const std::optional<KnownHead> &Session::knownHead() const
{
    static const std::optional<KnownHead> none;
    return m_memory ? m_memory->known() : none;
}

Status Session::setPerson(const std::string &text)
{
    auto person = store::findPerson(*m_connection, text);
    if (!person)
        return person.error();
    if (!m_person || m_person->id != person->id)
        forgetKeys();
    m_person = std::move(*person);
    return {};
}

Status Session::mayWrite() const
{
    if (m_asOf)
        return Error{ErrorKind::Denied, m_connection->readOnlyReason(), {}};
    if (isReadOnly())
        return Error{ErrorKind::Denied, m_connection->readOnlyReason().empty() ? "The workspace is open for reading only." : m_connection->readOnlyReason(), {}};
    return m_damage ? Status(*m_damage) : Status();
}

Result<bool> Session::isDeviceEnrolled()
{
    if (!m_environment.device)
        return false;
    store::Statements sql(*m_connection);
    const auto enrolled = sql.integer("SELECT 1 FROM enrolled_key WHERE id = ? AND revoked_from IS NULL", m_environment.device->id().text());
    return sql.ok() ? Result<bool>(enrolled.has_value()) : Result<bool>(sql.status().error());
}

Result<Signer> Session::deviceSigner()
{
    if (const auto status = mayWrite(); !status)
        return status.error();
    if (!m_person)
        return Error{ErrorKind::Denied, "Nobody is named who does this. Say first who works here.", {}, hint::kChoosePerson};
    if (!m_environment.device)
        return Error{ErrorKind::Denied, "This computer has no device key.", {}};
    const auto isEnrolled = isDeviceEnrolled();
    if (!isEnrolled)
        return isEnrolled.error();
    const KeyId id = m_environment.device->id();
    if (!*isEnrolled) {
        store::Statements sql(*m_connection);
        const bool isRevoked = sql.integer("SELECT 1 FROM enrolled_key WHERE id = ?", id.text()).has_value();
        if (!sql.ok())
            return sql.status().error();
        if (isRevoked)
            return Error{ErrorKind::Denied, "The key of this computer was revoked in this workspace; nothing can be recorded from here. Ask an administrator.", {}};
        return Error{ErrorKind::Denied, "This computer is not enrolled in the workspace yet. Its key is enrolled once, with the signing passphrase of a person.", {},
                     hint::kEnrolDevice};
    }
    Signer signer;
    signer.key = m_environment.device.get();
    signer.actor = {crypto::deviceId(m_environment.device->publicKey()).text(), id, text::escape(m_person->name), m_person->id, "device"};
    return signer;
}

Result<Signer> Session::rehearsalSigner()
{
    if (const auto status = mayWrite(); !status)
        return status.error();
    if (!m_environment.device && !m_rehearsalKey)
        m_rehearsalKey = crypto::SigningKey::generate(*m_environment.randomness);
    Signer signer;
    signer.key = m_environment.device ? m_environment.device.get() : &*m_rehearsalKey;
    signer.actor = {crypto::deviceId(signer.key->publicKey()).text(), signer.key->id(), m_person ? text::escape(m_person->name) : std::string("rehearsal"),
                    m_person ? m_person->id : PersonId(), "device"};
    return signer;
}

Signer Session::personSigner(const Person &person, Role role, const crypto::SigningKey &key) const
{
    Signer signer;
    signer.key = &key;
    signer.actor.device = m_environment.device ? crypto::deviceId(m_environment.device->publicKey()).text() : "none";
    signer.actor.key = key.id();
    signer.actor.name = text::escape(person.name);
    signer.actor.person = person.id;
    signer.actor.role = std::string(roleKey(role));
    return signer;
}

} // namespace countersign::services
