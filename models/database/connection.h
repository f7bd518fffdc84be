#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"
#include "models/database/location.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

class QSqlDatabase;
class QSqlQuery;

/// SQL for both databases through one door. The only module that includes <QSql…>, sqlite3.h or libpq-fe.h.
namespace countersign::database {

class Connection;

/// A prepared statement and its rows. Placeholders are '?', bound in order. Every failure is a Result, so "no more rows" and
/// "failed" never look alike. Borrowed from a Connection, used on its thread.
class Query
{
public:
    Query(Query &&) noexcept;
    Query &operator=(Query &&) noexcept;
    ~Query();

    Query &bind(std::int64_t value);
    Query &bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Query &bind(bool value) { return bind(static_cast<std::int64_t>(value)); }
    Query &bind(double value);
    Query &bind(std::string_view text);            ///< must be UTF-8 without NUL
    Query &bind(const char *text) { return bind(std::string_view(text)); }
    Query &bind(const std::string &text) { return bind(std::string_view(text)); }
    Query &bindBytes(BytesView bytes);
    Query &bindNull();
    template<class T>
    Query &bind(const std::optional<T> &value) { return value ? bind(*value) : bindNull(); }

    /// Runs with what was bound; the bindings are then cleared and the query may be bound and run again.
    Status exec();
    /// Moves to the next row; false at the end. Io on failure.
    Result<bool> next();
    std::int64_t rowsAffected() const;

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    Bytes bytes(int column) const;
    std::optional<std::int64_t> integerOrNull(int column) const;
    std::optional<double> realOrNull(int column) const;

private:
    friend class Connection;
    struct Private;
    explicit Query(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

struct OpenOptions {
    bool create = false;    ///< SQLite: make the file if missing. PostgreSQL: make the schema if missing
    bool readOnly = false;
    std::string password;   ///< PostgreSQL; never logged, never stored
};

/// One connection, owned by one thread. SQLite is opened with journal_mode=TRUNCATE, synchronous=FULL, foreign_keys and
/// recursive_triggers on, trusted_schema off; PostgreSQL with READ COMMITTED, UTC, search_path to the location's schema only.
class Connection
{
public:
    /// NotFound: no such file or database. Denied: credentials. Io: unreachable, not a database, disk.
    static Result<std::unique_ptr<Connection>> open(const Location &location, const OpenOptions &options = {});
    /// A private database in memory, for replay.
    static Result<std::unique_ptr<Connection>> openInMemory();
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    Backend backend() const;
    const Location &location() const;
    bool isReadOnly() const;

    /// Prepares, or takes a prepared one from the cache (same text): hot statements are parsed once.
    Result<Query> prepare(std::string_view sql);
    /// One statement without rows.
    Status exec(std::string_view sql);

    /// Begins a write: BEGIN IMMEDIATE on SQLite, retried with jitter for up to `patience` while another program writes;
    /// BEGIN on PostgreSQL. Conflict: still locked after that; the message names what to do. Use Transaction.
    Status begin(std::chrono::milliseconds patience = std::chrono::seconds(30));
    Status commit();
    Status rollback();
    bool inTransaction() const;

    struct Private;
    Private &internals() { return *d; } ///< for the bulk writer in this module

private:
    explicit Connection(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// Commits only when told to; a Transaction that dies uncommitted rolls back.
class Transaction
{
public:
    static Result<Transaction> begin(Connection &connection, std::chrono::milliseconds patience = std::chrono::seconds(30));
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    Status commit();

private:
    explicit Transaction(Connection &connection) : m_connection(&connection) {}
    Connection *m_connection;
};

/// Rows into one table as fast as the database takes them: sqlite3's C API on the Qt handle, binary COPY through libpq's.
/// Inside a transaction only. Values are given column by column; a row ends with endRow().
class BulkWriter
{
public:
    enum class Type { Integer, Real, Text, Blob };
    struct Column {
        std::string name;
        Type type;
    };
    static Result<BulkWriter> open(Connection &connection, std::string_view table, std::vector<Column> columns);
    BulkWriter(BulkWriter &&) noexcept;
    BulkWriter &operator=(BulkWriter &&) noexcept;
    ~BulkWriter(); ///< without finish(), the rows of an open COPY are abandoned; the transaction must be rolled back

    BulkWriter &add(std::int64_t value);
    BulkWriter &add(double value); ///< NaN is written as NULL
    BulkWriter &addText(std::string_view text);
    BulkWriter &addBytes(BytesView bytes);
    BulkWriter &addNull();
    template<class T>
    BulkWriter &add(const std::optional<T> &value) { return value ? add(*value) : addNull(); }
    Status endRow();
    /// While a COPY is open no other statement may run on the connection: finish first.
    Status finish();

private:
    struct Private;
    explicit BulkWriter(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

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
/// Brings the schema up to the last migration, each step in its own transaction, recorded in schema_migration(number, name, digest,
/// applied_at). Unsupported: the database is newer than the program. Tampered: a recorded digest differs from ours.
Status migrate(Connection &connection, std::span<const Migration> migrations);

} // namespace countersign::database
