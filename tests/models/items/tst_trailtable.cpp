#include "models/database/transaction.h"
#include "models/items/audit/trailtable.h"
#include "models/services/review/review.h"
#include "tests/models/items/inventoryfixture.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>

using namespace countersign;
using namespace countersign::test;
using items::TrailTable;

class TestTrailTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsNothingWithoutAWorkspace();
    void showsTheNewestEntryFirst();
    void newEntriesAreInsertedAbove();
    void wordsAreFoundWhateverTheirCase();
    void theNewestFilterWins();
    void findsTheRowOfAnEntry();
    void namesKindsItDoesNotKnow();
    void scrollsThrough100000EntriesInPages();

private:
    static QString cell(const TrailTable &table, int row, int column) { return table.index(row, column).data().toString(); }
};

namespace {

/// Rows straight into trail and ledger: what a list shows matters here, not what it proves.
Status insertEntries(services::Session &session, int from, int to)
{
    auto transaction = database::Transaction::begin(session.connection());
    if (!transaction)
        return transaction.error();
    store::Statements sql(session.connection());
    std::vector<store::SealedEntry> entries;
    for (int i = from; i < to; ++i) {
        const std::string number = std::to_string(10000000 + i);
        Bytes bytes(128, 'x');
        bytes.replace(0, 8, number);
        entries.push_back({number + "-0000-4000-8000-000000000000", std::move(bytes)});
        sql.run("INSERT INTO trail (entry, kind, at, actor, actor_name, subject, model, version, import, summary) VALUES (?, ?, ?, '', 'Ada Sample', '', '', '', '', ?)", i,
                i % 10 ? "model.update" : "review.signoff", 1'770'000'000'000 + i, "change number " + std::to_string(i));
    }
    if (!sql.ok())
        return sql.status();
    auto tree = session.ledger().head(true);
    if (!tree)
        return tree.error();
    if (const auto status = session.ledger().append(entries, 0, *tree); !status)
        return status;
    return transaction->commit();
}

} // namespace

void TestTrailTable::showsNothingWithoutAWorkspace()
{
    services::Workspace workspace(testEnvironment());
    TrailTable table(workspace);
    QSignalSpy failures(&table, &TrailTable::failed);
    table.refresh();
    table.setFilter({});
    QCoreApplication::processEvents();
    QCOMPARE(table.rowCount(), 0);
    QCOMPARE(failures.size(), 0);
}

void TestTrailTable::showsTheNewestEntryFirst()
{
    TemporaryFolder folder;
    InventoryWorkspace made(folder);
    QVERIFY(made.open([](services::Session &) {}));
    TrailTable table(made.workspace);
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    table.refresh();
    QVERIFY(made.settle());
    QCOMPARE(table.rowCount(), 2);
    QCOMPARE(table.entryAt(0), 1);
    QCOMPARE(table.entryAt(1), 0);
    cell(table, 1, TrailTable::Summary); // asks for it
    QVERIFY(made.settle());
    QCOMPARE(cell(table, 1, TrailTable::Summary), QStringLiteral("began the ledger of Test workspace"));
    QCOMPARE(cell(table, 1, TrailTable::Event), QStringLiteral("began"));
    QCOMPARE(cell(table, 1, TrailTable::Who), QStringLiteral("Ada Sample"));
    QCOMPARE(cell(table, 1, TrailTable::Leaf).size(), 8);
    QCOMPARE(table.headerData(TrailTable::Time, Qt::Horizontal).toString(), QStringLiteral("Time (UTC)"));
}

void TestTrailTable::newEntriesAreInsertedAbove()
{
    TemporaryFolder folder;
    InventoryWorkspace made(folder);
    QVERIFY(made.open([](services::Session &) {}));
    TrailTable table(made.workspace);
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    table.refresh();
    QVERIFY(made.settle());
    const QPersistentModelIndex genesis = table.index(1, 0);
    QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
    QVERIFY(made.onLane([](services::Session &session) { return insertEntries(session, 2, 5); }));
    table.refresh();
    QVERIFY(made.settle());
    QCOMPARE(table.rowCount(), 5);
    QCOMPARE(resets.size(), 0);
    QCOMPARE(genesis.row(), 4);
    QCOMPARE(genesis.data(TrailTable::EntryRole).toLongLong(), 0);
}

