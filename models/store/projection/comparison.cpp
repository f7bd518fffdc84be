#include "models/store/projection/comparison.h"

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/base/time.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

#include <algorithm>
#include <bit>
#include <compare>
#include <optional>
#include <variant>

namespace countersign::store {

namespace {

using Kind = ProjectionTable::Kind;
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
constexpr std::size_t kMaxListed = 100;

Cell readCell(const database::Query &query, int column, Kind kind)
{
    if (query.isNull(column))
        return {};
    switch (kind) {
    case Kind::Integer: return query.integer(column);
    case Kind::Real: return query.real(column);
    case Kind::Text: return query.text(column);
    case Kind::Blob: return query.bytes(column);
    }
    return {};
}

/// Whether two rows say the same in a column, without copying it.
bool isSame(const database::Query &a, const database::Query &b, int column, Kind kind)
{
    const bool isNull = a.isNull(column);
    if (isNull || isNull != b.isNull(column))
        return isNull == b.isNull(column);
    switch (kind) {
    case Kind::Integer: return a.integer(column) == b.integer(column);
    case Kind::Real: return std::bit_cast<std::uint64_t>(a.real(column)) == std::bit_cast<std::uint64_t>(b.real(column));
    case Kind::Text:
    case Kind::Blob: return a.view(column) == b.view(column);
    }
    return false;
}

std::strong_ordering compareKeys(const ProjectionTable &table, const database::Query &a, const database::Query &b)
{
    for (std::size_t i = 0; i < table.keyCount; ++i) {
        const int column = static_cast<int>(i);
        auto order = b.isNull(column) <=> a.isNull(column);
        if (order == 0)
            order = table.columns[i].kind == Kind::Integer ? a.integer(column) <=> b.integer(column) : a.view(column).compare(b.view(column)) <=> 0;
        if (order != 0)
            return order;
    }
    return std::strong_ordering::equal;
}

/// Rows of one table in key order, one at a time. SQLite gives them as it reads; PostgreSQL in pages, each beginning after the key
/// that the page before ended with.
class Rows
{
public:
    Rows(database::Connection &connection, const ProjectionTable &table)
        : m_connection(connection), m_table(table), m_isPaged(connection.backend() == database::Backend::Postgres)
    {
        std::string columns;
        std::string keys;
        std::string marks;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            columns += (i ? ", " : "") + table.columns[i].name;
            if (i < table.keyCount) {
                keys += (i ? ", " : "") + table.columns[i].name;
                marks += i ? ", ?" : "?";
            }
        }
        const std::string select = "SELECT " + columns + " FROM " + table.name;
        const std::string order = " ORDER BY " + keys + (m_isPaged ? " LIMIT " + std::to_string(kPage) : "");
        m_nextPage = select + " WHERE (" + keys + ") > (" + marks + ")" + order;
        read(select + order);
    }

    bool atEnd() const { return !m_query; }
    const Status &status() const { return m_status; }
    const database::Query &row() const { return *m_query; }
    std::vector<Cell> cells() const
    {
        std::vector<Cell> cells;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i)
            cells.push_back(readCell(*m_query, static_cast<int>(i), m_table.columns[i].kind));
        return cells;
    }

    void next()
    {
        const bool isPageFull = m_isPaged && m_inPage == kPage;
        std::vector<Cell> key;
        if (isPageFull)
            for (std::size_t i = 0; i < m_table.keyCount; ++i)
                key.push_back(readCell(*m_query, static_cast<int>(i), m_table.columns[i].kind));
        const auto more = m_query->next();
        if (more && *more) {
            ++m_inPage;
            return;
        }
        m_query.reset();
        if (!more)
            m_status = more.error();
        else if (isPageFull)
            read(m_nextPage, key);
    }

private:
    static constexpr std::size_t kPage = 4096;

    void read(const std::string &sql, const std::vector<Cell> &after = {})
    {
        auto query = m_connection.prepare(sql);
        if (!query) {
            m_status = query.error();
            return;
        }
        for (const auto &cell : after) {
            if (const auto *integer = std::get_if<std::int64_t>(&cell))
                query->bind(*integer);
            else
                query->bind(std::get<std::string>(cell));
        }
        m_status = query->exec();
        if (!m_status)
            return;
        m_query = std::move(*query);
        m_inPage = 0;
        next();
    }

    database::Connection &m_connection;
    const ProjectionTable &m_table;
    const bool m_isPaged;
    std::string m_nextPage;
    std::size_t m_inPage = 0;
    std::optional<database::Query> m_query;
    Status m_status;
};

bool isTime(const std::string &column)
{
    return column.ends_with("_at") || column == "at" || column == "since" || column.starts_with("window_") || column == "in_force_from" || column == "frozen_at";
}

constexpr std::size_t kShownBytes = 40;      // a digest or key is shown whole
constexpr std::size_t kShownCharacters = 160;
constexpr std::size_t kBeforeDifference = 40;

/// The part of a text that is shown: all of a short one, else what stands about `at`. Never cuts a character.
std::string excerpt(const std::string &text, std::size_t at)
{
    if (text.size() <= kShownCharacters)
        return text;
    const auto isInside = [&](std::size_t i) { return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U; };
    std::size_t begin = at > kBeforeDifference && at + kBeforeDifference > kShownCharacters ? std::min(at, text.size()) - kBeforeDifference : 0;
    while (isInside(begin))
        --begin;
    std::size_t end = std::min(text.size(), begin + kShownCharacters);
    while (isInside(end))
        --end;
    return (begin > 0 ? "…" : "") + text.substr(begin, end - begin) + (end < text.size() ? "…" : "");
}

