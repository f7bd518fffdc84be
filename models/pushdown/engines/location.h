#pragma once

#include "models/database/location.h"

/// Where predictions already live.
namespace countersign::pushdown {

enum class EngineKind : std::uint8_t { Postgres, ClickHouse, DuckDb, ParquetFile, CsvFile };

/// "postgresql://user@host:port/database?sslmode=…" (also "postgres://"; whatever speaks its protocol), "clickhouse://user@host:8123/database" over
/// HTTP and "clickhouses://…" over HTTPS, "duckdb:/path/file.duckdb", "parquet:/path/file.parquet", "csv:/path/file.csv". Never with a password.
struct Location {
    EngineKind engine = EngineKind::Postgres;
    database::Location postgres;
    std::string host;         ///< ClickHouse
    int port = 0;
    std::string databaseName; ///< ClickHouse: "default" when the address names none
    std::string user;
    bool isEncrypted = false;
    std::string file;         ///< the others

    /// Invalid: none of these forms, a password in it, no host or no path.
    static Result<Location> parse(std::string_view text);
    /// The address again, which is also the key of its password in the keychain.
    std::string text() const;
    /// The same without the user: equal for everybody who reads the same rows.
    std::string place() const;
    /// A file of rows; the others name a table.
    bool isFile() const { return engine == EngineKind::ParquetFile || engine == EngineKind::CsvFile; }
    /// A password would cross a network unencrypted: ClickHouse over HTTP on a host that is not loopback. How PostgreSQL connects is for its sslmode to say.
    bool sendsInClear() const;
    bool hasPassword() const { return engine == EngineKind::Postgres || engine == EngineKind::ClickHouse; }
};

} // namespace countersign::pushdown
