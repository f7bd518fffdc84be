#include "app/gui/application.h"
#include "app/gui/dialogs/passworddialog.h"
#include "models/settings/keychain.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/models/settings/keyringsession.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/messagebar.h"

#include <QApplication>
#include <QCheckBox>
#include <QDirIterator>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTest>
#include <QTimer>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace countersign;
using namespace countersign::test;

namespace {

constexpr const char *kInside = "COUNTERSIGN_TEST_SESSION"; // "keyring" or "none": the outer process made it

/// Files below a folder that hold the password, as it is or as an address would write it.
QStringList filesWithPassword(const QString &folder)
{
    const QByteArray plain(PostgresServer::kPassword);
    QStringList found;
    for (QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories); files.hasNext();) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        if (bytes.contains(plain) || bytes.contains(plain.toPercentEncoding()) || bytes.contains(plain.toBase64()))
            found.append(files.filePath());
    }
    return found;
}

/// The command line at a terminal: a pseudo-terminal is its standard input and error, and what it asks for is typed there.
class AtTerminal
{
public:
    AtTerminal(const QString &home, const QStringList &arguments)
    {
        m_master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
        if (m_master < 0 || ::grantpt(m_master) != 0 || ::unlockpt(m_master) != 0)
            qFatal("no pseudo-terminal");
        const int slave = ::open(::ptsname(m_master), O_RDWR | O_NOCTTY);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), home);
        for (const char *name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"})
            environment.remove(QString::fromLatin1(name));
        m_process.setProcessEnvironment(environment);
        m_process.setChildProcessModifier([slave] {
            ::setsid();
            ::ioctl(slave, TIOCSCTTY, 0);
            ::dup2(slave, STDIN_FILENO);
            ::dup2(slave, STDERR_FILENO);
        });
        m_process.start(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-cli"), arguments);
        m_process.waitForStarted();
        ::close(slave);
    }
    ~AtTerminal()
    {
        m_process.kill();
        m_process.waitForFinished();
        ::close(m_master);
    }
    /// Waits until the terminal has shown this since the last answer.
    bool shows(const QByteArray &text)
    {
        return QTest::qWaitFor([&] {
            read();
            return m_shown.contains(text);
        }, 20000);
    }
    void type(const QByteArray &line)
    {
        m_shown.clear();
        if (::write(m_master, (line + '\n').constData(), static_cast<std::size_t>(line.size()) + 1) < 0)
            qFatal("cannot type");
    }
    int end()
    {
        if (!QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, 30000))
            return -1;
        read();
        return m_process.exitCode();
    }
    const QByteArray &shown() const { return m_shown; }

private:
    void read()
    {
        char buffer[4096];
        for (ssize_t got = 0; (got = ::read(m_master, buffer, sizeof buffer)) > 0;)
            m_shown.append(buffer, static_cast<qsizetype>(got));
    }
    int m_master = -1;
    QProcess m_process;
    QByteArray m_shown;
};

bool isInKeyring() { return qEnvironmentVariable(kInside) == QLatin1String("keyring"); }

} // namespace

/// A PostgreSQL that really asks for a password (SCRAM), with a real keyring and with none, from the window and from the command line.
class KeptPasswordTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theWindowAsksAgainAfterAWrongPasswordAndKeepsNothingUnasked();
    void theWindowKeepsWhenAskedToAndThenAsksNoMore();
    void theCommandLineFindsWhatIsKept();
    void theCommandLineAsksAtATerminal();
    void theCommandLineKeepsWhenAskedTo();
    void withoutAKeychainEveryOpeningAsks();

private:
    struct Running {
        settings::Profile profile;
        std::unique_ptr<gui::Application> program;
    };
    std::unique_ptr<Running> open();
    /// Answers password dialogs with these, in order; `keep` is ticked in the last one. Returns what the dialogs said.
    QStringList openTyping(const QStringList &passwords, bool keeps, bool *isOpen);
    int cli(const QStringList &arguments, QByteArray *talk = nullptr);
    QString profileFolder() const { return m_folder.filePath(QStringLiteral("profile")); }

    TemporaryFolder m_folder;
    std::unique_ptr<PostgresServer> m_server;
    std::string m_address;
};

void KeptPasswordTest::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    QCoreApplication::setOrganizationName(QStringLiteral("settings"));
    QCoreApplication::setApplicationName(QStringLiteral("window"));
    theme::install(*qApp);
    PostgresServer::Options options;
    options.onLoopback = true;
    options.withPassword = true;
    m_server = std::make_unique<PostgresServer>(options);
    QVERIFY2(m_server->isRunning(), qPrintable(m_server->log()));
    m_address = m_server->loopbackUri();
    services::FounderRequest request;
    request.location = *database::Location::parse(m_address);
    request.password = PostgresServer::kPassword;
    request.name = "Ada Sample";
    QVERIFY_RESULT(services::createWorkspace(request, passphrase(), testEnvironment(5)));
    QCOMPARE(settings::Keychain().probe().ok(), isInKeyring());
}