/// A value in words; a long one about the byte or character `at`, where it differs from another.
std::string shown(const Cell &cell, const ProjectionTable::Column &column, std::size_t at = 0)
{
    if (std::holds_alternative<std::monostate>(cell))
        return "nothing";
    if (const auto *integer = std::get_if<std::int64_t>(&cell))
        return isTime(column.name) && column.name != "enrolled_at" ? formatUtc(fromMillis(*integer)) : std::to_string(*integer);
    if (const auto *real = std::get_if<double>(&cell))
        return number::shortest(*real);
    const auto &bytes = std::get<std::string>(cell);
    if (column.kind == Kind::Blob || !text::isUtf8(bytes)) {
        const std::size_t begin = bytes.size() <= kShownBytes || at < kShownBytes ? 0 : std::min(at, bytes.size()) - kShownBytes / 2;
        return (begin > 0 ? "…" : "") + toHex(bytes.substr(begin, kShownBytes)) + (bytes.size() > begin + kShownBytes ? "…" : "");
    }
    return "“" + text::visible(excerpt(bytes, at)) + "”";
}

/// Two values that differ, each shown where they do.
std::pair<std::string, std::string> shownApart(const Cell &a, const Cell &b, const ProjectionTable::Column &column)
{
    const auto *one = std::get_if<std::string>(&a);
    const auto *other = std::get_if<std::string>(&b);
    const std::size_t at = one && other ? static_cast<std::size_t>(std::ranges::mismatch(*one, *other).in1 - one->begin()) : 0;
    return {shown(a, column, at), shown(b, column, at)};
}

std::string keyText(const ProjectionTable &table, const std::vector<Cell> &cells)
{
    std::string text;
    for (std::size_t i = 0; i < table.keyCount; ++i)
        text += (i ? ", " : "") + table.columns[i].name + " " + shown(cells[i], table.columns[i]);
    return text;
}

RowKey keyOf(const ProjectionTable &table, const std::vector<Cell> &cells)
{
    RowKey key;
    for (std::size_t i = 0; i < table.keyCount; ++i) {
        if (const auto *integer = std::get_if<std::int64_t>(&cells[i]))
            key.emplace_back(*integer);
        else if (const auto *text = std::get_if<std::string>(&cells[i]))
            key.emplace_back(*text);
        else
            key.emplace_back(std::string());
    }
    return key;
}

/// How many rows the replay gave, so that progress has an end.
Result<std::uint64_t> countRows(database::Connection &replayed)
{
    Statements sql(replayed);
    std::uint64_t rows = 0;
    for (const auto &table : projectionTables())
        rows += static_cast<std::uint64_t>(sql.integer("SELECT count(*) FROM " + table.name).value_or(0));
    return sql.ok() ? Result<std::uint64_t>(rows) : Result<std::uint64_t>(sql.status().error());
}

} // namespace

std::string TableDifference::sentence() const
{
    switch (kind) {
    case Kind::Changed:
        return "Table " + table + ", row " + row + ": " + column + " is " + found + " in the table; the ledger says " + recorded + ".";
    case Kind::Missing: return "Table " + table + ": the row " + row + " follows from the ledger and is missing.";
    case Kind::Extra: return "Table " + table + ": the row " + row + " does not follow from the ledger.";
    }
    return {};
}

Result<Comparison> compareProjections(database::Connection &live, database::Connection &replayed, const Progress &progress)
{
    Comparison comparison;
    const auto note = [&](TableDifference difference, const ProjectionTable &table, const std::vector<Cell> &cells) {
        ++comparison.differences;
        if (comparison.first.size() >= kMaxListed)
            return;
        difference.table = table.name;
        difference.row = keyText(table, cells);
        difference.key = keyOf(table, cells);
        comparison.first.push_back(std::move(difference));
    };
    const auto expected = countRows(replayed);
    if (!expected)
        return expected.error();
    for (const auto &table : projectionTables()) {
        Rows found(live, table);
        Rows recorded(replayed, table);
        while (!found.atEnd() || !recorded.atEnd()) {
            if (++comparison.rows % 4096 == 0) {
                progress(comparison.rows, std::max(*expected, comparison.rows), "comparing tables with the ledger");
                if (progress.isCancelled())
                    return Error{ErrorKind::Cancelled, "Verification was cancelled.", {}};
            }
            const auto order = found.atEnd() ? std::strong_ordering::greater
                : recorded.atEnd()           ? std::strong_ordering::less
                                             : compareKeys(table, found.row(), recorded.row());
            if (order < 0) {
                note({TableDifference::Kind::Extra, {}, {}, {}, {}, {}, {}}, table, found.cells());
                found.next();
            } else if (order > 0) {
                note({TableDifference::Kind::Missing, {}, {}, {}, {}, {}, {}}, table, recorded.cells());
                recorded.next();
            } else {
                for (std::size_t i = table.keyCount; i < table.columns.size(); ++i) {
                    const auto &column = table.columns[i];
                    const int no = static_cast<int>(i);
                    if (isSame(found.row(), recorded.row(), no, column.kind))
                        continue;
                    const auto [is, was] = shownApart(readCell(found.row(), no, column.kind), readCell(recorded.row(), no, column.kind), column);
                    note({TableDifference::Kind::Changed, {}, {}, column.name, was, is, {}}, table, recorded.cells());
                }
                found.next();
                recorded.next();
            }
        }
        if (!found.status())
            return found.status().error().in("table " + table.name);
        if (!recorded.status())
            return recorded.status().error().in("replayed table " + table.name);
    }
    return comparison;
}

} // namespace countersign::store
