#include "models/items/audit/discrepancytable.h"
#include "models/items/audit/trailtable.h"
#include "models/ledger/checkpoint.h"
#include "models/services/imports/imports.h"
#include "tests/models/items/inventoryfixture.h"
#include "ui/audit/auditpage.h"
#include "ui/audit/entryinspector.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QComboBox>
#include <QPlainTextEdit>
#include <QPushButton>

#include <fstream>

using namespace countersign;
using namespace countersign::test;
using items::TrailTable;
using pages::AuditPage;

class TestAuditPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }
    void showsEveryEntryAndProvesTheChosenOne();
    void thePayloadIsShownLaidOutAndAsSigned();
    void verifyingAnIntactTrailSaysSo();
    void aChangedRowIsFoundAndEnterJumpsToItsEntry();
    void filtersByKindAndWords();
    void aTargetSelectsAnEntryThroughTheFilter();
    void aCheckpointIsSavedAndTheHonestLineFollows();
    void newEntriesKeepTheChosenOne();

private:
    struct Shown {
        TemporaryFolder folder;
        InventoryWorkspace made{folder};
        std::unique_ptr<AuditPage> page;
        QStringList messages;

        template<class T>
        T *part() const
        {
            return page->findChild<T *>();
        }
        widgets::TableView *table(const QString &name) const
        {
            for (auto *view : page->findChildren<widgets::TableView *>())
                if (view->accessibleName() == name)
                    return view;
            return nullptr;
        }
        QPushButton *button(const QString &text) const
        {
            for (auto *one : page->findChildren<QPushButton *>())
                if (one->text() == text)
                    return one;
            return nullptr;
        }
        bool showsText(const QString &words) const
        {
            const auto labels = page->findChildren<widgets::PlainLabel *>();
            return std::ranges::any_of(labels, [&](const auto *label) { return label->isVisible() && label->text().contains(words); });
        }
        std::int64_t entry() const { return part<TrailTable>()->entryAt(table(QStringLiteral("Entries"))->currentIndex().row()); }
    };
    static std::unique_ptr<Shown> shown();
};

std::unique_ptr<TestAuditPage::Shown> TestAuditPage::shown()
{
    auto result = std::make_unique<Shown>();
    const auto file = result->folder.file("may.csv");
    std::ofstream(file) << "model,version,metric,value,time\nchurn,1,auc,0.81,2026-01-31\nfraud,1,auc,0.92,2026-02-28\n";
    bool isMade = false;
    const bool isOpen = result->made.open([&](services::Session &session) { isMade = services::importMetrics(session, file, {}).ok(); });
    if (!isOpen || !isMade)
        return {};
    result->made.workspace.setPerson(QStringLiteral("asample"), &result->made.workspace, [](const Status &) {});
    if (!result->made.settle())
        return {};
    result->page = std::make_unique<AuditPage>(result->made.workspace);
    QObject::connect(result->page.get(), &widgets::Page::message, result->page.get(), [raw = result.get()](const widgets::Message &message) { raw->messages.append(message.text); });
    result->page->resize(1092, 640);
    result->page->show();
    return result->made.settle(8) ? std::move(result) : nullptr;
}

void TestAuditPage::showsEveryEntryAndProvesTheChosenOne()
{
    const auto test = shown();
    QVERIFY(test);
    const auto *trail = test->part<TrailTable>();
    QCOMPARE(static_cast<std::uint64_t>(trail->rowCount()), test->made.workspace.state().ledgerSize);
    QCOMPARE(test->entry(), static_cast<std::int64_t>(trail->rowCount()) - 1); // the newest is chosen
    QVERIFY(test->showsText(QStringLiteral("Every entry is in the tree")));
    auto *table = test->table(QStringLiteral("Entries"));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_End, Qt::ControlModifier);
    QVERIFY(test->made.settle());
    QCOMPARE(test->entry(), 0);
    QVERIFY(test->showsText(QStringLiteral("began the ledger of Test workspace")));
    QVERIFY(test->showsText(QStringLiteral("Entry 0")));
}

void TestAuditPage::thePayloadIsShownLaidOutAndAsSigned()
{
    const auto test = shown();
    QVERIFY(test);
    test->page->open({QStringLiteral("audit"), {}, {}, {}, QStringLiteral("0")});
    QVERIFY(test->made.settle());
    const auto *payload = test->part<QPlainTextEdit>();
    QVERIFY(payload->isReadOnly());
    QVERIFY(payload->toPlainText().contains(QLatin1Char('\n')));
    QVERIFY(payload->toPlainText().contains(QStringLiteral("\"kind\": \"ledger.genesis\"")));
    QPushButton *raw = test->button(QStringLiteral("Raw"));
    QVERIFY(raw);
    QTest::mouseClick(raw, Qt::LeftButton);
    QVERIFY(!payload->toPlainText().contains(QLatin1Char('\n')));
    QVERIFY(payload->toPlainText().contains(QStringLiteral("\"kind\":\"ledger.genesis\"")));
}

void TestAuditPage::verifyingAnIntactTrailSaysSo()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->showsText(QStringLiteral("Not verified")));
    QPushButton *verify = test->button(QStringLiteral("Verify…"));
    QTest::mouseClick(verify, Qt::LeftButton);
    QVERIFY(!verify->isEnabled());
    QVERIFY(QTest::qWaitFor([&] { return verify->isEnabled(); }, 20000));
    QVERIFY(test->showsText(QStringLiteral("The trail is intact")));
    QCOMPARE(test->part<items::DiscrepancyTable>()->rowCount(), 0);
    QVERIFY(!test->table(QStringLiteral("Differences found"))->isVisible());
}

