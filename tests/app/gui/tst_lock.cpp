#include "app/gui/application.h"
#include "app/gui/lock/lockcover.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/models/settings/keyringsession.h"
#include "tests/support/verify.h"
#include "ui/theme/theme.h"
#include "ui/widgets/frame/dialogframe.h"

#include <QApplication>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include <cstdio>

using namespace countersign;
using namespace countersign::test;
using gui::Application;
using gui::IdleLock;
using gui::LockCover;
using std::chrono::milliseconds;

namespace {

/// Follows the desktop of the session that it is started in, says when it is ready and when it locks.
int followDesktop(int argc, char **argv)
{
    QApplication application(argc, argv);
    IdleLock lock(std::chrono::hours(1));
    lock.followDesktop();
    QObject::connect(&lock, &IdleLock::locked, &application, [] {
        std::puts("locked");
        QApplication::quit();
    });
    std::puts("ready");
    std::fflush(stdout);
    return QApplication::exec();
}

LockCover *coverOf(const QWidget &window)
{
    return window.findChild<LockCover *>(QString(), Qt::FindDirectChildrenOnly);
}

} // namespace

/// Nobody is at the window: what it shows is hidden, passphrases are gone, and the person's own opens it again.
class LockTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        theme::install(*qApp);
    }

    void theTimeIsThatOfTheSystemsStart()
    {
        milliseconds now(1000);
        IdleLock lock(milliseconds(240'000), [&] { return now; });
        QSignalSpy locked(&lock, &IdleLock::locked);
        QWidget window;
        window.show();
        now += milliseconds(239'999);
        QTest::keyClick(&window, Qt::Key_A); // somebody is there
        QVERIFY(!lock.isLocked());
        now += milliseconds(239'999);
        QTest::mouseClick(&window, Qt::LeftButton);
        QVERIFY(!lock.isLocked());
        now += milliseconds(240'000); // the timer has not noticed: the computer slept
        QTest::keyClick(&window, Qt::Key_A);
        QVERIFY(lock.isLocked());
        QCOMPARE(locked.size(), 1);
        lock.lockNow();
        QCOMPARE(locked.size(), 1);
        lock.unlock();
        QVERIFY(!lock.isLocked());
        now += milliseconds(100);
        lock.setLimit(milliseconds(100));
        QVERIFY(lock.isLocked());
    }

    void timePassesWithoutAnyEvent()
    {
        IdleLock lock(milliseconds(50));
        QSignalSpy locked(&lock, &IdleLock::locked);
        QVERIFY(locked.wait(20000));
        const auto before = IdleLock::sinceStart();
        QVERIFY(before.count() > 0 && IdleLock::sinceStart() >= before);
    }

    void theDesktopsLockIsFollowed_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("member");
        QTest::newRow("screen saver") << QStringLiteral("/org/freedesktop/ScreenSaver")
                                      << QStringLiteral("org.freedesktop.ScreenSaver.ActiveChanged");
        QTest::newRow("GNOME") << QStringLiteral("/org/gnome/ScreenSaver")
                               << QStringLiteral("org.gnome.ScreenSaver.ActiveChanged");
        QTest::newRow("suspend") << QStringLiteral("/org/freedesktop/login1")
                                 << QStringLiteral("org.freedesktop.login1.Manager.PrepareForSleep");
    }
    void theDesktopsLockIsFollowed()
    {
        QFETCH(QString, path);
        QFETCH(QString, member);
        const KeyringSession session;
        QVERIFY(session.isRunning());
        QProcess follower;
        QProcessEnvironment environment = session.environment();
        environment.insert(QStringLiteral("DBUS_SYSTEM_BUS_ADDRESS"), session.address()); // one bus is both here
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        follower.setProcessEnvironment(environment);
        follower.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--follow-desktop")});
        QVERIFY(follower.waitForReadyRead(20000));
        QCOMPARE(follower.readLine().trimmed(), QByteArray("ready"));
        const auto say = [&](const char *value) {
            return session.run(QStringLiteral("dbus-send"),
                               {QStringLiteral("--session"), QStringLiteral("--type=signal"), path, member,
                                QString::fromLatin1(value)});
        };
        QCOMPARE(say("boolean:false"), QString()); // woke up: no reason to lock
        QCOMPARE(say("boolean:true"), QString());
        QVERIFY(follower.waitForFinished(20000));
        QCOMPARE(follower.readAllStandardOutput().trimmed(), QByteArray("locked"));
    }

    void everythingIsHiddenUntilThePassphraseComes()
    {
        const auto running = start();
        QVERIFY(running);
        auto &window = running->program->window();
        const QString title = window.windowTitle();
        QDialog dialog(&window);
        auto *column = widgets::dialogColumn(dialog);
        auto *draft = new QLineEdit;
        auto *secret = new QLineEdit;
        secret->setEchoMode(QLineEdit::Password);
        column->addWidget(draft);
        column->addWidget(secret);
        dialog.setWindowModality(Qt::WindowModal);
        dialog.show();
        QTest::keyClicks(draft, QStringLiteral("a comment half written"));
        QTest::keyClicks(secret, QStringLiteral("correct horse"));

        lockNow(window);
        QVERIFY(coverOf(window) && coverOf(dialog));
        QCOMPARE(coverOf(dialog)->size(), dialog.size());
        QCOMPARE(secret->text(), QString());
        QVERIFY(!secret->isUndoAvailable());
        QVERIFY(window.windowTitle() != title && !window.windowTitle().contains(QStringLiteral("Test workspace")));
        QVERIFY(!draft->isEnabled());
        QTest::keyClicks(draft, QStringLiteral("x"));
        QCOMPARE(draft->text(), QStringLiteral("a comment half written"));
        QDialog late(&window); // comes up meanwhile
        late.show();
        QVERIFY(coverOf(late));

        type(dialog, QStringLiteral("not this one"));
        QTRY_VERIFY_WITH_TIMEOUT(coverOf(dialog)->findChild<QPushButton *>(QStringLiteral("unlock"))->isEnabled(),
                                 20000);
        QVERIFY(coverOf(window));
        type(dialog, QStringLiteral("correct horse battery"));
        QTRY_VERIFY_WITH_TIMEOUT(!coverOf(window) && !coverOf(dialog) && !coverOf(late), 20000);
        QCOMPARE(window.windowTitle(), title);
        QVERIFY(draft->isEnabled());
        QCOMPARE(draft->text(), QStringLiteral("a comment half written"));
        lockNow(window); // and again
        QVERIFY(coverOf(window));
    }

    void thePastIsLockedAndOpenedLikeThePresent()
    {
        const auto running = start();
        QVERIFY(running);
        auto &window = running->program->window();
        auto &workspace = running->program->workspace();
        services::AsOfPoint point;
        point.size = 1;
        std::optional<Status> shown;
        workspace.viewAsOf(point, this, [&](const Status &status) { shown = status; });
        QTRY_VERIFY_WITH_TIMEOUT(shown && workspace.state().asOf, 20000);
        running->program->findChild<IdleLock *>()->lockNow();
        QVERIFY(coverOf(window));
        type(window, QStringLiteral("correct horse battery"));
        QTRY_VERIFY_WITH_TIMEOUT(!coverOf(window), 20000);
        QVERIFY(workspace.state().asOf); // at the same place
    }

    void whoCannotOpenItClosesTheWorkspace()
    {
        const auto running = start();
        QVERIFY(running);
        auto &window = running->program->window();
        lockNow(window);
        QVERIFY(coverOf(window));
        QTest::mouseClick(coverOf(window)->findChild<QPushButton *>(QStringLiteral("closeLocked")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!running->program->workspace().state().isOpen, 20000);
        QTRY_VERIFY(!coverOf(window));
    }

    void withoutAWorkspaceThereIsNothingToHide()
    {
        settings::Profile profile(settings::Folders::below(m_folder.file("empty")));
        Application program(profile, testEnvironment(7), {});
        program.start();
        auto *idle = program.findChild<IdleLock *>();
        QVERIFY(idle);
        idle->lockNow();
        QVERIFY(!coverOf(program.window()));
        QVERIFY(!idle->isLocked());
    }

private:
    struct Running {
        settings::Profile profile;
        std::unique_ptr<Application> program;
    };
    std::unique_ptr<Running> start()
    {
        const QString name = QStringLiteral("lock%1").arg(++m_count);
        const std::string file = m_folder.filePath(name + QStringLiteral(".countersign")).toStdString();
        if (const auto made = freshWorkspace(file, testEnvironment(3)); !made)
            return {};
        auto running = std::unique_ptr<Running>(
            new Running{settings::Profile(settings::Folders::below(m_folder.file(name.toStdString()))), nullptr});
        gui::Options options;
        options.workspace = QString::fromStdString(file);
        running->program = std::make_unique<Application>(running->profile, testEnvironment(7), options);
        running->program->start();
        running->program->window().activateWindow();
        const auto isReady = [&] {
            return running->program->workspace().state().isOpen && running->program->workspace().state().person;
        };
        return QTest::qWaitFor(isReady, 30000) ? std::move(running) : nullptr;
    }
    static void lockNow(QWidget &window)
    {
        for (auto *action : window.findChildren<QAction *>())
            if (action->text() == QStringLiteral("Lock Now"))
                action->trigger();
    }
    static void type(const QWidget &window, const QString &passphrase)
    {
        auto *line = coverOf(window)->findChild<QLineEdit *>(QStringLiteral("unlockPassphrase"));
        QTest::keyClicks(line, passphrase);
        QTest::keyClick(line, Qt::Key_Return);
    }

    TemporaryFolder m_folder;
    int m_count = 0;
};

int main(int argc, char **argv)
{
    if (argc > 1 && QByteArray(argv[1]) == "--follow-desktop")
        return followDesktop(argc, argv);
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("settings"));
    QCoreApplication::setApplicationName(QStringLiteral("window"));
    LockTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_lock.moc"
