#include "models/database/postgres/postgreslogin.h"
#include "models/pushdown/engines/engine.h"

#include <libpq-fe.h>
#include <poll.h>

#include <map>

namespace countersign::pushdown {

namespace {

struct ConnectionDeleter {
    void operator()(PGconn *connection) const { PQfinish(connection); }
};
struct ResultDeleter {
    void operator()(PGresult *result) const { PQclear(result); }
};
using PostgresHandle = std::unique_ptr<PGconn, ConnectionDeleter>;
using PostgresAnswer = std::unique_ptr<PGresult, ResultDeleter>;

constexpr int kLookAtCancelMs = 100;
constexpr int kLooksBetweenRequests = 10;

void ignoreNotice(void *, const PGresult *) {}

/// By the number that PostgreSQL gives a type.
ColumnKind kindOf(Oid type)
{
    switch (type) {
    case 16: return ColumnKind::Boolean;
    case 20:   // bigint
    case 21:   // smallint
    case 23:   // integer
    case 26: return ColumnKind::Integer; // oid
    case 700: return ColumnKind::ShortReal;
    case 701: return ColumnKind::Real;
    case 1700: return ColumnKind::Decimal;
    case 18:   // "char"
    case 19:   // name
    case 25:   // text
    case 1042: // character
    case 1043: return ColumnKind::Text; // varchar
    case 1082: return ColumnKind::Date;
    case 1114: return ColumnKind::Timestamp;
    case 1184: return ColumnKind::ZonedTimestamp;
    default: return ColumnKind::Other;
    }
}

class PostgresEngine final : public Engine
{
public:
    PostgresEngine(const Location &place, PostgresHandle handle, std::chrono::seconds timeout)
        : Engine(place), m_handle(std::move(handle)), m_timeout(timeout)
    {
        PQsetNoticeReceiver(m_handle.get(), ignoreNotice, nullptr);
    }

    Result<std::vector<TableColumn>> columnsOf(const std::string &from, const Progress &progress) override;
    Status run(const std::string &sql, bool hasTotals, const RowSink &sink, const Progress &progress) override;
    Status beginReading() override
    {
        if (const auto status = command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); !status)
            return status;
        return command("SET LOCAL statement_timeout = " + std::to_string(std::chrono::milliseconds(m_timeout).count()));
    }
    void endReading() override { command("ROLLBACK").ok(); }
    bool quotesTexts() const override { return false; }

private:
    using Visit = std::function<Status(PGresult *)>;
    Status command(const std::string &sql)
    {
        return exchange(sql, [](PGresult *) { return Status(); }, {});
    }
    Status exchange(const std::string &sql, const Visit &visit, const Progress &progress);
    Status waitForAnswer(const Progress &progress, bool &isCancelled);
    void cancel();
    Error failure(const PGresult *result) const;
    Error lost() const
    {
        return {ErrorKind::Io, "The connection to the PostgreSQL server was lost in the middle. Nothing was taken; try again.", location().place()};
    }

    PostgresHandle m_handle;
    std::chrono::seconds m_timeout;
};

Error PostgresEngine::failure(const PGresult *result) const
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string code = state ? state : "";
    const std::string words = shownWords(message ? message : PQerrorMessage(m_handle.get()));
    if (code.empty() || code.starts_with("08") || code == "57P01" || code == "57P02")
        return lost();
    if (code == "57014")
        return {m_timeout.count() > 0 ? ErrorKind::Io : ErrorKind::Cancelled, "The server stopped the statement: " + words + ". Give it more time with a larger limit.", location().place()};
    if (code == "42P01" || code == "3F000" || code == "3D000")
        return {ErrorKind::NotFound, "The database says: " + words + ". Check the name; case counts.", location().place()};
    if (code == "42501" || code.starts_with("28"))
        return {ErrorKind::Denied, "The database does not allow this: " + words + ". Ask for the right to read the table.", location().place()};
    if (code.starts_with("53") || code.starts_with("58") || code.starts_with("XX"))
        return {ErrorKind::Io, "The PostgreSQL server cannot do its part: " + words + ".", location().place()};
    return {ErrorKind::Invalid, "The database says: " + words + ".", location().place()};
}

void PostgresEngine::cancel()
{
    if (PGcancel *request = PQgetCancel(m_handle.get())) {
        char ignored[256];
        PQcancel(request, ignored, sizeof ignored);
        PQfreeCancel(request);
    }
}

/// Until libpq can give a result without waiting. A request to cancel that comes before the server has begun with the statement is lost
/// without a word, so it is made again for as long as the server goes on.
Status PostgresEngine::waitForAnswer(const Progress &progress, bool &isCancelled)
{
    PGconn *handle = m_handle.get();
    for (int looks = 0; PQisBusy(handle); ++looks) {
        const bool isWanted = isCancelled || progress.isCancelled();
        if (isWanted && (!std::exchange(isCancelled, true) || looks % kLooksBetweenRequests == 0))
            cancel();
        pollfd descriptor{PQsocket(handle), POLLIN, 0};
        if (descriptor.fd < 0)
            return lost();
        if (::poll(&descriptor, 1, kLookAtCancelMs) > 0 && PQconsumeInput(handle) == 0)
            return lost();
    }
    return {};
}

