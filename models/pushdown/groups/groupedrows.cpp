#include "models/pushdown/groups/groupedrows.h"

#include <charconv>

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

} // namespace

GroupedRows::GroupedRows(const predictions::Plan &plan, const Statement &statement, bool trimsTexts, std::size_t keepRejected)
    : m_statement(statement), m_trimsTexts(trimsTexts), m_builder(plan, 0, keepRejected)
{
    m_builder.beginChunk();
}

Result<std::uint64_t> GroupedRows::rowsOf(std::span<const Cell> cells) const
{
    const std::string_view number = cells.size() == m_statement.fields.size() + 1 ? cells.back().value_or(std::string_view()) : std::string_view();
    std::uint64_t rows = 0;
    const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), rows);
    if (code != std::errc() || end != number.data() + number.size() || rows == 0)
        return Error{ErrorKind::Io, "The database answered with something else than it was asked for.", {}};
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

Result<predictions::Plan> planOf(const Statement &statement)
{
    return predictions::Plan::make(statement.mapping, {predictions::Format::Table, ',', '.', '\n', false}, statement.fields);
}

} // namespace countersign::pushdown
