#include "models/services/keys/carry.h"

#include "models/crypto/sha256.h"
#include "models/crypto/words.h"
#include "models/services/keys/keyparts.h"
#include "models/store/statements.h"

namespace countersign::services {

namespace {

constexpr std::size_t kWordBytes = 16; // eight words
constexpr std::chrono::hours kWaits{24};

/// The words stretched to the size of a second secret; they are random, so no work is asked of a guess.
crypto::WrapSecret secretOfWords(BytesView bytes)
{
    std::string digest(crypto::sha256(bytes).view());
    return crypto::wrapSecretOf(crypto::Secret::takeFrom(digest));
}

} // namespace

std::string placeRemark(KeyPlace place)
{
    return place == KeyPlace::Everywhere ? "; the key is kept under its passphrase alone" : "";
}

Result<WrappedKey> wrapHere(Session &session, crypto::SigningKey key, const crypto::Secret &passphrase)
{
    const auto &environment = session.environment();
    const auto none = Result<std::shared_ptr<const crypto::WrapSecret>>(Error{ErrorKind::Unsupported, {}, {}});
    const auto second = environment.wrapSecret ? environment.wrapSecret(true) : none;
    if (!second && second.error().kind != ErrorKind::Unsupported)
        return second.error();
    auto wrapped = crypto::wrapKey(key, passphrase, environment.wrapCost, *environment.randomness,
                                   second ? second->get() : nullptr);
    if (!wrapped)
        return wrapped.error();
    return WrappedKey{std::move(key), second ? (*second)->id : std::string(kEverywhere), std::move(*wrapped)};
}

Result<WrappedKey> newKey(Session &session, const crypto::Secret &passphrase)
{
    return wrapHere(session, crypto::SigningKey::generate(*session.environment().randomness), passphrase);
}

Status keepKey(Session &session, const PersonId &person, const WrappedKey &key)
{
    store::Statements sql(session.connection());
    const std::string id = key.key.id().text();
    sql.run("DELETE FROM wrapped_key WHERE key = ? AND place = ?", id, key.place);
    sql.run("INSERT INTO wrapped_key (key, place, person, wrapped, created_at) VALUES (?, ?, ?, ?, ?)", id, key.place,
            person.text(), store::Blob{key.wrapped}, toMillis(session.now()));
    return sql.status();
}

Result<std::string> carryKey(Session &session, const Person &person, const crypto::Secret &passphrase)
{
    if (const Status may = session.mayWrite(); !may)
        return may.error();
    const auto key = session.unlock(person, passphrase);
    if (!key)
        return key.error();
    auto &randomness = *session.environment().randomness;
    const Bytes random = randomness.bytes(kWordBytes);
    const auto second = secretOfWords(random);
    auto wrapped = crypto::wrapKey(**key, passphrase, session.environment().wrapCost, randomness, &second);
    if (!wrapped)
        return wrapped.error();
    auto transaction = database::Transaction::begin(session.connection());
    if (!transaction)
        return transaction.error();
    if (const Status kept = keepKey(session, person.id, {std::move(**key), kCarried, std::move(*wrapped)}); !kept)
        return kept.error();
    if (const Status committed = transaction->commit(); !committed)
        return committed.error();
    return crypto::wordsOf(random);
}

Result<KeyPlace> fetchKey(Session &session, const Person &person, const std::string &words,
                          const crypto::Secret &passphrase)
{
    if (const Status may = session.mayWrite(); !may)
        return may.error();
    const auto bytes = crypto::bytesOfWords(words);
    if (!bytes || bytes->size() != kWordBytes)
        return bytes ? Error{ErrorKind::Invalid, "There are eight words. Read them again.", {}} : bytes.error();
    const auto key = session.unlockCarried(person, passphrase, secretOfWords(*bytes), kWaits);
    if (!key)
        return key.error();
    const auto here = wrapHere(session, std::move(**key), passphrase);
    if (!here)
        return here.error();
    auto transaction = database::Transaction::begin(session.connection());
    if (!transaction)
        return transaction.error();
    if (const Status kept = keepKey(session, person.id, *here); !kept)
        return kept.error();
    store::Statements sql(session.connection());
    const std::string id = here->key.id().text();
    sql.run("DELETE FROM wrapped_key WHERE key = ? AND place = ?", id, kCarried);
    if (here->where() == KeyPlace::ThisComputer) // now it takes both, here and wherever else it was bound
        sql.run("DELETE FROM wrapped_key WHERE key = ? AND place = ?", id, kEverywhere);
    if (!sql.ok())
        return sql.status().error();
    if (const Status committed = transaction->commit(); !committed)
        return committed.error();
    return here->where();
}

} // namespace countersign::services
