#include "models/services/inventory.h"
#include "models/services/workspace/rebuild.h"
#include "models/services/workspace/verification.h"
#include "models/store/projection/revision.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// Workspaces of earlier programs, and tables that are not what follows from the ledger.
class UpgradeTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    QByteArray unpacked(const QString &name)
    {
        QProcess gzip;
        gzip.start(QStringLiteral("gzip"), {QStringLiteral("-dc"), QFINDTESTDATA(qPrintable(QStringLiteral("layouts/") + name))});
        return gzip.waitForFinished() && gzip.exitCode() == 0 ? gzip.readAllStandardOutput() : QByteArray();
    }

    /// Where the workspace of a layout stands now; empty when it cannot be put there.
    std::string placed(const QString &backend, const QString &layout)
    {
        if (backend == QStringLiteral("SQLite")) {
            const QByteArray bytes = unpacked(layout + QStringLiteral(".countersign.gz"));
            QFile file(m_folder.filePath(QStringLiteral("%1-%2.countersign").arg(layout).arg(++m_count)));
            return !bytes.isEmpty() && file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName().toStdString() : std::string();
        }
        const QByteArray dump = unpacked(layout + QStringLiteral(".sql.gz"));
        auto *server = PostgresServer::shared();
        if (dump.isEmpty() || !server)
            return {};
        const std::string uri = server->uri();
        const auto location = database::Location::parse(uri);
        return location && server->sql(QString::fromStdString(location->databaseName), QString::fromUtf8(dump)) ? uri : std::string();
    }

    static Result<std::unique_ptr<services::Session>> open(const std::string &address, bool readOnly = false)
    {
        const auto location = database::Location::parse(address);
        if (!location)
            return location.error();
        return services::Session::open({*location, {}, readOnly, {}}, testEnvironment(7));
    }

    static void verifyIntact(services::Session &session)
    {
        const auto verification = services::verifyWorkspace(session.connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());
    }

    static std::int64_t number(services::Session &session, const std::string &query)
    {
        store::Statements sql(session.connection());
        return sql.integer(query).value_or(-1);
    }

    int m_count = 0;

private Q_SLOTS:
    void anEarlierWorkspaceIsBroughtUpToDate_data() { forEachBackend(); }
    void anEarlierWorkspaceIsBroughtUpToDate()
    {
        QFETCH(QString, backend);
        const std::string address = placed(backend, QStringLiteral("layout4"));
        QVERIFY(!address.empty());
        QVERIFY(!open(address, true)); // only reading, it is told what to do
        {
            const auto session = open(address);
            QVERIFY_RESULT(session);
            QVERIFY(!(*session)->damage());
            QCOMPARE(*(*session)->ledger().size(), 15U);
            verifyIntact(**session);
            const auto subject = services::findVersionSubject(**session, "credit-pd/2");
            QVERIFY_RESULT(subject);
            const auto row = store::versionRow((*session)->connection(), subject->version->id, (*session)->now());
            QVERIFY_RESULT(row);
            QCOMPARE(row->verdict, VerdictState::Fail);
            QCOMPARE(row->signOffs, 1);
            const auto people = store::listPeople((*session)->connection());
            QVERIFY_RESULT(people);
            QCOMPARE(people->size(), 2U);
            QVERIFY(people->front().hasKey && people->back().hasKey);
        }
        const auto reader = open(address, true);
        QVERIFY_RESULT(reader);
        verifyIntact(**reader);
    }

    /// As after a change of the projector without a change of the layout.
    void tablesOfAnEarlierProgramAreMadeAnew_data() { forEachBackend(); }
    void tablesOfAnEarlierProgramAreMadeAnew()
    {
        QFETCH(QString, backend);
        const std::string address = placed(backend, QStringLiteral("layout4"));
        const auto age = [&] {
            const auto session = open(address);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(database::asSchemaOwner((*session)->connection(), "test", [&]() -> Status {
                auto transaction = database::Transaction::begin((*session)->connection());
                if (!transaction)
                    return transaction.error();
                store::Statements sql((*session)->connection());
                if (backend == QStringLiteral("PostgreSQL")) // as a superuser the test may pass the guards
                    sql.run("SET LOCAL session_replication_role = replica");
                sql.run("UPDATE trail SET summary = 'what an earlier program said'");
                sql.run("DELETE FROM observation");
                sql.run("UPDATE projection_state SET revision = 0");
                return sql.ok() ? transaction->commit() : sql.status();
            }));
        };
        age();
        QVERIFY_ERROR(open(address, true), ErrorKind::Denied);
        const auto session = open(address);
        QVERIFY_RESULT(session);
        QCOMPARE(number(**session, "SELECT count(*) FROM observation"), 5);
        QCOMPARE(number(**session, "SELECT count(*) FROM trail WHERE summary = 'what an earlier program said'"), 0);
        verifyIntact(**session);
        if (backend == QStringLiteral("PostgreSQL")) // and the guards stand again
            QCOMPARE(number(**session, "SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = current_schema()::regnamespace AND NOT "
                                       "t.tgisinternal AND t.tgenabled <> 'A'"),
                     0);
    }

    void tablesOfALaterProgramAreLeftAlone_data() { forEachBackend(); }
    void tablesOfALaterProgramAreLeftAlone()
    {
        QFETCH(QString, backend);
        const std::string address = placed(backend, QStringLiteral("layout4"));
        {
            const auto session = open(address);
            QVERIFY_RESULT(session);
            store::Statements sql((*session)->connection());
            sql.run("UPDATE projection_state SET revision = 999");
            QVERIFY_RESULT(sql.status());
        }
        QVERIFY_ERROR(open(address), ErrorKind::Unsupported);
        QVERIFY_ERROR(open(address, true), ErrorKind::Unsupported);
    }

    void changedTablesAreRepairedAndThatIsRecorded_data() { forEachBackend(); }
    void changedTablesAreRepairedAndThatIsRecorded()
    {
        QFETCH(QString, backend);
        const auto created = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(created);
        services::Session &session = **created;
        QVERIFY_ERROR(services::repairTables(session, {}), ErrorKind::Conflict); // nothing to repair
        store::Statements sql(session.connection());
        sql.run("UPDATE person SET name = 'Somebody Else'");
        QVERIFY_RESULT(sql.status());
        const auto repaired = services::repairTables(session, {});
        QVERIFY_RESULT(repaired);
        QCOMPARE(*repaired, 1U);
        verifyIntact(session);
        QCOMPARE(number(session, "SELECT count(*) FROM person WHERE name = 'Ada Sample'"), 1);
        const std::string said = sql.text("SELECT summary FROM trail WHERE kind = 'security.verification_failed'").value_or("");
        QVERIFY2(said.find("Somebody Else") != std::string::npos, said.c_str());
    }

    void aCancelledRebuildLeavesEverything_data() { forEachBackend(); }
    void aCancelledRebuildLeavesEverything()
    {
        QFETCH(QString, backend);
        const auto created = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(created);
        services::Session &session = **created;
        const std::atomic<bool> stop = true;
        Progress progress;
        progress.cancel = &stop;
        QVERIFY_ERROR(services::rebuildTables(session.connection(), progress), ErrorKind::Cancelled);
        verifyIntact(session);
    }
};

QTEST_GUILESS_MAIN(UpgradeTest)
#include "tst_upgrade.moc"
