#include "models/settings/wrapsecret.h"
#include "tests/models/settings/keyringsession.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <cstdio>

using namespace countersign;
using test::KeyringSession;

namespace {

const QString kDevice = QStringLiteral("d:0123456789abcdef0123456789abcdef");
const QString kEntry = QStringLiteral("signing:") + kDevice;

QString kindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::NotFound:
        return QStringLiteral("NotFound");
    case ErrorKind::Denied:
        return QStringLiteral("Denied");
    case ErrorKind::Io:
        return QStringLiteral("Io");
    case ErrorKind::Unsupported:
        return QStringLiteral("Unsupported");
    case ErrorKind::Tampered:
        return QStringLiteral("Tampered");
    default:
        return QStringLiteral("unexpected");
    }
}

settings::Folders foldersIn(const QString &home)
{
    const std::filesystem::path base = home.toStdString();
    return {base / "config", base / "data", base / "state", base / "cache"};
}

QString said(const QString &home, bool makes, std::chrono::milliseconds limit = settings::Keychain::kDefaultLimit)
{
    SystemRandomness randomness;
    const settings::WrapSecrets secrets(foldersIn(home), *DeviceId::parse(kDevice.toStdString()),
                                        settings::Keychain(limit));
    const auto secret = secrets.secret(makes, randomness);
    return secret
               ? QStringLiteral("secret ") + QString::fromStdString((*secret)->id)
               : kindName(secret.error().kind) + QStringLiteral(": ") + QString::fromStdString(secret.error().text());
}

/// libsecret knows one session for the life of a process, so each session is met by a program of its own: this one,
/// with "--wrap".
QString act(const QStringList &arguments)
{
    const QString home = arguments.value(1);
    const auto daemon = static_cast<pid_t>(arguments.value(2).toInt());
    constexpr std::chrono::milliseconds kShort(300);
    if (arguments.value(0) == QStringLiteral("make"))
        return said(home, true);
    if (arguments.value(0) == QStringLiteral("vanish")) { // between two requests of one program
        const QString before = said(home, false);
        ::kill(daemon, SIGKILL);
        return before + QLatin1Char('\n') + said(home, false, kShort);
    }
    if (arguments.value(0) == QStringLiteral("frozen")) {
        const QString during = said(home, false, kShort);
        ::kill(daemon, SIGCONT);
        return during + QLatin1Char('\n') + said(home, false);
    }
    return said(home, false);
}

QString wrap(const KeyringSession &session, const QString &what, const QString &home, qint64 daemon = 0)
{
    return session.run(QCoreApplication::applicationFilePath(),
                       {QStringLiteral("--wrap"), what, home, QString::number(daemon)});
}

/// Files below the folder that hold the bytes, or their hexadecimal digits.
QStringList filesWith(const QString &folder, const QByteArray &digits)
{
    QStringList found;
    QDirIterator each(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        QFile file(each.next());
        const QByteArray bytes = file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
        if (bytes.contains(digits) || bytes.contains(QByteArray::fromHex(digits)))
            found << file.fileName();
    }
    return found;
}

} // namespace

