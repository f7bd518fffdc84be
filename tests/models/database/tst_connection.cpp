#include "models/database/connection.h"

#include "tests/support/testdatabases.h"
#include "tests/support/verify.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <thread>

using namespace countersign;
using namespace countersign::database;

/// What must hold on both databases alike.
class ConnectionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data() { test::forEachBackend(); }
    void init();
    void cleanup() { m_connection.reset(); }

    void keepsEveryKindOfValue_data();
    void keepsEveryKindOfValue();
    void keepsBytesOfAllValues();
    void nanIsNull();
    void distinguishesEmptyFromNull();
    void refusesTextThatIsNotCleanUtf8();
    void refusesAWrongNumberOfValues();
    void takesOneStatementAtATime();
    void questionMarksInTextAndCommentsAreNoPlaceholders();
    void reusesAQueryAndForgetsItsValues();
    void twoQueriesOfOneTextRunSideBySide();
    void nestedQueriesDoNotDisturbEachOther();
    void countsRowsAffected();
    void returningGivesRows();
    void nextBeforeExecIsAnError();
    void uncommittedWorkIsRolledBack();
    void commitKeepsWork();
    void transactionsDoNotNest();
    void aFailureInATransactionLeavesOnlyRollback();
    void whatIsPostedIsThereForTheNextStatement();
    void aPostedFailureIsToldAndNeverCommitted();
    void aViewIsTheColumnsBytes();
    void namesTheKindsOfRefusal();
    void aReadTransactionSeesOneState();
    void readOnlyRefusesWrites();
    void connectionsOfSeveralThreadsDoNotMeet();
    void survivesManyDifferentStatements();

private:
    std::unique_ptr<Connection> open(const OpenOptions &options = {});
    std::int64_t number(const std::string &sql);

    test::TemporaryFolder m_folder;
    std::string m_address;
    std::unique_ptr<Connection> m_connection;
};

#define EXEC(sql) QVERIFY_RESULT(m_connection->exec(sql))

std::unique_ptr<Connection> ConnectionTest::open(const OpenOptions &options)
{
    const auto location = Location::parse(m_address);
    auto connection = location ? Connection::open(*location, options) : Result<std::unique_ptr<Connection>>(location.error());
    if (!connection)
        qWarning("%s", connection.error().text().c_str());
    return connection ? std::move(*connection) : nullptr;
}

std::int64_t ConnectionTest::number(const std::string &sql)
{
    auto query = m_connection->prepare(sql);
    if (!query || !query->exec())
        return -1;
    const auto row = query->next();
    return row && *row ? query->integer(0) : -1;
}

void ConnectionTest::init()
{
    QFETCH_GLOBAL(QString, backend);
    m_address = test::freshDatabase(backend, m_folder);
    QVERIFY(!m_address.empty());
    m_connection = open({.create = true});
    QVERIFY(m_connection);
    const bool isSqlite = m_connection->backend() == Backend::Sqlite;
    QVERIFY(!m_connection->isReadOnly());
    EXEC(isSqlite ? "CREATE TABLE item(id INTEGER PRIMARY KEY, label TEXT, amount REAL, data BLOB) STRICT"
                  : "CREATE TABLE item(id BIGINT PRIMARY KEY, label TEXT, amount DOUBLE PRECISION, data BYTEA)");
}

