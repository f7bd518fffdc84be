#include "models/database/postgres/postgresconnection.h"

#include "models/database/passwords.h"
#include "models/database/postgres/postgresbulk.h"
#include "models/database/postgres/postgresquery.h"

#include <QSqlError>

#include <algorithm>
#include <map>

namespace countersign::database {

namespace {

constexpr std::size_t kMostStatements = 512;
constexpr int kOldestServer = 130000;
/// Posted statements between two marks, and marks on their way: few enough that neither side ever waits for a full socket.
constexpr std::size_t kMarkAfter = 32;
constexpr std::size_t kMostMarks = 4;
/// Where Debian's server listens; named, because an empty host would follow PGHOST.
constexpr const char *kSocketFolder = "/var/run/postgresql";

/// Settings of the session. The catalogue is searched first without being named, temporary tables last, so that neither a stranger's
/// table nor a function can stand in for ours.
std::string sessionOptions(const Location &location, const OpenOptions &options)
{
    std::string out = "-c timezone=UTC -c datestyle=ISO -c extra_float_digits=1 -c default_transaction_isolation=read\\ committed -c idle_in_transaction_session_timeout=300000";
    if (!options.foreign || location.schema != Location().schema)
        out += " -c search_path=" + location.schema + ",pg_temp";
    if (options.readOnly || options.foreign)
        out += " -c default_transaction_read_only=on";
    // A list of 100,000 models is sorted in memory; with the default of 4 MB it goes over the server's disk.
    if (!options.foreign)
        out += " -c work_mem=32MB";
    return out;
}

std::string quotedValue(const std::string &value)
{
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "'";
}

void ignoreNotice(void *, const PGresult *) {}

/// Types whose binary form PostgresQuery reads: bool, bytea, name, int8, int2, int4, text, float8, bpchar, varchar.
bool isReadInBinary(const PGresult *description)
{
    constexpr Oid kTypes[] = {16, 17, 19, 20, 21, 23, 25, 701, 1042, 1043};
    const int columns = PQnfields(description);
    for (int column = 0; column < columns; ++column)
        if (std::ranges::find(kTypes, PQftype(description, column)) == std::ranges::end(kTypes))
            return false;
    return columns > 0;
}

} // namespace

std::vector<std::pair<std::string, std::string>> postgresParameters(const Location &location, const OpenOptions &options)
{
    const bool isHere = isThisMachine(location.host);
    std::map<std::string, std::string> parameters = {
        {"host", location.host.empty() ? kSocketFolder : location.host},
        {"hostaddr", ""},
        {"port", std::to_string(location.port)},
        {"dbname", location.databaseName},
        {"connect_timeout", "10"},
        {"application_name", "countersign"},
        {"gssencmode", "disable"},
        {"krbsrvname", "postgres"},
        {"keepalives", "1"},
        {"keepalives_idle", "30"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "3"},
        {"tcp_user_timeout", "15000"},
        // A server on another machine must prove who it is; nobody should have to know an option for that.
        {"sslmode", isHere ? "prefer" : "verify-full"},
        // Named although they are what libpq takes by itself: an empty one here is not looked for in the environment.
        {"sslrootcert", ""},
        {"sslcert", ""},
        {"sslkey", ""},
        {"sslcrl", ""},
        {"sslcrldir", ""},
        {"sslsni", "1"},
        {"sslcompression", "0"},
        {"ssl_min_protocol_version", "TLSv1.2"},
        {"ssl_max_protocol_version", ""},
        {"requirepeer", ""},
        {"target_session_attrs", "any"},
    };
    for (const auto &[key, value] : location.options) {
        if (key != "unsafe_durability")
            parameters[key] = value;
    }
    // With a password over a checked connection the server proves that it knows the password as well, on this very connection: nobody in between.
    if (!parameters.contains("channel_binding"))
        parameters["channel_binding"] = parameters["sslmode"].starts_with("verify") && !location.host.starts_with('/') && !location.host.empty() && !options.password.empty() && !options.foreign ? "require" : "prefer";
    parameters["client_encoding"] = "UTF8";
    // Ours last: the server takes the last of equal settings.
    auto &settings = parameters["options"];
    settings += (settings.empty() ? "" : " ") + sessionOptions(location, options);
    if (!location.user.empty())
        parameters["user"] = location.user;
    parameters["password"] = options.password;
    // Whatever else this libpq knows stands as it was compiled in. An unknown user is the one who works here.
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> known(PQconndefaults(), PQconninfoFree);
    for (const PQconninfoOption *option = known.get(); option && option->keyword; ++option)
        if (option->keyword != std::string_view("service")) // an empty one would be looked for
            parameters.try_emplace(option->keyword, option->compiled ? option->compiled : "");
    return {parameters.begin(), parameters.end()};
}

std::string postgresConnectionString(const Location &location, const OpenOptions &options)
{
    std::string text;
    for (const auto &[key, value] : postgresParameters(location, options))
        text += (text.empty() ? "" : " ") + key + "=" + quotedValue(value);
    return text;
}

PostgresConnection::PostgresConnection(Location place) : Private(std::move(place), "QPSQL") {}

Status PostgresConnection::open(const OpenOptions &options)
{
    if (!qt.isValid())
        return Error{ErrorKind::Unsupported, "Qt's driver for PostgreSQL is missing. Install the package libqt6sql6-psql.", {}};
    QString rest;
    for (const auto &[key, value] : postgresParameters(location, options)) {
        if (key == "password" && !value.empty())
            continue; // it may hold a ';', which the driver's option list cannot
        rest += QString::fromStdString((rest.isEmpty() ? "" : ";") + key + "=" + quotedValue(value));
    }
    qt.setConnectOptions(rest);
    qt.setPassword(QString::fromStdString(options.password));
    const bool opened = qt.open();
    qt.setPassword(QString());
    if (!opened)
        return postgresOpenError(location, options, oneLine(qt.lastError().databaseText().toStdString()));
    m_handle = nativeHandle<PGconn>("pg_conn*");
    if (!m_handle)
        return Error{ErrorKind::Unsupported, "Qt's driver for PostgreSQL is not the one this program was built for. Install the package libqt6sql6-psql.", {}};
    PQsetNoticeReceiver(m_handle, ignoreNotice, nullptr);
    return checkServer(options);
}

Status PostgresConnection::checkServer(const OpenOptions &options)
{
    if (PQserverVersion(m_handle) < kOldestServer)
        return Error{ErrorKind::Unsupported, "The PostgreSQL server is older than version 13. Use version 13 or newer.", {}};
    // What the Qt driver set at opening: escaped bytes, and the encoding under an old name.
    if (const auto set = ask("SELECT set_config('bytea_output', 'hex', false), set_config('client_encoding', 'UTF8', false)"); !set)
        return set.error();
    if (const auto set = ask(kSettleSession); !set)
        return set.error();
    readOnly = options.readOnly || options.foreign;
    readOnlyReason = readOnly ? "The database was opened for reading only." : "";
    return options.foreign ? Status() : look(options);
}

Status PostgresConnection::look(const OpenOptions &options)
{
    const auto answer = ask("SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),"
                            " pg_is_in_recovery(), getdatabaseencoding(), EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = $1),"
                            " current_setting('search_path') = $1 || ',pg_temp' AND current_setting('TimeZone') = 'UTC'",
                            {location.schema});
    if (!answer)
        return answer.error();
    const auto cell = [&](int column) { return std::string_view(PQgetvalue(answer->get(), 0, column)); };
    if (cell(4) != "UTF8")
        return Error{ErrorKind::Unsupported, "The database “" + location.databaseName + "” stores text as " + std::string(cell(4)) + ", which cannot hold every name. Create one with encoding UTF8.", {}};
    if (cell(6) != "t")
        return Error{ErrorKind::Unsupported, "What stands between this program and " + serverName(location) + " does not pass on the settings of a session (a pooler that ignores “options”), so a workspace cannot be used through it. Connect to the server itself.", {}};
    const bool mayBeUnsafe = std::find(location.options.begin(), location.options.end(), std::pair<std::string, std::string>("unsafe_durability", "1")) != location.options.end();
    if (cell(3) == "t")
        obstacle = "The PostgreSQL server is a standby, which can only be read. Connect to the primary server to make changes.";
    else if ((cell(0) == "off" || cell(1) == "off") && !mayBeUnsafe)
        obstacle = "The PostgreSQL server runs with fsync or full_page_writes off and would lose signatures in a power failure, so it can only be read. Have them switched on.";
    if (!obstacle.empty() && !readOnly) {
        readOnly = true;
        readOnlyReason = obstacle;
    }
    if (!readOnly && cell(2) == "off" && !mayBeUnsafe) {
        if (const auto set = exec("SET synchronous_commit = on"); !set)
            return set;
    }
    if (cell(5) == "t")
        return {};
    if (options.create && !readOnly)
        return makeSchema();
    if (options.create && !options.readOnly)
        return Error{ErrorKind::Denied, "No workspace can be made in the database “" + location.databaseName + "”. " + readOnlyReason, {}};
    return Error{ErrorKind::NotFound, "The database “" + location.databaseName + "” holds no Countersign workspace (no schema “" + location.schema + "”). Check the name, or make a workspace there.", {}};
}

Status PostgresConnection::makeSchema()
{
    const auto made = exec("CREATE SCHEMA IF NOT EXISTS " + location.schema);
    // Two programs at once: the later one meets the earlier one's row in the catalogue, and all is well.
    if (made || made.error().kind == ErrorKind::Conflict)
        return {};
    return made;
}

Result<PostgresResult> PostgresConnection::ask(const char *sql, const std::vector<std::string> &values)
{
    std::vector<const char *> pointers;
    for (const auto &value : values)
        pointers.push_back(value.c_str());
    return checked(PQexecParams(m_handle, sql, static_cast<int>(pointers.size()), nullptr, pointers.data(), nullptr, nullptr, 0), sql);
}

Result<PostgresResult> PostgresConnection::checked(PGresult *raw, std::string_view sql)
{
    PostgresResult result(raw);
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_COPY_IN)
        return result;
    const char *state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
    spoiled = spoiled || inTransaction();
    // An error without a code is libpq's own; a look at the socket tells whether the server is still there.
    if (!state)
        PQconsumeInput(m_handle);
    if (PQstatus(m_handle) == CONNECTION_BAD) {
        // What the transaction had done is gone with the connection, or is not known.
        spoiled = false;
        return postgresLost(location);
    }
    return postgresError(state ? state : "", oneLine(message ? message : PQerrorMessage(m_handle)), sql);
}

