#include "models/pushdown/engines/engine.h"

#include "models/base/text.h"
#include "models/predictions/rejects.h"

namespace countersign::pushdown {

namespace {

constexpr std::size_t kSampleRows = 500;
constexpr std::string_view kFileView = "log";
constexpr std::size_t kMostWords = 500;

} // namespace

Sql sqlOf(EngineKind kind)
{
    switch (kind) {
    case EngineKind::Postgres: return Sql::Postgres;
    case EngineKind::ClickHouse: return Sql::ClickHouse;
    case EngineKind::DuckDb:
    case EngineKind::ParquetFile:
    case EngineKind::CsvFile: break;
    }
    return Sql::DuckDb;
}

std::string fromOf(const Location &location, const TableName &table)
{
    const Sql sql = sqlOf(location.engine);
    return location.isFile() ? quotedName(sql, kFileView) : table.quoted(sql);
}

std::string shownWords(std::string_view words)
{
    std::string text;
    for (const char c : words.substr(0, kMostWords))
        text += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    while (!text.empty() && !text::isUtf8(text)) // cut through a character, or no text at all
        text.pop_back();
    text = text::visible(text);
    while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
        text.pop_back();
    return text;
}

Result<std::unique_ptr<Engine>> Engine::open(const Location &location, const ConnectOptions &options, const Progress &progress)
{
    switch (location.engine) {
    case EngineKind::Postgres: return openPostgresEngine(location, options);
    case EngineKind::ClickHouse: {
        auto engine = makeClickHouseEngine(location, options);
        if (const auto status = engine->run("SELECT 1", false, [](std::span<const Cell>) { return Status(); }, progress); !status)
            return status.error();
        return engine;
    }
    case EngineKind::DuckDb:
    case EngineKind::ParquetFile:
    case EngineKind::CsvFile: break;
    }
    return openDuckDbEngine(location, options);
}

Result<predictions::Sample> sampleOf(Engine &engine, const TableName &table, const Progress &progress)
{
    const std::string from = fromOf(engine.location(), table);
    const auto columns = engine.columnsOf(from, progress);
    if (!columns)
        return columns.error();
    predictions::Sample sample;
    sample.dialect = {predictions::Format::Table, ',', '.', '\n', false};
    std::string list;
    for (const TableColumn &column : *columns) {
        if (column.kind == ColumnKind::Nested)
            continue;
        const std::string name = quotedName(sqlOf(engine.location().engine), column.name);
        const bool isCast = sqlOf(engine.location().engine) == Sql::DuckDb && column.kind == ColumnKind::Other;
        list += (list.empty() ? "SELECT " : ", ") + (isCast ? "CAST(" + name + " AS VARCHAR)" : name);
        sample.columns.push_back(column.name);
    }
    if (sample.columns.empty())
        return Error{ErrorKind::Invalid, "The table has no column of plain values.", engine.location().place()};
    const auto take = [&](std::span<const Cell> cells) {
        auto &row = sample.rows.emplace_back();
        for (const Cell &cell : cells)
            row.emplace_back(cell.value_or(std::string_view()));
        return Status();
    };
    if (const auto status = engine.run(list + " FROM " + from + " LIMIT " + std::to_string(kSampleRows), false, take, progress); !status)
        return status.error();
    return sample;
}

std::string shownStatement(const Location &location, const Statement &statement)
{
    std::string head = "-- " + location.place() + "\n";
    if (location.engine == EngineKind::Postgres)
        head += "-- in a read-only transaction, with TimeZone = UTC\n";
    else if (location.engine == EngineKind::ClickHouse)
        head += "-- with readonly = 1\n";
    else if (location.isFile())
        head += "-- \"log\" is the file, opened for reading only\n";
    else
        head += "-- opened for reading only\n";
    return head + statement.span + ";\n" + statement.sql + ";\n";
}

std::string shownStatements(const Location &location, const std::vector<Statement> &statements)
{
    std::string text = shownStatement(location, statements.front());
    for (std::size_t i = 1; i < statements.size(); ++i)
        text += statements[i].sql + ";\n";
    return text;
}

} // namespace countersign::pushdown
