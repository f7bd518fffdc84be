#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// SQL on a file, by DuckDB.
namespace countersign::duckdb {

/// What a column holds, as far as it matters here.
enum class Kind : std::uint8_t {
    Boolean,
    Integer,       ///< of up to 64 bits
    Real,          ///< binary64
    ShortReal,     ///< binary32
    Text,
    Timestamp,     ///< without a zone: UTC
    TimestampZoned,
    Date,
    Nested,        ///< lists, structures, maps, unions
    Other,         ///< what DuckDB itself turns into text: DECIMAL, HUGEINT, UUID, ENUM, TIME, BLOB …
};

struct Column {
    std::string name;
    Kind kind = Kind::Other;
    int type = 0; ///< DuckDB's own number of it
};

struct Limits {
    unsigned threads = 1;
    std::uint64_t memory = 1ULL << 30; ///< bytes; beyond that DuckDB gives up, as it may not write to disk
};

/// "name" with quotes doubled, as SQL wants a name.
std::string quotedName(std::string_view name);
/// An expression whose text Rows can give: the name itself, or a cast.
std::string textExpression(const Column &column);

/// The answer to a statement, a chunk at a time, in bounded memory. Belongs to its Connection and to one thread.
class Rows
{
public:
    ~Rows();
    Rows(const Rows &) = delete;
    Rows &operator=(const Rows &) = delete;

    const std::vector<Column> &columns() const;
    /// Moves to the next chunk; false at the end. Cancelled, Io.
    Result<bool> next(const Progress &progress);
    std::size_t size() const; ///< rows in the chunk
    /// Appends the cell's text: numbers in their shortest form that reads back the same, "true" and "false", times in ISO 8601 UTC.
    /// False: it is NULL. Precondition: the column is none that needs textExpression()'s cast.
    bool appendText(std::size_t column, std::size_t row, std::string &to) const;

private:
    friend class Connection;
    struct Private;
    explicit Rows(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

/// DuckDB confined to one file: nothing else can be opened, written, loaded from the network or installed, and the settings are locked.
class Connection
{
public:
    /// In memory, with `view` as a view on the Parquet file behind a descriptor, which stays open for as long as it is used. No path is ever
    /// part of SQL, so none can be a pattern, an address or an attack.
    static Result<Connection> onParquet(int descriptor, std::string_view view, const Limits &limits);
    /// The same of comma-separated text, every column as text; the first line is the header.
    static Result<Connection> onCsv(int descriptor, std::string_view view, const Limits &limits);
    /// A database file of DuckDB, for reading only. Io: no such file, another program writes to it, a newer format.
    static Result<Connection> openFile(const std::string &path, const Limits &limits);

    Connection(Connection &&) noexcept;
    Connection &operator=(Connection &&) noexcept;
    ~Connection();

    /// Columns of what may stand behind FROM.
    Result<std::vector<Column>> columnsOf(const std::string &from);
    /// Prepares the answer; DuckDB works on several threads meanwhile. Invalid: DuckDB's own words about the statement. Cancelled, Io.
    Result<std::unique_ptr<Rows>> query(const std::string &sql, const Progress &progress = {});

private:
    friend class Rows;
    struct Private;
    explicit Connection(std::shared_ptr<Private> data);
    static Result<Connection> inMemory(int descriptor, std::string_view view, std::string_view reader, std::string_view arguments, const Limits &limits);
    Status exec(const std::string &sql);
    std::shared_ptr<Private> d; ///< shared with the Rows
};

} // namespace countersign::duckdb