Status PostgresConnection::isFree() const
{
    if (bulkIsOpen)
        return Error{ErrorKind::Invalid, "A bulk writer owns the connection; finish it first.", {}};
    return {};
}

Status PostgresConnection::makeFree()
{
    const auto free = isFree();
    return free ? flush() : free;
}

Status PostgresConnection::post(const std::shared_ptr<PostgresStatement> &statement, const char *const *values, const int *lengths, const int *formats)
{
    if (PQpipelineStatus(m_handle) == PQ_PIPELINE_OFF && PQenterPipelineMode(m_handle) != 1)
        return checked(nullptr, statement->text).error();
    if (PQsendQueryPrepared(m_handle, statement->name.c_str(), static_cast<int>(statement->parameters), values, lengths, formats, 0) != 1)
        return checked(nullptr, statement->text).error();
    m_posted.push_back(statement);
    if (++m_sinceMark < kMarkAfter)
        return {};
    PQpipelineSync(m_handle);
    m_sinceMark = 0;
    m_posted.emplace_back();
    // The server works on the newer ones while we go on.
    return ++m_marks < kMostMarks ? Status() : readPosted();
}

/// Reads the answers up to the next mark.
Status PostgresConnection::readPosted()
{
    Status status;
    int without = 0; // answers in a row
    while (!m_posted.empty()) {
        PostgresResult result(PQgetResult(m_handle));
        without = result ? 0 : without + 1;
        if (PQstatus(m_handle) == CONNECTION_BAD || without > 2) {
            leavePipeline();
            spoiled = false;
            return postgresLost(location);
        }
        if (!result)
            continue; // stands between the answers to two statements
        const auto statement = std::move(m_posted.front());
        m_posted.pop_front();
        if (!statement) {
            --m_marks;
            break;
        }
        const auto answer = PQresultStatus(result.get());
        if (answer == PGRES_PIPELINE_ABORTED)
            continue; // follows a failure
        if (const auto good = checked(result.release(), statement->text); !good && status)
            status = good.error();
    }
    return status;
}

