#include "models/database/sqlite/sqliteconnection.h"

#include "models/database/sqlite/sqlitebulk.h"
#include "models/database/sqlite/sqlitejournal.h"
#include "models/database/sqlite/sqlitequery.h"

#include <QSqlError>

#include <algorithm>
#include <cstring>

namespace countersign::database {

namespace {

constexpr std::int64_t kApplicationId = 0x43534731; // "CSG1"
constexpr std::size_t kMostStatements = 512;
constexpr int kLargestValue = 512 << 20;
/// How long a read, or a write outside begin(), waits for another program's commit.
constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(10);
/// Whoever sits longer in the turnstile waits for a long transaction; queueing up behind it gains nothing.
constexpr std::chrono::milliseconds kLongestTurn = std::chrono::seconds(2);

} // namespace

SqliteConnection::SqliteConnection(Location place) : Private(std::move(place), "QSQLITE"), m_patience(kPatience) {}

SqliteConnection::~SqliteConnection()
{
    forgetStatements();
    removeJournal();
    closeQt();
}

Status SqliteConnection::open(const QString &name, const QString &options)
{
    if (!qt.isValid())
        return Error{ErrorKind::Unsupported, "Qt's driver for SQLite is missing. Install the package libqt6sql6-sqlite.", {}};
    qt.setDatabaseName(name);
    qt.setConnectOptions(options);
    if (!qt.open())
        return sqliteError(qt.lastError().nativeErrorCode().toInt(), oneLine(qt.lastError().databaseText().toStdString()), location, {});
    m_handle = nativeHandle<sqlite3>("sqlite3*");
    if (!m_handle)
        return Error{ErrorKind::Unsupported, "Qt's driver for SQLite is not the one this program was built for. Install the package libqt6sql6-sqlite.", {}};
    sqlite3_busy_handler(m_handle, &SqliteConnection::onBusy, this);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    // A file that claims larger values is not one of ours, and must not make us ask for the memory.
    sqlite3_limit(m_handle, SQLITE_LIMIT_LENGTH, kLargestValue);
    sqlite3_set_authorizer(m_handle, &SqliteConnection::authorize, this);
    for (const char *pragma : {"PRAGMA recursive_triggers=ON", "PRAGMA cell_size_check=ON", "PRAGMA cache_size=-32768"}) {
        if (const auto done = run(pragma); !done)
            return done;
    }
    return {};
}

Status SqliteConnection::openFile(const char *mode)
{
    m_turnstile = std::make_unique<Turnstile>(location.file);
    return open(QString::fromStdString(sqliteUri(location.file, mode)), QStringLiteral("QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=0"));
}

Status SqliteConnection::openScratch()
{
    // Without a name SQLite makes a temporary database that reaches a file only where it outgrows the cache, and is removed by itself.
    if (const auto opened = open(QString(), {}); !opened)
        return opened;
    for (const char *pragma : {"PRAGMA cache_size=-131072", "PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY"})
        if (const auto done = run(pragma); !done)
            return done;
    return {};
}

Status SqliteConnection::becomeWorkspace(bool mayCreate)
{
    const auto isEmpty = [this] { return number("SELECT count(*) FROM sqlite_schema"); };
    auto id = number("PRAGMA application_id");
    if (!id)
        return id.error();
    if (*id == 0 && mayCreate && !readOnly) {
        // Looked at again under the lock: another program may be making the same workspace.
        if (const auto begun = begin(kPatience); !begun)
            return begun;
        const auto tables = isEmpty();
        id = number("PRAGMA application_id");
        if (tables && id && *tables == 0 && *id == 0) {
            if (const auto marked = run("PRAGMA application_id=0x43534731"); !marked)
                return marked;
        }
        if (const auto committed = commit(); !committed)
            return committed;
        id = number("PRAGMA application_id");
    }
    if (!id)
        return id.error();
    if (*id != kApplicationId)
        return Error{ErrorKind::Invalid, "“" + location.file.native() + "” is a database, but not a Countersign workspace. Choose another file.", {}};
    if (readOnly)
        return {};
    // The answer is the mode that it is in: another program that has it open in WAL mode keeps it there.
    const auto mode = text("PRAGMA journal_mode=TRUNCATE");
    if (!mode)
        return mode.error();
    if (*mode != "truncate") {
        readOnly = true;
        readOnlyReason = obstacle = "“" + location.file.native() + "” is open in another program that keeps a write-ahead log, which this version of SQLite could damage, so it can only be read. Close the other program.";
        return {};
    }
    if (const auto done = run("PRAGMA synchronous=FULL"); !done)
        return done;
    m_leavesJournal = true;
    return {};
}

bool SqliteConnection::isGuarded(const char *table) const
{
    // A scratch database has nobody to keep it from.
    return table && !location.file.empty() && std::find(guarded.begin(), guarded.end(), table) != guarded.end();
}

int SqliteConnection::authorize(void *self, int action, const char *first, const char *second, const char *, const char *)
{
    auto &connection = *static_cast<SqliteConnection *>(self);
    bool isForbidden = false;
    bool writes = false;
    switch (action) {
    case SQLITE_ATTACH: // a second file would be part of every statement
    case SQLITE_DETACH: isForbidden = true; break;
    case SQLITE_FUNCTION: isForbidden = second && std::strcmp(second, "load_extension") == 0; break;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
    case SQLITE_DROP_TABLE: writes = connection.isGuarded(first); break;
    case SQLITE_ALTER_TABLE:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_CREATE_INDEX:
    case SQLITE_DROP_INDEX: writes = connection.isGuarded(second); break;
    default: break;
    }
    connection.m_writesGuarded = connection.m_writesGuarded || writes;
    isForbidden = isForbidden || (writes && connection.openDoors == 0);
    connection.m_wasRefused = connection.m_wasRefused || isForbidden;
    return isForbidden ? SQLITE_DENY : SQLITE_OK;
}

/// A workspace at rest is one file. SQLite deletes the journal when a connection goes from TRUNCATE to DELETE, and does so under a
/// RESERVED lock: nobody can be using it (other connections close it whenever they unlock the database). Where somebody is writing
/// right now it stays, empty or in use, and the last one to close removes it.
void SqliteConnection::removeJournal()
{
    if (!m_leavesJournal)
        return;
    sqlite3_busy_handler(m_handle, nullptr, nullptr);
    static_cast<void>(run("PRAGMA journal_mode=DELETE"));
}

int SqliteConnection::onBusy(void *self, int count)
{
    auto &connection = *static_cast<SqliteConnection *>(self);
    const auto now = std::chrono::steady_clock::now();
    if (count == 0)
        connection.m_busySince = now;
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - connection.m_busySince);
    if (waited >= connection.m_patience)
        return 0;
    sleepWithJitter(waited);
    return 1;
}

