#include "models/base/random.h"
#include "models/crypto/words.h"

#include <QtTest/QtTest>

#include <set>

using namespace countersign;
using namespace countersign::crypto;

class WordsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPairOfBytesIsAWordOfItsOwn()
    {
        std::set<std::string> words;
        for (int pair = 0; pair < 65536; ++pair) {
            const Bytes bytes{static_cast<char>(pair >> 8), static_cast<char>(pair & 0xFF)};
            const std::string word = wordsOf(bytes);
            QCOMPARE(word.size(), 5U);
            words.insert(word);
            const auto back = bytesOfWords(word);
            QVERIFY(back.ok());
            QCOMPARE(*back, bytes);
        }
        QCOMPARE(words.size(), 65536U);
    }

    void spellingAndSpacingDoNotMatter()
    {
        const Bytes bytes("\x00\xff\x12\x34", 4);
        QCOMPARE(wordsOf(bytes), std::string("baguz damuh"));
        for (const char *spelled : {"baguz damuh", "BAGUZ  Damuh", " baguz-damuh. ", "baguzdamuh", "baguz,\ndamuh"})
            QCOMPARE(bytesOfWords(spelled).ok() ? *bytesOfWords(spelled) : Bytes("?"), bytes);
        for (const char *wrong :
             {"bagu", "baguz damu", "baguz damuhx", "bxguz damuh", "ba guz damuh", "baguz 1", "b\xc3\xa4guz"})
            QCOMPARE(bytesOfWords(wrong).ok(), false);
        QVERIFY(bytesOfWords("").ok());
    }

    void aKeyHasEightWords()
    {
        SeededRandomness randomness(1);
        const KeyId key = KeyId::of(toHex(randomness.bytes(32)));
        KeyId other = KeyId::of(key.text().substr(2, 31) + (key.text()[33] == '0' ? "1" : "0") + key.text().substr(34));
        const std::string words = fingerprintWords(key);
        QCOMPARE(words.size(), 8U * 5 + 7);
        QVERIFY(areWordsOf(words, key));
        QVERIFY(!areWordsOf(words, other)); // the last of 128 bits
        QVERIFY(!areWordsOf(words.substr(0, 41), key));
        QVERIFY(!areWordsOf("", key));
        QVERIFY(!areWordsOf(words, KeyId()));
        QVERIFY(!areWordsOf("", KeyId()));
    }
};

QTEST_APPLESS_MAIN(WordsTest)
#include "tst_words.moc"