void PostgresConnection::leavePipeline()
{
    m_posted.clear();
    m_marks = 0;
    m_sinceMark = 0;
    PQexitPipelineMode(m_handle);
}

Status PostgresConnection::flush()
{
    if (PQpipelineStatus(m_handle) == PQ_PIPELINE_OFF)
        return {};
    if (m_sinceMark > 0) {
        PQpipelineSync(m_handle);
        m_posted.emplace_back();
        ++m_marks;
        m_sinceMark = 0;
    }
    Status status;
    while (!m_posted.empty()) {
        if (const auto good = readPosted(); !good && status)
            status = good;
    }
    if (PQpipelineStatus(m_handle) != PQ_PIPELINE_OFF)
        leavePipeline();
    return status;
}

Result<std::unique_ptr<Query::Private>> PostgresConnection::prepare(std::string_view sql)
{
    if (const auto free = isFree(); !free)
        return free.error();
    auto found = m_cache.find(sql);
    if (found == m_cache.end()) {
        if (m_cache.size() >= kMostStatements)
            forgetStatements();
        found = m_cache.emplace(sql, std::make_shared<PostgresStatement>(numberedPlaceholders(sql))).first;
    }
    return std::unique_ptr<Query::Private>(std::make_unique<PostgresQuery>(*this, found->second));
}