std::unique_ptr<KeptPasswordTest::Running> KeptPasswordTest::open()
{
    auto running = std::unique_ptr<Running>(new Running{settings::Profile(settings::Folders::below(m_folder.file("profile"))), nullptr});
    services::Environment environment = testEnvironment(7);
    environment.clock = std::make_shared<SystemClock>();
    gui::Options options;
    options.workspace = QString::fromStdString(m_address);
    running->program = std::make_unique<gui::Application>(running->profile, environment, options);
    running->program->start();
    return running;
}

QStringList KeptPasswordTest::openTyping(const QStringList &passwords, bool keeps, bool *isOpen)
{
    QStringList said;
    QTimer timer;
    QPointer<QWidget> last;
    connect(&timer, &QTimer::timeout, this, [&] {
        auto *dialog = qobject_cast<gui::PasswordDialog *>(QApplication::activeModalWidget());
        if (!dialog || dialog == last)
            return;
        auto *keep = dialog->findChild<QCheckBox *>();
        const bool isLast = said.size() + 1 == passwords.size();
        if (isInKeyring() && !keep->isVisible())
            return; // the keychain has not answered yet
        last = dialog;
        QStringList words;
        for (const auto *label : dialog->findChildren<widgets::PlainLabel *>())
            words.append(label->text());
        said.append(words.join(QLatin1Char(' ')) + (keep->isVisible() ? QStringLiteral(" [keep]") : QString()));
        if (said.size() > passwords.size())
            return dialog->reject();
        dialog->findChild<QLineEdit *>()->setText(passwords[said.size() - 1]);
        keep->setChecked(keeps && isLast);
        for (auto *button : dialog->findChildren<QPushButton *>())
            if (button->text() == QStringLiteral("Connect"))
                QTest::mouseClick(button, Qt::LeftButton);
    });
    timer.start(20);
    const auto r = open();
    auto *messages = r->program->window().findChild<widgets::MessageBar *>(QStringLiteral("messages"));
    const auto &state = r->program->workspace().state();
    *isOpen = QTest::qWaitFor([&] { return (state.isOpen && state.person) || (messages->isShown() && !state.isOpen && !said.isEmpty()); }, 30000) && state.isOpen;
    if (keeps) // written behind the opening
        *isOpen = QTest::qWaitFor([&] { return settings::Keychain().read(database::Location::parse(m_address)->text()).ok(); }, 20000) && *isOpen;
    return said;
}

int KeptPasswordTest::cli(const QStringList &arguments, QByteArray *talk)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("HOME"), m_folder.filePath(QStringLiteral("home")));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-cli"),
                  QStringList{QStringLiteral("list"), QStringLiteral("models"), QStringLiteral("--workspace"), QString::fromStdString(m_address)} + arguments);
    process.waitForFinished(60000);
    if (talk)
        *talk = process.readAllStandardError();
    return process.exitCode();
}

void KeptPasswordTest::theWindowAsksAgainAfterAWrongPasswordAndKeepsNothingUnasked()
{
    if (!isInKeyring())
        return; // the test without a keychain has its own
    bool isOpen = false;
    const QString right = QString::fromLatin1(PostgresServer::kPassword);
    QStringList said = openTyping({QStringLiteral("not it"), right}, false, &isOpen);
    QVERIFY(isOpen);
    QCOMPARE(said.size(), 2);
    QVERIFY2(said[1].contains(QStringLiteral("does not let the user")) && said[1].contains(QStringLiteral("Check the user and the password")), qPrintable(said[1]));
    QVERIFY(!settings::Keychain().read(database::Location::parse(m_address)->text()));
    said = openTyping({right}, false, &isOpen); // nothing was kept: asked again
    QVERIFY(isOpen);
    QCOMPARE(said.size(), 1);
    QCOMPARE(filesWithPassword(m_folder.path()), QStringList());
}

void KeptPasswordTest::theWindowKeepsWhenAskedToAndThenAsksNoMore()
{
    if (!isInKeyring())
        return;
    bool isOpen = false;
    QStringList said = openTyping({QString::fromLatin1(PostgresServer::kPassword)}, true, &isOpen);
    QVERIFY(isOpen);
    QCOMPARE(said.size(), 1);
    said = openTyping({}, false, &isOpen);
    QVERIFY(isOpen);
    QCOMPARE(said, QStringList());
    QCOMPARE(filesWithPassword(m_folder.path()), QStringList());
    QCOMPARE(filesWithPassword(QDir::homePath()), QStringList()); // the keyring's own file as well
}

void KeptPasswordTest::theCommandLineFindsWhatIsKept()
{
    if (!isInKeyring())
        return;
    QByteArray talk;
    QVERIFY2(cli({QStringLiteral("--no-input"), QStringLiteral("--verbose")}, &talk) == 0, talk.constData());
    QVERIFY2(talk.contains("keychain keeps"), talk.constData());
    QVERIFY_RESULT(settings::Keychain().remove(database::Location::parse(m_address)->text()));
    QCOMPARE(cli({QStringLiteral("--no-input")}, &talk), 4);
    QVERIFY2(talk.contains("--password-file"), talk.constData());
}

