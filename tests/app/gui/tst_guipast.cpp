#include "app/gui/application.h"
#include "app/gui/dialogs/asofdialog.h"
#include "app/gui/pastwords.h"
#include "models/services/workspace/session.h"
#include "models/settings/profile.h"
#include "models/store/queries/inventoryquery.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/messages/messagebar.h"
#include "ui/widgets/tables/tableview.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QTimer>

using namespace countersign;
using namespace countersign::test;
using gui::Application;

/// Looking back, by real clicks and keys on the sample: the way in, what is seen and what is refused, and the way out.
class GuiPastTest : public QObject
{
    Q_OBJECT

    struct Running {
        settings::Profile profile;
        std::unique_ptr<Application> program;
        std::optional<Status> outcome{}; ///< of a picture
        shell::MainWindow &window() { return program->window(); }
        const services::WorkspaceState &state() { return program->workspace().state(); }
        widgets::MessageBar &past() { return *window().findChild<widgets::MessageBar *>(QStringLiteral("past")); }
        QAction *action(const QString &text)
        {
            for (auto *one : window().findChildren<QAction *>())
                if (one->text() == text)
                    return one;
            return nullptr;
        }
        QPushButton *button(const QString &text)
        {
            for (auto *one : window().findChildren<QPushButton *>())
                if (one->text() == text && one->isVisible())
                    return one;
            return nullptr;
        }
        bool shows(const QString &text)
        {
            for (const auto *label : window().findChildren<QLabel *>())
                if (label->isVisible() && label->text().contains(text))
                    return true;
            return false;
        }
        void open(const QString &page) { window().open({page, {}, {}, {}, {}}); }
    };

