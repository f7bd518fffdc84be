#include "models/database/connection.h"

#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <thread>

using namespace countersign;
using namespace countersign::database;

/// What only a server can suffer.
class PostgresTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void setsItsSessionWhateverTheEnvironmentSays();
    void aMissingSchemaIsNotFoundUntilMade();
    void programsMakeTheSchemaAtOnce();
    void explainsAFailedLogin();
    void takesPasswordsOfAnyCharacters();
    void explainsAMissingDatabaseAndAServerThatIsNotThere();
    void anotherMachineMustProveItself();
    void refusesToWriteWhereSyncingIsOff();
    void saysWhyNoWorkspaceCanBeMade();
    void readsTheSameInTextAndInBinary();
    void aConnectionLostUnderPostedStatementsIsSaidSo();
    void asksForSynchronousCommitWhereItIsOff();
    void readsEveryCommonType();
    void aWaitForALockEndsInAConflict();
    void aDeadlockIsAConflict();
    void aLostConnectionIsSaidSoAndRolledBack();
    void aStrangersTemporaryTableStandsInForNothing();
    void foreignDatabasesAreReadWithoutOurSchema();
    void committedWorkSurvivesACrashOfTheServer();

private:
    Result<std::unique_ptr<Connection>> open(const std::string &address, const OpenOptions &options = {.create = true});
    static std::string one(Connection &connection, const std::string &sql);

    std::unique_ptr<test::PostgresServer> m_server;
};

Result<std::unique_ptr<Connection>> PostgresTest::open(const std::string &address, const OpenOptions &options)
{
    const auto location = Location::parse(address);
    if (!location)
        return location.error();
    return Connection::open(*location, options);
}

std::string PostgresTest::one(Connection &connection, const std::string &sql)
{
    auto query = connection.prepare(sql);
    if (!query)
        return query.error().text();
    if (const auto run = query->exec(); !run)
        return run.error().text();
    const auto row = query->next();
    return row && *row ? query->text(0) : "no row";
}

void PostgresTest::initTestCase()
{
    test::PostgresServer::Options options;
    options.onLoopback = true;
    options.withPassword = true;
    m_server = std::make_unique<test::PostgresServer>(options);
    QVERIFY2(m_server->isRunning(), qPrintable(m_server->log()));
}

void PostgresTest::setsItsSessionWhateverTheEnvironmentSays()
{
    qputenv("PGOPTIONS", "-c search_path=pg_temp -c timezone=Asia/Tokyo -c default_transaction_isolation=serializable");
    qputenv("PGCLIENTENCODING", "LATIN1");
    qputenv("PGAPPNAME", "somebody else");
    qputenv("PGHOSTADDR", "192.0.2.1");
    const auto connection = open(m_server->uri());
    for (const char *name : {"PGOPTIONS", "PGCLIENTENCODING", "PGAPPNAME", "PGHOSTADDR"})
        qunsetenv(name);
    QVERIFY_RESULT(connection);
    QCOMPARE(one(**connection, "SHOW timezone"), std::string("UTC"));
    QCOMPARE(one(**connection, "SHOW client_encoding"), std::string("UTF8"));
    QCOMPARE(one(**connection, "SHOW application_name"), std::string("countersign"));
    QCOMPARE(one(**connection, "SHOW default_transaction_isolation"), std::string("read committed"));
    QCOMPARE(one(**connection, "SELECT current_schema()"), std::string("countersign"));
}

void PostgresTest::aMissingSchemaIsNotFoundUntilMade()
{
    const auto address = m_server->uri() + "&schema=models_1";
    const auto missing = open(address, {});
    QVERIFY_ERROR(missing, ErrorKind::NotFound);
    QVERIFY(missing.error().message.find("models_1") != std::string::npos);
    const auto made = open(address);
    QVERIFY_RESULT(made);
    QVERIFY_RESULT((*made)->exec("CREATE TABLE t(x INT)"));
    QCOMPARE(one(**made, "SELECT schemaname FROM pg_tables WHERE tablename = 't'"), std::string("models_1"));
    QVERIFY_RESULT(open(address, {}));
}

void PostgresTest::programsMakeTheSchemaAtOnce()
{
    const auto address = m_server->uri();
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] { good += open(address).ok() ? 1 : 0; });
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(good.load(), 8);
}