void KeptPasswordTest::theCommandLineAsksAtATerminal()
{
    AtTerminal terminal(m_folder.filePath(QStringLiteral("home")),
                        {QStringLiteral("list"), QStringLiteral("models"), QStringLiteral("--workspace"), QString::fromStdString(m_address)});
    QVERIFY2(terminal.shows("Password for "), terminal.shown().constData());
    terminal.type("not it");
    QVERIFY2(terminal.shows("Password for "), terminal.shown().constData()); // said what was wrong, and asks again
    QVERIFY2(terminal.shown().contains("Check the user and the password"), terminal.shown().constData());
    terminal.type(PostgresServer::kPassword);
    const int code = terminal.end();
    QVERIFY2(code == 0, terminal.shown().constData());
    QVERIFY(!terminal.shown().contains(PostgresServer::kPassword)); // not echoed
    QCOMPARE(filesWithPassword(m_folder.path()), QStringList());
    QVERIFY(!settings::Keychain().read(database::Location::parse(m_address)->text()));

    AtTerminal stubborn(m_folder.filePath(QStringLiteral("home")),
                        {QStringLiteral("list"), QStringLiteral("models"), QStringLiteral("--workspace"), QString::fromStdString(m_address)});
    for (int i = 0; i < 3; ++i) {
        QVERIFY2(stubborn.shows("Password for "), stubborn.shown().constData());
        stubborn.type("not it");
    }
    QCOMPARE(stubborn.end(), 4);
}

void KeptPasswordTest::theCommandLineKeepsWhenAskedTo()
{
    if (!isInKeyring())
        return;
    // The file is the person's own, outside the folders that are searched.
    const TemporaryFolder outside;
    QFile file(outside.filePath(QStringLiteral("password")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(PostgresServer::kPassword) > 0);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const QStringList given{QStringLiteral("--no-input"), QStringLiteral("--password-file"), file.fileName()};
    QByteArray talk;
    QVERIFY2(cli(given, &talk) == 0, talk.constData());
    QCOMPARE(cli({QStringLiteral("--no-input")}), 4);
    QVERIFY2(cli(given + QStringList{QStringLiteral("--keep-password")}, &talk) == 0, talk.constData());
    QVERIFY2(cli({QStringLiteral("--no-input")}, &talk) == 0, talk.constData());
    QCOMPARE(filesWithPassword(m_folder.path()), QStringList());
}

void KeptPasswordTest::withoutAKeychainEveryOpeningAsks()
{
    if (isInKeyring())
        return;
    const QString right = QString::fromLatin1(PostgresServer::kPassword);
    for (int i = 0; i < 2; ++i) {
        bool isOpen = false;
        const QStringList said = openTyping({right}, false, &isOpen);
        QVERIFY(isOpen);
        QCOMPARE(said.size(), 1);
        QVERIFY2(!said.first().contains(QStringLiteral("[keep]")), qPrintable(said.first())); // nothing to keep it in
    }
    const TemporaryFolder outside;
    QFile file(outside.filePath(QStringLiteral("password")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(PostgresServer::kPassword) > 0);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    QByteArray talk;
    QVERIFY2(cli({QStringLiteral("--no-input"), QStringLiteral("--keep-password"), QStringLiteral("--password-file"), file.fileName()}, &talk) == 0, talk.constData());
    QVERIFY2(talk.contains("was not kept"), talk.constData());
    QCOMPARE(cli({QStringLiteral("--no-input")}, &talk), 4);
    QCOMPARE(filesWithPassword(m_folder.path()), QStringList());
    QCOMPARE(filesWithPassword(QDir::homePath()), QStringList());
}

namespace {

/// The same tests in a session of this kind: a process finds its keychain once, so each kind has its own.
int runInside(QProcessEnvironment environment, const QString &kind, const QStringList &arguments)
{
    environment.insert(QString::fromLatin1(kInside), kind);
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(QCoreApplication::applicationFilePath(), arguments);
    return process.waitForFinished(240000) && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : 1;
}

} // namespace

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsSet(kInside)) {
        QApplication application(argc, argv);
        KeptPasswordTest test;
        return QTest::qExec(&test, argc, argv);
    }
    QCoreApplication application(argc, argv);
    KeyringSession session;
    if (!session.isRunning() || !session.startKeyring()) {
        std::fputs("The keyring session did not start.\n", stderr);
        return 1;
    }
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const int withKeyring = runInside(session.environment(), QStringLiteral("keyring"), arguments);
    const TemporaryFolder home;
    const int without = runInside(outsideEnvironment(home.path()), QStringLiteral("none"), arguments);
    return withKeyring + without;
}

#include "tst_keptpassword.moc"
