#include "models/items/computed/groupcountstable.h"
#include "models/items/imports/logcolumnstable.h"
#include "models/items/imports/logpreviewtable.h"
#include "models/services/computed/computedsets.h"
#include "models/services/imports/imports.h"
#include "models/store/queries/queries.h"
#include "tests/models/items/inventoryfixture.h"
#include "ui/import/importpage.h"
#include "ui/import/log/logplan.h"
#include "ui/import/log/logwizard.h"
#include "ui/import/log/readstep.h"
#include "ui/import/log/savedmappings.h"
#include "ui/theme/theme.h"
#include "ui/whatif/whatifpage.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cmath>

using namespace countersign;
using namespace countersign::test;
using pages::ImportPage;
using ColumnRole = pages::LogColumn::Role;

namespace {

/// Scores that rank, two groups of which one is found less often, three months, some rows that cannot be taken.
QByteArray logText(int rows, char delimiter = ',', bool isComma = false)
{
    const auto number = [isComma](double value) { return QByteArray::number(value, 'f', 4).replace('.', isComma ? ',' : '.'); };
    QByteArray text = QByteArrayList{"ts", "y_true", "score", "sex", "age", "case_id"}.join(delimiter) + '\n';
    unsigned state = 12345;
    const auto random = [&state] {
        state = state * 1664525U + 1013904223U;
        return (state >> 8U) / double(1U << 24U);
    };
    for (int i = 0; i < rows; ++i) {
        const bool isFemale = random() < 0.4;
        const bool isPositive = random() < 0.3;
        const double score = std::clamp(0.25 + (isPositive ? 0.4 : 0.0) - (isFemale ? 0.1 : 0.0) + 0.3 * (random() - 0.5), 0.0, 1.0);
        const QByteArray month = QByteArray::number(1 + i * 3 / rows).rightJustified(2, '0');
        text += QByteArrayList{"2026-" + month + "-15T08:00:00", isPositive ? "1" : "0", i % 97 == 5 ? "abc" : number(score), isFemale ? "F" : "M", QByteArray::number(20 + i % 60),
                               QByteArray::number(i)}
                    .join(delimiter)
            + '\n';
    }
    return text;
}

/// To <build>/tests/gallery, for looking at.
void savePicture(QWidget &widget, const QString &name)
{
    const QString folder = QStringLiteral(COUNTERSIGN_BIN_DIR "/../tests/gallery");
    QDir().mkpath(folder);
    QVERIFY(widget.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
}

void click(QPushButton *button)
{
    QTest::mouseClick(button, Qt::LeftButton);
}

} // namespace

class TestLogWizard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void aLogGoesFromFileToRecord();
    void whatIsMissingIsSaidAtItsField();
    void aLogOfOneOutcomeIsWarnedOf();
    void aLogWithoutRowsGoesNowhere();
    void theSameLogAgainIsKnown();
    void choicesOfReadingAreTaken_data();
    void choicesOfReadingAreTaken();
    void aSavedMappingThatNoLongerFitsNamesTheColumns();
    void mappingFilesAreThoseOfTheCommandLine();
    void rejectedRowsAreSavedWithTheirReasons();
    void aStoppedComputationChangesNothing();
    void everyFileIsExplained_data();
    void everyFileIsExplained();
    void aMetricsFileGoesWhereItBelongs();
    void rolesThatOneColumnHasMove();
    void aModelThatIsNewIsRegisteredWhenAgreedTo();
    void aNewVersionOfAKnownModelIsRegistered();
    void columnsLeftOutAreNamed();
    void driftIsAgainstAnotherLog();
    void theKeptTableIsTheOneThatWhatIfReads();
    void everyStepIsReachedByKeyboardAlone();

private:
    struct Shown {
        TemporaryFolder folder;
        InventoryWorkspace made{folder};
        std::unique_ptr<ImportPage> page;
        QStringList messages;
        QString model;
        QString version;