void TestTrailTable::wordsAreFoundWhateverTheirCase()
{
    TemporaryFolder folder;
    InventoryWorkspace made(folder);
    QVERIFY(made.open([](services::Session &session) { QVERIFY_RESULT(insertEntries(session, 2, 3)); }));
    QVERIFY(made.onLane([](services::Session &session) -> Status {
        store::Statements sql(session.connection());
        sql.run("UPDATE trail SET summary = 'registered model ÄRZTE-Überweisung' WHERE entry = 2");
        return sql.status();
    }));
    TrailTable table(made.workspace);
    for (const char *words : {"ärzte", "ÄRZTE", "überweisung", "ARZTE-u"}) {
        store::TrailFilter filter;
        filter.text = words;
        table.setFilter(filter);
        QVERIFY(made.settle());
        QCOMPARE(table.rowCount(), 1);
        QCOMPARE(table.entryAt(0), 2);
    }
    store::TrailFilter filter;
    filter.text = "50%_";
    table.setFilter(filter);
    QVERIFY(made.settle());
    QCOMPARE(table.rowCount(), 0);
}

void TestTrailTable::theNewestFilterWins()
{
    TemporaryFolder folder;
    InventoryWorkspace made(folder);
    QVERIFY(made.open([](services::Session &session) { QVERIFY_RESULT(insertEntries(session, 2, 42)); }));
    TrailTable table(made.workspace);
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    store::TrailFilter signings;
    signings.kindPrefix = "review.";
    store::TrailFilter words;
    words.text = "number 17";
    table.setFilter(signings);
    table.setFilter(words);
    QVERIFY(made.settle());
    QCOMPARE(table.rowCount(), 1);
    QCOMPARE(table.entryAt(0), 17);
    table.setFilter(signings);
    QVERIFY(made.settle());
    QCOMPARE(table.rowCount(), 4); // 10, 20, 30, 40
    store::TrailFilter span;
    span.from = fromMillis(1'770'000'000'010);
    span.to = fromMillis(1'770'000'000'012);
    table.setFilter(span);
    QVERIFY(made.settle());
    QCOMPARE(table.rowCount(), 2); // from is inside, to is not
}

void TestTrailTable::findsTheRowOfAnEntry()
{
    TemporaryFolder folder;
    InventoryWorkspace made(folder);
    QVERIFY(made.open([](services::Session &session) { QVERIFY_RESULT(insertEntries(session, 2, 42)); }));
    TrailTable table(made.workspace);
    table.refresh();
    QVERIFY(made.settle());
    QCOMPARE(table.rowOf(41), 0);
    QCOMPARE(table.rowOf(0), 41);
    QCOMPARE(table.rowOf(42), -1);
    QCOMPARE(table.rowOf(-1), -1);
    QCOMPARE(table.entryAt(42), -1);
}

void TestTrailTable::namesKindsItDoesNotKnow()
{
    QCOMPARE(TrailTable::eventWord("waiver.grant"), QStringLiteral("waiver.grant"));
    QCOMPARE(TrailTable::eventWord("review.signoff"), QStringLiteral("signed"));
    QVERIFY(!TrailTable::eventIcon("waiver.grant").isEmpty());
}

void TestTrailTable::scrollsThrough100000EntriesInPages()
{
    TemporaryFolder folder;
    InventoryWorkspace made(folder);
    QVERIFY(made.open([](services::Session &session) { QVERIFY_RESULT(insertEntries(session, 2, 100'000)); }));
    TrailTable table(made.workspace);
    QElapsedTimer timer;
    timer.start();
    table.refresh();
    QVERIFY(QTest::qWaitFor([&table] { return table.rowCount() == 100'000; }, 20000));
    const qint64 listed = timer.restart();
    qint64 worst = 0;
    for (int row = 0; row < table.rowCount(); row += 5'000) {
        timer.restart();
        cell(table, row, TrailTable::Summary); // what painting asks
        QVERIFY(QTest::qWaitFor([&table, row] { return table.rowAt(row) != nullptr; }, 20000));
        worst = std::max(worst, timer.elapsed());
        if (table.entryAt(row) >= 2)
            QCOMPARE(cell(table, row, TrailTable::Summary), QStringLiteral("change number %1").arg(table.entryAt(row)));
    }
    qInfo("100,000 entries: listed in %lld ms, a page in at most %lld ms", listed, worst);
    QVERIFY(table.rowAt(0) == nullptr); // the first page was let go: memory does not grow with scrolling
    QVERIFY(listed < 3000);
    QVERIFY(worst < 1000);
}

QTEST_MAIN(TestTrailTable)
#include "tst_trailtable.moc"