void PostgresTest::explainsAFailedLogin()
{
    const auto address = m_server->loopbackUri();
    const auto without = open(address);
    QVERIFY_ERROR(without, ErrorKind::Denied);
    QVERIFY2(without.error().message.find("asks for a password") != std::string::npos, without.error().message.c_str());
    const auto wrong = open(address, {.create = true, .password = "wrong one"});
    QVERIFY_ERROR(wrong, ErrorKind::Denied);
    QVERIFY2(wrong.error().message.find("does not let") != std::string::npos, wrong.error().message.c_str());
    QVERIFY(wrong.error().text().find("wrong one") == std::string::npos);
}

void PostgresTest::takesPasswordsOfAnyCharacters()
{
    const auto connection = open(m_server->loopbackUri(), {.create = true, .password = test::PostgresServer::kPassword});
    QVERIFY_RESULT(connection);
    QCOMPARE(one(**connection, "SELECT current_user"), std::string("tester"));
}

void PostgresTest::explainsAMissingDatabaseAndAServerThatIsNotThere()
{
    auto location = Location::parse(m_server->uri());
    QVERIFY_RESULT(location);
    location->databaseName = "nowhere";
    const auto missing = Connection::open(*location);
    QVERIFY_ERROR(missing, ErrorKind::NotFound);
    QVERIFY(missing.error().message.find("nowhere") != std::string::npos);
    location->host = "/nonexistent";
    QVERIFY_ERROR(Connection::open(*location), ErrorKind::Io);
    const auto stranger = Location::parse("postgresql://stranger@127.0.0.1:" + std::to_string(m_server->port()) + "/postgres");
    QVERIFY_ERROR(Connection::open(*stranger, {.password = "x"}), ErrorKind::Denied);
}

void PostgresTest::anotherMachineMustProveItself()
{
    // 127.0.0.2 reaches nothing here, and is not this machine's name: TLS with a checked certificate is asked for, and not given.
    auto location = Location::parse(m_server->loopbackUri());
    QVERIFY_RESULT(location);
    location->options.emplace_back("hostaddr", "127.0.0.1");
    location->host = "db.example";
    const auto refused = Connection::open(*location, {.password = test::PostgresServer::kPassword});
    QVERIFY_ERROR(refused, ErrorKind::Io);
    QVERIFY2(QString::fromStdString(refused.error().message).contains(QLatin1String("TLS")), refused.error().message.c_str());
    location->options.emplace_back("sslmode", "disable");
    QVERIFY_ERROR(Connection::open(*location, {.password = test::PostgresServer::kPassword}), ErrorKind::NotFound); // in, but no schema there
}

void PostgresTest::refusesToWriteWhereSyncingIsOff()
{
    auto location = Location::parse(m_server->uri());
    QVERIFY_RESULT(Connection::open(*location, {.create = true}));
    location->options.clear();
    const auto connection = Connection::open(*location);
    QVERIFY_RESULT(connection);
    QVERIFY((*connection)->isReadOnly());
    QVERIFY((*connection)->readOnlyReason().find("fsync") != std::string::npos);
    QVERIFY_ERROR(Transaction::begin(**connection), ErrorKind::Denied);
}

void PostgresTest::saysWhyNoWorkspaceCanBeMade()
{
    // Each setting that keeps a server from being written is the reason given, not "holds no workspace".
    auto location = Location::parse(m_server->uri());
    location->options.clear();
    auto refused = Connection::open(*location, {.create = true});
    QVERIFY_ERROR(refused, ErrorKind::Denied);
    QVERIFY2(refused.error().message.find("No workspace can be made") != std::string::npos && refused.error().message.find("fsync") != std::string::npos,
             refused.error().message.c_str());
    // Who only looks learns that there is none; that is true as well.
    QVERIFY_ERROR(Connection::open(*location, {}), ErrorKind::NotFound);
    QVERIFY_ERROR(Connection::open(*location, {.create = true, .readOnly = true}), ErrorKind::NotFound);

    test::PostgresServer::Options options;
    options.isDurable = true;
    test::PostgresServer durable(options);
    QVERIFY2(durable.isRunning(), qPrintable(durable.log()));
    QVERIFY_RESULT(open(durable.uri()));
    QVERIFY(durable.sql(QStringLiteral("postgres"), QStringLiteral("ALTER SYSTEM SET full_page_writes = off")));
    QVERIFY(durable.sql(QStringLiteral("postgres"), QStringLiteral("SELECT pg_reload_conf()")));
    const auto isOff = [&] {
        QString out;
        return durable.sql(QStringLiteral("postgres"), QStringLiteral("SHOW full_page_writes"), &out) && out.trimmed() == QLatin1String("off");
    };
    QTRY_VERIFY(isOff());
    refused = open(durable.uri());
    QVERIFY_ERROR(refused, ErrorKind::Denied);
    QVERIFY2(refused.error().message.find("full_page_writes") != std::string::npos, refused.error().message.c_str());

    // A database in another encoding, and one where nothing may be made.
    QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")));
    location = Location::parse(m_server->uri());
    location->databaseName = "latin";
    refused = Connection::open(*location, {.create = true});
    QVERIFY_ERROR(refused, ErrorKind::Unsupported);
    QVERIFY2(refused.error().message.find("LATIN1") != std::string::npos, refused.error().message.c_str());
    QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("CREATE ROLE guest LOGIN")));
    location = Location::parse(m_server->uri());
    location->user = "guest";
    refused = Connection::open(*location, {.create = true});
    QVERIFY_ERROR(refused, ErrorKind::Denied);
    QVERIFY2(refused.error().message.find("permission") != std::string::npos, refused.error().message.c_str());
}

