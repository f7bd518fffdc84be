#include "models/services/workspace/verification.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <sqlite3.h>

using namespace countersign;
using namespace countersign::test;

namespace {

/// As somebody does who owns the file or the server: no trigger and no check in between.
bool behindTheBack(const std::string &address, const QString &table, const QString &statement)
{
    const auto location = *database::Location::parse(address);
    if (location.backend == database::Backend::Postgres)
        return PostgresServer::shared()->sql(QString::fromStdString(location.databaseName),
                                             QStringLiteral("SET search_path TO countersign; ALTER TABLE %1 DISABLE TRIGGER USER; %2").arg(table, statement));
    sqlite3 *handle = nullptr;
    bool isDone = sqlite3_open_v2(location.file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK;
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    isDone = isDone && sqlite3_exec(handle, statement.toUtf8().constData(), nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(handle);
    return isDone;
}

} // namespace

/// What is kept beside the entries' own bytes, so that they are found and counted, is verified as well.
class KeptLedgerTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    static services::Discrepancy nothing(const std::string &why)
    {
        services::Discrepancy finding;
        finding.sentence = why;
        finding.entry = -2;
        return finding;
    }

    /// The finding that says this after that statement; else the first one. (On PostgreSQL a trigger that was switched off is told as well.)
    services::Discrepancy foundAfter(const QString &backend, const QString &table, const QString &statement, const std::string &says)
    {
        const auto environment = testEnvironment();
        const auto address = freshDatabase(backend, m_folder);
        {
            auto session = freshWorkspace(address, environment);
            if (!session || !services::addPerson(**session, {"Ben Sample", "ben", {Role::Validator}}, nullptr, *(*session)->person(), **(*session)->unlock(*(*session)->person(), passphrase())))
                return nothing("no workspace");
        }
        if (!behindTheBack(address, table, statement))
            return nothing("not changed");
        const auto connection = database::Connection::open(*database::Location::parse(address), {.readOnly = true});
        const auto verification = connection ? services::verifyWorkspace(**connection, {}) : Result<services::Verification>(connection.error());
        if (!verification)
            return nothing(verification.error().text());
        for (const auto &finding : verification->findings)
            if (finding.sentence.find(says) != std::string::npos)
                return finding;
        return verification->findings.empty() ? nothing("nothing was found") : verification->findings.front();
    }

private Q_SLOTS:
    void changesAreNamed_data()
    {
        QTest::addColumn<QString>("backend");
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("statement");
        QTest::addColumn<int>("entry");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *table, const char *sqlite, const char *postgres, int entry, const char *says) {
            for (const char *backend : {"SQLite", "PostgreSQL"})
                QTest::addRow("%s, %s", name, backend) << QString::fromLatin1(backend) << QString::fromLatin1(table)
                                                       << QString::fromLatin1(backend[0] == 'P' && *postgres ? postgres : sqlite) << entry << QString::fromLatin1(says);
        };
        row("an id", "entry", "UPDATE entry SET id = x'00112233445566778899aabbccddeeff' WHERE seq = 1",
            "UPDATE entry SET id = decode('00112233445566778899aabbccddeeff', 'hex') WHERE seq = 1", 1, "Entry 1 is kept under another id than its own");
        row("a leaf", "entry", "UPDATE entry SET leaf = zeroblob(32) WHERE seq = 1", "UPDATE entry SET leaf = decode(repeat('00', 32), 'hex') WHERE seq = 1", 1,
            "Entry 1 is kept with another leaf hash");
        row("a missing entry", "entry", "DELETE FROM entry WHERE seq = 1", "", 1, "Entry 1 is missing from the ledger");
        row("the count of the head", "ledger_head", "UPDATE ledger_head SET size = 7", "", -1, "The recorded head of the ledger counts 7 entries, and its tree 3.");
        row("the tree of the head", "ledger_head", "UPDATE ledger_head SET tree = x'00'", "UPDATE ledger_head SET tree = decode('00', 'hex')", -1, "The recorded head of the ledger is damaged.");
        row("a checkpoint of nobody", "checkpoint", "INSERT INTO checkpoint (size, note) VALUES (1, 'x'), (9, 'y')", "", -1, "The checkpoint of 1 entry that was kept is not signed by a device");
    }
    void changesAreNamed()
    {
        QFETCH(QString, backend);
        QFETCH(QString, table);
        QFETCH(QString, statement);
        QFETCH(int, entry);
        QFETCH(QString, says);
        const auto found = foundAfter(backend, table, statement, says.toStdString());
        QVERIFY2(found.sentence.find(says.toStdString()) != std::string::npos, found.sentence.c_str());
        QCOMPARE(found.entry, std::int64_t(entry));
    }
};

QTEST_GUILESS_MAIN(KeptLedgerTest)
#include "tst_keptledger.moc"
