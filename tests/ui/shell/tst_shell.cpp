#include "tests/ui/shell/gallerypage.h"
#include "ui/shell/history.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/rail.h"
#include "ui/shell/topbar.h"
#include "ui/theme/theme.h"
#include "ui/welcome/welcomepage.h"
#include "ui/widgets/messages/messagebar.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTableView>
#include <QTest>

using namespace countersign;
using shell::InRail;
using widgets::Target;

namespace {

Target place(const QString &page, const QString &model = {})
{
    return Target{page, model, {}, {}, {}};
}

const QString kWork = QStringLiteral("work");
const QString kInventory = QStringLiteral("inventory");

} // namespace

class TestShell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void historyForgetsWhatLayAheadOfANewPlace();
    void altArrowsWalkTheHistory();
    void theRailShowsWhereWeAreAndOpensOnClick();
    void numbersOpenPlaces();
    void arrowsInTheRailMoveOnlyTheKeyboard();
    void theKeyboardFollowsACrumbIntoThePage();
    void f5RefreshesTheShownPage();
    void pagesNavigateAndTellThroughTheirSignals();
    void theWelcomePageHasNoRailAndNoHistory();
    void f6WalksThePanes();
    void windowAndPlaceSurviveARestart();
    void aNarrowWindowFoldsTheRail();
    void choosingAThemeAppliesAndIsKept();
    void everyFocusableControlHasAName();
    void tabReachesEveryControlOnce();

private:
    struct Window {
        std::unique_ptr<shell::MainWindow> frame;
        gallery::GalleryPage *work = nullptr;
        gallery::GalleryPage *inventory = nullptr;
    };
    Window makeWindow();
};

void TestShell::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("shell"));
    theme::install(*qApp);
}

TestShell::Window TestShell::makeWindow()
{
    Window w{std::make_unique<shell::MainWindow>(), new gallery::GalleryPage(QStringLiteral("My Work")),
             new gallery::GalleryPage(QStringLiteral("Inventory"))};
    w.frame->setWelcome(new welcome::WelcomePage);
    w.frame->addPage(kWork, QStringLiteral("My Work"), QStringLiteral("inbox"), w.work, InRail::Yes);
    w.frame->addPage(kInventory, QStringLiteral("Inventory"), QStringLiteral("inventory"), w.inventory, InRail::Yes);
    w.frame->addPage(QStringLiteral("parts"), QStringLiteral("Parts"), QStringLiteral("settings"), new gallery::PartsPage, InRail::Foot);
    w.frame->resize(1440, 900);
    w.frame->show();
    w.frame->activateWindow();
    if (!QTest::qWaitForWindowActive(w.frame.get()))
        qWarning("the window did not become active");
    return w;
}

void TestShell::historyForgetsWhatLayAheadOfANewPlace()
{
    shell::History history;
    QVERIFY(!history.canGoBack() && !history.canGoForward());
    history.visit(place(QStringLiteral("a")));
    history.visit(place(QStringLiteral("a")));
    QCOMPARE(history.size(), 1);
    history.visit(place(QStringLiteral("b")));
    history.visit(place(QStringLiteral("c")));
    QCOMPARE(history.goBack().page, QStringLiteral("b"));
    QCOMPARE(history.goBack().page, QStringLiteral("a"));
    QVERIFY(!history.canGoBack());
    QCOMPARE(history.goForward().page, QStringLiteral("b"));
    history.visit(place(QStringLiteral("d")));
    QVERIFY(!history.canGoForward());
    QCOMPARE(history.goBack().page, QStringLiteral("b"));
    for (int i = 0; i < 500; ++i)
        history.visit(place(QString::number(i)));
    QVERIFY(history.size() <= 200);
    QCOMPARE(history.goBack().page, QStringLiteral("498"));
}

