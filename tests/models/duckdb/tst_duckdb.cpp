#include "models/duckdb/connection.h"
#include "tests/support/duckdbfile.h"
#include "tests/support/temporaryfolder.h"

#include <QtTest/QtTest>

#include <fcntl.h>
#include <unistd.h>

using namespace countersign;
using namespace countersign::duckdb;

namespace {

/// An open file for as long as a test needs it.
struct OpenFile {
    explicit OpenFile(const std::string &path) : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~OpenFile() { ::close(descriptor); }
    Q_DISABLE_COPY_MOVE(OpenFile)
    int descriptor;
};

/// The answer as text, "NULL" for NULL; or what went wrong.
std::vector<std::vector<std::string>> answer(Connection &connection, const std::string &sql)
{
    auto rows = connection.query(sql);
    if (!rows)
        return {{rows.error().text()}};
    std::vector<std::vector<std::string>> table;
    for (;;) {
        const auto more = (*rows)->next({});
        if (!more)
            return {{more.error().text()}};
        if (!*more)
            return table;
        for (std::size_t row = 0; row < (*rows)->size(); ++row) {
            auto &cells = table.emplace_back();
            for (std::size_t column = 0; column < (*rows)->columns().size(); ++column) {
                std::string text;
                cells.push_back((*rows)->appendText(column, row, text) ? text : "NULL");
            }
        }
    }
}

using Table = std::vector<std::vector<std::string>>;

} // namespace

#define NEED_DUCKDB()                                                                                                  \
    if (const auto library = Library::load(); !library)                                                                \
    QSKIP(library.error().text().c_str())

class TestDuckDb : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMissingLibraryIsOneSentenceWithWhatToDo();
    void aLibraryOfSomethingElseIsRefused();
    void valuesArriveAsTextThatReadsBack();
    void theConnectionReachesNothingButItsFile();
    void aPathIsNeverPartOfSql();
    void aDatabaseIsOpenedForReadingOnly();
    void anAnswerCanBeCancelled();
    void whatTheFileIsNotIsSaid();
};

void TestDuckDb::aMissingLibraryIsOneSentenceWithWhatToDo()
{
    const QByteArray before = qgetenv("COUNTERSIGN_DUCKDB");
    qputenv("COUNTERSIGN_DUCKDB", "/nowhere/libduckdb.so");
    const auto library = Library::load();
    const auto connection = Connection::openFile("/nowhere/x.duckdb", {});
    before.isNull() ? qunsetenv("COUNTERSIGN_DUCKDB") : qputenv("COUNTERSIGN_DUCKDB", before);
    QVERIFY(!library.ok());
    QCOMPARE(library.error().kind, ErrorKind::Unsupported);
    QCOMPARE(library.error().hint, std::string(kMissingHint));
    QVERIFY(library.error().message.find("packaging/duckdb") != std::string::npos);
    QVERIFY(library.error().message.find("/nowhere/libduckdb.so") != std::string::npos);
    QVERIFY(!connection.ok());
    QCOMPARE(connection.error().kind, ErrorKind::Unsupported);
}

void TestDuckDb::aLibraryOfSomethingElseIsRefused()
{
    const QByteArray before = qgetenv("COUNTERSIGN_DUCKDB");
    qputenv("COUNTERSIGN_DUCKDB", "libc.so.6");
    const auto library = Library::load();
    before.isNull() ? qunsetenv("COUNTERSIGN_DUCKDB") : qputenv("COUNTERSIGN_DUCKDB", before);
    QVERIFY(!library.ok());
    QCOMPARE(library.error().kind, ErrorKind::Unsupported);
    QVERIFY(library.error().message.find("duckdb_library_version") != std::string::npos);
}

void TestDuckDb::valuesArriveAsTextThatReadsBack()
{
    NEED_DUCKDB();
    test::TemporaryFolder folder;
    const std::string path = folder.file("values.parquet").string();
    const std::string trouble = test::runDuckDb(
        {}, {"COPY (SELECT 0.1::DOUBLE AS d, 0.7::FLOAT AS f, 9007199254740993::BIGINT AS i, 255::UTINYINT AS u, true AS b, 'short' AS s,"
             " 'longer than twelve bytes' AS l, TIMESTAMP '2025-01-06 05:12:33.5' AS t, TIMESTAMPTZ '2025-01-06 05:12:33+02' AS z,"
             " TIMESTAMP '1969-12-31 23:59:59.999999' AS e, DATE '2024-02-29' AS day, 1.50::DECIMAL(9,4) AS n, [1] AS nested"
             " UNION ALL SELECT 'nan'::DOUBLE, '-inf'::FLOAT, NULL, 0, NULL, '', NULL, NULL, NULL, NULL, DATE '0044-03-15 (BC)', NULL, NULL)"
             " TO '" + path + "' (FORMAT parquet)"});
    QCOMPARE(trouble, std::string());
    OpenFile file(path);
    auto connection = Connection::onParquet(file.descriptor, "log", {});
    QVERIFY2(connection.ok(), connection.ok() ? "" : connection.error().text().c_str());
    const auto columns = connection->columnsOf("log");
    QVERIFY(columns.ok());
    QCOMPARE(columns->back().kind, Kind::Nested);
    std::string list;
    for (const Column &column : *columns)
        if (column.kind != Kind::Nested)
            list += (list.empty() ? "" : ", ") + textExpression(column);
    const Table expected{{"0.1", "0.7", "9007199254740993", "255", "true", "short", "longer than twelve bytes", "2025-01-06T05:12:33.5Z",
                          "2025-01-06T03:12:33Z", "1969-12-31T23:59:59.999999Z", "2024-02-29", "1.5000"},
                         {"nan", "-inf", "NULL", "0", "NULL", "", "NULL", "NULL", "NULL", "NULL", "-0043-03-15", "NULL"}};
    QCOMPARE(answer(*connection, "SELECT " + list + " FROM log"), expected);
}

