#include "models/store/guards/objects.h"

#include "models/base/text.h"
#include "models/store/schema.h"
#include "models/store/statements.h"

#include <QRegularExpression>

#include <algorithm>
#include <map>
#include <set>

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
    // Names that begin with sqlite_ are SQLite's own; nobody else can make such.
    sql.each("SELECT name, type, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
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

struct ExpectedFunction {
    std::string body;
    bool isDefiner = false;
};

/// Tables that guard_tables() leaves to the functions.
constexpr std::string_view kUnguarded[] = {"entry", "evidence", "ledger_head", "checkpoint", "wrapped_key", "schema_migration", "duty", "login_person", "rehearsal"};

struct ExpectedPostgres {
    std::set<std::string> tables{"schema_migration"};
    std::map<std::string, ExpectedFunction> functions;                    ///< by name: there are no overloads
    std::map<std::pair<std::string, std::string>, std::string> triggers;  ///< (table, trigger) → function
    std::set<std::pair<std::string, std::string>> policies;               ///< (table, policy)
};

/// Read from the scripts; a later step replaces what an earlier one made.
const ExpectedPostgres &expectedPostgres()
{
    static const ExpectedPostgres expected = [] {
        static const QRegularExpression function(QStringLiteral("CREATE (?:OR REPLACE )?FUNCTION (\\w+)\\((.*?)\\$\\$(.*)\\$\\$"), QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression trigger(QStringLiteral("CREATE (?:CONSTRAINT )?TRIGGER (\\w+) .*? ON (\\w+) .*EXECUTE FUNCTION (\\w+)\\("), QRegularExpression::DotMatchesEverythingOption);
        static const QRegularExpression table(QStringLiteral("^CREATE TABLE (\\w+)"), QRegularExpression::MultilineOption);
        static const QRegularExpression policy(QStringLiteral("CREATE POLICY (\\w+) ON (\\w+) "));
        ExpectedPostgres made;
        for (const auto &step : migrations(Backend::Postgres)) {
            for (const auto &statement : step.statements) {
                const QString text = QString::fromStdString(statement);
                if (const auto match = function.match(text); match.hasMatch()) {
                    made.functions[match.captured(1).toStdString()] = {match.captured(3).toStdString(), match.captured(2).contains(QLatin1String("SECURITY DEFINER"))};
                    continue; // what a body makes is made when it runs
                }
                if (const auto match = table.match(text); match.hasMatch())
                    made.tables.insert(match.captured(1).toStdString());
                if (const auto match = trigger.match(text); match.hasMatch())
                    made.triggers[{match.captured(2).toStdString(), match.captured(1).toStdString()}] = match.captured(3).toStdString();
                if (const auto match = policy.match(text); match.hasMatch())
                    made.policies.emplace(match.captured(2).toStdString(), match.captured(1).toStdString());
            }
        }
        for (const auto &name : made.tables)
            if (std::ranges::find(kUnguarded, name) == std::ranges::end(kUnguarded))
                for (const char *suffix : {"_door", "_truncate"})
                    made.triggers[{name, name + suffix}] = "check_door";
        return made;
    }();
    return expected;
}

void compareFunctions(Statements &sql, std::vector<ForeignObject> &foreign)
{
    auto missing = expectedPostgres().functions;
    const auto compare = [&](const database::Query &row) {
        const std::string name = row.text(0);
        const auto expected = missing.find(name);
        if (expected == missing.end()) {
            foreign.push_back({named("function", name) + " was added.", false});
            return;
        }
        // Whose it is and where it looks matter as much as what it does.
        const bool isOurs = row.text(1) == expected->second.body && (row.integer(2) != 0) == expected->second.isDefiner && row.integer(3) != 0
            && (row.integer(4) != 0 || name == "deny_change" || name == "check_next_entry");
        if (!isOurs)
            foreign.push_back({named("function", name) + " was changed.", false});
        missing.erase(expected);
    };
    sql.each("SELECT p.proname::text, p.prosrc, p.prosecdef::int, (p.proowner = n.nspowner)::int, "
             "EXISTS (SELECT 1 FROM unnest(p.proconfig) AS c WHERE replace(c, ' ', '') = 'search_path=' || quote_ident(n.nspname) || ',pg_temp')::int "
             "FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = current_schema() ORDER BY p.proname", compare);
    for (const auto &[name, function] : missing)
        foreign.push_back({named("function", name) + " is missing.", false});
}

void compareTriggers(Statements &sql, std::vector<ForeignObject> &foreign)
{
    auto missing = expectedPostgres().triggers;
    const auto compare = [&](const database::Query &row) {
        const std::string what = named("trigger", row.text(1)) + " of the table “" + text::visible(row.text(0)) + "”";
        const auto expected = missing.find({row.text(0), row.text(1)});
        if (expected == missing.end()) {
            foreign.push_back({what + " was added.", false});
            return;
        }
        if (row.text(2) != expected->second || row.integer(4) == 0)
            foreign.push_back({what + " was changed.", false});
        else if (row.text(3) != "A")
            foreign.push_back({what + " does not always fire.", false});
        missing.erase(expected);
    };
    sql.each("SELECT c.relname::text, t.tgname::text, p.proname::text, t.tgenabled::text, (t.tgqual IS NULL)::int FROM pg_catalog.pg_trigger t "
             "JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid "
             "WHERE c.relnamespace = to_regnamespace(current_schema()) AND NOT t.tgisinternal ORDER BY 1, 2", compare);
    for (const auto &[key, function] : missing)
        foreign.push_back({named("trigger", key.second) + " of the table “" + key.first + "” is missing.", false});
}

void comparePolicies(Statements &sql, std::vector<ForeignObject> &foreign)
{
    auto missing = expectedPostgres().policies;
    const auto compare = [&](const database::Query &row) {
        if (missing.erase({row.text(0), row.text(1)}) == 0)
            foreign.push_back({named("policy", row.text(1)) + " of the table “" + text::visible(row.text(0)) + "” was added.", false});
    };
    sql.each("SELECT tablename::text, policyname::text FROM pg_catalog.pg_policies WHERE schemaname = current_schema() ORDER BY 1, 2", compare);
    for (const auto &[table, policy] : missing)
        foreign.push_back({named("policy", policy) + " of the table “" + table + "” is missing.", false});
}

void compareTables(Statements &sql, std::vector<ForeignObject> &foreign)
{
    std::set<std::string> secured;
    for (const auto &[table, policy] : expectedPostgres().policies)
        secured.insert(table);
    std::set<std::string> tables = expectedPostgres().tables;
    const auto compare = [&](const database::Query &row) {
        const std::string name = row.text(0);
        const bool isOurs = tables.erase(name) == 1;
        if (isOurs && (row.text(1) != "r" || row.integer(3) != 0))
            foreign.push_back({named("table", name) + (row.text(1) != "r" ? " is something else." : " has a rule that somebody added."), true});
        else if (secured.contains(name) && row.integer(2) == 0)
            foreign.push_back({"Row-level security of the table “" + name + "” is not forced.", false});
        else if (!isOurs && row.text(1) == "r")
            foreign.push_back({named("table", name) + " was added.", false});
    };
    sql.each("SELECT c.relname::text, c.relkind::text, (c.relrowsecurity AND c.relforcerowsecurity)::int, EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid)::int FROM pg_catalog.pg_class c "
             "WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind NOT IN ('i', 'I', 't', 'S', 'c') ORDER BY 1", compare);
    for (const auto &name : tables)
        foreign.push_back({named("table", name) + " is missing.", true});
}

} // namespace

Result<std::vector<ForeignObject>> foreignObjects(Connection &connection)
{
    if (connection.backend() == Backend::Sqlite)
        return compareSqlite(connection);
    std::vector<ForeignObject> foreign;
    Statements sql(connection);
    compareTables(sql, foreign);
    compareFunctions(sql, foreign);
    compareTriggers(sql, foreign);
    comparePolicies(sql, foreign);
    if (!sql.ok())
        return sql.status().error();
    return foreign;
}

Status checkReadable(const std::vector<ForeignObject> &foreign)
{
    const auto found = std::ranges::find_if(foreign, &ForeignObject::isUnreadable);
    if (found == foreign.end())
        return {};
    return Error{ErrorKind::Invalid, "The database of the workspace is not as this program makes it: " + found->sentence + " It is not opened. Restore a backup, or ask who changed it.", {}};
}

} // namespace countersign::store
