#pragma once

#include "models/base/result.h"
#include "models/database/bulkwriter.h"
#include "models/database/location.h"
#include "models/database/migrations.h"
#include "models/database/query.h"
#include "models/database/transaction.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// SQL for both databases through one door. The only module that includes <QSql…>, sqlite3.h or libpq-fe.h.
namespace countersign::database {

class Connection;

struct OpenOptions {
    bool create = false;    ///< SQLite: make the file if missing. PostgreSQL: make the schema if missing
    bool readOnly = false;
    bool foreign = false;   ///< another program's database (an MLflow backend): read-only, no checks of ours, no pragmas that write
    std::string password{}; ///< PostgreSQL; never logged, never stored
    /// SQLite: a program that was ended while it wrote left a journal, which is undone in the file by whoever opens it next. Asked before whether the file
    /// may become what `undone` is, a copy in which that was done; `found` reads the file as it lies, parts of it half written, or is null where that
    /// cannot be. An error, which says what `undone` is: nothing is opened or changed. Without it whatever lies there is undone.
    std::function<Status(Connection &undone, Connection *found)> mayUndo{};
};

/// One connection, owned by one thread. SQLite is opened with journal_mode=TRUNCATE, synchronous=FULL, foreign_keys and
/// recursive_triggers on, trusted_schema off; PostgreSQL with READ COMMITTED, UTC, search_path to the location's schema only.
class Connection
{
public:
    /// NotFound: no such file or database. Denied: credentials. Io: unreachable, not a database, disk. Invalid: not a workspace.
    static Result<std::unique_ptr<Connection>> open(const Location &location, const OpenOptions &options = {});
    /// A private SQLite database for a replay: in memory while it is small, beyond that in a temporary file that nobody else sees and that goes
    /// with the connection.
    static Result<std::unique_ptr<Connection>> openScratch();
    /// SQLite: reads the file without a look at locks or at a journal beside it, for who judges what lies there. Nothing may write meanwhile.
    static Result<std::unique_ptr<Connection>> openAsItLies(const Location &location);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    Backend backend() const;
    const Location &location() const;
    /// Asked for, or the file, its folder, a network file system or the server leaves nothing else; the reason is a sentence.
    bool isReadOnly() const;
    const std::string &readOnlyReason() const;
    /// From now on nothing can be written through this connection; the reason is a sentence.
    Status makeReadOnly(std::string reason);
    /// Why nobody could write here now, also when only reading was asked for; a sentence, or empty.
    const std::string &obstacle() const;
    /// What a person should know about where it lies: it was reached through a link, unfinished work was rolled back. Sentences, or empty.
    const std::string &note() const;

    /// Prepares, or takes a prepared one from the cache (same text): hot statements are parsed once.
    Result<Query> prepare(std::string_view sql);
    /// One statement without rows.
    Status exec(std::string_view sql);
    /// Waits until everything posted (Query::post) is done; the first failure.
    Status flush();

    /// Begins a write: BEGIN IMMEDIATE on SQLite, retried with jitter for up to `patience` while another program writes;
    /// BEGIN on PostgreSQL. Conflict: still locked after that; the message names what to do. Use Transaction.
    Status begin(std::chrono::milliseconds patience = std::chrono::seconds(30));
    /// Begins reading: all statements until commit() see one state. On SQLite writers wait meanwhile, so be short. Use Transaction::read.
    Status beginRead();
    /// Io: nothing is known to be recorded. Conflict: readers held the file too long, or a statement before had failed; rolled back.
    Status commit();
    Status rollback();
    bool inTransaction() const;

    /// From now on statements of this connection write these tables only while a TableDoor is open. Of SQLite's files alone: PostgreSQL
    /// has roles for that, and a database in memory has nobody else.
    void guardTables(std::vector<std::string> names);

    struct Private;
    Private &internals() { return *d; } ///< for the bulk writer in this module

private:
    explicit Connection(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

/// While one is alive, guarded tables may be written; the few functions whose work that is open it.
class TableDoor
{
public:
    explicit TableDoor(Connection &connection);
    ~TableDoor();
    TableDoor(const TableDoor &) = delete;
    TableDoor &operator=(const TableDoor &) = delete;

private:
    Connection &m_connection;
};

} // namespace countersign::database
