// Opening a person's key, and what happens when somebody tries passphrases.

#include "models/base/text.h"
#include "models/services/keys/keyparts.h"
#include "models/services/workspace/journal.h"
#include "models/store/keyrecord.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::services {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

/// One encrypted copy of a key.
struct Copy {
    std::string place;
    Bytes wrapped;
    std::int64_t createdAt = 0;
};

/// The newest key of a person that signs, with its copies.
struct StoredKey {
    std::string id;
    std::vector<Copy> copies;
    int failures = 0;
    std::int64_t opensAt = 0;

    const Copy *at(const std::string &place) const
    {
        const auto found = std::ranges::find(copies, place, &Copy::place);
        return found == copies.end() ? nullptr : &*found;
    }
    bool isBound() const
    {
        return std::ranges::any_of(
            copies, [](const Copy &copy) { return copy.place != kEverywhere && copy.place != kCarried; });
    }
};

Result<std::optional<StoredKey>> readKey(database::Connection &connection, const PersonId &person)
{
    store::Statements sql(connection);
    std::optional<StoredKey> key;
    sql.each(
        "SELECT w.key, w.place, w.wrapped, w.created_at, w.failures, w.opens_at FROM wrapped_key w JOIN enrolled_key k "
        "ON k.id = w.key "
        "WHERE w.person = ? AND k.owner = ? AND k.revoked_from IS NULL AND k.is_awaiting = 0 "
        "ORDER BY k.enrolled_at DESC, w.place",
        [&](const database::Query &row) {
            if (!key)
                key = StoredKey{row.text(0), {}, 0, 0};
            if (key->id != row.text(0))
                return;
            key->copies.push_back({row.text(1), row.bytes(2), row.integer(3)});
            key->failures = std::max(key->failures, static_cast<int>(row.integer(4)));
            key->opensAt = std::max(key->opensAt, row.integer(5));
        },
        person.text(), person.text());
    return sql.ok() ? Result<std::optional<StoredKey>>(std::move(key)) : sql.status().error();
}

/// How long signing stays closed by the clock of the record. A clock that was set back closes it for no longer than a
/// fresh closure would.
milliseconds closedFor(const StoredKey &key, Instant now)
{
    if (key.opensAt == 0)
        return milliseconds::zero();
    return std::clamp(milliseconds(key.opensAt - toMillis(now)), milliseconds::zero(),
                      milliseconds(AttemptLimit::kPause));
}

Error closed(const Person &person, milliseconds left)
{
    const auto whole = std::chrono::ceil<minutes>(left).count();
    return {ErrorKind::Denied,
            "Too many wrong passphrases: signing as " + person.name + " is closed for " + std::to_string(whole) +
                (whole == 1 ? " minute." : " minutes."),
            {}};
}

Error noKey(const Person &person)
{
    return {ErrorKind::Denied, person.name + " has no signing key in this workspace.", {}};
}

} // namespace

/// Beside the key, where it can be written: counted before the guess, so that a program that is killed meanwhile has
/// still made it.
Status Session::countAttempt(const std::string &key, int failures, std::int64_t opensAt)
{
    if (!mayWrite() || m_connection->inTransaction())
        return {};
    auto transaction = database::Transaction::begin(*m_connection);
    if (!transaction)
        return transaction.error();
    store::Statements sql(*m_connection);
    if (failures < 0)
        sql.run("UPDATE wrapped_key SET failures = failures + 1 WHERE key = ?", key);
    else
        sql.run("UPDATE wrapped_key SET failures = ?, opens_at = ? WHERE key = ?", failures, opensAt, key);
    return sql.ok() ? transaction->commit() : sql.status();
}

/// Closes signing as somebody, and puts it into the record where this computer can.
void Session::closeSigning(const Person &person, const std::string &key)
{
    m_environment.attempts->close(person.id, std::chrono::steady_clock::now());
    static_cast<void>(countAttempt(key, 0, toMillis(m_environment.clock->now() + AttemptLimit::kPause)));
    const auto isEnrolled = isDeviceEnrolled();
    if (!mayWrite() || m_connection->inTransaction() || !isEnrolled || !*isEnrolled)
        return;
    Signer signer;
    signer.key = m_environment.device.get();
    signer.actor = {crypto::deviceId(signer.key->publicKey()).text(), signer.key->id(),
                    m_person ? text::escape(m_person->name) : std::string("nobody"),
                    m_person ? m_person->id : PersonId(), "device"};
    const auto journal = Journal::begin(*this);
    if (!journal)
        return;
    const auto pause = std::chrono::duration_cast<minutes>(AttemptLimit::kPause).count();
    const json::Object body{
        {"closedMinutes", pause}, {"failures", AttemptLimit::kAttempts}, {"person", person.id.text()}};
    if ((*journal)->record({"security.unlock_failed", body, {}, {}, {}}, signer))
        static_cast<void>((*journal)->commit()); // the closure holds without the event
}

