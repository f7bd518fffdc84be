#include "app/gui/application.h"
#include "app/gui/dialogs/connectdialog.h"
#include "app/gui/dialogs/newworkspacedialog.h"
#include "app/gui/dialogs/passworddialog.h"
#include "app/gui/dialogs/persondialog.h"
#include "app/gui/dialogs/verifydialog.h"
#include "app/gui/drops.h"
#include "app/gui/statuswords.h"
#include "app/gui/versions.h"
#include "models/database/transaction.h"
#include "models/ledger/entry.h"
#include "models/ledger/filereport.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/ledger/proofs.h"
#include "models/services/review/pending.h"
#include "models/services/review/reports.h"
#include "models/services/sample/sample.h"
#include "models/store/ledgerstore.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"
#include "ui/people/enroldialog.h"
#include "ui/theme/theme.h"
#include "ui/welcome/welcomepage.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/messagebar.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QBuffer>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenuBar>
#include <QPainter>
#include <QPdfWriter>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTest>
#include <QTimer>

#include <fstream>

using namespace countersign;
using namespace countersign::test;
using gui::Application;

namespace {

QPushButton *buttonOf(const QWidget &parent, const QString &text)
{
    for (auto *button : parent.findChildren<QPushButton *>()) {
        if (button->text() == text)
            return button;
    }
    return nullptr;
}

QLineEdit *lineOf(const QWidget &parent, const QString &accessibleName)
{
    for (auto *line : parent.findChildren<QLineEdit *>()) {
        if (line->accessibleName().startsWith(accessibleName))
            return line;
    }
    return nullptr;
}

void fill(const QWidget &parent, const QString &name, const QString &text)
{
    QLineEdit *line = lineOf(parent, name);
    QVERIFY2(line, qPrintable(name));
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
}

bool shows(const QWidget &parent, const QString &text)
{
    for (const auto *label : parent.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&parent) && label->text().contains(text))
            return true;
    }
    return false;
}

/// Answers the next modal dialog of a kind, whenever it comes.
template<class Dialog>
class Answer : public QObject
{
public:
    explicit Answer(std::function<void(Dialog &)> act) : m_act(std::move(act))
    {
        m_timer.setInterval(10);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            auto *dialog = qobject_cast<Dialog *>(QApplication::activeModalWidget());
            if (!dialog || m_isDone)
                return;
            m_isDone = true;
            m_timer.stop();
            m_act(*dialog);
        });
        m_timer.start();
    }
    bool isDone() const { return m_isDone; }

private:
    QTimer m_timer;
    std::function<void(Dialog &)> m_act;
    bool m_isDone = false;
};

void grab(QWidget &widget, const QString &name)
{
    const QString folder = QCoreApplication::applicationDirPath() + QStringLiteral("/gallery");
    QDir().mkpath(folder);
    widget.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
}

} // namespace

/// The whole window in process: every way into a workspace by real clicks and keys, with real databases.
class GuiWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theWelcomePageOpensTheSample();
    void aNewWorkspaceAsksUntilEverythingFits();
    void aNewLocalWorkspaceIsMadeAndOpened();
    void severalPeopleAreAskedOnceWhoWorks();
    void aDamagedLedgerIsToldAndStaysTold();
    void aForgedEntryIsToldThoughTheTreeIsWhole();
    void aRestoredBackupIsToldAndGoesOnWithAReason();
    void aSignatureThatWasNotRecordedIsDecidedHere();
    void closingGoesBackToTheWelcomePageAndRemembers();
    void aMissingFileIsToldInTheMessageBar();
    void aSharedDatabaseIsTestedAndMadeAWorkspace();
    void aPasswordIsAskedForWhenTheServerWantsOne();
    void aFileIsKnownByItsNameAndFirstBytes();
    void aProofBundleIsVerifiedWithoutAWorkspace();
    void aReviewOpensInAWindowOfItsOwn();
    void aNewComputerIsEnrolledWhereItIsNeeded_data() { forEachBackend(); }
    void aNewComputerIsEnrolledWhereItIsNeeded();
    void whoWorksHereIsAskedWhereItIsNeeded();
    void wordsForThePast();
    void aboutNamesTheVersions();
    void picturesOfTheDialogs();

private:
    struct Running {
        settings::Profile profile;
        std::unique_ptr<Application> program;
        shell::MainWindow &window() { return program->window(); }
        const services::WorkspaceState &state() { return program->workspace().state(); }
        widgets::MessageBar &messages() { return *window().findChild<widgets::MessageBar *>(QStringLiteral("messages")); }
        QAction *action(const QString &text)
        {
            for (auto *one : window().findChildren<QAction *>()) {
                if (one->text() == text)
                    return one;
            }
            return nullptr;
        }
    };
    std::unique_ptr<Running> start(const QString &profile, const gui::Options &options = {});
    std::string workspaceFile(const QString &name, int morePeople = 0);
    void enrolTheWindowsComputer(const std::string &file);

    TemporaryFolder m_folder;
};

void GuiWindowTest::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    QCoreApplication::setOrganizationName(QStringLiteral("settings"));
    QCoreApplication::setApplicationName(QStringLiteral("window"));
    theme::install(*qApp);
}

std::unique_ptr<GuiWindowTest::Running> GuiWindowTest::start(const QString &profile, const gui::Options &options)
{
    auto running = std::unique_ptr<Running>(new Running{settings::Profile(settings::Folders::below(m_folder.file(profile.toStdString()))), nullptr});
    services::Environment environment = testEnvironment(7);
    environment.clock = std::make_shared<SystemClock>();
    environment.kept = running->profile.folders().data;
    running->program = std::make_unique<Application>(running->profile, environment, options);
    running->program->start();
    running->window().activateWindow();
    if (!QTest::qWaitForWindowActive(&running->window()))
        return {};
    return running;
}