void PostgresTest::readsTheSameInTextAndInBinary()
{
    const auto connection = open(m_server->uri());
    QVERIFY_RESULT(connection);
    // The first run of a statement is answered in text, the others in binary where the types allow.
    for (int run = 0; run < 3; ++run) {
        auto query = (*connection)->prepare("SELECT ?::bigint, '-2147483648'::int, '-32768'::smallint, true, false, 0.1::float8, -1e300::float8, 'Größe'::text, 'v'::varchar, "
                                            "'\\x0001ff'::bytea, 'n'::name, NULL::bigint, NULL::bytea, 'NaN'::float8");
        QVERIFY_RESULT(query);
        QVERIFY_RESULT(query->bind(std::numeric_limits<std::int64_t>::min()).exec());
        QVERIFY(*query->next());
        QCOMPARE(query->integer(0), std::numeric_limits<std::int64_t>::min());
        QCOMPARE(query->text(0), std::string("-9223372036854775808"));
        QCOMPARE(query->integer(1), std::int64_t(std::numeric_limits<std::int32_t>::min()));
        QCOMPARE(query->integer(2), std::int64_t(std::numeric_limits<std::int16_t>::min()));
        QCOMPARE(query->real(2), -32768.0);
        QCOMPARE(query->integer(3), 1);
        QCOMPARE(query->text(3), std::string("t"));
        QCOMPARE(query->integer(4), 0);
        QCOMPARE(query->text(4), std::string("f"));
        QCOMPARE(query->real(5), 0.1);
        QCOMPARE(query->text(5), std::string("0.1"));
        QCOMPARE(query->real(6), -1e300);
        QCOMPARE(query->text(6), std::string("-1e+300"));
        QCOMPARE(query->text(7), std::string("Größe"));
        QCOMPARE(query->text(8), std::string("v"));
        QCOMPARE(query->bytes(9), Bytes("\0\x01\xff", 3));
        QCOMPARE(query->view(9), BytesView("\0\x01\xff", 3));
        QCOMPARE(query->text(9), std::string("\\x0001ff"));
        QCOMPARE(query->text(10), std::string("n"));
        QVERIFY(query->isNull(11) && query->isNull(12));
        QCOMPARE(query->text(11), std::string());
        QCOMPARE(query->integer(11), 0);
        QVERIFY(std::isnan(query->real(13)));
    }
    // One column of a type that has no binary form here leaves all as text: the server's own exact digits.
    for (int run = 0; run < 3; ++run) {
        auto query = (*connection)->prepare("SELECT 12345678901234567890.123456789::numeric, ?::bigint");
        QVERIFY_RESULT(query);
        QVERIFY_RESULT(query->bind(7).exec());
        QVERIFY(*query->next());
        QCOMPARE(query->text(0), std::string("12345678901234567890.123456789"));
        QCOMPARE(query->integer(1), 7);
    }
}

void PostgresTest::aConnectionLostUnderPostedStatementsIsSaidSo()
{
    const auto address = m_server->uri();
    const auto connection = open(address);
    QVERIFY_RESULT(connection);
    QVERIFY_RESULT((*connection)->exec("CREATE TABLE t(x INT)"));
    const auto pid = one(**connection, "SELECT pg_backend_pid()");
    QVERIFY_RESULT((*connection)->begin());
    auto insert = (*connection)->prepare("INSERT INTO t VALUES(?)");
    QVERIFY_RESULT(insert);
    for (int i = 0; i < 10; ++i)
        QVERIFY_RESULT(insert->bind(i).post());
    QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("SELECT pg_terminate_backend(%1, 10000)").arg(QString::fromStdString(pid))));
    Status told;
    for (int i = 0; i < 10'000 && told; ++i)
        told = insert->bind(i).post();
    QVERIFY_ERROR(told, ErrorKind::Io);
    QVERIFY2(told.error().message.find("was lost") != std::string::npos, told.error().message.c_str());
    QVERIFY(!(*connection)->commit());
    QVERIFY(!(*connection)->exec("SELECT 1"));
    const auto again = open(address);
    QVERIFY_RESULT(again);
    QCOMPARE(one(**again, "SELECT count(*) FROM t"), std::string("0"));
}