        template<class T>
        T *part(const char *name) const
        {
            return page->findChild<T *>(QString::fromLatin1(name));
        }
        QPushButton *next() const { return part<QPushButton>("next"); }
        bool showsText(const QString &text) const
        {
            const auto labels = page->findChildren<widgets::PlainLabel *>();
            return std::ranges::any_of(labels, [&](const auto *label) { return label->isVisible() && label->text().contains(text); });
        }
        bool reaches(const QString &nextText) const
        {
            const bool isThere = QTest::qWaitFor([&] { return next()->isEnabled() && next()->text() == nextText; }, 30000);
            if (!isThere) {
                qWarning("next is \"%s\"; said: %s", qPrintable(next()->text()), qPrintable(messages.join(QLatin1Char('|'))));
                for (const auto *label : page->findChildren<widgets::PlainLabel *>())
                    if (label->isVisible() && !label->text().isEmpty())
                        qWarning("shown: %s", qPrintable(label->text()));
            }
            return isThere;
        }
        QString write(const QString &name, const QByteArray &bytes) const
        {
            QFile file(folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
        }
        /// The wizard at its second step, for the model of the workspace.
        bool look(const QString &path, bool forModel = true)
        {
            page->open({QStringLiteral("import"), forModel ? model : QString(), forModel ? version : QString(), {}, path});
            click(next());
            return QTest::qWaitFor([&] { return next()->isEnabled() && part<QComboBox>("delimiter")->isVisible(); }, 30000);
        }
        bool map()
        {
            if (!reaches(QStringLiteral("Next")))
                return false;
            click(next());
            return reaches(QStringLiteral("Read and Compute")) && made.settle();
        }
        std::vector<services::ComputedRow> sets()
        {
            std::vector<services::ComputedRow> rows;
            made.onLane([&](services::Session &session) -> Status {
                rows = setsIn(session);
                return {};
            });
            return rows;
        }
        std::vector<services::ComputedRow> setsIn(services::Session &session) const
        {
            auto read = services::listComputed(session, *VersionId::parse(version.toStdString()));
            return read ? *std::move(read) : std::vector<services::ComputedRow>();
        }
    };
    static std::unique_ptr<Shown> shown();
};

void TestLogWizard::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("logwizard"));
    theme::install(*qApp);
}

std::unique_ptr<TestLogWizard::Shown> TestLogWizard::shown()
{
    auto result = std::make_unique<Shown>();
    const QString metrics = result->write(QStringLiteral("metrics.csv"), "model,version,metric,value,time\nchurn,1,auc,0.81,2026-01-31\n");
    const auto make = [&](services::Session &session) {
        if (const auto outcome = services::importMetrics(session, metrics.toStdString(), {}); !outcome)
            qWarning("%s", outcome.error().text().c_str());
        const auto ids = store::modelsNamed(session.connection(), "churn");
        const auto rows = store::listVersions(session.connection(), ids->front(), session.now());
        result->model = QString::fromStdString(ids->front().text());
        result->version = QString::fromStdString(rows->front().version.id.text());
    };
    if (!result->made.open(make))
        return {};
    result->made.workspace.setPerson(QStringLiteral("asample"), &result->made.workspace, [](const Status &) {});
    if (!result->made.settle())
        return {};
    result->page = std::make_unique<ImportPage>(result->made.workspace, std::filesystem::path(result->folder.file("tables")));
    QObject::connect(result->page.get(), &widgets::Page::message, result->page.get(), [raw = result.get()](const widgets::Message &message) { raw->messages.append(message.text); });
    result->page->resize(1092, 560);
    result->page->show();
    return result->made.settle() ? std::move(result) : nullptr;
}

