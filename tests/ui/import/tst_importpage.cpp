#include "models/items/imports/importstable.h"
#include "models/items/imports/rejectedtable.h"
#include "models/store/queries/queries.h"
#include "tests/models/importers/smallmlflow.h"
#include "tests/models/items/inventoryfixture.h"
#include "ui/import/importpage.h"
#include "ui/import/outcomeview.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace countersign;
using namespace countersign::test;
using pages::ImportPage;

class TestImportPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }
    void nextSaysWhatIsMissing();
    void aMetricsFileIsCheckedImportedAndUndone();
    void theSameFileAgainIsKnown();
    void rejectedRowsAreSavedWithTheirReasons();
    void aStoppedCheckChangesNothing();
    void anMlflowServerIsReadAndImported();
    void aFailureIsASentenceAndTheFormStays();
    void readsWhatATargetNames();
    void somebodyMustWorkHere();

private:
    struct Shown {
        TemporaryFolder folder;
        InventoryWorkspace made{folder};
        std::unique_ptr<ImportPage> page;
        QStringList messages;

        QPushButton *next() const { return page->findChild<QPushButton *>(QStringLiteral("next")); }
        QLineEdit *address() const { return page->findChild<QLineEdit *>(QStringLiteral("address")); }
        bool showsText(const QString &part) const
        {
            const auto labels = page->findChildren<widgets::PlainLabel *>();
            return std::ranges::any_of(labels, [&](const auto *label) { return label->isVisible() && label->text().contains(part); });
        }
        bool reaches(const QString &nextText) const
        {
            return QTest::qWaitFor([&] { return next()->isEnabled() && next()->text() == nextText; }, 20000);
        }
        QString write(const QString &name, const QByteArray &bytes) const
        {
            QFile file(folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
        }
        std::vector<store::ImportRow> imports()
        {
            std::vector<store::ImportRow> rows;
            made.onLane([&rows](services::Session &session) -> Status {
                auto read = store::listImports(session.connection());
                if (!read)
                    return read.error();
                rows = *read;
                return {};
            });
            return rows;
        }
    };
    static std::unique_ptr<Shown> shown(bool isSomebodyHere = true);
};

namespace {

const QByteArray kMetrics = "model,version,metric,value,time\n"
                            "churn,1,auc,0.81,2026-01-31\n"
                            "churn,1,auc,0.80,2026-02-28\n"
                            "churn,2,auc,abc,2026-02-28\n"
                            "fraud,1,auc,0.92,2026-02-28\n";

void click(QPushButton *button)
{
    QTest::mouseClick(button, Qt::LeftButton);
}

} // namespace

std::unique_ptr<TestImportPage::Shown> TestImportPage::shown(bool isSomebodyHere)
{
    auto result = std::make_unique<Shown>();
    if (!result->made.open([](services::Session &) {}))
        return {};
    if (isSomebodyHere)
        result->made.workspace.setPerson(QStringLiteral("asample"), &result->made.workspace, [](const Status &) {});
    if (!result->made.settle())
        return {};
    result->page = std::make_unique<ImportPage>(result->made.workspace);
    QObject::connect(result->page.get(), &widgets::Page::message, result->page.get(), [raw = result.get()](const widgets::Message &message) { raw->messages.append(message.text); });
    result->page->resize(1092, 640);
    result->page->show();
    return result->made.settle() ? std::move(result) : nullptr;
}

void TestImportPage::nextSaysWhatIsMissing()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->next()->isEnabled());
    click(test->next());
    QVERIFY(test->showsText(QStringLiteral("Name the file")));
    test->address()->setText(test->folder.filePath(QStringLiteral("nowhere.csv")));
    click(test->next());
    QVERIFY(test->showsText(QStringLiteral("no such file")));
    QCOMPARE(test->next()->text(), QStringLiteral("Next"));
}

void TestImportPage::aMetricsFileIsCheckedImportedAndUndone()
{
    const auto test = shown();
    QVERIFY(test);
    test->address()->setText(test->write(QStringLiteral("may.csv"), kMetrics));
    QTest::keyClick(test->address(), Qt::Key_Return);
    QVERIFY(test->reaches(QStringLiteral("Import")));
    QVERIFY(test->showsText(QStringLiteral("2 new models, 2 new versions and 3 new values")));
    QVERIFY(test->imports().empty()); // a check writes nothing

    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    QVERIFY(test->showsText(QStringLiteral("I-1 is recorded")));
    auto imports = test->imports();
    QCOMPARE(imports.size(), 1U);
    QCOMPARE(imports[0].observations, 3);
    QCOMPARE(imports[0].rejected, 1);
    QVERIFY(!imports[0].undoneBy);

    widgets::dialogs::Scripted script({QStringLiteral("wrong month")});
    click(test->page->findChild<QPushButton *>(QStringLiteral("undo")));
    QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }));
    QVERIFY2(test->messages.last().contains(QStringLiteral("I-1 is undone")), qPrintable(test->messages.last()));
    QCOMPARE(script.asked, QStringList{QStringLiteral("Undo import I-1?")});
    imports = test->imports();
    QVERIFY(imports[0].undoneBy);
    click(test->next());
    QVERIFY(test->made.settle());
    const auto *table = test->page->findChild<items::ImportsTable *>();
    QCOMPARE(table->rowCount(), 1);
    QVERIFY(table->index(0, items::ImportsTable::State).data().toString().contains(QStringLiteral("Undone by entry")));
    QVERIFY(!test->page->findChild<QPushButton *>(QStringLiteral("undoEarlier"))->isEnabled());
}

