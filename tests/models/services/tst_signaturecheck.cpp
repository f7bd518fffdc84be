#include "models/ledger/entry.h"
#include "models/services/inventory.h"
#include "models/services/workspace/journal.h"
#include "models/services/workspace/signaturecheck.h"
#include "models/store/eventbody.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QSignalSpy>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

class SignatureCheckTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    static bool isDone(const services::SignatureCheck &check, std::uint64_t size)
    {
        return QTest::qWaitFor([&] { return !check.state().isRunning && check.state().checked == size; }, 60'000);
    }

    static Status registerModels(services::Session &session, int count)
    {
        const auto signer = session.deviceSigner();
        auto journal = services::Journal::begin(session);
        if (!signer || !journal)
            return signer ? journal.error() : signer.error();
        const json::Value now = store::timeValue(session.now());
        for (int i = 0; i < count; ++i) {
            const auto seq =
                services::recordInventory(**journal, "model.register",
                                          {{"createdAt", now},
                                           {"model", ModelId::of(session.environment().randomness->uuid()).text()},
                                           {"name", "a model"},
                                           {"source", "test"},
                                           {"sourceKey", session.environment().randomness->uuid()},
                                           {"updatedAt", now}},
                                          *signer);
            if (!seq)
                return seq.error();
        }
        return (*journal)->commit();
    }

    /// An entry as somebody appends it who has the database and not the key.
    static Status appendForged(services::Session &session)
    {
        auto transaction = database::Transaction::begin(session.connection());
        if (!transaction)
            return transaction.error();
        auto tree = session.ledger().head(true);
        auto last = session.ledger().read(tree ? tree->size() - 1 : 0, 1);
        if (!tree || !last)
            return tree ? last.error() : tree.error();
        auto entry = *ledger::decodeEntry(last->front());
        auto event = *ledger::decodeEvent(entry.payload);
        event.id = session.environment().randomness->uuid();
        entry.payload = *ledger::encodeEvent(event);
        const store::SealedEntry sealed{event.id, ledger::encodeEntry(entry)};
        if (const auto status = session.ledger().append({&sealed, 1}, 0, *tree); !status)
            return status;
        return transaction->commit();
    }

private Q_SLOTS:
    void everySignatureIsCheckedAndWhatComesLaterToo_data() { forEachBackend(); }
    void everySignatureIsCheckedAndWhatComesLaterToo()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        const auto session = freshWorkspace(address, testEnvironment());
        QVERIFY_RESULT(session);
        QVERIFY_RESULT(registerModels(**session, 3000)); // more than a batch
        const std::uint64_t size = (*session)->verifiedHead().size;

        services::SignatureCheck check;
        check.goOn(); // nothing is open
        QVERIFY(!check.state().isRunning);
        QSignalSpy changes(&check, &services::SignatureCheck::stateChanged);
        check.begin(*database::Location::parse(address), {});
        QVERIFY(check.state().isRunning);
        QVERIFY(isDone(check, size));
        QVERIFY(changes.count() >= 3); // it is seen advancing
        QVERIFY(check.state().problem.isEmpty() && check.state().worst == ledger::EntryState::Valid &&
                check.state().total == size);

        QVERIFY_RESULT(registerModels(**session, 5));
        check.goOn();
        QVERIFY(isDone(check, size + 5));
        QVERIFY(check.state().problem.isEmpty());

        QVERIFY_RESULT(appendForged(**session));
        check.goOn();
        QVERIFY(isDone(check, size + 6));
        QVERIFY2(check.state().problem.startsWith(QStringLiteral("Entry %1 is invalid: ").arg(size + 5)),
                 qPrintable(check.state().problem));
        QCOMPARE(check.state().worst, ledger::EntryState::Invalid);

        check.begin(*database::Location::parse(address), {}); // again, and left in the middle
        check.stop();
        QVERIFY(check.state().checked == 0 && !check.state().isRunning);
    }

    void whatCannotBeReadIsSaid()
    {
        services::SignatureCheck check;
        check.begin(*database::Location::parse(m_folder.file("absent.countersign").string()), {});
        QVERIFY(QTest::qWaitFor([&] { return !check.state().problem.isEmpty(); }, 60'000));
        QVERIFY(!check.state().isRunning && check.state().checked == 0);
    }
};

QTEST_GUILESS_MAIN(SignatureCheckTest)
#include "tst_signaturecheck.moc"
