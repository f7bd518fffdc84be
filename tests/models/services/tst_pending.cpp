#include "models/ledger/entry.h"
#include "models/services/review/pending.h"
#include "models/services/review/receipts.h"
#include "models/services/review/withdraw.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"
#include "tests/models/services/reviewfixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace countersign;
using namespace countersign::test;

/// What was signed is recorded once, or known not to be.
class PendingTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    int m_profiles = 0;

    services::Environment computer()
    {
        auto environment = testEnvironment();
        environment.kept = m_folder.file("profile" + std::to_string(++m_profiles));
        return environment;
    }

    /// As a program leaves it that ends between signing and appending.
    static Result<std::string> signedOnly(const ReviewDesk &desk, const services::FrozenBundle &bundle,
                                          const std::string &comment = {})
    {
        auto journal = services::Journal::begin(*desk.session);
        if (!journal)
            return journal.error();
        services::Draft draft;
        draft.id = desk.session->environment().randomness->uuid();
        draft.kind = "review.signoff";
        draft.evidence = bundle.digest;
        draft.expects = ledger::Expectation{bundle.version.text(),
                                            *store::subjectHead(desk.session->connection(), bundle.version.text())};
        draft.body = {{"adverse", json::Value(json::Array())},
                      {"bundle", bundle.id.text()},
                      {"comment", comment},
                      {"decision", "approve"},
                      {"inputs", bundle.inputs.text()},
                      {"meaning", "Validated"},
                      {"sentence", "I, Ada Sample, approve."},
                      {"shown", json::Value(json::Array())},
                      {"signoff", "s:one"},
                      {"version", bundle.version.text()}};
        const std::string id = draft.id;
        if (const auto seq =
                (*journal)->record(std::move(draft), desk.session->personSigner(desk.ada, Role::Validator, *desk.key));
            !seq)
            return seq.error();
        if (const auto status = services::keepPending(*desk.session, id, (*journal)->lastEntry()); !status)
            return status.error();
        return id;
    }

    static std::filesystem::path fileOf(const ReviewDesk &desk, const std::string &id)
    {
        return desk.session->environment().kept / "pending" /
               (desk.session->ledgerId().text().substr(2) + "-" + id + ".entry");
    }

    static std::vector<std::string> kindsOf(const ReviewDesk &desk)
    {
        std::vector<std::string> kinds;
        const auto entries = desk.session->ledger().read(0, 1000);
        for (const auto &entry : *entries)
            kinds.push_back(ledger::decodeEvent(ledger::decodeEntry(entry)->payload)->kind);
        return kinds;
    }

