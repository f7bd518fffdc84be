#include "models/store/guards/postgresobjects.h"

#include "models/base/text.h"
#include "models/store/guards/postgresscripts.h"
#include "models/store/statements.h"

#include <QString>

#include <algorithm>

namespace countersign::store {

namespace {

using database::Query;

std::string inMarks(const std::string &name) { return "“" + text::visible(name) + "”"; }
std::string simple(const std::string &text) { return QString::fromStdString(text).simplified().toStdString(); }

class Comparing
{
public:
    explicit Comparing(database::Connection &connection) : m_sql(connection) {}

    Result<std::vector<ForeignObject>> run()
    {
        tables();
        columns();
        constraints();
        indexes();
        functions();
        triggers();
        policies();
        if (std::ranges::none_of(m_foreign, &ForeignObject::isUnreadable)) // it reads one of the tables
            rights();
        if (!m_sql.ok())
            return m_sql.status().error();
        return std::move(m_foreign);
    }

private:
    void add(std::string sentence, bool isUnreadable = false) { m_foreign.push_back({std::move(sentence), isUnreadable}); }
    static std::string ofTable(const PostgresScripts::OfTable &key) { return inMarks(key.second) + " of the table " + inMarks(key.first); }

    /// Rows (table, name, what it is) against what they should be. `kind`: "trigger".
    void compare(const char *kind, std::map<PostgresScripts::OfTable, std::string> missing, std::string_view query)
    {
        m_sql.each(query, [&](const Query &row) {
            const PostgresScripts::OfTable key{row.text(0), row.text(1)};
            const std::string what = std::string("The ") + kind + " " + ofTable(key);
            const auto expected = missing.find(key);
            if (expected == missing.end()) {
                add(what + " was added.");
                return;
            }
            if (const std::string found = simple(row.text(2)); found != expected->second)
                add(what + " was changed: it is " + inMarks(found) + ", and should be " + inMarks(expected->second) + ".");
            missing.erase(expected);
        });
        for (const auto &[key, said] : missing)
            add(std::string("The ") + kind + " " + ofTable(key) + " is missing.");
    }

    void tables()
    {
        auto missing = m_scripts.tables;
        m_sql.each("SELECT c.relname::text, c.relkind::text, (c.relrowsecurity AND c.relforcerowsecurity)::int, EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid)::int, "
                   "EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid OR i.inhrelid = c.oid)::int, (c.relpersistence = 'p')::int, (c.relowner = n.nspowner)::int, c.relrowsecurity::int "
                   "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind NOT IN ('i', 'I', 't', 'S', 'c') ORDER BY 1",
                   [&](const Query &row) {
            const std::string name = row.text(0);
            const std::string what = "The table " + inMarks(name);
            if (missing.erase(name) == 0) {
                if (row.text(1) == "r")
                    add(what + " was added.");
                return;
            }
            if (row.text(1) != "r")
                add(what + " is something else.", true);
            else if (row.integer(3) != 0)
                add(what + " has a rule that somebody added.", true);
            else if (row.integer(4) != 0)
                add(what + " inherits from another, or another from it.", true);
            if (row.integer(5) == 0)
                add(what + " is not written to the server's log, and is emptied by a crash.");
            if (row.integer(6) == 0)
                add(what + " does not belong to the owner of the workspace.");
            if (m_scripts.secured.contains(name) && row.integer(2) == 0)
                add("Row-level security of the table " + inMarks(name) + " is not forced.");
            else if (!m_scripts.secured.contains(name) && row.integer(7) != 0)
                add("Row-level security of the table " + inMarks(name) + " was switched on, which hides rows.");
        });
        for (const auto &[name, columns] : missing)
            add("The table " + inMarks(name) + " is missing.", true);
    }

    void columns()
    {
        auto missing = m_scripts.tables;
        m_sql.each("SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attcollation = 0 THEN '' WHEN o.collname = 'C' THEN ' in order of bytes' "
                   "WHEN o.collname = 'default' THEN ' in the database''s order' ELSE ' in another order' END || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END "
                   "|| CASE WHEN a.attgenerated <> '' OR a.attidentity <> '' THEN ' generated' ELSE '' END || coalesce(' default ' || replace(pg_get_expr(d.adbin, d.adrelid), '::text', ''), '') "
                   "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
                   "LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation "
                   "WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum",
                   [&](const Query &row) {
            const auto table = missing.find(row.text(0));
            if (table == missing.end())
                return; // told already
            const std::string what = "The column " + ofTable({row.text(0), row.text(1)});
            const auto expected = table->second.find(row.text(1));
            if (expected == table->second.end()) {
                add(what + " was added.", true);
                return;
            }
            if (row.text(2) != expected->second)
                add(what + " was changed: it is " + inMarks(row.text(2)) + ", and should be " + inMarks(expected->second) + ".", true);
            table->second.erase(expected);
        });
        for (const auto &[table, left] : missing)
            for (const auto &[column, said] : left)
                if (left.size() < m_scripts.tables.at(table).size()) // otherwise the table itself is missing
                    add("The column " + ofTable({table, column}) + " is missing.", true);
    }

