#include "models/crypto/words.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/keys/keys.h"
#include "models/services/review/review.h"
#include "models/services/review/rules.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::test;
using services::KeySigner;
using store::KeyState;

namespace {

struct SetClock final : Clock {
    Instant time = *parseUtc("2026-03-02T08:00:00.000Z");
    Instant now() const override { return time; }
    int utcOffsetMinutes(Instant) const override { return 60; }
};

/// Ada founded it; Bea is the second administrator, Cid a validator. Only Ada and Bea have keys.
struct Office {
    std::unique_ptr<services::Session> session;
    Person ada;
    Person bea;
    Person cid;
    std::shared_ptr<crypto::SigningKey> adasKey;
    std::shared_ptr<crypto::SigningKey> beasKey;

    static Result<Office> open(const std::string &address)
    {
        auto session = freshWorkspace(address, testEnvironment());
        if (!session)
            return session.error();
        Office office;
        office.session = std::move(*session);
        office.ada = *office.session->person();
        const auto adasKey = office.session->unlock(office.ada, passphrase());
        if (!adasKey)
            return adasKey.error();
        office.adasKey = *adasKey;
        const auto beas = passphrase("bea's own passphrase");
        const auto bea =
            services::addPerson(*office.session, {"Bea Sample", "bea", {Role::Administrator}, "passport seen"}, &beas,
                                office.ada, *office.adasKey);
        if (!bea)
            return bea.error();
        office.bea = *bea;
        const auto beasKey = office.session->unlock(office.bea, beas);
        if (!beasKey)
            return beasKey.error();
        office.beasKey = *beasKey;
        const auto cid = services::addPerson(*office.session, {"Cid Sample", "cid", {Role::Validator}}, nullptr,
                                             office.ada, *office.adasKey);
        if (!cid)
            return cid.error();
        office.cid = *cid;
        return office;
    }
    KeySigner byAda() const { return {ada, *adasKey}; }
    KeySigner byBea() const { return {bea, *beasKey}; }
    /// Cid's key, proposed by Ada and confirmed by Bea.
    Result<std::shared_ptr<crypto::SigningKey>> cidsKey()
    {
        const auto brought = services::enrolKey(*session, cid, "passport seen", cids(), byAda());
        if (!brought)
            return brought.error();
        if (const auto status = services::confirmKey(*session, brought->key, crypto::fingerprintWords(brought->key),
                                                     "on the telephone", byBea());
            !status)
            return status.error();
        return session->unlock(cid, cids());
    }
    static crypto::Secret cids() { return passphrase("cid's own passphrase"); }
    KeyState stateOf(const KeyId &key) { return (*store::findKey(session->connection(), key))->state(); }
    std::uint64_t size() { return session->verifiedHead().size; }
    /// What verification says: nothing, or the first finding.
    std::string trouble()
    {
        const auto verification = services::verifyWorkspace(session->connection(), {});
        if (!verification)
            return verification.error().text();
        return verification->isIntact() ? std::string() : verification->findings.front().sentence;
    }
};

} // namespace