/// A workspace that another computer made.
std::string GuiWindowTest::workspaceFile(const QString &name, int morePeople)
{
    const std::string file = m_folder.filePath(name).toStdString();
    auto session = freshWorkspace(file, testEnvironment(3));
    if (!session)
        qFatal("%s", session.error().text().c_str());
    const Person ada = *(*session)->person();
    const auto key = (*session)->unlock(ada, passphrase());
    for (int i = 0; i < morePeople; ++i) {
        const auto added = services::addPerson(**session, {"Second Sample " + std::to_string(i), "second" + std::to_string(i), {Role::Validator}}, nullptr, ada, **key);
        if (!added)
            qFatal("%s", added.error().text().c_str());
    }
    return file;
}

/// The computer that start() is, in a workspace that another one made.
void GuiWindowTest::enrolTheWindowsComputer(const std::string &file)
{
    services::Environment environment = testEnvironment(7);
    environment.randomness = std::make_shared<SeededRandomness>(70); // start() draws the same ids otherwise
    const auto session = services::Session::open({database::Location::sqlite(file), {}, false, "asample"}, environment);
    QVERIFY_RESULT(session);
    const auto key = (*session)->unlock(*(*session)->person(), passphrase());
    QVERIFY_RESULT(key);
    QVERIFY_RESULT(services::enrolDevice(**session, *(*session)->person(), **key));
}

void GuiWindowTest::theWelcomePageOpensTheSample()
{
    const auto r = start(QStringLiteral("sample"));
    QVERIFY(r);
    QVERIFY(qobject_cast<welcome::WelcomePage *>(r->window().currentPage()));
    QTest::keyClick(&r->window(), Qt::Key_1, Qt::AltModifier);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 30000);
    QTRY_COMPARE(r->window().currentTarget().page, QStringLiteral("inventory"));
    QVERIFY(r->state().isSample);
    QTRY_VERIFY(r->window().currentPage()->findChild<widgets::TableView *>()->model()->rowCount() > 5);
    QVERIFY(r->messages().isShown());
    QVERIFY(r->messages().text().contains(QString::fromLatin1(services::kSamplePassphrase)));
    QTRY_VERIFY(r->state().person);
    QCOMPARE(r->state().person->login, std::string(services::kSampleLogin)); // who may review and sign
    QVERIFY(r->state().person->is(Role::Validator));
    QTRY_VERIFY(r->window().findChild<QPushButton *>(QStringLiteral("person"))->text().contains(QStringLiteral("Validator")));
    QVERIFY(r->window().windowTitle().contains(QStringLiteral("Countersign")));
    QTRY_VERIFY_WITH_TIMEOUT(shows(r->window(), QStringLiteral("signatures checked")), 30000);
    QVERIFY(r->profile.samplePath());

    const auto again = start(QStringLiteral("sample")); // the second time it is there
    QVERIFY(again);
    QTest::keyClick(&again->window(), Qt::Key_1, Qt::AltModifier);
    QTRY_VERIFY_WITH_TIMEOUT(again->state().isOpen, 10000);
    QCOMPARE(again->state().ledger.text(), r->state().ledger.text());
}

void GuiWindowTest::aNewWorkspaceAsksUntilEverythingFits()
{
    gui::NewWorkspaceDialog dialog(nullptr);
    dialog.show();
    QPushButton *act = buttonOf(dialog, QStringLiteral("Create Workspace"));
    QVERIFY(act);
    fill(dialog, QStringLiteral("File"), m_folder.filePath(QStringLiteral("none/new.countersign")));
    QTest::mouseClick(act, Qt::LeftButton);
    QVERIFY(dialog.isVisible());
    QVERIFY(shows(dialog, QStringLiteral("There is no folder")));
    QVERIFY(shows(dialog, QStringLiteral("Your name is printed")));
    fill(dialog, QStringLiteral("File"), m_folder.filePath(QStringLiteral("new")));
    fill(dialog, QStringLiteral("Your name"), QStringLiteral("Ada Sample"));
    QCOMPARE(lineOf(dialog, QStringLiteral("Login"))->text(), QStringLiteral("asample"));
    fill(dialog, QStringLiteral("Passphrase"), QStringLiteral("short"));
    fill(dialog, QStringLiteral("The same"), QStringLiteral("other"));
    QTest::mouseClick(act, Qt::LeftButton);
    QVERIFY(dialog.isVisible());
    QVERIFY(shows(dialog, QStringLiteral("fewer than 8")));
    QVERIFY(shows(dialog, QStringLiteral("The two differ")));
    fill(dialog, QStringLiteral("Passphrase"), QStringLiteral("long enough now"));
    fill(dialog, QStringLiteral("The same"), QStringLiteral("long enough now"));
    for (auto *box : dialog.findChildren<QCheckBox *>()) {
        if (box->text() == QStringLiteral("Validator"))
            QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    }
    QTest::keyClick(lineOf(dialog, QStringLiteral("The same")), Qt::Key_Return);
    QVERIFY(!dialog.isVisible());
    const auto request = dialog.request();
    QCOMPARE(request.location.file.filename().string(), std::string("new.countersign"));
    QCOMPARE(request.roles, (std::vector<Role>{Role::Validator, Role::Administrator}));
    QCOMPARE(std::string(dialog.takePassphrase()->view()), std::string("long enough now"));
    QVERIFY(lineOf(dialog, QStringLiteral("Passphrase"))->text().isEmpty());
}

