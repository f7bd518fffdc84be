#pragma once

#include "models/database/connection.h"

/// How a PostgreSQL server is reached, for whoever talks to it through libpq: the connection of this module, and models/pushdown.
namespace countersign::database {

/// Every keyword of the connection with its value, also the empty ones: libpq looks in PG… environment variables and in a service file only for
/// what is not named at all. For a connection string: libpq's functions that take arrays leave empty values out.
std::vector<std::pair<std::string, std::string>> postgresParameters(const Location &location, const OpenOptions &options);
/// The same as the string that PQconnectdb() takes.
std::string postgresConnectionString(const Location &location, const OpenOptions &options);
/// The setting of a session that environment variables would change after "options" have been read.
inline constexpr const char *kSettleSession = "SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false)";
/// Why a connection could not be made, found out by asking the server once more for its error code.
Error postgresOpenError(const Location &location, const OpenOptions &options, std::string_view message);

} // namespace countersign::database