AttemptLimit Session::attempts(const Person &person)
{
    AttemptLimit limit = m_environment.attempts->of(person.id);
    const auto stored = readKey(*m_connection, person.id);
    if (stored && *stored)
        limit.learn((*stored)->failures, closedFor(**stored, m_environment.clock->now()),
                    std::chrono::steady_clock::now());
    return limit;
}

/// One guess at one copy, counted.
Result<std::shared_ptr<crypto::SigningKey>> Session::tryPassphrase(const Person &person, const std::string &id,
                                                                   BytesView wrapped, const crypto::Secret &passphrase,
                                                                   const crypto::WrapSecret *second)
{
    const AttemptLimit limit = attempts(person);
    const auto now = std::chrono::steady_clock::now(); // after what the limit was measured by, so that a pause is not
                                                       // told longer than it is
    if (limit.isClosed(now))
        return closed(person, std::chrono::ceil<milliseconds>(limit.opensAt() - now));
    if (const auto status = countAttempt(id, -1, 0); !status)
        return status.error();
    auto key = crypto::unwrapKey(wrapped, passphrase, second);
    // Words that are not those of the copy are as wrong as a passphrase.
    if (!key && (key.error().kind == ErrorKind::Denied || key.error().kind == ErrorKind::NotFound)) {
        m_environment.attempts->failed(person.id, now);
        m_series.reset();
        if (limit.attemptsLeft() <= 1)
            closeSigning(person, id);
        return Error{ErrorKind::Denied, "That is not the signing passphrase of " + person.name + ".", {}};
    }
    if (const auto status = countAttempt(id, key ? 0 : AttemptLimit::kAttempts - limit.attemptsLeft(), 0); !status)
        return status.error();
    if (!key)
        return key.error();
    m_environment.attempts->succeeded(person.id);
    auto opened = std::make_shared<crypto::SigningKey>(std::move(*key));
    m_series.reset();
    if (const auto policy = store::signingPolicy(*m_connection); policy && policy->seriesMinutes > 0)
        m_series = Series{person.id, opened, now + minutes(policy->seriesMinutes)};
    return opened;
}

std::shared_ptr<crypto::SigningKey> Session::seriesKey(const Person &person)
{
    // The policy may have been made stricter meanwhile, the key revoked by another program.
    const auto policy = m_series ? store::signingPolicy(*m_connection) : Result<ledger::SigningPolicy>(Error{});
    const auto record = m_series ? store::findKey(*m_connection, m_series->key->id())
                                 : Result<std::optional<store::KeyRecord>>(Error{});
    const bool isGood = policy && policy->seriesMinutes > 0 && record && *record &&
                        (*record)->state() == store::KeyState::InUse && m_series->person == person.id &&
                        std::chrono::steady_clock::now() < m_series->ends &&
                        std::chrono::steady_clock::now() + minutes(policy->seriesMinutes) >= m_series->ends;
    if (!isGood) {
        m_series.reset();
        return nullptr;
    }
    return m_series->key;
}

Result<std::shared_ptr<crypto::SigningKey>> Session::unlock(const Person &person, const crypto::Secret &passphrase)
{
    const auto stored = readKey(*m_connection, person.id);
    if (!stored)
        return stored.error();
    if (!*stored)
        return noKey(person);
    const StoredKey &key = **stored;
    Error missing{ErrorKind::Denied,
                  "The signing key of " + person.name +
                      " opens on another computer, not on this one yet. Carry it here from there.",
                  {}};
    if (key.isBound() && m_environment.wrapSecret) {
        const auto second = m_environment.wrapSecret(false);
        const Copy *copy = second ? key.at((*second)->id) : nullptr;
        if (copy)
            return tryPassphrase(person, key.id, copy->wrapped, passphrase, second->get());
        if (!second && second.error().kind != ErrorKind::NotFound)
            missing = second.error();
    }
    const Copy *copy = key.at(kEverywhere);
    return copy ? tryPassphrase(person, key.id, copy->wrapped, passphrase, nullptr) : missing;
}

Result<std::shared_ptr<crypto::SigningKey>> Session::unlockCarried(const Person &person,
                                                                   const crypto::Secret &passphrase,
                                                                   const crypto::WrapSecret &words,
                                                                   std::chrono::milliseconds oldest)
{
    const auto stored = readKey(*m_connection, person.id);
    if (!stored)
        return stored.error();
    if (!*stored)
        return noKey(person);
    const Copy *copy = (*stored)->at(kCarried);
    if (!copy || m_environment.clock->now() - fromMillis(copy->createdAt) > oldest)
        return Error{ErrorKind::NotFound,
                     "No key of " + person.name +
                         " waits to be taken to a computer. Carry it from the computer on which it opens.",
                     {}};
    return tryPassphrase(person, (*stored)->id, copy->wrapped, passphrase, &words);
}

} // namespace countersign::services