void TestImportPage::theSameFileAgainIsKnown()
{
    const auto test = shown();
    QVERIFY(test);
    const QString path = test->write(QStringLiteral("may.csv"), kMetrics);
    test->page->open({QStringLiteral("import"), {}, {}, {}, path});
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import")));
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    click(test->next());
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import")));
    QVERIFY(test->showsText(QStringLiteral("already imported as I-1")));
    click(test->next());
    QVERIFY(test->messages.last().contains(QStringLiteral("I-1")));
    QCOMPARE(test->imports().size(), 1U);
}

void TestImportPage::rejectedRowsAreSavedWithTheirReasons()
{
    const auto test = shown();
    QVERIFY(test);
    QByteArray many = kMetrics;
    for (int i = 0; i < 1500; ++i)
        many += "churn,1,auc,=bad,2026-03-01\n";
    test->page->open({QStringLiteral("import"), {}, {}, {}, test->write(QStringLiteral("many.csv"), many)});
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import")));
    const auto tables = test->page->findChildren<items::RejectedTable *>();
    QVERIFY(std::ranges::any_of(tables, [](const auto *table) { return table->rowCount() == 1000; }));
    QVERIFY(test->showsText(QStringLiteral("The first 1,000 of 1,501.")));

    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    const QString path = test->folder.filePath(QStringLiteral("rejected.csv"));
    widgets::dialogs::Scripted script({path});
    QPushButton *save = nullptr;
    for (auto *button : test->page->findChildren<QPushButton *>())
        save = button->isVisible() && button->text().startsWith(QStringLiteral("Save Rejected")) ? button : save;
    QVERIFY(save);
    click(save);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 1 + 1501 + 1); // head, every row (not only the thousand shown), end
    QVERIFY(lines[1].startsWith("3,4,\"value\","));
    QVERIFY(lines[2].contains("\"'=bad\"")); // no formula for a spreadsheet
}

void TestImportPage::aStoppedCheckChangesNothing()
{
    const auto test = shown();
    QVERIFY(test);
    QByteArray many = "model,version,metric,value,time\n";
    for (int i = 0; i < 200000; ++i)
        many += "churn,1,auc,0.5," + QByteArray::number(1700000000 + i) + "\n";
    test->page->open({QStringLiteral("import"), {}, {}, {}, test->write(QStringLiteral("many.csv"), many)});
    int job = 0;
    QObject::connect(&test->made.workspace, &services::Workspace::jobStarted, test->page.get(), [&job](int started) { job = started; });
    click(test->next());
    QVERIFY(job > 0);
    QVERIFY(!test->next()->isEnabled());
    test->made.workspace.cancel(job); // as the status bar does
    QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
    QVERIFY2(test->messages.last().contains(QStringLiteral("stopped")), qPrintable(test->messages.last()));
    QVERIFY(test->reaches(QStringLiteral("Next")));
    QVERIFY(test->imports().empty());
}

void TestImportPage::anMlflowServerIsReadAndImported()
{
    const auto test = shown();
    QVERIFY(test);
    importers::ReplayServer server{importers::SmallMlflow{}};
    test->page->open({QStringLiteral("import"), {}, {}, {}, QString::fromStdString(server.address())});
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import")));
    QVERIFY(test->showsText(QStringLiteral("new models")));
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    const auto imports = test->imports();
    QCOMPARE(imports.size(), 1U);
    QVERIFY(imports[0].models > 0);
    QVERIFY(imports[0].source.find("127.0.0.1") != std::string::npos || imports[0].source.find("localhost") != std::string::npos);
}

void TestImportPage::aFailureIsASentenceAndTheFormStays()
{
    const auto test = shown();
    QVERIFY(test);
    test->page->open({QStringLiteral("import"), {}, {}, {}, test->write(QStringLiteral("empty.csv"), "model,metric\n1,2\n")});
    click(test->next());
    QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
    QVERIFY(!test->messages.last().isEmpty());
    QCOMPARE(test->next()->text(), QStringLiteral("Next"));
    QVERIFY(test->address()->text().endsWith(QStringLiteral("empty.csv")));
}

void TestImportPage::readsWhatATargetNames()
{
    const auto test = shown();
    QVERIFY(test);
    const auto open = [&](const QString &extra) { test->page->open({QStringLiteral("import"), {}, {}, {}, extra}); };
    const auto visibleSecrets = [&] {
        int count = 0;
        for (const auto *line : test->page->findChildren<QLineEdit *>())
            count += line->isVisible() && line->echoMode() == QLineEdit::Password;
        return count;
    };
    open(QStringLiteral("https://mlflow.example"));
    QCOMPARE(visibleSecrets(), 2); // password and token
    open(QStringLiteral("postgresql://reader@db.example/mlflow"));
    QCOMPARE(visibleSecrets(), 1);
    open(test->folder.path());
    QCOMPARE(visibleSecrets(), 0);
    QCOMPARE(test->address()->text(), test->folder.path());
}

void TestImportPage::somebodyMustWorkHere()
{
    const auto test = shown(false);
    QVERIFY(test);
    test->page->open({QStringLiteral("import"), {}, {}, {}, test->write(QStringLiteral("may.csv"), kMetrics)});
    QSignalSpy away(test->page.get(), &widgets::Page::navigate);
    QObject::connect(test->page.get(), &widgets::Page::message, test->page.get(), [](const widgets::Message &message) {
        for (const auto &action : message.actions)
            action.run();
    });
    click(test->next());
    QCOMPARE(away.size(), 1);
    QCOMPARE(away.first().first().value<widgets::Target>().page, QStringLiteral("people"));
    QCOMPARE(test->next()->text(), QStringLiteral("Next"));
}

QTEST_MAIN(TestImportPage)
#include "tst_importpage.moc"