void GuiWindowTest::aNewLocalWorkspaceIsMadeAndOpened()
{
    const auto r = start(QStringLiteral("local"));
    QVERIFY(r);
    Answer<gui::NewWorkspaceDialog> answer([this](gui::NewWorkspaceDialog &dialog) {
        fill(dialog, QStringLiteral("File"), m_folder.filePath(QStringLiteral("local.countersign")));
        fill(dialog, QStringLiteral("Workspace name"), QStringLiteral("Local test"));
        fill(dialog, QStringLiteral("Your name"), QStringLiteral("Ada Sample"));
        fill(dialog, QStringLiteral("Passphrase"), QStringLiteral("correct horse battery"));
        fill(dialog, QStringLiteral("The same"), QStringLiteral("correct horse battery"));
        QTest::mouseClick(buttonOf(dialog, QStringLiteral("Create Workspace")), Qt::LeftButton);
    });
    QTest::keyClick(&r->window(), Qt::Key_2, Qt::AltModifier);
    QVERIFY(answer.isDone());
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 10000);
    QTRY_COMPARE(r->window().currentTarget().page, QStringLiteral("inventory"));
    QCOMPARE(r->state().origin, QStringLiteral("Local test"));
    QCOMPARE(r->state().person->login, std::string("asample"));
    QVERIFY(r->profile.currentPerson(r->state().ledger).has_value());
    QCOMPARE(r->profile.recentWorkspaces().front().name, std::string("Local test"));
}

void GuiWindowTest::severalPeopleAreAskedOnceWhoWorks()
{
    gui::Options options;
    options.workspace = QString::fromStdString(workspaceFile(QStringLiteral("people.countersign"), 2));
    Answer<gui::PersonDialog> answer([](gui::PersonDialog &dialog) {
        auto *people = dialog.findChild<widgets::TableView *>();
        QCOMPARE(people->model()->rowCount(), 3);
        QTest::keyClick(people, Qt::Key_Down);
        QTest::mouseClick(buttonOf(dialog, QStringLiteral("Continue")), Qt::LeftButton);
    });
    std::string login;
    {
        const auto r = start(QStringLiteral("people"), options);
        QVERIFY(r);
        QTRY_VERIFY_WITH_TIMEOUT(answer.isDone(), 10000);
        QTRY_VERIFY(r->state().person.has_value());
        QTRY_COMPARE(r->window().currentTarget().page, QStringLiteral("inventory"));
        login = r->state().person->login;
    }
    const auto again = start(QStringLiteral("people"), options); // remembered: nobody answers a dialog now
    QVERIFY(again);
    QTRY_VERIFY_WITH_TIMEOUT(again->state().person.has_value(), 10000);
    QCOMPARE(again->state().person->login, login);
}

void GuiWindowTest::aDamagedLedgerIsToldAndStaysTold()
{
    const std::string file = workspaceFile(QStringLiteral("damaged.countersign"));
    {
        const auto connection = database::Connection::open(database::Location::sqlite(file));
        QVERIFY_RESULT(connection);
        QVERIFY_RESULT((*connection)->exec("DROP TRIGGER entry_update"));
        QVERIFY_RESULT((*connection)->exec("UPDATE entry SET bytes = CAST(bytes || X'00' AS BLOB) WHERE seq = 1"));
    }
    gui::Options options;
    options.workspace = QString::fromStdString(file);
    const auto r = start(QStringLiteral("damaged"), options);
    QVERIFY(r);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 10000);
    QTRY_COMPARE(r->window().currentTarget().page, QStringLiteral("inventory"));
    QTRY_VERIFY(r->messages().isShown());
    QVERIFY2(r->messages().text().contains(QStringLiteral("Nothing can be written")), qPrintable(r->messages().text()));
    QTest::mouseClick(buttonOf(r->messages(), QStringLiteral("Go to Audit Trail")), Qt::LeftButton);
    QCOMPARE(r->window().currentTarget().page, QStringLiteral("audit"));
    QVERIFY(shows(r->window(), QStringLiteral("Ledger damaged")));
}

void GuiWindowTest::aForgedEntryIsToldThoughTheTreeIsWhole()
{
    const std::string file = workspaceFile(QStringLiteral("forged.countersign"));
    {
        const auto connection = database::Connection::open(database::Location::sqlite(file));
        QVERIFY_RESULT(connection);
        store::LedgerStore store(**connection);
        auto transaction = database::Transaction::begin(**connection);
        QVERIFY_RESULT(transaction);
        auto tree = store.head(true);
        QVERIFY_RESULT(tree);
        const auto last = store.read(tree->size() - 1, 1);
        QVERIFY_RESULT(last);
        auto entry = *ledger::decodeEntry(last->front());
        auto event = *ledger::decodeEvent(entry.payload);
        event.id = "00000000-0000-4000-8000-000000000001";
        entry.payload = *ledger::encodeEvent(event); // under the signature of another
        const store::SealedEntry sealed{event.id, ledger::encodeEntry(entry)};
        QVERIFY_RESULT(store.append({&sealed, 1}, 0, *tree));
        QVERIFY_RESULT(transaction->commit());
    }
    gui::Options options;
    options.workspace = QString::fromStdString(file);
    const auto r = start(QStringLiteral("forged"), options);
    QVERIFY(r);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 10000);
    QTRY_VERIFY_WITH_TIMEOUT(shows(r->window(), QStringLiteral("not as it was signed")), 30000);
    QVERIFY(r->state().damage.isEmpty());
    QTRY_VERIFY2(r->messages().text().contains(QStringLiteral("is invalid: ")), qPrintable(r->messages().text()));
}

