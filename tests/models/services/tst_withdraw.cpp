#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/review/reports.h"
#include "models/services/review/review.h"
#include "models/services/review/withdraw.h"
#include "models/services/workspace/journal.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::test;

/// A version that Ada has approved and Vera has rejected.
class WithdrawTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    services::Environment m_environment;
    std::unique_ptr<services::Session> m_session;
    Person m_ada;
    Person m_vera;
    std::shared_ptr<crypto::SigningKey> m_adasKey;
    std::shared_ptr<crypto::SigningKey> m_verasKey;
    VersionId m_version;

    void make(const QString &backend)
    {
        m_session.reset();
        m_environment = testEnvironment();
        auto created = freshWorkspace(freshDatabase(backend, m_folder), m_environment);
        QVERIFY_RESULT(created);
        m_session = std::move(*created);
        m_ada = *m_session->person();
        const auto key = m_session->unlock(m_ada, passphrase());
        QVERIFY_RESULT(key);
        m_adasKey = *key;
        services::PersonRequest request;
        request.name = "Vera Sample";
        request.roles = {Role::Validator};
        const auto secret = passphrase("veras own words");
        const auto vera = services::addPerson(*m_session, request, &secret, m_ada, *m_adasKey);
        QVERIFY_RESULT(vera);
        m_vera = *vera;
        const auto verasKey = m_session->unlock(m_vera, passphrase("veras own words"));
        QVERIFY_RESULT(verasKey);
        m_verasKey = *verasKey;
        const auto file = m_folder.file("metrics.csv");
        std::ofstream(file) << "model,version,metric,value,time\ncredit-pd,1,auc,0.81,2026-01-31\n";
        QVERIFY_RESULT(services::importMetrics(*m_session, file, {}));
        const auto subject = services::findVersionSubject(*m_session, "credit-pd/1");
        QVERIFY_RESULT(subject);
        m_version = subject->version->id;
        sign(Decision::Approve, m_ada, *m_adasKey);
        sign(Decision::Reject, m_vera, *m_verasKey);
    }

    void sign(Decision decision, const Person &person, const crypto::SigningKey &key)
    {
        const auto bundle = services::freezeReview(*m_session, m_version);
        QVERIFY_RESULT(bundle);
        services::SignRequest request;
        request.id = m_environment.randomness->uuid();
        request.bundle = bundle->id;
        request.decision = decision;
        request.meaning = "Seen";
        request.comment = "See the minutes.";
        QVERIFY_RESULT(services::sign(*m_session, request, person, key));
    }

    services::WithdrawRequest request(Decision decision, std::string reason = "The data were another model's.")
    {
        return {m_environment.randomness->uuid(), signOff(decision).id, std::move(reason)};
    }

    SignOff signOff(Decision decision)
    {
        const auto rows = store::listSignOffs(m_session->connection(), m_version);
        for (const auto &row : rows ? *rows : std::vector<store::SignOffRow>())
            if (row.signOff.decision == decision)
                return row.signOff;
        return {};
    }

    int signState()
    {
        store::Statements sql(m_session->connection());
        return static_cast<int>(sql.integer("SELECT sign_state FROM model").value_or(-1));
    }

    void verifyIntact()
    {
        const auto verification = services::verifyWorkspace(m_session->connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());
    }

