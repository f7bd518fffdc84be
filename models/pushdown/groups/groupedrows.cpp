#include "models/pushdown/groups/groupedrows.h"

#include <charconv>
#include <numeric>

namespace countersign::pushdown {

namespace {

std::string_view withoutSpaces(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    // What an export has to put into quotes keeps its spaces.
    if (text.empty() || (!isSpace(text.front()) && !isSpace(text.back())) || text.find_first_of(",\"\n\r") != std::string_view::npos)
        return text;
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

template<class T>
std::vector<T> picked(const std::vector<T> &column, std::span<const std::uint32_t> rows)
{
    std::vector<T> result;
    result.reserve(rows.size());
    for (const std::uint32_t row : rows)
        result.push_back(column[row]);
    return result;
}

} // namespace

GroupedRows::GroupedRows(const predictions::Plan &plan, const Statement &statement, bool trimsTexts, std::size_t keepRejected)
    : m_statement(statement), m_trimsTexts(trimsTexts), m_builder(plan, 0, keepRejected)
{
    m_builder.beginChunk();
}

Result<std::uint64_t> GroupedRows::rowsOf(std::span<const Cell> cells)
{
    const std::string_view number = cells.size() == m_statement.fields.size() + 1 ? cells.back().value_or(std::string_view()) : std::string_view();
    std::uint64_t rows = 0;
    const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), rows);
    if (code != std::errc() || end != number.data() + number.size() || rows == 0)
        return Error{ErrorKind::Io, "The database answered with something else than it was asked for.", {}};
    if (rows > kMostRows - m_told)
        return Error{ErrorKind::Io, "The database tells of more rows than can be counted, over nine quadrillion. Is this what it was asked for?", {}};
    m_told += rows;
    return rows;
}

void GroupedRows::put(std::span<const Cell> cells, std::uint64_t rows)
{
    m_builder.beginRow();
    for (const std::size_t field : m_statement.order) {
        const std::string_view text = cells[field].value_or(std::string_view());
        m_builder.put(field, m_trimsTexts ? withoutSpaces(text) : text);
    }
    if (!m_builder.isBad())
        m_counts.push_back(rows);
    m_builder.endRow(0, rows);
}

GroupedRows::Taken GroupedRows::take()
{
    Taken taken{m_builder.takeChunk(), std::move(m_counts), m_builder.takeRejected()};
    m_counts.clear();
    m_builder.beginChunk();
    return taken;
}

void RowsAgain::add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts)
{
    m_rows += counts.empty() ? chunk.rows : std::accumulate(counts.begin(), counts.end(), std::uint64_t(0));
    if (!areAll()) {
        m_chunks = {};
        return;
    }
    std::vector<std::uint32_t> rows; // of the chunk, each as often as it is told
    const auto hold = [&] {
        if (!rows.empty())
            take(chunk, rows);
        rows.clear();
    };
    for (std::uint32_t row = 0; row < chunk.rows; ++row)
        for (std::uint64_t left = counts.empty() ? 1 : counts[row]; left > 0;) {
            const std::uint64_t room = GroupedRows::kRowsAChunk - rows.size();
            rows.insert(rows.end(), std::min(left, room), row);
            left -= std::min(left, room);
            if (rows.size() == GroupedRows::kRowsAChunk)
                hold();
        }
    hold();
}

void RowsAgain::take(const predictions::Chunk &chunk, std::span<const std::uint32_t> rows)
{
    predictions::Chunk again;
    again.position = m_chunks.size();
    again.rows = static_cast<std::uint32_t>(rows.size());
    again.dictionaries = chunk.dictionaries;
    for (const auto &column : chunk.numbers)
        again.numbers.push_back(picked(column, rows));
    for (const auto &column : chunk.codes)
        again.codes.push_back(std::visit([rows](const auto &codes) { return predictions::Codes(picked(codes, rows)); }, column));
    if (!chunk.hours.empty())
        again.hours = picked(chunk.hours, rows);
    m_chunks.push_back(std::move(again));
}

Result<predictions::Plan> planOf(const Statement &statement)
{
    return predictions::Plan::make(statement.mapping, {predictions::Format::Table, ',', '.', '\n', false}, statement.fields);
}

} // namespace countersign::pushdown
