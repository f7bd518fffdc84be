#include "models/base/number.h"
#include "models/base/random.h"

#include <QtTest/QtTest>
#include <bit>
#include <clocale>
#include <cmath>

using namespace countersign;

class NumberTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAsEcmaScript_data()
    {
        QTest::addColumn<QString>("bits");
        QTest::addColumn<QString>("text");
        // The table of RFC 8785, appendix B.
        const std::pair<const char *, const char *> rows[] = {
            {"0000000000000000", "0"}, {"8000000000000000", "0"}, {"0000000000000001", "5e-324"}, {"8000000000000001", "-5e-324"},
            {"7fefffffffffffff", "1.7976931348623157e+308"}, {"ffefffffffffffff", "-1.7976931348623157e+308"},
            {"4340000000000000", "9007199254740992"}, {"c340000000000000", "-9007199254740992"}, {"4430000000000000", "295147905179352830000"},
            {"44b52d02c7e14af5", "9.999999999999997e+22"}, {"44b52d02c7e14af6", "1e+23"}, {"44b52d02c7e14af7", "1.0000000000000001e+23"},
            {"444b1ae4d6e2ef4e", "999999999999999700000"}, {"444b1ae4d6e2ef4f", "999999999999999900000"}, {"444b1ae4d6e2ef50", "1e+21"},
            {"3eb0c6f7a0b5ed8c", "9.999999999999997e-7"}, {"3eb0c6f7a0b5ed8d", "0.000001"}, {"41b3de4355555553", "333333333.3333332"},
            {"41b3de4355555554", "333333333.33333325"}, {"41b3de4355555555", "333333333.3333333"}, {"41b3de4355555556", "333333333.3333334"},
            {"41b3de4355555557", "333333333.33333343"}, {"becbf647612f3696", "-0.0000033333333333333333"},
            {"43143ff3c1cb0959", "1424953923781206.2"}};
        for (const auto &[bits, text] : rows)
            QTest::newRow(bits) << QString::fromLatin1(bits) << QString::fromLatin1(text);
    }
    void writesAsEcmaScript()
    {
        QFETCH(QString, bits);
        QFETCH(QString, text);
        const double value = std::bit_cast<double>(bits.toULongLong(nullptr, 16));
        QCOMPARE(QString::fromStdString(number::ecmaScript(value)), text);
        if (bits != QStringLiteral("8000000000000000"))
            QCOMPARE(QString::fromStdString(number::ieeeHex(*number::parse(text.toStdString()))), bits);
    }

    void everyValueSurvivesItsText()
    {
        SeededRandomness randomness(8785);
        for (int i = 0; i < 200'000; ++i) {
            const double value = std::bit_cast<double>(randomness.next());
            if (!std::isfinite(value))
                continue;
            const auto shortest = number::parse(number::shortest(value));
            const auto script = number::parse(number::ecmaScript(value));
            QVERIFY(shortest.ok() && script.ok());
            QCOMPARE(std::bit_cast<quint64>(*shortest), std::bit_cast<quint64>(value));
            QCOMPARE(std::bit_cast<quint64>(*script), std::bit_cast<quint64>(value));
        }
    }

    void namesWhatIsNotFinite()
    {
        const double infinity = std::numeric_limits<double>::infinity();
        QCOMPARE(number::shortest(std::nan("")), std::string("NaN"));
        QCOMPARE(number::shortest(-infinity), std::string("-Infinity"));
        QCOMPARE(number::ieeeHex(-std::nan("7")), std::string("7ff8000000000000"));
        QVERIFY(std::isnan(*number::parse("-nan")));
        QCOMPARE(*number::parse("+Infinity"), infinity);
        QCOMPARE(*number::parse("-inf"), -infinity);
    }

    void readsDecimalText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<double>("value");
        QTest::newRow("plus") << QByteArray("+3") << 3.0;
        QTest::newRow("leading point") << QByteArray(".5") << 0.5;
        QTest::newRow("negative leading point") << QByteArray("-.5") << -0.5;
        QTest::newRow("trailing point") << QByteArray("7.") << 7.0;
        QTest::newRow("exponent") << QByteArray("1E-7") << 1e-7;
        QTest::newRow("leading zeros") << QByteArray("007") << 7.0;
        QTest::newRow("underflow") << QByteArray("1e-400") << 0.0;
        QTest::newRow("underflow by digits") << QByteArray("0." + QByteArray(400, '0') + "1") << 0.0;
        QTest::newRow("absurd underflow") << QByteArray("1e-99999999999999999999") << 0.0;
        QTest::newRow("zero with an absurd exponent") << QByteArray("0e99999999999999999999") << 0.0;
        QTest::newRow("largest") << QByteArray("1.7976931348623157e308") << 1.7976931348623157e308;
    }
    void readsDecimalText()
    {
        QFETCH(QByteArray, text);
        QFETCH(double, value);
        const auto read = number::parse(text.toStdString());
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
        QCOMPARE(*read, value);
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArrayList rows{"", "+", "-", ".", "e5", "0x1p3", "0x10", "1,5", "1.234,5", "1 000", " 1", "1 ", "1e", "1e+", "--1", "+-1", "nan(1)",
                                  "infinite", "1e309", "-1e309", "1" + QByteArray(400, '0'), "1e99999999999999999999", "١", "1.5f", QByteArray("1\0", 2)};
        for (const QByteArray &row : rows)
            QTest::addRow("%s", row.left(20).constData()) << row;
    }
    void refusesEverythingElse()
    {
        QFETCH(QByteArray, text);
        const auto read = number::parse(text.toStdString());
        QVERIFY(!read.ok());
        QCOMPARE(read.error().kind, ErrorKind::Invalid);
    }

    void ignoresTheLocale()
    {
        for (const char *locale : {"de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "C"}) {
            std::setlocale(LC_ALL, locale); // where it is not installed the test repeats the one before
            QCOMPARE(number::shortest(1234.5), std::string("1234.5"));
            QCOMPARE(*number::parse("1234.5"), 1234.5);
            QVERIFY(!number::parse("1234,5").ok());
        }
    }
};

QTEST_APPLESS_MAIN(NumberTest)
#include "tst_number.moc"
