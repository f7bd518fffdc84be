#include "models/crypto/sha256.h"
#include "models/items/review/reportstable.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/review/rules.h"
#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/program.h"
#include "tests/support/verify.h"
#include "ui/print/pageview.h"
#include "ui/report/reportpage.h"
#include "ui/theme/theme.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

#include <fstream>

using namespace countersign;

namespace {

constexpr const char *kMetrics = "model,version,metric,slice,window_start,window_end,value,n\n"
                                 "credit-pd,3.2,auc,,2026-01-01,2026-02-01,0.7130,4812\n"
                                 "credit-pd,3.2,auc,,2026-02-01,2026-03-01,0.693,4812\n";

QByteArray runTool(const QString &program, const QStringList &arguments, int *exitCode)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(60000);
    *exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return process.readAllStandardOutput() + process.readAllStandardError();
}

} // namespace

/// The report page on a real workspace file: what it shows, and what it exports.
class TestReportPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void showsThePagesAsAPreview();
    void theExportedFileIsAValidPdfWithTheLedgersFacts();
    void theStandAloneVerifierAcceptsTheExportedFile();
    void nothingIsIssuedWhenTheFileCannotBeWritten();
    void nothingIsIssuedWhenTheDialogIsCancelled();
    void writingCanBeCancelledAndTheReportSavedLater();
    void issuedReportsAreListedWithTheirDigest();
    void withoutAPersonTheReasonStandsBesideExport();
    void theListOfReportsIsAProperModel();

private:
    void openWorkspace(const std::string &person);
    void openPage();
    std::vector<store::ReportRow> reports();
    QString exportReport();
    QString lastMessage() const { return m_messages->isEmpty() ? QString() : m_messages->last().first().value<widgets::Message>().text; }
    void shoot(const QString &name);

    std::unique_ptr<test::TemporaryFolder> m_folder;
    services::Environment m_environment;
    std::string m_address;
    VersionId m_version;
    std::unique_ptr<services::Workspace> m_workspace;
    std::unique_ptr<pages::ReportPage> m_page;
    std::unique_ptr<QSignalSpy> m_messages;
};

void TestReportPage::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("report"));
    theme::install(*qApp);
}

void TestReportPage::init()
{
    m_folder = std::make_unique<test::TemporaryFolder>();
    m_environment = test::testEnvironment();
    m_address = m_folder->filePath(QStringLiteral("work.countersign")).toStdString();
    {
        const auto created = test::freshWorkspace(m_address, m_environment);
        QVERIFY_RESULT(created);
        services::Session &session = **created;
        const std::string file = m_folder->filePath(QStringLiteral("metrics.csv")).toStdString();
        std::ofstream(file, std::ios::binary) << kMetrics;
        QVERIFY_RESULT(services::importMetrics(session, file, {}));
        const auto key = session.unlock(*session.person(), test::passphrase());
        QVERIFY_RESULT(key);
        Rule rule;
        rule.metric = "auc";
        rule.limit = 0.70;
        QVERIFY_RESULT(services::setRule(session, rule, {}, *session.person(), **key));
        const auto subject = services::findVersionSubject(session, "credit-pd/3.2");
        QVERIFY_RESULT(subject);
        m_version = subject->version->id;
    }
    openWorkspace("asample");
}

void TestReportPage::cleanup()
{
    m_messages.reset();
    m_page.reset();
    bool isIdle = false; // what was asked before has been read
    m_workspace->run(this, [](services::Session &) -> Status { return {}; }, [&](const Status &) { isIdle = true; });
    QTRY_VERIFY(isIdle);
    m_workspace.reset();
    m_folder.reset();
}

void TestReportPage::openWorkspace(const std::string &person)
{
    m_messages.reset();
    m_page.reset();
    m_workspace = std::make_unique<services::Workspace>(m_environment);
    services::OpenRequest request;
    request.location = *database::Location::parse(m_address);
    request.person = person;
    std::optional<Status> opened;
    m_workspace->open(request, this, [&](const Status &status) { opened = status; });
    QTRY_VERIFY(opened.has_value());
    QVERIFY_RESULT(*opened);
    QTRY_VERIFY(m_workspace->state().isOpen);
    m_page = std::make_unique<pages::ReportPage>(*m_workspace);
    m_messages = std::make_unique<QSignalSpy>(m_page.get(), &widgets::Page::message);
}

