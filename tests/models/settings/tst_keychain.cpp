#include "models/settings/keychain.h"
#include "tests/models/settings/keyringsession.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <thread>

using namespace countersign;
using test::KeyringSession;

namespace {

const QString kBank = QStringLiteral("postgresql://validator@db.example/bank");
const QString kSandbox = QStringLiteral("postgresql://validator@db.example/sandbox");
const QString kPassword = QStringLiteral("corréct;horse 'battery\\staple\"");

const char *kindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::NotFound: return "NotFound";
    case ErrorKind::Invalid: return "Invalid";
    case ErrorKind::Denied: return "Denied";
    case ErrorKind::Io: return "Io";
    case ErrorKind::Unsupported: return "Unsupported";
    default: return "unexpected";
    }
}

crypto::Secret secretOf(const QString &text)
{
    std::string bytes = text.toStdString();
    return crypto::Secret::takeFrom(bytes);
}

QString said(const Status &status)
{
    return status ? QStringLiteral("done") : QString::fromLatin1(kindName(status.error().kind)) + QStringLiteral(": ") + QString::fromStdString(status.error().text());
}

QString said(const Result<crypto::Secret> &secret)
{
    return secret ? QStringLiteral("password ") + QString::fromStdString(std::string(secret->view())) : said(Status(secret.error()));
}

/// Several threads at once, each with an entry of its own.
QString fromManyThreads(const settings::Keychain &keychain)
{
    constexpr int kThreads = 4;
    bool isGood[kThreads] = {};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&keychain, &isGood, i] {
            const std::string location = "postgresql://host/database" + std::to_string(i);
            const QString password = QStringLiteral("password %1").arg(i);
            isGood[i] = keychain.write(location, secretOf(password)).ok() && said(keychain.read(location)) == QStringLiteral("password ") + password
                && keychain.remove(location).ok() && !keychain.read(location).ok();
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    return std::all_of(std::begin(isGood), std::end(isGood), [](bool good) { return good; }) ? QStringLiteral("done") : QStringLiteral("failed");
}

/// libsecret knows one session for the life of a process, so each session is met by a program of its own: this one, with "--keychain".
QString act(const QStringList &arguments)
{
    const QString &what = arguments.value(0);
    const std::string location = arguments.value(1).toStdString();
    const settings::Keychain keychain;
    if (what == QStringLiteral("read"))
        return said(keychain.read(location));
    if (what == QStringLiteral("write"))
        return said(keychain.write(location, secretOf(arguments.value(2))));
    if (what == QStringLiteral("remove"))
        return said(keychain.remove(location));
    if (what == QStringLiteral("probe"))
        return said(keychain.probe());
    if (what == QStringLiteral("threads"))
        return fromManyThreads(keychain);
    if (what == QStringLiteral("frozen")) { // the daemon is stopped; it goes on after the first attempt
        const QString first = said(settings::Keychain(std::chrono::milliseconds(300)).read(location));
        ::kill(static_cast<pid_t>(arguments.value(2).toInt()), SIGCONT);
        return first + QLatin1Char('\n') + said(keychain.read(location));
    }
    return QStringLiteral("unknown act");
}

QString keychainOf(const KeyringSession &session, const QStringList &arguments)
{
    return session.run(QCoreApplication::applicationFilePath(), QStringList{QStringLiteral("--keychain")} + arguments);
}

QString keychainOutside(const QProcessEnvironment &environment, const QStringList &arguments)
{
    return test::runProgram(QCoreApplication::applicationFilePath(), QStringList{QStringLiteral("--keychain")} + arguments, environment);
}

/// Files below the folder that hold the text, in UTF-8 or as Qt keeps it.
QStringList filesWith(const QString &folder, const QString &text)
{
    QStringList found;
    const QByteArray wide(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
    QDirIterator each(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        QFile file(each.next());
        const QByteArray bytes = file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
        if (bytes.contains(text.toUtf8()) || bytes.contains(wide) || bytes.contains(text.toUtf8().toBase64()))
            found << file.fileName();
    }
    return found;
}

} // namespace

