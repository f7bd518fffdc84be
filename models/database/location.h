#pragma once

#include "models/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace countersign::database {

enum class Backend { Sqlite, Postgres };

/// Where a database is, without the password.
/// A file path, or a URI "postgresql://user@host:port/database?sslmode=verify-full&schema=name" (also "postgres://"; host may be
/// empty or a percent-encoded socket folder; options are libpq's and our own "schema", default "countersign").
struct Location {
    Backend backend = Backend::Sqlite;
    std::filesystem::path file;
    std::string host;
    int port = 5432;
    std::string databaseName;
    std::string user;
    std::string schema = "countersign";
    std::vector<std::pair<std::string, std::string>> options; ///< libpq keywords, sorted

    /// Invalid: an unknown scheme, a missing database name, an option libpq does not know, or a password in the URI
    /// ("passwords do not belong into arguments and histories; you are asked, or the keychain is").
    static Result<Location> parse(std::string_view text);
    static Location sqlite(std::filesystem::path file);
    /// The URI or path again; parse(text()) gives an equal location.
    std::string text() const;
    bool operator==(const Location &) const = default;
};

/// Whether a server's host is this computer: a socket, or the loopback.
bool isThisMachine(std::string_view host);

} // namespace countersign::database