    void constraints()
    {
        auto missing = m_scripts.constraints;
        m_sql.each("SELECT c.relname::text, pg_get_constraintdef(k.oid), k.contype::text FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
                   "WHERE c.relnamespace = to_regnamespace(current_schema()) AND k.contype NOT IN ('n', 't') ORDER BY 1, 2",
                   [&](const Query &row) {
            if (!m_scripts.tables.contains(row.text(0)))
                return;
            const std::string said = row.text(1);
            const std::string bare = row.text(2) == "c" && said.ends_with(')') ? "CHECK " + bareExpression(said.substr(5)) : said;
            if (missing[row.text(0)].erase(bare) == 0)
                add("The constraint " + ofTable({row.text(0), simple(said)}) + " was added.");
        });
        for (const auto &[table, left] : missing)
            for (const auto &said : left)
                if (!isMissing(table))
                    add("The constraint " + ofTable({table, said}) + " is missing.");
    }

    bool isMissing(const std::string &table) { return m_sql.integer("SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = ?", table) != 1; }

    /// An index that only makes something faster is whoever's administers the server; one that refuses rows or runs a function is not.
    void indexes()
    {
        auto missing = m_scripts.indexes;
        m_sql.each("SELECT i.relname::text, replace(replace(pg_get_indexdef(x.indexrelid), ' ON ' || quote_ident(current_schema()) || '.', ' ON '), ' USING btree ', ' '), "
                   "(x.indisunique OR x.indexprs IS NOT NULL OR x.indpred IS NOT NULL)::int, x.indisvalid::int FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid "
                   "WHERE i.relnamespace = to_regnamespace(current_schema()) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')) ORDER BY 1",
                   [&](const Query &row) {
            const auto expected = missing.find(row.text(0));
            if (expected == missing.end()) {
                if (row.integer(2) != 0)
                    add("The index " + inMarks(row.text(0)) + " was added, which refuses rows or computes.");
                return;
            }
            if (bareExpression(row.text(1)) != bareExpression(expected->second) || row.integer(3) == 0)
                add("The index " + inMarks(row.text(0)) + " was changed.");
            missing.erase(expected);
        });
        for (const auto &[name, said] : missing)
            add("The index " + inMarks(name) + " is missing.");
    }

    void functions()
    {
        auto missing = m_scripts.functions;
        m_sql.each("SELECT p.proname::text, p.prosrc, '(' || pg_get_function_arguments(p.oid) || ') RETURNS ' || pg_get_function_result(p.oid) || ' ' || l.lanname "
                   "|| CASE p.provolatile WHEN 'i' THEN ' immutable' WHEN 's' THEN ' stable' ELSE ' volatile' END || CASE WHEN p.proisstrict THEN ' strict' ELSE '' END "
                   "|| CASE WHEN p.prosecdef THEN ' definer' ELSE '' END || CASE WHEN p.proconfig IS NULL THEN '' "
                   "WHEN cardinality(p.proconfig) = 1 AND replace(p.proconfig[1], ' ', '') = 'search_path=' || quote_ident(n.nspname) || ',pg_temp' THEN ' searching here' ELSE ' set otherwise' END, "
                   "(p.proowner = n.nspowner)::int FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang "
                   "WHERE n.nspname = current_schema() ORDER BY p.proname",
                   [&](const Query &row) {
            const std::string what = "The function " + inMarks(row.text(0));
            const auto expected = missing.find(row.text(0));
            if (expected == missing.end()) {
                add(what + " was added.");
                return;
            }
            // Whose it is and where it looks matter as much as what it does.
            if (row.text(1) != expected->second.body)
                add(what + " was changed: it does something else.");
            else if (row.text(2) != expected->second.form)
                add(what + " was changed: it is " + inMarks(row.text(2)) + ", and should be " + inMarks(expected->second.form) + ".");
            else if (row.integer(3) == 0)
                add(what + " was changed: it does not belong to the owner of the workspace.");
            missing.erase(expected);
        });
        for (const auto &[name, function] : missing)
            add("The function " + inMarks(name) + " is missing.");
    }