void TestDuckDb::theConnectionReachesNothingButItsFile()
{
    NEED_DUCKDB();
    test::TemporaryFolder folder;
    const std::string own = folder.file("own.parquet").string();
    const std::string other = folder.file("other.parquet").string();
    QCOMPARE(test::runDuckDb({}, {"COPY (SELECT 1 AS a) TO '" + own + "' (FORMAT parquet)", "COPY (SELECT 2 AS a) TO '" + other + "' (FORMAT parquet)"}), std::string());
    OpenFile file(own);
    auto connection = Connection::onParquet(file.descriptor, "log", {});
    QVERIFY(connection.ok());
    QCOMPARE(answer(*connection, "SELECT a FROM log"), (Table{{"1"}}));
    for (const std::string &sql : {"SELECT * FROM read_parquet('" + other + "')", "SELECT * FROM '" + other + "'", std::string("SELECT * FROM read_text('/etc/passwd')"),
                                   "COPY log TO '" + folder.file("out.csv").string() + "'", "ATTACH '" + folder.file("out.db").string() + "'",
                                   std::string("INSTALL httpfs"), std::string("LOAD httpfs"), std::string("SET enable_external_access = true"),
                                   std::string("SET allowed_paths = ['/etc/passwd']"), std::string("SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')"),
                                   std::string("SELECT getenv('HOME')")}) {
        const auto rows = connection->query(sql);
        QVERIFY2(!rows.ok(), sql.c_str());
    }
    QVERIFY(!std::filesystem::exists(folder.file("out.csv")));
    QVERIFY(!std::filesystem::exists(folder.file("out.db")));
}

void TestDuckDb::aPathIsNeverPartOfSql()
{
    NEED_DUCKDB();
    test::TemporaryFolder folder;
    QCOMPARE(test::runDuckDb({}, {"COPY (SELECT 1 AS a) TO '" + folder.file("plain.parquet").string() + "' (FORMAT parquet)"}), std::string());
    // As a pattern this names both files, as SQL it ends the statement.
    const std::filesystem::path hostile = folder.file("*') ; DROP VIEW log; --\n\".parquet");
    std::filesystem::copy_file(folder.file("plain.parquet"), hostile);
    OpenFile file(hostile.string());
    auto connection = Connection::onParquet(file.descriptor, "a \"view\"; --", {});
    QVERIFY2(connection.ok(), connection.ok() ? "" : connection.error().text().c_str());
    QCOMPARE(answer(*connection, "SELECT a FROM " + quotedName("a \"view\"; --")), (Table{{"1"}}));
}

void TestDuckDb::aDatabaseIsOpenedForReadingOnly()
{
    NEED_DUCKDB();
    test::TemporaryFolder folder;
    const std::string path = folder.file("it's a \"file\".duckdb").string();
    QCOMPARE(test::runDuckDb(path, {"CREATE TABLE t AS SELECT 7 AS x"}), std::string());
    auto connection = Connection::openFile(path, {});
    QVERIFY2(connection.ok(), connection.ok() ? "" : connection.error().text().c_str());
    QCOMPARE(answer(*connection, "SELECT x FROM t"), (Table{{"7"}}));
    QVERIFY(!connection->query("INSERT INTO t VALUES (8)").ok());
    QVERIFY(!connection->query("COPY t TO '" + folder.file("out.csv").string() + "'").ok());
    const auto absent = Connection::openFile(folder.file("absent.duckdb").string(), {});
    QVERIFY(!absent.ok());
    QCOMPARE(absent.error().kind, ErrorKind::Io);
    QVERIFY(!std::filesystem::exists(folder.file("absent.duckdb")));
}

void TestDuckDb::anAnswerCanBeCancelled()
{
    NEED_DUCKDB();
    test::TemporaryFolder folder;
    const std::string path = folder.file("t.duckdb").string();
    QCOMPARE(test::runDuckDb(path, {"CREATE TABLE t AS SELECT 7 AS x"}), std::string());
    auto connection = Connection::openFile(path, {});
    QVERIFY(connection.ok());
    const std::atomic<bool> cancel = true;
    const Progress progress{{}, &cancel};
    const auto counted = connection->query("SELECT count(*) FROM range(100000000000) a", progress);
    QVERIFY(!counted.ok());
    QCOMPARE(counted.error().kind, ErrorKind::Cancelled);
    // The connection goes on.
    QCOMPARE(answer(*connection, "SELECT x FROM t"), (Table{{"7"}}));
    auto rows = connection->query("SELECT i FROM range(100000000) a(i)");
    QVERIFY(rows.ok());
    QVERIFY((*rows)->next({}).ok());
    const auto next = (*rows)->next(progress);
    QVERIFY(!next.ok());
    QCOMPARE(next.error().kind, ErrorKind::Cancelled);
}

void TestDuckDb::whatTheFileIsNotIsSaid()
{
    NEED_DUCKDB();
    test::TemporaryFolder folder;
    const std::string path = folder.file("broken.parquet").string();
    QFile broken(QString::fromStdString(path));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("PAR1 and nothing that follows from it PAR1");
    broken.close();
    OpenFile file(path);
    const auto connection = Connection::onParquet(file.descriptor, "log", {});
    QVERIFY(!connection.ok());
    QVERIFY2(connection.error().message.starts_with("DuckDB says:"), connection.error().message.c_str());
    QVERIFY(connection.error().message.find('\n') == std::string::npos);
}

QTEST_GUILESS_MAIN(TestDuckDb)
#include "tst_duckdb.moc"