/// The half of a key's protection that the keychain keeps, against a real Secret Service: absent, locked, slow, gone in
/// between, with another value.
class WrapSecretTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_session = std::make_unique<KeyringSession>();
        m_home = std::make_unique<test::TemporaryFolder>();
        QVERIFY(m_session->isRunning());
        QVERIFY(m_session->startKeyring());
    }
    void cleanup()
    {
        m_session.reset();
        m_home.reset();
    }

    void isMadeOnceAndFoundAgain()
    {
        QVERIFY(ask("get").startsWith(QStringLiteral("NotFound: ")));
        const QString made = ask("make");
        QVERIFY2(made.startsWith(QStringLiteral("secret w:")), qPrintable(made));
        QCOMPARE(ask("make"), made);
        QCOMPARE(ask("get"), made);
        QVERIFY(m_session->stopKeyring());
        QVERIFY(m_session->startKeyring());
        QCOMPARE(ask("get"), made);
        const QByteArray digits = lookup().toLatin1();
        QCOMPARE(digits.size(), 64);
        QVERIFY(m_session->stopKeyring());
        QCOMPARE(filesWith(m_session->home(), digits) + filesWith(m_home->path(), digits), QStringList());
    }

    void aProfileWithoutItsNoteFindsItStill()
    {
        const QString first = ask("make");
        const test::TemporaryFolder other;
        QCOMPARE(wrap(*m_session, QStringLiteral("get"), other.path()), first);
    }

    void anotherValueIsNoticed()
    {
        QVERIFY(ask("make").startsWith(QStringLiteral("secret ")));
        store(QString(64, QLatin1Char('a')));
        for (const char *what : {"get", "make"}) {
            const QString answer = ask(what);
            QVERIFY2(answer.startsWith(QStringLiteral("Tampered: The keychain gives another secret")),
                     qPrintable(answer));
        }
        for (const QString &odd : {QStringLiteral("no digits"), QString(62, QLatin1Char('a')),
                                   QString(66, QLatin1Char('a')), QString(64, QLatin1Char('A'))}) {
            store(odd);
            const QString answer = ask("get");
            QVERIFY2(answer.startsWith(QStringLiteral("Tampered: What the keychain keeps")), qPrintable(answer));
        }
    }

    void aLostEntryIsNotReplaced()
    {
        QVERIFY(ask("make").startsWith(QStringLiteral("secret ")));
        m_session->run(QStringLiteral("secret-tool"), {QStringLiteral("clear"), QStringLiteral("server"),
                                                       QStringLiteral("countersign"), QStringLiteral("user"), kEntry});
        for (const char *what : {"get", "make"}) {
            const QString answer = ask(what);
            QVERIFY2(answer.startsWith(QStringLiteral("Tampered: The keychain has lost")), qPrintable(answer));
        }
        QCOMPARE(lookup(), QStringLiteral("exit 1: "));
    }

    void aLockedKeychainIsSaidToBeLocked()
    {
        const QString made = ask("make");
        QVERIFY(m_session->stopKeyring());
        QVERIFY(m_session->startKeyring(QStringLiteral("not the password")));
        for (const char *what : {"get", "make"}) {
            const QString answer = ask(what);
            QVERIFY2(answer.startsWith(QStringLiteral("Denied: The keychain is locked")), qPrintable(answer));
        }
        QVERIFY(m_session->stopKeyring());
        QVERIFY(m_session->startKeyring());
        QCOMPARE(ask("get"), made);
    }

    void aSlowKeychainIsGivenUpAndAskedAgain()
    {
        const QString made = ask("make");
        const qint64 daemon = m_session->keyringProcess();
        QCOMPARE(::kill(static_cast<pid_t>(daemon), SIGSTOP), 0);
        const QStringList answers =
            wrap(*m_session, QStringLiteral("frozen"), m_home->path(), daemon).split(QLatin1Char('\n'));
        ::kill(static_cast<pid_t>(daemon), SIGCONT);
        QCOMPARE(answers.size(), 2);
        QVERIFY2(answers.first().startsWith(QStringLiteral("Io: The keychain did not answer")),
                 qPrintable(answers.first()));
        QCOMPARE(answers.last(), made);
    }

    void aKeychainThatGoesInBetweenIsMissed()
    {
        const QString made = ask("make");
        const QStringList answers =
            wrap(*m_session, QStringLiteral("vanish"), m_home->path(), m_session->keyringProcess())
                .split(QLatin1Char('\n'));
        QCOMPARE(answers.size(), 2);
        QCOMPARE(answers.first(), made);
        QVERIFY2(answers.last().startsWith(
                     QStringLiteral("Unsupported: This session has no keychain, and the signing key needs")),
                 qPrintable(answers.last()));
    }

    void withoutAKeychainNothingIsWritten()
    {
        const KeyringSession empty;
        const QString inEmpty = wrap(empty, QStringLiteral("make"), m_home->path());
        QVERIFY2(inEmpty.startsWith(QStringLiteral("Unsupported: ")), qPrintable(inEmpty));
        QElapsedTimer time;
        time.start();
        const QString outside = test::runProgram(QCoreApplication::applicationFilePath(),
                                                 {QStringLiteral("--wrap"), QStringLiteral("make"), m_home->path()},
                                                 test::outsideEnvironment(m_home->path()));
        QVERIFY2(outside.startsWith(QStringLiteral("Unsupported: ")), qPrintable(outside));
        QVERIFY(time.elapsed() < settings::Keychain::kDefaultLimit.count());
        QDirIterator files(m_home->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext())
            QVERIFY2(files.next().endsWith(QStringLiteral("wrap.lock")),
                     qPrintable(files.filePath())); // empty; no secret, no id
    }

    void twoProgramsGetTheSame()
    {
        QProcess first;
        QProcess second;
        for (QProcess *process : {&first, &second}) {
            process->setProcessEnvironment(m_session->environment());
            process->start(QCoreApplication::applicationFilePath(),
                           {QStringLiteral("--wrap"), QStringLiteral("make"), m_home->path()});
        }
        for (QProcess *process : {&first, &second})
            QVERIFY(process->waitForFinished(60000));
        const QByteArray one = first.readAllStandardOutput();
        QVERIFY2(one.startsWith("secret w:"), one.constData());
        QCOMPARE(second.readAllStandardOutput(), one);
    }

private:
    QString ask(const char *what) { return wrap(*m_session, QString::fromLatin1(what), m_home->path()); }
    QString lookup()
    {
        return m_session->run(QStringLiteral("secret-tool"),
                              {QStringLiteral("lookup"), QStringLiteral("server"), QStringLiteral("countersign"),
                               QStringLiteral("user"), kEntry});
    }
    /// Puts another value where ours is, as another program of the session could.
    void store(const QString &value)
    {
        m_session->run(
            QStringLiteral("sh"),
            {QStringLiteral("-c"),
             QStringLiteral(
                 "printf %s \"$2\" | secret-tool store --label=x server countersign user \"$1\" type plaintext"),
             QStringLiteral("sh"), kEntry, value});
    }

    std::unique_ptr<KeyringSession> m_session;
    std::unique_ptr<test::TemporaryFolder> m_home;
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.value(1) == QStringLiteral("--wrap")) {
        std::puts(act(arguments.mid(2)).toUtf8().constData());
        return 0;
    }
    WrapSecretTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_wrapsecret.moc"
