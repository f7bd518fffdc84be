#pragma once

#include "models/database/backend.h"
#include "models/database/postgres/postgreslogin.h"

#include <libpq-fe.h>

#include <deque>
#include <unordered_map>

namespace countersign::database {

/// A statement of one text: with $1, $2 … for '?'. Sent unnamed the first time, prepared on the server from the second on.
struct PostgresStatement {
    std::string text;
    std::size_t parameters = 0;
    std::string name; ///< on the server; empty while not prepared
    int uses = 0;
    bool isBinary = false; ///< its columns have types that PostgresQuery reads in binary
};

struct PostgresResultDeleter {
    void operator()(PGresult *result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, PostgresResultDeleter>;

/// PostgreSQL through libpq on the handle that the Qt driver opened. Internal to models/database.
class PostgresConnection final : public Connection::Private
{
public:
    explicit PostgresConnection(Location place);
    ~PostgresConnection() override { closeQt(); }

    Status open(const OpenOptions &options);

    Result<std::unique_ptr<Query::Private>> prepare(std::string_view sql) override;
    Status exec(std::string_view sql) override;
    Status flush() override;
    Status begin(std::chrono::milliseconds patience) override;
    Status beginRead() override;
    Status commit() override;
    Status rollback() override;
    bool inTransaction() const override;
    Result<std::unique_ptr<BulkWriter::Private>> openBulk(std::string_view table, std::vector<BulkWriter::Column> columns) override;
    void forgetStatements() override;

    PGconn *handle() const { return m_handle; }
    /// The result when it is a success, else its Error; marks an open transaction as spoiled.
    Result<PostgresResult> checked(PGresult *result, std::string_view sql);
    /// Invalid while a COPY owns the connection. Otherwise ready for a statement: what was posted is done, or its failure.
    Status makeFree();
    Status isFree() const;
    /// Sends a prepared statement without waiting (libpq's pipeline mode). Only inside a transaction.
    Status post(const std::shared_ptr<PostgresStatement> &statement, const char *const *values, const int *lengths, const int *formats);
    /// Prepares on the server when it is worth it.
    Status makeReady(PostgresStatement &statement);

private:
    Status checkServer(const OpenOptions &options);
    Status makeSchema();
    Status look(const OpenOptions &options);
    Status control(const std::string &sql, const char *expectedTag);
    Status readPosted();
    void leavePipeline();
    Result<PostgresResult> ask(const char *sql, const std::vector<std::string> &values = {});

    PGconn *m_handle = nullptr;
    std::unordered_map<std::string, std::shared_ptr<PostgresStatement>, StringHash, std::equal_to<>> m_cache;
    std::uint64_t m_nameCounter = 0;
    std::deque<std::shared_ptr<PostgresStatement>> m_posted; ///< answers outstanding, oldest first; an empty pointer stands for a mark
    std::size_t m_marks = 0;      ///< among them
    std::size_t m_sinceMark = 0;  ///< posted after the last one
};

/// The Error for an SQLSTATE; `message` is the server's own.
Error postgresError(std::string_view state, std::string_view message, std::string_view sql);
/// "the PostgreSQL server “db.example”", in the middle of a sentence.
std::string serverName(const Location &location);
Error postgresLost(const Location &location);
/// '?' outside of strings, quoted names, comments and dollar quotes become $1, $2 …
PostgresStatement numberedPlaceholders(std::string_view sql);

} // namespace countersign::database
