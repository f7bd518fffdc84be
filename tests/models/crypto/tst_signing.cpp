#include "models/base/json.h"
#include "models/crypto/sha256.h"
#include "models/crypto/signing.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::crypto;

namespace {

Bytes hex(const QByteArray &text) { return *fromHex(text.toStdString()); }

json::Value sharedVectors(const char *name)
{
    QFile file(QStringLiteral(COUNTERSIGN_SHARED_DATA "/vectors/ed25519/") + QLatin1String(name));
    return file.open(QIODevice::ReadOnly) ? *json::parse(file.readAll().toStdString()) : json::Value();
}

} // namespace

class SigningTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesRfc8032_data()
    {
        QTest::addColumn<QByteArray>("seed");
        QTest::addColumn<QByteArray>("publicKey");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("signature");
        // RFC 8032, section 7.1.
        QTest::newRow("test 1") << QByteArray("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                                << QByteArray("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a") << QByteArray()
                                << QByteArray("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
        QTest::newRow("test 2") << QByteArray("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
                                << QByteArray("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c") << QByteArray("72")
                                << QByteArray("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        QTest::newRow("test 3") << QByteArray("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
                                << QByteArray("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025") << QByteArray("af82")
                                << QByteArray("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
        QTest::newRow("test SHA(abc)") << QByteArray("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42")
                                       << QByteArray("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf")
                                       << QByteArray("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
                                       << QByteArray("dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704");
    }
    void matchesRfc8032()
    {
        QFETCH(QByteArray, seed);
        QFETCH(QByteArray, publicKey);
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, signature);
        const auto key = SigningKey::fromSeed(hex(seed));
        QCOMPARE(QByteArray::fromStdString(toHex(key->publicKey().view())), publicKey);
        const Signature made = key->sign(hex(message));
        QCOMPARE(QByteArray::fromStdString(toHex(made.view())), signature);
        QVERIFY(verify(key->publicKey(), hex(message), made));
        QVERIFY(!verify(key->publicKey(), hex(message) + "x", made));
        QCOMPARE(key->seed(), BytesView(hex(seed)));
    }

    void everyFlippedBitIsSeen()
    {
        SeededRandomness randomness(25519);
        const SigningKey key = SigningKey::generate(randomness);
        const Bytes message = "I reviewed the evidence and approve use as stated";
        const Signature signature = key.sign(message);
        for (std::size_t bit = 0; bit < 512; ++bit) {
            Signature flipped = signature;
            flipped.bytes[bit / 8] = static_cast<std::uint8_t>(flipped.bytes[bit / 8] ^ (1U << bit % 8));
            QVERIFY(!verify(key.publicKey(), message, flipped));
        }
        for (std::size_t bit = 0; bit < 256; ++bit) {
            PublicKey flipped = key.publicKey();
            flipped.bytes[bit / 8] = static_cast<std::uint8_t>(flipped.bytes[bit / 8] ^ (1U << bit % 8));
            QVERIFY(!verify(flipped, message, signature));
        }
        for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
            Bytes flipped = message;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
            QVERIFY(!verify(key.publicKey(), flipped, signature));
        }
    }

    void refusesKeysThatSignAnything()
    {
        // A small-order key verifies S = 0, R = identity for every message under lenient rules. Ours has none of it.
        const char *small[] = {"0100000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000000",
                               "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                               "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
        const auto signature = Signature::fromBytes(hex("01" + QByteArray(126, '0')));
        for (const char *key : small)
            QVERIFY(!verify(*PublicKey::fromBytes(hex(key)), "anything", *signature));
    }

    void agreesWithWycheproof()
    {
        const json::Value file = sharedVectors("ed25519_test.json");
        int checked = 0;
        for (const json::Value &group : file.find("testGroups") ? *file.find("testGroups")->array() : json::Array()) {
            const auto key = PublicKey::fromBytes(*fromHex(*group.find("publicKey")->text("pk")));
            for (const json::Value &test : *group.find("tests")->array()) {
                const auto signature = Signature::fromBytes(*fromHex(*test.text("sig")));
                const bool accepted = signature.ok() && verify(*key, *fromHex(*test.text("msg")), *signature);
                QVERIFY2(accepted == (*test.text("result") == "valid"), test.text("comment")->c_str());
                ++checked;
            }
        }
        QVERIFY(checked == 151 || file.isNull());
        // The one thing the file is mostly about, whether it is there or not: S plus the group order is another spelling of S.
        const auto key = SigningKey::fromSeed(Bytes(32, 'k'));
        const Signature signature = key->sign("m");
        const Bytes order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        Signature malleable = signature;
        unsigned carry = 0;
        for (std::size_t i = 0; i < 32; ++i) {
            carry += malleable.bytes[32 + i] + static_cast<unsigned>(static_cast<std::uint8_t>(order[i]));
            malleable.bytes[32 + i] = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        QVERIFY(!verify(key->publicKey(), "m", malleable));
    }

    void givesTheGoldenVerdictOnEveryEdgeCase()
    {
        QFile golden(QFINDTESTDATA("cctv_libsodium.txt"));
        QVERIFY(golden.open(QIODevice::ReadOnly));
        const QByteArray verdicts = golden.readAll().trimmed();
        QCOMPARE(verdicts.size(), 914);
        QCOMPARE(verdicts.count('1'), 43);
        const json::Value file = sharedVectors("ed25519vectors.json");
        if (file.isNull())
            return; // the golden file describes vectors that are not ours to ship
        QByteArray found;
        for (const json::Value &vector : *file.array()) {
            const auto key = PublicKey::fromBytes(*fromHex(*vector.text("key")));
            const auto signature = Signature::fromBytes(*fromHex(*vector.text("sig")));
            found += verify(*key, *vector.text("msg"), *signature) ? '1' : '0';
        }
        QCOMPARE(found, verdicts);
    }

    void keysAreNamedByTypeAndBytes()
    {
        const auto key = SigningKey::fromSeed(Bytes(32, 'a'));
        QVERIFY(keyDigest(key->publicKey()) == sha256(Bytes("ed25519") + Bytes(key->publicKey().view())));
        QCOMPARE(key->id().text(), "k:" + keyDigest(key->publicKey()).hex());
        QVERIFY(KeyId::parse(key->id().text()).ok());
        QCOMPARE(fingerprint(KeyId::of("3f7a11c092d45b1effff")), std::string("3F7A 11C0 92D4 5B1E"));
        QCOMPARE(fingerprint(KeyId()), std::string());
    }

    void sizesAreChecked()
    {
        QVERIFY(!SigningKey::fromSeed("short").ok());
        QVERIFY(!PublicKey::fromBytes(Bytes(31, 'x')).ok());
        QVERIFY(!Signature::fromBytes(Bytes(65, 'x')).ok());
    }

    void aTakenSecretLeavesNothingBehind()
    {
        std::string passphrase = "correct horse battery";
        const char *const memory = passphrase.data();
        const Secret secret = Secret::takeFrom(passphrase);
        QCOMPARE(secret.view(), BytesView("correct horse battery"));
        QVERIFY(passphrase.empty());
        QVERIFY(std::all_of(memory, memory + 21, [](char c) { return c == '\0'; }));
        Secret moved;
        moved = Secret(3);
        QCOMPARE(moved.size(), std::size_t(3));
        QCOMPARE(moved.view(), BytesView("\0\0\0", 3));
    }
};

QTEST_APPLESS_MAIN(SigningTest)
#include "tst_signing.moc"