void GuiWindowTest::aRestoredBackupIsToldAndGoesOnWithAReason()
{
    const std::string file = workspaceFile(QStringLiteral("restored.countersign"));
    enrolTheWindowsComputer(file);
    const std::string backup = file + ".backup";
    std::filesystem::copy_file(file, backup);
    {
        const auto session = services::Session::open({database::Location::sqlite(file), {}, false, "asample"}, testEnvironment(3));
        QVERIFY_RESULT(session);
        auto later = services::SignedJournal::begin(**session); // no second person, who would have to be chosen from
        QVERIFY_RESULT(later);
        QVERIFY_RESULT(later->record({"security.clock_anomaly", {{"before", "2026-01-01T00:00:00.000Z"}, {"now", "2025-01-01T00:00:00.000Z"}}, {}, {}, {}}));
        QVERIFY_RESULT(later->journal->commit());
    }
    gui::Options options;
    options.workspace = QString::fromStdString(file);
    {
        const auto r = start(QStringLiteral("restored"), options);
        QVERIFY(r);
        QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 10000);
        QVERIFY(r->state().damage.isEmpty());
    }
    std::filesystem::copy_file(backup, file, std::filesystem::copy_options::overwrite_existing);
    const auto r = start(QStringLiteral("restored"), options);
    QVERIFY(r);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 10000);
    QTRY_VERIFY(r->messages().isShown());
    QVERIFY2(r->messages().text().contains(QStringLiteral("older copy")) && r->messages().text().contains(QStringLiteral("evidence")), qPrintable(r->messages().text()));
    QVERIFY(shows(r->window(), QStringLiteral("Ledger is not the one known here")));
    grab(r->window(), QStringLiteral("rollback"));
    QTRY_VERIFY(r->state().person.has_value());
    widgets::dialogs::Scripted script({QStringLiteral("the disk failed")});
    QTest::mouseClick(buttonOf(r->messages(), QStringLiteral("Go On With This State…")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().damage.isEmpty(), 10000);
    QTRY_VERIFY(shows(r->window(), QStringLiteral("signatures checked")));
    QCOMPARE(script.asked.size(), 1);
}

void GuiWindowTest::aSignatureThatWasNotRecordedIsDecidedHere()
{
    const std::string file = workspaceFile(QStringLiteral("pending.countersign"));
    enrolTheWindowsComputer(file);
    services::Environment environment = testEnvironment(7);
    environment.kept = settings::Folders::below(m_folder.file("pending")).data;
    {
        // As a program leaves it that ends between signing and appending.
        const auto session = services::Session::open({database::Location::sqlite(file), {}, false, "asample"}, environment);
        QVERIFY_RESULT(session);
        auto journal = services::Journal::begin(**session);
        QVERIFY_RESULT(journal);
        const auto key = (*session)->unlock(*(*session)->person(), passphrase());
        services::Draft draft;
        draft.id = "8d9f4e5c-0000-4000-8000-000000000001";
        draft.kind = "person.roles";
        draft.body = {{"person", (*session)->person()->id.text()}, {"roles", json::Value(json::Array{json::Value(std::string("administrator")), json::Value(std::string("validator"))})}};
        QVERIFY_RESULT((*journal)->record(std::move(draft), (*session)->personSigner(*(*session)->person(), Role::Administrator, **key)));
        QVERIFY_RESULT(services::keepPending(**session, "8d9f4e5c-0000-4000-8000-000000000001", (*journal)->lastEntry()));
    }
    gui::Options options;
    options.workspace = QString::fromStdString(file);
    widgets::dialogs::Scripted script({false, true});
    const auto r = start(QStringLiteral("pending"), options);
    QVERIFY(r);
    QTRY_COMPARE_WITH_TIMEOUT(script.asked.size(), 1, 10000);
    QVERIFY2(script.asked.first().startsWith(QStringLiteral("Submit the signature that Ada Sample made on ")), qPrintable(script.asked.first()));
    QTRY_VERIFY(r->messages().isShown() && buttonOf(r->messages(), QStringLiteral("Submit…")) && buttonOf(r->messages(), QStringLiteral("Discard…")));
    const auto size = r->state().ledgerSize;
    QTest::mouseClick(buttonOf(r->messages(), QStringLiteral("Submit…")), Qt::LeftButton);
    QTRY_COMPARE(r->state().ledgerSize, size + 1);
    QTRY_VERIFY(r->messages().text().contains(QStringLiteral("read back and verified")));
    QVERIFY(std::filesystem::is_empty(environment.kept / "pending"));
}

void GuiWindowTest::closingGoesBackToTheWelcomePageAndRemembers()
{
    gui::Options options;
    options.workspace = QString::fromStdString(workspaceFile(QStringLiteral("close.countersign")));
    const auto r = start(QStringLiteral("close"), options);
    QVERIFY(r);
    QTRY_COMPARE_WITH_TIMEOUT(r->window().currentTarget().page, QStringLiteral("inventory"), 10000);
    QAction *close = r->action(QStringLiteral("Close Workspace"));
    QVERIFY(close && close->isEnabled());
    close->trigger();
    QTRY_VERIFY(!r->state().isOpen);
    QVERIFY(qobject_cast<welcome::WelcomePage *>(r->window().currentPage()));
    QTRY_VERIFY(!close->isEnabled());
    auto *recent = r->window().currentPage()->findChild<welcome::RecentList *>();
    QVERIFY(recent && recent->model()->rowCount() == 1);
    recent->setFocus();
    recent->setCurrentIndex(recent->model()->index(0, 0));
    QTest::keyClick(recent, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 10000);
    QTRY_COMPARE(r->window().currentTarget().page, QStringLiteral("inventory"));
}

