#pragma once

#include "models/base/result.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::database {

class Connection;

/// One numbered step of the schema. `statements` run one by one.
struct Migration {
    int number = 0;
    std::string name;
    std::vector<std::string> statements;
    std::string digest; ///< SHA-256 of the script, hexadecimal
};

/// Splits a script at lines that read "-- next".
std::vector<std::string> splitStatements(std::string_view script);

/// What a database says of its schema: 0 when empty.
Result<int> schemaVersion(Connection &connection);
/// Whether the schema is the last migration's, for who only reads. NotFound: there is none. Unsupported: older or newer; the
/// message says what to do. Tampered: as migrate().
Status checkSchema(Connection &connection, std::span<const Migration> migrations);
/// Brings the schema up to the last migration, each step in its own transaction, recorded in schema_migration(number, name, digest,
/// applied_at). Unsupported: the database is newer than the program. Tampered: a recorded digest differs from ours.
/// Denied: there is something to do, but the connection only reads, or on PostgreSQL the schema belongs to a role that the login is no member
/// of; says why and what to do.
Status migrate(Connection &connection, std::span<const Migration> migrations);

/// Does the work as the role that owns the schema; on SQLite the same as doing it. Denied: the login is no member of that role; the sentence
/// begins with `why` ("The tables are an older program's") and says whom to ask.
Status asSchemaOwner(Connection &connection, const std::string &why, const std::function<Status()> &work);

} // namespace countersign::database
