#include "models/predictions/bytes/parquettext.h"

#include "models/duckdb/connection.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <thread>

namespace countersign::predictions {

namespace {

constexpr std::string_view kView = "log";
constexpr std::uint64_t kMemory = 1ULL << 30; ///< a row group with its decompressed pages, for each thread

/// Appends a cell that begins at `from` of the text: in quotes when it would not read back otherwise.
void quoteFrom(std::size_t from, std::string &text, bool isAlone)
{
    const std::string_view cell = std::string_view(text).substr(from);
    if (cell.empty()) {
        if (isAlone)
            text += "\"\""; // an empty line would be no row
        return;
    }
    const auto isSpace = [](char c) { return c == ' ' || c == '\t'; };
    if (cell.find_first_of(",\"\n\r") == std::string_view::npos && !isSpace(cell.front()) && !isSpace(cell.back()))
        return;
    const std::string own(cell);
    text.resize(from);
    text += '"';
    for (const char c : own)
        text.append(c == '"' ? 2 : 1, c);
    text += '"';
}

} // namespace

bool isParquet(std::string_view head) { return head.starts_with("PAR1"); }

struct ParquetText::Private {
    explicit Private(duckdb::Connection opened) : connection(std::move(opened)) {}

    duckdb::Connection connection;
    std::unique_ptr<duckdb::Rows> rows;
    std::string statement;
    std::vector<bool> isText;
    std::vector<std::string> leftOut;
    std::uint64_t total = 0;
    std::uint64_t done = 0;
    std::string text; ///< of one chunk; the header before the first
    std::size_t at = 0;
    bool isAtEnd = false;

    Status describe()
    {
        const std::string from = duckdb::quotedName(kView);
        const auto columns = connection.columnsOf(from);
        if (!columns)
            return columns.error();
        for (const duckdb::Column &column : *columns) {
            if (column.kind == duckdb::Kind::Nested) {
                leftOut.push_back(column.name);
                continue;
            }
            statement += (statement.empty() ? "SELECT " : ", ") + duckdb::textExpression(column);
            isText.push_back(column.kind == duckdb::Kind::Text || column.kind == duckdb::Kind::Other);
            text += isText.size() > 1 ? "," : "";
            const std::size_t begin = text.size();
            text += column.name;
            quoteFrom(begin, text, true);
        }
        if (isText.empty())
            return Error{ErrorKind::Invalid, "The Parquet file has no column of plain values.", {}};
        text += '\n';
        statement += " FROM " + from;
        return count(from);
    }

    /// From the file's own metadata.
    Status count(const std::string &from)
    {
        const auto counted = connection.query("SELECT count(*) FROM " + from);
        if (!counted)
            return counted.error();
        const auto more = (*counted)->next({});
        if (!more)
            return more.error();
        std::string number;
        if (*more && (*counted)->appendText(0, 0, number))
            std::from_chars(number.data(), number.data() + number.size(), total);
        return {};
    }

    /// The next chunk's text.
    Status fill(const Progress &progress)
    {
        text.clear();
        at = 0;
        if (!rows) {
            auto started = connection.query(statement, progress);
            if (!started)
                return started.error();
            rows = *std::move(started);
        }
        const auto more = rows->next(progress);
        if (!more)
            return more.error();
        isAtEnd = !*more;
        if (isAtEnd)
            return {};
        for (std::size_t row = 0; row < rows->size(); ++row) {
            for (std::size_t column = 0; column < isText.size(); ++column) {
                if (column > 0)
                    text += ',';
                const std::size_t begin = text.size();
                rows->appendText(column, row, text);
                if (isText[column] || isText.size() == 1)
                    quoteFrom(begin, text, isText.size() == 1);
            }
            text += '\n';
        }
        done += rows->size();
        return {};
    }
};

ParquetText::ParquetText(std::unique_ptr<Private> data) : d(std::move(data)) {}
ParquetText::ParquetText(ParquetText &&) noexcept = default;
ParquetText &ParquetText::operator=(ParquetText &&) noexcept = default;
ParquetText::~ParquetText() = default;

Result<ParquetText> ParquetText::open(int descriptor)
{
    const unsigned threads = std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
    auto connection = duckdb::Connection::onParquet(descriptor, kView, {threads, kMemory});
    if (!connection)
        return connection.error();
    auto data = std::make_unique<Private>(*std::move(connection));
    if (const auto described = data->describe(); !described)
        return described.error();
    return ParquetText(std::move(data));
}

Result<std::size_t> ParquetText::read(char *to, std::size_t room, const Progress &progress)
{
    while (d->at == d->text.size()) {
        if (d->isAtEnd)
            return std::size_t(0);
        if (const auto filled = d->fill(progress); !filled)
            return filled.error();
    }
    const std::size_t count = std::min(room, d->text.size() - d->at);
    std::memcpy(to, d->text.data() + d->at, count);
    d->at += count;
    return count;
}

double ParquetText::share() const
{
    return d->isAtEnd || d->total == 0 ? 1.0 : static_cast<double>(d->done) / static_cast<double>(d->total);
}

const std::vector<std::string> &ParquetText::leftOut() const { return d->leftOut; }

} // namespace countersign::predictions
