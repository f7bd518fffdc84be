#include "models/items/inventory/inventorytable.h"
#include "tests/models/items/inventoryfixture.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>

using namespace countersign;
using namespace countersign::test;
using items::InventoryTable;

class InventoryTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsNothingWithoutAWorkspace();
    void showsEveryModelInOrder();
    void keepsTheContractOfAnItemModel();
    void fillsRowsWhenTheyAreLookedAt();
    void holdsFewPagesHoweverFarOneScrolls();
    void sortsByEveryColumnInSql_data();
    void sortsByEveryColumnInSql();
    void filtersInSql();
    void theNewestFilterWins();
    void readingAgainWithoutChangesKeepsTheRows();
    void aRemovedModelBecomesAnEmptyLineAndThenGoes();
    void saysInWordsWhatGlyphsShow();
    void showsInvisibleCharactersOfAName();
    void findsAModelById();
    void answersWithinAThirdOfASecondFor100000Models();

private:
    struct Opened {
        TemporaryFolder folder;
        InventoryWorkspace inventory{folder};
        std::unique_ptr<InventoryTable> table;
    };
    static std::unique_ptr<Opened> opened(int models);
    static QString cell(const InventoryTable &table, int row, int column, int role = Qt::DisplayRole)
    {
        return table.index(row, column).data(role).toString();
    }
};

std::unique_ptr<InventoryTableTest::Opened> InventoryTableTest::opened(int models)
{
    auto made = std::make_unique<Opened>();
    if (!made->inventory.open([models](services::Session &session) {
            if (models)
                insertModels(session, models);
        }))
        return {};
    made->table = std::make_unique<InventoryTable>(made->inventory.workspace);
    made->table->refresh();
    return made->inventory.settle() ? std::move(made) : nullptr;
}

void InventoryTableTest::showsNothingWithoutAWorkspace()
{
    services::Workspace workspace(testEnvironment());
    InventoryTable table(workspace);
    QSignalSpy failures(&table, &InventoryTable::failed);
    table.refresh();
    table.sort(InventoryTable::Owner, Qt::DescendingOrder);
    QCoreApplication::processEvents();
    QCOMPARE(table.rowCount(), 0);
    QCOMPARE(failures.size(), 0);
}

void InventoryTableTest::showsEveryModelInOrder()
{
    const auto made = opened(450);
    QVERIFY(made);
    const InventoryTable &table = *made->table;
    QCOMPARE(table.rowCount(), 450);
    QCOMPARE(table.columnCount(), InventoryTable::kColumns);
    for (int row = 1; row < 200; ++row)
        QVERIFY(cell(table, row - 1, InventoryTable::Model) < cell(table, row, InventoryTable::Model));
    QCOMPARE(table.headerData(InventoryTable::Worst, Qt::Horizontal).toString(), QStringLiteral("Worst rule"));
}

