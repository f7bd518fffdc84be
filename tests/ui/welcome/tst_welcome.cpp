#include "ui/theme/theme.h"
#include "ui/welcome/choicebutton.h"
#include "ui/welcome/welcomepage.h"
#include "ui/widgets/messages/dialogs.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>

using namespace countersign;
using welcome::RecentList;
using welcome::RecentWorkspace;
using welcome::WelcomePage;

class TestWelcome : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }
    void altNumbersChoose();
    void withoutRecentTheFourthChoiceAsksForAFile();
    void withSeveralRecentTheFourthChoiceGoesToTheList();
    void recentOpensLocatesAndRemoves();
    void aDroppedReportIsVerified();
    void anythingElseIsNotAccepted();

private:
    std::unique_ptr<WelcomePage> makePage(const QList<RecentWorkspace> &recent = {});
};

std::unique_ptr<WelcomePage> TestWelcome::makePage(const QList<RecentWorkspace> &recent)
{
    auto page = std::make_unique<WelcomePage>();
    page->setRecent(recent);
    page->resize(1280, 660);
    page->show();
    page->activateWindow();
    if (!QTest::qWaitForWindowActive(page.get()))
        qWarning("the window did not become active");
    return page;
}

namespace {

const QList<RecentWorkspace> kTwo = {
    {QStringLiteral("bank"), QStringLiteral("postgresql://db.example/bank"), QStringLiteral("db.example"), QStringLiteral("Yesterday"), true, false},
    {QStringLiteral("gone"), QStringLiteral("/media/gone.countersign"), {}, {}, false, true}};

void drop(QWidget &page, const QMimeData &data, bool expected)
{
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.setAccepted(false);
    qApp->sendEvent(&page, &enter);
    QCOMPARE(enter.isAccepted(), expected);
    if (!expected)
        return;
    QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    qApp->sendEvent(&page, &event);
}

} // namespace

void TestWelcome::altNumbersChoose()
{
    const auto page = makePage();
    QSignalSpy sample(page.get(), &WelcomePage::exploreSample);
    QSignalSpy local(page.get(), &WelcomePage::newLocalWorkspace);
    QSignalSpy shared(page.get(), &WelcomePage::connectShared);
    QSignalSpy verify(page.get(), &WelcomePage::verifyFile);
    widgets::dialogs::Scripted script({QStringLiteral("/tmp/report.pdf")});
    for (const int key : {Qt::Key_1, Qt::Key_2, Qt::Key_3, Qt::Key_5})
        QTest::keyClick(page.get(), Qt::Key(key), Qt::AltModifier);
    QCOMPARE(sample.count(), 1);
    QCOMPARE(local.count(), 1);
    QCOMPARE(shared.count(), 1);
    QCOMPARE(verify.count(), 1);
    QCOMPARE(verify.first().first().toString(), QStringLiteral("/tmp/report.pdf"));
    QTest::keyClick(page.get(), Qt::Key_5, Qt::AltModifier); // cancelled: nothing to verify
    QCOMPARE(verify.count(), 1);
    page->initialFocus()->setFocus();
    QTest::keyClick(page->initialFocus(), Qt::Key_Return);
    QCOMPARE(sample.count(), 2);
}

void TestWelcome::withoutRecentTheFourthChoiceAsksForAFile()
{
    const auto page = makePage();
    QSignalSpy open(page.get(), &WelcomePage::openFile);
    QTest::keyClick(page.get(), Qt::Key_4, Qt::AltModifier);
    QCOMPARE(open.count(), 1);
    QVERIFY(!page->findChild<RecentList *>()->isVisible());
}

void TestWelcome::withSeveralRecentTheFourthChoiceGoesToTheList()
{
    const auto page = makePage(kTwo);
    QSignalSpy open(page.get(), &WelcomePage::openRecent);
    QTest::keyClick(page.get(), Qt::Key_4, Qt::AltModifier);
    QCOMPARE(QApplication::focusWidget(), page->findChild<RecentList *>());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QCOMPARE(open.count(), 1);
    QCOMPARE(open.first().first().toString(), kTwo[0].path);
}

void TestWelcome::recentOpensLocatesAndRemoves()
{
    const auto page = makePage(kTwo);
    auto *list = page->findChild<RecentList *>();
    QSignalSpy open(page.get(), &WelcomePage::openRecent);
    QSignalSpy locate(page.get(), &WelcomePage::locateRecent);
    QSignalSpy remove(page.get(), &WelcomePage::removeRecent);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(1, 0)).center());
    QCOMPARE(locate.count(), 1);
    QCOMPARE(open.count(), 0);
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(remove.count(), 1);
    QCOMPARE(remove.first().first().toString(), kTwo[1].path);
    QVERIFY(list->model()->index(1, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("not found")));
}

void TestWelcome::aDroppedReportIsVerified()
{
    const auto page = makePage();
    QSignalSpy verify(page.get(), &WelcomePage::verifyFile);
    QSignalSpy message(page.get(), &WelcomePage::message);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QStringLiteral("/tmp/Report 7.PDF"))});
    drop(*page, data, true);
    QCOMPARE(message.count(), 1); // says what will happen before the release
    QCOMPARE(verify.count(), 1);
    QCOMPARE(verify.first().first().toString(), QStringLiteral("/tmp/Report 7.PDF"));
}

void TestWelcome::anythingElseIsNotAccepted()
{
    const auto page = makePage();
    QMimeData text;
    text.setText(QStringLiteral("/tmp/report.pdf"));
    drop(*page, text, false);
    QMimeData program;
    program.setUrls({QUrl::fromLocalFile(QStringLiteral("/tmp/program.exe"))});
    drop(*page, program, false);
    QMimeData remote;
    remote.setUrls({QUrl(QStringLiteral("https://example.org/report.pdf"))});
    drop(*page, remote, false);
}

QTEST_MAIN(TestWelcome)
#include "tst_welcome.moc"
