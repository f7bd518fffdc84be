#include "models/database/connection.h"

#include "tests/support/program.h"
#include "tests/support/testdatabases.h"
#include "tests/support/verify.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <thread>

using namespace countersign;
using namespace countersign::database;

namespace {

constexpr int kWriters = 4;
constexpr int kCommits = 250;

struct Appended {
    int rows = 0;
    std::chrono::milliseconds longestWait{};
    std::string error;
};

/// One writer: the next number is read inside the write transaction, so a lost lock would show as a gap or a duplicate.
Appended append(const std::string &address, int writer)
{
    Appended result;
    const auto location = Location::parse(address);
    auto connection = location ? Connection::open(*location) : Result<std::unique_ptr<Connection>>(location.error());
    if (!connection) {
        result.error = connection.error().text();
        return result;
    }
    for (int i = 0; i < kCommits && result.error.empty(); ++i) {
        QElapsedTimer timer;
        timer.start();
        auto transaction = Transaction::begin(**connection);
        result.longestWait = std::max(result.longestWait, std::chrono::milliseconds(timer.elapsed()));
        if (!transaction) {
            result.error = transaction.error().text();
            break;
        }
        auto insert = (*connection)->prepare("INSERT INTO entry(seq, writer) SELECT coalesce(max(seq) + 1, 0), ? FROM entry");
        const auto inserted = insert ? insert->bind(writer).exec() : Status(insert.error());
        const auto committed = inserted ? transaction->commit() : inserted;
        if (committed)
            ++result.rows;
        else
            result.error = committed.error().text();
    }
    return result;
}

} // namespace

class ContentionTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fourProgramsAppendWithoutLosingOrForking();
    void aWaitingWriterIsToldWhenItsPatienceEnds();
    void aKilledWriterLeavesAllOrNothing();
    void readersSeeCommittedStatesOnly();

private:
    std::unique_ptr<Connection> makeTable();
    test::TemporaryFolder m_folder;
    std::string m_address;
};

std::unique_ptr<Connection> ContentionTest::makeTable()
{
    m_address = test::freshDatabase(QStringLiteral("SQLite"), m_folder);
    auto connection = Connection::open(*Location::parse(m_address), {.create = true});
    if (!connection || !(*connection)->exec("CREATE TABLE entry(seq INTEGER PRIMARY KEY, writer INTEGER NOT NULL) STRICT"))
        return nullptr;
    return std::move(*connection);
}

void ContentionTest::fourProgramsAppendWithoutLosingOrForking()
{
    const auto connection = makeTable();
    QVERIFY(connection);
    std::vector<test::ProgramResult> results(kWriters);
    std::vector<std::thread> threads;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < kWriters; ++i) {
        threads.emplace_back([&, i] {
            test::Program program(QCoreApplication::applicationFilePath());
            program.arguments({QStringLiteral("--append"), QString::fromStdString(m_address), QString::number(i)});
            results[static_cast<std::size_t>(i)] = program.run();
        });
    }
    for (auto &thread : threads)
        thread.join();
    for (const auto &result : results) {
        QVERIFY2(result.exitCode == 0, result.out + result.err);
        qInfo("%s", result.out.trimmed().constData());
    }
    qInfo("%d commits in %lld ms", kWriters * kCommits, static_cast<long long>(timer.elapsed()));
    auto query = connection->prepare("SELECT count(*), min(seq), max(seq), count(DISTINCT writer) FROM entry");
    QVERIFY_RESULT(query);
    QVERIFY_RESULT(query->exec());
    QVERIFY(*query->next());
    QCOMPARE(query->integer(0), kWriters * kCommits);
    QCOMPARE(query->integer(1), 0);
    QCOMPARE(query->integer(2), kWriters * kCommits - 1);
    QCOMPARE(query->integer(3), kWriters);
}

void ContentionTest::aWaitingWriterIsToldWhenItsPatienceEnds()
{
    const auto holder = makeTable();
    QVERIFY(holder);
    const auto waiter = Connection::open(*Location::parse(m_address));
    QVERIFY_RESULT(waiter);
    QVERIFY_RESULT(holder->begin());
    QElapsedTimer timer;
    timer.start();
    const auto refused = (*waiter)->begin(std::chrono::milliseconds(200));
    QVERIFY_ERROR(refused, ErrorKind::Conflict);
    QVERIFY2(refused.error().message.find("another program") != std::string::npos, refused.error().message.c_str());
    QVERIFY(timer.elapsed() >= 200);
    QVERIFY_RESULT(holder->commit());
    QVERIFY_RESULT((*waiter)->begin(std::chrono::milliseconds(200)));
    QVERIFY_RESULT((*waiter)->commit());
}