class TestKeychain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void keepsAPasswordForTheNextProgram();
    void isSeenByOtherToolsOfTheDesktop();
    void replacesAPassword();
    void keepsAnyText_data();
    void keepsAnyText();
    void refusesWhatCannotBeKept();
    void saysWhenThereIsNoEntry();
    void doesNotReturnEntriesOfOtherPrograms();
    void removesOneEntryOnly();
    void survivesARestartOfTheDaemon();
    void writesNoPasswordInClear();
    void probesWithoutATrace();
    void answersManyThreads();

    void saysThatALockedKeychainIsLocked();
    void saysThatAKeychainWasNeverSetUp();
    void givesUpOnAFrozenKeychainAndRecovers();
    void saysWhenThereIsNoDBus();
    void saysWhenDBusIsGone();
    void saysWhenNobodyKeepsSecrets();

private:
    std::unique_ptr<KeyringSession> m_session;
};

void TestKeychain::init()
{
    m_session = std::make_unique<KeyringSession>();
    QVERIFY2(m_session->isRunning(), "dbus-daemon does not start; is the package dbus installed?");
    QVERIFY2(m_session->startKeyring(), "gnome-keyring-daemon does not start; is the package gnome-keyring installed?");
}

void TestKeychain::cleanup() { m_session.reset(); }

void TestKeychain::keepsAPasswordForTheNextProgram()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, kPassword}), QStringLiteral("done"));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kBank}), QStringLiteral("password ") + kPassword);
}

void TestKeychain::isSeenByOtherToolsOfTheDesktop()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, kPassword}), QStringLiteral("done"));
    QCOMPARE(m_session->run(QStringLiteral("secret-tool"), {QStringLiteral("lookup"), QStringLiteral("server"), QStringLiteral("countersign"), QStringLiteral("user"), kBank}),
             kPassword);
}

void TestKeychain::replacesAPassword()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, QStringLiteral("old")}), QStringLiteral("done"));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, QStringLiteral("new")}), QStringLiteral("done"));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kBank}), QStringLiteral("password new"));
}

void TestKeychain::keepsAnyText_data()
{
    QTest::addColumn<QString>("password");
    QTest::newRow("not Latin") << QStringLiteral("пароль 密碼 🔑");
    QTest::newRow("spaces inside") << QStringLiteral("a  b\tc");
    QTest::newRow("looks like base64") << QStringLiteral("cGFzcw==");
    QTest::newRow("long") << QString(60'000, QLatin1Char('x'));
}

void TestKeychain::keepsAnyText()
{
    QFETCH(QString, password);
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, password}), QStringLiteral("done"));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kBank}), QStringLiteral("password ") + password);
}

void TestKeychain::refusesWhatCannotBeKept()
{
    std::string withNul("before\0after", 12);
    const Status status = settings::Keychain().write("postgresql://host/database", crypto::Secret::takeFrom(withNul));
    QVERIFY(!status);
    QCOMPARE(status.error().kind, ErrorKind::Invalid);
}

void TestKeychain::saysWhenThereIsNoEntry()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kSandbox, kPassword}), QStringLiteral("done"));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kBank}), QStringLiteral("NotFound: The keychain has no password for this workspace."));
    QVERIFY(keychainOf(*m_session, {QStringLiteral("remove"), kBank}).startsWith(QStringLiteral("NotFound: ")));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kSandbox}), QStringLiteral("password ") + kPassword);
}

void TestKeychain::doesNotReturnEntriesOfOtherPrograms()
{
    const QString stored = m_session->run(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("printf stolen | secret-tool store --label=x server other user \"$1\" type plaintext"),
                                                                QStringLiteral("sh"), kBank});
    QCOMPARE(stored, QString());
    QVERIFY(keychainOf(*m_session, {QStringLiteral("read"), kBank}).startsWith(QStringLiteral("NotFound: ")));
}

void TestKeychain::removesOneEntryOnly()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, QStringLiteral("one")}), QStringLiteral("done"));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kSandbox, QStringLiteral("two")}), QStringLiteral("done"));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("remove"), kBank}), QStringLiteral("done"));
    QVERIFY(keychainOf(*m_session, {QStringLiteral("read"), kBank}).startsWith(QStringLiteral("NotFound: ")));
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kSandbox}), QStringLiteral("password two"));
}

void TestKeychain::survivesARestartOfTheDaemon()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, kPassword}), QStringLiteral("done"));
    QVERIFY(m_session->stopKeyring());
    QVERIFY(m_session->startKeyring());
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kBank}), QStringLiteral("password ") + kPassword);
}

void TestKeychain::writesNoPasswordInClear()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, kPassword}), QStringLiteral("done"));
    QVERIFY(m_session->stopKeyring());
    QVERIFY(!QDir(m_session->home()).isEmpty());
    QCOMPARE(filesWith(m_session->home(), kPassword), QStringList());
}