Status PostgresConnection::makeReady(PostgresStatement &statement)
{
    if (!statement.name.empty() || ++statement.uses < 2)
        return {};
    const std::string name = "c" + std::to_string(++m_nameCounter);
    const auto prepared = checked(PQprepare(m_handle, name.c_str(), statement.text.c_str(), 0, nullptr), statement.text);
    if (!prepared)
        return prepared.error();
    statement.name = name;
    const auto described = checked(PQdescribePrepared(m_handle, name.c_str()), statement.text);
    if (!described)
        return described.error();
    statement.isBinary = isReadInBinary(described->get());
    return {};
}

void PostgresConnection::forgetStatements()
{
    // Queries that still hold a statement go on: theirs is prepared anew under another name when needed.
    for (auto &[text, statement] : m_cache) {
        statement->name.clear();
        statement->uses = 0;
    }
    m_cache.clear();
    if (PQtransactionStatus(m_handle) == PQTRANS_IDLE)
        PQclear(PQexec(m_handle, "DEALLOCATE ALL"));
}

Status PostgresConnection::exec(std::string_view sql)
{
    if (const auto free = makeFree(); !free)
        return free;
    // With parameters (none), libpq takes one statement only, as SQLite does.
    const std::string text(sql);
    const auto done = checked(PQexecParams(m_handle, text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0), sql);
    return done ? Status() : Status(done.error());
}

Status PostgresConnection::control(const std::string &sql, const char *expectedTag)
{
    if (const auto free = makeFree(); !free)
        return free;
    const auto done = checked(PQexec(m_handle, sql.c_str()), sql);
    if (!done)
        return done.error();
    // COMMIT of a failed transaction succeeds and answers ROLLBACK.
    if (std::string_view(PQcmdStatus(done->get())) != expectedTag)
        return spoiledTransaction();
    return {};
}

Status PostgresConnection::begin(std::chrono::milliseconds patience)
{
    return control("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = " + std::to_string(std::max<std::int64_t>(patience.count(), 1)), "SET");
}

Status PostgresConnection::beginRead()
{
    return control("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN");
}

Status PostgresConnection::commit()
{
    if (const auto posted = makeFree(); !posted) {
        if (inTransaction())
            static_cast<void>(rollback());
        return posted;
    }
    return control("COMMIT", "COMMIT");
}

Status PostgresConnection::rollback()
{
    static_cast<void>(flush()); // whatever came of it is undone
    spoiled = false;
    return control("ROLLBACK", "ROLLBACK");
}

bool PostgresConnection::inTransaction() const
{
    const auto status = PQtransactionStatus(m_handle);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

Result<std::unique_ptr<BulkWriter::Private>> PostgresConnection::openBulk(std::string_view table, std::vector<BulkWriter::Column> columns)
{
    if (const auto free = makeFree(); !free)
        return free.error();
    const auto described = ask("SELECT a.attname, a.atttypid FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped",
                               {location.schema + "." + std::string(table)});
    if (!described)
        return described.error();
    std::map<std::string, unsigned> types;
    for (int row = 0; row < PQntuples(described->get()); ++row)
        types[PQgetvalue(described->get(), row, 0)] = static_cast<unsigned>(std::stoul(PQgetvalue(described->get(), row, 1)));
    return PostgresBulk::start(*this, table, std::move(columns), types);
}

Result<std::string> scramVerifier(Connection &connection, const std::string &login, const std::string &password)
{
    const auto *postgres = dynamic_cast<PostgresConnection *>(&connection.internals());
    if (!postgres)
        return Error{ErrorKind::Unsupported, "A file has no logins.", {}};
    const std::unique_ptr<char, decltype(&PQfreemem)> verifier(PQencryptPasswordConn(postgres->handle(), password.c_str(), login.c_str(), "scram-sha-256"), PQfreemem);
    if (!verifier)
        return Error{ErrorKind::Io, "A password cannot be prepared: " + oneLine(PQerrorMessage(postgres->handle())) + ".", {}};
    return std::string(verifier.get());
}

Result<std::unique_ptr<Connection::Private>> openPostgres(const Location &location, const OpenOptions &options)
{
    auto connection = std::make_unique<PostgresConnection>(location);
    if (const auto opened = connection->open(options); !opened)
        return opened.error();
    return std::unique_ptr<Connection::Private>(std::move(connection));
}

} // namespace countersign::database