void ContentionTest::aKilledWriterLeavesAllOrNothing()
{
    const auto connection = makeTable();
    QVERIFY(connection);
    std::int64_t before = 0;
    for (int round = 0; round < 5; ++round) {
        test::Program program(QCoreApplication::applicationFilePath());
        program.arguments({QStringLiteral("--append-aloud"), QString::fromStdString(m_address), QString::number(round)});
        const auto killed = program.runAndKillAt("5 committed\n");
        QVERIFY2(killed.wasKilled, killed.out + killed.err);
        const auto acknowledged = killed.out.count(" committed\n");
        auto query = connection->prepare("SELECT count(*), coalesce(max(seq) + 1, 0) FROM entry");
        QVERIFY_RESULT(query);
        QVERIFY_RESULT(query->exec());
        QVERIFY(*query->next());
        QCOMPARE(query->integer(0), query->integer(1));
        // What was acknowledged is there; one more may have been committed without its word getting out.
        QVERIFY(query->integer(0) >= before + acknowledged);
        before = query->integer(0);
    }
}

void ContentionTest::readersSeeCommittedStatesOnly()
{
    const auto writer = makeTable();
    QVERIFY(writer);
    const auto reader = Connection::open(*Location::parse(m_address), {.readOnly = true});
    QVERIFY_RESULT(reader);
    std::atomic<bool> isOver = false;
    std::atomic<int> odd = 0;
    std::atomic<int> reads = 0;
    std::atomic<bool> failed = false;
    std::string trouble; // read after join
    std::thread thread([&] {
        const auto own = Connection::open(*Location::parse(m_address), {.readOnly = true});
        failed = !own;
        while (own && !isOver) {
            auto query = (*own)->prepare("SELECT count(*) FROM entry");
            const auto run = query ? query->exec() : Status(query.error());
            if (!run || !*query->next()) {
                trouble = run ? "no row" : run.error().text();
                failed = true;
                return;
            }
            odd += static_cast<int>(query->integer(0) % 2);
            ++reads;
        }
    });
    while (reads == 0 && !failed)
        std::this_thread::yield();
    bool good = true;
    for (int i = 0; i < 50 && good; ++i) {
        good = writer->begin() && writer->exec("INSERT INTO entry SELECT coalesce(max(seq) + 1, 0), 1 FROM entry").ok()
            && writer->exec("INSERT INTO entry SELECT max(seq) + 1, 2 FROM entry").ok() && writer->commit().ok();
    }
    isOver = true;
    thread.join();
    QVERIFY(good);
    QCOMPARE(trouble, std::string());
    QCOMPARE(odd.load(), 0);
    QVERIFY(reads > 0);
}

/// The child's role: append and say how it went, in one line.
static int appendAsChild(const std::string &address, int writer)
{
    const auto result = append(address, writer);
    std::printf("writer %d: %d rows, longest wait %lld ms %s\n", writer, result.rows, static_cast<long long>(result.longestWait.count()), result.error.c_str());
    return result.rows == kCommits ? 0 : 1;
}

/// The child that is killed: says each commit once it is safe.
static int appendAloud(const std::string &address)
{
    const auto connection = Connection::open(*Location::parse(address));
    for (int i = 1; connection && i <= 1000; ++i) {
        if (!(*connection)->begin() || !(*connection)->exec("INSERT INTO entry SELECT coalesce(max(seq) + 1, 0), 9 FROM entry") || !(*connection)->commit())
            return 1;
        std::printf("%d committed\n", i);
        std::fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.size() == 4 && arguments[1] == QLatin1String("--append"))
        return appendAsChild(arguments[2].toStdString(), arguments[3].toInt());
    if (arguments.size() == 4 && arguments[1] == QLatin1String("--append-aloud"))
        return appendAloud(arguments[2].toStdString());
    ContentionTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_contention.moc"
