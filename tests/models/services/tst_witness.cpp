#include "models/services/ledger/checkpoints.h"
#include "models/services/ledger/proofs.h"
#include "models/store/statements.h"
#include "tests/models/services/reviewfixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <atomic>
#include <future>

using namespace countersign;
using namespace countersign::test;

/// Colleagues' computers are each other's witnesses.
class WitnessTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    int m_profiles = 0;

    services::Environment computer(std::uint64_t seed)
    {
        auto environment = testEnvironment(seed);
        environment.kept = m_folder.file("profile" + std::to_string(++m_profiles));
        return environment;
    }

    /// Ben, a colleague, at a computer of his own.
    static Result<std::unique_ptr<services::Session>> colleague(const ReviewDesk &desk,
                                                                const services::Environment &environment)
    {
        auto passphraseOfBen = passphrase("another horse battery");
        const auto ben = services::addPerson(*desk.session, {"Ben Sample", "bsample", {Role::Validator}},
                                             &passphraseOfBen, desk.ada, *desk.key);
        if (!ben)
            return ben.error();
        auto session =
            services::Session::open({desk.session->connection().location(), {}, false, "bsample"}, environment);
        if (!session)
            return session.error();
        const auto key = (*session)->unlock(*ben, passphraseOfBen);
        if (!key)
            return key.error();
        if (const auto status = services::enrolDevice(**session, *ben, **key); !status)
            return status.error();
        return session;
    }