void TestLogWizard::aLogGoesFromFileToRecord()
{
    const auto test = shown();
    QVERIFY(test);
    const QString path = test->write(QStringLiteral("log.csv"), logText(3000));
    QVERIFY(test->look(path));
    auto *preview = test->page->findChild<items::LogPreviewTable *>();
    QCOMPARE(preview->rowCount(), 50);
    QCOMPARE(preview->doubts().size(), 1); // "abc" among the scores
    savePicture(*test->page, QStringLiteral("import-log-2-read"));
    QVERIFY(test->map());
    savePicture(*test->page, QStringLiteral("import-log-3-map"));
    auto *columns = test->page->findChild<items::LogColumnsTable *>();
    const auto roles = [columns] {
        QStringList words;
        for (const auto &row : columns->rows())
            words.append(row.role);
        return words;
    };
    QCOMPARE(roles(), (QStringList{QStringLiteral("Time"), QStringLiteral("Label"), QStringLiteral("Score"), QStringLiteral("Attribute"), QStringLiteral("Feature"), QStringLiteral("Ignored")}));
    test->part<QCheckBox>("keepTable")->setChecked(true);
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    QVERIFY(test->sets().empty()); // computing writes nothing
    QCOMPARE(QDir(test->folder.filePath(QStringLiteral("tables"))).entryList(QDir::Files).size(), 1); // kept because it was asked for
    savePicture(*test->page, QStringLiteral("import-log-4-check"));
    auto *groups = test->page->findChild<items::GroupCountsTable *>();
    QCOMPARE(groups->rowCount(), 3); // everybody, F, M
    QVERIFY(test->showsText(QStringLiteral("2,969 of 3,000 rows")));

    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    auto sets = test->sets();
    QCOMPARE(sets.size(), 1U);
    QCOMPARE(sets.front().rows, 3000U);
    QCOMPARE(sets.front().rejected, 31U);
    QVERIFY(sets.front().hasScores);
    QVERIFY(sets.front().note.find("sex, protected as sex") != std::string::npos);
    QVERIFY(test->showsText(QStringLiteral("is recorded")));
    savePicture(*test->page, QStringLiteral("import-log-5-done"));

    QSignalSpy away(test->page.get(), &widgets::Page::navigate);
    click(test->part<QPushButton>("openFairness"));
    const auto target = away.first().first().value<widgets::Target>();
    QCOMPARE(target.page, QStringLiteral("model"));
    QCOMPARE(target.tab, QStringLiteral("fairness"));
    QCOMPARE(target.version, test->version);

    widgets::dialogs::Scripted script({QStringLiteral("wrong file")});
    click(test->part<QPushButton>("undoLog"));
    QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty() && test->messages.last().contains(QStringLiteral("is undone")); }, 20000));
    sets = test->sets();
    QVERIFY(sets.front().undoneBy.has_value());
}

void TestLogWizard::whatIsMissingIsSaidAtItsField()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("odd.csv"), "outcome_code,points\nrepaid,1\ndefault,2\nrepaid,3\n"), false));
    QVERIFY(test->map());
    auto *model = test->part<QComboBox>("model");
    model->setCurrentIndex(-1);
    model->setEditText(QString());
    click(test->next());
    QVERIFY(test->showsText(QStringLiteral("which model")));
    QVERIFY(model->hasFocus() || model->lineEdit()->hasFocus() || !QApplication::activeWindow());
    model->setEditText(QStringLiteral("churn"));
    Q_EMIT model->lineEdit()->editingFinished();
    QVERIFY(test->made.settle());
    click(test->next());
    QVERIFY2(test->showsText(QStringLiteral("No column is the score or the prediction")), "what is measured");
    QCOMPARE(test->next()->text(), QStringLiteral("Read and Compute"));

    auto *table = test->page->findChild<widgets::TableView *>(QString(), Qt::FindChildrenRecursively);
    for (auto *view : test->page->findChildren<widgets::TableView *>())
        if (view->accessibleName() == QStringLiteral("Columns of the log"))
            table = view;
    table->setCurrentIndex(table->model()->index(0, 0));
    auto *role = test->part<QComboBox>("role");
    const auto give = [&](int row, ColumnRole wanted) {
        table->setCurrentIndex(table->model()->index(row, 0));
        role->setCurrentIndex(role->findData(static_cast<int>(wanted)));
        Q_EMIT role->activated(role->currentIndex());
    };
    give(1, ColumnRole::Score);
    give(0, ColumnRole::Label);
    click(test->next());
    QVERIFY(test->showsText(QStringLiteral("is the positive outcome")));
    test->part<QComboBox>("positive")->setCurrentText(QStringLiteral("default"));
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
}

