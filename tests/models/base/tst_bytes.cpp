#include "models/base/digest.h"
#include "models/base/id.h"
#include "models/base/random.h"

#include <QtTest/QtTest>

using namespace countersign;

class BytesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void base64MatchesRfc4648()
    {
        const std::pair<const char *, const char *> rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
        for (const auto &[raw, text] : rows) {
            QCOMPARE(toBase64(raw), std::string(text));
            QCOMPARE(*fromBase64(text), Bytes(raw));
        }
    }

    void base64HasOneSpelling()
    {
        for (const char *bad : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm9v====", "Zm=v", "=g==", "Zg==Zg==", "Zm-_", "Zm9\xc3"})
            QVERIFY2(!fromBase64(bad).ok(), bad);
    }

    void hexHasOneSpelling()
    {
        QCOMPARE(toHex(Bytes("\x00\x7f\xff", 3)), std::string("007fff"));
        QCOMPARE(*fromHex("007fff"), Bytes("\x00\x7f\xff", 3));
        for (const char *bad : {"0", "0g", "AB", " 00", "0x"})
            QVERIFY2(!fromHex(bad).ok(), bad);
    }

    void anyBytesSurviveBothSpellings()
    {
        SeededRandomness randomness(4648);
        for (std::size_t size = 0; size < 300; ++size) {
            const Bytes bytes = randomness.bytes(size);
            QVERIFY(*fromHex(toHex(bytes)) == bytes && *fromBase64(toBase64(bytes)) == bytes);
            QCOMPARE(QByteArray::fromStdString(toBase64(bytes)), QByteArray::fromStdString(bytes).toBase64());
        }
    }

    void digestsAreReadStrictly()
    {
        const std::string digits(64, 'a');
        const auto digest = Digest::parse("sha256:" + digits);
        QVERIFY(digest.ok());
        QCOMPARE(digest->text(), "sha256:" + digits);
        QCOMPARE(digest->hex(), digits);
        QCOMPARE(digest->shortHex(), std::string("aaaaaaaa"));
        QVERIFY(*Digest::fromBytes(digest->view()) == *digest);
        for (const std::string &bad : {std::string(), digits, "sha256:" + digits.substr(1), "sha256:" + digits + "a", "SHA256:" + digits, "sha256:" + std::string(64, 'A'), "sha1:" + digits})
            QVERIFY2(!Digest::parse(bad).ok(), bad.c_str());
        QVERIFY(!Digest::fromBytes("short").ok());
    }

    void idsKeepTheirKind()
    {
        QCOMPARE(ModelId::parse("m:0c3f-9")->text(), std::string("m:0c3f-9"));
        QVERIFY(ModelId::parse("m:" + std::string(64, 'z')).ok());
        for (const std::string &bad : {std::string(), std::string("m:"), std::string("v:1"), std::string("m:A"), std::string("m:a b"), std::string("m:a/.."), "m:" + std::string(65, 'z')})
            QVERIFY2(!ModelId::parse(bad).ok(), bad.c_str());
        QCOMPARE(VersionId::of("7").text(), std::string("v:7"));
        QCOMPARE(VersionId::of("v:7").text(), std::string("v:7"));
        QVERIFY(VersionId().isEmpty() && VersionId::of("1") < VersionId::of("2"));
        static_assert(!std::is_convertible_v<ModelId, VersionId>);
    }

    void errorsCarryTheirPlace()
    {
        const Error error{ErrorKind::Invalid, "The value is not a number.", {}};
        QCOMPARE(error.text(), std::string("The value is not a number."));
        QCOMPARE(error.in("row 12").in("metrics.csv").text(), std::string("metrics.csv: row 12: The value is not a number."));
        const Status failed = error;
        QVERIFY(!failed && failed.error() == error && Status().ok());
    }

    void uuidsAreVersionFour()
    {
        SystemRandomness randomness;
        const QRegularExpression form(QStringLiteral("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        QSet<QString> seen;
        for (int i = 0; i < 1000; ++i) {
            const QString uuid = QString::fromStdString(randomness.uuid());
            QVERIFY2(form.match(uuid).hasMatch(), qPrintable(uuid));
            seen << uuid;
        }
        QCOMPARE(seen.size(), 1000);
    }

    void seededRandomnessRepeatsItself()
    {
        SeededRandomness first(7), second(7), other(8);
        QVERIFY(first.bytes(100) == second.bytes(100));
        QVERIFY(first.bytes(100) != other.bytes(100));
        double sum = 0, squares = 0;
        for (int i = 0; i < 100'000; ++i) {
            const double unit = first.unit();
            QVERIFY(unit >= 0 && unit < 1);
            const double value = first.normal();
            sum += value;
            squares += value * value;
        }
        QVERIFY(std::abs(sum / 100'000) < 0.02 && std::abs(squares / 100'000 - 1) < 0.03);
    }
};

QTEST_APPLESS_MAIN(BytesTest)
#include "tst_bytes.moc"
