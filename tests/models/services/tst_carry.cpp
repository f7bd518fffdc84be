#include "models/services/keys/keys.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <cstring>

using namespace countersign;
using namespace countersign::test;
using services::KeyPlace;

namespace {

/// What a keychain does, said by the test: its answers are those of settings::WrapSecrets, whose own tests ask a real
/// one.
struct Chain {
    std::optional<Bytes> secret;
    std::optional<Error> trouble;

    services::Environment environment(std::uint64_t seed)
    {
        auto environment = testEnvironment(seed);
        environment.wrapSecret = [this, random = std::make_shared<SeededRandomness>(seed + 1000)](
                                     bool make) -> Result<std::shared_ptr<const crypto::WrapSecret>> {
            if (trouble)
                return *trouble;
            if (!secret && !make)
                return Error{ErrorKind::NotFound, "none", {}};
            if (!secret)
                secret = random->bytes(32);
            Bytes copy = *secret;
            return std::make_shared<const crypto::WrapSecret>(crypto::wrapSecretOf(crypto::Secret::takeFrom(copy)));
        };
        return environment;
    }
};

Result<std::unique_ptr<services::Session>> openAt(const std::string &address, const services::Environment &environment)
{
    return services::Session::open({*database::Location::parse(address), {}, false, "asample"}, environment);
}

} // namespace

/// A key that its owner's keychain holds one half of: what opens it, where, and how it comes to a second computer.
class CarryTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