void TestAuditPage::aChangedRowIsFoundAndEnterJumpsToItsEntry()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->made.onLane([](services::Session &session) -> Status {
        store::Statements sql(session.connection());
        sql.run("UPDATE observation SET value = 0.99 WHERE value > 0.9");
        return sql.status();
    }));
    QPushButton *verify = test->button(QStringLiteral("Verify…"));
    QTest::mouseClick(verify, Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return verify->isEnabled(); }, 20000));
    QVERIFY(test->showsText(QStringLiteral("The trail is not intact")));
    const auto *findings = test->part<items::DiscrepancyTable>();
    QVERIFY(findings->rowCount() > 0);
    auto *view = test->table(QStringLiteral("Differences found"));
    QVERIFY(view->isVisible());
    int row = 0;
    while (row < findings->rowCount() && findings->rows()[static_cast<std::size_t>(row)].entry < 0)
        ++row;
    QVERIFY(row < findings->rowCount());
    QVERIFY(!findings->index(row, items::DiscrepancyTable::Time).data().toString().isEmpty());
    QVERIFY(!findings->index(row, items::DiscrepancyTable::Who).data().toString().isEmpty());
    QVERIFY(test->showsText(QString::fromStdString(findings->rows().front().sentence))); // whole, before anybody chooses one
    view->selectRow(row);
    QVERIFY(test->showsText(QString::fromStdString(findings->rows()[static_cast<std::size_t>(row)].sentence)));
    QTest::keyClick(view, Qt::Key_Return);
    QVERIFY(test->made.settle());
    QCOMPARE(test->entry(), findings->rows()[static_cast<std::size_t>(row)].entry);
}

void TestAuditPage::filtersByKindAndWords()
{
    const auto test = shown();
    QVERIFY(test);
    const auto *trail = test->part<TrailTable>();
    const int all = trail->rowCount();
    QComboBox *kind = nullptr;
    for (auto *combo : test->page->findChildren<QComboBox *>())
        kind = combo->accessibleName() == QLatin1String("Kind of event") ? combo : kind;
    QVERIFY(kind);
    kind->setFocus();
    kind->setCurrentIndex(kind->findData(QStringLiteral("model.")));
    QVERIFY(test->made.settle());
    QCOMPARE(trail->rowCount(), 2);
    auto *search = test->page->findChild<QLineEdit *>();
    search->setFocus();
    QTest::keyClicks(search, QStringLiteral("CHURN"));
    QTest::keyClick(search, Qt::Key_Return);
    QVERIFY(test->made.settle());
    QCOMPARE(trail->rowCount(), 1);
    QTest::keyClicks(search, QStringLiteral("%"));
    QTest::keyClick(search, Qt::Key_Return);
    QVERIFY(test->made.settle());
    QCOMPARE(trail->rowCount(), 0); // a percent sign stands for itself
    QVERIFY(test->showsText(QStringLiteral("No entry matches")));
    QTest::mouseClick(test->button(QStringLiteral("Clear")), Qt::LeftButton);
    QVERIFY(test->made.settle());
    QCOMPARE(trail->rowCount(), all);
}

void TestAuditPage::aTargetSelectsAnEntryThroughTheFilter()
{
    const auto test = shown();
    QVERIFY(test);
    QComboBox *kind = test->page->findChild<QComboBox *>();
    kind->setCurrentIndex(kind->findData(QStringLiteral("model.")));
    QVERIFY(test->made.settle());
    test->page->open({QStringLiteral("audit"), {}, {}, {}, QStringLiteral("1")});
    QVERIFY(test->made.settle());
    QCOMPARE(test->entry(), 1);
    QCOMPARE(kind->currentIndex(), 0);
    test->page->open({QStringLiteral("audit"), {}, {}, {}, QStringLiteral("4711")});
    QVERIFY(test->made.settle());
    QVERIFY(test->messages.last().contains(QStringLiteral("4,711")));
}

void TestAuditPage::aCheckpointIsSavedAndTheHonestLineFollows()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->showsText(QStringLiteral("No checkpoint was kept")));
    const QString path = test->folder.filePath(QStringLiteral("checkpoint.txt"));
    widgets::dialogs::Scripted script({path});
    QTest::mouseClick(test->button(QStringLiteral("Save Checkpoint…")), Qt::LeftButton);
    QVERIFY(test->made.settle());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto checkpoint = ledger::readCheckpointUnverified(file.readAll().toStdString());
    QVERIFY_RESULT(checkpoint);
    QCOMPARE(checkpoint->head.size, test->made.workspace.state().ledgerSize);
    QVERIFY(test->showsText(QStringLiteral("Later than the last checkpoint")));
}

void TestAuditPage::newEntriesKeepTheChosenOne()
{
    const auto test = shown();
    QVERIFY(test);
    test->page->open({QStringLiteral("audit"), {}, {}, {}, QStringLiteral("2")});
    QVERIFY(test->made.settle());
    const int before = test->part<TrailTable>()->rowCount();
    const auto file = test->folder.file("june.csv");
    std::ofstream(file) << "model,version,metric,value,time\nchurn,1,auc,0.82,2026-03-31\n";
    QVERIFY(test->made.onLane([file](services::Session &session) -> Status {
        const auto outcome = services::importMetrics(session, file, {});
        return outcome ? Status() : Status(outcome.error());
    }));
    QVERIFY(test->made.settle());
    QVERIFY(test->part<TrailTable>()->rowCount() > before);
    QCOMPARE(test->entry(), 2);
}

QTEST_MAIN(TestAuditPage)
#include "tst_auditpage.moc"
