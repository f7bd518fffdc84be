#include "models/database/connection.h"

#include "tests/support/testdatabases.h"
#include "tests/support/verify.h"

#include <QTest>

#include <thread>

using namespace countersign;
using namespace countersign::database;

class MigrationsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void splitsScriptsAtMarkerLines();
    void bringsAnEmptyDatabaseUpToDate_data() { test::forEachBackend(); }
    void bringsAnEmptyDatabaseUpToDate();
    void addsOnlyWhatIsMissing_data() { test::forEachBackend(); }
    void addsOnlyWhatIsMissing();
    void aFailingStepLeavesTheOneBefore_data() { test::forEachBackend(); }
    void aFailingStepLeavesTheOneBefore();
    void refusesANewerDatabaseNamingBothNumbers_data() { test::forEachBackend(); }
    void refusesANewerDatabaseNamingBothNumbers();
    void noticesAChangedStep_data() { test::forEachBackend(); }
    void noticesAChangedStep();
    void refusesStepsWithGaps();
    void aReadOnlyOldDatabaseIsNotTouched_data() { test::forEachBackend(); }
    void aReadOnlyOldDatabaseIsNotTouched();
    void programsMigratingAtOnceDoItOnce_data() { test::forEachBackend(); }
    void programsMigratingAtOnceDoItOnce();
    void cachedStatementsSurviveAMigration_data() { test::forEachBackend(); }
    void cachedStatementsSurviveAMigration();

private:
    std::unique_ptr<Connection> open(const OpenOptions &options = {.create = true});
    void fresh();
    static std::vector<Migration> steps(int count);

    test::TemporaryFolder m_folder;
    std::string m_address;
};

void MigrationsTest::fresh()
{
    QFETCH(QString, backend);
    m_address = test::freshDatabase(backend, m_folder);
}

std::unique_ptr<Connection> MigrationsTest::open(const OpenOptions &options)
{
    const auto location = Location::parse(m_address);
    auto connection = location ? Connection::open(*location, options) : Result<std::unique_ptr<Connection>>(location.error());
    if (!connection)
        qWarning("%s", connection.error().text().c_str());
    return connection ? std::move(*connection) : nullptr;
}

std::vector<Migration> MigrationsTest::steps(int count)
{
    std::vector<Migration> all;
    for (int i = 1; i <= count; ++i) {
        const auto n = std::to_string(i);
        all.push_back({i, "step " + n, {"CREATE TABLE t" + n + "(id BIGINT PRIMARY KEY)", "INSERT INTO t" + n + " VALUES(" + n + ")"}, "digest-" + n});
    }
    return all;
}

static std::int64_t number(Connection &connection, const std::string &sql)
{
    auto query = connection.prepare(sql);
    if (!query || !query->exec())
        return -1;
    const auto row = query->next();
    return row && *row ? query->integer(0) : -1;
}

void MigrationsTest::splitsScriptsAtMarkerLines()
{
    const auto parts = splitStatements("-- a comment\nCREATE TABLE a(x);\n-- next\nCREATE TRIGGER t BEGIN\n  SELECT 1; -- next to nothing\nEND;\n  -- next  \r\n\n-- next\nlast");
    QCOMPARE(parts.size(), std::size_t(3));
    QCOMPARE(parts[0], std::string("-- a comment\nCREATE TABLE a(x);\n"));
    QVERIFY(parts[1].find("next to nothing\nEND;") != std::string::npos);
    QCOMPARE(parts[2], std::string("last\n"));
    QVERIFY(splitStatements("").empty());
    QVERIFY(splitStatements(" \n-- next\n").empty());
}

void MigrationsTest::bringsAnEmptyDatabaseUpToDate()
{
    fresh();
    const auto connection = open();
    QVERIFY(connection);
    QCOMPARE(schemaVersion(*connection).value(), 0);
    const auto all = steps(3);
    QVERIFY_RESULT(migrate(*connection, all));
    QCOMPARE(schemaVersion(*connection).value(), 3);
    QCOMPARE(number(*connection, "SELECT id FROM t3"), 3);
    auto query = connection->prepare("SELECT name, digest, applied_at FROM schema_migration WHERE number = ?");
    QVERIFY_RESULT(query);
    QVERIFY_RESULT(query->bind(2).exec());
    QVERIFY(*query->next());
    QCOMPARE(query->text(0), std::string("step 2"));
    QCOMPARE(query->text(1), std::string("digest-2"));
    QVERIFY(query->integer(2) > 1'700'000'000'000);
}

void MigrationsTest::addsOnlyWhatIsMissing()
{
    fresh();
    QVERIFY_RESULT(migrate(*open(), steps(2)));
    const auto connection = open();
    QVERIFY_RESULT(migrate(*connection, steps(4)));
    QVERIFY_RESULT(migrate(*connection, steps(4)));
    QCOMPARE(schemaVersion(*connection).value(), 4);
    QCOMPARE(number(*connection, "SELECT count(*) FROM t1"), 1);
}

