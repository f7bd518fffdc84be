#include "models/ledger/roster.h"
#include "models/ledger/verifier.h"
#include "models/store/projection/comparison.h"
#include "models/store/projection/projector.h"
#include "models/store/schema.h"
#include "models/store/statements.h"
#include "tests/models/ledger/logmaker.h"
#include "tests/support/testdatabases.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <algorithm>
#include <optional>

using namespace countersign;
using namespace countersign::ledger;
using namespace countersign::test;

namespace {

/// A log with every way a key can come and go, some of them tried where they are not allowed.
struct BusyLog : LogMaker {
    crypto::SigningKey bea = newKey();
    crypto::SigningKey cid = newKey();
    crypto::SigningKey cidNext = newKey();
    crypto::SigningKey device = newKey();
    crypto::SigningKey forgotten = newKey();

    explicit BusyLog(std::uint64_t seed = 3)
        : LogMaker(seed, signingPolicyBody({true, 2, "each-signature", 0}))
    {
        addPerson("p:bea", "administrator");
        enrol(bea, "p:bea");
        addPerson("p:cid", "validator");
        enrol(cid, "p:cid"); // invalid: two administrators have keys
        append("key.propose", proposal(cid, "p:cid"));
        append("key.propose", proposal(forgotten, "p:cid"));
        sign(cid, "p:cid", "validator"); // invalid: not confirmed yet
        append(eventBy(bea, "key.confirm", confirmationBody({cid.id(), "read aloud"}), "p:bea", "administrator"), bea);
        sign(cid, "p:cid", "validator");
        enrol(device, crypto::deviceId(device.publicKey()).text(), KeyClass::Device);
        append("policy.signing", signingPolicyBody({false, 3, "series", 5}));
        append(eventBy(cid, "key.rotate",
                       rotationBody({cid.id(), enrolmentOf(cidNext, KeyClass::Person, "p:cid", {}, ledger())}), "p:cid",
                       "validator"),
               cid);
        sign(cidNext, "p:cid", "validator");
        sign(cid, "p:cid", "validator"); // invalid: replaced
        revoke(device.id(), entries().size() + 3, "sold");
        sign(bea, "p:bea", "administrator");
        sign(bea, "p:bea", "administrator");
        revoke(bea.id(), entries().size() - 1, "left open");
        revoke(bea.id(), entries().size() - 4, "stolen");
        revoke(bea.id(), entries().size() - 1, "again");
        revoke(cid.id(), 9, "copied before it was replaced");
    }
    json::Object proposal(const crypto::SigningKey &key, const std::string &owner)
    {
        return enrolmentBody(enrolmentOf(key, KeyClass::Person, owner, "passport seen", ledger()));
    }
    void sign(const crypto::SigningKey &key, const std::string &person, const std::string &role)
    {
        append(
            eventBy(key, "review.withdraw", {{"reason", "test"}, {"signoff", "s:1"}, {"version", "v:1"}}, person, role),
            key);
    }
    void revoke(const KeyId &key, std::uint64_t from, const std::string &reason)
    {
        append("key.revoke", revocationBody({key, from, reason}));
    }
};

/// Judges a log, and projects what is good of it as a replay does.
struct Replay {
    Verifier verifier;
    Status status;

    Replay(const LogMaker &log, database::Connection &connection)
    {
        store::Projector projector(connection, [](const Digest &) {
            return Result<Bytes>(Error{ErrorKind::NotFound, "none", {}});
        });
        verifier.add(0, log.entries(), [&](VerifiedEntry &&entry, const EntryVerdict &verdict) {
            if (status && verdict.state != EntryState::Invalid)
                status = projector.apply(entry.event, entry.seq);
        });
        if (status)
            status = projector.settle();
    }
};

std::string described(const EnrolledKey &key)
{
    const auto number = [](const std::optional<std::uint64_t> &n) { return n ? std::to_string(*n) : std::string("-"); };
    return std::string(keyClassKey(key.keyClass)) + " " + key.owner + " at " + std::to_string(key.enrolledAt) + " by " +
           key.enrolledBy + " to " + number(key.revokedFrom) + (key.isAwaitingConfirmation ? " awaiting" : "") + " " +
           toHex(key.key.view());
}

} // namespace