void TestLogWizard::aLogOfOneOutcomeIsWarnedOf()
{
    const auto test = shown();
    QVERIFY(test);
    QByteArray text = "y_true,score\n";
    for (int row = 0; row < 50; ++row)
        text += "0,0." + QByteArray::number(10 + row) + "\n";
    QVERIFY(test->look(test->write(QStringLiteral("none.csv"), text)));
    QVERIFY(test->map());
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    QString warnings;
    for (const auto *list : test->page->findChildren<QListView *>())
        for (int row = 0; list->accessibleName() == QStringLiteral("Warnings") && row < list->model()->rowCount(); ++row)
            warnings += list->model()->index(row, 0).data().toString() + QLatin1Char('\n');
    QVERIFY2(warnings.contains(QStringLiteral("No row that figures are of is labelled positive")), qPrintable(warnings));
    QVERIFY2(warnings.contains(QStringLiteral("\"y_true\" is positive where it says \"1\"; its first rows say \"0\".")), qPrintable(warnings));
}

void TestLogWizard::aLogWithoutRowsGoesNowhere()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("empty.csv"), "y_true,score\n")));
    QVERIFY(test->map());
    click(test->next());
    QVERIFY(test->showsText(QStringLiteral("The log has no rows")));
    QCOMPARE(test->next()->text(), QStringLiteral("Read and Compute"));
}

void TestLogWizard::theSameLogAgainIsKnown()
{
    const auto test = shown();
    QVERIFY(test);
    const QString path = test->write(QStringLiteral("log.csv"), logText(600));
    for (int round = 0; round < 2; ++round) {
        QVERIFY(test->look(path));
        QVERIFY(test->map());
        click(test->next());
        QVERIFY(test->reaches(QStringLiteral("Record")));
        if (round == 0) {
            click(test->next());
            QVERIFY(test->reaches(QStringLiteral("Import More")));
            click(test->next());
        }
    }
    QVERIFY(test->showsText(QStringLiteral("already imported as I-2")));
    click(test->next());
    QVERIFY(!test->messages.isEmpty() && test->messages.last().contains(QStringLiteral("I-2")));
    QCOMPARE(test->sets().size(), 1U);
}

void TestLogWizard::choicesOfReadingAreTaken_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("semicolon and decimal comma") << logText(300, ';', true);
    QTest::newRow("tab") << logText(300, '\t');
    QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + logText(300);
    const QString wide = QString::fromUtf8(logText(300));
    QTest::newRow("UTF-16") << QByteArray("\xFF\xFE") + QByteArray(reinterpret_cast<const char *>(wide.utf16()), wide.size() * 2);
    QTest::newRow("bar chosen by hand") << logText(300, '|');
}

void TestLogWizard::choicesOfReadingAreTaken()
{
    QFETCH(QByteArray, text);
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("log.txt"), text)));
    if (QLatin1String(QTest::currentDataTag()).startsWith(QLatin1String("bar"))) {
        auto *delimiter = test->part<QComboBox>("delimiter");
        delimiter->setCurrentIndex(delimiter->findData(int(';')));
        Q_EMIT delimiter->activated(delimiter->currentIndex());
        QVERIFY(test->reaches(QStringLiteral("Next")));
        QCOMPARE(test->page->findChild<items::LogPreviewTable *>()->columnCount(), 1); // read as asked, wrong as it is
        delimiter->setCurrentIndex(delimiter->findData(int('|')));
        Q_EMIT delimiter->activated(delimiter->currentIndex());
    }
    QVERIFY(test->map());
    QCOMPARE(test->page->findChild<items::LogPreviewTable *>()->columnCount(), 6);
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    QVERIFY(test->showsText(QStringLiteral("296 of 300 rows")));
    QVERIFY(!QDir(test->folder.filePath(QStringLiteral("tables"))).exists());
}

