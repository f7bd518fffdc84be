#include "models/store/guards/objects.h"

#include "models/base/text.h"
#include "models/store/guards/postgresobjects.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

#include <QString>

#include <algorithm>
#include <map>

namespace countersign::store {

namespace {

using database::Backend;
using database::Connection;

struct SqliteObject {
    std::string type;
    std::string sql;
    bool operator==(const SqliteObject &) const = default;
};
using SqliteObjects = std::map<std::string, SqliteObject>;

/// Runs of white space as one: versions of SQLite write them differently where a column was added later.
std::string squeezed(const std::string &sql) { return QString::fromStdString(sql).simplified().toStdString(); }

Result<SqliteObjects> sqliteObjects(Connection &connection)
{
    SqliteObjects objects;
    Statements sql(connection);
    // Names that begin with sqlite_ are SQLite's own: nobody else can make such, but a damaged file may tell them otherwise.
    sql.each("SELECT name, type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\'",
             [&](const database::Query &row) { objects[row.text(0)] = {row.text(1), squeezed(row.text(2))}; });
    return sql.ok() ? Result<SqliteObjects>(std::move(objects)) : Result<SqliteObjects>(sql.status().error());
}

/// What the scripts make, made once by running them.
Result<SqliteObjects> expectedSqliteObjects()
{
    static const Result<SqliteObjects> expected = []() -> Result<SqliteObjects> {
        auto scratch = Connection::openScratch();
        if (!scratch)
            return scratch.error();
        if (const auto made = database::migrate(**scratch, migrations(Backend::Sqlite)); !made)
            return made.error();
        return sqliteObjects(**scratch);
    }();
    return expected;
}

std::string named(const std::string &type, const std::string &name) { return "The " + type + " “" + text::visible(name) + "”"; }

Result<std::vector<ForeignObject>> compareSqlite(Connection &connection)
{
    const auto expected = expectedSqliteObjects();
    const auto found = expected ? sqliteObjects(connection) : expected;
    if (!found)
        return found.error();
    std::vector<ForeignObject> foreign;
    // Writing one of two that begin on the same page writes the other. The first page is the schema's own.
    Statements sql(connection);
    sql.each("SELECT type, name FROM sqlite_schema WHERE rootpage = 1 OR rootpage IN (SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 GROUP BY rootpage HAVING count(*) > 1) ORDER BY name",
             [&](const database::Query &row) { foreign.push_back({named(row.text(0), row.text(1)) + " lies where another object does.", false}); });
    if (!sql.ok())
        return sql.status().error();
    for (const auto &[name, object] : *expected) {
        const auto there = found->find(name);
        const bool isTable = object.type == "table";
        if (there == found->end())
            foreign.push_back({named(object.type, name) + " is missing.", isTable});
        else if (there->second != object)
            foreign.push_back({named(object.type, name) + (there->second.type == object.type ? " was changed." : " is a " + there->second.type + "."), isTable});
    }
    for (const auto &[name, object] : *found)
        if (!expected->contains(name))
            foreign.push_back({named(object.type, name) + " was added.", false});
    return foreign;
}

} // namespace

Result<std::vector<ForeignObject>> foreignObjects(Connection &connection)
{
    return connection.backend() == Backend::Sqlite ? compareSqlite(connection) : foreignPostgresObjects(connection);
}

Status checkReadable(const std::vector<ForeignObject> &foreign)
{
    const auto found = std::ranges::find_if(foreign, &ForeignObject::isUnreadable);
    if (found == foreign.end())
        return {};
    return Error{ErrorKind::Invalid, "The database of the workspace is not as this program makes it: " + found->sentence + " It is not opened. Restore a backup, or ask who changed it.", {}};
}

} // namespace countersign::store