void InventoryTableTest::keepsTheContractOfAnItemModel()
{
    const auto made = opened(450);
    QVERIFY(made);
    QAbstractItemModelTester tester(made->table.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    made->table->sort(InventoryTable::Tier, Qt::DescendingOrder);
    QVERIFY(made->inventory.settle());
    store::InventoryFilter filter;
    filter.tiers = {1};
    made->table->setFilter(filter);
    QVERIFY(made->inventory.settle());
    QVERIFY(made->table->rowCount() > 0 && made->table->rowCount() < 450);
    filter.text = "there is no such model";
    made->table->setFilter(filter);
    QVERIFY(made->inventory.settle());
    QCOMPARE(made->table->rowCount(), 0);
    made->table->clear();
}

void InventoryTableTest::fillsRowsWhenTheyAreLookedAt()
{
    const auto made = opened(1000);
    QVERIFY(made);
    InventoryTable &table = *made->table;
    QSignalSpy filled(&table, &QAbstractItemModel::dataChanged);
    QVERIFY(cell(table, 900, InventoryTable::Model).isEmpty()); // not there yet, and nobody waited
    QVERIFY(cell(table, 901, InventoryTable::Model).isEmpty());
    QVERIFY(made->inventory.settle());
    QCOMPARE(filled.size(), 1);
    QCOMPARE(filled.first().at(0).toModelIndex().row(), 800);
    QCOMPARE(filled.first().at(1).toModelIndex().row(), 999);
    QVERIFY(cell(table, 900, InventoryTable::Model).startsWith(QStringLiteral("model-")));
}

void InventoryTableTest::holdsFewPagesHoweverFarOneScrolls()
{
    const auto made = opened(20 * InventoryTable::kPageRows);
    QVERIFY(made);
    InventoryTable &table = *made->table;
    for (int page = 0; page < 20; ++page) {
        table.rowAt(page * InventoryTable::kPageRows);
        QVERIFY(made->inventory.settle(2));
        QVERIFY(table.rowAt(page * InventoryTable::kPageRows));
    }
    QVERIFY(table.rowAt(19 * InventoryTable::kPageRows));
    QVERIFY(!table.rowAt(0)); // dropped long ago, and read again now
    QVERIFY(made->inventory.settle());
    QVERIFY(table.rowAt(0));
}

void InventoryTableTest::sortsByEveryColumnInSql_data()
{
    QTest::addColumn<int>("column");
    for (int column = 0; column < InventoryTable::kColumns; ++column)
        QTest::addRow("column %d", column) << column;
}

void InventoryTableTest::sortsByEveryColumnInSql()
{
    QFETCH(int, column);
    const auto made = opened(180); // one page: every row can be compared
    QVERIFY(made);
    const InventoryTable &table = *made->table;
    for (const Qt::SortOrder order : {Qt::DescendingOrder, Qt::AscendingOrder}) {
        made->table->sort(column, order);
        QVERIFY(made->inventory.settle());
        QCOMPARE(table.rowCount(), 180);
        for (int row = 1; row < table.rowCount(); ++row) {
            const QVariant before = table.index(row - 1, column).data(InventoryTable::SortRole);
            const QVariant after = table.index(row, column).data(InventoryTable::SortRole);
            const auto compared = QVariant::compare(before, after);
            QVERIFY2(compared == QPartialOrdering::Equivalent
                         || compared == (order == Qt::AscendingOrder ? QPartialOrdering::Less : QPartialOrdering::Greater),
                     qPrintable(before.toString() + QStringLiteral(" before ") + after.toString()));
        }
    }
}

void InventoryTableTest::filtersInSql()
{
    const auto made = opened(400);
    QVERIFY(made);
    InventoryTable &table = *made->table;
    store::InventoryFilter filter;
    filter.verdicts = {VerdictState::Fail};
    table.setFilter(filter);
    QVERIFY(made->inventory.settle());
    QCOMPARE(table.rowCount(), 40);
    for (int row = 0; row < table.rowCount(); ++row)
        QCOMPARE(table.index(row, 0).data(InventoryTable::VerdictRole).toInt(), static_cast<int>(VerdictState::Fail));
    filter.owners = {"Owner 3"};
    table.setFilter(filter);
    QVERIFY(made->inventory.settle());
    QVERIFY(table.rowCount() > 0 && table.rowCount() < 40);
    QCOMPARE(cell(table, 0, InventoryTable::Owner), QStringLiteral("Owner 3"));
}

void InventoryTableTest::theNewestFilterWins()
{
    const auto made = opened(400);
    QVERIFY(made);
    InventoryTable &table = *made->table;
    QSignalSpy answers(&table, &InventoryTable::orderRead);
    store::InventoryFilter filter;
    for (const char *text : {"model-0", "model-00", "owner 1", "owner 2"}) {
        filter.text = text;
        table.setFilter(filter);
    }
    QVERIFY(made->inventory.settle());
    QCOMPARE(answers.size(), 1);
    for (int row = 0; row < table.rowCount(); ++row)
        QCOMPARE(cell(table, row, InventoryTable::Owner), QStringLiteral("Owner 2"));
}

void InventoryTableTest::readingAgainWithoutChangesKeepsTheRows()
{
    const auto made = opened(400);
    QVERIFY(made);
    QSignalSpy resets(made->table.get(), &QAbstractItemModel::modelReset);
    QSignalSpy changes(made->table.get(), &QAbstractItemModel::dataChanged);
    const QPersistentModelIndex kept = made->table->index(17, 0);
    made->table->refresh();
    QVERIFY(made->inventory.settle());
    QCOMPARE(resets.size(), 0);
    QCOMPARE(changes.size(), 1);
    QVERIFY(kept.isValid());
}

void InventoryTableTest::aRemovedModelBecomesAnEmptyLineAndThenGoes()
{
    const auto made = opened(400);
    QVERIFY(made);
    InventoryTable &table = *made->table;
    const std::int64_t number = table.numberAt(300); // on a page that is not there yet
    QVERIFY(made->inventory.onLane([number](services::Session &session) {
        store::Statements sql(session.connection());
        sql.run("DELETE FROM model WHERE no = ?", number);
        return sql.status();
    }));
    QVERIFY(!table.rowAt(300));
    QVERIFY(made->inventory.settle());
    QVERIFY(!table.rowAt(300));
    QVERIFY(table.rowAt(299) && table.rowAt(301));
    QCOMPARE(table.rowAt(301)->no, table.numberAt(301));
    table.refresh();
    QVERIFY(made->inventory.settle());
    QCOMPARE(table.rowCount(), 399);
    QCOMPARE(table.rowOf(number), -1);
}

void InventoryTableTest::saysInWordsWhatGlyphsShow()
{
    const auto made = opened(10);
    QVERIFY(made);
    InventoryTable &table = *made->table;
    const int failing = table.rowOf(10);
    QCOMPARE(table.index(failing, 0).data(InventoryTable::GlyphWordRole).toString(), QStringLiteral("Fail"));
    QCOMPARE(cell(table, failing, InventoryTable::Verdict, Qt::AccessibleTextRole), QStringLiteral("Fail. Fails 1 of 1 limit: AUC is low."));
    const int stale = table.rowOf(5);
    QCOMPARE(cell(table, stale, InventoryTable::Signed), QStringLiteral("Stale"));
    QCOMPARE(table.index(stale, 0).data(InventoryTable::SignStateRole).toInt(), 2);
    QCOMPARE(table.index(stale, 0).data(InventoryTable::SignedRole).toInt(), static_cast<int>(VerdictState::NotJudged) + 1);
    const int unsigned_ = table.rowOf(4);
    QVERIFY(!table.index(unsigned_, 0).data(InventoryTable::SignedRole).isValid()); // no glyph for what nobody did
    QCOMPARE(cell(table, table.rowOf(3), InventoryTable::Tier), QStringLiteral("–"));
    QCOMPARE(cell(table, table.rowOf(3), InventoryTable::Tier, Qt::AccessibleTextRole), QStringLiteral("No tier"));
    QCOMPARE(cell(table, table.rowOf(1), InventoryTable::Worst, Qt::AccessibleTextRole), QStringLiteral("no failing limit"));
}

void InventoryTableTest::showsInvisibleCharactersOfAName()
{
    TemporaryFolder folder;
    InventoryWorkspace inventory(folder);
    QVERIFY(inventory.open([](services::Session &session) {
        insertModels(session, 1);
        store::Statements sql(session.connection());
        sql.run("UPDATE model SET name = ?", std::string("pay\xE2\x80\xAEroll <b>x</b>\n"));
    }));
    InventoryTable table(inventory.workspace);
    table.refresh();
    QVERIFY(inventory.settle());
    QCOMPARE(cell(table, 0, InventoryTable::Model), QStringLiteral("pay\\u{202E}roll <b>x</b>\\n"));
}

void InventoryTableTest::findsAModelById()
{
    const auto made = opened(700);
    QVERIFY(made);
    int found = -2;
    made->table->find(ModelId::of("m:00000123"), made->table.get(), [&](int row) { found = row; });
    QVERIFY(made->inventory.settle());
    QCOMPARE(found, made->table->rowOf(0x123));
    QVERIFY(found >= 0);
    made->table->find(ModelId::of("m:no-such"), made->table.get(), [&](int row) { found = row; });
    QVERIFY(made->inventory.settle());
    QCOMPARE(found, -1);
}

void InventoryTableTest::answersWithinAThirdOfASecondFor100000Models()
{
    constexpr int kModels = 100000;
    TemporaryFolder folder;
    InventoryWorkspace inventory(folder);
    QVERIFY(inventory.open([](services::Session &session) { insertModels(session, kModels); }));
    InventoryTable table(inventory.workspace);
    QSignalSpy answered(&table, &InventoryTable::orderRead);
    const auto measured = [&](const char *what, const auto &act) {
        answered.clear();
        QElapsedTimer timer;
        timer.start();
        act();
        if (answered.isEmpty() && !answered.wait(30000))
            return false;
        qInfo("%s: %lld ms, %d rows, first %s", what, static_cast<long long>(timer.elapsed()), table.rowCount(), qPrintable(cell(table, 0, 0)));
        return true;
    };
    QVERIFY(measured("open 100,000 models", [&] { table.refresh(); }));
    QCOMPARE(table.rowCount(), kModels);
    for (int column = 0; column < InventoryTable::kColumns; ++column) {
        if (column == InventoryTable::Worst)
            continue; // the order of the verdict, which is there
        const QByteArray what = "sort by " + table.headerData(column, Qt::Horizontal).toString().toUtf8();
        QVERIFY(measured(what.constData(), [&] { table.sort(column, Qt::DescendingOrder); }));
        QCOMPARE(table.rowCount(), kModels);
    }
    store::InventoryFilter filter;
    filter.text = "model-0123";
    QVERIFY(measured("filter by text", [&] { table.setFilter(filter); }));
    QVERIFY(table.rowCount() > 0 && table.rowCount() < kModels / 100);
    filter = {};
    filter.verdicts = {VerdictState::Fail};
    QVERIFY(measured("filter by verdict", [&] { table.setFilter(filter); }));
    QCOMPARE(table.rowCount(), kModels / 10);
}

QTEST_GUILESS_MAIN(InventoryTableTest)
#include "tst_inventorytable.moc"
