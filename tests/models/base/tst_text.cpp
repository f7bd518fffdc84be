#include "models/base/random.h"
#include "models/base/text.h"

#include <QtTest/QtTest>
#include <utf8proc.h>

using namespace countersign;

namespace {
std::string encoded(char32_t c) { return QString::fromUcs4(&c, 1).toStdString(); }
} // namespace

class TextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsOnlyWellFormedUtf8()
    {
        for (const char *good : {"", "plain", "é", "€", "😂", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"})
            QVERIFY2(text::isUtf8(good), good);
        for (const char *bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
                                "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe2\x82", "\xe2\x28\xa1"})
            QVERIFY2(!text::isUtf8(bad), QByteArray(bad).toHex().constData());
    }

    void forbidsControlFormatAndSeparatorCharacters()
    {
        for (char32_t c = 0; c <= 0x10FFFF; ++c) {
            const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
            const bool mustBe = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL
                || category == UTF8PROC_CATEGORY_ZP;
            if (mustBe)
                QVERIFY2(text::isForbidden(c), qPrintable(QString::number(c, 16)));
        }
        for (const char32_t c : {U'a', U' ', U'~', U'é', U'\u00A0', U'\u0301', U'\u3000', U'中', U'\uFE0F', U'😂'})
            QVERIFY(!text::isForbidden(c));
        for (const char32_t c : {U'\u202E', U'\u2066', U'\u200B', U'\u200D', U'\u00AD', U'\uFEFF', U'\u2028', U'\u3164', U'\U000E0041', U'\x7f', U'\x85'})
            QVERIFY(text::isForbidden(c));
    }

    void knowsNormalFormC()
    {
        QVERIFY(text::isNfc("é") && text::isNfc("A\u030aB") == false && text::isNfc("") && text::isNfc("q\u0307\u0323") == false);
        QCOMPARE(text::toNfc("A\u030a"), std::string("Å"));
        QCOMPARE(text::toNfc("q\u0307\u0323"), std::string("q\u0323\u0307"));
        QCOMPARE(text::toNfc("\u1100\u1161\u11a8"), std::string("각"));
        QCOMPARE(text::toNfc(std::string("a\0b", 3)), std::string("a\0b", 3));
        QVERIFY(!text::isNfc("\u212B")); // Ångström sign, a singleton
    }

    void agreesWithQtOnNormalFormC()
    {
        SeededRandomness randomness(15);
        const QString alphabet = QStringLiteral("aAoOeinkq\u0301\u0300\u030a\u0323\u0307\u0308\u00c5\u212b\u1100\u1161\u11a8\u0915\u093c\u0958\ufb1d");
        for (int round = 0; round < 20'000; ++round) {
            QString sample;
            for (int i = 0; i < 6; ++i)
                sample += alphabet[static_cast<int>(randomness.next() % static_cast<quint64>(alphabet.size()))];
            const QString normal = sample.normalized(QString::NormalizationForm_C);
            QCOMPARE(QString::fromStdString(text::toNfc(sample.toStdString())), normal);
            QCOMPARE(text::isNfc(sample.toStdString()), normal == sample);
        }
    }

    void escapesVisibly_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("clean");
        QTest::newRow("plain") << QByteArray("Credit score 0.9") << QByteArray("Credit score 0.9");
        QTest::newRow("umlaut") << QByteArray("Müller") << QByteArray("Müller");
        QTest::newRow("backslash") << QByteArray("C:\\new") << QByteArray("C:\\\\new");
        QTest::newRow("lines") << QByteArray("a\nb\tc\r") << QByteArray("a\\nb\\tc\\u{D}");
        QTest::newRow("bidi") << QByteArray("abc\u202Efdp") << QByteArray("abc\\u{202E}fdp");
        QTest::newRow("nul") << QByteArray("a\0b", 3) << QByteArray("a\\u{0}b");
        QTest::newRow("tag") << QByteArray("x\U000E0041") << QByteArray("x\\u{E0041}");
        QTest::newRow("decomposed") << QByteArray("e\u0301é") << QByteArray("e\\u{301}\\u{E9}");
        QTest::newRow("mark after a line feed") << QByteArray("\n\u0301") << QByteArray("\\n\\u{301}");
        QTest::newRow("mark after a tab") << QByteArray("é\t\u030c") << QByteArray("\\u{E9}\\t\\u{30C}");
    }
    void escapesVisibly()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, clean);
        const std::string escaped = text::escape(raw.toStdString());
        QCOMPARE(QByteArray::fromStdString(escaped), clean);
        QVERIFY(text::isClean(escaped));
        QCOMPARE(QByteArray::fromStdString(*text::unescape(escaped)), raw);
    }

    void everyCodePointSurvivesEscaping()
    {
        for (char32_t c = 0; c <= 0x10FFFF; ++c) {
            if (c >= 0xD800 && c <= 0xDFFF)
                continue;
            const std::string raw = "n" + encoded(c) + encoded(c);
            const std::string escaped = text::escape(raw);
            if (!text::isClean(escaped) || *text::unescape(escaped) != raw)
                QFAIL(qPrintable(QString::number(c, 16)));
        }
    }

    void refusesEscapesItWouldNotWrite()
    {
        for (const char *bad : {"\\", "\\x", "\\u", "\\u{", "\\u{}", "\\u{200f}", "\\u{00A}", "\\u{A}", "\\u{9}", "\\u{41}", "\\u{110000}", "\\u{D800}", "\\u{0000041}",
                                "a\nb", "\\u{E9}", "a\u202e", "e\\u{301}\u00e9", "\\u{301"})
            QVERIFY2(!text::unescape(bad).ok(), bad);
        QCOMPARE(*text::unescape("e\\u{301}"), std::string("e\u0301"));
    }

    void showsForbiddenCharactersInOneLine()
    {
        QCOMPARE(text::visible("a\u202Eb\nc\\d é"), std::string("a\\u{202E}b\\nc\\d é"));
        QCOMPARE(text::visible("\xff!"), std::string("\uFFFD!"));
    }
};

QTEST_APPLESS_MAIN(TextTest)
#include "tst_text.moc"
