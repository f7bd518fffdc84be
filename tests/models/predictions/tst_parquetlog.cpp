#include "logs.h"

#include "models/crypto/sha256.h"
#include "tests/support/duckdbfile.h"

using namespace countersign;
using namespace countersign::predictions;

#define NEED_DUCKDB()                                                                                                  \
    if (const auto library = duckdb::Library::load(); !library)                                                        \
    QSKIP(library.error().text().c_str())

class TestParquetLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutTheLibraryItIsOneSentence();
    void throughAPipeItIsRefused();
    void isReadLikeTheSameRowsAsText();
    void textsArriveAsTheyAre();
    void columnsOfListsAreLeftOutAndNamed();
    void theDigestIsOfTheStoredBytes();
    void readingCanBeStopped();
    void aLogOfOneColumnKeepsItsEmptyRows();
    void rowsKeepTheirOrder();

private:
    std::filesystem::path parquet(const std::string &select, const char *name = "log.parquet")
    {
        const std::filesystem::path path = std::filesystem::path(m_dir.path().toStdString()) / name;
        const std::string trouble = test::runDuckDb({}, {"COPY (" + select + ") TO '" + path.string() + "' (FORMAT parquet, ROW_GROUP_SIZE 5000)"});
        if (!trouble.empty())
            qWarning("%s", trouble.c_str());
        return path;
    }
    QTemporaryDir m_dir;
};

void TestParquetLog::withoutTheLibraryItIsOneSentence()
{
    const auto path = logs::write(m_dir, "PAR1 the rest does not matter, and there is enough of it to be looked at PAR1", "any.parquet");
    const QByteArray before = qgetenv("COUNTERSIGN_DUCKDB");
    qputenv("COUNTERSIGN_DUCKDB", "/nowhere/libduckdb.so");
    const auto reader = LogReader::open(path);
    before.isNull() ? qunsetenv("COUNTERSIGN_DUCKDB") : qputenv("COUNTERSIGN_DUCKDB", before);
    QVERIFY(!reader.ok());
    QCOMPARE(reader.error().kind, ErrorKind::Unsupported);
    QCOMPARE(reader.error().where, path.string());
    QVERIFY(reader.error().message.find("packaging/duckdb") != std::string::npos);
}

void TestParquetLog::throughAPipeItIsRefused()
{
    logs::Pipe pipe("PAR1 the rest does not matter, and there is enough of it to be looked at PAR1", 7);
    const auto reader = LogReader::open(pipe.source());
    QVERIFY(!reader.ok());
    QCOMPARE(reader.error().kind, ErrorKind::Unsupported);
    QVERIFY(reader.error().message.find("Give the file") != std::string::npos);
}