Error SqliteConnection::failure(int code, std::string_view sql)
{
    spoiled = spoiled || inTransaction();
    return sqliteError(code, oneLine(sqlite3_errmsg(m_handle)), location, sql);
}

Status SqliteConnection::run(const char *sql)
{
    const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return sqliteError(sqlite3_extended_errcode(m_handle), oneLine(sqlite3_errmsg(m_handle)), location, sql);
    return {};
}

Result<std::int64_t> SqliteConnection::number(const char *sql)
{
    const auto statement = compile(sql);
    if (!statement)
        return statement.error();
    const int code = sqlite3_step(*statement);
    const std::int64_t value = code == SQLITE_ROW ? sqlite3_column_int64(*statement, 0) : 0;
    const Error error = code == SQLITE_ROW ? Error() : failure(code, sql);
    sqlite3_finalize(*statement);
    if (code != SQLITE_ROW)
        return error;
    return value;
}

Error SqliteConnection::notThisWay(std::string_view sql)
{
    spoiled = spoiled || inTransaction();
    return {ErrorKind::Denied, "The database does not allow this: the ledger is written by its own routine, one file at a time, and without extensions.", excerpt(sql)};
}

Result<std::string> SqliteConnection::text(const char *sql)
{
    const auto statement = compile(sql);
    if (!statement)
        return statement.error();
    const int code = sqlite3_step(*statement);
    const auto *found = code == SQLITE_ROW ? reinterpret_cast<const char *>(sqlite3_column_text(*statement, 0)) : nullptr;
    const std::string value = found ? found : "";
    const Error error = code == SQLITE_ROW ? Error() : failure(code, sql);
    sqlite3_finalize(*statement);
    if (code != SQLITE_ROW)
        return error;
    return value;
}

