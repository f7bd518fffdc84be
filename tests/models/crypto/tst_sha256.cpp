#include "models/crypto/sha256.h"

#include <QtTest/QtTest>
#include <thread>

using namespace countersign;

class Sha256Test : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesPublishedDigests_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("digest");
        QTest::newRow("nothing") << QByteArray() << QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QTest::newRow("one block (FIPS 180)") << QByteArray("abc") << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("two blocks (FIPS 180)") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                               << QByteArray("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
        QTest::newRow("a million times a (FIPS 180)") << QByteArray(1'000'000, 'a') << QByteArray("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
    void matchesPublishedDigests()
    {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, digest);
        QCOMPARE(QByteArray::fromStdString(crypto::sha256(message.toStdString()).hex()), digest);
    }

    void piecesGiveTheSameAsTheWhole()
    {
        crypto::Sha256 hash;
        std::string all;
        for (int i = 0; i < 300; ++i) {
            const std::string piece(static_cast<std::size_t>(i), static_cast<char>(i));
            hash.add(piece);
            all += piece;
        }
        QVERIFY(hash.finish() == crypto::sha256(all));
        QVERIFY(hash.finish() == crypto::sha256("")); // started anew
        QVERIFY(hash.add("abc").finish() == crypto::sha256("abc"));
    }

    void threadsDoNotDisturbEachOther()
    {
        const Digest expected = crypto::sha256(std::string(1000, 'x'));
        std::atomic<int> wrong = 0;
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 2000; ++i)
                    wrong += crypto::sha256(std::string(1000, 'x')) == expected ? 0 : 1;
            });
        for (auto &thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
    }
};

QTEST_APPLESS_MAIN(Sha256Test)
#include "tst_sha256.moc"
