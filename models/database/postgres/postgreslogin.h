#pragma once

#include "models/database/connection.h"

/// How a PostgreSQL server is reached, for whoever talks to it through libpq: the connection of this module, and models/pushdown.
namespace countersign::database {

/// Every keyword of the connection with its value, set explicitly so that PG… environment variables and service files change nothing.
std::vector<std::pair<std::string, std::string>> postgresParameters(const Location &location, const OpenOptions &options);
/// Why a connection could not be made, found out by asking the server once more for its error code.
Error postgresOpenError(const Location &location, const OpenOptions &options, std::string_view message);

} // namespace countersign::database