void TestKeychain::probesWithoutATrace()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("probe")}), QStringLiteral("done"));
    QCOMPARE(m_session->run(QStringLiteral("secret-tool"), {QStringLiteral("search"), QStringLiteral("--all"), QStringLiteral("server"), QStringLiteral("countersign")}), QString());
}

void TestKeychain::answersManyThreads()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("threads")}), QStringLiteral("done"));
}

void TestKeychain::saysThatALockedKeychainIsLocked()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, kPassword}), QStringLiteral("done"));
    QVERIFY(m_session->stopKeyring());
    QVERIFY(m_session->startKeyring(QStringLiteral("not the password")));
    for (const QStringList &arguments : {QStringList{QStringLiteral("read"), kBank}, QStringList{QStringLiteral("write"), kSandbox, kPassword},
                                         QStringList{QStringLiteral("remove"), kBank}, QStringList{QStringLiteral("probe")}}) {
        const QString answer = keychainOf(*m_session, arguments);
        QVERIFY2(answer.startsWith(QStringLiteral("Denied: The keychain is locked.")), qPrintable(arguments.first() + QStringLiteral(" → ") + answer));
    }
    QVERIFY(m_session->stopKeyring());
    QVERIFY(m_session->startKeyring());
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("read"), kBank}), QStringLiteral("password ") + kPassword);
}

void TestKeychain::saysThatAKeychainWasNeverSetUp()
{
    const KeyringSession desktop(KeyringSession::Services::Installed);
    QVERIFY(desktop.isRunning());
    const QString answer = keychainOf(desktop, {QStringLiteral("probe")});
    QVERIFY2(answer.startsWith(QStringLiteral("Denied: ")), qPrintable(answer));
}

void TestKeychain::givesUpOnAFrozenKeychainAndRecovers()
{
    QCOMPARE(keychainOf(*m_session, {QStringLiteral("write"), kBank, kPassword}), QStringLiteral("done"));
    const auto daemon = static_cast<pid_t>(m_session->keyringProcess());
    QCOMPARE(::kill(daemon, SIGSTOP), 0);
    const QStringList answers = keychainOf(*m_session, {QStringLiteral("frozen"), kBank, QString::number(daemon)}).split(QLatin1Char('\n'));
    ::kill(daemon, SIGCONT);
    QCOMPARE(answers.size(), 2);
    QVERIFY2(answers.first().startsWith(QStringLiteral("Io: The keychain did not answer within 300 ms.")), qPrintable(answers.first()));
    QCOMPARE(answers.last(), QStringLiteral("password ") + kPassword);
}

void TestKeychain::saysWhenThereIsNoDBus()
{
    const test::TemporaryFolder home;
    QProcessEnvironment environment = test::outsideEnvironment(home.path());
    environment.insert(QStringLiteral("DISPLAY"), QStringLiteral(":4242")); // would tempt D-Bus libraries to start a bus for it
    QElapsedTimer time;
    time.start();
    for (const QStringList &arguments : {QStringList{QStringLiteral("read"), kBank}, QStringList{QStringLiteral("write"), kBank, kPassword}, QStringList{QStringLiteral("probe")}}) {
        const QString answer = keychainOutside(environment, arguments);
        QVERIFY2(answer.startsWith(QStringLiteral("Unsupported: This session has no keychain")), qPrintable(answer));
    }
    QVERIFY(time.elapsed() < settings::Keychain::kDefaultLimit.count()); // three programs, none waited for its limit
    QVERIFY(QDir(home.path()).isEmpty()); // no fallback wrote anything
}

void TestKeychain::saysWhenDBusIsGone()
{
    m_session->stopKeyring();
    m_session->stopBus();
    const QString answer = keychainOf(*m_session, {QStringLiteral("read"), kBank});
    QVERIFY2(answer.startsWith(QStringLiteral("Unsupported: ")), qPrintable(answer));
}

void TestKeychain::saysWhenNobodyKeepsSecrets()
{
    const KeyringSession empty;
    QVERIFY(empty.isRunning());
    const QString answer = keychainOf(empty, {QStringLiteral("write"), kBank, kPassword});
    QVERIFY2(answer.startsWith(QStringLiteral("Unsupported: ")), qPrintable(answer));
    QCOMPARE(filesWith(empty.home(), kPassword), QStringList());
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.value(1) == QStringLiteral("--keychain")) {
        std::puts(act(arguments.mid(2)).toUtf8().constData());
        return 0;
    }
    TestKeychain test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_keychain.moc"
