#include "engines.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <thread>

using namespace engines;

/// What engines refuse, and what goes wrong between them and us.
class TestPushDownFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void postgresAsksForItsPassword();
    void postgresRefusalsAreSentences();
    void theEnvironmentSteersNothing();
    void postgresMayOnlyRead();
    void postgresCanBeCancelled();
    void postgresStopsAtTheTimeLimit();
    void postgresGoneInTheMiddle();
    void clickHouseRefusalsAreSentences();
    void clickHouseCanBeCancelled();
    void clickHouseGoneInTheMiddle();
    void somethingElseThanClickHouse();
    void duckDbRefusalsAreSentences();

private:
    Result<Pushed> push(const Location &location, const std::string &table, const ConnectOptions &connect = {}, const PushOptions &options = {}, predictions::Mapping mapping = usualMapping())
    {
        auto engine = Engine::open(location, connect);
        if (!engine)
            return engine.error();
        return pushDown(**engine, *TableName::parse(table), mapping, scoretables::WindowUnit::Week, options);
    }
    std::string postgres(test::PostgresServer &server, const QString &statements)
    {
        const std::string uri = server.uri();
        m_database = QString::fromStdString(locationOf(uri).postgres.databaseName);
        if (!server.sql(m_database, statements))
            qWarning("%s", qPrintable(server.log()));
        return uri;
    }
    test::TemporaryFolder m_folder;
    test::PostgresServer *m_postgres = nullptr;
    QString m_database;
    std::unique_ptr<test::ClickHouseServer> m_clickHouse;
};

/// A sentence that says the place and carries no password.
#define REFUSED(result, expected)                                                                                      \
    QVERIFY(!(result).ok());                                                                                           \
    QVERIFY2((result).error().kind == ErrorKind::expected, (result).error().text().c_str());                           \
    QVERIFY2((result).error().message.ends_with('.') || (result).error().message.ends_with(')') || (result).error().message.ends_with('?') || (result).error().message.ends_with('!'), (result).error().text().c_str()); \
    QVERIFY((result).error().text().find("correct;horse") == std::string::npos)

void TestPushDownFailures::initTestCase()
{
    m_postgres = test::PostgresServer::shared();
    QVERIFY(m_postgres);
    if (test::ClickHouseServer::isInstalled())
        m_clickHouse = std::make_unique<test::ClickHouseServer>();
}

void TestPushDownFailures::postgresAsksForItsPassword()
{
    test::PostgresServer::Options options;
    options.onLoopback = true;
    options.withPassword = true;
    test::PostgresServer server(options);
    QVERIFY2(server.isRunning(), qPrintable(server.log()));
    const std::string uri = server.loopbackUri();
    QVERIFY(server.sql(QString::fromStdString(locationOf(uri).postgres.databaseName), QString::fromStdString("CREATE TABLE rows AS " + usualRows(100, false))));
    REFUSED(push(locationOf(uri), "rows"), Denied);
    REFUSED(push(locationOf(uri), "rows", {"wrong", {}, 0}), Denied);
    const auto pushed = push(locationOf(uri), "rows", {test::PostgresServer::kPassword, {}, 0});
    QVERIFY2(pushed.ok(), pushed.ok() ? "" : pushed.error().text().c_str());
    QCOMPARE(pushed->facts.rows, std::uint64_t(100));
}

void TestPushDownFailures::postgresRefusalsAreSentences()
{
    const std::string uri = postgres(*m_postgres, QString::fromStdString("CREATE TABLE rows AS " + usualRows(100, false) + "; CREATE TABLE secret (y_true int); CREATE ROLE stranger LOGIN"));
    REFUSED(push(locationOf(uri), "nothing"), NotFound);
    REFUSED(push(locationOf(uri), "nowhere.rows"), NotFound);
    predictions::Mapping mapping = usualMapping();
    mapping.score = "no\nsuch \"column\"";
    const auto unknown = push(locationOf(uri), "rows", {}, {}, mapping);
    REFUSED(unknown, Invalid);
    QVERIFY(unknown.error().message.find('\n') == std::string::npos);
    Location other = locationOf(uri);
    other.postgres.databaseName = "no such database";
    REFUSED(push(other, "rows"), NotFound);
    other = locationOf(uri);
    other.postgres.user = "stranger";
    REFUSED(push(other, "rows"), Denied);
    other = locationOf(uri);
    other.postgres.host = "127.0.0.1";
    other.postgres.port = 1;
    REFUSED(push(other, "rows"), Io);
    mapping = usualMapping();
    mapping.attributes = {{"p", "p", {}}};
    QVERIFY(m_postgres->sql(m_database, QStringLiteral("ALTER TABLE rows ADD p point")));
    REFUSED(push(locationOf(uri), "secret", {}, {}, usualMapping()), Invalid);
}