void TestParquetLog::isReadLikeTheSameRowsAsText()
{
    NEED_DUCKDB();
    const std::string select = "SELECT (i * 7919 % 10007) / 10007.0::DOUBLE AS score, CASE WHEN i % 53 = 0 THEN NULL ELSE (i % 3 = 0)::INT END AS y_true,"
                               " ['F', 'M', 'x, y', NULL][1 + i % 4] AS sex, 18 + i % 70 AS age,"
                               " TIMESTAMP '2025-01-01' + INTERVAL (i * 13) MINUTE AS ts FROM range(20000) t(i)";
    const auto columnar = parquet(select);
    const std::filesystem::path text = std::filesystem::path(m_dir.path().toStdString()) / "log.csv";
    QCOMPARE(test::runDuckDb({}, {"COPY (" + select + ") TO '" + text.string() + "' (FORMAT csv)"}), std::string());
    auto a = LogReader::open(columnar);
    auto b = LogReader::open(text);
    QVERIFY2(a.ok() && b.ok(), a.ok() ? "" : a.error().text().c_str());
    QCOMPARE(a->sample().dialect.format, Format::Parquet);
    QCOMPARE(a->sample().dialect.text(), std::string("Parquet"));
    QCOMPARE(a->sample().columns, b->sample().columns);
    const Mapping mapping = guessMapping(b->sample()).mapping;
    QCOMPARE(guessMapping(a->sample()).mapping, mapping);
    QCOMPARE(mapping.time, std::string("ts"));
    const auto left = a->read(mapping);
    const auto right = b->read(mapping);
    QVERIFY2(left.ok() && right.ok(), left.ok() ? "" : left.error().text().c_str());
    QCOMPARE(left->facts.rows, std::uint64_t(20'000));
    QCOMPARE(left->facts.rejects, right->facts.rejects);
    QCOMPARE(left->facts.firstTime, right->facts.firstTime);
    QCOMPARE(left->facts.lastTime, right->facts.lastTime);
    QCOMPARE(logs::rows(*left), logs::rows(*right));
}

void TestParquetLog::textsArriveAsTheyAre()
{
    NEED_DUCKDB();
    const auto path = parquet("SELECT 1 AS y_true, 0.5 AS score, unnest([' outer ', 'a\"b', 'two' || chr(10) || 'lines', 'c,d', 'é', '']) AS sex", "texts.parquet");
    auto reader = LogReader::open(path);
    QVERIFY2(reader.ok(), reader.ok() ? "" : reader.error().text().c_str());
    Mapping mapping;
    mapping.label = "y_true";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.attributes = {{"sex", "sex", {}}};
    const auto log = reader->read(mapping);
    QVERIFY2(log.ok(), log.ok() ? "" : log.error().text().c_str());
    QCOMPARE(log->facts.rejects.total, std::uint64_t(0));
    const auto &texts = log->dictionaries[static_cast<std::size_t>(log->schema.codeDictionary[static_cast<std::size_t>(log->schema.attributes[0])])];
    QCOMPARE(texts, (std::vector<std::string>{"", " outer ", "a\"b", "c,d", "two\nlines", "é"}));
}

void TestParquetLog::columnsOfListsAreLeftOutAndNamed()
{
    NEED_DUCKDB();
    const auto path = parquet("SELECT 1 AS y_true, 0.5 AS score, [1, 2] AS steps, {'a': 1} AS \"what, else\", 'F' AS sex", "nested.parquet");
    const auto reader = LogReader::open(path);
    QVERIFY2(reader.ok(), reader.ok() ? "" : reader.error().text().c_str());
    QCOMPARE(reader->columnsLeftOut(), (std::vector<std::string>{"steps", "what, else"}));
    QCOMPARE(reader->sample().columns, (std::vector<std::string>{"y_true", "score", "sex"}));
    const auto onlyNested = LogReader::open(parquet("SELECT [1] AS a", "onlynested.parquet"));
    QVERIFY(!onlyNested.ok());
    QCOMPARE(onlyNested.error().kind, ErrorKind::Invalid);
}

void TestParquetLog::theDigestIsOfTheStoredBytes()
{
    NEED_DUCKDB();
    const auto path = parquet("SELECT i % 2 AS y_true, i / 3000.0::DOUBLE AS score FROM range(3000) t(i)", "digest.parquet");
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Digest digest = crypto::sha256(file.readAll().toStdString());
    Mapping mapping;
    mapping.label = "y_true";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {}};
    const auto log = readLog(path, mapping);
    QVERIFY2(log.ok(), log.ok() ? "" : log.error().text().c_str());
    QCOMPARE(log->facts.digest, digest);
    QCOMPARE(log->facts.bytes, static_cast<std::uint64_t>(file.size()));
}

void TestParquetLog::readingCanBeStopped()
{
    NEED_DUCKDB();
    const auto path = parquet("SELECT i % 2 AS y_true, i / 300000.0::DOUBLE AS score FROM range(300000) t(i)", "long.parquet");
    auto reader = LogReader::open(path);
    QVERIFY(reader.ok());
    Mapping mapping;
    mapping.label = "y_true";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {}};
    std::atomic<bool> cancel = false;
    std::uint64_t total = 0;
    ReadOptions options;
    options.progress = {[&](std::uint64_t, std::uint64_t all, const std::string &) {
                            total = all;
                            cancel = true;
                        },
                        &cancel};
    const auto log = reader->read(mapping, options);
    QVERIFY(!log.ok());
    QCOMPARE(log.error().kind, ErrorKind::Cancelled);
    QCOMPARE(total, std::uint64_t(std::filesystem::file_size(path)));
}

void TestParquetLog::aLogOfOneColumnKeepsItsEmptyRows()
{
    NEED_DUCKDB();
    const auto path = parquet("SELECT unnest([1, NULL, 0, NULL]) AS decision", "one.parquet");
    Mapping mapping;
    mapping.prediction = "decision";
    mapping.labelValues = {{"1"}, {"0"}};
    const auto log = readLog(path, mapping);
    QVERIFY2(log.ok(), log.ok() ? "" : log.error().text().c_str());
    QCOMPARE(log->facts.rows, std::uint64_t(4));
}

void TestParquetLog::rowsKeepTheirOrder()
{
    NEED_DUCKDB();
    const auto path = parquet("SELECT i AS score, CASE WHEN i = 41234 THEN 'what' ELSE '1' END AS y_true FROM range(50000) t(i)", "order.parquet");
    Mapping mapping;
    mapping.label = "y_true";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {"0"}};
    const auto log = readLog(path, mapping);
    QVERIFY2(log.ok(), log.ok() ? "" : log.error().text().c_str());
    QCOMPARE(log->facts.rejects.total, std::uint64_t(1));
    QCOMPARE(log->facts.rejects.first.front().row, std::uint64_t(41'235));
    QCOMPARE(log->facts.rejects.first.front().column, std::string("y_true"));
}

QTEST_GUILESS_MAIN(TestParquetLog)
#include "tst_parquetlog.moc"