private Q_SLOTS:
    void aSignatureLeavesNothingPending_data() { forEachBackend(); }
    void aSignatureLeavesNothingPending()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto receipt = desk->sign();
        QVERIFY_RESULT(receipt);
        const auto folder = desk->session->environment().kept / "pending";
        QVERIFY(std::filesystem::exists(folder)); // it was there meanwhile
        QVERIFY(std::filesystem::is_empty(folder));
        QVERIFY(services::resolvePending(*desk->session)->empty());
    }

    void aWithdrawalGoesTheSameWay_data() { forEachBackend(); }
    void aWithdrawalGoesTheSameWay()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto receipt = desk->sign();
        QVERIFY_RESULT(receipt);
        const auto folder = desk->session->environment().kept / "pending";
        std::filesystem::remove(folder);
        const services::WithdrawRequest request{desk->session->environment().randomness->uuid(), receipt->signOff, "another model's data"};
        {
            // Where it cannot be kept it is not recorded.
            std::ofstream(folder) << "a file where the folder should be";
            QVERIFY_ERROR(services::withdrawSignOff(*desk->session, request, desk->ada, *desk->key), ErrorKind::Io);
            QVERIFY(!*services::entryOf(*desk->session, request.id));
            std::filesystem::remove(folder);
        }
        const auto entry = services::withdrawSignOff(*desk->session, request, desk->ada, *desk->key);
        QVERIFY_RESULT(entry);
        QVERIFY(std::filesystem::is_empty(folder)); // it was there meanwhile
        const auto again = services::withdrawSignOff(*desk->session, request, desk->ada, *desk->key);
        QVERIFY_RESULT(again);
        QCOMPARE(*again, *entry);
    }

    void whatWasNotAppendedIsSubmittedOnceAsItIs_data() { forEachBackend(); }
    void whatWasNotAppendedIsSubmittedOnceAsItIs()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto bundle = services::freezeReview(*desk->session, desk->version);
        QVERIFY_RESULT(bundle);
        const auto id = signedOnly(*desk, *bundle);
        QVERIFY_RESULT(id);
        const auto size = *desk->session->ledger().size();
        struct stat status = {};
        QCOMPARE(::stat(fileOf(*desk, *id).c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0600U);

        auto findings = services::resolvePending(*desk->session);
        QVERIFY_RESULT(findings);
        QCOMPARE(findings->size(), std::size_t(1));
        QVERIFY(findings->front().state == services::PendingState::Undecided);
        for (const std::string word : {"Ada Sample", "2026-03-02 09:", "(+01:00)", "was not recorded"})
            QVERIFY2(findings->front().sentence.find(word) != std::string::npos, findings->front().sentence.c_str());
        const Bytes bytes = findings->front().signature.entry;

        // The same review is not signed a second time while this is open.
        auto request = desk->request(bundle->id);
        request.id = *id;
        const auto again = services::sign(*desk->session, request, desk->ada, *desk->key);
        QVERIFY_ERROR(again, ErrorKind::Conflict);
        QCOMPARE(again.error().hint, std::string(services::hint::kDecidePending));
        QCOMPARE(*desk->session->ledger().size(), size);

        const auto receipt = services::submitPending(*desk->session, *id);
        QVERIFY_RESULT(receipt);
        QCOMPARE((*services::entryOf(*desk->session, *id))->second, bytes);
        QVERIFY(services::resolvePending(*desk->session)->empty()); // nothing is left to be found
        QVERIFY(!std::filesystem::exists(fileOf(*desk, *id)));
        QVERIFY_ERROR(services::submitPending(*desk->session, *id), ErrorKind::NotFound);
        const auto afterwards = services::sign(*desk->session, request, desk->ada, *desk->key);
        QVERIFY_RESULT(afterwards);
        QCOMPARE(afterwards->entry, receipt->entry);
        QCOMPARE(*desk->session->ledger().size(), size + 1);
        const auto verification = services::verifyWorkspace(desk->session->connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->sentence().c_str());
    }

    void whatWasAppendedBeforeTheEndIsRecorded_data() { forEachBackend(); }
    void whatWasAppendedBeforeTheEndIsRecorded()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto receipt = desk->sign();
        QVERIFY_RESULT(receipt);
        const Bytes bytes = (*services::entryOf(*desk->session, receipt->event))->second;
        QVERIFY_RESULT(services::keepPending(*desk->session, receipt->event,
                                             bytes)); // the program ended before it took the file away
        const auto findings = services::resolvePending(*desk->session);
        QVERIFY_RESULT(findings);
        QVERIFY(findings->front().state == services::PendingState::Recorded);
        QCOMPARE(*findings->front().entry, receipt->entry);
        QVERIFY(services::resolvePending(*desk->session)->empty());
    }

    void otherBytesUnderTheIdAreAnAlarm()
    {
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(QStringLiteral("SQLite"), m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto bundle = services::freezeReview(*desk->session, desk->version);
        const auto id = signedOnly(*desk, *bundle, "what was signed");
        QVERIFY_RESULT(id);
        auto request = desk->request(bundle->id);
        request.id = *id;
        const auto mine = services::resolvePending(*desk->session)->front().signature.entry;
        services::dropPending(*desk->session, *id);
        QVERIFY_RESULT(services::sign(*desk->session, request, desk->ada, *desk->key));
        QVERIFY_RESULT(services::keepPending(*desk->session, *id, mine));
        const auto findings = services::resolvePending(*desk->session);
        QVERIFY_RESULT(findings);
        QVERIFY(findings->front().state == services::PendingState::OtherBytes);
        QVERIFY(findings->front().sentence.find("Do not rely on that entry") != std::string::npos);
        QVERIFY_ERROR(services::submitPending(*desk->session, *id), ErrorKind::Tampered);
        QVERIFY_ERROR(services::discardPending(*desk->session, *id, "away with it"), ErrorKind::Conflict);
        QVERIFY(std::filesystem::exists(fileOf(*desk, *id)));
    }

    /// The commit fails, and it is found out at once that nothing came of it: that is said, and nothing is left to be decided.
    void whatIsKnownNotToBeRecordedIsNotCalledUnknown_data() { forEachBackend(); }
    void whatIsKnownNotToBeRecordedIsNotCalledUnknown()
    {
        QFETCH(QString, backend);
        const auto environment = computer();
        const std::string address = freshDatabase(backend, m_folder);
        auto desk = ReviewDesk::make(m_folder, address, environment);
        QVERIFY_RESULT(desk);
        const auto bundle = services::freezeReview(*desk->session, desk->version);
        QVERIFY_RESULT(bundle);
        const auto request = desk->request(bundle->id);
        const bool isFile = backend == QLatin1String("SQLite");
        auto refused = Result<services::SignReceipt>(Error{});
        if (isFile) {
            // Files cannot grow as on a full disk; the evidence makes sure that this one has to.
            auto larger = request;
            larger.rendering = services::Rendering{"application/pdf", Bytes(1U << 20, 'x')};
            std::signal(SIGXFSZ, SIG_IGN);
            rlimit before = {};
            QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
            rlimit full = before;
            full.rlim_cur = std::filesystem::file_size(desk->session->connection().location().file);
            QCOMPARE(::setrlimit(RLIMIT_FSIZE, &full), 0);
            refused = services::sign(*desk->session, larger, desk->ada, *desk->key);
            QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        } else {
            // The server ends the line while it commits.
            store::Statements sql(desk->session->connection());
            for (const char *statement : {"CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
                                          "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON signoff DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()"})
                sql.run(statement);
            QVERIFY_RESULT(sql.status());
            refused = services::sign(*desk->session, request, desk->ada, *desk->key);
        }
        QVERIFY_ERROR(refused, ErrorKind::Io);
        const std::string said = refused.error().text();
        for (const char *unsure : {"not known", "may or may not"})
            QVERIFY2(said.find(unsure) == std::string::npos, said.c_str());
        QVERIFY2(said.find("was not recorded") != std::string::npos, said.c_str());
        QVERIFY(refused.error().hint.empty());
        QVERIFY(std::filesystem::is_empty(environment.kept / "pending"));

        if (!isFile) {
            services::OpenRequest open;
            open.location = *database::Location::parse(address);
            open.person = desk->ada.login;
            {
                const auto repair = database::Connection::open(open.location, {});
                QVERIFY_RESULT(repair);
                store::Statements sql(**repair);
                sql.run("DROP TRIGGER cut ON signoff");
                sql.run("DROP FUNCTION cut()");
                QVERIFY_RESULT(sql.status());
            }
            auto session = services::Session::open(open, environment);
            QVERIFY_RESULT(session);
            desk->session = *std::move(session);
        }
        QVERIFY(!*services::entryOf(*desk->session, request.id));
        QVERIFY_RESULT(services::sign(*desk->session, request, desk->ada, *desk->key));
        const auto verification = services::verifyWorkspace(desk->session->connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->sentence().c_str());
    }

    void whatWasOvertakenIsDiscardedAndSaysWhy_data()
    {
        QTest::addColumn<QString>("backend");
        QTest::addColumn<bool>("byAnotherSignature");
        for (const bool byAnotherSignature : {true, false})
            for (const char *backend : {"SQLite", "PostgreSQL"})
                QTest::addRow("%s %s", backend, byAnotherSignature ? "signed" : "moved")
                    << QString::fromLatin1(backend) << byAnotherSignature;
    }
    void whatWasOvertakenIsDiscardedAndSaysWhy()
    {
        QFETCH(QString, backend);
        QFETCH(bool, byAnotherSignature);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto id = signedOnly(*desk, *services::freezeReview(*desk->session, desk->version));
        QVERIFY_RESULT(id);
        if (byAnotherSignature)
            QVERIFY_RESULT(desk->sign());
        else
            QVERIFY_RESULT(desk->moveOn(m_folder, "0.650"));
        QVERIFY_ERROR(services::submitPending(*desk->session, *id), ErrorKind::Conflict);
        const auto findings = services::resolvePending(*desk->session);
        QVERIFY_RESULT(findings);
        QVERIFY(findings->front().state == services::PendingState::Overtaken);
        QVERIFY2(findings->front().sentence.find(byAnotherSignature ? "has gone on since" : "restated values") !=
                     std::string::npos,
                 findings->front().sentence.c_str());
        QVERIFY(!std::filesystem::exists(fileOf(*desk, *id)));
        QCOMPARE(kindsOf(*desk).back(), std::string("security.signature_discarded"));
        QVERIFY(!*services::entryOf(*desk->session, *id));
    }

    void discardingNeedsAReasonAndIsRecorded_data() { forEachBackend(); }
    void discardingNeedsAReasonAndIsRecorded()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto id = signedOnly(*desk, *services::freezeReview(*desk->session, desk->version));
        QVERIFY_RESULT(id);
        QVERIFY_ERROR(services::discardPending(*desk->session, *id, " "), ErrorKind::Invalid);
        QVERIFY_RESULT(services::discardPending(*desk->session, *id, "I want to read again"));
        QVERIFY(services::resolvePending(*desk->session)->empty());
        QCOMPARE(kindsOf(*desk).back(), std::string("security.signature_discarded"));
        const auto verification = services::verifyWorkspace(desk->session->connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->sentence().c_str());
    }

    void aDamagedFileIsToldAndKept()
    {
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(QStringLiteral("SQLite"), m_folder), computer());
        QVERIFY_RESULT(desk);
        const auto id = signedOnly(*desk, *services::freezeReview(*desk->session, desk->version));
        QVERIFY_RESULT(id);
        std::filesystem::resize_file(fileOf(*desk, *id), 200);
        const auto findings = services::resolvePending(*desk->session);
        QVERIFY_ERROR(findings, ErrorKind::Tampered);
        QVERIFY(findings.error().message.find(fileOf(*desk, *id).native()) != std::string::npos);
        QVERIFY(std::filesystem::exists(fileOf(*desk, *id)));
        QVERIFY_RESULT(desk->sign()); // others go on
    }

    void aFolderThatCannotBeWrittenIsNoSignature()
    {
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(QStringLiteral("SQLite"), m_folder), computer());
        QVERIFY_RESULT(desk);
        std::ofstream(desk->session->environment().kept / "pending") << "a file where the folder should be";
        const auto size = *desk->session->ledger().size();
        QVERIFY_ERROR(desk->sign(), ErrorKind::Io);
        QCOMPARE(*desk->session->ledger().size(), size + 1); // the freeze
    }
};

QTEST_GUILESS_MAIN(PendingTest)
#include "tst_pending.moc"
