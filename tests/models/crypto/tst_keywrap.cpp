#include "models/base/json.h"
#include "models/crypto/signing.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::crypto;

namespace {
Secret secret(std::string text) { return Secret::takeFrom(text); }
} // namespace

class KeyWrapTest : public QObject
{
    Q_OBJECT

    SeededRandomness m_randomness{4711};
    Bytes m_wrapped;
    KeyId m_key;

private Q_SLOTS:
    void initTestCase()
    {
        const SigningKey key = SigningKey::generate(m_randomness);
        m_key = key.id();
        m_wrapped = *wrapKey(key, secret("correct horse battery"), kLowestCost, m_randomness);
    }

    void aPassphraseOpensWhatItClosed()
    {
        const auto key = unwrapKey(m_wrapped, secret("correct horse battery"));
        QVERIFY(key.ok());
        QCOMPARE(key->id().text(), m_key.text());
        QVERIFY(verify(key->publicKey(), "m", key->sign("m")));
        const auto file = json::readRestricted(m_wrapped);
        QVERIFY(file.ok());
        QCOMPARE(*file->find("header")->text("key"), m_key.text());
        QVERIFY(m_wrapped.find("correct") == Bytes::npos && m_wrapped.find(Bytes(key->seed())) == Bytes::npos);
    }

    void anotherPassphraseDoesNot()
    {
        for (const char *wrong : {"correct horse batterz", "Correct horse battery", "correct horse battery ", "", "x"}) {
            const auto key = unwrapKey(m_wrapped, secret(wrong));
            QVERIFY(!key.ok());
            QCOMPARE(key.error().kind, ErrorKind::Denied);
            QCOMPARE(key.error().message, std::string("The passphrase does not open this key."));
        }
        const auto huge = unwrapKey(m_wrapped, secret(std::string(1 << 20, 'x')));
        QCOMPARE(huge.error().kind, ErrorKind::Denied);
    }

    void composedAndDecomposedLettersAreOnePassphrase()
    {
        const SigningKey key = SigningKey::generate(m_randomness);
        const auto wrapped = wrapKey(key, secret("Gr\u00f6\u00dfe \u00c5ngstr\u00f6m \U0001F511"), kLowestCost, m_randomness);
        QVERIFY(wrapped.ok());
        QVERIFY(unwrapKey(*wrapped, secret("Gro\u0308\u00dfe A\u030angstro\u0308m \U0001F511")).ok());
        QVERIFY(unwrapKey(*wrapped, secret("Gr\u00f6\u00dfe \u212bngstr\u00f6m \U0001F511")).ok());
        QVERIFY(!unwrapKey(*wrapped, secret("Grosse \u00c5ngstr\u00f6m \U0001F511")).ok());
    }

    void alteredFilesDoNotOpen()
    {
        // One change in every member; each is read in full, and refused by the authentication or the reader.
        const std::pair<const char *, const char *> changes[] = {
            {"\"passes\":1", "\"passes\":2"}, {"\"memoryKiB\":65536", "\"memoryKiB\":65537"}, {"\"key\":\"k:", "\"key\":\"k:0"}};
        for (const auto &[from, to] : changes) {
            Bytes altered = m_wrapped;
            altered.replace(altered.find(from), std::strlen(from), to);
            QCOMPARE(unwrapKey(altered, secret("correct horse battery")).error().kind, ErrorKind::Denied);
        }
        for (const char *member : {"\"salt\":\"", "\"nonce\":\"", "\"ciphertext\":\""}) {
            Bytes altered = m_wrapped;
            char &c = altered[altered.find(member) + std::strlen(member)];
            c = c == 'A' ? 'B' : 'A';
            QCOMPARE(unwrapKey(altered, secret("correct horse battery")).error().kind, ErrorKind::Denied);
        }
    }