void TestLogWizard::aSavedMappingThatNoLongerFitsNamesTheColumns()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("log.csv"), logText(300))));
    QVERIFY(test->map());
    {
        widgets::dialogs::Scripted script({QStringLiteral("prod-log")});
        click(test->part<QPushButton>("saveMapping"));
    }
    QCOMPARE(pages::savedmappings::all().size(), 1U);
    QByteArray renamed = logText(300);
    renamed.replace("sex", "gender");
    test->part<QPushButton>("back")->click();
    test->part<QPushButton>("back")->click();
    QVERIFY(test->look(test->write(QStringLiteral("next.csv"), renamed)));
    QVERIFY(test->map());
    QCOMPARE(test->part<QComboBox>("saved")->currentText(), QStringLiteral("prod-log"));
    const QString said = test->part<widgets::PlainLabel>("fit")->text();
    QVERIFY2(said.contains(QStringLiteral("matched 4 of 5")) && said.contains(QStringLiteral("No longer in the log: sex")) && said.contains(QStringLiteral("gender")), qPrintable(said));
}

void TestLogWizard::mappingFilesAreThoseOfTheCommandLine()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("log.csv"), logText(300))));
    QVERIFY(test->map());
    const QString path = test->folder.filePath(QStringLiteral("mapping.json"));
    {
        widgets::dialogs::Scripted script({path});
        click(test->part<QPushButton>("saveMapping"));
    }
    const auto mapping = pages::savedmappings::readFile(path);
    QVERIFY_RESULT(mapping);
    QCOMPARE(mapping->label, std::string("y_true"));
    QCOMPARE(mapping->attributes.size(), 1U);
    test->write(QStringLiteral("mapping.json"), R"({"attributes":[{"column":"sex"},{"column":"age","edges":[25,45]}],"label":"y_true","labelValues":{"positive":["1"]},"schema":"countersign-mapping-1","score":"score","task":"binary"})");
    {
        widgets::dialogs::Scripted script({path});
        click(test->part<QPushButton>("loadMapping"));
    }
    auto *columns = test->page->findChild<items::LogColumnsTable *>();
    QCOMPARE(columns->rows()[4].role, QStringLiteral("Attribute"));
    QVERIFY(columns->rows()[4].detail.contains(QStringLiteral("<25, 25-44, 45+")));
    QCOMPARE(columns->rows()[0].role, QStringLiteral("Ignored")); // what the mapping does not name
    test->write(QStringLiteral("mapping.json"), R"({"schema":"countersign-mapping-1","colour":1})");
    {
        widgets::dialogs::Scripted script({path});
        click(test->part<QPushButton>("loadMapping"));
    }
    QVERIFY2(test->messages.last().contains(QStringLiteral("colour")), qPrintable(test->messages.last()));
}

void TestLogWizard::rejectedRowsAreSavedWithTheirReasons()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("log.csv"), logText(970))));
    QVERIFY(test->map());
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    const QString path = test->folder.filePath(QStringLiteral("rejected.csv"));
    widgets::dialogs::Scripted script({path});
    QPushButton *save = nullptr;
    for (auto *button : test->page->findChildren<QPushButton *>())
        save = button->text().startsWith(QStringLiteral("Save Rejected")) && !button->isHidden() ? button : save;
    QVERIFY(save);
    save->click();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 1 + 10 + 1);
    QVERIFY2(lines[1].startsWith("6,7,\"score\",\"The value is not a number.\",\"abc\""), lines[1].constData());
}

void TestLogWizard::aStoppedComputationChangesNothing()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("large.csv"), logText(400'000))));
    QVERIFY(test->map());
    click(test->next());
    QVERIFY(!test->next()->isEnabled());
    test->page->findChild<pages::LogWizard *>()->cancel();
    QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
    QVERIFY2(test->messages.last().contains(QStringLiteral("stopped")), qPrintable(test->messages.last()));
    QVERIFY(test->reaches(QStringLiteral("Read and Compute")));
    QVERIFY(test->sets().empty());
}

void TestLogWizard::everyFileIsExplained_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("said");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("empty");
    QTest::newRow("JSON array") << QByteArray("[{\"a\":1}]\n") << QStringLiteral("JSON array");
    QTest::newRow("two ways") << QByteArray("a;score\n1;1,234\n2;2.345\n") << QStringLiteral("two ways");
}

