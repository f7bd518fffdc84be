#include "models/database/migrations.h"

#include "models/database/connection.h"

#include "models/database/backend.h"

#include <map>

namespace countersign::database {

namespace {

struct Recorded {
    std::string name;
    std::string digest;
};

Result<bool> hasTable(Connection &connection)
{
    const bool isSqlite = connection.backend() == Backend::Sqlite;
    auto query = connection.prepare(isSqlite ? "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name='schema_migration'"
                                             : "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname=current_schema() AND tablename='schema_migration'");
    if (!query)
        return query.error();
    if (const auto run = query->exec(); !run)
        return run.error();
    const auto row = query->next();
    if (!row)
        return row.error();
    return query->integer(0) == 1;
}

Result<std::map<int, Recorded>> recorded(Connection &connection)
{
    std::map<int, Recorded> steps;
    const auto exists = hasTable(connection);
    if (!exists)
        return exists.error();
    if (!*exists)
        return steps;
    auto query = connection.prepare("SELECT number, name, digest FROM schema_migration ORDER BY number");
    if (!query)
        return query.error();
    if (const auto run = query->exec(); !run)
        return run.error();
    auto row = query->next();
    for (; row && *row; row = query->next())
        steps[static_cast<int>(query->integer(0))] = {query->text(1), query->text(2)};
    if (!row)
        return row.error();
    return steps;
}

/// The number of the last step, when what is recorded is a beginning of ours.
Result<int> checked(const std::map<int, Recorded> &steps, std::span<const Migration> migrations)
{
    const int newest = migrations.empty() ? 0 : migrations.back().number;
    const int found = steps.empty() ? 0 : steps.rbegin()->first;
    if (found > newest)
        return Error{ErrorKind::Unsupported,
                     "The workspace has schema " + std::to_string(found) + ", but this program knows only schemas up to " + std::to_string(newest) + ". Use a newer Countersign.",
                     {}};
    for (const auto &migration : migrations) {
        const auto step = steps.find(migration.number);
        if (migration.number <= found && (step == steps.end() || step->second.digest != migration.digest))
            return Error{ErrorKind::Tampered,
                         "The workspace's schema was not made by this program's step " + std::to_string(migration.number) + " (" + migration.name + "). Restore a backup, or ask who changed it.",
                         {}};
    }
    return found;
}

/// What to do about a schema that is older than the program and may only be read here.
std::string oldSchema(const Connection &connection, int found, int newest)
{
    if (found == 0)
        return "No workspace can be made here. " + connection.readOnlyReason();
    return "The workspace is from an older Countersign (schema " + std::to_string(found) + "; this program needs " + std::to_string(newest)
        + "). Open it once for writing, in the window or with a command that records something: that brings it up to date and changes nothing that is recorded. "
        + connection.readOnlyReason();
}

Status createTable(Connection &connection)
{
    auto transaction = Transaction::begin(connection);
    if (!transaction)
        return transaction.error();
    const bool isSqlite = connection.backend() == Backend::Sqlite;
    const auto made = connection.exec(isSqlite ? "CREATE TABLE IF NOT EXISTS schema_migration(number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT"
                                               : "CREATE TABLE IF NOT EXISTS schema_migration(number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    return made ? transaction->commit() : made;
}

Status ensureTable(Connection &connection)
{
    const auto exists = hasTable(connection);
    if (!exists || *exists)
        return exists ? Status() : Status(exists.error());
    const auto made = createTable(connection);
    if (made)
        return made;
    // PostgreSQL, two programs at once: the later one meets the earlier one's table or its row type in the catalogue.
    const auto existsNow = hasTable(connection);
    return existsNow && *existsNow ? Status() : made;
}

Status record(Connection &connection, const Migration &migration)
{
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count();
    auto query = connection.prepare("INSERT INTO schema_migration(number, name, digest, applied_at) VALUES(?, ?, ?, ?)");
    if (!query)
        return query.error();
    return query->bind(migration.number).bind(migration.name).bind(migration.digest).bind(std::int64_t{now}).exec();
}

/// One step in its transaction. Another program may have taken it while we waited for the lock: then nothing is left to do.
Status apply(Connection &connection, const Migration &migration, std::span<const Migration> migrations)
{
    auto transaction = Transaction::begin(connection);
    if (!transaction)
        return transaction.error();
    // SQLite has locked the file already.
    if (connection.backend() == Backend::Postgres) {
        if (const auto locked = connection.exec("LOCK TABLE schema_migration IN SHARE ROW EXCLUSIVE MODE"); !locked)
            return locked;
    }
    const auto steps = recorded(connection);
    const auto version = steps ? checked(*steps, migrations) : Result<int>(steps.error());
    if (!version || *version >= migration.number)
        return version ? Status() : Status(version.error());
    for (const auto &statement : migration.statements) {
        if (const auto done = connection.exec(statement); !done)
            return done.error().in("schema step " + std::to_string(migration.number));
    }
    if (const auto noted = record(connection, migration); !noted)
        return noted;
    // Other programs that look at the file see its layout there; ours look at schema_migration as well.
    if (connection.backend() == Backend::Sqlite)
        if (const auto marked = connection.exec("PRAGMA user_version=" + std::to_string(migration.number)); !marked)
            return marked;
    return transaction->commit();
}

/// Steps are taken as the role that owns the schema, so that what they make is that role's as well. PostgreSQL only.
class AsOwner
{
public:
    /// `why`: the beginning of the sentence for who is no member of that role.
    static Result<AsOwner> become(Connection &connection, const std::string &why)
    {
        AsOwner role(connection);
        if (connection.backend() != Backend::Postgres)
            return role;
        auto query = connection.prepare("SELECT r.rolname, quote_ident(r.rolname), pg_has_role(r.oid, 'MEMBER'), r.rolname = current_user FROM pg_catalog.pg_namespace n "
                                        "JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner WHERE n.nspname = current_schema()");
        const auto run = query ? query->exec() : Status(query.error());
        const auto row = run ? query->next() : Result<bool>(run.error());
        if (!row)
            return row.error();
        if (!*row || query->integer(3))
            return role;
        if (!query->integer(2))
            return Error{ErrorKind::Denied,
                         why + ", and is brought up to date by its owner, “" + query->text(0)
                             + "”. Ask who administers the database to open it once with a login that is a member of that role; nothing that is recorded changes.",
                         {}};
        const auto set = connection.exec("SET ROLE " + query->text(1));
        if (!set)
            return set.error();
        role.m_isOther = true;
        return role;
    }
    AsOwner(AsOwner &&other) noexcept : m_connection(other.m_connection), m_isOther(std::exchange(other.m_isOther, false)) {}
    AsOwner &operator=(AsOwner &&) = delete;
    ~AsOwner()
    {
        if (m_isOther)
            static_cast<void>(m_connection.exec("RESET ROLE"));
    }

private:
    explicit AsOwner(Connection &connection) : m_connection(connection) {}
    Connection &m_connection;
    bool m_isOther = false;
};

} // namespace

std::vector<std::string> splitStatements(std::string_view script)
{
    std::vector<std::string> statements;
    std::string current;
    const auto close = [&] {
        if (!oneLine(current).empty())
            statements.push_back(current);
        current.clear();
    };
    while (!script.empty()) {
        const auto end = std::min(script.find('\n'), script.size());
        const auto line = script.substr(0, end);
        script.remove_prefix(std::min(end + 1, script.size()));
        if (oneLine(line) == "-- next")
            close();
        else
            current.append(line).append("\n");
    }
    close();
    return statements;
}

Result<int> schemaVersion(Connection &connection)
{
    const auto steps = recorded(connection);
    if (!steps)
        return steps.error();
    return steps->empty() ? 0 : steps->rbegin()->first;
}

Status checkSchema(Connection &connection, std::span<const Migration> migrations)
{
    const auto steps = recorded(connection);
    const auto version = steps ? checked(*steps, migrations) : Result<int>(steps.error());
    if (!version)
        return version.error();
    if (*version == migrations.back().number)
        return {};
    if (*version == 0)
        return Error{ErrorKind::NotFound, "There is no workspace in " + connection.location().text() + ".", {}};
    return Error{ErrorKind::Unsupported, oldSchema(connection, *version, migrations.back().number), {}};
}

Status migrate(Connection &connection, std::span<const Migration> migrations)
{
    for (std::size_t i = 0; i < migrations.size(); ++i) {
        if (migrations[i].number != static_cast<int>(i) + 1)
            return Error{ErrorKind::Invalid, "The steps of the schema are not numbered 1, 2, 3 ….", {}};
    }
    const auto steps = recorded(connection);
    const auto version = steps ? checked(*steps, migrations) : Result<int>(steps.error());
    if (!version)
        return version.error();
    if (static_cast<std::size_t>(*version) == migrations.size())
        return {};
    if (connection.isReadOnly())
        return Error{ErrorKind::Denied, oldSchema(connection, *version, static_cast<int>(migrations.size())), {}};
    const auto owner = AsOwner::become(connection, "The workspace is from an older Countersign (schema " + std::to_string(*version) + "; this program needs " + std::to_string(migrations.size()) + ")");
    if (!owner)
        return owner.error();
    if (const auto made = ensureTable(connection); !made)
        return made;
    for (const auto &migration : migrations.subspan(static_cast<std::size_t>(*version))) {
        if (const auto applied = apply(connection, migration, migrations); !applied)
            return applied;
    }
    connection.internals().forgetStatements();
    return {};
}

Status asSchemaOwner(Connection &connection, const std::string &why, const std::function<Status()> &work)
{
    const auto owner = AsOwner::become(connection, why);
    return owner ? work() : Status(owner.error());
}

} // namespace countersign::database