    void whatIsNoKeyIsRefusedWithoutWork_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        const auto row = [](const char *name, const QByteArray &from, const QByteArray &to) { QTest::newRow(name) << from << to; };
        row("4 TiB of memory", "\"memoryKiB\":65536", "\"memoryKiB\":4294967296");
        row("just above 1 GiB", "\"memoryKiB\":65536", "\"memoryKiB\":1048577");
        row("too little memory", "\"memoryKiB\":65536", "\"memoryKiB\":65535");
        row("negative memory", "\"memoryKiB\":65536", "\"memoryKiB\":-65536");
        row("memory as text", "\"memoryKiB\":65536", "\"memoryKiB\":\"65536\"");
        row("no passes", "\"passes\":1", "\"passes\":0");
        row("many passes", "\"passes\":1", "\"passes\":11");
        row("other cipher", "xchacha20-poly1305", "none");
        row("other function", "argon2id", "scrypt");
        row("newer format", "countersign.key/1", "countersign.key/2");
        row("space", "{\"ciphertext\"", "{ \"ciphertext\"");
        row("salt of other size", "\"salt\":\"", "\"salt\":\"AAAA");
        row("extra member", "\"salt\":", "\"quick\":true,\"salt\":");
        row("header missing", "\"header\":", "\"hidden\":");
    }
    void whatIsNoKeyIsRefusedWithoutWork()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        const QByteArray altered = QByteArray::fromStdString(m_wrapped).replace(from, to);
        QElapsedTimer timer;
        timer.start();
        const auto key = unwrapKey(altered.toStdString(), secret("correct horse battery"));
        QVERIFY(!key.ok());
        QCOMPARE(key.error().kind, ErrorKind::Invalid);
        QVERIFY(timer.elapsed() < 100);
    }

    void everyCutAndManyMutationsAreRefused()
    {
        for (std::size_t size = 0; size < m_wrapped.size(); ++size)
            QCOMPARE(unwrapKey(m_wrapped.substr(0, size), secret("correct horse battery")).error().kind, ErrorKind::Invalid);
        for (int i = 0; i < 20'000; ++i) {
            Bytes altered = m_wrapped;
            for (int j = 0; j < 4; ++j)
                altered[m_randomness.next() % 30] = static_cast<char>(m_randomness.next()); // structure, so that no guess costs Argon2
            if (altered != m_wrapped && altered.substr(15, 15) != m_wrapped.substr(15, 15) && altered.substr(0, 15) == m_wrapped.substr(0, 15))
                continue; // a changed ciphertext is the test above
            if (altered != m_wrapped)
                QVERIFY(!unwrapKey(altered, secret("correct horse battery")).ok());
        }
    }

    void aSecondSecretIsNeededAsWell()
    {
        const SigningKey key = SigningKey::generate(m_randomness);
        const auto bytes = [&](char c) {
            std::string text(32, c);
            return Secret::takeFrom(text);
        };
        const WrapSecret second = wrapSecretOf(bytes('a'));
        const WrapSecret other = wrapSecretOf(bytes('b'));
        QVERIFY(second.id != other.id && second.id.starts_with("w:"));
        const auto wrapped = wrapKey(key, secret("correct horse"), kLowestCost, m_randomness, &second);
        QVERIFY(wrapped.ok());
        QCOMPARE(*wrapSecretId(*wrapped), second.id);
        QCOMPARE(*wrapSecretId(m_wrapped), std::string());
        const auto opened = unwrapKey(*wrapped, secret("correct horse"), &second);
        QVERIFY(opened.ok());
        QVERIFY(opened->publicKey() == key.publicKey());
        QCOMPARE(unwrapKey(*wrapped, secret("correct horse")).error().kind, ErrorKind::NotFound);
        QCOMPARE(unwrapKey(*wrapped, secret("correct horse"), &other).error().kind, ErrorKind::NotFound);
        QCOMPARE(unwrapKey(*wrapped, secret("incorrect horse"), &second).error().kind, ErrorKind::Denied);
        // Another secret under the same id does not open it, and neither does the passphrase alone once the header denies the second one.
        WrapSecret forged = wrapSecretOf(bytes('b'));
        forged.id = second.id;
        QCOMPARE(unwrapKey(*wrapped, secret("correct horse"), &forged).error().kind, ErrorKind::Denied);
        QByteArray alone = QByteArray::fromStdString(*wrapped);
        alone.replace("countersign.key/2", "countersign.key/1").replace(",\"second\":\"" + QByteArray::fromStdString(second.id) + "\"", "");
        QCOMPARE(unwrapKey(alone.toStdString(), secret("correct horse")).error().kind, ErrorKind::Denied);
        // A key without a second secret is not disturbed by one that is at hand.
        QVERIFY(unwrapKey(m_wrapped, secret("correct horse battery"), &second).ok());
        for (const auto &[from, to] : {std::pair{"\"second\":\"w:", "\"second\":\""}, {"\"second\":", "\"sec0nd\":"}, {"countersign.key/2", "countersign.key/1"}, {"countersign.key/2", "countersign.key/3"}}) {
            const QByteArray altered = QByteArray::fromStdString(*wrapped).replace(from, to);
            QVERIFY(!unwrapKey(altered.toStdString(), secret("correct horse"), &second).ok());
        }
    }

    void hostileParametersCostNothing()
    {
        QElapsedTimer timer;
        timer.start();
        int refused = 0;
        for (const char *passes : {"0", "11", "4294967295", "4294967296", "-1", "9007199254740991"})
            for (const char *memory : {"0", "65535", "1048577", "4294967295", "4294967296", "-65536", "9007199254740991"})
                for (const bool isMemory : {true, false}) {
                    QByteArray altered = QByteArray::fromStdString(m_wrapped);
                    altered.replace(QByteArray("\"passes\":1"), QByteArray("\"passes\":") + passes);
                    if (isMemory)
                        altered.replace(QByteArray("\"memoryKiB\":65536"), QByteArray("\"memoryKiB\":") + memory);
                    const auto key = unwrapKey(altered.toStdString(), secret("correct horse battery"));
                    QVERIFY(!key.ok() && key.error().kind == ErrorKind::Invalid);
                    ++refused;
                }
        QCOMPARE(refused, 84);
        QVERIFY(timer.elapsed() < 84 * 100);
    }

    void weakPassphrasesAndOddCostsAreRefused()
    {
        const SigningKey key = SigningKey::generate(m_randomness);
        QCOMPARE(wrapKey(key, secret("seven77"), kLowestCost, m_randomness).error().kind, ErrorKind::Invalid);
        QVERIFY(!wrapKey(key, secret("\u00e4\u00f6\u00fc\u00e4"), kLowestCost, m_randomness).ok()); // eight bytes, four characters
        QVERIFY(!wrapKey(key, secret("not\xff utf-8 text"), kLowestCost, m_randomness).ok());
        QVERIFY(!wrapKey(key, secret(std::string(1025, 'x')), kLowestCost, m_randomness).ok());
        QVERIFY(!wrapKey(key, secret("correct horse"), {1, 1024}, m_randomness).ok());
        QVERIFY(!wrapKey(key, secret("correct horse"), {11, 65536}, m_randomness).ok());
        QVERIFY(wrapKey(key, secret("eight888"), kLowestCost, m_randomness).ok());
    }
};

QTEST_APPLESS_MAIN(KeyWrapTest)
#include "tst_keywrap.moc"
