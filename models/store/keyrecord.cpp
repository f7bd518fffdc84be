#include "models/store/keyrecord.h"

#include "models/domain/people.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

namespace {

std::optional<KeyId> keyOrNone(const std::string &text)
{
    return text.empty() ? std::optional<KeyId>() : KeyId::of(text);
}

template<class... Args>
Result<std::vector<KeyRecord>> select(database::Connection &connection, const std::string &where, const Args &...args)
{
    Statements sql(connection);
    std::vector<KeyRecord> keys;
    const auto read = [&](const database::Query &row) {
        const auto key = crypto::PublicKey::fromBytes(row.bytes(1));
        if (!key)
            return sql.fail(key.error());
        KeyRecord record;
        record.id = KeyId::of(row.text(0));
        record.key = *key;
        record.keyClass = row.text(2);
        record.owner = row.text(3);
        record.ownerName = row.text(4);
        record.enrolledAt = row.integer(5);
        record.revokedFrom = row.integerOrNull(6);
        record.enrolledBy = row.text(7);
        record.enrolledByName = row.text(8);
        record.isAwaiting = row.integer(9) != 0;
        record.confirmedIn = row.integerOrNull(10);
        record.confirmedByName = row.text(11);
        record.replaces = keyOrNone(row.text(12));
        record.replacedBy = keyOrNone(row.text(13));
        record.disputedTo = row.integerOrNull(14);
        record.revokedIn = row.integerOrNull(15);
        record.reason = row.text(16);
        keys.push_back(std::move(record));
    };
    sql.each("SELECT k.id, k.public, k.class, k.owner, COALESCE(p.name, ''), k.enrolled_at, k.revoked_from, "
             "k.enrolled_by, COALESCE(b.name, ''), k.is_awaiting, k.confirmed_in, COALESCE(c.name, ''), k.replaces, "
             "k.replaced_by, k.disputed_to, k.revoked_in, k.reason FROM enrolled_key k LEFT JOIN person p ON p.id = "
             "k.owner LEFT JOIN person b ON b.id = k.enrolled_by LEFT JOIN person c ON c.id = k.confirmed_by " +
                 where + " ORDER BY k.enrolled_at, k.id",
             read, args...);
    if (!sql.ok())
        return sql.status().error();
    return keys;
}

} // namespace

KeyState KeyRecord::state() const
{
    if (revokedFrom)
        return replacedBy && reason.empty() ? KeyState::Replaced : KeyState::Revoked;
    return isAwaiting ? KeyState::Awaiting : KeyState::InUse;
}

Result<std::vector<KeyRecord>> listKeys(database::Connection &connection)
{
    return select(connection, "");
}

Result<std::optional<KeyRecord>> findKey(database::Connection &connection, const KeyId &id)
{
    auto keys = select(connection, "WHERE k.id = ?", id.text());
    if (!keys)
        return keys.error();
    return keys->empty() ? std::optional<KeyRecord>() : std::optional<KeyRecord>(std::move(keys->front()));
}

Result<ledger::SigningPolicy> signingPolicy(database::Connection &connection)
{
    Statements sql(connection);
    ledger::SigningPolicy policy;
    sql.each("SELECT confirms_keys, cosigners, reauthentication, series_minutes FROM signing_policy "
             "ORDER BY entry DESC LIMIT 1",
             [&](const database::Query &row) {
                 policy = {row.integer(0) != 0, row.integer(1), row.text(2), row.integer(3)};
             });
    if (!sql.ok())
        return sql.status().error();
    return policy;
}

Result<std::vector<std::string>> signingAdministrators(database::Connection &connection)
{
    Statements sql(connection);
    std::vector<std::string> administrators;
    sql.each("SELECT p.id, p.roles FROM person p WHERE EXISTS (SELECT 1 FROM enrolled_key k WHERE k.owner = p.id AND "
             "k.class = 'person' AND k.is_awaiting = 0 AND k.revoked_from IS NULL) ORDER BY p.id",
             [&](const database::Query &row) {
                 const std::string roles = "," + row.text(1) + ",";
                 if (roles.find("," + std::string(roleKey(Role::Administrator)) + ",") != std::string::npos)
                     administrators.push_back(row.text(0));
             });
    if (!sql.ok())
        return sql.status().error();
    return administrators;
}

} // namespace countersign::store