void TestLogWizard::everyFileIsExplained()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, said);
    const auto test = shown();
    QVERIFY(test);
    test->page->open({QStringLiteral("import"), test->model, test->version, {}, test->write(QStringLiteral("log.csv"), text)});
    click(test->next());
    QVERIFY(QTest::qWaitFor([&] { return test->next()->isEnabled() && (test->showsText(said) || !test->messages.isEmpty()); }, 20000));
    QVERIFY2(test->showsText(said), qPrintable(test->messages.join(QLatin1Char('|'))));
    click(test->next()); // stays, and says why
    QVERIFY(test->messages.last().contains(QStringLiteral("cannot be read this way")));
    QCOMPARE(test->next()->text(), QStringLiteral("Next"));
}

void TestLogWizard::aMetricsFileGoesWhereItBelongs()
{
    const auto test = shown();
    QVERIFY(test);
    test->page->open({QStringLiteral("import"), {}, {}, {}, test->write(QStringLiteral("more.csv"), "model,version,metric,value,time\nchurn,1,auc,0.8,2026-02-28\n")});
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import")));
    QVERIFY(test->showsText(QStringLiteral("1 new value")));
    QVERIFY(test->showsText(QStringLiteral("3  Done")));
    click(test->part<QPushButton>("back"));
    test->page->open({QStringLiteral("import"), {}, {}, {}, test->write(QStringLiteral("log.csv"), logText(50))});
    QVERIFY(test->showsText(QStringLiteral("5  Done")));
}

void TestLogWizard::rolesThatOneColumnHasMove()
{
    predictions::Sample sample;
    sample.columns = {"a", "b"};
    sample.rows = {{"1", "0"}, {"0", "1"}};
    pages::LogPlan plan = pages::planFrom(sample, predictions::guessMapping(sample));
    setRole(plan, 0, ColumnRole::Label);
    setRole(plan, 1, ColumnRole::Label);
    QCOMPARE(plan.columns[0].role, ColumnRole::Feature);
    QCOMPARE(plan.columns[1].role, ColumnRole::Label);
    const auto trouble = troubleOf(plan);
    QVERIFY(trouble && trouble->place == pages::PlanTrouble::Place::Columns);
    setRole(plan, 0, ColumnRole::Attribute);
    plan.columns[0].attribute = "group";
    QCOMPARE(mappingOf(plan).attributes.front().name, std::string("group"));
}

void TestLogWizard::aModelThatIsNewIsRegisteredWhenAgreedTo()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("log.csv"), logText(600)), false));
    QVERIFY(test->map());
    auto *model = test->part<QComboBox>("model");
    auto *agree = test->part<QCheckBox>("registerSubject");
    QVERIFY(agree->isHidden());
    test->page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(test->page.get()));
    model->setFocus();
    model->lineEdit()->selectAll();
    QTest::keyClicks(model->lineEdit(), QStringLiteral("credit & <b>x</b>"));
    auto *version = test->part<QComboBox>("version");
    QTest::keyClick(model->lineEdit(), Qt::Key_Return);
    version->setFocus(Qt::TabFocusReason); // faster than the workspace
    QVERIFY(test->made.settle());
    QVERIFY(agree->isVisible());
    QCOMPARE(version->lineEdit()->selectedText(), QStringLiteral("1")); // typing replaces it
    QCOMPARE(version->currentText(), QStringLiteral("1"));
    click(test->next()); // not by itself: a typing mistake must not become a model
    QCOMPARE(test->next()->text(), QStringLiteral("Read and Compute"));
    QVERIFY(test->showsText(QStringLiteral("is not in the inventory. Register it with the import")));
    savePicture(*test->page, QStringLiteral("import-log-3-register"));
    agree->setChecked(true);
    QVERIFY(test->showsText(QStringLiteral("“credit & <b>x</b>”, version “1”, is registered when the figures are recorded.")));
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    QTRY_VERIFY(test->showsText(QStringLiteral("a new model with its first version"))); // shown when it is laid out
    const auto named = [&] {
        std::vector<ModelId> ids;
        test->made.onLane([&](services::Session &session) -> Status {
            ids = *store::modelsNamed(session.connection(), "credit & <b>x</b>");
            return {};
        });
        return ids;
    };
    QVERIFY(named().empty()); // looking writes nothing
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    QVERIFY(test->made.settle());
    QCOMPARE(named().size(), 1U);
    QSignalSpy away(test->page.get(), &widgets::Page::navigate);
    click(test->part<QPushButton>("openFairness"));
    const auto target = away.first().first().value<widgets::Target>();
    QCOMPARE(target.model.toStdString(), named().front().text());
    test->version = target.version;
    QCOMPARE(test->sets().size(), 1U);
}