void MigrationsTest::aFailingStepLeavesTheOneBefore()
{
    fresh();
    auto all = steps(3);
    all[1].statements.push_back("THIS IS NOT SQL");
    const auto connection = open();
    QVERIFY_ERROR(migrate(*connection, all), ErrorKind::Invalid);
    QVERIFY(!connection->inTransaction());
    QCOMPARE(schemaVersion(*connection).value(), 1);
    QCOMPARE(number(*connection, "SELECT count(*) FROM t2"), -1);
    QVERIFY_RESULT(migrate(*connection, steps(3)));
    QCOMPARE(schemaVersion(*connection).value(), 3);
}

void MigrationsTest::refusesANewerDatabaseNamingBothNumbers()
{
    fresh();
    const auto connection = open();
    QVERIFY_RESULT(migrate(*connection, steps(7)));
    const auto refused = migrate(*connection, steps(5));
    QVERIFY_ERROR(refused, ErrorKind::Unsupported);
    QVERIFY2(refused.error().message.find("schema 7") != std::string::npos, refused.error().message.c_str());
    QVERIFY2(refused.error().message.find("up to 5") != std::string::npos, refused.error().message.c_str());
}

void MigrationsTest::noticesAChangedStep()
{
    fresh();
    const auto connection = open();
    QVERIFY_RESULT(migrate(*connection, steps(2)));
    auto changed = steps(3);
    changed[0].digest = "something else";
    QVERIFY_ERROR(migrate(*connection, changed), ErrorKind::Tampered);
    QCOMPARE(schemaVersion(*connection).value(), 2);
    QVERIFY_RESULT(connection->exec("DELETE FROM schema_migration WHERE number = 1"));
    QVERIFY_ERROR(migrate(*connection, steps(3)), ErrorKind::Tampered);
}

void MigrationsTest::refusesStepsWithGaps()
{
    const auto connection = Connection::openScratch();
    QVERIFY_RESULT(connection);
    auto all = steps(3);
    all.erase(all.begin() + 1);
    QVERIFY_ERROR(migrate(**connection, all), ErrorKind::Invalid);
    QVERIFY_RESULT(migrate(**connection, steps(3)));
}

void MigrationsTest::aReadOnlyOldDatabaseIsNotTouched()
{
    fresh();
    QVERIFY_RESULT(migrate(*open(), steps(2)));
    const auto connection = open({.readOnly = true});
    QVERIFY(connection);
    QVERIFY_RESULT(migrate(*connection, steps(2)));
    QVERIFY_RESULT(checkSchema(*connection, steps(2)));
    const auto refused = migrate(*connection, steps(3));
    QVERIFY_ERROR(refused, ErrorKind::Denied);
    const auto checked = checkSchema(*connection, steps(3));
    QVERIFY_ERROR(checked, ErrorKind::Unsupported);
    for (const auto &status : {refused, checked})
        for (const char *word : {"schema 2", "needs 3", "Open it once for writing", "reading only"})
            QVERIFY2(status.error().message.find(word) != std::string::npos, status.error().message.c_str());
    QCOMPARE(schemaVersion(*connection).value(), 2);
    QVERIFY_ERROR(checkSchema(*connection, steps(1)), ErrorKind::Unsupported); // newer than the program
    // As it says: written once, it can be read.
    QVERIFY_RESULT(migrate(*open(), steps(3)));
    QVERIFY_RESULT(checkSchema(*open({.readOnly = true}), steps(3)));
}

void MigrationsTest::programsMigratingAtOnceDoItOnce()
{
    fresh();
    constexpr int kPrograms = 6;
    const auto all = steps(5);
    std::vector<std::string> results(kPrograms);
    std::vector<std::thread> threads;
    for (int i = 0; i < kPrograms; ++i) {
        threads.emplace_back([&, i] {
            const auto connection = open();
            const auto done = connection ? migrate(*connection, all) : Status(Error{ErrorKind::Io, "not opened", {}});
            results[static_cast<std::size_t>(i)] = done ? "done" : done.error().text();
        });
    }
    for (auto &thread : threads)
        thread.join();
    for (const auto &result : results)
        QVERIFY2(result == "done", result.c_str());
    const auto connection = open();
    QCOMPARE(schemaVersion(*connection).value(), 5);
    QCOMPARE(number(*connection, "SELECT count(*) FROM schema_migration"), 5);
    for (int i = 1; i <= 5; ++i)
        QCOMPARE(number(*connection, "SELECT count(*) FROM t" + std::to_string(i)), 1);
}

void MigrationsTest::cachedStatementsSurviveAMigration()
{
    fresh();
    const auto connection = open();
    QVERIFY_RESULT(migrate(*connection, steps(1)));
    auto held = connection->prepare("SELECT * FROM t1");
    QVERIFY_RESULT(held);
    for (int i = 0; i < 3; ++i)
        QVERIFY_RESULT(held->exec());
    auto all = steps(2);
    all[1].statements = {"ALTER TABLE t1 ADD COLUMN label TEXT", "UPDATE t1 SET label = 'new'"};
    while (*held->next()) {
    }
    QVERIFY_RESULT(migrate(*connection, all));
    QVERIFY_RESULT(held->exec());
    QVERIFY(*held->next());
    QCOMPARE(held->text(1), std::string("new"));
}

QTEST_GUILESS_MAIN(MigrationsTest)
#include "tst_migrations.moc"
