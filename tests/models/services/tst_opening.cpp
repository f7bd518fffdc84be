#include "models/ledger/entry.h"
#include "models/services/inventory.h"
#include "models/services/workspace/newer.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
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

    void whatIsNewerIsOnlyRead_data()
    {
        QTest::addColumn<QString>("backend");
        QTest::addColumn<bool>("isForm");
        for (const char *backend : {"SQLite", "PostgreSQL"})
            for (const bool isForm : {false, true})
                QTest::addRow("%s, %s", backend, isForm ? "a later form" : "an unknown kind") << QString::fromLatin1(backend) << isForm;
    }
    /// What a newer program has recorded, this one does not understand: it reads on and writes nothing, whether it finds that at opening or meanwhile.
    void whatIsNewerIsOnlyRead()
    {
        QFETCH(QString, backend);
        QFETCH(bool, isForm);
        const auto address = freshDatabase(backend, m_folder);
        const auto environment = testEnvironment();
        const auto session = freshWorkspace(address, environment);
        QVERIFY_RESULT(session);
        services::OpenRequest request;
        request.location = *database::Location::parse(address);
        request.person = (*session)->person()->id.text();
        const auto meanwhile = services::Session::open(request, environment);
        QVERIFY_RESULT(meanwhile);
        QVERIFY_RESULT((*meanwhile)->mayWrite());
        // A body that speaks of kinds and versions, to see that only the event's own are looked at.
        auto [event, bytes] = sealedEvent(**session, [isForm](ledger::Event &made) {
            made.kind = isForm ? "model.update" : "model.forecast";
            made.body.set("kind", "model.update");
            made.body.set("note", "x\",\"kind\":\"model.update\",\"v\":1}");
        });
        QVERIFY(!services::newerThanKnown(3, sealedEvent(**session, [](ledger::Event &made) { made.body.set("note", "\",\"kind\":\"model.forecast\",\"v\":2}"); }).second));
        if (isForm) {
            auto entry = ledger::decodeEntry(bytes);
            QVERIFY_RESULT(entry);
            QCOMPARE(entry->payload.back(), std::uint8_t{'}'});
            entry->payload[entry->payload.size() - 2] = '2';
            entry->signatures.front().signature = environment.device->sign(ledger::preAuthenticationEncoding(ledger::kEventType, entry->payload));
            bytes = ledger::encodeEntry(*entry);
        }
        {
            auto &connection = (*session)->connection();
            auto transaction = database::Transaction::begin(connection);
            QVERIFY_RESULT(transaction);
            auto tree = (*session)->ledger().head(true);
            QVERIFY_RESULT(tree);
            const store::SealedEntry sealed[] = {{event.id, bytes}};
            QVERIFY_RESULT((*session)->ledger().append(sealed, toMillis((*session)->now()), *tree));
            QVERIFY_RESULT(transaction->commit());
        }
        const auto says = [isForm](const Error &error) {
            return error.message.find(isForm ? "written in a later form" : "of a kind that this program does not know, model.forecast") != std::string::npos
                && error.message.find("Update this program") != std::string::npos;
        };
        services::FactsRequest facts;
        facts.model = ModelId::of("nobody");
        facts.purpose = "Anything";
        for (int again = 0; again < 2; ++again) {
            const auto refused = services::setFacts(**meanwhile, facts);
            QVERIFY_ERROR(refused, ErrorKind::Denied);
            QVERIFY2(says(refused.error()), refused.error().text().c_str());
        }
        QVERIFY((*meanwhile)->isReadOnly());
        QVERIFY(!(*meanwhile)->damage());
        const auto later = services::Session::open(request, environment);
        QVERIFY_RESULT(later);
        QVERIFY((*later)->isReadOnly() && !(*later)->damage());
        QVERIFY_ERROR((*later)->mayWrite(), ErrorKind::Denied);
        QVERIFY2(says((*later)->mayWrite().error()), (*later)->mayWrite().error().text().c_str());
        QCOMPARE(store::listPeople((*later)->connection())->size(), std::size_t{1}); // and is read
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