void TestLogWizard::aNewVersionOfAKnownModelIsRegistered()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->look(test->write(QStringLiteral("log.csv"), logText(600))));
    QVERIFY(test->map());
    auto *version = test->part<QComboBox>("version");
    version->setEditText(QStringLiteral("7"));
    auto *agree = test->part<QCheckBox>("registerSubject");
    QVERIFY(agree->isVisible());
    QVERIFY(test->showsText(QStringLiteral("“churn” has no version “7”.")));
    agree->setChecked(true);
    version->setEditText(QStringLiteral("8")); // agreed to was another
    QVERIFY2(test->showsText(QStringLiteral("version “8”, is registered")), "the sentence follows the name");
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    QStringList labels;
    test->made.onLane([&](services::Session &session) -> Status {
        const auto versions = store::listVersions(session.connection(), *ModelId::parse(test->model.toStdString()), session.now());
        if (!versions)
            return versions.error();
        for (const auto &row : *versions)
            labels.append(QString::fromStdString(row.version.label));
        return {};
    });
    labels.sort();
    QCOMPARE(labels, (QStringList{QStringLiteral("1"), QStringLiteral("8")}));
    QVERIFY(test->sets().empty()); // none for version 1
}

void TestLogWizard::columnsLeftOutAreNamed()
{
    pages::LogPreview preview;
    preview.path = QStringLiteral("/logs/nested.parquet");
    preview.sample.dialect.format = predictions::Format::Parquet;
    preview.sample.columns = {"y_true", "score"};
    preview.sample.rows = {{"1", "0.8"}, {"0", "0.2"}};
    preview.guess = predictions::guessMapping(preview.sample);
    pages::ReadStep step;
    step.resize(900, 400);
    step.show();
    step.showPreview(preview, {});
    auto *doubts = step.findChild<widgets::PlainLabel *>(QStringLiteral("doubts"));
    QVERIFY(!doubts->text().contains(QStringLiteral("Left out")));
    preview.columnsLeftOut = {"steps", "what, else"};
    step.showPreview(preview, {});
    QVERIFY2(doubts->text().contains(QStringLiteral("Left out, because they are lists or structures: steps, what, else.")), qPrintable(doubts->text()));
    auto *format = step.findChild<QComboBox *>(QStringLiteral("format"));
    QCOMPARE(format->currentText(), QStringLiteral("found: Parquet"));
    QVERIFY(!format->isEnabled()); // no other way of reading it
    QVERIFY(step.firstField()->isVisible() && step.firstField()->isEnabled());
}

void TestLogWizard::driftIsAgainstAnotherLog()
{
    const auto test = shown();
    QVERIFY(test);
    const QString other = test->write(QStringLiteral("training.csv"), logText(900));
    QVERIFY(test->look(test->write(QStringLiteral("log.csv"), logText(600))));
    QVERIFY(test->map());
    {
        widgets::dialogs::Scripted script({other});
        click(test->part<QPushButton>("otherLog"));
    }
    auto *reference = test->part<QComboBox>("reference");
    QCOMPARE(reference->currentText(), QStringLiteral("log training.csv"));
    auto *window = test->part<QComboBox>("window");
    window->setCurrentIndex(window->findData(QStringLiteral("week")));
    QCOMPARE(reference->currentText(), QStringLiteral("log training.csv")); // another unit of windows does not change it
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    computed::ComputedSet set;
    test->made.onLane([&](services::Session &session) -> Status {
        auto read = services::loadComputed(session, test->setsIn(session).front().import);
        if (!read)
            return read.error();
        set = *std::move(read);
        return {};
    });
    QVERIFY(!set.drifts.empty());
    QVERIFY(set.referenceLog.has_value());
    QCOMPARE(set.referenceLog->rows, 900U);
    // A file that is gone by then is refused at its field.
    click(test->next());
    QVERIFY(test->look(test->write(QStringLiteral("log2.csv"), logText(700))));
    QVERIFY(test->map());
    {
        widgets::dialogs::Scripted script({other});
        click(test->part<QPushButton>("otherLog"));
    }
    QVERIFY(QFile::remove(other));
    click(test->next());
    QVERIFY(test->showsText(QStringLiteral("There is no such file any more.")));
    QCOMPARE(test->next()->text(), QStringLiteral("Read and Compute"));
}