void ConnectionTest::keepsEveryKindOfValue_data()
{
    QTest::addColumn<qint64>("integer");
    QTest::addColumn<double>("real");
    QTest::addColumn<QByteArray>("text");
    const double infinity = std::numeric_limits<double>::infinity();
    QTest::newRow("ordinary") << qint64(42) << 0.25 << QByteArray("text");
    QTest::newRow("extremes") << std::numeric_limits<qint64>::max() << std::numeric_limits<double>::max() << QByteArray("'; DROP TABLE item; --");
    QTest::newRow("other extremes") << std::numeric_limits<qint64>::min() << std::numeric_limits<double>::denorm_min() << QByteArray("?$1\\x41%_\"");
    QTest::newRow("beyond binary64 integers") << qint64(9007199254740993) << 0.1 << QByteArray("žluťoučký kůň 🐎 \xE2\x80\xAE" "abc");
    QTest::newRow("infinite") << qint64(-1) << infinity << QByteArray("\x01\x7F\r\n\t ");
    QTest::newRow("minus infinite") << qint64(0) << -infinity << QByteArray(200'000, 'x');
    QTest::newRow("seventeen digits") << qint64(1) << 0.91300000000000003 << QByteArray(" ");
    QTest::newRow("negative zero") << qint64(1) << -0.0 << QByteArray("-0.0");
}

void ConnectionTest::keepsEveryKindOfValue()
{
    QFETCH(qint64, integer);
    QFETCH(double, real);
    QFETCH(QByteArray, text);
    auto insert = m_connection->prepare("INSERT INTO item(id, label, amount) VALUES(?, ?, ?)");
    QVERIFY_RESULT(insert);
    QVERIFY_RESULT(insert->bind(std::int64_t{integer}).bind(text.toStdString()).bind(real).exec());
    auto select = m_connection->prepare("SELECT id, label, amount, data FROM item WHERE id = ?");
    QVERIFY_RESULT(select);
    QVERIFY_RESULT(select->bind(std::int64_t{integer}).exec());
    QVERIFY_RESULT(select->next());
    QCOMPARE(select->integer(0), std::int64_t{integer});
    QCOMPARE(select->text(1), text.toStdString());
    QVERIFY(select->real(2) == real);
    QVERIFY(select->isNull(3));
}

void ConnectionTest::keepsBytesOfAllValues()
{
    Bytes all;
    for (int i = 0; i < 512; ++i)
        all += static_cast<char>(i);
    auto insert = m_connection->prepare("INSERT INTO item(id, data) VALUES(?, ?)");
    QVERIFY_RESULT(insert);
    QVERIFY_RESULT(insert->bind(1).bindBytes(all).exec());
    QVERIFY_RESULT(insert->bind(2).bindBytes({}).exec());
    QVERIFY_RESULT(insert->bind(3).bindBytes("\\x4142").exec());
    auto select = m_connection->prepare("SELECT data, length(data) FROM item ORDER BY id");
    QVERIFY_RESULT(select);
    QVERIFY_RESULT(select->exec());
    QVERIFY(*select->next());
    QCOMPARE(select->bytes(0), all);
    QCOMPARE(select->integer(1), 512);
    QVERIFY(*select->next());
    QVERIFY(!select->isNull(0));
    QCOMPARE(select->bytes(0), Bytes());
    QVERIFY(*select->next());
    QCOMPARE(select->bytes(0), Bytes("\\x4142"));
    QVERIFY(!*select->next());
}

void ConnectionTest::nanIsNull()
{
    auto insert = m_connection->prepare("INSERT INTO item(id, amount) VALUES(1, ?)");
    QVERIFY_RESULT(insert);
    QVERIFY_RESULT(insert->bind(std::numeric_limits<double>::quiet_NaN()).exec());
    auto select = m_connection->prepare("SELECT amount FROM item WHERE amount IS NULL");
    QVERIFY_RESULT(select);
    QVERIFY_RESULT(select->exec());
    QVERIFY(*select->next());
    QVERIFY(select->isNull(0));
    QVERIFY(std::isnan(select->real(0)));
    QVERIFY(!select->realOrNull(0));
}

void ConnectionTest::distinguishesEmptyFromNull()
{
    auto insert = m_connection->prepare("INSERT INTO item(id, label, amount) VALUES(?, ?, ?)");
    QVERIFY_RESULT(insert);
    QVERIFY_RESULT(insert->bind(1).bind(std::string_view()).bind(std::optional<double>(1.5)).exec());
    QVERIFY_RESULT(insert->bind(2).bind(std::optional<std::string>()).bind(std::optional<double>()).exec());
    QCOMPARE(number("SELECT count(*) FROM item WHERE label = ''"), 1);
    QCOMPARE(number("SELECT id FROM item WHERE label IS NULL"), 2);
    QCOMPARE(number("SELECT id FROM item WHERE amount IS NULL"), 2);
}

void ConnectionTest::refusesTextThatIsNotCleanUtf8()
{
    auto insert = m_connection->prepare("INSERT INTO item(id, label) VALUES(1, ?)");
    QVERIFY_RESULT(insert);
    for (const std::string_view bad : {std::string_view("a\0b", 3), std::string_view("12345678\0", 9), std::string_view("\0ABCDEFG", 8), std::string_view("lone \xED\xA0\x80 surrogate"),
                                       std::string_view("latin \xE9"), std::string_view("cut \xC3"), std::string_view("overlong \xC0\x80")})
        QVERIFY_ERROR(insert->bind(bad).exec(), ErrorKind::Invalid);
    QCOMPARE(number("SELECT count(*) FROM item"), 0);
    QVERIFY_RESULT(insert->bind("clean").exec());
}

void ConnectionTest::refusesAWrongNumberOfValues()
{
    auto insert = m_connection->prepare("INSERT INTO item(id, label) VALUES(?, ?)");
    QVERIFY_RESULT(insert);
    QVERIFY_ERROR(insert->bind(1).exec(), ErrorKind::Invalid);
    QVERIFY_ERROR(insert->bind(1).bind("a").bind("b").exec(), ErrorKind::Invalid);
    QVERIFY_ERROR(insert->exec(), ErrorKind::Invalid);
    QVERIFY_RESULT(insert->bind(1).bind("a").exec());
    QCOMPARE(number("SELECT count(*) FROM item"), 1);
}

void ConnectionTest::takesOneStatementAtATime()
{
    QVERIFY_ERROR(m_connection->exec("INSERT INTO item(id) VALUES(1); INSERT INTO item(id) VALUES(2)"), ErrorKind::Invalid);
    QCOMPARE(number("SELECT count(*) FROM item"), 0);
    EXEC("INSERT INTO item(id) VALUES(1); -- and a comment\n");
    QVERIFY_ERROR(m_connection->exec("NOT SQL"), ErrorKind::Invalid);
}

void ConnectionTest::questionMarksInTextAndCommentsAreNoPlaceholders()
{
    auto query = m_connection->prepare("SELECT 'a?''?' || ? /* ? /* nested */ ? */ AS \"why?\" -- ?\n");
    if (m_connection->backend() == Backend::Sqlite) // comments do not nest there
        query = m_connection->prepare("SELECT 'a?''?' || ? /* ? */ AS \"why?\" -- ?\n");
    QVERIFY_RESULT(query);
    QVERIFY_RESULT(query->bind("!").exec());
    QVERIFY(*query->next());
    QCOMPARE(query->text(0), std::string("a?'?!"));
}

void ConnectionTest::reusesAQueryAndForgetsItsValues()
{
    auto insert = m_connection->prepare("INSERT INTO item(id, label) VALUES(?, ?)");
    QVERIFY_RESULT(insert);
    for (int i = 0; i < 5; ++i)
        QVERIFY_RESULT(insert->bind(i).bind("row " + std::to_string(i)).exec());
    auto select = m_connection->prepare("SELECT label FROM item WHERE id >= ? ORDER BY id");
    QVERIFY_RESULT(select);
    for (int from = 0; from < 5; ++from) { // left in the middle each time
        QVERIFY_RESULT(select->bind(from).exec());
        QVERIFY(*select->next());
        QCOMPARE(select->text(0), "row " + std::to_string(from));
    }
}

void ConnectionTest::twoQueriesOfOneTextRunSideBySide()
{
    EXEC("INSERT INTO item(id) VALUES(1), (2), (3)");
    auto one = m_connection->prepare("SELECT id FROM item WHERE id > ? ORDER BY id");
    auto other = m_connection->prepare("SELECT id FROM item WHERE id > ? ORDER BY id");
    QVERIFY_RESULT(one);
    QVERIFY_RESULT(other);
    QVERIFY_RESULT(one->bind(0).exec());
    QVERIFY_RESULT(other->bind(1).exec());
    for (const int expected : {1, 2}) {
        QVERIFY(*one->next());
        QVERIFY(*other->next());
        QCOMPARE(one->integer(0), expected);
        QCOMPARE(other->integer(0), expected + 1);
    }
    QVERIFY(*one->next());
    QVERIFY(!*other->next());
}

void ConnectionTest::nestedQueriesDoNotDisturbEachOther()
{
    EXEC("INSERT INTO item(id) VALUES(1), (2), (3)");
    auto outer = m_connection->prepare("SELECT id FROM item ORDER BY id");
    QVERIFY_RESULT(outer);
    QVERIFY_RESULT(outer->exec());
    std::int64_t sum = 0;
    auto row = outer->next();
    for (; row && *row; row = outer->next()) {
        auto inner = m_connection->prepare("SELECT id * 10 FROM item WHERE id = ?");
        QVERIFY_RESULT(inner);
        QVERIFY_RESULT(inner->bind(outer->integer(0)).exec());
        QVERIFY(*inner->next());
        sum += inner->integer(0);
    }
    QVERIFY_RESULT(row);
    QCOMPARE(sum, 60);
}

void ConnectionTest::countsRowsAffected()
{
    EXEC("INSERT INTO item(id) VALUES(1), (2), (3)");
    auto update = m_connection->prepare("UPDATE item SET label = ? WHERE id > ?");
    QVERIFY_RESULT(update);
    QVERIFY_RESULT(update->bind("x").bind(1).exec());
    QCOMPARE(update->rowsAffected(), 2);
    QVERIFY_RESULT(update->bind("x").bind(9).exec());
    QCOMPARE(update->rowsAffected(), 0);
    auto select = m_connection->prepare("SELECT id FROM item");
    QVERIFY_RESULT(select);
    QVERIFY_RESULT(select->exec());
    QCOMPARE(select->rowsAffected(), 0);
}

void ConnectionTest::returningGivesRows()
{
    auto insert = m_connection->prepare("INSERT INTO item(id, label) VALUES(?, ?) RETURNING id + 100");
    QVERIFY_RESULT(insert);
    QVERIFY_RESULT(insert->bind(7).bind("seven").exec());
    QVERIFY(*insert->next());
    QCOMPARE(insert->integer(0), 107);
    QVERIFY(!*insert->next());
    QCOMPARE(insert->rowsAffected(), 1);
}

void ConnectionTest::nextBeforeExecIsAnError()
{
    auto query = m_connection->prepare("SELECT id FROM item");
    QVERIFY_RESULT(query);
    QVERIFY_ERROR(query->next(), ErrorKind::Invalid);
}

void ConnectionTest::uncommittedWorkIsRolledBack()
{
    {
        auto transaction = Transaction::begin(*m_connection);
        QVERIFY_RESULT(transaction);
        EXEC("INSERT INTO item(id) VALUES(1)");
        QVERIFY(m_connection->inTransaction());
    }
    QVERIFY(!m_connection->inTransaction());
    QCOMPARE(number("SELECT count(*) FROM item"), 0);
}

void ConnectionTest::commitKeepsWork()
{
    auto transaction = Transaction::begin(*m_connection);
    QVERIFY_RESULT(transaction);
    EXEC("INSERT INTO item(id) VALUES(1)");
    QVERIFY_RESULT(transaction->commit());
    QVERIFY_ERROR(transaction->commit(), ErrorKind::Invalid);
    m_connection = open();
    QCOMPARE(number("SELECT count(*) FROM item"), 1);
}

void ConnectionTest::transactionsDoNotNest()
{
    auto transaction = Transaction::begin(*m_connection);
    QVERIFY_RESULT(transaction);
    QVERIFY_ERROR(Transaction::begin(*m_connection), ErrorKind::Invalid);
    QVERIFY_RESULT(transaction->commit());
    QVERIFY_ERROR(m_connection->commit(), ErrorKind::Invalid);
}

void ConnectionTest::aFailureInATransactionLeavesOnlyRollback()
{
    auto transaction = Transaction::begin(*m_connection);
    QVERIFY_RESULT(transaction);
    EXEC("INSERT INTO item(id) VALUES(1)");
    QVERIFY_ERROR(m_connection->exec("INSERT INTO item(id) VALUES(1)"), ErrorKind::Conflict);
    QVERIFY_ERROR(transaction->commit(), ErrorKind::Conflict);
    QVERIFY(!m_connection->inTransaction());
    QCOMPARE(number("SELECT count(*) FROM item"), 0);
    auto next = Transaction::begin(*m_connection);
    QVERIFY_RESULT(next);
    EXEC("INSERT INTO item(id) VALUES(2)");
    QVERIFY_RESULT(next->commit());
}

void ConnectionTest::whatIsPostedIsThereForTheNextStatement()
{
    QVERIFY_RESULT(m_connection->begin());
    for (int i = 0; i < 1000; ++i) {
        auto insert = m_connection->prepare("INSERT INTO item(id, label) VALUES(?, ?)");
        QVERIFY_RESULT(insert);
        QVERIFY_RESULT(insert->bind(i).bind("posted " + std::to_string(i)).post());
        if (i % 300 == 299) {
            auto count = m_connection->prepare("SELECT count(*) FROM item");
            QVERIFY_RESULT(count);
            QVERIFY_RESULT(count->exec());
            QVERIFY(*count->next());
            QCOMPARE(count->integer(0), i + 1);
        }
    }
    QVERIFY_RESULT(m_connection->flush());
    QVERIFY_RESULT(m_connection->commit());
    auto last = m_connection->prepare("SELECT label FROM item WHERE id = 999");
    QVERIFY_RESULT(last);
    QVERIFY_RESULT(last->exec());
    QVERIFY(*last->next());
    QCOMPARE(last->text(0), std::string("posted 999"));
}

void ConnectionTest::aPostedFailureIsToldAndNeverCommitted()
{
    // The failure lies among many that are on their way; told by one of them, by flush() or by the commit.
    for (const bool flushes : {false, true}) {
        QVERIFY_RESULT(m_connection->begin());
        Status told;
        for (int i = 0; i < 200 && told; ++i) {
            auto insert = m_connection->prepare("INSERT INTO item(id) VALUES(?)");
            QVERIFY_RESULT(insert);
            told = insert->bind(i == 150 ? 7 : i).post();
        }
        if (told && flushes)
            told = m_connection->flush();
        if (told)
            told = m_connection->commit();
        QVERIFY_ERROR(told, ErrorKind::Conflict);
        if (m_connection->inTransaction())
            QVERIFY(!m_connection->commit());
        QVERIFY(!m_connection->inTransaction());
        auto count = m_connection->prepare("SELECT count(*) FROM item");
        QVERIFY_RESULT(count);
        QVERIFY_RESULT(count->exec());
        QVERIFY(*count->next());
        QCOMPARE(count->integer(0), 0);
    }
    // A rollback over what is on its way, and then as if nothing had been.
    QVERIFY_RESULT(m_connection->begin());
    auto insert = m_connection->prepare("INSERT INTO item(id) VALUES(?)");
    QVERIFY_RESULT(insert);
    for (const int id : {1, 2, 1})
        static_cast<void>(insert->bind(id).post());
    QVERIFY_RESULT(m_connection->rollback());
    QVERIFY_RESULT(m_connection->begin());
    QVERIFY_RESULT(insert->bind(1).post());
    QVERIFY_RESULT(m_connection->commit());
}

void ConnectionTest::aViewIsTheColumnsBytes()
{
    // Run three times: the server's first answer is text, the later ones are binary.
    EXEC("INSERT INTO item(id, label) VALUES(1, 'Größe')");
    for (int run = 0; run < 3; ++run) {
        auto query = m_connection->prepare("SELECT label, data, id FROM item WHERE id = ?");
        QVERIFY_RESULT(query);
        QVERIFY_RESULT(query->bind(1).exec());
        QVERIFY(*query->next());
        QCOMPARE(query->view(0), BytesView("Größe"));
        QCOMPARE(query->text(0), std::string("Größe"));
        QVERIFY(query->isNull(1) && query->view(1).empty());
        QCOMPARE(query->integer(2), 1);
    }
    auto update = m_connection->prepare("UPDATE item SET data = ? WHERE id = 1");
    QVERIFY_RESULT(update);
    QVERIFY_RESULT(update->bindBytes(BytesView("\0\x01\\x41", 6)).exec());
    for (int run = 0; run < 3; ++run) {
        auto query = m_connection->prepare("SELECT data FROM item WHERE id = ?");
        QVERIFY_RESULT(query);
        QVERIFY_RESULT(query->bind(1).exec());
        QVERIFY(*query->next());
        QCOMPARE(query->view(0), BytesView("\0\x01\\x41", 6));
        QCOMPARE(query->bytes(0), Bytes("\0\x01\\x41", 6));
    }
}

void ConnectionTest::namesTheKindsOfRefusal()
{
    const bool isSqlite = m_connection->backend() == Backend::Sqlite;
    EXEC("CREATE TABLE log(id BIGINT PRIMARY KEY, name TEXT UNIQUE, CHECK(id >= 0))");
    if (isSqlite) {
        EXEC("CREATE TRIGGER log_u BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'append-only'); END");
    } else {
        EXEC("CREATE FUNCTION deny() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$");
        EXEC("CREATE TRIGGER log_u BEFORE UPDATE ON log FOR EACH ROW EXECUTE FUNCTION deny()");
    }
    EXEC("INSERT INTO log VALUES(1, 'one')");
    QVERIFY_ERROR(m_connection->exec("INSERT INTO log VALUES(1, 'two')"), ErrorKind::Conflict);
    QVERIFY_ERROR(m_connection->exec("INSERT INTO log VALUES(2, 'one')"), ErrorKind::Conflict);
    QVERIFY_ERROR(m_connection->exec("INSERT INTO log VALUES(-1, 'three')"), ErrorKind::Invalid);
    const auto denied = m_connection->exec("UPDATE log SET name = 'x'");
    QVERIFY_ERROR(denied, ErrorKind::Denied);
    QVERIFY(denied.error().message.find("append-only") != std::string::npos);
    QVERIFY_ERROR(m_connection->exec("SELECT * FROM nowhere"), ErrorKind::Invalid);
}

void ConnectionTest::aReadTransactionSeesOneState()
{
    if (m_connection->backend() == Backend::Sqlite) {
        // The file is locked against commits meanwhile, and freed at the end of the block.
        auto writer = open();
        QVERIFY(writer);
        {
            auto reading = Transaction::read(*m_connection);
            QVERIFY_RESULT(reading);
            QCOMPARE(number("SELECT count(*) FROM item"), 0);
            QVERIFY_RESULT(writer->begin());
            QVERIFY_RESULT(writer->exec("INSERT INTO item(id) VALUES(1)"));
            QCOMPARE(number("SELECT count(*) FROM item"), 0);
        }
        QVERIFY_RESULT(writer->commit());
    } else {
        auto reading = Transaction::read(*m_connection);
        QVERIFY_RESULT(reading);
        QCOMPARE(number("SELECT count(*) FROM item"), 0);
        auto writer = open();
        QVERIFY(writer);
        QVERIFY_RESULT(writer->exec("INSERT INTO item(id) VALUES(1)"));
        QCOMPARE(number("SELECT count(*) FROM item"), 0);
        QVERIFY_ERROR(m_connection->exec("INSERT INTO item(id) VALUES(2)"), ErrorKind::Denied);
    }
    QCOMPARE(number("SELECT count(*) FROM item"), 1);
}

void ConnectionTest::readOnlyRefusesWrites()
{
    m_connection = open({.readOnly = true});
    QVERIFY(m_connection);
    QVERIFY(m_connection->isReadOnly());
    QVERIFY(!m_connection->readOnlyReason().empty());
    QVERIFY_ERROR(Transaction::begin(*m_connection), ErrorKind::Denied);
    QVERIFY_ERROR(m_connection->exec("INSERT INTO item(id) VALUES(1)"), ErrorKind::Denied);
    QCOMPARE(number("SELECT count(*) FROM item"), 0);
}

void ConnectionTest::connectionsOfSeveralThreadsDoNotMeet()
{
    constexpr int kThreads = 4;
    constexpr int kRows = 20;
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            auto connection = open();
            for (int i = 0; connection && i < kRows; ++i) {
                auto transaction = Transaction::begin(*connection);
                auto insert = connection->prepare("INSERT INTO item(id) VALUES(?)");
                if (transaction && insert && insert->bind(t * 1000 + i).exec() && transaction->commit())
                    ++good;
            }
        });
    }
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(good.load(), kThreads * kRows);
    QCOMPARE(number("SELECT count(*) FROM item"), kThreads * kRows);
}

void ConnectionTest::survivesManyDifferentStatements()
{
    auto held = m_connection->prepare("SELECT 1 + ?");
    QVERIFY_RESULT(held);
    for (int i = 0; i < 1500; ++i) {
        auto query = m_connection->prepare("SELECT " + std::to_string(i) + " + ?");
        QVERIFY_RESULT(query);
        for (int again = 0; again < 2; ++again) {
            QVERIFY_RESULT(query->bind(1).exec());
            QVERIFY(*query->next());
            QCOMPARE(query->integer(0), i + 1);
        }
    }
    QVERIFY_RESULT(held->bind(2).exec());
    QVERIFY(*held->next());
    QCOMPARE(held->integer(0), 3);
}

QTEST_GUILESS_MAIN(ConnectionTest)
#include "tst_connection.moc"