    void triggers()
    {
        compare("trigger", m_scripts.triggers,
                "SELECT c.relname::text, t.tgname::text, CASE WHEN t.tgtype & 2 > 0 THEN 'BEFORE' WHEN t.tgtype & 64 > 0 THEN 'INSTEAD OF' ELSE 'AFTER' END || ' ' "
                "|| concat_ws(' OR ', CASE WHEN t.tgtype & 4 > 0 THEN 'INSERT' END, CASE WHEN t.tgtype & 8 > 0 THEN 'DELETE' END, CASE WHEN t.tgtype & 16 > 0 THEN 'UPDATE' END, "
                "CASE WHEN t.tgtype & 32 > 0 THEN 'TRUNCATE' END) || CASE WHEN t.tgattr::text <> '' THEN ' of some columns' ELSE '' END || CASE WHEN t.tgqual IS NOT NULL THEN ', under a condition' ELSE '' END "
                "|| CASE WHEN t.tgconstraint <> 0 THEN ', constraint' ELSE '' END || CASE WHEN t.tginitdeferred THEN ', deferred' ELSE '' END || CASE WHEN t.tgtype & 1 > 0 THEN ', each row' ELSE ', each statement' END "
                "|| ': ' || CASE WHEN p.pronamespace = c.relnamespace THEN '' ELSE 'of another schema, ' END || p.proname || CASE WHEN t.tgnargs > 0 THEN ' with arguments' ELSE '' END "
                "|| CASE WHEN t.tgoldtable IS NOT NULL OR t.tgnewtable IS NOT NULL THEN ' over tables' ELSE '' END "
                "FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid "
                "WHERE c.relnamespace = to_regnamespace(current_schema()) AND NOT t.tgisinternal ORDER BY 1, 2");
        m_sql.each("SELECT c.relname::text, t.tgname::text FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid "
                   "WHERE c.relnamespace = to_regnamespace(current_schema()) AND NOT t.tgisinternal AND t.tgenabled <> 'A' ORDER BY 1, 2",
                   [&](const Query &row) { add("The trigger " + ofTable({row.text(0), row.text(1)}) + " does not always fire."); });
    }

    void policies()
    {
        compare("policy", m_scripts.policies,
                "SELECT tablename::text, policyname::text, CASE permissive WHEN 'PERMISSIVE' THEN '' ELSE 'only ' END || cmd || CASE WHEN roles = ARRAY['public']::name[] THEN '' ELSE ' for some' END "
                "|| coalesce(' using ' || qual, '') || coalesce(' check ' || with_check, '') FROM pg_catalog.pg_policies WHERE schemaname = current_schema() ORDER BY 1, 2");
    }

    /// Nothing is anybody's. Where duties are separated, nobody but the owner writes past the functions; that somebody was let in to read, or to call what only
    /// reads, is the administrator's affair.
    void rights()
    {
        const auto what = [&](const Query &row) {
            const std::string who = row.isNull(2) ? std::string("everybody") : inMarks(row.text(2));
            const std::string thing = row.text(0) == "schema" ? std::string("the schema of the workspace") : "the " + row.text(0) + " " + inMarks(row.text(1));
            add(row.text(3) + " on " + thing + " was granted to " + who + ".");
        };
        m_sql.each("WITH here AS (SELECT n.oid, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace n WHERE n.nspname = current_schema()), "
                   "role AS (SELECT r.oid FROM pg_catalog.pg_roles r JOIN duty d ON d.member = r.rolname), "
                   "granted AS (SELECT 'schema' AS kind, '' AS name, a.* FROM here, aclexplode(coalesce(here.nspacl, acldefault('n', here.nspowner))) a "
                   "UNION ALL SELECT 'table', c.relname::text, a.* FROM here JOIN pg_catalog.pg_class c ON c.relnamespace = here.oid AND c.relkind = 'r', aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a "
                   "UNION ALL SELECT 'table', c.relname::text, a.* FROM here JOIN pg_catalog.pg_class c ON c.relnamespace = here.oid JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a "
                   "UNION ALL SELECT 'function', p.proname::text, a.* FROM here JOIN pg_catalog.pg_proc p ON p.pronamespace = here.oid, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
                   "WHERE p.provolatile = 'v' OR a.grantee = 0) "
                   "SELECT g.kind, g.name, r.rolname::text, g.privilege_type FROM granted g CROSS JOIN here LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee "
                   "WHERE g.grantee <> here.nspowner AND (g.grantee = 0 OR (EXISTS (SELECT 1 FROM duty) AND g.privilege_type NOT IN ('SELECT', 'USAGE') "
                   "AND NOT (g.grantee IN (SELECT oid FROM role) AND NOT g.is_grantable AND (g.privilege_type = 'EXECUTE' AND g.name <> 'guard_tables' "
                   "OR g.privilege_type IN ('INSERT', 'UPDATE', 'DELETE') AND g.kind = 'table' AND NOT g.name IN "
                   "('entry', 'evidence', 'ledger_head', 'checkpoint', 'schema_migration', 'duty', 'login_person', 'rehearsal'))))) ORDER BY 1, 2, 3, 4",
                   what);
    }

    const PostgresScripts &m_scripts = postgresScripts();
    Statements m_sql;
    std::vector<ForeignObject> m_foreign;
};

} // namespace

Result<std::vector<ForeignObject>> foreignPostgresObjects(database::Connection &connection) { return Comparing(connection).run(); }

} // namespace countersign::store