private Q_SLOTS:
    void aSignatureIsTakenBackAndStaysInSight_data() { forEachBackend(); }
    void aSignatureIsTakenBackAndStaysInSight()
    {
        QFETCH(QString, backend);
        make(backend);
        QCOMPARE(signState(), 3); // rejected
        const auto wanted = request(Decision::Reject);
        const auto entry = services::withdrawSignOff(*m_session, wanted, m_vera, *m_verasKey);
        QVERIFY_RESULT(entry);
        const auto again = services::withdrawSignOff(*m_session, wanted, m_vera, *m_verasKey); // a second click
        QVERIFY_RESULT(again);
        QCOMPARE(*again, *entry);
        QCOMPARE(static_cast<std::int64_t>(*m_session->ledger().size()), *entry + 1);

        const auto bytes = m_session->ledger().read(static_cast<std::uint64_t>(*entry), 1);
        QVERIFY_RESULT(bytes);
        const auto signedEntry = ledger::decodeEntry(bytes->front());
        QVERIFY_RESULT(signedEntry);
        const auto event = ledger::decodeEvent(signedEntry->payload);
        QVERIFY_RESULT(event);
        // What Vera was shown before she typed her passphrase is what she signed.
        const auto shown = services::findSignOff(*m_session, wanted.signOff.text());
        QVERIFY_RESULT(shown);
        QCOMPARE(json::Value(event->body).textOr("sentence", {}), services::withdrawalSentence(*shown, m_vera, wanted.reason));

        const SignOff rejected = signOff(Decision::Reject);
        QVERIFY(rejected.withdrawn.has_value());
        QCOMPARE(rejected.withdrawn->entry, *entry);
        QCOMPARE(rejected.withdrawn->reason, std::string("The data were another model's."));
        QCOMPARE(signState(), 1); // Ada's stands
        const auto row = store::versionRow(m_session->connection(), m_version, m_session->now());
        QVERIFY_RESULT(row);
        QCOMPARE(row->signOffs, 1);

        QVERIFY_RESULT(services::withdrawSignOff(*m_session, request(Decision::Approve, "Signed the wrong one."), m_ada, *m_adasKey));
        QCOMPARE(signState(), 0);
        verifyIntact();
    }

    void documentsSayIt()
    {
        make(QStringLiteral("SQLite"));
        QVERIFY_RESULT(services::withdrawSignOff(*m_session, request(Decision::Reject), m_vera, *m_verasKey));
        const auto facts = services::reportFacts(*m_session, m_version);
        QVERIFY_RESULT(facts);
        const auto bundle = services::freezeReview(*m_session, m_version);
        QVERIFY_RESULT(bundle);
        for (const json::Value *signatures : {facts->find("signOffs"), bundle->document.find("context")->find("signOffs")}) {
            QVERIFY(signatures && signatures->array() && signatures->array()->size() == 2);
            const json::Value &newest = signatures->array()->front();
            QVERIFY(newest.find("withdrawn"));
            QCOMPARE(newest.find("withdrawn")->textOr("reason", {}), std::string("The data were another model's."));
            QVERIFY(!signatures->array()->back().find("withdrawn"));
        }
    }

    void onlyTheSignerOnlyOnceAndWithAReason()
    {
        make(QStringLiteral("SQLite"));
        const auto size = *m_session->ledger().size();
        const auto others = services::withdrawSignOff(*m_session, request(Decision::Reject), m_ada, *m_adasKey);
        QVERIFY_ERROR(others, ErrorKind::Denied);
        QVERIFY(others.error().message.find("Only Vera Sample") != std::string::npos);
        QVERIFY_ERROR(services::withdrawSignOff(*m_session, request(Decision::Reject, {}), m_vera, *m_verasKey), ErrorKind::Invalid);
        QVERIFY_ERROR(services::withdrawSignOff(*m_session, request(Decision::Reject, std::string(20000, 'x')), m_vera, *m_verasKey), ErrorKind::Invalid);
        QCOMPARE(*m_session->ledger().size(), size);
        QVERIFY_RESULT(services::withdrawSignOff(*m_session, request(Decision::Reject), m_vera, *m_verasKey));
        QVERIFY_ERROR(services::withdrawSignOff(*m_session, request(Decision::Reject), m_vera, *m_verasKey), ErrorKind::Conflict);
    }

    /// Written past the services, by a key that may sign: the event is in the ledger, and what another signed still stands.
    void anothersWithdrawalChangesNothing_data() { forEachBackend(); }
    void anothersWithdrawalChangesNothing()
    {
        QFETCH(QString, backend);
        make(backend);
        auto journal = services::Journal::begin(*m_session);
        QVERIFY_RESULT(journal);
        services::Draft draft;
        draft.kind = "review.withdraw";
        draft.body = {{"reason", "I say so"}, {"signoff", signOff(Decision::Reject).id.text()}, {"version", m_version.text()}};
        QVERIFY_RESULT((*journal)->record(std::move(draft), m_session->personSigner(m_ada, Role::Validator, *m_adasKey)));
        QVERIFY_RESULT((*journal)->commit());
        journal->reset();
        QVERIFY(!signOff(Decision::Reject).withdrawn);
        QCOMPARE(signState(), 3);
        verifyIntact();
    }

    void isFoundByNumberOrId()
    {
        make(QStringLiteral("SQLite"));
        const SignOff wanted = signOff(Decision::Approve);
        for (const std::string &text : {std::to_string(wanted.entry), wanted.id.text(), wanted.id.text().substr(2, 12)}) {
            const auto found = services::findSignOff(*m_session, text);
            QVERIFY_RESULT(found);
            QCOMPARE(found->signOff.id, wanted.id);
        }
        QVERIFY_ERROR(services::findSignOff(*m_session, "s:"), ErrorKind::Invalid);
        QVERIFY_ERROR(services::findSignOff(*m_session, ""), ErrorKind::Invalid);
        QVERIFY_ERROR(services::findSignOff(*m_session, "999999"), ErrorKind::NotFound);
    }
};

QTEST_GUILESS_MAIN(WithdrawTest)
#include "tst_withdraw.moc"