void TestReportPage::openPage()
{
    m_page->resize(1092, 650);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    widgets::Target target;
    target.page = QStringLiteral("report");
    target.version = QString::fromStdString(m_version.text());
    m_page->open(target);
    QTRY_VERIFY(m_page->findChild<print::PageView *>()->pageCount() > 0);
}

std::vector<store::ReportRow> TestReportPage::reports()
{
    std::optional<std::vector<store::ReportRow>> rows;
    m_workspace->run(this, [](services::Session &session) { return store::listReports(session.connection()); },
                     [&](const Result<std::vector<store::ReportRow>> &read) { rows = read ? *read : std::vector<store::ReportRow>(); });
    [&] { QTRY_VERIFY(rows.has_value()); }();
    return rows.value_or(std::vector<store::ReportRow>());
}

/// By the button, as a person would; the path of the file.
QString TestReportPage::exportReport()
{
    const QString path = m_folder->filePath(QStringLiteral("report.pdf"));
    widgets::dialogs::Scripted script({path});
    QTest::mouseClick(m_page->findChild<QPushButton *>(QStringLiteral("export")), Qt::LeftButton);
    [&] { QTRY_VERIFY_WITH_TIMEOUT(!m_messages->isEmpty(), 30000); }();
    return path;
}

void TestReportPage::shoot(const QString &name)
{
    QCoreApplication::processEvents(); // what was asked to lay itself out has done so
    const QString folder = qEnvironmentVariable("COUNTERSIGN_TEST_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(m_page->grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
}

void TestReportPage::showsThePagesAsAPreview()
{
    openPage();
    const auto *view = m_page->findChild<print::PageView *>();
    QVERIFY(view->pageCount() >= 3);
    QCOMPARE(view->pages().meta.watermark, std::string("PREVIEW"));
    bool isTold = false;
    for (const auto &page : view->pages().pages)
        isTold = isTold || page.text().contains(QStringLiteral("is below the limit of at least .700"));
    QVERIFY(isTold);
    QCOMPARE(m_page->crumbs().size(), 2);
    QCOMPARE(m_page->crumbs().first().text, QStringLiteral("credit-pd v3.2"));
    QVERIFY(reports().empty()); // looking leaves nothing in the ledger
    shoot(QStringLiteral("report-light"));
    theme::apply(*qApp, theme::Scheme::Dark);
    QCoreApplication::processEvents();
    shoot(QStringLiteral("report-dark"));
    theme::apply(*qApp, theme::Scheme::Light);
}

void TestReportPage::theExportedFileIsAValidPdfWithTheLedgersFacts()
{
    openPage();
    const QString path = exportReport();
    QVERIFY2(lastMessage().contains(QStringLiteral("R-0001")) && lastMessage().contains(path), qPrintable(lastMessage()));
    int exitCode = -1;
    const QByteArray check = runTool(QStringLiteral("qpdf"), {QStringLiteral("--check"), path}, &exitCode);
    QVERIFY2(exitCode == 0, check.constData());
    const QByteArray facts = runTool(QStringLiteral("qpdf"), {QStringLiteral("--show-attachment=facts.json"), path}, &exitCode);
    QCOMPARE(exitCode, 0);
    const auto rows = reports();
    QCOMPARE(rows.size(), 1U);
    QCOMPARE(crypto::sha256(BytesView(facts.constData(), std::size_t(facts.size()))).text(), rows.front().facts.text());
}

void TestReportPage::theStandAloneVerifierAcceptsTheExportedFile()
{
    openPage();
    const QString path = exportReport();
    const auto accepted = test::Program(QStringLiteral("countersign-verify")).arguments({path}).run();
    QVERIFY2(accepted.exitCode == 0, (accepted.out + accepted.err).constData());
    // And not whatever it is given: one changed bit in a recorded entry is found.
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    const QByteArray member("\"entry\":\"");
    const auto at = bytes.indexOf(member);
    QVERIFY(at > 0);
    char &digit = bytes[at + member.size() + 40];
    digit = digit == 'A' ? 'B' : 'A';
    file.seek(0);
    QCOMPARE(file.write(bytes), bytes.size());
    file.close();
    const auto refused = test::Program(QStringLiteral("countersign-verify")).arguments({path}).run();
    QVERIFY2(refused.exitCode != 0, refused.out.constData());
}

void TestReportPage::nothingIsIssuedWhenTheFileCannotBeWritten()
{
    openPage();
    widgets::dialogs::Scripted script({m_folder->filePath(QStringLiteral("nowhere/report.pdf")), m_folder->path()});
    auto *button = m_page->findChild<QPushButton *>(QStringLiteral("export"));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(m_messages->size(), 1);
    QVERIFY2(lastMessage().contains(QStringLiteral("nothing was recorded")), qPrintable(lastMessage()));
    QTest::mouseClick(button, Qt::LeftButton); // a folder
    QCOMPARE(m_messages->size(), 2);
    QVERIFY(reports().empty());
    QVERIFY(button->isEnabled());
}

void TestReportPage::nothingIsIssuedWhenTheDialogIsCancelled()
{
    openPage();
    widgets::dialogs::Scripted script({});
    QTest::mouseClick(m_page->findChild<QPushButton *>(QStringLiteral("export")), Qt::LeftButton);
    QCOMPARE(script.asked.size(), 1);
    QVERIFY(reports().empty());
}

void TestReportPage::writingCanBeCancelledAndTheReportSavedLater()
{
    openPage();
    const QString path = m_folder->filePath(QStringLiteral("cancelled.pdf"));
    widgets::dialogs::Scripted script({path, path});
    auto *cancel = m_page->findChild<QPushButton *>(QStringLiteral("cancel"));
    auto *reason = m_page->findChild<QLabel *>(QStringLiteral("reason"));
    struct ClickWhenShown : QObject { // a few pages are written faster than a test looks
        bool eventFilter(QObject *watched, QEvent *event) override
        {
            if (event->type() == QEvent::Show)
                static_cast<QPushButton *>(watched)->click();
            return false;
        }
    } impatient;
    cancel->installEventFilter(&impatient);
    QVERIFY(!cancel->isVisible());
    QTest::mouseClick(m_page->findChild<QPushButton *>(QStringLiteral("export")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_messages->isEmpty(), 30000);
    QVERIFY2(lastMessage().contains(QStringLiteral("its file was not written")), qPrintable(lastMessage()));
    QVERIFY(!QFile::exists(path));
    QVERIFY(!cancel->isVisible());
    QVERIFY2(reason->text().isEmpty(), qPrintable(reason->text()));
    cancel->removeEventFilter(&impatient);
    QCOMPARE(reports().size(), 1U);
    const auto told = m_messages->last().first().value<widgets::Message>();
    QCOMPARE(told.actions.size(), 1);
    told.actions.first().run(); // Save Elsewhere
    QTRY_COMPARE_WITH_TIMEOUT(m_messages->size(), 2, 30000);
    QVERIFY(QFile::exists(path));
    QCOMPARE(reports().size(), 1U); // issued once
}

void TestReportPage::issuedReportsAreListedWithTheirDigest()
{
    openPage();
    auto *table = m_page->findChild<widgets::TableView *>();
    QCOMPARE(table->model()->rowCount(), 0);
    exportReport();
    QTRY_COMPARE(table->model()->rowCount(), 1);
    const auto rows = reports();
    QVERIFY(table->model()->index(0, 0).data().toString().startsWith(QStringLiteral("R-0001")));
    QVERIFY(table->model()->index(0, 0).data(items::ReportsTable::IssuedRole).toString().contains(QStringLiteral("Ada Sample")));
    QCOMPARE(table->model()->index(0, 1).data().toString(), QString::fromStdString(rows.front().facts.hex()).left(12));
    shoot(QStringLiteral("report-issued"));
}

void TestReportPage::withoutAPersonTheReasonStandsBesideExport()
{
    openWorkspace({});
    openPage();
    QVERIFY(!m_page->findChild<QPushButton *>(QStringLiteral("export"))->isEnabled());
    QCOMPARE(m_page->findChild<QLabel *>(QStringLiteral("reason"))->text(), QStringLiteral("Choose who works here to issue a report."));
}

void TestReportPage::theListOfReportsIsAProperModel()
{
    items::ReportsTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    store::ReportRow row;
    row.title = "R-0001 model\xE2\x80\xAE audit"; // turns the reading direction: shown, not obeyed
    row.actor = "Ada Sample";
    table.setRows({row});
    QCOMPARE(table.rowCount(), 1);
    QVERIFY(!table.index(0, 0).data().toString().contains(QChar(0x202E)));
    table.setRows({});
    QCOMPARE(table.rowCount(), 0);
}

QTEST_MAIN(TestReportPage)
#include "tst_reportpage.moc"
