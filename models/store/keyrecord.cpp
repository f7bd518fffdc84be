#include "models/store/keyrecord.h"

#include "models/store/statements.h"

namespace countersign::store {

Result<std::optional<KeyRecord>> findKey(database::Connection &connection, const KeyId &id)
{
    Statements sql(connection);
    std::optional<KeyRecord> found;
    Status readable;
    sql.each("SELECT k.id, k.public, k.class, k.owner, p.name, k.enrolled_at, k.revoked_from FROM enrolled_key k LEFT JOIN person p ON p.id = k.owner WHERE k.id = ?",
             [&](const database::Query &row) {
                 const auto key = crypto::PublicKey::fromBytes(row.bytes(1));
                 if (!key) {
                     readable = key.error();
                     return;
                 }
                 found = KeyRecord{KeyId::of(row.text(0)), *key, row.text(2), row.text(3), row.text(4), row.integer(5), row.integerOrNull(6)};
             },
             id.text());
    if (!sql.ok())
        return sql.status().error();
    if (!readable)
        return readable.error();
    return found;
}

} // namespace countersign::store