void PostgresTest::asksForSynchronousCommitWhereItIsOff()
{
    test::PostgresServer::Options options;
    options.isDurable = true;
    test::PostgresServer durable(options);
    QVERIFY2(durable.isRunning(), qPrintable(durable.log()));
    QVERIFY(durable.sql(QStringLiteral("postgres"), QStringLiteral("ALTER ROLE tester SET synchronous_commit = off")));
    const auto connection = open(durable.uri());
    QVERIFY_RESULT(connection);
    QVERIFY(!(*connection)->isReadOnly());
    QCOMPARE(one(**connection, "SHOW synchronous_commit"), std::string("on"));
}

void PostgresTest::readsEveryCommonType()
{
    const auto connection = open(m_server->uri());
    QVERIFY_RESULT(connection);
    auto query = (*connection)->prepare("SELECT true, false, 32767::smallint, 7::int, 1.25::numeric, '12345678901234567890.0123456789'::numeric, 0.1::real,"
                                        " 'NaN'::float8, '2026-11-23 06:01:02.123456+00'::timestamptz, 'x'::varchar(5), '{\"a\":1}'::jsonb,"
                                        " '00000000-0000-4000-8000-000000000001'::uuid, -5::bigint, sum(x)::bigint FROM generate_series(1, 10) x");
    QVERIFY_RESULT(query);
    QVERIFY_RESULT(query->exec());
    QVERIFY(*query->next());
    QCOMPARE(query->integer(0), 1);
    QCOMPARE(query->integer(1), 0);
    QCOMPARE(query->integer(2), 32767);
    QCOMPARE(query->integer(3), 7);
    QCOMPARE(query->real(4), 1.25);
    QCOMPARE(query->text(5), std::string("12345678901234567890.0123456789"));
    QVERIFY(static_cast<float>(query->real(6)) == 0.1F);
    QVERIFY(query->real(7) != query->real(7));
    QCOMPARE(query->text(8), std::string("2026-11-23 06:01:02.123456+00"));
    QCOMPARE(query->text(9), std::string("x"));
    QCOMPARE(query->text(10), std::string("{\"a\": 1}"));
    QCOMPARE(query->text(11), std::string("00000000-0000-4000-8000-000000000001"));
    QCOMPARE(query->integer(12), -5);
    QCOMPARE(query->integer(13), 55);
}

void PostgresTest::aWaitForALockEndsInAConflict()
{
    const auto address = m_server->uri();
    const auto one_ = open(address);
    const auto other = open(address);
    QVERIFY_RESULT(one_);
    QVERIFY_RESULT(other);
    QVERIFY_RESULT((*one_)->exec("CREATE TABLE head(id INT PRIMARY KEY, size INT)"));
    QVERIFY_RESULT((*one_)->exec("INSERT INTO head VALUES(1, 0)"));
    QVERIFY_RESULT((*one_)->begin());
    QVERIFY_RESULT((*one_)->exec("SELECT size FROM head WHERE id = 1 FOR UPDATE"));
    QVERIFY_RESULT((*other)->begin(std::chrono::milliseconds(100)));
    QVERIFY_ERROR((*other)->exec("SELECT size FROM head WHERE id = 1 FOR UPDATE"), ErrorKind::Conflict);
    QVERIFY_RESULT((*other)->rollback());
    QVERIFY_RESULT((*one_)->commit());
}

void PostgresTest::aDeadlockIsAConflict()
{
    const auto address = m_server->uri();
    auto setUp = open(address);
    QVERIFY_RESULT(setUp);
    QVERIFY_RESULT((*setUp)->exec("CREATE TABLE head(id INT PRIMARY KEY, size INT)"));
    QVERIFY_RESULT((*setUp)->exec("INSERT INTO head VALUES(1, 0), (2, 0)"));
    auto one_ = open(address);
    QVERIFY_RESULT(one_);
    QVERIFY_RESULT((*one_)->begin());
    QVERIFY_RESULT((*one_)->exec("UPDATE head SET size = 1 WHERE id = 1"));
    std::atomic<bool> isLocked = false;
    Status theirs;
    std::thread thread([&] {
        const auto other = open(address);
        if (!other || !(*other)->begin() || !(*other)->exec("UPDATE head SET size = 2 WHERE id = 2"))
            return;
        isLocked = true;
        theirs = (*other)->exec("UPDATE head SET size = 2 WHERE id = 1");
    });
    while (!isLocked)
        std::this_thread::yield();
    const auto ours = (*one_)->exec("UPDATE head SET size = 1 WHERE id = 2");
    thread.join();
    QVERIFY(ours.ok() != theirs.ok());
    const auto &loser = ours ? theirs : ours;
    QVERIFY_ERROR(loser, ErrorKind::Conflict);
}