/// What the tables say of keys is what the ledger's own reading says: nobody is told that a key signs where
/// verification refuses it.
class KeyProjectionTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    Result<std::unique_ptr<database::Connection>> opened(const QString &backend, int steps = 1000)
    {
        const auto location = database::Location::parse(freshDatabase(backend, m_folder));
        if (!location)
            return location.error();
        auto connection = database::Connection::open(*location, {.create = true, .readOnly = false, .password = {}});
        if (!connection)
            return connection;
        auto migrations = store::migrations((*connection)->backend());
        std::erase_if(migrations, [&](const database::Migration &step) { return step.number > steps; });
        if (const auto status = database::migrate(**connection, migrations); !status)
            return status.error();
        return connection;
    }

private Q_SLOTS:
    void tablesSayWhatTheKeyRingSays_data() { forEachBackend(); }
    void tablesSayWhatTheKeyRingSays()
    {
        QFETCH(QString, backend);
        const auto connection = opened(backend);
        QVERIFY_RESULT(connection);
        const BusyLog log;
        const Replay replay(log, **connection);
        QVERIFY_RESULT(replay.status);
        QCOMPARE(std::ranges::count(replay.verifier.problems(), EntryState::Invalid, &EntryVerdict::state), 3);

        store::Statements sql(**connection);
        std::map<KeyId, EnrolledKey> rows;
        std::map<KeyId, std::int64_t> disputedTo;
        sql.each("SELECT id, public, class, owner, enrolled_at, revoked_from, enrolled_by, is_awaiting, disputed_to "
                 "FROM enrolled_key",
                 [&](const database::Query &row) {
                     EnrolledKey key{KeyId::of(row.text(0)),
                                     *crypto::PublicKey::fromBytes(row.bytes(1)),
                                     row.text(2) == "person" ? KeyClass::Person : KeyClass::Device,
                                     row.text(3),
                                     static_cast<std::uint64_t>(row.integer(4)),
                                     {},
                                     row.text(6),
                                     row.integer(7) != 0};
                     if (const auto from = row.integerOrNull(5))
                         key.revokedFrom = static_cast<std::uint64_t>(*from);
                     disputedTo[key.id] = row.integerOrNull(8).value_or(-1);
                     rows.emplace(key.id, key);
                 });
        QVERIFY_RESULT(sql.status());
        QCOMPARE(rows.size(), 6U);
        QCOMPARE(rows.size(), replay.verifier.keys().size());
        for (const auto &[id, key] : replay.verifier.keys())
            QCOMPARE(described(rows.at(id)), described(key));

        // A signature is disputed in exactly the window that the table names.
        const auto isDisputed = [&](std::uint64_t seq) {
            const auto &problems = replay.verifier.problems();
            const auto found = std::ranges::find(problems, seq, &EntryVerdict::seq);
            return found != problems.end() && found->state == EntryState::Disputed;
        };
        const auto isInvalid = [&](std::uint64_t seq) {
            return std::ranges::any_of(replay.verifier.problems(), [&](const EntryVerdict &verdict) {
                return verdict.seq == seq && verdict.state == EntryState::Invalid;
            });
        };
        int disputed = 0;
        for (std::uint64_t seq = 1; seq < log.entries().size(); ++seq) {
            if (isInvalid(seq))
                continue;
            const auto event = decodeEvent(decodeEntry(log.entries()[seq])->payload);
            const EnrolledKey &key = rows.at(event->actor.key);
            const bool isInWindow =
                key.revokedFrom && seq >= *key.revokedFrom && static_cast<std::int64_t>(seq) < disputedTo.at(key.id);
            QVERIFY2(isInWindow == isDisputed(seq), std::to_string(seq).c_str());
            disputed += isInWindow;
        }
        QVERIFY(disputed > 3);

        const auto fact = [&](const std::string &column, const KeyId &key) {
            return sql.text("SELECT " + column + " FROM enrolled_key WHERE id = ?", key.text())
                .value_or(std::string("-"));
        };
        QCOMPARE(fact("reason", log.bea.id()), std::string("stolen"));
        QCOMPARE(fact("confirmed_by", log.cid.id()), std::string("p:bea"));
        QCOMPARE(fact("replaced_by", log.cid.id()), log.cidNext.id().text());
        QCOMPARE(fact("replaces", log.cidNext.id()), log.cid.id().text());
        QCOMPARE(fact("confirmed_by", log.forgotten.id()), std::string());
    }

    void theNewestSigningPolicyIsTheRostersOwn_data() { forEachBackend(); }
    void theNewestSigningPolicyIsTheRostersOwn()
    {
        QFETCH(QString, backend);
        const auto connection = opened(backend);
        QVERIFY_RESULT(connection);
        const BusyLog log;
        const Replay replay(log, **connection);
        QVERIFY_RESULT(replay.status);
        std::vector<SigningPolicy> policies;
        store::Statements sql(**connection);
        sql.each("SELECT confirms_keys, cosigners, reauthentication, series_minutes FROM signing_policy ORDER BY entry",
                 [&](const database::Query &row) {
                     policies.push_back({row.integer(0) != 0, row.integer(1), row.text(2), row.integer(3)});
                 });
        QVERIFY_RESULT(sql.status());
        const std::vector<SigningPolicy> expected{{true, 2, "each-signature", 0}, {false, 3, "series", 5}};
        QVERIFY(policies == expected);
        Roster roster;
        for (const Bytes &entry : log.entries())
            roster.apply(*decodeEvent(decodeEntry(entry)->payload));
        QVERIFY(roster.policy() == policies.back());
    }

    void theTrailSaysWhoseKeysTheyWere_data() { forEachBackend(); }
    void theTrailSaysWhoseKeysTheyWere()
    {
        QFETCH(QString, backend);
        const auto connection = opened(backend);
        QVERIFY_RESULT(connection);
        BusyLog log;
        log.append("security.unlock_failed", {{"closedMinutes", 15}, {"failures", 5}, {"person", "p:cid"}});
        log.append("security.verification_failed",
                   {{"root", "r"}, {"sentences", json::Array{"Entry 3 is invalid.", "b", "c"}}, {"size", 3}});
        log.append("security.signature_discarded",
                   {{"event", "e"}, {"reason", "the model changed"}, {"version", "v:1"}});
        log.append("security.clock_anomaly",
                   {{"before", "2026-03-02T08:00:00.000Z"}, {"now", "2026-03-01T08:00:00.000Z"}});
        log.append("schema.migrate", {{"from", 4}, {"to", 5}});
        const Replay replay(log, **connection);
        QVERIFY_RESULT(replay.status);
        store::Statements sql(**connection);
        QStringList summaries;
        sql.each("SELECT DISTINCT kind, summary FROM trail WHERE kind LIKE 'key.%' OR kind LIKE 'policy.%' OR kind "
                 "LIKE 'security.%' OR kind = 'schema.migrate' OR kind = 'review.withdraw' ORDER BY kind, summary",
                 [&](const database::Query &row) { summaries << QString::fromStdString(row.text(1)); });
        QVERIFY_RESULT(sql.status());
        for (const char *sentence : {
                 "enrolled a device key",
                 "enrolled a person key for Somebody",
                 "proposed a person key for Somebody",
                 "confirmed the key of Somebody: read aloud",
                 "replaced the key of Somebody by a new one",
                 "revoked a key of Somebody from entry 15 on: stolen",
                 "set the signing policy: new keys need one administrator, 3 cosigners, one passphrase for signatures "
                 "within 5 minutes",
                 "closed signing as Somebody for 15 minutes after 5 wrong passphrases",
                 "a verification found: Entry 3 is invalid. And 2 more.",
                 "discarded a signature that was never recorded: the model changed",
                 "noticed that the clock of the computer went back from 2026-03-02T08:00:00.000Z to "
                 "2026-03-01T08:00:00.000Z",
                 "changed the layout of the database from 4 to 5",
                 "withdrew a signature: test",
             })
            QVERIFY2(summaries.contains(QLatin1String(sentence)),
                     qPrintable(QLatin1String(sentence) + QStringLiteral(" is not in\n") +
                                summaries.join(QLatin1Char('\n'))));
    }

    /// A workspace that the program before this one made has the same tables afterwards as one that is replayed now.
    void anOlderWorkspaceIsBroughtUp_data() { forEachBackend(); }
    void anOlderWorkspaceIsBroughtUp()
    {
        QFETCH(QString, backend);
        LogMaker log(4);
        log.addPerson("p:bea", "administrator");
        log.enrol(log.newKey(), "p:bea");
        const auto device = log.newKey();
        log.enrol(device, crypto::deviceId(device.publicKey()).text(), KeyClass::Device);

        const auto replayed = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(replayed);
        const Replay replay(log, **replayed);
        QVERIFY_RESULT(replay.status);

        const auto live = opened(backend, 4);
        QVERIFY_RESULT(live);
        store::Statements from(**replayed);
        store::Statements to(**live);
        from.each("SELECT id, class, owner, public, enrolled_at FROM enrolled_key", [&](const database::Query &row) {
            to.run("INSERT INTO enrolled_key (id, class, owner, public, enrolled_at) VALUES (?, ?, ?, ?, ?)",
                   row.text(0), row.text(1), row.text(2), store::Blob{row.bytes(3)}, row.integer(4));
        });
        from.each("SELECT id, name, login, roles, since FROM person", [&](const database::Query &row) {
            to.run("INSERT INTO person (id, name, login, roles, since) VALUES (?, ?, ?, ?, ?)", row.text(0),
                   row.text(1), row.text(2), row.text(3), row.integer(4));
        });
        from.each("SELECT subject, event, entry FROM subject_head", [&](const database::Query &row) {
            to.run("INSERT INTO subject_head (subject, event, entry) VALUES (?, ?, ?)", row.text(0), row.text(1),
                   row.integer(2));
        });
        from.each("SELECT entry, kind, at, actor, actor_name, subject, model, version, import, summary FROM trail",
                  [&](const database::Query &row) {
                      to.run("INSERT INTO trail (entry, kind, at, actor, actor_name, subject, model, version, import, "
                             "summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                             row.integer(0), row.text(1), row.integer(2), row.text(3), row.text(4), row.text(5),
                             row.text(6), row.text(7), row.text(8), row.text(9));
                  });
        const Bytes &genesis = log.entries().front();
        to.run("INSERT INTO entry (seq, id, bytes, leaf, received_at) VALUES (0, ?, ?, ?, 0)",
               store::Blob{std::string(16, 'a')}, store::Blob{genesis}, store::Blob{leafHash(genesis).view()});
        QVERIFY_RESULT(from.status());
        QVERIFY_RESULT(to.status());

        QVERIFY_RESULT(database::migrate(**live, store::migrations((*live)->backend())));
        const auto comparison = store::compareProjections(**live, **replayed, {});
        QVERIFY_RESULT(comparison);
        QVERIFY2(comparison->differences == 0,
                 comparison->first.empty() ? "" : comparison->first.front().sentence().c_str());
        QVERIFY(comparison->rows > 8);

        // And whoever changes such a row is found out.
        store::Statements tamper(**live);
        tamper.run("UPDATE enrolled_key SET enrolled_by = 'p:bea' WHERE enrolled_at = 2");
        QVERIFY_RESULT(tamper.status());
        const auto changed = store::compareProjections(**live, **replayed, {});
        QVERIFY_RESULT(changed);
        QCOMPARE(changed->differences, 1U);
        QVERIFY2(changed->first.front().sentence().find("enrolled_by") != std::string::npos,
                 changed->first.front().sentence().c_str());
    }
};

QTEST_GUILESS_MAIN(KeyProjectionTest)
#include "tst_keyprojection.moc"