void TestShell::altArrowsWalkTheHistory()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    w.frame->open(place(kInventory));
    w.frame->open(place(kInventory, QStringLiteral("m:1")));
    QTest::keyClick(w.frame.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(w.frame->currentTarget(), place(kInventory));
    QTest::keyClick(w.frame.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(w.frame->currentPage(), w.work);
    QTest::keyClick(w.frame.get(), Qt::Key_Left, Qt::AltModifier); // nothing further back
    QCOMPARE(w.frame->currentPage(), w.work);
    QTest::keyClick(w.frame.get(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(w.inventory->opened.last(), place(kInventory));
    w.frame->open(place(QStringLiteral("no such page")));
    QCOMPARE(w.frame->currentPage(), w.inventory);
}

void TestShell::theRailShowsWhereWeAreAndOpensOnClick()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    auto *rail = w.frame->findChild<shell::Rail *>();
    const QModelIndex second = rail->model()->index(1, 0);
    QTest::mouseClick(rail->viewport(), Qt::LeftButton, Qt::NoModifier, rail->visualRect(second).center());
    QCOMPARE(w.frame->currentPage(), w.inventory);
    QVERIFY(rail->selectionModel()->isSelected(second));
    w.frame->setPlaceEnabled(kWork, false, QStringLiteral("Not your role."));
    const QModelIndex first = rail->model()->index(0, 0);
    QTest::mouseClick(rail->viewport(), Qt::LeftButton, Qt::NoModifier, rail->visualRect(first).center());
    QCOMPARE(w.frame->currentPage(), w.inventory);
    QCOMPARE(first.data(Qt::ToolTipRole).toString(), QStringLiteral("Not your role."));
    w.frame->setPlaceCount(kInventory, 7);
    QVERIFY(second.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("7")));
}

void TestShell::numbersOpenPlaces()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    QTest::keyClick(w.frame.get(), Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(w.frame->currentPage(), w.inventory);
    QTest::keyClick(w.frame.get(), Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(w.frame->currentPage(), w.work);
}

void TestShell::arrowsInTheRailMoveOnlyTheKeyboard()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    auto *rail = w.frame->findChild<shell::Rail *>();
    rail->setFocus();
    QTest::keyClick(rail, Qt::Key_Down);
    QCOMPARE(w.frame->currentPage(), w.work);
    QCOMPARE(rail->currentIndex().row(), 1);
    QTest::keyClick(rail, Qt::Key_Return);
    QCOMPARE(w.frame->currentPage(), w.inventory);
}

void TestShell::theKeyboardFollowsACrumbIntoThePage()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    auto *crumb = w.frame->findChild<shell::TopBar *>()->findChild<QPushButton *>();
    QVERIFY(crumb);
    crumb->setFocus();
    QTest::keyClick(crumb, Qt::Key_Return);
    QCOMPARE(w.frame->currentPage(), w.inventory);
    QVERIFY(w.inventory->isAncestorOf(w.frame->focusWidget()));
}

void TestShell::f5RefreshesTheShownPage()
{
    const Window w = makeWindow();
    w.frame->open(place(kInventory));
    QTest::keyClick(w.frame.get(), Qt::Key_F5);
    QCOMPARE(w.inventory->refreshes, 1);
    QCOMPARE(w.work->refreshes, 0);
}

void TestShell::pagesNavigateAndTellThroughTheirSignals()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    Q_EMIT w.work->message(widgets::Message::warning(QStringLiteral("Three rows were rejected.")));
    auto *bar = w.frame->findChild<widgets::MessageBar *>(QStringLiteral("messages"));
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->text(), QStringLiteral("Three rows were rejected."));
    Q_EMIT w.work->navigate(place(kInventory, QStringLiteral("m:2")));
    QCOMPARE(w.frame->currentPage(), w.inventory);
    QCOMPARE(w.inventory->opened.last().model, QStringLiteral("m:2"));
    QVERIFY(w.frame->windowTitle().startsWith(QStringLiteral("Inventory")));
}

void TestShell::theWelcomePageHasNoRailAndNoHistory()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    w.frame->open(place(kInventory));
    w.frame->showWelcome();
    QVERIFY(!w.frame->findChild<shell::Rail *>()->isVisible());
    QTest::keyClick(w.frame.get(), Qt::Key_Left, Qt::AltModifier);
    QVERIFY(qobject_cast<welcome::WelcomePage *>(w.frame->currentPage()));
    QTest::keyClick(w.frame.get(), Qt::Key_2, Qt::ControlModifier);
    QVERIFY(qobject_cast<welcome::WelcomePage *>(w.frame->currentPage()));
    QCOMPARE(w.frame->currentPage()->initialFocus(), QApplication::focusWidget());
}