Result<sqlite3_stmt *> SqliteConnection::compile(std::string_view sql, unsigned flags)
{
    sqlite3_stmt *statement = nullptr;
    const char *tail = nullptr;
    m_writesGuarded = false;
    m_wasRefused = false;
    int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), flags, &statement, &tail);
    if (code != SQLITE_OK && m_wasRefused)
        return notThisWay(sql);
    if (code != SQLITE_OK)
        return failure(code, sql);
    // What follows must be comments or nothing: a second statement would be dropped without a word.
    sqlite3_stmt *second = nullptr;
    const auto rest = static_cast<int>(sql.data() + sql.size() - tail);
    code = statement && rest > 0 ? sqlite3_prepare_v3(m_handle, tail, rest, 0, &second, nullptr) : SQLITE_OK;
    const bool isOne = statement && code == SQLITE_OK && !second;
    sqlite3_finalize(second);
    if (!isOne) {
        sqlite3_finalize(statement);
        return Error{ErrorKind::Invalid, "A text for the database must hold exactly one statement.", excerpt(sql)};
    }
    return statement;
}

Result<std::unique_ptr<Query::Private>> SqliteConnection::prepare(std::string_view sql)
{
    auto found = m_cache.find(sql);
    if (found != m_cache.end() && found->second.needsDoor && openDoors == 0)
        return notThisWay(sql);
    if (found != m_cache.end() && !found->second.idle.empty()) {
        sqlite3_stmt *statement = found->second.idle.back();
        found->second.idle.pop_back();
        ++found->second.borrowed;
        return std::unique_ptr<Query::Private>(std::make_unique<SqliteQuery>(*this, found->second, statement));
    }
    const auto statement = compile(sql, SQLITE_PREPARE_PERSISTENT);
    if (!statement)
        return statement.error();
    if (found == m_cache.end()) {
        if (m_cache.size() >= kMostStatements)
            forgetStatements();
        found = m_cache.emplace(sql, Prepared()).first;
    }
    found->second.needsDoor = found->second.needsDoor || m_writesGuarded;
    ++found->second.borrowed;
    return std::unique_ptr<Query::Private>(std::make_unique<SqliteQuery>(*this, found->second, *statement));
}

void SqliteConnection::giveBack(Prepared &prepared, sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    prepared.idle.push_back(statement);
    --prepared.borrowed;
}

void SqliteConnection::forgetStatements()
{
    for (auto &[text, prepared] : m_cache) {
        for (sqlite3_stmt *statement : prepared.idle)
            sqlite3_finalize(statement);
        prepared.idle.clear();
    }
    std::erase_if(m_cache, [](const auto &entry) { return entry.second.borrowed == 0; });
}

Status SqliteConnection::exec(std::string_view sql)
{
    const auto statement = compile(sql);
    if (!statement)
        return statement.error();
    int code = sqlite3_step(*statement);
    while (code == SQLITE_ROW)
        code = sqlite3_step(*statement);
    const Status status = code == SQLITE_DONE ? Status() : Status(failure(code, sql));
    sqlite3_finalize(*statement);
    return status;
}

Status SqliteConnection::waitAndRun(const char *sql, std::chrono::milliseconds patience)
{
    m_patience = patience;
    const auto start = std::chrono::steady_clock::now();
    int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    // SQLite gives up at once, without asking the busy handler, where it fears a deadlock or a hot journal is being rolled back.
    while ((code & 0xFF) == SQLITE_BUSY) {
        const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
        if (waited >= patience)
            break;
        sleepWithJitter(waited);
        m_patience = patience - waited;
        code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    }
    m_patience = kPatience;
    if (code != SQLITE_OK)
        return sqliteError(sqlite3_extended_errcode(m_handle), oneLine(sqlite3_errmsg(m_handle)), location, sql);
    return {};
}

Status SqliteConnection::begin(std::chrono::milliseconds patience)
{
    const auto start = std::chrono::steady_clock::now();
    if (m_turnstile)
        m_turnstile->enter(std::min(patience, kLongestTurn));
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    const auto begun = waitAndRun("BEGIN IMMEDIATE", std::max(patience - waited, std::chrono::milliseconds(0)));
    if (m_turnstile)
        m_turnstile->leave();
    return begun;
}

Status SqliteConnection::beginRead()
{
    // The state is fixed by the first read, not by BEGIN.
    if (const auto begun = run("BEGIN"); !begun)
        return begun;
    const auto first = number("SELECT count(*) FROM sqlite_schema");
    if (first)
        return {};
    static_cast<void>(rollback());
    return first.error();
}

Status SqliteConnection::commit()
{
    return waitAndRun("COMMIT", std::chrono::seconds(30));
}

