#include "models/database/connection.h"

#include "tests/support/testdatabases.h"
#include "tests/support/verify.h"

#include <QElapsedTimer>
#include <QTest>

#include <limits>

using namespace countersign;
using namespace countersign::database;

class BulkWriterTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { test::forEachBackend(); }
    void init();
    void cleanup() { m_connection.reset(); }

    void writesWhatInsertWouldWrite();
    void writesAnEmptyTable();
    void needsATransaction();
    void refusesNamesThatNeedQuoting();
    void refusesMissingColumnsAndWrongTypes();
    void aRowOfTheWrongShapeSpoilsTheTransaction();
    void aDuplicateKeyIsAConflict();
    void anAbandonedWriterLeavesOnlyRollback();
    void theConnectionIsUsableAfterwards();
    void writesManyRows();

private:
    std::int64_t number(const std::string &sql);
    std::vector<BulkWriter::Column> columns() const;

    test::TemporaryFolder m_folder;
    std::unique_ptr<Connection> m_connection;
};

void BulkWriterTest::init()
{
    QFETCH_GLOBAL(QString, backend);
    const auto address = test::freshDatabase(backend, m_folder);
    const auto location = Location::parse(address);
    QVERIFY_RESULT(location);
    auto opened = Connection::open(*location, {.create = true});
    QVERIFY_RESULT(opened);
    m_connection = std::move(*opened);
    QVERIFY_RESULT(m_connection->exec(m_connection->backend() == Backend::Sqlite
                                          ? "CREATE TABLE observation(id INTEGER PRIMARY KEY, at INTEGER, value REAL, label TEXT, data BLOB) STRICT"
                                          : "CREATE TABLE observation(id BIGINT PRIMARY KEY, at BIGINT, value DOUBLE PRECISION, label TEXT, data BYTEA)"));
}

std::vector<BulkWriter::Column> BulkWriterTest::columns() const
{
    using Type = BulkWriter::Type;
    return {{"id", Type::Integer}, {"at", Type::Integer}, {"value", Type::Real}, {"label", Type::Text}, {"data", Type::Blob}};
}

std::int64_t BulkWriterTest::number(const std::string &sql)
{
    auto query = m_connection->prepare(sql);
    if (!query || !query->exec())
        return -1;
    const auto row = query->next();
    return row && *row ? query->integer(0) : -1;
}

void BulkWriterTest::writesWhatInsertWouldWrite()
{
    const double infinity = std::numeric_limits<double>::infinity();
    const Bytes zeros("\0\1\377", 3);
    QVERIFY_RESULT(m_connection->begin());
    auto writer = BulkWriter::open(*m_connection, "observation", columns());
    QVERIFY_RESULT(writer);
    QVERIFY_RESULT(writer->add(1).add(std::numeric_limits<std::int64_t>::min()).add(0.1).addText("žlutý\n\\N\t'").addBytes(zeros).endRow());
    QVERIFY_RESULT(writer->add(2).add(std::optional<std::int64_t>()).add(std::numeric_limits<double>::quiet_NaN()).addText({}).addBytes({}).endRow());
    QVERIFY_RESULT(writer->add(3).add(-1).add(-infinity).addNull().addNull().endRow());
    QVERIFY_RESULT(writer->finish());
    QVERIFY_RESULT(m_connection->commit());

    auto rows = m_connection->prepare("SELECT id, at, value, label, data FROM observation ORDER BY id");
    QVERIFY_RESULT(rows);
    QVERIFY_RESULT(rows->exec());
    QVERIFY(*rows->next());
    QCOMPARE(rows->integer(1), std::numeric_limits<std::int64_t>::min());
    QVERIFY(rows->real(2) == 0.1);
    QCOMPARE(rows->text(3), std::string("žlutý\n\\N\t'"));
    QCOMPARE(rows->bytes(4), zeros);
    QVERIFY(*rows->next());
    QVERIFY(rows->isNull(1));
    QVERIFY(rows->isNull(2));
    QVERIFY(!rows->isNull(3));
    QVERIFY(!rows->isNull(4));
    QCOMPARE(rows->text(3) + rows->bytes(4), std::string());
    QVERIFY(*rows->next());
    QCOMPARE(rows->integer(1), -1);
    QVERIFY(rows->real(2) == -infinity);
    QVERIFY(rows->isNull(3));
    QVERIFY(rows->isNull(4));
    QVERIFY(!*rows->next());
}

void BulkWriterTest::writesAnEmptyTable()
{
    QVERIFY_RESULT(m_connection->begin());
    auto writer = BulkWriter::open(*m_connection, "observation", columns());
    QVERIFY_RESULT(writer);
    QVERIFY_RESULT(writer->finish());
    QVERIFY_ERROR(writer->endRow(), ErrorKind::Invalid);
    QVERIFY_RESULT(m_connection->commit());
    QCOMPARE(number("SELECT count(*) FROM observation"), 0);
}

void BulkWriterTest::needsATransaction()
{
    QVERIFY_ERROR(BulkWriter::open(*m_connection, "observation", columns()), ErrorKind::Invalid);
}