void TestLogWizard::theKeptTableIsTheOneThatWhatIfReads()
{
    const auto test = shown();
    QVERIFY(test);
    const QString log = test->write(QStringLiteral("log.csv"), logText(3000));
    QVERIFY(test->look(log));
    QVERIFY(test->map());
    test->part<QCheckBox>("keepTable")->setChecked(true);
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Record")));
    QVERIFY(test->showsText(QStringLiteral("the table for What If")));
    click(test->next());
    QVERIFY(test->reaches(QStringLiteral("Import More")));
    QVERIFY(QFile::remove(log)); // from here on there is only the table
    pages::WhatIfPage whatIf(test->made.workspace, std::filesystem::path(test->folder.file("tables")));
    whatIf.resize(1092, 640);
    whatIf.open({QStringLiteral("whatif"), test->model, test->version, {}, {}});
    whatIf.show();
    QVERIFY(QTest::qWaitFor([&] { return whatIf.state().hasSource() && whatIf.state().source()->isExact(); }, 20000));
}

void TestLogWizard::everyStepIsReachedByKeyboardAlone()
{
    const auto test = shown();
    QVERIFY(test);
    test->page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(test->page.get()));
    const auto press = [](Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QWidget *at = QApplication::focusWidget();
        if (at)
            QTest::keyClick(at, key, modifiers);
        return at != nullptr;
    };
    const auto tabTo = [&](QWidget *wanted) {
        for (int i = 0; i < 40 && QApplication::focusWidget() != wanted; ++i)
            if (!press(Qt::Key_Tab))
                return false;
        return QApplication::focusWidget() == wanted;
    };
    const auto hasNext = [&](const QString &text) { return test->reaches(text) && QApplication::focusWidget() == test->next(); };

    test->page->open({QStringLiteral("import"), test->model, test->version, {}, test->write(QStringLiteral("log.csv"), logText(900))});
    test->page->initialFocus()->setFocus(Qt::OtherFocusReason);
    QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("address"));
    QVERIFY(press(Qt::Key_Return)); // Enter in the address
    QVERIFY(hasNext(QStringLiteral("Next"))); // Read
    QVERIFY(tabTo(test->part<QComboBox>("delimiter")));
    QVERIFY(press(Qt::Key_N, Qt::AltModifier)); // from any field
    QVERIFY(hasNext(QStringLiteral("Read and Compute"))); // Map
    QVERIFY(test->made.settle());
    QVERIFY(tabTo(test->part<QCheckBox>("keepTable")));
    QVERIFY(press(Qt::Key_Space));
    QVERIFY(test->part<QCheckBox>("keepTable")->isChecked());
    QVERIFY(press(Qt::Key_B, Qt::AltModifier));
    QVERIFY(hasNext(QStringLiteral("Next"))); // back at Read
    QVERIFY(press(Qt::Key_Return));
    QVERIFY(hasNext(QStringLiteral("Read and Compute")));
    QVERIFY(press(Qt::Key_Return));
    QVERIFY(hasNext(QStringLiteral("Record"))); // Check: the focus went and came back
    QVERIFY(press(Qt::Key_Return));
    QVERIFY(hasNext(QStringLiteral("Import More"))); // Done: not on the button that takes it back
    QCOMPARE(test->sets().size(), 1U);
    QVERIFY(tabTo(test->part<QPushButton>("undoLog")));
    QVERIFY(tabTo(test->part<QPushButton>("openFairness")));
}

QTEST_MAIN(TestLogWizard)
#include "tst_logwizard.moc"
