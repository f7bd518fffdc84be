#include "models/store/schema.h"
#include "models/store/statements.h"
#include "tests/support/testdatabases.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <set>

using namespace countersign;
using namespace countersign::test;

class SchemaTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    Result<std::unique_ptr<database::Connection>> migrated(const QString &backend)
    {
        const auto location = database::Location::parse(freshDatabase(backend, m_folder));
        if (!location)
            return location.error();
        auto connection = database::Connection::open(*location, {.create = true, .readOnly = false, .password = {}});
        if (!connection)
            return connection;
        if (const auto status = database::migrate(**connection, store::migrations((*connection)->backend())); !status)
            return status.error();
        return connection;
    }

private Q_SLOTS:
    void everyProjectionIsCompared_data() { forEachBackend(); }
    void everyProjectionIsCompared()
    {
        QFETCH(QString, backend);
        const auto connection = migrated(backend);
        QVERIFY_RESULT(connection);
        store::Statements sql(**connection);
        std::set<std::string> tables;
        const auto add = [&](const database::Query &row) { tables.insert(row.text(0)); };
        if (backend == QStringLiteral("SQLite"))
            sql.each("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", add);
        else
            sql.each("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()", add);
        for (const char *name : {"entry", "evidence", "ledger_head", "checkpoint", "wrapped_key", "schema_migration", "projection_state"})
            QCOMPARE(tables.erase(name), 1U);
        if (backend == QStringLiteral("PostgreSQL"))
            for (const char *name : {"duty", "login_person", "rehearsal"})
                QCOMPARE(tables.erase(name), 1U);
        for (const auto &table : store::projectionTables()) {
            QVERIFY2(tables.erase(table.name) == 1, table.name.c_str());
            std::set<std::string> columns;
            const auto column = [&](const database::Query &row) { columns.insert(row.text(0)); };
            if (backend == QStringLiteral("SQLite"))
                sql.each("SELECT name FROM pragma_table_info(?)", column, table.name);
            else
                sql.each("SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?", column, table.name);
            for (const auto &described : table.columns)
                QVERIFY2(columns.erase(described.name) == 1, (table.name + "." + described.name).c_str());
            QVERIFY2(columns.empty(), columns.empty() ? "" : (table.name + "." + *columns.begin() + " is not compared").c_str());
        }
        QVERIFY2(tables.empty(), tables.empty() ? "" : (*tables.begin() + " is neither ours to compare nor named here").c_str());
        QVERIFY_RESULT(sql.status());
    }

    void ledgerRefusesToForget_data() { forEachBackend(); }
    void ledgerRefusesToForget()
    {
        QFETCH(QString, backend);
        const auto connection = migrated(backend);
        QVERIFY_RESULT(connection);
        const auto run = [&](const std::string &text, const std::string &id) {
            store::Statements sql(**connection);
            sql.run(text, store::Blob{id}, store::Blob{std::string(120, 'x') + id}, store::Blob{std::string(16, 'y') + id});
            return sql.status();
        };
        const std::string insert = "INSERT INTO entry (seq, id, bytes, leaf, received_at) VALUES (0, ?, ?, ?, 0)";
        QVERIFY_RESULT(run(insert, std::string(16, 'a')));
        const auto denied = [&](const std::string &text) {
            store::Statements sql(**connection);
            sql.run(text);
            return sql.status();
        };
        QVERIFY_ERROR(denied("UPDATE entry SET received_at = 1"), ErrorKind::Denied);
        QVERIFY_ERROR(denied("DELETE FROM entry"), ErrorKind::Denied);
        QVERIFY(!run("INSERT INTO entry (seq, id, bytes, leaf, received_at) VALUES (2, ?, ?, ?, 0)", std::string(16, 'b'))); // a gap
        if (backend == QStringLiteral("SQLite"))
            QVERIFY_ERROR(run("INSERT OR REPLACE INTO entry (seq, id, bytes, leaf, received_at) VALUES (1, ?, ?, ?, 0)", std::string(16, 'a')), ErrorKind::Denied);
        else
            QVERIFY_ERROR(denied("TRUNCATE entry"), ErrorKind::Denied);
        store::Statements sql(**connection);
        QCOMPARE(sql.integer("SELECT count(*) FROM entry").value_or(-1), 1);
    }

    void everyTableIsGuarded()
    {
        const auto connection = migrated(QStringLiteral("PostgreSQL"));
        QVERIFY_RESULT(connection);
        store::Statements sql(**connection);
        for (const auto &table : store::projectionTables())
            for (const char *trigger : {"_door", "_truncate"})
                QVERIFY2(sql.integer("SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(?) AND tgname = ? AND tgenabled = 'A'", table.name, table.name + trigger) == 1,
                         (table.name + ": the step that made it must end with guard_tables()").c_str());
        QCOMPARE(sql.integer("SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = to_regnamespace(current_schema()) "
                             "AND NOT t.tgisinternal AND t.tgenabled <> 'A'").value_or(-1), 0);
        // Nothing is anybody's.
        QCOMPARE(sql.integer("SELECT count(*) FROM pg_proc p WHERE p.pronamespace = to_regnamespace(current_schema()) "
                             "AND (p.proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0))").value_or(-1), 0);
        QCOMPARE(sql.integer("SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = to_regnamespace(current_schema()) AND a.grantee = 0").value_or(-1), 0);
        QVERIFY_RESULT(sql.status());
    }

    void newerDatabaseIsRefused_data() { forEachBackend(); }
    void newerDatabaseIsRefused()
    {
        QFETCH(QString, backend);
        const auto connection = migrated(backend);
        QVERIFY_RESULT(connection);
        store::Statements sql(**connection);
        sql.run("INSERT INTO schema_migration (number, name, digest, applied_at) VALUES (999, 'future', 'x', 0)");
        QVERIFY_RESULT(sql.status());
        QVERIFY_ERROR(database::migrate(**connection, store::migrations((*connection)->backend())), ErrorKind::Unsupported);
    }
};

QTEST_GUILESS_MAIN(SchemaTest)
#include "tst_schema.moc"
