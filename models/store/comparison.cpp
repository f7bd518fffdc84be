#include "models/store/comparison.h"

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/base/time.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

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

bool isSame(const Cell &a, const Cell &b)
{
    const double *first = std::get_if<double>(&a);
    const double *second = std::get_if<double>(&b);
    if (first && second)
        return std::bit_cast<std::uint64_t>(*first) == std::bit_cast<std::uint64_t>(*second);
    return a == b;
}

/// Rows of one table in key order, one at a time.
class Rows
{
public:
    Rows(database::Connection &connection, const ProjectionTable &table) : m_table(table)
    {
        std::string columns;
        std::string keys;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            columns += (i ? ", " : "") + table.columns[i].name;
            if (i < table.keyCount)
                keys += (i ? ", " : "") + table.columns[i].name;
        }
        auto query = connection.prepare("SELECT " + columns + " FROM " + table.name + " ORDER BY " + keys);
        if (!query) {
            m_status = query.error();
            return;
        }
        if (const auto status = query->exec(); !status) {
            m_status = status;
            return;
        }
        m_query = std::move(*query);
        m_cells.resize(table.columns.size());
        next();
    }

    bool atEnd() const { return !m_query; }
    const Status &status() const { return m_status; }
    const std::vector<Cell> &cells() const { return m_cells; }

    void next()
    {
        const auto more = m_query->next();
        if (!more || !*more) {
            if (!more)
                m_status = more.error();
            m_query.reset();
            return;
        }
        for (std::size_t i = 0; i < m_cells.size(); ++i)
            m_cells[i] = readCell(*m_query, static_cast<int>(i), m_table.columns[i].kind);
    }

private:
    const ProjectionTable &m_table;
    std::optional<database::Query> m_query;
    std::vector<Cell> m_cells;
    Status m_status;
};

bool isTime(const std::string &column)
{
    return column.ends_with("_at") || column == "at" || column == "since" || column.starts_with("window_") || column == "in_force_from" || column == "frozen_at";
}

std::string shown(const Cell &cell, const ProjectionTable::Column &column)
{
    if (std::holds_alternative<std::monostate>(cell))
        return "nothing";
    if (const auto *integer = std::get_if<std::int64_t>(&cell))
        return isTime(column.name) && column.name != "enrolled_at" ? formatUtc(fromMillis(*integer)) : std::to_string(*integer);
    if (const auto *real = std::get_if<double>(&cell))
        return number::shortest(*real);
    const auto &bytes = std::get<std::string>(cell);
    if (column.kind == Kind::Blob)
        return toHex(bytes.substr(0, 16)) + (bytes.size() > 16 ? "…" : "");
    const std::string text = text::isUtf8(bytes) ? text::visible(bytes) : toHex(bytes);
    return "“" + (text.size() > 160 ? text.substr(0, 157) + "…" : text) + "”";
}

std::string keyText(const ProjectionTable &table, const std::vector<Cell> &cells)
{
    std::string text;
    for (std::size_t i = 0; i < table.keyCount; ++i)
        text += (i ? ", " : "") + table.columns[i].name + " " + shown(cells[i], table.columns[i]);
    return text;
}

std::strong_ordering compareKeys(const ProjectionTable &table, const std::vector<Cell> &a, const std::vector<Cell> &b)
{
    for (std::size_t i = 0; i < table.keyCount; ++i) {
        if (a[i].index() != b[i].index())
            return a[i].index() <=> b[i].index();
        if (const auto *first = std::get_if<std::int64_t>(&a[i])) {
            if (const auto order = *first <=> std::get<std::int64_t>(b[i]); order != 0)
                return order;
        } else if (const auto *text = std::get_if<std::string>(&a[i])) {
            if (const auto order = text->compare(std::get<std::string>(b[i])); order != 0)
                return order <=> 0;
        }
    }
    return std::strong_ordering::equal;
}

/// The entry that is answerable for a row: its own column, its import's, or its subject's latest.
std::int64_t entryOf(database::Connection &replayed, const ProjectionTable &table, const std::vector<Cell> &cells)
{
    Statements sql(replayed);
    const auto text = [&](std::size_t i) { const auto *value = std::get_if<std::string>(&cells[i]); return value ? *value : std::string(); };
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto &name = table.columns[i].name;
        if (name == "entry")
            if (const auto *entry = std::get_if<std::int64_t>(&cells[i]))
                return *entry;
        if (table.name == "observation" && name == "import")
            if (const auto *no = std::get_if<std::int64_t>(&cells[i]))
                return sql.integer("SELECT entry FROM import WHERE no = ?", *no).value_or(-1);
    }
    const std::string key = text(0);
    if (const auto entry = sql.integer("SELECT entry FROM subject_head WHERE subject = ?", key))
        return *entry;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].name == "import" && !text(i).empty())
            return sql.integer("SELECT entry FROM import WHERE id = ?", text(i)).value_or(-1);
    return -1;
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
        difference.entry = entryOf(replayed, table, cells);
        comparison.first.push_back(std::move(difference));
    };
    for (const auto &table : projectionTables()) {
        Rows found(live, table);
        Rows recorded(replayed, table);
        while (!found.atEnd() || !recorded.atEnd()) {
            if (++comparison.rows % 4096 == 0) {
                progress(comparison.rows, 0, "comparing tables with the ledger");
                if (progress.isCancelled())
                    return Error{ErrorKind::Cancelled, "Verification was cancelled.", {}};
            }
            const auto order = found.atEnd() ? std::strong_ordering::greater
                : recorded.atEnd()           ? std::strong_ordering::less
                                             : compareKeys(table, found.cells(), recorded.cells());
            if (order < 0) {
                note({TableDifference::Kind::Extra, {}, {}, {}, {}, {}, -1}, table, found.cells());
                found.next();
            } else if (order > 0) {
                note({TableDifference::Kind::Missing, {}, {}, {}, {}, {}, -1}, table, recorded.cells());
                recorded.next();
            } else {
                for (std::size_t i = table.keyCount; i < table.columns.size(); ++i)
                    if (!isSame(found.cells()[i], recorded.cells()[i]))
                        note({TableDifference::Kind::Changed, {}, {}, table.columns[i].name, shown(recorded.cells()[i], table.columns[i]), shown(found.cells()[i], table.columns[i]), -1},
                             table, recorded.cells());
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