Status PostgresEngine::exchange(const std::string &sql, const Visit &visit, const Progress &progress)
{
    PGconn *handle = m_handle.get();
    if (PQsendQuery(handle, sql.c_str()) == 0)
        return PQstatus(handle) == CONNECTION_BAD ? lost() : Error{ErrorKind::Io, shownWords(PQerrorMessage(handle)) + ".", location().place()};
    PQsetSingleRowMode(handle);
    Status status;
    bool isCancelled = false;
    for (;;) {
        if (const auto ready = waitForAnswer(progress, isCancelled); !ready)
            return ready;
        const PostgresAnswer answer(PQgetResult(handle));
        if (!answer)
            break;
        const auto outcome = PQresultStatus(answer.get());
        const bool isGood = outcome == PGRES_SINGLE_TUPLE || outcome == PGRES_TUPLES_OK || outcome == PGRES_COMMAND_OK;
        if (!status)
            continue; // the rest of an answer that nobody wants any more
        if (!isGood)
            status = failure(answer.get());
        else
            status = visit(answer.get());
        if (status && progress.isCancelled())
            status = Error{ErrorKind::Cancelled, "Reading was stopped.", location().place()};
        if (!status && isGood && !std::exchange(isCancelled, true))
            cancel();
    }
    if (progress.isCancelled())
        return Error{ErrorKind::Cancelled, "Reading was stopped.", location().place()};
    return status;
}

Status PostgresEngine::run(const std::string &sql, bool, const RowSink &sink, const Progress &progress)
{
    std::vector<Cell> cells;
    return exchange(
        sql,
        [&](PGresult *answer) {
            const int columns = PQnfields(answer);
            for (int row = 0; row < PQntuples(answer); ++row) {
                cells.clear();
                for (int column = 0; column < columns; ++column) {
                    if (PQgetisnull(answer, row, column))
                        cells.emplace_back();
                    else
                        cells.emplace_back(std::string_view(PQgetvalue(answer, row, column), static_cast<std::size_t>(PQgetlength(answer, row, column))));
                }
                if (const auto status = sink(cells); !status)
                    return status;
            }
            return Status();
        },
        progress);
}

Result<std::vector<TableColumn>> PostgresEngine::columnsOf(const std::string &from, const Progress &progress)
{
    std::vector<TableColumn> columns;
    std::vector<Oid> types;
    const auto looked = exchange(
        "SELECT * FROM " + from + " LIMIT 0",
        [&](PGresult *answer) {
            for (int column = static_cast<int>(columns.size()); column < PQnfields(answer); ++column) {
                types.push_back(PQftype(answer, column));
                columns.push_back({PQfname(answer, column), kindOf(types.back()), {}});
            }
            return Status();
        },
        progress);
    if (!looked)
        return looked.error();
    // Names of the types that are not built in, and which of them are lists or rows.
    std::string list;
    for (std::size_t i = 0; i < types.size(); ++i)
        if (columns[i].kind == ColumnKind::Other)
            list += (list.empty() ? "" : ",") + std::to_string(types[i]);
    if (list.empty())
        return columns;
    const auto named = run("SELECT oid, format_type(oid, NULL), typtype, typcategory FROM pg_catalog.pg_type WHERE oid IN (" + list + ")", false,
                           [&](std::span<const Cell> cells) {
                               for (std::size_t i = 0; i < types.size(); ++i)
                                   if (cells.size() == 4 && cells[0] == std::to_string(types[i])) {
                                       columns[i].type = cells[1].value_or("");
                                       if (cells[2] == "c" || cells[3] == "A")
                                           columns[i].kind = ColumnKind::Nested;
                                   }
                               return Status();
                           },
                           progress);
    if (!named)
        return named.error();
    return columns;
}

} // namespace

Result<std::unique_ptr<Engine>> openPostgresEngine(const Location &location, const ConnectOptions &options)
{
    database::OpenOptions how;
    how.readOnly = true;
    how.foreign = true;
    how.password = options.password;
    PostgresHandle handle(PQconnectdb(database::postgresConnectionString(location.postgres, how).c_str()));
    const auto isGood = [&handle] {
        const std::unique_ptr<PGresult, decltype(&PQclear)> settled(PQexec(handle.get(), database::kSettleSession), PQclear);
        return PQresultStatus(settled.get()) == PGRES_TUPLES_OK;
    };
    if (!handle || PQstatus(handle.get()) != CONNECTION_OK || !isGood())
        return postgresOpenError(location.postgres, how, shownWords(handle ? PQerrorMessage(handle.get()) : "")).in(location.place());
    return std::unique_ptr<Engine>(new PostgresEngine(location, std::move(handle), options.timeout));
}

} // namespace countersign::pushdown