/// Keys come, are confirmed, replaced and revoked; who may do that; and that a verification agrees with all of it.
class KeysTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    std::string metrics(const std::string &text)
    {
        const std::string path = m_folder.filePath(QStringLiteral("keys.csv")).toStdString();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

private Q_SLOTS:
    void aNewWorkspaceSaysThatItHasOneAdministrator_data() { forEachBackend(); }
    void aNewWorkspaceSaysThatItHasOneAdministrator()
    {
        QFETCH(QString, backend);
        const auto session = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(session);
        const auto policy = store::signingPolicy((*session)->connection());
        QVERIFY_RESULT(policy);
        QVERIFY(*policy == (ledger::SigningPolicy{true, 2, "each-signature", 0}));
        QCOMPARE(*services::needsConfirmation(**session), false);
        QVERIFY(services::administratorsRemark((*session)->connection())
                    ->starts_with("This workspace has one administrator"));
    }

    void theSecondAdministratorConfirms_data() { forEachBackend(); }
    void theSecondAdministratorConfirms()
    {
        QFETCH(QString, backend);
        auto opened = Office::open(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        QCOMPARE(*services::administratorsRemark(office.session->connection()), std::string());
        const auto brought =
            services::enrolKey(*office.session, office.cid, "passport seen", Office::cids(), office.byAda());
        QVERIFY_RESULT(brought);
        QVERIFY(brought->isAwaiting);
        QCOMPARE(office.stateOf(brought->key), KeyState::Awaiting);
        const auto cid = store::findPerson(office.session->connection(), "cid");
        QVERIFY(!cid->hasKey && cid->awaitsKey);
        QVERIFY_ERROR(office.session->unlock(office.cid, Office::cids()), ErrorKind::Denied);
        QVERIFY_ERROR(services::enrolKey(*office.session, office.cid, "again", Office::cids(), office.byBea()),
                      ErrorKind::Conflict);

        const std::string words = crypto::fingerprintWords(brought->key);
        const auto size = office.size();
        QVERIFY_ERROR(services::confirmKey(*office.session, brought->key, words, "in person", office.byAda()),
                      ErrorKind::Denied); // who proposed it
        QVERIFY_ERROR(
            services::confirmKey(*office.session, brought->key, "baguz" + words.substr(5), "in person", office.byBea()),
            ErrorKind::Invalid);
        QVERIFY_ERROR(services::confirmKey(*office.session, brought->key, "", "in person", office.byBea()),
                      ErrorKind::Invalid);
        QVERIFY_ERROR(services::confirmKey(*office.session, brought->key, words, " ", office.byBea()),
                      ErrorKind::Invalid);
        QVERIFY_ERROR(services::confirmKey(*office.session, office.adasKey->id(),
                                           crypto::fingerprintWords(office.adasKey->id()), "x", office.byBea()),
                      ErrorKind::Conflict);
        QCOMPARE(office.size(), size);
        QVERIFY_RESULT(services::confirmKey(*office.session, brought->key, words, "read aloud \\ on the telephone",
                                            office.byBea()));
        QCOMPARE(office.stateOf(brought->key), KeyState::InUse);
        QVERIFY_RESULT(office.session->unlock(office.cid, Office::cids()));
        QVERIFY_RESULT(services::testUnlock(*office.session, office.cid, Office::cids()));
        QVERIFY_ERROR(services::confirmKey(*office.session, brought->key, words, "twice", office.byBea()),
                      ErrorKind::Conflict);
        const auto facts = services::listKeys(*office.session);
        QVERIFY_RESULT(facts);
        QCOMPARE(facts->back().identity, std::string("passport seen; the key is kept under its passphrase alone"));
        QCOMPARE(facts->back().record.confirmedByName, std::string("Bea Sample"));
        QCOMPARE(QString::fromStdString(office.trouble()), QString());
    }

    void onlyThoseWhoMayDoIt_data() { forEachBackend(); }
    void onlyThoseWhoMayDoIt()
    {
        QFETCH(QString, backend);
        auto opened = Office::open(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        const auto cidsKey = office.cidsKey();
        QVERIFY_RESULT(cidsKey);
        const KeySigner byCid{office.cid, **cidsKey};
        const auto dan = services::addPerson(*office.session, {"Dan Sample", "dan", {Role::Auditor}}, nullptr,
                                             office.ada, *office.adasKey);
        QVERIFY_RESULT(dan);
        const auto size = office.size();
        QVERIFY_ERROR(services::enrolKey(*office.session, *dan, "x", passphrase(), byCid), ErrorKind::Denied);
        QVERIFY_ERROR(services::confirmKey(*office.session, (*cidsKey)->id(), "x", "x", byCid), ErrorKind::Denied);
        QVERIFY_ERROR(services::setSigningPolicy(*office.session, {}, byCid), ErrorKind::Denied);
        QVERIFY_ERROR(services::revokeKeys(*office.session, {{office.adasKey->id()}, {}, "because"}, byCid),
                      ErrorKind::Denied);
        QVERIFY_ERROR(services::enrolKey(*office.session, *dan, " \n", passphrase(), office.byAda()),
                      ErrorKind::Invalid);
        QVERIFY_ERROR(services::enrolKey(*office.session, *dan, "seen", passphrase("short"), office.byAda()),
                      ErrorKind::Invalid);
        QVERIFY_ERROR(services::enrolKey(*office.session, *dan, "seen", passphrase(), {office.ada, *office.beasKey}),
                      ErrorKind::Conflict); // another's key
        // Somebody who claims a role that the record does not give.
        Person climber = office.cid;
        climber.roles.push_back(Role::Administrator);
        QVERIFY_ERROR(services::enrolKey(*office.session, *dan, "seen", passphrase(), {climber, **cidsKey}),
                      ErrorKind::Conflict);
        QVERIFY_ERROR(services::revokeKeys(*office.session, {{office.adasKey->id()}, {}, ""}, office.byBea()),
                      ErrorKind::Invalid);
        QVERIFY_ERROR(services::revokeKeys(*office.session, {{}, {}, "because"}, office.byBea()), ErrorKind::Invalid);
        QVERIFY_ERROR(services::revokeKeys(*office.session, {{office.adasKey->id()}, office.size() + 1, "because"},
                                           office.byBea()),
                      ErrorKind::Invalid);
        QVERIFY_ERROR(services::revokeKeys(*office.session,
                                           {{office.adasKey->id(), office.beasKey->id()}, {}, "because"},
                                           office.byBea()),
                      ErrorKind::Conflict); // nobody left
        QVERIFY_ERROR(
            services::revokeKeys(*office.session, {{KeyId::of(std::string(64, '0'))}, {}, "because"}, office.byBea()),
            ErrorKind::NotFound);
        ledger::SigningPolicy odd;
        odd.reauthentication = "series";
        odd.seriesMinutes = 11;
        QVERIFY_ERROR(services::setSigningPolicy(*office.session, odd, office.byAda()), ErrorKind::Invalid);
        QCOMPARE(office.size(), size);
        QCOMPARE(QString::fromStdString(office.trouble()), QString());
    }

    void keysAreReplacedByTheirOwners_data() { forEachBackend(); }
    void keysAreReplacedByTheirOwners()
    {
        QFETCH(QString, backend);
        auto opened = Office::open(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        const auto old = office.cidsKey();
        QVERIFY_RESULT(old);
        const auto next =
            services::rotateKey(*office.session, {office.cid, **old}, passphrase("cid's next passphrase"));
        QVERIFY_RESULT(next);
        QCOMPARE(office.stateOf((*old)->id()), KeyState::Replaced);
        QCOMPARE(office.stateOf(next->key), KeyState::InUse);
        QVERIFY_ERROR(office.session->unlock(office.cid, Office::cids()), ErrorKind::Denied); // the old passphrase
        const auto opens = office.session->unlock(office.cid, passphrase("cid's next passphrase"));
        QVERIFY_RESULT(opens);
        QCOMPARE((*opens)->id().text(), next->key.text());
        QVERIFY_ERROR(services::rotateKey(*office.session, {office.cid, **old}, passphrase()), ErrorKind::Conflict);
        // An administrator replaces hers as well, and goes on with the new one.
        const auto adas = services::rotateKey(*office.session, office.byAda(), passphrase("ada's next passphrase"));
        QVERIFY_RESULT(adas);
        QVERIFY_ERROR(services::setSigningPolicy(*office.session, {true, 3, "series", 5}, office.byAda()),
                      ErrorKind::Conflict);
        office.adasKey = *office.session->unlock(office.ada, passphrase("ada's next passphrase"));
        QVERIFY_RESULT(services::setSigningPolicy(*office.session, {true, 3, "series", 5}, office.byAda()));
        QCOMPARE(store::signingPolicy(office.session->connection())->seriesMinutes, 5);
        QCOMPARE(QString::fromStdString(office.trouble()), QString());
    }

    void revokedKeysLeaveADisputedWindow_data() { forEachBackend(); }
    void revokedKeysLeaveADisputedWindow()
    {
        QFETCH(QString, backend);
        auto opened = Office::open(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        const auto cidsKey = office.cidsKey();
        QVERIFY_RESULT(cidsKey);
        const KeySigner byCid{office.cid, **cidsKey};
        const std::uint64_t compromised = office.size();
        QVERIFY_RESULT(services::enrolDevice(*office.session, office.cid, **cidsKey)); // known: nothing is recorded
        const auto own = services::rotateKey(*office.session, byCid, passphrase("cid's next passphrase"));
        QVERIFY_RESULT(own);
        QCOMPARE(office.size(), compromised + 1);
        // The administrator learns that the key had been copied before it was replaced.
        QVERIFY_RESULT(services::revokeKeys(*office.session, {{(*cidsKey)->id()}, compromised, "copied from a backup"},
                                            office.byBea()));
        const auto record = *store::findKey(office.session->connection(), (*cidsKey)->id());
        QCOMPARE(record->state(), KeyState::Revoked);
        QVERIFY(record->hasDisputedWindow());
        QCOMPARE(*record->revokedFrom, static_cast<std::int64_t>(compromised));
        QCOMPARE(*record->disputedTo, static_cast<std::int64_t>(compromised) + 1);
        const auto verification = services::verifyWorkspace(office.session->connection(), {});
        QVERIFY_RESULT(verification);
        QCOMPARE(verification->worst, ledger::EntryState::Disputed);
        QCOMPARE(verification->problems, 1U);
        QCOMPARE(verification->findings.front().entry, static_cast<std::int64_t>(compromised));
        QVERIFY_ERROR(services::revokeKeys(*office.session, {{(*cidsKey)->id()}, compromised, "again"}, office.byBea()),
                      ErrorKind::Conflict);
    }

    void allKeysOfAPersonEndTogether_data() { forEachBackend(); }
    void allKeysOfAPersonEndTogether()
    {
        QFETCH(QString, backend);
        auto opened = Office::open(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        QVERIFY_RESULT(office.cidsKey());
        const auto keys = services::livingKeys(*office.session, office.cid);
        QVERIFY_RESULT(keys);
        QVERIFY_RESULT(services::revokeKeys(*office.session, {*keys, {}, "left"}, office.byAda()));
        QVERIFY_ERROR(office.session->unlock(office.cid, Office::cids()), ErrorKind::Denied);
        QVERIFY(services::livingKeys(*office.session, office.cid)->empty());
        // Comes back with a new key; and a proposal can be taken back before anybody confirms it.
        const auto again =
            services::enrolKey(*office.session, office.cid, "passport seen again", Office::cids(), office.byAda());
        QVERIFY_RESULT(again);
        QVERIFY_RESULT(
            services::revokeKeys(*office.session, {{again->key}, {}, "the words were others"}, office.byAda()));
        QVERIFY_ERROR(services::confirmKey(*office.session, again->key, crypto::fingerprintWords(again->key),
                                           "in person", office.byBea()),
                      ErrorKind::Conflict);
        // Bea ends her own, together with nothing else: "from now on" leaves her own word good.
        QVERIFY_RESULT(services::revokeKeys(*office.session, {{office.beasKey->id()}, {}, "retired"}, office.byBea()));
        QVERIFY_ERROR(services::setSigningPolicy(*office.session, {}, office.byBea()), ErrorKind::Conflict);
        QVERIFY(!services::administratorsRemark(office.session->connection())->empty());
        QCOMPARE(QString::fromStdString(office.trouble()), QString());
    }

    /// Every key that may not sign, tried through the services with the private key at hand; nothing gets into the
    /// ledger.
    void keysThatMayNotSignRecordNothing_data()
    {
        QTest::addColumn<QString>("backend");
        QTest::addColumn<QString>("which");
        QTest::addColumn<QString>("said");
        for (const char *backend : {"SQLite", "PostgreSQL"})
            for (const auto &[which, said] : {std::pair{"revoked", "was revoked"},
                                              {"revoked before", "was revoked"},
                                              {"replaced", "was replaced"},
                                              {"awaiting", "awaits confirmation"},
                                              {"never enrolled", "is not enrolled"},
                                              {"a computer's", "is a computer's"},
                                              {"another's", "belongs to somebody else"},
                                              {"role not held", "does not hold the role"}})
                QTest::addRow("%s %s", backend, which)
                    << QString::fromLatin1(backend) << QString::fromLatin1(which) << QString::fromLatin1(said);
    }
    void keysThatMayNotSignRecordNothing()
    {
        QFETCH(QString, backend);
        QFETCH(QString, which);
        QFETCH(QString, said);
        auto opened = Office::open(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        auto &session = *office.session;
        const auto good = office.cidsKey();
        QVERIFY_RESULT(good);
        Person person = office.cid;
        person.hasKey = true;
        std::shared_ptr<crypto::SigningKey> key = *good;
        if (which == QLatin1String("revoked"))
            QVERIFY_RESULT(services::revokeKeys(session, {{key->id()}, {}, "lost"}, office.byAda()));
        else if (which == QLatin1String("revoked before"))
            QVERIFY_RESULT(services::revokeKeys(session, {{key->id()}, 3, "stolen"}, office.byAda()));
        else if (which == QLatin1String("replaced"))
            QVERIFY_RESULT(services::rotateKey(session, {office.cid, *key}, passphrase("cid's next passphrase")));
        else if (which == QLatin1String("a computer's"))
            key = std::make_shared<crypto::SigningKey>(
                *crypto::SigningKey::fromSeed(session.environment().device->seed()));
        else if (which == QLatin1String("another's"))
            key = office.adasKey;
        else if (which == QLatin1String("role not held"))
            person.roles = {Role::Approver};
        else if (which == QLatin1String("never enrolled"))
            key = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate(*session.environment().randomness));
        else if (which == QLatin1String("awaiting")) {
            QVERIFY_RESULT(services::revokeKeys(session, {{key->id()}, {}, "lost"}, office.byAda()));
            const std::uint64_t seed = 77;
            auto other = testEnvironment(seed);
            SeededRandomness same(seed);
            (void)crypto::SigningKey::generate(same); // the device of that environment
            const auto location = session.connection().location();
            const auto elsewhere = services::Session::open({location, {}, false, "asample"}, other);
            QVERIFY_RESULT(elsewhere);
            key = std::make_shared<crypto::SigningKey>(crypto::SigningKey::generate(same)); // what enrolKey will make
            const auto brought =
                services::enrolKey(**elsewhere, office.cid, "passport seen", Office::cids(), office.byAda());
            QVERIFY_RESULT(brought);
            QCOMPARE(brought->key.text(), key->id().text());
            QVERIFY(brought->isAwaiting);
        }
        QVERIFY_RESULT(session.catchUp());
        QVERIFY_RESULT(services::importMetrics(session,
                                               metrics("model,version,metric,window_start,window_end,value,n\ncredit-"
                                                       "pd,3.2,auc,2026-01-01,2026-02-01,0.7130,4812\n"),
                                               {}));
        const auto bundle =
            services::freezeReview(session, services::findVersionSubject(session, "credit-pd/3.2")->version->id);
        QVERIFY_RESULT(bundle);
        const auto size = office.size();
        const auto signedOff =
            services::sign(session,
                           {session.environment().randomness->uuid(),
                            bundle->id,
                            which == QLatin1String("role not held") ? Role::Approver : Role::Validator,
                            Decision::Approve,
                            "Validated",
                            {},
                            {}},
                           person, *key);
        QVERIFY_ERROR(signedOff, ErrorKind::Denied);
        QVERIFY2(signedOff.error().message.find(said.toStdString()) != std::string::npos,
                 signedOff.error().message.c_str());
        QCOMPARE(office.size(), size);
        const auto trouble = office.trouble(); // "revoked before" disputes nothing: the key had signed nothing yet
        QCOMPARE(QString::fromStdString(trouble), QString());
        // The same with the key that may.
        if (which == QLatin1String("a computer's") || which == QLatin1String("another's") ||
            which == QLatin1String("never enrolled"))
            QVERIFY_RESULT(services::sign(session,
                                          {session.environment().randomness->uuid(),
                                           bundle->id,
                                           Role::Validator,
                                           Decision::Approve,
                                           "Validated",
                                           {},
                                           {}},
                                          person, **good));
    }

    void wrongPassphrasesCloseSigning_data() { forEachBackend(); }
    void wrongPassphrasesCloseSigning()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        const auto clock = std::make_shared<SetClock>();
        const auto anotherRun = [&]() -> Result<std::unique_ptr<services::Session>> {
            auto environment = testEnvironment();
            environment.clock = clock;
            return services::Session::open({*database::Location::parse(address), {}, false, "asample"}, environment);
        };
        {
            auto environment = testEnvironment();
            environment.clock = clock;
            QVERIFY_RESULT(freshWorkspace(address, environment));
        }
        const auto steady = [] { return std::chrono::steady_clock::now(); };
        std::unique_ptr<services::Session> witness; // of the fifth
        for (int i = 0; i < services::AttemptLimit::kAttempts; ++i) {
            auto session = anotherRun();
            QVERIFY_RESULT(session);
            QCOMPARE((*session)->attempts(*(*session)->person()).attemptsLeft(), services::AttemptLimit::kAttempts - i);
            const auto refused = (*session)->unlock(*(*session)->person(), passphrase("not this one"));
            QVERIFY_ERROR(refused, ErrorKind::Denied);
            QCOMPARE(refused.error().message, std::string("That is not the signing passphrase of Ada Sample."));
            witness = std::move(*session);
        }
        const auto closed = anotherRun();
        QVERIFY_RESULT(closed);
        auto &session = **closed;
        const Person ada = *session.person();
        const auto late = session.unlock(ada, passphrase());
        QVERIFY_ERROR(late, ErrorKind::Denied);
        QVERIFY2(late.error().message.find("closed for 15 minutes") != std::string::npos, late.error().message.c_str());
        store::TrailFilter filter;
        const auto entries = store::trailEntries(session.connection(), filter);
        QVERIFY_RESULT(entries);
        const auto rows = store::trailRows(session.connection(), *entries);
        QVERIFY_RESULT(rows);
        QCOMPARE(rows->front().kind, std::string("security.unlock_failed"));
        QCOMPARE(rows->front().summary,
                 std::string("closed signing as Ada Sample for 15 minutes after 5 wrong passphrases"));
        QVERIFY_RESULT(session.catchUp());
        const auto verification = services::verifyWorkspace(session.connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(),
                 verification->findings.empty() ? "" : verification->findings.front().sentence.c_str());

        clock->time += std::chrono::minutes(14);
        QVERIFY((*anotherRun())->attempts(ada).isClosed(steady()));
        clock->time -= std::chrono::hours(24 * 365); // set back: not closed for a year
        const auto limit = (*anotherRun())->attempts(ada);
        QVERIFY(limit.isClosed(steady()) && limit.opensAt() <= steady() + services::AttemptLimit::kPause);
        clock->time += std::chrono::hours(24 * 365) + std::chrono::minutes(2);
        QVERIFY_ERROR(witness->unlock(ada, passphrase()),
                      ErrorKind::Denied); // the program that saw it closes by a clock that nobody sets
        const auto open = anotherRun();
        QVERIFY_RESULT(open);
        QVERIFY_ERROR((*open)->unlock(ada, passphrase("not this one")), ErrorKind::Denied);
        QCOMPARE((*open)->attempts(ada).attemptsLeft(), services::AttemptLimit::kAttempts - 1);
        QVERIFY_RESULT((*open)->unlock(ada, passphrase()));
        QCOMPARE((*open)->attempts(ada).attemptsLeft(), services::AttemptLimit::kAttempts); // a right one clears
    }

    /// Whatever is typed wrong is answered alike; the same letters open, however the keyboard composes them.
    void passphrasesAreTakenAsTyped_data()
    {
        QTest::addColumn<QByteArray>("chosen");
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<bool>("opens");
        const QByteArray composed = "caf\xc3\xa9 au lait";
        const QByteArray decomposed = "cafe\xcc\x81 au lait";
        const QByteArray emoji = "horse \xf0\x9f\x90\xb4 battery";
        const auto row = [](const char *name, const QByteArray &chosen, const QByteArray &typed, bool opens) {
            QTest::newRow(name) << chosen << typed << opens;
        };
        row("composed, typed decomposed", composed, decomposed, true);
        row("decomposed, typed composed", decomposed, composed, true);
        row("emoji", emoji, emoji, true);
        row("emoji with a variation selector", emoji, "horse \xf0\x9f\x90\xb4\xef\xb8\x8f battery", false);
        row("another layout: Cyrillic a", "password long", "p\xd0\xb0ssword long", false);
        row("another layout: y and z", "my lazy dog", "mz layz dog", false);
        row("capitals", "correct horse", "CORRECT HORSE", false);
        row("a blank at the end", "correct horse", "correct horse ", false);
        row("a line feed at the end", "correct horse", "correct horse\n", false);
        row("half", "correct horse", "correct", false);
        row("empty", "correct horse", "", false);
        row("one NUL", "correct horse", QByteArray(1, '\0'), false);
        row("NUL after it", "correct horse", QByteArray("correct horse\0x", 15), false);
        row("1 MiB", "correct horse", QByteArray(1 << 20, 'x'), false);
        row("no UTF-8", "correct horse", "correct \xff horse", false);
        row("full width", "correct horse", "\xef\xbd\x83orrect horse", false);
        row("compatibility ligature", "office horse",
            "o\xef\xac\x83"
            "ce horse",
            false);
    }
    void passphrasesAreTakenAsTyped()
    {
        QFETCH(QByteArray, chosen);
        QFETCH(QByteArray, typed);
        QFETCH(bool, opens);
        const auto session = freshWorkspace(freshDatabase(QStringLiteral("SQLite"), m_folder), testEnvironment());
        QVERIFY_RESULT(session);
        const Person ada = *(*session)->person();
        const auto first = (*session)->unlock(ada, passphrase());
        QVERIFY_RESULT(first);
        QVERIFY_RESULT(services::rotateKey(**session, {ada, **first}, passphrase(chosen.toStdString())));
        const auto key = (*session)->unlock(ada, passphrase(typed.toStdString()));
        if (opens) {
            QVERIFY_RESULT(key);
            return;
        }
        QVERIFY_ERROR(key, ErrorKind::Denied);
        QCOMPARE(key.error().message, std::string("That is not the signing passphrase of Ada Sample."));
        QCOMPARE((*session)->attempts(ada).attemptsLeft(), services::AttemptLimit::kAttempts - 1);
    }

    void aSeriesOfSignaturesNeedsOnePassphrase_data() { forEachBackend(); }
    void aSeriesOfSignaturesNeedsOnePassphrase()
    {
        QFETCH(QString, backend);
        auto opened = Office::open(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        auto &session = *office.session;
        QVERIFY_RESULT(session.unlock(office.ada, passphrase()));
        QVERIFY(!session.seriesKey(office.ada)); // each signature, unless the policy says otherwise
        QVERIFY_RESULT(services::setSigningPolicy(session, {true, 2, "series", 10}, office.byAda()));
        QVERIFY(!session.seriesKey(office.ada)); // what was typed before does not count
        QVERIFY_RESULT(session.unlock(office.ada, passphrase()));
        const auto key = session.seriesKey(office.ada);
        QVERIFY(key && key->id() == office.adasKey->id());
        QVERIFY(!session.seriesKey(office.bea)); // nobody else's; and that ends it
        QVERIFY(!session.seriesKey(office.ada));
        const auto again = [&] {
            return session.unlock(office.ada, passphrase()).ok() && session.seriesKey(office.ada);
        };
        QVERIFY(again());
        session.forgetKeys(); // nobody is there
        QVERIFY(!session.seriesKey(office.ada));
        QVERIFY(again());
        QVERIFY_RESULT(session.setPerson("bea"));
        QVERIFY_RESULT(session.setPerson("asample"));
        QVERIFY(!session.seriesKey(office.ada));
        QVERIFY(again());
        QVERIFY_ERROR(session.unlock(office.ada, passphrase("not this one")), ErrorKind::Denied);
        QVERIFY(!session.seriesKey(office.ada)); // a wrong one ends it as well
        QVERIFY(again());
        QVERIFY_RESULT(services::revokeKeys(session, {{office.adasKey->id()}, {}, "lost"}, office.byBea()));
        QVERIFY(!session.seriesKey(office.ada));
        QVERIFY_RESULT(session.unlock(office.bea, passphrase("bea's own passphrase")));
        QVERIFY(session.seriesKey(office.bea));
        QVERIFY_RESULT(services::setSigningPolicy(session, {true, 2, "each-signature", 0}, office.byBea()));
        QVERIFY(!session.seriesKey(office.bea));
        QCOMPARE(QString::fromStdString(office.trouble()), QString());
    }

    void keysAreFoundByWhatIsPrinted()
    {
        auto opened = Office::open(freshDatabase(QStringLiteral("SQLite"), m_folder));
        QVERIFY_RESULT(opened);
        Office &office = *opened;
        const KeyId id = office.adasKey->id();
        for (const std::string &text :
             {id.text(), crypto::fingerprint(id), id.text().substr(0, 12), id.text().substr(2, 8)}) {
            const auto found = services::findKey(*office.session, text);
            QVERIFY_RESULT(found);
            QCOMPARE(found->id.text(), id.text());
        }
        QVERIFY_ERROR(services::findKey(*office.session, ""), ErrorKind::Invalid);
        QVERIFY_ERROR(services::findKey(*office.session, "k:"), ErrorKind::Invalid);
        QVERIFY_ERROR(services::findKey(*office.session, "zzzzzz"), ErrorKind::NotFound);
        QCOMPARE(*services::firstEntrySince(*office.session, Instant{}), 0U);
        QCOMPARE(*services::firstEntrySince(*office.session, *parseUtc("2030-01-01T00:00:00.000Z")), office.size());
    }
};

QTEST_GUILESS_MAIN(KeysTest)
#include "tst_keys.moc"