void TestShell::f6WalksThePanes()
{
    const Window w = makeWindow();
    w.frame->open(place(kInventory));
    auto *rail = w.frame->findChild<shell::Rail *>();
    rail->setFocus();
    QTest::keyClick(w.frame.get(), Qt::Key_F6);
    QVERIFY(w.inventory->isAncestorOf(QApplication::focusWidget()));
    QTest::keyClick(w.frame.get(), Qt::Key_F6);
    QCOMPARE(QApplication::focusWidget(), rail);
    w.frame->showMessage(widgets::Message::info(QStringLiteral("Hello.")));
    QTest::keyClick(w.frame.get(), Qt::Key_F6, Qt::ShiftModifier);
    QVERIFY(w.frame->findChild<widgets::MessageBar *>(QStringLiteral("messages"))->isAncestorOf(QApplication::focusWidget()));
}

void TestShell::windowAndPlaceSurviveARestart()
{
    {
        const Window w = makeWindow();
        w.frame->open(place(kInventory, QStringLiteral("m:7")));
        w.frame->resize(1300, 740);
        w.frame->close();
    }
    const Window again{std::make_unique<shell::MainWindow>()};
    QVERIFY(again.frame->lastTarget().page.isEmpty()); // its page is not there yet
    again.frame->addPage(kInventory, QStringLiteral("Inventory"), QStringLiteral("inventory"),
                         new gallery::GalleryPage(QStringLiteral("Inventory")), InRail::Yes);
    QCOMPARE(again.frame->lastTarget(), place(kInventory, QStringLiteral("m:7")));
    QVERIFY(!QSettings().value(QStringLiteral("window/geometry")).toByteArray().isEmpty());
}

void TestShell::aNarrowWindowFoldsTheRail()
{
    const Window w = makeWindow();
    w.frame->open(place(kWork));
    auto *rail = w.frame->findChild<shell::Rail *>();
    QVERIFY(!rail->isIconsOnly());
    w.frame->resize(1100, 700);
    QTRY_VERIFY(rail->isIconsOnly());
    QCOMPARE(rail->model()->index(0, 0).data(Qt::ToolTipRole).toString(), QStringLiteral("My Work"));
}

void TestShell::choosingAThemeAppliesAndIsKept()
{
    const Window w = makeWindow();
    QAction *dark = nullptr;
    for (QAction *action : w.frame->findChildren<QAction *>())
        if (action->text() == QStringLiteral("Dark"))
            dark = action;
    QVERIFY(dark);
    dark->trigger();
    QVERIFY(theme::current().isDark());
    theme::instance()->setPreference(theme::Preference::Light);
    const shell::MainWindow again; // reads the choice
    QVERIFY(theme::current().isDark());
    theme::instance()->setPreference(theme::Preference::Light);
}

void TestShell::everyFocusableControlHasAName()
{
    const Window w = makeWindow();
    w.frame->open(place(kInventory));
    w.frame->open(place(QStringLiteral("parts")));
    w.frame->showMessage({widgets::Tone::Info, QStringLiteral("Hello."), {{QStringLiteral("Retry"), [] {}}}});
    int checked = 0;
    for (const QWidget *widget : w.frame->findChildren<QWidget *>()) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || qobject_cast<const QMenuBar *>(widget))
            continue;
        if (widget->objectName().startsWith(QStringLiteral("qt_")) || qobject_cast<const QLineEdit *>(widget->parentWidget()))
            continue; // pieces that Qt makes inside a named control
        const QAccessibleInterface *face = QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
        QVERIFY(face);
        QVERIFY2(!face->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
        ++checked;
    }
    QVERIFY(checked > 30);
}

void TestShell::tabReachesEveryControlOnce()
{
    const Window w = makeWindow();
    w.frame->open(place(kInventory));
    QTest::qWait(1);
    auto *rail = w.frame->findChild<shell::Rail *>();
    rail->setFocus(Qt::TabFocusReason);
    QList<QWidget *> reached{rail};
    for (int i = 0; i < 60; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        if (QApplication::focusWidget() == rail)
            break;
        QVERIFY(!reached.contains(QApplication::focusWidget()));
        reached.append(QApplication::focusWidget());
    }
    QCOMPARE(QApplication::focusWidget(), rail); // came round
    for (const QAbstractButton *button : w.inventory->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->isEnabled() && (button->focusPolicy() & Qt::TabFocus))
            QVERIFY2(reached.contains(const_cast<QAbstractButton *>(button)), qPrintable(button->text()));
    }
    QVERIFY(reached.contains(w.inventory->findChild<QTableView *>()));
}

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
