#include "models/services/workspace/verification.h"
#include "models/store/schema.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// What somebody is told who cannot have what they asked for.
class OpeningTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

private Q_SLOTS:
    void anOlderWorkspaceIsReadOnceItWasWritten_data() { forEachBackend(); }
    void anOlderWorkspaceIsReadOnceItWasWritten()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        const auto location = *database::Location::parse(address);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment()));
        {
            // As an older program would have left it: its last step is not there yet.
            const auto connection = database::Connection::open(location);
            QVERIFY_RESULT(connection);
            const auto last = store::migrations((*connection)->backend()).back();
            QVERIFY_RESULT((*connection)->exec("DELETE FROM schema_migration WHERE number = " + std::to_string(last.number)));
        }
        services::OpenRequest request;
        request.location = location;
        request.readOnly = true;
        const auto refused = services::Session::open(request, testEnvironment());
        QVERIFY_ERROR(refused, ErrorKind::Unsupported);
        for (const char *word : {"older Countersign", "Open it once for writing", "changes nothing that is recorded"})
            QVERIFY2(refused.error().message.find(word) != std::string::npos, refused.error().message.c_str());
        const auto connection = database::Connection::open(location, {.readOnly = true});
        QVERIFY_RESULT(connection);
        QVERIFY_ERROR(services::verifyWorkspace(**connection, {}), ErrorKind::Unsupported);
    }

    void aReadOnlyConnectionVerifies_data() { forEachBackend(); }
    void aReadOnlyConnectionVerifies()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment()));
        const auto connection = database::Connection::open(*database::Location::parse(address), {.readOnly = true});
        QVERIFY_RESULT(connection);
        const auto verification = services::verifyWorkspace(**connection, {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->sentence().c_str());
        QVERIFY(!(*connection)->inTransaction());
    }

    void anEmptyDatabaseIsNoWorkspaceToVerify()
    {
        const auto connection = database::Connection::open(database::Location::sqlite(m_folder.file("empty.countersign")), {.create = true});
        QVERIFY_RESULT(connection);
        QVERIFY_ERROR(services::verifyWorkspace(**connection, {}), ErrorKind::NotFound);
    }

    void aServerThatMayLoseSignaturesMakesNoWorkspaceAndSaysWhy()
    {
        auto *server = PostgresServer::shared(); // runs with fsync off
        QVERIFY(server);
        std::string address = server->uri();
        address.resize(address.find('?'));
        const auto refused = freshWorkspace(address, testEnvironment());
        QVERIFY_ERROR(refused, ErrorKind::Denied);
        QVERIFY2(refused.error().message.find("fsync") != std::string::npos, refused.error().message.c_str());
        QVERIFY2(refused.error().message.find("holds no") == std::string::npos, refused.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(OpeningTest)
#include "tst_opening.moc"
