#pragma once

#include "models/base/progress.h"
#include "models/predictions/formats/dialect.h"
#include "models/pushdown/engines/location.h"
#include "models/pushdown/sql/statement.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace countersign::pushdown {

/// A value as text, as the engine's own export writes it; nothing for NULL. Valid during the call only.
using Cell = std::optional<std::string_view>;
/// Takes a row. An Error stops the reading and is what run() returns.
using RowSink = std::function<Status(std::span<const Cell>)>;

struct ConnectOptions {
    std::string password{};               ///< never logged, never part of an error, never kept
    std::chrono::seconds timeout{0};      ///< of one statement, enforced by the engine where it can; 0: none of ours
    unsigned threads = 0;                 ///< of DuckDB; 0: one a core
};

/// A connection that only reads. One thread; waits on it without an event loop of the caller.
///
/// Errors: Denied: credentials, or a missing right. NotFound: no such database, table or file. Invalid: the engine does not take the statement, in
/// its own words. Io: unreachable, gone in the middle, too little memory. Cancelled. Unsupported: DuckDB's library is missing.
class Engine
{
public:
    /// Looks for the server or the file; a wrong password is found here.
    static Result<std::unique_ptr<Engine>> open(const Location &location, const ConnectOptions &options = {}, const Progress &progress = {});
    virtual ~Engine() = default;
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;

    const Location &location() const { return m_location; }
    /// Columns of what stands behind FROM, in the table's order.
    virtual Result<std::vector<TableColumn>> columnsOf(const std::string &from, const Progress &progress = {}) = 0;
    /// Runs one statement that reads, and gives on its rows as they come. With `hasTotals` the last one is a line of totals, which is not given
    /// on; without it the answer was cut short, which is Io.
    virtual Status run(const std::string &sql, bool hasTotals, const RowSink &sink, const Progress &progress = {}) = 0;
    /// Between the two all statements see the same rows, where the engine can do that.
    virtual Status beginReading() { return {}; }
    virtual void endReading() {}
    /// Whether the engine's export puts texts into quotes whatever they are; otherwise outer spaces are lost on the way through a file, and so
    /// they count for nothing here either.
    virtual bool quotesTexts() const = 0;

protected:
    explicit Engine(Location location) : m_location(std::move(location)) {}

private:
    Location m_location;
};

/// Which SQL a location is asked in.
Sql sqlOf(EngineKind kind);
/// What stands behind FROM: the table, or "log" for files.
std::string fromOf(const Location &location, const TableName &table);

/// The first rows, for guessing what columns mean; nested columns left out.
Result<predictions::Sample> sampleOf(Engine &engine, const TableName &table, const Progress &progress = {});

/// The statement as people may see it, with what is set around it in comments.
std::string shownStatement(const Location &location, const Statement &statement);
std::string shownStatements(const Location &location, const std::vector<Statement> &statements);

std::unique_ptr<Engine> makeClickHouseEngine(const Location &location, const ConnectOptions &options);
Result<std::unique_ptr<Engine>> openPostgresEngine(const Location &location, const ConnectOptions &options);
Result<std::unique_ptr<Engine>> openDuckDbEngine(const Location &location, const ConnectOptions &options);

/// An engine's own words in one line, nothing invisible, not endless.
std::string shownWords(std::string_view words);

} // namespace countersign::pushdown