void BulkWriterTest::refusesNamesThatNeedQuoting()
{
    QVERIFY_RESULT(m_connection->begin());
    QVERIFY_ERROR(BulkWriter::open(*m_connection, "observation\"; DROP TABLE observation; --", columns()), ErrorKind::Invalid);
    QVERIFY_ERROR(BulkWriter::open(*m_connection, "observation", {{"id\"", BulkWriter::Type::Integer}}), ErrorKind::Invalid);
    QVERIFY_ERROR(BulkWriter::open(*m_connection, "observation", {}), ErrorKind::Invalid);
    QVERIFY_RESULT(m_connection->commit());
}

void BulkWriterTest::refusesMissingColumnsAndWrongTypes()
{
    QVERIFY_RESULT(m_connection->begin());
    QVERIFY(!BulkWriter::open(*m_connection, "observation", {{"nowhere", BulkWriter::Type::Integer}}));
    QVERIFY(!BulkWriter::open(*m_connection, "nowhere", {{"id", BulkWriter::Type::Integer}}));
    QVERIFY_RESULT(m_connection->rollback());
    // A text for a number is seen at the latest when the row ends.
    QVERIFY_RESULT(m_connection->begin());
    auto writer = BulkWriter::open(*m_connection, "observation", {{"id", BulkWriter::Type::Integer}, {"value", BulkWriter::Type::Text}});
    QVERIFY(!writer || !writer->add(1).addText("not a number").endRow());
    QVERIFY_RESULT(m_connection->rollback());
}

void BulkWriterTest::aRowOfTheWrongShapeSpoilsTheTransaction()
{
    for (int shape = 0; shape < 4; ++shape) {
        QVERIFY_RESULT(m_connection->begin());
        auto writer = BulkWriter::open(*m_connection, "observation", {{"id", BulkWriter::Type::Integer}, {"label", BulkWriter::Type::Text}});
        QVERIFY_RESULT(writer);
        QVERIFY_RESULT(writer->add(1).addText("good").endRow());
        writer->add(2);
        if (shape == 1)
            writer->addText("a").addText("b");
        if (shape == 2)
            writer->add(3.5);
        if (shape == 3)
            writer->addText(std::string_view("a\0b", 3));
        QVERIFY_ERROR(writer->endRow(), ErrorKind::Invalid);
        QVERIFY(!writer->finish());
        QVERIFY(!m_connection->commit());
        QVERIFY_RESULT(m_connection->rollback());
        QCOMPARE(number("SELECT count(*) FROM observation"), 0);
    }
}

void BulkWriterTest::aDuplicateKeyIsAConflict()
{
    QVERIFY_RESULT(m_connection->begin());
    auto writer = BulkWriter::open(*m_connection, "observation", {{"id", BulkWriter::Type::Integer}});
    QVERIFY_RESULT(writer);
    QVERIFY_RESULT(writer->add(1).endRow());
    Status status = writer->add(1).endRow();
    if (status)
        status = writer->finish();
    QVERIFY_ERROR(status, ErrorKind::Conflict);
    QVERIFY_RESULT(m_connection->rollback());
    QCOMPARE(number("SELECT count(*) FROM observation"), 0);
}

void BulkWriterTest::anAbandonedWriterLeavesOnlyRollback()
{
    QVERIFY_RESULT(m_connection->begin());
    {
        auto writer = BulkWriter::open(*m_connection, "observation", {{"id", BulkWriter::Type::Integer}});
        QVERIFY_RESULT(writer);
        QVERIFY_RESULT(writer->add(1).endRow());
        if (m_connection->backend() == Backend::Postgres)
            QVERIFY_ERROR(m_connection->exec("SELECT 1"), ErrorKind::Invalid);
    }
    QVERIFY_ERROR(m_connection->commit(), ErrorKind::Conflict);
    QCOMPARE(number("SELECT count(*) FROM observation"), 0);
}

void BulkWriterTest::theConnectionIsUsableAfterwards()
{
    QVERIFY_RESULT(m_connection->begin());
    for (int round = 0; round < 3; ++round) {
        auto writer = BulkWriter::open(*m_connection, "observation", {{"id", BulkWriter::Type::Integer}});
        QVERIFY_RESULT(writer);
        QVERIFY_RESULT(writer->add(round).endRow());
        QVERIFY_RESULT(writer->finish());
        QCOMPARE(number("SELECT count(*) FROM observation"), round + 1);
    }
    QVERIFY_RESULT(m_connection->commit());
}

void BulkWriterTest::writesManyRows()
{
    constexpr int kRows = 200'000;
    QElapsedTimer timer;
    timer.start();
    QVERIFY_RESULT(m_connection->begin());
    auto writer = BulkWriter::open(*m_connection, "observation", columns());
    QVERIFY_RESULT(writer);
    for (int i = 0; i < kRows; ++i) {
        const auto row = writer->add(i).add(std::int64_t{i} * 1000).add(i / 7.0).addText("slice value").addNull().endRow();
        QVERIFY_RESULT(row);
    }
    QVERIFY_RESULT(writer->finish());
    QVERIFY_RESULT(m_connection->commit());
    qInfo("%d rows of 5 columns: %lld rows/s", kRows, static_cast<long long>(kRows) * 1000 / std::max<qint64>(timer.elapsed(), 1));
    QCOMPARE(number("SELECT count(*) FROM observation"), kRows);
    QCOMPARE(number("SELECT count(*) FROM observation WHERE at = id * 1000 AND label = 'slice value' AND data IS NULL"), kRows);
}

QTEST_GUILESS_MAIN(BulkWriterTest)
#include "tst_bulkwriter.moc"
