#include "tests/models/settings/keyringsession.h"
#include "tests/support/postgresserver.h"

#include <QDirIterator>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// How a program ended in a session.
struct Ended {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

QStringList filesWith(const QByteArray &secret, const QString &folder)
{
    QStringList found;
    for (QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories); files.hasNext();) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        if (bytes.contains(secret) || bytes.contains(secret.toBase64()) || bytes.contains(secret.toPercentEncoding()))
            found.append(files.filePath());
    }
    return found;
}

} // namespace

/// The password of a database that rows stay in: given once, kept by a real Secret Service, found again. PostgreSQL really asks for it (SCRAM).
class CliSourcePasswordTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_outside; ///< the person's own files, not in the home that is searched
    std::unique_ptr<PostgresServer> m_server;
    QString m_source;

    QString passwordFile(const QByteArray &password)
    {
        QFile file(m_outside.filePath(QStringLiteral("password")));
        if (!file.open(QIODevice::WriteOnly) || file.write(password + '\n') < 0)
            return {};
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        return file.fileName();
    }
    Ended run(const KeyringSession &session, const QStringList &more = {}) const
    {
        QProcess process;
        process.setProcessEnvironment(session.environment());
        process.start(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-cli"),
                      QStringList{QStringLiteral("metrics"), QStringLiteral("sql"), QStringLiteral("--source"), m_source, QStringLiteral("--table"), QStringLiteral("decisions"), QStringLiteral("--label"),
                                  QStringLiteral("y"), QStringLiteral("--score"), QStringLiteral("s"), QStringLiteral("--no-input"), QStringLiteral("--csv")}
                          + more);
        process.waitForFinished(60'000);
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    QStringList given(const QByteArray &password, bool isKept)
    {
        QStringList options{QStringLiteral("--source-password-file"), passwordFile(password)};
        if (isKept)
            options << QStringLiteral("--keep-password");
        return options;
    }

private Q_SLOTS:
    void initTestCase()
    {
        PostgresServer::Options options;
        options.onLoopback = true;
        options.withPassword = true;
        m_server = std::make_unique<PostgresServer>(options);
        QVERIFY2(m_server->isRunning(), qPrintable(m_server->log()));
        m_source = QString::fromStdString(m_server->loopbackUri());
        const QString database = m_source.section(QLatin1Char('/'), -1).section(QLatin1Char('?'), 0, 0);
        QVERIFY(m_server->sql(database, QStringLiteral("CREATE TABLE decisions AS SELECT i % 3 % 2 AS y, (i * 37 % 101)::float8 / 101 AS s FROM generate_series(0, 999) s(i)")));
    }

    void itIsKeptWhenAskedForAndFoundAgain()
    {
        KeyringSession session;
        QVERIFY(session.isRunning() && session.startKeyring());
        const Ended before = run(session);
        QCOMPARE(before.exitCode, 4);
        QVERIFY2(before.err.contains("--source-password-file"), before.err.constData());

        const Ended unasked = run(session, given(PostgresServer::kPassword, false));
        QVERIFY2(unasked.exitCode == 0, unasked.err.constData());
        QCOMPARE(run(session).exitCode, 4); // nothing is kept that nobody asked to keep

        const Ended wrong = run(session, given("not it", true));
        QCOMPARE(wrong.exitCode, 4);
        QVERIFY(!wrong.err.contains("not it") && !wrong.err.contains("keeps the password"));
        QCOMPARE(run(session).exitCode, 4);

        const Ended kept = run(session, given(PostgresServer::kPassword, true));
        QVERIFY2(kept.exitCode == 0 && kept.err.contains("The keychain keeps the password for "), kept.err.constData());
        const Ended found = run(session, {QStringLiteral("--verbose")});
        QVERIFY2(found.exitCode == 0 && found.err.contains("Using the password that the keychain keeps"), found.err.constData());
        QVERIFY(found.out == kept.out && found.out.contains("auc"));
        for (const Ended *ended : {&kept, &found})
            QVERIFY(!ended->err.contains(PostgresServer::kPassword) && !ended->out.contains(PostgresServer::kPassword));
        QCOMPARE(filesWith(PostgresServer::kPassword, session.home()), QStringList()); // the keyring's own file as well

        // It outlives the daemon, and is asked for by the whole address: another database has none.
        QVERIFY(session.stopKeyring() && session.startKeyring());
        QCOMPARE(run(session).exitCode, 0);
        const QString here = std::exchange(m_source, QString(m_source).replace(QRegularExpression(QStringLiteral("/[^/?]+(\\?|$)")), QStringLiteral("/template1\\1")));
        const Ended elsewhere = run(session);
        m_source = here;
        QVERIFY2(elsewhere.exitCode == 4 && elsewhere.err.contains("--source-password-file"), elsewhere.err.constData());
    }

    void aKeptPasswordThatNoLongerHoldsIsReplaced()
    {
        KeyringSession session;
        QVERIFY(session.isRunning() && session.startKeyring());
        QCOMPARE(run(session, given(PostgresServer::kPassword, true)).exitCode, 0);
        const QString database = m_source.section(QLatin1Char('/'), -1).section(QLatin1Char('?'), 0, 0);
        QVERIFY(m_server->sql(database, QStringLiteral("ALTER USER CURRENT_USER PASSWORD 'another one'")));
        const Ended old = run(session);
        QVERIFY(m_server->sql(database, QStringLiteral("SELECT 1"))); // by its socket, which asks nobody
        QCOMPARE(old.exitCode, 4);
        QVERIFY2(old.err.contains("--source-password-file") && !old.err.contains(PostgresServer::kPassword), old.err.constData());
        QCOMPARE(run(session, given("another one", true)).exitCode, 0);
        QCOMPARE(run(session).exitCode, 0);
        QVERIFY(m_server->sql(database, QStringLiteral("ALTER USER CURRENT_USER PASSWORD '%1'").arg(QString::fromLatin1(PostgresServer::kPassword).replace(QLatin1Char('\''), QStringLiteral("''")))));
    }

    void withoutAKeychainNothingIsKeptAndThatIsSaid()
    {
        KeyringSession session; // a bus, and nobody on it who keeps secrets
        QVERIFY(session.isRunning());
        const Ended ended = run(session, given(PostgresServer::kPassword, true));
        QVERIFY2(ended.exitCode == 0 && ended.err.contains("The password was not kept: "), ended.err.constData());
        QVERIFY(ended.out.contains("auc"));
        QCOMPARE(run(session).exitCode, 4);
        QCOMPARE(filesWith(PostgresServer::kPassword, session.home()), QStringList());
    }
};

QTEST_GUILESS_MAIN(CliSourcePasswordTest)
#include "tst_clisourcepassword.moc"