    std::unique_ptr<Running> start(const gui::Options &options)
    {
        auto running = std::unique_ptr<Running>(new Running{settings::Profile(settings::Folders::below(m_folder.file("profile"))), nullptr, {}});
        services::Environment environment = testEnvironment(7);
        environment.clock = std::make_shared<SystemClock>();
        running->program = std::make_unique<Application>(running->profile, environment, options);
        connect(running->program.get(), &Application::finished, running->program.get(), [shown = running.get()](const Status &status) { shown->outcome = status; });
        running->program->start();
        running->window().activateWindow();
        if (!QTest::qWaitForWindowActive(&running->window()) || !QTest::qWaitFor([&] { return running->state().isOpen && running->state().person; }, 60'000))
            return {};
        return running;
    }

    static gui::Options sample()
    {
        gui::Options options;
        options.isSample = true;
        options.size = QSize(1280, 720);
        return options;
    }

    /// Types into the dialog that comes next, and presses its act.
    static void answer(const QString &text, QString *hint = nullptr)
    {
        auto *timer = new QTimer(qApp);
        timer->setInterval(10);
        connect(timer, &QTimer::timeout, timer, [timer, text, hint] {
            auto *dialog = qobject_cast<gui::AsOfDialog *>(QApplication::activeModalWidget());
            if (!dialog)
                return;
            timer->deleteLater();
            timer->stop();
            auto *line = dialog->findChild<QLineEdit *>();
            line->selectAll();
            QTest::keyClicks(line, QStringLiteral("nonsense"));
            QTest::keyClick(line, Qt::Key_Return);
            if (hint)
                for (const auto *label : dialog->findChildren<QLabel *>())
                    *hint += label->text() + QLatin1Char('\n');
            line->selectAll();
            QTest::keyClicks(line, text);
            QTest::keyClick(line, Qt::Key_Return);
        });
        timer->start();
    }

    TemporaryFolder m_folder;

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(QStringLiteral("settings"));
        QCoreApplication::setApplicationName(QStringLiteral("past"));
        theme::install(*qApp);
    }

    void theMenuLooksBackAndEscReturns()
    {
        const auto r = start(sample());
        QVERIFY(r);
        const auto now = r->state().ledgerSize;
        QVERIFY(!r->past().isShown());
        QVERIFY(!r->action(QStringLiteral("Return to Now"))->isEnabled());
        QString said;
        answer(QStringLiteral("20"), &said);
        r->action(QStringLiteral("View as Of…"))->trigger();
        QVERIFY2(said.contains(QStringLiteral("neither a number of entries nor a time")), qPrintable(said)); // nonsense keeps the dialog
        QTRY_VERIFY_WITH_TIMEOUT(r->state().asOf, 30'000);
        QTRY_VERIFY(r->past().isShown());
        QCOMPARE(r->past().text(), gui::pastSentence(*r->state().asOf));
        QCOMPARE(r->past().accessibleName(), r->past().text());
        QVERIFY(r->past().text().contains(QStringLiteral("entry 19")));
        QVERIFY(r->window().windowTitle().contains(QStringLiteral("a past state")));
        // Nothing records: menus are off, pages say why.
        QVERIFY(!r->action(QStringLiteral("Import…"))->isEnabled());
        QVERIFY(!r->action(QStringLiteral("Work as Another Person…"))->isEnabled());
        QVERIFY(r->button(QStringLiteral("Import…")));
        QVERIFY(!r->button(QStringLiteral("Import…"))->isEnabled());
        QCOMPARE(r->button(QStringLiteral("Import…"))->accessibleDescription(), r->state().hindrance());
        r->open(QStringLiteral("policy"));
        QTRY_VERIFY(r->shows(QStringLiteral("Return to now to record anything.")));
        for (const char *text : {"New Limit", "New Limit…", "Change…", "Retire…"})
            if (const auto *button = r->button(QString::fromUtf8(text)))
                QVERIFY2(!button->isEnabled(), text);
        r->open(QStringLiteral("people"));
        QTRY_VERIFY(r->shows(QStringLiteral("Return to now to record anything.")));
        r->open(QStringLiteral("audit"));
        QTRY_VERIFY(r->shows(QStringLiteral("20 entries")));
        QTRY_VERIFY(r->button(QStringLiteral("Verify…")));
        QVERIFY(!r->button(QStringLiteral("Verify…"))->isEnabled());
        // Esc, where nothing else takes it.
        r->window().currentPage()->setFocus();
        QTest::keyClick(r->window().focusWidget() ? r->window().focusWidget() : &r->window(), Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(!r->state().asOf, 10'000);
        QTRY_VERIFY(!r->past().isShown());
        QCOMPARE(r->state().ledgerSize, now);
        QVERIFY(r->action(QStringLiteral("Import…"))->isEnabled());
        QTRY_VERIFY(r->button(QStringLiteral("Verify…"))->isEnabled());
    }

    void anEntryOfTheTrailLooksBackAndTheButtonReturns()
    {
        const auto r = start(sample());
        QVERIFY(r);
        r->open(QStringLiteral("audit"));
        QTRY_VERIFY(r->window().currentPage()->findChild<widgets::TableView *>());
        r->window().open({QStringLiteral("audit"), {}, {}, {}, QStringLiteral("57")});
        QPushButton *lookBack = nullptr;
        QTRY_VERIFY((lookBack = r->button(QStringLiteral("View as of This Entry"))));
        QTRY_VERIFY(r->shows(QStringLiteral("Entry 57")));
        lookBack->setFocus();
        QTest::keyClick(lookBack, Qt::Key_Space);
        QTRY_VERIFY_WITH_TIMEOUT(r->state().asOf, 30'000);
        QCOMPARE(r->state().asOf->size, std::uint64_t{58});
        QTRY_VERIFY(r->shows(QStringLiteral("58 entries")));
        QPushButton *back = nullptr;
        QTRY_VERIFY((back = r->button(QStringLiteral("Return to Now"))));
        QTest::mouseClick(back, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!r->state().asOf, 10'000);
    }

    void theCommandLineLooksBack()
    {
        auto options = sample();
        options.asOf = QStringLiteral("30");
        options.page = QStringLiteral("inventory");
        const auto r = start(options);
        QVERIFY(r);
        QTRY_VERIFY_WITH_TIMEOUT(r->state().asOf, 30'000);
        QCOMPARE(r->state().asOf->size, std::uint64_t{30});
        QTRY_VERIFY(r->past().isShown());
        QVERIFY(r->past().height() < 80); // one line or two at 1280
    }

    void picturesOfThePast_data()
    {
        QTest::addColumn<QString>("scheme");
        QTest::addColumn<QString>("page");
        for (const char *scheme : {"light", "dark"})
            for (const char *page : {"inventory", "model", "audit", "report", "policy"})
                QTest::addRow("%s %s", scheme, page) << QString::fromLatin1(scheme) << QString::fromLatin1(page);
    }
    void picturesOfThePast()
    {
        QFETCH(QString, scheme);
        QFETCH(QString, page);
        auto options = sample();
        options.scheme = scheme;
        options.page = page;
        options.asOf = QStringLiteral("110");
        options.screenshot = m_folder.filePath(scheme + QLatin1Char('-') + page + QStringLiteral(".png"));
        const auto r = start(options);
        QVERIFY(r);
        QTRY_VERIFY_WITH_TIMEOUT(r->outcome, 60'000);
        QVERIFY_RESULT(*r->outcome);
        const QString folder = QCoreApplication::applicationDirPath() + QStringLiteral("/gallery");
        QDir().mkpath(folder);
        const QImage picture(options.screenshot);
        QCOMPARE(picture.size(), QSize(1280, 720));
        QVERIFY(picture.save(folder + QStringLiteral("/past-") + scheme + QLatin1Char('-') + page + QStringLiteral(".png")));
        // The edge is in the colour of the warning, on every side.
        const QColor edge = theme::current().mark(theme::State::Watch);
        QCOMPARE(picture.pixelColor(1, 400), edge);
        QCOMPARE(picture.pixelColor(1278, 400), edge);
        QCOMPARE(picture.pixelColor(640, 718), edge);
    }
};

QTEST_MAIN(GuiPastTest)
#include "tst_guipast.moc"
