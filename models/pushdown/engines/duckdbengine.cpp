#include "models/duckdb/connection.h"
#include "models/pushdown/engines/engine.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace countersign::pushdown {

namespace {

constexpr std::string_view kView = "log";
constexpr std::uint64_t kMemory = 4ULL << 30; ///< for the groups of a large table

/// Keeps the file open that DuckDB reads.
class File
{
public:
    explicit File(int descriptor) : m_descriptor(descriptor) {}
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(File &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    File &operator=(File &&) = delete;
    int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

ColumnKind kindOf(duckdb::Kind kind)
{
    switch (kind) {
    case duckdb::Kind::Boolean: return ColumnKind::Boolean;
    case duckdb::Kind::Integer: return ColumnKind::Integer;
    case duckdb::Kind::Real: return ColumnKind::Real;
    case duckdb::Kind::ShortReal: return ColumnKind::ShortReal;
    case duckdb::Kind::Text: return ColumnKind::Text;
    case duckdb::Kind::Timestamp: return ColumnKind::Timestamp;
    case duckdb::Kind::TimestampZoned: return ColumnKind::ZonedTimestamp;
    case duckdb::Kind::Date: return ColumnKind::Date;
    case duckdb::Kind::Nested: return ColumnKind::Nested;
    case duckdb::Kind::Other: break;
    }
    return ColumnKind::Other;
}

class DuckDbEngine final : public Engine
{
public:
    DuckDbEngine(const Location &place, File file, duckdb::Connection connection)
        : Engine(place), m_file(std::move(file)), m_connection(std::move(connection))
    {
    }

    Result<std::vector<TableColumn>> columnsOf(const std::string &from, const Progress &) override
    {
        const auto found = m_connection.columnsOf(from);
        if (!found)
            return placed(found.error());
        std::vector<TableColumn> columns;
        for (const auto &column : *found)
            columns.push_back({column.name, kindOf(column.kind), column.kind == duckdb::Kind::Nested ? "nested" : ""});
        return columns;
    }

    Status run(const std::string &sql, bool, const RowSink &sink, const Progress &progress) override
    {
        auto rows = m_connection.query(sql, progress);
        if (!rows)
            return placed(rows.error());
        const std::size_t columns = (*rows)->columns().size();
        std::string text;
        std::vector<std::pair<std::size_t, bool>> ends(columns); // of each cell in `text`, and whether it is there
        std::vector<Cell> cells(columns);
        for (;;) {
            const auto more = (*rows)->next(progress);
            if (!more)
                return placed(more.error());
            if (!*more)
                return {};
            for (std::size_t row = 0; row < (*rows)->size(); ++row) {
                text.clear();
                for (std::size_t column = 0; column < columns; ++column) {
                    const bool isThere = (*rows)->appendText(column, row, text);
                    ends[column] = {text.size(), isThere};
                }
                std::size_t begin = 0;
                for (std::size_t column = 0; column < columns; ++column) {
                    const auto [end, isThere] = ends[column];
                    cells[column] = isThere ? Cell(std::string_view(text).substr(begin, end - begin)) : Cell();
                    begin = end;
                }
                if (const auto status = sink(cells); !status)
                    return status;
            }
        }
    }
    bool quotesTexts() const override { return false; }

private:
    /// With the place, and "no such table" as what it is.
    Error placed(Error error) const
    {
        if (error.message.find("Catalog Error: Table with name") != std::string::npos)
            error.kind = ErrorKind::NotFound;
        return error.in(location().place());
    }

    File m_file; ///< closed after the connection
    duckdb::Connection m_connection;
};

} // namespace

Result<std::unique_ptr<Engine>> openDuckDbEngine(const Location &location, const ConnectOptions &options)
{
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const duckdb::Limits limits{options.threads > 0 ? options.threads : cores, kMemory};
    File file(::open(location.file.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return Error{errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Io,
                     errno == ENOENT ? "There is no such file." : std::string("The file can't be opened: ") + std::strerror(errno) + ".", location.place()};
    auto connection = location.engine == EngineKind::DuckDb        ? duckdb::Connection::openFile(location.file, limits)
                      : location.engine == EngineKind::ParquetFile ? duckdb::Connection::onParquet(file.get(), kView, limits)
                                                                   : duckdb::Connection::onCsv(file.get(), kView, limits);
    if (!connection)
        return connection.error().in(location.place());
    return std::unique_ptr<Engine>(new DuckDbEngine(location, std::move(file), *std::move(connection)));
}

} // namespace countersign::pushdown
