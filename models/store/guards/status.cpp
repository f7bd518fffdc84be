#include "models/store/guards/status.h"

#include "models/base/text.h"
#include "models/store/guards/objects.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

namespace countersign::store {

namespace {

using State = DatabaseCheck::State;

std::string quoted(const std::string &name) { return "“" + text::visible(name) + "”"; }

class Looking
{
public:
    explicit Looking(database::Connection &connection) : m_connection(connection), m_sql(connection) {}

    Result<std::vector<DatabaseCheck>> run()
    {
        schema();
        m_connection.backend() == database::Backend::Sqlite ? sqlite() : postgres();
        if (!m_sql.ok())
            return m_sql.status().error();
        return std::move(m_checks);
    }

private:
    void add(const char *name, State state, std::string sentence) { m_checks.push_back({name, state, std::move(sentence)}); }

    std::string setting(const char *name) { return m_sql.text("SELECT current_setting(?, true)", name).value_or(""); }
    std::string pragma(const char *text) { return m_sql.text(text).value_or(""); }

    void schema()
    {
        const auto steps = migrations(m_connection.backend());
        if (const auto status = database::checkSchema(m_connection, steps); !status) {
            add("Schema", State::Fails, status.error().message);
            return;
        }
        const auto foreign = foreignObjects(m_connection);
        if (!foreign) {
            m_sql.fail(foreign.error());
            return;
        }
        if (foreign->empty())
            add("Schema", State::Holds, "Step " + std::to_string(steps.back().number) + ", with this program's tables, triggers and functions.");
        for (const auto &object : *foreign)
            add("Schema", State::Fails, object.sentence);
    }

    void separation()
    {
        const auto separation = dutySeparation(m_connection);
        if (!separation)
            m_sql.fail(separation.error());
        else
            add("Duties", separation->isSeparated ? State::Holds : State::Weak, separation->sentence);
    }

    void sqlite()
    {
        separation();
        add("SQLite", State::Holds, "Version " + m_sql.text("SELECT sqlite_version()").value_or("") + ".");
        const std::string journal = pragma("PRAGMA journal_mode");
        // A connection that only reads leaves the journal as the last writer did; each writer sets it anew.
        add("Journal", journal == "wal" ? State::Fails : State::Holds,
            journal == "wal" ? "The file has a write-ahead log, which another program gave it, and which versions before 3.51.3 can damage. It is changed at the next opening for writing."
                             : "Rollback journal; who writes sets TRUNCATE and synchronous=FULL, so that a commit is on the disk when it is told.");
        add("Checks", pragma("PRAGMA foreign_keys") == "1" && pragma("PRAGMA cell_size_check") == "1" && pragma("PRAGMA trusted_schema") == "0" ? State::Holds : State::Fails,
            "Foreign keys and cell sizes are checked; functions in the schema are not trusted.");
        if (!m_connection.note().empty())
            add("File", State::Weak, m_connection.note());
        if (!m_connection.obstacle().empty())
            add("Writing", State::Fails, m_connection.obstacle());
    }

    void postgres()
    {
        separation();
        logins();
        for (const char *name : {"fsync", "full_page_writes"})
            add(name, setting(name) == "off" ? State::Fails : State::Holds,
                setting(name) == "off" ? "Off: a power failure loses signatures. Nothing is written to this server until it is on." : "On.");
        const std::string commit = setting("synchronous_commit");
        add("synchronous_commit", commit == "off" ? State::Fails : State::Holds, commit == "off" ? "Off; the program switches it on for itself." : "It is " + commit + ".");
        const bool hasChecksums = setting("data_checksums") == "on";
        add("Checksums", hasChecksums ? State::Holds : State::Weak, hasChecksums ? "Pages carry checksums." : "Pages carry no checksums: bits that rot on the disk are found only by verification. See pg_checksums.");
        const std::string isolation = setting("default_transaction_isolation");
        add("Isolation", State::Holds, "The session's default is " + isolation + "; the ledger is written in READ COMMITTED under the lock of its head.");
        transport();
        if (!m_connection.obstacle().empty())
            add("Writing", State::Fails, m_connection.obstacle());
        add("Server", State::Holds, "PostgreSQL " + setting("server_version") + ".");
    }