private Q_SLOTS:
    void aBoundKeyNeedsBothAndIsCarried_data() { forEachBackend(); }
    void aBoundKeyNeedsBothAndIsCarried()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        Chain desk;
        Chain laptop;
        const auto atDesk = freshWorkspace(address, desk.environment(1));
        QVERIFY_RESULT(atDesk);
        const Person ada = *(*atDesk)->person();
        QVERIFY_RESULT((*atDesk)->unlock(ada, passphrase()));
        QCOMPARE(*services::listKeys(**atDesk)->front().place, KeyPlace::ThisComputer);

        // Another computer, one without a keychain, one whose keychain is locked.
        const auto atLaptop = openAt(address, laptop.environment(2));
        QVERIFY_RESULT(atLaptop);
        const auto elsewhere = (*atLaptop)->unlock(ada, passphrase());
        QVERIFY_ERROR(elsewhere, ErrorKind::Denied);
        QVERIFY2(elsewhere.error().message.find("another computer") != std::string::npos,
                 elsewhere.error().message.c_str());
        QVERIFY_ERROR((*openAt(address, testEnvironment(3)))->unlock(ada, passphrase()), ErrorKind::Denied);
        desk.trouble = Error{ErrorKind::Denied, "The keychain is locked.", {}};
        QCOMPARE((*atDesk)->unlock(ada, passphrase()).error().message, std::string("The keychain is locked."));
        desk.trouble = Error{ErrorKind::Io, "No answer.", {}};
        QVERIFY_ERROR((*atDesk)->unlock(ada, passphrase()), ErrorKind::Io);
        QVERIFY_ERROR(
            services::rotateKey(**atDesk, {ada, *keyAtDesk(*atDesk, desk, ada)}, passphrase("a next passphrase")),
            ErrorKind::Io);
        desk.trouble.reset();
        QCOMPARE((*atDesk)->attempts(ada).attemptsLeft(),
                 services::AttemptLimit::kAttempts); // none of that was a guess

        // The copy of the workspace alone, with the right passphrase, opens nothing.
        store::Statements sql((*atDesk)->connection());
        std::optional<Bytes> wrapped;
        sql.each("SELECT wrapped FROM wrapped_key", [&](const database::Query &row) { wrapped = row.bytes(0); });
        QVERIFY(wrapped.has_value());
        QVERIFY_ERROR(crypto::unwrapKey(*wrapped, passphrase()), ErrorKind::NotFound);

        QVERIFY_ERROR(services::fetchKey(**atLaptop, ada, "baguz damuh", passphrase()), ErrorKind::Invalid);
        const std::string none = "babab babab babab babab babab babab babab babab";
        QVERIFY_ERROR(services::fetchKey(**atLaptop, ada, none, passphrase()), ErrorKind::NotFound);
        const auto words = services::carryKey(**atDesk, ada, passphrase());
        QVERIFY_RESULT(words);
        QVERIFY_ERROR(services::fetchKey(**atLaptop, ada, none, passphrase()), ErrorKind::Denied);
        QVERIFY_ERROR(services::fetchKey(**atLaptop, ada, *words, passphrase("not this one")), ErrorKind::Denied);
        QCOMPARE((*atLaptop)->attempts(ada).attemptsLeft(), services::AttemptLimit::kAttempts - 2);
        const auto fetched = services::fetchKey(**atLaptop, ada, *words, passphrase());
        QVERIFY_RESULT(fetched);
        QCOMPARE(*fetched, KeyPlace::ThisComputer);
        QVERIFY_ERROR(services::fetchKey(**atLaptop, ada, *words, passphrase()), ErrorKind::NotFound); // once
        const auto there = (*atLaptop)->unlock(ada, passphrase());
        const auto here = (*atDesk)->unlock(ada, passphrase());
        QVERIFY_RESULT(there);
        QVERIFY_RESULT(here);
        QCOMPARE((*there)->id().text(), (*here)->id().text());

        // The desk's keychain is wiped and makes another secret: the key is lost there, and opens on the laptop still.
        desk.secret = std::string(32, 'x');
        QVERIFY_ERROR((*atDesk)->unlock(ada, passphrase()), ErrorKind::Denied);
        QVERIFY_RESULT((*atLaptop)->unlock(ada, passphrase()));
        const auto verification = services::verifyWorkspace((*atLaptop)->connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY(verification->isIntact());
    }

    void withoutAKeychainItIsSaid_data() { forEachBackend(); }
    void withoutAKeychainItIsSaid()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        Chain none;
        none.trouble = Error{ErrorKind::Unsupported, "no keychain", {}};
        const auto session = freshWorkspace(address, none.environment(1));
        QVERIFY_RESULT(session);
        const Person ada = *(*session)->person();
        const auto key = (*session)->unlock(ada, passphrase());
        QVERIFY_RESULT(key);
        auto veras = passphrase("vera's own passphrase");
        QVERIFY_RESULT(services::addPerson(**session, {"Vera Sample", "vera", {Role::Validator}, "passport seen"},
                                           &veras, ada, **key));
        const auto keys = services::listKeys(**session);
        QVERIFY_RESULT(keys);
        QCOMPARE(keys->back().identity, std::string("passport seen; the key is kept under its passphrase alone"));
        QCOMPARE(*keys->back().place, KeyPlace::Everywhere);
        // It opens anywhere, and is bound once its owner takes it to a computer with a keychain.
        Chain laptop;
        const auto there = openAt(address, laptop.environment(2));
        QVERIFY_RESULT(there);
        QVERIFY_RESULT((*there)->unlock(ada, passphrase()));
        const auto words = services::carryKey(**session, ada, passphrase());
        QVERIFY_RESULT(words);
        QCOMPARE(*services::fetchKey(**there, ada, *words, passphrase()), KeyPlace::ThisComputer);
        QVERIFY_RESULT((*there)->unlock(ada, passphrase()));
        QVERIFY_ERROR((*session)->unlock(ada, passphrase()), ErrorKind::Unsupported); // bound now, and there is no keychain here
    }

    void aKeyOfTheEarlierFormatKeepsOpening_data() { forEachBackend(); }
    void aKeyOfTheEarlierFormatKeepsOpening()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment(1))); // countersign.key/1, as it was always written
        Chain chain;
        const auto session = openAt(address, chain.environment(2));
        QVERIFY_RESULT(session);
        const Person ada = *(*session)->person();
        const auto key = (*session)->unlock(ada, passphrase());
        QVERIFY_RESULT(key);
        const auto next = services::rotateKey(**session, {ada, **key}, passphrase("a next passphrase"));
        QVERIFY_RESULT(next);
        QCOMPARE(next->place, KeyPlace::ThisComputer);
        QVERIFY_RESULT((*session)->unlock(ada, passphrase("a next passphrase")));
    }

    void aCopyWaitsForADay()
    {
        struct SetClock final : Clock {
            Instant time = *parseUtc("2026-03-02T08:00:00.000Z");
            Instant now() const override { return time; }
            int utcOffsetMinutes(Instant) const override { return 0; }
        };
        const auto clock = std::make_shared<SetClock>();
        auto environment = testEnvironment(1);
        environment.clock = clock;
        const auto session = freshWorkspace(freshDatabase(QStringLiteral("SQLite"), m_folder), environment);
        QVERIFY_RESULT(session);
        const Person ada = *(*session)->person();
        const auto words = services::carryKey(**session, ada, passphrase());
        QVERIFY_RESULT(words);
        clock->time += std::chrono::hours(24) + std::chrono::seconds(1);
        QVERIFY_ERROR(services::fetchKey(**session, ada, *words, passphrase()), ErrorKind::NotFound);
        clock->time -= std::chrono::hours(1);
        QVERIFY_RESULT(services::fetchKey(**session, ada, *words, passphrase()));
    }

private:
    /// The key at hand, whatever the keychain says meanwhile.
    static std::shared_ptr<crypto::SigningKey> keyAtDesk(const std::unique_ptr<services::Session> &session,
                                                         Chain &chain, const Person &person)
    {
        const auto trouble = std::exchange(chain.trouble, std::nullopt);
        const auto key = session->unlock(person, passphrase());
        chain.trouble = trouble;
        return key ? *key : nullptr;
    }
};

QTEST_GUILESS_MAIN(CarryTest)
#include "tst_carry.moc"
