#pragma once

#include "models/base/result.h"

#include <string>

namespace countersign::database {

class Connection;

/// What a PostgreSQL server keeps of a login's password (SCRAM-SHA-256, with a fresh salt), made here so that the password never travels.
/// Unsupported: not PostgreSQL.
Result<std::string> scramVerifier(Connection &connection, const std::string &login, const std::string &password);

} // namespace countersign::database