    void logins()
    {
        std::string missing;
        const auto list = [](std::string &all, const std::string &name) { all += (all.empty() ? "" : ", ") + quoted(name); };
        std::int64_t bound = 0;
        m_sql.each("SELECT l.login, (r.rolname IS NOT NULL AND r.rolcanlogin)::int FROM login_person l LEFT JOIN pg_catalog.pg_roles r ON r.rolname = l.login ORDER BY 1", [&](const database::Query &row) {
            ++bound;
            if (!row.integer(1))
                list(missing, row.text(0));
        });
        if (bound == 0)
            return;
        std::string without;
        m_sql.each("SELECT p.name FROM person p WHERE NOT EXISTS (SELECT 1 FROM login_person l WHERE l.person = p.id) ORDER BY 1", [&](const database::Query &row) { list(without, row.text(0)); });
        add("Logins", missing.empty() ? State::Holds : State::Weak, std::to_string(bound) + (bound == 1 ? " login belongs" : " logins belong") + " to a person each." + (missing.empty() ? "" : " Not on this server any more: " + missing + "."));
        if (!without.empty())
            add("Logins", State::Weak, "Without a login of their own, so they cannot record anything: " + without + ". Run countersign-cli db provision again.");
        std::string strong;
        m_sql.each("SELECT r.rolname::text FROM pg_catalog.pg_roles r JOIN login_person l ON l.login = r.rolname, duty d JOIN pg_catalog.pg_roles o ON o.rolname = d.owner "
                   "WHERE r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR pg_has_role(r.oid, o.oid, 'MEMBER') ORDER BY 1",
                   [&](const database::Query &row) { list(strong, row.text(0)); });
        if (!strong.empty())
            add("Logins", State::Fails, "May do more than work here: " + strong + ". Take it from them, or give these people other logins.");
    }

    void transport()
    {
        const bool isEncrypted = m_sql.integer("SELECT 1 FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl") == 1;
        const bool isSocket = m_sql.text("SELECT coalesce(host(inet_client_addr()), '')").value_or("").empty();
        if (isEncrypted)
            add("Transport", State::Holds, "Encrypted, " + m_sql.text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").value_or("") + ".");
        else
            add("Transport", isSocket ? State::Holds : State::Weak, isSocket ? "A socket of this machine." : "Not encrypted: what is read and written crosses the network in the clear.");
    }

    database::Connection &m_connection;
    Statements m_sql;
    std::vector<DatabaseCheck> m_checks;
};

} // namespace

Result<Separation> dutySeparation(database::Connection &connection)
{
    if (connection.backend() == database::Backend::Sqlite)
        return Separation{false, "The database does not separate duties: it is a file, and whoever may write the file may change all of it. Verification shows that; nothing prevents it."};
    Statements sql(connection);
    const auto hasTable = sql.integer("SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'duty'");
    const std::string owner = sql.text("SELECT r.rolname::text FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner WHERE n.nspname = current_schema()").value_or("");
    const bool canLogIn = sql.integer("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ? AND rolcanlogin", owner).has_value();
    const auto member = hasTable ? sql.text("SELECT member FROM duty") : std::nullopt;
    const bool isMine = sql.integer("SELECT 1 FROM pg_catalog.pg_roles r, pg_catalog.pg_roles me WHERE r.rolname = ? AND me.rolname = session_user AND (me.rolsuper OR pg_has_role(me.oid, r.oid, 'MEMBER'))", owner).has_value();
    const std::string me = sql.text("SELECT session_user::text").value_or("");
    if (!sql.ok())
        return sql.status().error();
    if (!member || canLogIn)
        return Separation{false, "The database does not separate duties: the login " + quoted(owner) + " owns the workspace and may change all of it. Verification shows that; nothing prevents it. "
                                 "countersign-cli db provision separates them."};
    if (isMine)
        return Separation{true, "The database separates duties, but not for you: your login " + quoted(me) + " may act as the owner, " + quoted(owner) + ", and change all of it."};
    return Separation{true, "The database separates duties: " + quoted(owner) + " owns the workspace and nobody logs in as it; members of " + quoted(*member)
                            + " read, and write through its functions. A superuser of the server can still change all of it; verification shows that."};
}

Result<std::vector<DatabaseCheck>> databaseStatus(database::Connection &connection) { return Looking(connection).run(); }

} // namespace countersign::store
