#include "tests/journeys/cli/desk.h"
#include "tests/support/postgresserver.h"

#include <QFileInfo>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// db provision and db status, as whoever administers a server uses them.
class CliDatabaseTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

private Q_SLOTS:
    void aFileHasNoDuties()
    {
        const Desk desk(m_folder, m_folder.filePath(QStringLiteral("file.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const auto status = desk.run(QStringLiteral("db|status"));
        COMPARE_EXIT(status, 0);
        QVERIFY2(status.out.contains("does not separate duties") && status.out.contains("SQLite"), status.out.constData());
        const auto verified = desk.run(QStringLiteral("verify"));
        COMPARE_EXIT(verified, 0);
        QVERIFY2(verified.out.contains("does not separate duties"), verified.out.constData());
        const auto refused = desk.run(QStringLiteral("db|provision"));
        QVERIFY(refused.exitCode != 0);
        QVERIFY2(refused.err.contains("a file has no logins"), refused.err.constData());
        QCOMPARE(QProcess::execute(QStringLiteral("sqlite3"), {desk.workspace(), QStringLiteral("DROP TRIGGER entry_delete")}), 0);
        const auto changed = desk.run(QStringLiteral("db|status"));
        COMPARE_EXIT(changed, 1);
        QVERIFY2(changed.out.contains("entry_delete"), changed.out.constData());
    }

    void dutiesAreSeparatedAndPeopleLogIn()
    {
        PostgresServer::Options options;
        options.onLoopback = true;
        options.withPassword = true;
        PostgresServer server(options);
        QVERIFY2(server.isRunning(), qPrintable(server.log()));
        const QString address = QString::fromStdString(server.uri());
        const Desk desk(m_folder, address);
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("person|add|Bo Li|--role|owner")), 0);
        const auto before = desk.run(QStringLiteral("verify|--json"));
        COMPARE_EXIT(before, 0);
        QVERIFY(before.out.contains("does not separate duties"));

        // Printed, or into a file that is not replaced unasked.
        const auto printed = desk.run(QStringLiteral("db|provision"));
        COMPARE_EXIT(printed, 0);
        for (const char *part : {"BEGIN;", "COMMIT;", "CREATE ROLE \"bli\"", "\\password bli", "ALTER SCHEMA \"countersign\" OWNER TO \"countersign_owner\"", "guard_tables()"})
            QVERIFY2(printed.out.contains(part), printed.out.constData());
        const QString script = desk.path(QStringLiteral("duties.sql"));
        const QString passwords = desk.path(QStringLiteral("passwords"));
        const QString command = QStringLiteral("db|provision|-o|%1|--passwords|%2|--login|aruiz=ana.ruiz").arg(script, passwords);
        COMPARE_EXIT(desk.run(command), 0);
        QVERIFY(desk.run(command).exitCode != 0);
        QCOMPARE(QFileInfo(passwords).permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther), QFile::Permissions());
        QFile kept(passwords);
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QMap<QString, QByteArray> secrets;
        for (const QByteArray &line : kept.readAll().split('\n'))
            if (line.contains('\t'))
                secrets[QString::fromUtf8(line.split('\t').first())] = line.split('\t').last();
        QCOMPARE(secrets.keys(), (QStringList{QStringLiteral("ana.ruiz"), QStringLiteral("bli")}));
        QFile written(script);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray sql = written.readAll();
        QVERIFY(sql.contains("SCRAM-SHA-256$"));
        for (const QByteArray &secret : secrets)
            QVERIFY(!sql.contains(secret) && secret.size() == 24);

        const QString database = QUrl(address).path().mid(1);
        QVERIFY2(server.sql(database, QString::fromUtf8(sql)), qPrintable(server.log()));
        const auto person = [&](const QString &login) {
            desk.write(login, secrets[login] + "\n");
            QFile::setPermissions(desk.path(login), QFile::ReadOwner | QFile::WriteOwner);
            return QStringLiteral("|--workspace|postgresql://%1@127.0.0.1:%2/%3?unsafe_durability=1|--password-file|%4").arg(login, QString::number(server.port()), database, desk.path(login));
        };
        const QString metrics = desk.write(QStringLiteral("m.csv"), "model,version,metric,value,window_start,window_end\ncredit-pd,3,auc,0.7,2026-01-01,2026-02-01\n");
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + metrics + QStringLiteral("|--as|aruiz") + person(QStringLiteral("ana.ruiz"))), 0);
        // Under somebody else's name, from one's own login.
        const auto borrowed = desk.run(QStringLiteral("set|credit-pd|--owner|Me|--as|aruiz") + person(QStringLiteral("bli")));
        COMPARE_EXIT(borrowed, 4);
        QVERIFY2(borrowed.err.contains("is not that of Ana Ruiz"), borrowed.err.constData());
        COMPARE_EXIT(desk.run(QStringLiteral("set|credit-pd|--owner|Me|--as|bli") + person(QStringLiteral("bli"))), 0);
        const auto status = desk.run(QStringLiteral("db|status|--json") + person(QStringLiteral("bli")));
        QVERIFY2(status.out.contains("separates duties: “countersign_owner”"), status.out.constData());
        const auto verified = desk.run(QStringLiteral("verify") + person(QStringLiteral("bli")));
        COMPARE_EXIT(verified, 0);
        QVERIFY2(verified.out.contains("separates duties"), verified.out.constData());

        // Again, by the program itself, for who came later.
        COMPARE_EXIT(desk.runSigning(QStringLiteral("person|add|Cleo Oh|--role|owner|--as|aruiz") + person(QStringLiteral("ana.ruiz"))), 0);
        const auto ran = desk.run(QStringLiteral("db|provision|--run|--person|coh"));
        COMPARE_EXIT(ran, 0);
        QVERIFY2(ran.out.contains("coh"), ran.out.constData());
    }
};

QTEST_GUILESS_MAIN(CliDatabaseTest)
#include "tst_clidatabase.moc"