void TestPushDownFailures::theEnvironmentSteersNothing()
{
    const auto location = locationOf(postgres(*m_postgres, QStringLiteral("CREATE TABLE steered AS ") + QString::fromStdString(usualRows(200, false))));
    const auto plain = push(location, "steered");
    QVERIFY2(plain.ok(), plain ? "" : plain.error().text().c_str());
    const std::pair<const char *, const char *> variables[] = {{"PGHOSTADDR", "192.0.2.1"}, {"PGREQUIREPEER", "nobody"}, {"PGSSLMODE", "verify-full"}, {"PGSSLROOTCERT", "/nowhere"},
                                                               {"PGSSLCRL", "/nowhere"},   {"PGTZ", "Asia/Tokyo"},      {"PGDATESTYLE", "German"},    {"PGOPTIONS", "-c search_path=nowhere"}};
    for (const auto &[name, value] : variables)
        qputenv(name, value);
    const auto steered = push(location, "steered");
    for (const auto &[name, value] : variables)
        qunsetenv(name);
    QVERIFY2(steered.ok(), steered ? "" : steered.error().text().c_str());
    QVERIFY(steered->facts.digest == plain->facts.digest);
}

void TestPushDownFailures::postgresMayOnlyRead()
{
    const std::string uri = postgres(*m_postgres, QStringLiteral("CREATE TABLE rows (y_true int); CREATE FUNCTION deed() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO rows VALUES (1) RETURNING 1';"
                                                                "CREATE VIEW trap AS SELECT deed() AS y_true, 0.5 AS score"));
    auto engine = Engine::open(locationOf(uri));
    QVERIFY(engine.ok());
    const RowSink nothing = [](std::span<const Cell>) { return Status(); };
    REFUSED((*engine)->run("INSERT INTO rows VALUES (1)", false, nothing), Invalid);
    REFUSED((*engine)->run("SELECT * FROM trap", false, nothing), Invalid);
    QString out;
    QVERIFY(m_postgres->sql(m_database, QStringLiteral("SELECT count(*) FROM rows"), &out));
    QCOMPARE(out.trimmed(), QStringLiteral("0"));
}