void GuiWindowTest::aMissingFileIsToldInTheMessageBar()
{
    gui::Options options;
    options.workspace = m_folder.filePath(QStringLiteral("not-there.countersign"));
    const auto r = start(QStringLiteral("missing"), options);
    QVERIFY(r);
    QTRY_VERIFY_WITH_TIMEOUT(r->messages().isShown(), 10000);
    QVERIFY2(r->messages().text().contains(QStringLiteral("not-there.countersign")), qPrintable(r->messages().text()));
    QVERIFY(!r->state().isOpen);
    QVERIFY(qobject_cast<welcome::WelcomePage *>(r->window().currentPage()));
}

void GuiWindowTest::aSharedDatabaseIsTestedAndMadeAWorkspace()
{
    PostgresServer::Options serverOptions;
    serverOptions.isDurable = true; // a server that may lose signatures is only read
    serverOptions.onLoopback = true;
    serverOptions.withPassword = true;
    PostgresServer server(serverOptions);
    QVERIFY2(server.isRunning(), qPrintable(server.log()));
    const QString name = server.createDatabase();
    const auto r = start(QStringLiteral("shared"));
    QVERIFY(r);
    widgets::dialogs::Scripted script({true}); // yes, make a workspace there
    Answer<gui::NewWorkspaceDialog> founder([](gui::NewWorkspaceDialog &dialog) {
        QVERIFY(!lineOf(dialog, QStringLiteral("File"))); // the place is known
        fill(dialog, QStringLiteral("Workspace name"), QStringLiteral("Team record"));
        fill(dialog, QStringLiteral("Your name"), QStringLiteral("Ada Sample"));
        fill(dialog, QStringLiteral("Passphrase"), QStringLiteral("correct horse battery"));
        fill(dialog, QStringLiteral("The same"), QStringLiteral("correct horse battery"));
        QTest::mouseClick(buttonOf(dialog, QStringLiteral("Create Workspace")), Qt::LeftButton);
    });
    Answer<gui::ConnectDialog> connectAnswer([&](gui::ConnectDialog &dialog) {
        QPushButton *act = buttonOf(dialog, QStringLiteral("Connect"));
        QTest::mouseClick(act, Qt::LeftButton);
        QVERIFY(dialog.isVisible() && shows(dialog, QStringLiteral("Name the database.")));
        fill(dialog, QStringLiteral("Host"), QStringLiteral("127.0.0.1"));
        dialog.findChild<QSpinBox *>()->setValue(server.port());
        fill(dialog, QStringLiteral("Database"), name);
        fill(dialog, QStringLiteral("User"), QString::fromLatin1(PostgresServer::kUser));
        fill(dialog, QStringLiteral("Password"), QStringLiteral("wrong"));
        dialog.findChild<QComboBox *>()->setCurrentIndex(dialog.findChild<QComboBox *>()->findData(QStringLiteral("prefer")));
        QPushButton *test = buttonOf(dialog, QStringLiteral("Test Connection"));
        QTest::mouseClick(test, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(test->isEnabled(), 20000);
        QVERIFY(!shows(dialog, QStringLiteral("The connection works")));
        fill(dialog, QStringLiteral("Password"), QString::fromLatin1(PostgresServer::kPassword));
        QTest::mouseClick(test, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(test->isEnabled(), 20000);
        QVERIFY(shows(dialog, QStringLiteral("holds no Countersign workspace")));
        grab(dialog, QStringLiteral("dialog-connect"));
        QTest::mouseClick(act, Qt::LeftButton);
    });
    QTest::keyClick(&r->window(), Qt::Key_3, Qt::AltModifier);
    QVERIFY(connectAnswer.isDone());
    QTRY_VERIFY_WITH_TIMEOUT(founder.isDone(), 20000);
    QTRY_VERIFY2_WITH_TIMEOUT(r->state().isOpen || !r->messages().isShown(), qPrintable(r->messages().text()), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 20000);
    QTRY_COMPARE(r->window().currentTarget().page, QStringLiteral("inventory"));
    QCOMPARE(r->state().origin, QStringLiteral("Team record"));
    QCOMPARE(r->state().location.backend, database::Backend::Postgres);
    const std::string kept = r->profile.recentWorkspaces().front().location;
    QVERIFY(kept.starts_with("postgresql://"));
    QVERIFY(kept.find("battery") == std::string::npos); // never the password
}

void GuiWindowTest::aPasswordIsAskedForWhenTheServerWantsOne()
{
    PostgresServer::Options serverOptions;
    serverOptions.onLoopback = true;
    serverOptions.withPassword = true;
    PostgresServer server(serverOptions);
    QVERIFY2(server.isRunning(), qPrintable(server.log()));
    const std::string address = server.loopbackUri();
    {
        services::FounderRequest request;
        request.location = *database::Location::parse(address);
        request.password = PostgresServer::kPassword;
        request.name = "Ada Sample";
        const auto session = services::createWorkspace(request, passphrase(), testEnvironment(5));
        QVERIFY_RESULT(session);
    }
    gui::Options options;
    options.workspace = QString::fromStdString(address);
    Answer<gui::PasswordDialog> second([](gui::PasswordDialog &dialog) {
        fill(dialog, QStringLiteral("Password"), QString::fromLatin1(PostgresServer::kPassword));
        QTest::mouseClick(buttonOf(dialog, QStringLiteral("Connect")), Qt::LeftButton);
    });
    const auto r = start(QStringLiteral("password"), options);
    QVERIFY(r);
    QTRY_VERIFY_WITH_TIMEOUT(second.isDone(), 30000);
    QTRY_VERIFY_WITH_TIMEOUT(r->state().isOpen, 20000);
    QTRY_VERIFY(r->state().person.has_value()); // the only one
}

void GuiWindowTest::aFileIsKnownByItsNameAndFirstBytes()
{
    using gui::DropKind;
    const auto file = [this](const char *name, const char *content) {
        const QString path = m_folder.filePath(QString::fromLatin1(name));
        std::ofstream(path.toStdString(), std::ios::binary) << content;
        return path;
    };
    QCOMPARE(gui::dropKind(file("a.csv", "model,version")), DropKind::Import);
    QCOMPARE(gui::dropKind(file("a.JSONL", "{}")), DropKind::Import);
    QCOMPARE(gui::dropKind(file("mlflow.db", "SQLite")), DropKind::Import);
    QCOMPARE(gui::dropKind(file("a.pdf", "%PDF-1.7")), DropKind::Proof);
    QCOMPARE(gui::dropKind(file("a.ledger", "CSGLEDGER1")), DropKind::Proof);
    QCOMPARE(gui::dropKind(file("a.json", "{\"model\":\"x\"}")), DropKind::Import);
    QCOMPARE(gui::dropKind(file("b.json", "{\"checkpoint\":[],\"evidence\":[],\"format\":\"countersign.proof/1\"}")), DropKind::Proof);
    QCOMPARE(gui::dropKind(file("b.countersign", "{\"checkpoint\":[],\"evidence\":[],\"format\":\"countersign.proof/1\"}")), DropKind::Proof);
    QCOMPARE(gui::dropKind(file("w.countersign", "SQLite format 3")), DropKind::Workspace);
    QCOMPARE(gui::dropKind(m_folder.path()), DropKind::Import);
    QCOMPARE(gui::dropKind(file("log.txt", "y;score")), DropKind::Import); // the import says what it is, or why not
    QCOMPARE(gui::dropKind(file("a.odt", "hello")), DropKind::Nothing);
}

void GuiWindowTest::aProofBundleIsVerifiedWithoutAWorkspace()
{
    const auto sample = m_folder.file("proof-sample.countersign");
    auto environment = testEnvironment(9);
    QVERIFY_RESULT(services::makeSample({sample, false}, environment, {}));
    Bytes proof;
    Bytes facts;
    const auto whole = m_folder.file("whole.ledger");
    {
        auto session = services::Session::open({database::Location::sqlite(sample), {}, false, "admin"}, environment);
        QVERIFY_RESULT(session);
        const auto subject = services::findVersionSubject(**session, "credit-pd-retail/3");
        QVERIFY_RESULT(subject);
        const auto issued = services::issueReport(**session, subject->version->id);
        QVERIFY_RESULT(issued);
        proof = issued->proof;
        facts = issued->factsBytes;
        std::ofstream out(whole, std::ios::binary);
        const auto sink = [&out](BytesView bytes) {
            out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            return Status();
        };
        QVERIFY_RESULT(services::exportLedger(**session, sink, {}));
    }
    const auto keep = [this](const char *name, const Bytes &bytes) {
        const auto path = m_folder.file(name);
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    };
    const auto dialogOf = [this](const ledger::FileReport &report, const QString &name) {
        auto dialog = std::make_unique<gui::VerifyDialog>(nullptr, name, report);
        grab(*dialog, QStringLiteral("dialog-verify-") + name);
        return dialog;
    };
    const auto good = ledger::checkFile(keep("bundle.countersign", proof));
    QVERIFY(good.isValid());
    QCOMPARE(good.proof.worst, ledger::EntryState::Valid);
    QVERIFY(shows(*dialogOf(good, QStringLiteral("bundle")), QStringLiteral("compare its id")));

    // A changed byte of an entry: still a bundle, but it does not hold.
    Bytes changed = proof;
    const auto at = changed.find("\"entry\":\"");
    QVERIFY(at != Bytes::npos);
    char &digit = changed[at + 200];
    digit = digit == 'A' ? 'B' : 'A';
    const auto bad = ledger::checkFile(keep("changed.countersign", changed));
    QVERIFY(!bad.isValid() && !bad.proof.problems.empty());
    const auto second = dialogOf(bad, QStringLiteral("changed"));
    QVERIFY(shows(*second, QString::fromStdString(bad.proof.problems.front())));
    QVERIFY(shows(*second, QStringLiteral("Do not rely on this file")));

    const auto none = ledger::checkFile(keep("empty.pdf", "%PDF-1.7\n%%EOF\n"));
    QVERIFY(!none.isReadable());
    QVERIFY(shows(*dialogOf(none, QStringLiteral("empty")), QString::fromStdString(none.unreadable)));
    QVERIFY(!ledger::checkFile(m_folder.file("none.pdf").string()).isReadable());

    // A whole ledger, and one that was cut.
    const auto all = ledger::checkFile(whole.string());
    QVERIFY2(all.isValid(), (all.unreadable + (all.proof.problems.empty() ? std::string() : all.proof.problems.front())).c_str());
    QCOMPARE(all.kind, ledger::FileKind::Ledger);
    QVERIFY(shows(*dialogOf(all, QStringLiteral("ledger")), QStringLiteral("none is missing before the last")));
    QFile file(QString::fromStdString(whole.string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto cut = ledger::checkFile(keep("cut.ledger", file.read(file.size() - 40).toStdString()));
    QVERIFY(!cut.isValid());
    QVERIFY(shows(*dialogOf(cut, QStringLiteral("cut")), QStringLiteral("Do not rely on this file")));

    // The facts that a report's readers open are the recorded ones, or it does not hold.
    const auto report = [&](const Bytes &attached) {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        {
            QPdfWriter writer(&buffer);
            writer.addFileAttachment(QStringLiteral("bundle.countersign"), QByteArray::fromStdString(proof));
            writer.addFileAttachment(QStringLiteral("facts.json"), QByteArray::fromStdString(attached));
            QPainter(&writer).drawText(100, 100, QStringLiteral("A report"));
        }
        return buffer.data().toStdString();
    };
    const auto sound = ledger::checkFile(keep("report.pdf", report(facts)));
    QVERIFY2(sound.isValid(), (sound.unreadable + (sound.proof.problems.empty() ? std::string() : sound.proof.problems.front())).c_str());
    QVERIFY(shows(*dialogOf(sound, QStringLiteral("report")), QStringLiteral("The attached facts are those that were recorded")));
    const auto others = ledger::checkFile(keep("others.pdf", report(facts + " ")));
    QVERIFY(!others.isValid());
    QVERIFY(shows(*dialogOf(others, QStringLiteral("others")), QStringLiteral("Do not rely on this file")));
}

void GuiWindowTest::aReviewOpensInAWindowOfItsOwn()
{
    gui::Options options;
    options.isSample = true;
    options.page = QStringLiteral("model");
    options.subject = QStringLiteral("credit-pd-retail/3");
    const auto r = start(QStringLiteral("review"), options);
    QVERIFY(r);
    QTRY_COMPARE_WITH_TIMEOUT(r->window().currentTarget().page, QStringLiteral("model"), 30000);
    const auto reviews = [] {
        int count = 0;
        for (const QWidget *one : QApplication::topLevelWidgets())
            count += one->isVisible() && one->inherits("countersign::pages::ReviewWindow") ? 1 : 0;
        return count;
    };
    QPushButton *review = nullptr;
    QTRY_VERIFY((review = buttonOf(*r->window().currentPage(), QStringLiteral("Review and Sign…"))) && review->isEnabled());
    QTest::mouseClick(review, Qt::LeftButton);
    QTest::mouseClick(review, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(reviews(), 1, 20000); // once, however often it is asked for
    r->action(QStringLiteral("Close Workspace"))->trigger();
    QTRY_COMPARE(reviews(), 0);
}

static int openReviews()
{
    int count = 0;
    for (const QWidget *one : QApplication::topLevelWidgets())
        count += one->isVisible() && one->inherits("countersign::pages::ReviewWindow") ? 1 : 0;
    return count;
}

/// A workspace with one model, made on a computer other than the window's.
static std::string workspaceWithModel(const TemporaryFolder &folder, const std::string &address, int morePeople = 0)
{
    const std::string file = folder.filePath(QStringLiteral("one-model.csv")).toStdString();
    std::ofstream(file, std::ios::binary) << "model,version,metric,window_start,window_end,value,n\ncredit-pd,3.2,auc,2026-01-01,2026-02-01,0.713,4812\n";
    auto session = freshWorkspace(address, testEnvironment(3));
    if (!session)
        qFatal("%s", session.error().text().c_str());
    const Person ada = *(*session)->person();
    const auto key = (*session)->unlock(ada, passphrase());
    for (int i = 0; i < morePeople; ++i)
        if (!services::addPerson(**session, {"Second Sample", "second", {Role::Validator}}, nullptr, ada, **key))
            qFatal("no second person");
    if (!services::importMetrics(**session, file, {}))
        qFatal("no metrics");
    return address;
}

void GuiWindowTest::aNewComputerIsEnrolledWhereItIsNeeded()
{
    QFETCH(QString, backend);
    gui::Options options;
    options.workspace = QString::fromStdString(workspaceWithModel(m_folder, freshDatabase(backend, m_folder)));
    options.page = QStringLiteral("model");
    options.subject = QStringLiteral("credit-pd/3.2");
    const auto r = start(QStringLiteral("new-computer-") + backend, options);
    QVERIFY(r);
    QTRY_COMPARE_WITH_TIMEOUT(r->window().currentTarget().page, QStringLiteral("model"), 30000);
    QTRY_VERIFY(r->messages().isShown());
    QVERIFY2(r->messages().text().contains(QStringLiteral("new to this workspace")), qPrintable(r->messages().text()));
    QVERIFY(buttonOf(r->messages(), QStringLiteral("Enrol This Computer…")));
    QPushButton *review = nullptr;
    QTRY_VERIFY((review = buttonOf(*r->window().currentPage(), QStringLiteral("Review and Sign…"))) && review->isEnabled());
    const auto dialog = [&]() -> pages::EnrolDialog * {
        for (auto *one : r->window().findChildren<pages::EnrolDialog *>())
            if (one->isVisible())
                return one;
        return nullptr;
    };

    // Given up: the refusal is told, and nothing is recorded.
    const auto size = r->state().ledgerSize;
    QTest::mouseClick(review, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog(), 20000);
    grab(*dialog(), QStringLiteral("dialog-enrol"));
    QTest::mouseClick(buttonOf(*dialog(), QStringLiteral("Cancel")), Qt::LeftButton);
    QTRY_VERIFY2(r->messages().text().contains(QStringLiteral("not enrolled")), qPrintable(r->messages().text()));
    QCOMPARE(r->state().ledgerSize, size);
    QCOMPARE(openReviews(), 0);

    // Vouched for: the review that was asked for opens.
    QTRY_VERIFY(!dialog());
    QTest::mouseClick(review, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog(), 20000);
    fill(*dialog(), QStringLiteral("Signing passphrase"), QStringLiteral("correct horse battery"));
    QTest::mouseClick(buttonOf(*dialog(), QStringLiteral("Enrol This Computer")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(openReviews(), 1, 20000);
    QVERIFY(r->state().isDeviceEnrolled);
    r->action(QStringLiteral("Close Workspace"))->trigger();
    QTRY_COMPARE(openReviews(), 0);
}

void GuiWindowTest::whoWorksHereIsAskedWhereItIsNeeded()
{
    gui::Options options;
    options.workspace = QString::fromStdString(workspaceWithModel(m_folder, freshDatabase(QStringLiteral("SQLite"), m_folder), 1));
    options.page = QStringLiteral("model");
    options.subject = QStringLiteral("credit-pd/3.2");
    Answer<gui::PersonDialog> nobody([](gui::PersonDialog &dialog) { QTest::mouseClick(buttonOf(dialog, QStringLiteral("Cancel")), Qt::LeftButton); });
    const auto r = start(QStringLiteral("who-works"), options);
    QVERIFY(r);
    QTRY_COMPARE_WITH_TIMEOUT(r->window().currentTarget().page, QStringLiteral("model"), 30000);
    QVERIFY(nobody.isDone());
    QVERIFY(!r->state().person);
    auto *person = r->window().findChild<QPushButton *>(QStringLiteral("person"));
    QVERIFY(person && person->isVisible());
    QVERIFY2(person->text().contains(QStringLiteral("Nobody yet")), qPrintable(person->text()));

    // The act itself asks who does it, then whether the computer is known; the page stays.
    Answer<gui::PersonDialog> ada([](gui::PersonDialog &dialog) { QTest::mouseClick(buttonOf(dialog, QStringLiteral("Continue")), Qt::LeftButton); });
    QPushButton *review = nullptr;
    QTRY_VERIFY((review = buttonOf(*r->window().currentPage(), QStringLiteral("Review and Sign…"))) && review->isEnabled());
    QTest::mouseClick(review, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(ada.isDone(), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(r->window().findChild<pages::EnrolDialog *>(), 20000);
    QVERIFY(r->state().person);
    QCOMPARE(r->window().currentTarget().page, QStringLiteral("model"));
    QTRY_VERIFY2(person->text().startsWith(QStringLiteral("Ada Sample")), qPrintable(person->text()));

    // A click on the name changes who works here, and goes nowhere.
    r->window().findChild<pages::EnrolDialog *>()->reject();
    QTRY_VERIFY(!r->window().findChild<pages::EnrolDialog *>());
    Answer<gui::PersonDialog> second([](gui::PersonDialog &dialog) {
        auto *people = dialog.findChild<widgets::TableView *>();
        people->selectRow(people->model()->rowCount() - 1);
        QTest::mouseClick(buttonOf(dialog, QStringLiteral("Continue")), Qt::LeftButton);
    });
    QTest::mouseClick(person, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(second.isDone(), 20000);
    QTRY_VERIFY2(person->text().contains(QStringLiteral("Second Sample · Validator")), qPrintable(person->text()));
    QCOMPARE(r->window().currentTarget().page, QStringLiteral("model"));
}

void GuiWindowTest::wordsForThePast()
{
    const Instant now = *parseUtc("2026-05-14T09:00:00.000Z");
    using namespace std::chrono_literals;
    QCOMPARE(gui::agoText(now - 5s, now), QStringLiteral("just now"));
    QCOMPARE(gui::agoText(now - 1min, now), QStringLiteral("1 minute ago"));
    QCOMPARE(gui::agoText(now - 3h, now), QStringLiteral("3 hours ago"));
    QCOMPARE(gui::agoText(now - 25h, now), QStringLiteral("yesterday"));
    QCOMPARE(gui::agoText(now - 24h * 90, now), QStringLiteral("13 Feb 2026"));
    settings::RecentWorkspace shared;
    shared.location = "postgresql://ada@db.example:5432/governance";
    shared.name = "bank-prod";
    const auto line = gui::recentLine(shared, now);
    QVERIFY(line.isShared);
    QCOMPARE(line.detail, QStringLiteral("db.example · governance · shared"));
}

void GuiWindowTest::aboutNamesTheVersions()
{
    const auto versions = gui::versions();
    QCOMPARE(versions.size(), 4);
    for (const auto &one : versions)
        QVERIFY2(one.number.contains(QLatin1Char('.')), qPrintable(one.name));
}

void GuiWindowTest::picturesOfTheDialogs()
{
    gui::NewWorkspaceDialog local(nullptr);
    local.show();
    grab(local, QStringLiteral("dialog-new"));
    QTest::mouseClick(buttonOf(local, QStringLiteral("Create Workspace")), Qt::LeftButton);
    QVERIFY(shows(local, QStringLiteral("Your name is printed")));
    grab(local, QStringLiteral("dialog-new-errors"));
    Person ada;
    ada.name = "Ada Sample";
    ada.roles = {Role::Administrator, Role::Validator};
    gui::PersonDialog people(nullptr, {ada, ada}, {});
    QVERIFY(people.chosen());
    people.show();
    grab(people, QStringLiteral("dialog-person"));
}

QTEST_MAIN(GuiWindowTest)
#include "tst_guiwindow.moc"
