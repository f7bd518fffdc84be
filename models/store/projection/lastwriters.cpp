#include "models/store/projection/lastwriters.h"

#include "models/store/schema.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

namespace {

const ProjectionTable *tableNamed(const std::string &name)
{
    const auto &tables = projectionTables();
    const auto found = std::ranges::find(tables, name, &ProjectionTable::name);
    return found == tables.end() ? nullptr : &*found;
}

/// "a = NEW.a AND b = NEW.b" over the key, or with placeholders.
std::string keyIs(const ProjectionTable &table, const std::string &whose = {})
{
    std::string text;
    for (std::size_t i = 0; i < table.keyCount; ++i)
        text += (i ? " AND " : "") + table.columns[i].name + " = " + (whose.empty() ? "?" : whose + table.columns[i].name);
    return text;
}

void bindKey(database::Query &query, const RowKey &key)
{
    for (const auto &value : key) {
        if (const auto *integer = std::get_if<std::int64_t>(&value))
            query.bind(*integer);
        else
            query.bind(std::get<std::string>(value));
    }
}

/// The versions whose settling writes a row.
std::vector<std::string> settledVersions(database::Connection &replayed, const TableDifference &row)
{
    const auto *first = row.key.empty() ? nullptr : std::get_if<std::string>(&row.key.front());
    if (!first)
        return {};
    if (row.table == "version" || row.table == "verdict" || row.table == "version_turn")
        return {*first};
    std::vector<std::string> versions;
    Statements sql(replayed);
    if (row.table == "signoff" || row.table == "model")
        sql.each(row.table == "model" ? "SELECT id FROM version WHERE model = ?" : "SELECT version FROM signoff WHERE id = ?",
                 [&](const database::Query &version) { versions.push_back(version.text(0)); }, *first);
    return versions;
}

} // namespace

LastWriters::LastWriters(database::Connection &scratch, std::span<const TableDifference> rows) : m_scratch(scratch), m_rows(rows.begin(), rows.end()) {}

Status LastWriters::watch(database::Connection &replayed)
{
    Statements sql(m_scratch);
    sql.run("CREATE TABLE replaying (entry INTEGER NOT NULL)");
    sql.run("INSERT INTO replaying VALUES (-1)");
    if (!sql.ok())
        return sql.status();
    std::set<std::string> names;
    for (const auto &row : m_rows)
        names.insert(row.table);
    for (const auto &name : names)
        if (const auto status = watchTable(name); !status)
            return status;
    for (const auto &row : m_rows) {
        const ProjectionTable *table = tableNamed(row.table);
        std::string columns, marks;
        for (std::size_t i = 0; i < table->keyCount; ++i) {
            columns += table->columns[i].name + ", ";
            marks += "?, ";
        }
        auto insert = m_scratch.prepare("INSERT INTO watched_" + row.table + " (" + columns + "is_gone) VALUES (" + marks + "0) ON CONFLICT DO NOTHING");
        if (!insert)
            return insert.error();
        bindKey(*insert, row.key);
        if (const auto status = insert->exec(); !status)
            return status;
        for (auto &version : settledVersions(replayed, row))
            m_versions.insert(std::move(version));
    }
    return {};
}

// A row that is written again with the values it has (a verdict settled anew) keeps its author.
Status LastWriters::watchTable(const std::string &name)
{
    const ProjectionTable &table = *tableNamed(name);
    const std::string watched = "watched_" + name;
    std::string columns, keys, set, differs;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const std::string &column = table.columns[i].name;
        columns += column + ", ";
        if (i < table.keyCount) {
            keys += (i ? ", " : "") + column;
        } else {
            set += column + " = NEW." + column + ", ";
            differs += " OR " + column + " IS NOT NEW." + column;
        }
    }
    constexpr const char *kNow = "(SELECT entry FROM replaying)";
    const std::string written = "BEGIN UPDATE " + watched + " SET " + set + "writer = " + kNow + " WHERE " + keyIs(table, "NEW.") + " AND (writer IS NULL" + differs + "); UPDATE "
        + watched + " SET is_gone = 0 WHERE " + keyIs(table, "NEW.") + "; END";
    for (const std::string &statement :
         {"CREATE TABLE " + watched + " (" + columns + "writer, remover, is_gone, PRIMARY KEY (" + keys + "))",
          "CREATE TRIGGER " + watched + "_insert AFTER INSERT ON " + name + " " + written,
          "CREATE TRIGGER " + watched + "_update AFTER UPDATE ON " + name + " " + written,
          "CREATE TRIGGER " + watched + "_delete AFTER DELETE ON " + name + " BEGIN UPDATE " + watched + " SET is_gone = 1, remover = " + kNow + " WHERE " + keyIs(table, "OLD.") + "; END"})
        if (const auto status = m_scratch.exec(statement); !status)
            return status;
    return {};
}

Status LastWriters::begin(std::uint64_t entry)
{
    auto update = m_scratch.prepare("UPDATE replaying SET entry = ?");
    if (!update)
        return update.error();
    return update->bind(static_cast<std::int64_t>(entry)).exec();
}

Result<std::vector<RowAuthor>> LastWriters::authors()
{
    std::vector<RowAuthor> authors;
    for (const auto &row : m_rows) {
        auto query = m_scratch.prepare("SELECT writer, remover, is_gone FROM watched_" + row.table + " WHERE " + keyIs(*tableNamed(row.table)));
        if (!query)
            return query.error();
        bindKey(*query, row.key);
        if (const auto status = query->exec(); !status)
            return status.error();
        const auto more = query->next();
        if (!more)
            return more.error();
        RowAuthor author;
        if (*more) {
            author.isRemoval = query->integer(2) != 0;
            if (const auto entry = query->integerOrNull(author.isRemoval ? 1 : 0))
                author.entry = static_cast<std::uint64_t>(*entry);
        }
        authors.push_back(author);
    }
    return authors;
}

} // namespace countersign::store