void TestPushDownFailures::postgresCanBeCancelled()
{
    const std::string uri = postgres(*m_postgres, QStringLiteral("CREATE VIEW slow AS SELECT i % 2 AS y_true, 0.5::float8 AS score, now() AS ts, 'F' AS sex, 1 AS age FROM generate_series(1, 2) s(i), pg_sleep(100)"));
    auto engine = Engine::open(locationOf(uri));
    QVERIFY(engine.ok());
    std::atomic<bool> cancel = false;
    PushOptions options;
    options.progress = {[&](std::uint64_t, std::uint64_t, const std::string &stage) { cancel = cancel || stage == "waiting for the database"; }, &cancel};
    QElapsedTimer timer;
    timer.start();
    const auto stopped = pushDown(**engine, *TableName::parse("slow"), usualMapping(), scoretables::WindowUnit::Week, options);
    REFUSED(stopped, Cancelled);
    QVERIFY(timer.elapsed() < 60'000); // the statement sleeps for 100 s
    // The server works no longer on it, and the connection goes on.
    QString out;
    QVERIFY(m_postgres->sql(m_database, QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%1'").arg(QStringLiteral("%slow%\" as%")), &out));
    cancel = false;
    QVERIFY((*engine)->run("SELECT 1", false, [](std::span<const Cell>) { return Status(); }).ok());
    // In the middle of the answer.
    const auto rows = (*engine)->run("SELECT i FROM generate_series(1, 100000000) s(i)", false,
                                     [&](std::span<const Cell>) {
                                         cancel = true;
                                         return Status();
                                     },
                                     {{}, &cancel});
    REFUSED(rows, Cancelled);
    QVERIFY((*engine)->run("SELECT 1", false, [](std::span<const Cell>) { return Status(); }).ok());
}

void TestPushDownFailures::postgresStopsAtTheTimeLimit()
{
    const std::string uri = postgres(*m_postgres, QStringLiteral("CREATE VIEW slow AS SELECT i % 2 AS y_true, 0.5::float8 AS score, now() AS ts, 'F' AS sex, 1 AS age FROM generate_series(1, 2) s(i), pg_sleep(100)"));
    const auto stopped = push(locationOf(uri), "slow", {{}, std::chrono::seconds(1), 0});
    REFUSED(stopped, Io);
    QVERIFY(stopped.error().message.find("limit") != std::string::npos);
}

void TestPushDownFailures::postgresGoneInTheMiddle()
{
    test::PostgresServer server;
    QVERIFY2(server.isRunning(), qPrintable(server.log()));
    const std::string uri = postgres(server, QStringLiteral("CREATE TABLE rows AS SELECT 1 AS x"));
    auto engine = Engine::open(locationOf(uri));
    QVERIFY(engine.ok());
    std::uint64_t seen = 0;
    const auto gone = (*engine)->run("SELECT i, repeat('x', 1000) FROM generate_series(1, 100000000) s(i)", false, [&](std::span<const Cell>) {
        if (++seen == 1000)
            server.stopImmediately();
        return Status();
    });
    REFUSED(gone, Io);
    QVERIFY(gone.error().message.find("lost") != std::string::npos);
    REFUSED((*engine)->run("SELECT 1", false, [](std::span<const Cell>) { return Status(); }), Io);
}

void TestPushDownFailures::clickHouseRefusalsAreSentences()
{
    NEED_CLICKHOUSE(*m_clickHouse);
    m_clickHouse->sql("CREATE TABLE rows (y_true UInt8, score Float64, ts DateTime, sex String, age UInt8, list Array(UInt8)) ENGINE = Memory");
    const Location location = locationOf(m_clickHouse->uri());
    const auto empty = push(location, "rows");
    QVERIFY2(empty.ok(), empty.ok() ? "" : empty.error().text().c_str());
    QCOMPARE(empty->facts.rows, std::uint64_t(0));
    QVERIFY(!empty->facts.hasTimes);
    REFUSED(push(location, "nothing"), NotFound);
    REFUSED(push(location, "nowhere.rows"), NotFound);
    predictions::Mapping mapping = usualMapping();
    mapping.score = "nothing";
    REFUSED(push(location, "rows", {}, {}, mapping), Invalid);
    mapping.score = "list";
    REFUSED(push(location, "rows", {}, {}, mapping), Invalid);
    const Location tester = locationOf(m_clickHouse->uri(test::ClickHouseServer::kUser));
    REFUSED(push(tester, "rows", {"wrong", {}, 0}), Denied);
    REFUSED(push(tester, "rows"), Denied);
    REFUSED(push(locationOf(m_clickHouse->uri("nobody")), "rows"), Denied);
    Location other = location;
    other.port = 1;
    REFUSED(push(other, "rows"), Io);
    other = location;
    other.databaseName = "no such database";
    REFUSED(push(other, "rows"), NotFound);
    auto engine = Engine::open(location);
    QVERIFY(engine.ok());
    const RowSink nothing = [](std::span<const Cell>) { return Status(); };
    REFUSED((*engine)->run("DROP TABLE rows", false, nothing), Invalid);
    REFUSED((*engine)->run("INSERT INTO rows SELECT * FROM rows", false, nothing), Invalid);
    auto reader = Engine::open(tester, {test::ClickHouseServer::kPassword, std::chrono::seconds(30), 0});
    QVERIFY2(reader.ok(), reader.ok() ? "" : reader.error().text().c_str());
    REFUSED((*reader)->run("DROP TABLE rows", false, nothing), Invalid);
    QVERIFY(push(location, "rows").ok());
}

void TestPushDownFailures::clickHouseCanBeCancelled()
{
    NEED_CLICKHOUSE(*m_clickHouse);
    auto engine = Engine::open(locationOf(m_clickHouse->uri()));
    QVERIFY(engine.ok());
    std::atomic<bool> cancel = false;
    const Progress progress{{}, &cancel};
    std::jthread soon([&] {
        QThread::msleep(300);
        cancel = true;
    });
    QElapsedTimer timer;
    timer.start();
    const auto stopped = (*engine)->run("SELECT number % 10 AS k, count() FROM system.numbers GROUP BY k WITH TOTALS", true, [](std::span<const Cell>) { return Status(); }, progress);
    REFUSED(stopped, Cancelled);
    QVERIFY(timer.elapsed() < 60'000);
    const QByteArray working = m_clickHouse->sql("SELECT count() FROM system.processes WHERE query LIKE '%number % 10 AS k%' AND query NOT LIKE '%processes%' AND is_cancelled = 0");
    QCOMPARE(working.trimmed(), QByteArray("0"));
}

void TestPushDownFailures::clickHouseGoneInTheMiddle()
{
    NEED_CLICKHOUSE(*m_clickHouse);
    test::ClickHouseServer server;
    QVERIFY2(server.isRunning(), qPrintable(server.log()));
    auto engine = Engine::open(locationOf(server.uri()));
    QVERIFY(engine.ok());
    std::uint64_t seen = 0;
    // An answer without an end: however slowly it is read, the server is never done before it goes.
    const auto gone = (*engine)->run("SELECT number, toUInt64(1) FROM system.numbers", true, [&](std::span<const Cell>) {
        if (++seen == 1000)
            server.stop();
        return Status();
    });
    REFUSED(gone, Io);
    // A failure after the answer has begun stands in the answer.
    auto failing = Engine::open(locationOf(m_clickHouse->uri()));
    QVERIFY(failing.ok());
    const auto failed = (*failing)->run("SELECT toString(number), toUInt64(throwIf(number = 2000000)) + 1 FROM system.numbers LIMIT 3000000", true, [](std::span<const Cell>) { return Status(); });
    QVERIFY(!failed.ok());
}

void TestPushDownFailures::somethingElseThanClickHouse()
{
    // A server that answers with a page, or with rows and then nothing.
    for (const QByteArray &answer : {QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 15\r\n\r\n<html>no</html>"),
                                     QByteArray("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"),
                                     QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n1\n"), QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1\n")}) {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QObject::connect(&server, &QTcpServer::newConnection, &server, [&] {
            QTcpSocket *socket = server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, answer] {
                socket->readAll();
                socket->write(answer);
                socket->disconnectFromHost();
            });
        });
        const auto pushed = push(locationOf("clickhouse://127.0.0.1:" + std::to_string(server.serverPort()) + "/default"), "rows");
        QVERIFY(!pushed.ok());
        QVERIFY2(pushed.error().kind == ErrorKind::Io, pushed.error().text().c_str());
    }
}

void TestPushDownFailures::duckDbRefusalsAreSentences()
{
    const auto absent = push(locationOf("duckdb:/nowhere/at all.duckdb"), "rows");
    REFUSED(absent, NotFound);
    NEED_DUCKDB();
    const std::string path = m_folder.file("x.duckdb").string();
    QCOMPARE(test::runDuckDb(path, {"CREATE TABLE rows AS " + usualRows(100, true)}), std::string());
    REFUSED(push(locationOf("duckdb:" + path), "nothing"), NotFound);
    predictions::Mapping mapping = usualMapping();
    mapping.score = "nothing";
    REFUSED(push(locationOf("duckdb:" + path), "rows", {}, {}, mapping), Invalid);
    REFUSED(push(locationOf("parquet:" + path), "rows"), Io);
    const auto text = push(locationOf("duckdb:" + write(m_folder, "no database at all", "text.duckdb").string()), "rows");
    REFUSED(text, Io);
}

QTEST_GUILESS_MAIN(TestPushDownFailures)
#include "tst_pushdownfailures.moc"