Status SqliteConnection::rollback()
{
    spoiled = false;
    return run("ROLLBACK");
}

Result<std::unique_ptr<BulkWriter::Private>> SqliteConnection::openBulk(std::string_view table, std::vector<BulkWriter::Column> columns)
{
    std::string names;
    std::string marks;
    for (const auto &column : columns) {
        names += (names.empty() ? "\"" : ",\"") + column.name + "\"";
        marks += marks.empty() ? "?" : ",?";
    }
    const auto statement = compile("INSERT INTO \"" + std::string(table) + "\"(" + names + ") VALUES(" + marks + ")");
    if (!statement)
        return statement.error();
    return std::unique_ptr<BulkWriter::Private>(std::make_unique<SqliteBulk>(*this, std::move(columns), *statement));
}

/// A connection that may only read cannot undo what a killed program left, and could not read before that is done.
static Status rollBackUnfinished(const Location &location)
{
    SqliteConnection writer(location);
    if (const auto opened = writer.openFile("rw"); !opened)
        return opened;
    const auto read = writer.exec("SELECT count(*) FROM sqlite_schema");
    return read ? Status() : Status(read.error());
}

Result<std::unique_ptr<Connection::Private>> openSqlite(const Location &named, const OpenOptions &options)
{
    const bool mayCreate = options.create && !options.readOnly && !options.foreign;
    if (const auto checked = checkSqliteFile(named.file, mayCreate); !checked)
        return checked.error();
    // The journal lies beside the file itself, whatever name led there.
    Location location = named;
    if (const auto file = withoutLinks(named.file); file != std::filesystem::absolute(named.file).lexically_normal())
        location.file = file;
    auto connection = std::make_unique<SqliteConnection>(location);
    if (isLink(named.file))
        connection->note = "“" + named.file.native() + "” is a link; the workspace is “" + location.file.native() + "”.";
    std::error_code ignored;
    const bool exists = std::filesystem::exists(location.file, ignored);
    const std::string obstacle = whyReadOnly(location.file);
    if (!exists && !obstacle.empty())
        return Error{ErrorKind::Denied, "No workspace can be made here. " + obstacle, {}};
    connection->obstacle = obstacle;
    connection->readOnly = options.readOnly || options.foreign || !obstacle.empty();
    if (connection->readOnly)
        connection->readOnlyReason = !obstacle.empty() ? obstacle : "“" + location.file.native() + "” was opened for reading only.";
    if (!options.foreign)
        if (const auto plain = checkJournal(location.file); !plain)
            return plain.error();
    // Another program's database is read without undoing anything.
    const auto isUnfinished = options.foreign || !obstacle.empty() ? Result<bool>(false) : hasUnfinishedWork(location, options);
    if (!isUnfinished)
        return isUnfinished.error();
    if (*isUnfinished)
        connection->note += (connection->note.empty() ? "" : " ")
            + std::string("A journal lay beside the file: a program that wrote was ended in the middle, and what it had not finished was undone.");
    if (options.readOnly && *isUnfinished)
        if (const auto whole = rollBackUnfinished(location); !whole)
            return whole.error();
    const Status opened = connection->openFile(connection->readOnly ? "ro" : mayCreate ? "rwc" : "rw");
    if (!opened)
        return opened.error();
    if (!options.foreign) {
        if (const auto workspace = connection->becomeWorkspace(mayCreate); !workspace)
            return workspace.error();
    } else if (const auto readable = connection->exec("SELECT count(*) FROM sqlite_schema"); !readable) {
        return readable.error();
    }
    return std::unique_ptr<Connection::Private>(std::move(connection));
}

Result<std::unique_ptr<Connection::Private>> openSqliteAsItLies(const Location &location)
{
    auto connection = std::make_unique<SqliteConnection>(location);
    connection->readOnly = true;
    connection->readOnlyReason = "“" + location.file.native() + "” was opened as it lies, for reading only.";
    if (const auto opened = connection->openFile("ro&immutable=1"); !opened)
        return opened.error();
    return std::unique_ptr<Connection::Private>(std::move(connection));
}

Result<std::unique_ptr<Connection::Private>> openSqliteScratch()
{
    auto connection = std::make_unique<SqliteConnection>(Location::sqlite({}));
    if (const auto opened = connection->openScratch(); !opened)
        return opened.error();
    return std::unique_ptr<Connection::Private>(std::move(connection));
}

} // namespace countersign::database