private Q_SLOTS:
    void aColleaguesCheckpointIsCosignedOnce_data() { forEachBackend(); }
    void aColleaguesCheckpointIsCosignedOnce()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer(1));
        QVERIFY_RESULT(desk);
        const auto there = computer(2);
        const auto ben = colleague(*desk, there);
        QVERIFY_RESULT(ben);
        QVERIFY_ERROR(services::cosignNewest(**ben), ErrorKind::NotFound);
        QVERIFY_RESULT(desk->session->catchUp());
        QVERIFY_RESULT(services::publishCheckpoint(*desk->session));
        auto newest = services::newestCheckpoint(*desk->session);
        QVERIFY_RESULT(newest);
        QCOMPARE((*newest)->witnesses.sentence(), std::string("co-signed by 0 of 2 persons"));
        QCOMPARE((*newest)->witnesses.publishers.front().personName, std::string("Ada Sample"));

        const auto cosigned = services::cosignNewest(**ben);
        QVERIFY_RESULT(cosigned);
        QVERIFY(cosigned->isNew);
        QCOMPARE(cosigned->checkpoint.witnesses.sentence(), std::string("co-signed by 1 of 2 persons"));
        QCOMPARE(cosigned->checkpoint.witnesses.cosigners.front().personName, std::string("Ben Sample"));
        QVERIFY_RESULT(ledger::verifyCosignature(
            cosigned->checkpoint.note,
            ledger::cosignerName(desk->session->ledgerId(), crypto::deviceId(there.device->publicKey())),
            there.device->publicKey()));
        const auto again = services::cosignNewest(**ben);
        QVERIFY_RESULT(again);
        QVERIFY(!again->isNew);
        QCOMPARE(again->checkpoint.note, cosigned->checkpoint.note);

        // Publishing again over the same entries loses nobody's signature, and one's own cosignature is no other
        // person's.
        QVERIFY_RESULT(services::publishCheckpoint(*desk->session));
        QVERIFY_RESULT(services::publishCheckpoint(**ben));
        QVERIFY_RESULT(services::cosignNewest(*desk->session));
        newest = services::newestCheckpoint(*desk->session);
        QCOMPARE((*newest)->witnesses.publishers.size(), std::size_t(2));
        QCOMPARE((*newest)->witnesses.cosigners.size(), std::size_t(2));
        QCOMPARE((*newest)->witnesses.persons(), std::size_t(0)); // both published it as well

        // The policy of the workspace is said with it.
        QVERIFY_RESULT(desk->session->catchUp());
        const auto bundle = services::prove(*desk->session, {1}, {(*newest)->head.size, (*newest)->note});
        QVERIFY_RESULT(bundle);
        const auto report = ledger::verifyProof(*bundle);
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems.front().c_str());
        QCOMPARE(report.cosigners.size(), std::size_t(2));
    }

    void publishersOfOneStateLoseNobodysSignature_data() { forEachBackend(); }
    void publishersOfOneStateLoseNobodysSignature()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer(1));
        QVERIFY_RESULT(desk);
        const auto ben = colleague(*desk, computer(2));
        QVERIFY_RESULT(ben);
        QVERIFY_RESULT(desk->session->catchUp());
        QVERIFY_RESULT((*ben)->catchUp());
        const auto size = desk->session->verifiedHead().size;
        // Ada publishes, goes on, and publishes that as well; then comes Ben, who had not seen more than the first.
        const auto first = services::publishCheckpoint(*desk->session);
        QVERIFY_RESULT(first);
        QVERIFY_RESULT(desk->moveOn(m_folder, "0.752"));
        QVERIFY_RESULT(services::publishCheckpoint(*desk->session));
        const auto late = services::publishCheckpoint(**ben);
        QVERIFY_RESULT(late);
        QVERIFY(late->starts_with(*first) && *late != *first);
        const auto kept = desk->session->ledger().checkpoints();
        QVERIFY_RESULT(kept);
        QCOMPARE(kept->size(), std::size_t(2));
        QCOMPARE(kept->front(), std::pair(size, *late));
        for (const auto *session : {desk->session.get(), ben->get()})
            QVERIFY_RESULT(ledger::verifyCheckpoint(*late, session->environment().device->publicKey()));
    }

    /// Both looked, found no checkpoint, and now write one: the second while the first has not committed.
    void publishersAtTheSameMomentLoseNobodysSignature_data() { forEachBackend(); }
    void publishersAtTheSameMomentLoseNobodysSignature()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer(1));
        QVERIFY_RESULT(desk);
        const ledger::Checkpoint state{ledger::checkpointOrigin(desk->session->ledgerId()),
                                       desk->session->verifiedHead()};
        const auto location = desk->session->connection().location();
        std::vector<std::unique_ptr<crypto::SigningKey>> keys;
        for (const std::uint64_t seed : {11, 12, 13, 14}) {
            SeededRandomness randomness(seed);
            keys.push_back(std::make_unique<crypto::SigningKey>(crypto::SigningKey::generate(randomness)));
        }
        auto transaction = database::Transaction::begin(desk->session->connection());
        QVERIFY_RESULT(transaction);
        QVERIFY_RESULT(
            desk->session->ledger().putCheckpoint(state.head.size, ledger::signCheckpoint(state, *keys.front())));
        std::vector<std::future<Status>> others;
        std::atomic<int> begun = 0;
        for (std::size_t i = 1; i < keys.size(); ++i)
            others.push_back(std::async(std::launch::async, [&, i]() -> Status {
                const auto connection = database::Connection::open(location);
                ++begun;
                if (!connection)
                    return connection.error();
                store::LedgerStore ledger(**connection);
                auto own = database::Transaction::begin(**connection);
                if (!own)
                    return own.error();
                const auto kept = ledger.putCheckpoint(state.head.size, ledger::signCheckpoint(state, *keys[i]));
                return kept ? own->commit() : Status(kept.error());
            }));
        if (backend == QStringLiteral("PostgreSQL")) {
            store::Statements sql(desk->session->connection());
            QTRY_COMPARE(sql.integer("SELECT count(*) FROM pg_locks WHERE NOT granted").value_or(-1), 3);
        } else {
            QTRY_COMPARE(begun.load(), 3);
        }
        QVERIFY_RESULT(transaction->commit());
        for (auto &other : others)
            QVERIFY_RESULT(other.get());
        const auto kept = desk->session->ledger().latestCheckpoint();
        QVERIFY_RESULT(kept);
        for (const auto &key : keys)
            QVERIFY_RESULT(ledger::verifyCheckpoint(kept->value_or(""), key->publicKey()));
    }

    void whatIsNoStateOfThisLedgerIsNotCosigned_data() { forEachBackend(); }
    void whatIsNoStateOfThisLedgerIsNotCosigned()
    {
        QFETCH(QString, backend);
        const auto desk = ReviewDesk::make(m_folder, freshDatabase(backend, m_folder), computer(1));
        QVERIFY_RESULT(desk);
        const auto ben = colleague(*desk, computer(2));
        QVERIFY_RESULT(ben);
        QVERIFY_RESULT(desk->session->catchUp());
        const auto origin = ledger::checkpointOrigin(desk->session->ledgerId());
        const auto head = desk->session->verifiedHead();
        // As somebody with the database in hand could.
        const auto put = [&](const std::string &note, std::uint64_t size) {
            const auto other = database::Connection::open(desk->session->connection().location());
            if (!other)
                return false;
            store::Statements sql(**other);
            sql.run("DELETE FROM checkpoint");
            sql.run("INSERT INTO checkpoint (size, note) VALUES (?, ?)", size, note);
            return sql.ok();
        };
        auto forged = head;
        forged.root = ledger::leafHash("another history");
        QVERIFY(put(ledger::signCheckpoint({origin, forged}, *desk->session->environment().device), head.size));
        QVERIFY_ERROR(services::cosignNewest(**ben), ErrorKind::Tampered);
        QVERIFY_ERROR(services::publishCheckpoint(*desk->session), ErrorKind::Tampered);
        // A stranger's signature over the right root.
        QVERIFY(put(ledger::signCheckpoint({origin, head}, *testEnvironment(9).device), head.size));
        QVERIFY_ERROR(services::cosignNewest(**ben), ErrorKind::Tampered);
        // More entries than there are.
        QVERIFY(put(ledger::signCheckpoint({origin, {head.size + 3, head.root}}, *desk->session->environment().device),
                    head.size + 3));
        QVERIFY_ERROR(services::cosignNewest(**ben), ErrorKind::Tampered);
    }

    void unaskedOnceADay()
    {
        auto here = computer(1);
        auto clock = std::make_shared<FixedClock>(*parseUtc("2026-03-02T08:00:00.000Z"), 60);
        here.clock = clock;
        auto desk = ReviewDesk::make(m_folder, freshDatabase(QStringLiteral("SQLite"), m_folder), here);
        QVERIFY_RESULT(desk);
        const auto location = desk->session->connection().location();
        const auto sizes = [&] {
            std::vector<std::uint64_t> all;
            const auto kept = desk->session->ledger().checkpoints();
            for (const auto &[size, note] : *kept)
                all.push_back(size);
            return all;
        };
        const auto reopen = [&] { desk->session = *services::Session::open({location, {}, false, "asample"}, here); };
        reopen();
        QVERIFY_RESULT(services::bearWitness(*desk->session)); // the same day: nothing
        QCOMPARE(sizes().size(), std::size_t(0));
        QVERIFY_RESULT(services::publishAtClose(*desk->session)); // nothing was appended
        QCOMPARE(sizes().size(), std::size_t(0));
        clock->advance(std::chrono::hours(24));
        reopen();
        QVERIFY_RESULT(services::bearWitness(*desk->session));
        QCOMPARE(sizes().size(), std::size_t(1));
        QVERIFY_RESULT(desk->moveOn(m_folder, "0.7"));
        QVERIFY_RESULT(services::publishAtClose(*desk->session));
        QVERIFY_RESULT(services::publishAtClose(*desk->session));
        QCOMPARE(sizes().size(), std::size_t(2));
        QCOMPARE(sizes().back(), desk->session->verifiedHead().size);
        // A colleague's computer co-signs it when it opens.
        auto there = computer(2);
        there.clock = clock;
        const auto ben = colleague(*desk, there);
        QVERIFY_RESULT(ben);
        QVERIFY_RESULT(services::bearWitness(**ben));
        const auto kept = (*ben)->ledger().checkpoints();
        QVERIFY_RESULT(kept);
        const auto witnesses = services::witnessesOf((*ben)->connection(), (*ben)->ledgerId(), kept->at(1).second);
        QVERIFY_RESULT(witnesses);
        QCOMPARE(witnesses->persons(), std::size_t(1));
        // It is his first opening today, and nobody has covered what came since.
        QCOMPARE(kept->size(), std::size_t(3));
        QCOMPARE(kept->back().first, (*ben)->verifiedHead().size);
        // Whoever only reads, or has no key here, bears none.
        const auto reader = services::Session::open({location, {}, true, "bsample"}, there);
        QVERIFY_RESULT(reader);
        QVERIFY_RESULT(services::bearWitness(**reader));
    }

    void thePolicyIsSaidWithIt()
    {
        services::Witnesses witnesses;
        witnesses.wanted = 2;
        QCOMPARE(witnesses.sentence(), std::string("co-signed by 0 of 2 persons"));
        witnesses.publishers.push_back({DeviceId::of("a"), "p:ada", "Ada", {}, false});
        witnesses.cosigners = {{DeviceId::of("a"), "p:ada", "Ada", {}, false},
                               {DeviceId::of("b"), "p:ben", "Ben", {}, false},
                               {DeviceId::of("c"), "p:ben", "Ben", {}, false}};
        QCOMPARE(witnesses.sentence(), std::string("co-signed by 1 of 2 persons"));
        QVERIFY(!witnesses.isWitnessed());
        witnesses.cosigners.push_back({DeviceId::of("d"), "p:cleo", "Cleo", {}, true}); // revoked
        QVERIFY(!witnesses.isWitnessed());
        witnesses.cosigners.push_back({DeviceId::of("e"), "p:cleo", "Cleo", {}, false});
        QCOMPARE(witnesses.sentence(), std::string("co-signed by 2 of 2 persons"));
        QVERIFY(witnesses.isWitnessed());
    }
};

QTEST_GUILESS_MAIN(WitnessTest)
#include "tst_witness.moc"