void PostgresTest::aLostConnectionIsSaidSoAndRolledBack()
{
    const auto address = m_server->uri();
    const auto connection = open(address);
    QVERIFY_RESULT(connection);
    QVERIFY_RESULT((*connection)->exec("CREATE TABLE t(x INT)"));
    const auto pid = one(**connection, "SELECT pg_backend_pid()");
    QVERIFY_RESULT((*connection)->begin());
    QVERIFY_RESULT((*connection)->exec("INSERT INTO t VALUES(1)"));
    QVERIFY(m_server->sql(QStringLiteral("postgres"), QStringLiteral("SELECT pg_terminate_backend(%1, 10000)").arg(QString::fromStdString(pid))));
    const auto lost = (*connection)->exec("INSERT INTO t VALUES(2)");
    QVERIFY_ERROR(lost, ErrorKind::Io);
    QVERIFY2(lost.error().message.find("was lost") != std::string::npos, lost.error().message.c_str());
    QVERIFY(!(*connection)->commit());
    QVERIFY(!(*connection)->exec("SELECT 1"));
    const auto again = open(address);
    QVERIFY_RESULT(again);
    QCOMPARE(one(**again, "SELECT count(*) FROM t"), std::string("0"));
}

void PostgresTest::aStrangersTemporaryTableStandsInForNothing()
{
    const auto connection = open(m_server->uri());
    QVERIFY_RESULT(connection);
    QVERIFY_RESULT((*connection)->exec("CREATE TABLE entry(x TEXT)"));
    QVERIFY_RESULT((*connection)->exec("INSERT INTO entry VALUES('real')"));
    QVERIFY_RESULT((*connection)->exec("CREATE TEMPORARY TABLE entry(x TEXT)"));
    QVERIFY_RESULT((*connection)->exec("INSERT INTO pg_temp.entry VALUES('forged')"));
    QCOMPARE(one(**connection, "SELECT x FROM entry"), std::string("real"));
}

void PostgresTest::foreignDatabasesAreReadWithoutOurSchema()
{
    const auto address = m_server->uri();
    const auto location = Location::parse(address);
    const QString name = QString::fromStdString(location->databaseName);
    QVERIFY(m_server->sql(name, QStringLiteral("CREATE TABLE experiments(name TEXT); INSERT INTO experiments VALUES('churn')")));
    const auto connection = Connection::open(*location, {.foreign = true});
    QVERIFY_RESULT(connection);
    QCOMPARE(one(**connection, "SELECT name FROM experiments"), std::string("churn"));
    QVERIFY((*connection)->isReadOnly());
    QVERIFY_ERROR((*connection)->exec("DELETE FROM experiments"), ErrorKind::Denied);
}

void PostgresTest::committedWorkSurvivesACrashOfTheServer()
{
    test::PostgresServer::Options options;
    options.isDurable = true;
    test::PostgresServer server(options);
    QVERIFY2(server.isRunning(), qPrintable(server.log()));
    const auto address = server.uri();
    {
        const auto connection = open(address);
        QVERIFY_RESULT(connection);
        QVERIFY(!(*connection)->isReadOnly());
        QVERIFY_RESULT((*connection)->exec("CREATE TABLE t(x INT)"));
        QVERIFY_RESULT((*connection)->begin());
        QVERIFY_RESULT((*connection)->exec("INSERT INTO t VALUES(1)"));
        QVERIFY_RESULT((*connection)->commit());
        QVERIFY_RESULT((*connection)->begin());
        QVERIFY_RESULT((*connection)->exec("INSERT INTO t VALUES(2)"));
        server.stopImmediately();
        QVERIFY_ERROR((*connection)->commit(), ErrorKind::Io);
    }
    QVERIFY2(server.start(), qPrintable(server.log()));
    const auto connection = open(address);
    QVERIFY_RESULT(connection);
    QCOMPARE(one(**connection, "SELECT sum(x) FROM t"), std::string("1"));
}

QTEST_GUILESS_MAIN(PostgresTest)
#include "tst_postgres.moc"
