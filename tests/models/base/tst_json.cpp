#include "models/base/json.h"
#include "models/base/random.h"
#include "models/base/text.h"

#include <QtTest/QtTest>

using namespace countersign;
using json::Value;

namespace {

std::string canonicalOf(const QByteArray &text)
{
    const auto value = json::parse(text.toStdString());
    if (!value)
        return value.error().text();
    const auto bytes = json::canonical(*value);
    return bytes ? *bytes : bytes.error().text();
}

QByteArray nested(int depth) { return QByteArray(depth, '[') + QByteArray(depth, ']'); }

/// An event-like value of about 600 bytes.
Value specimen(int i)
{
    json::Object body{{"comment", Value("All limits hold; see section 4 of the Größenklasse memo \\u{200F}")}, {"decision", Value("approve")},
                      {"value", Value(json::Object{{"t", Value("0.9130")}, {"f", Value("3fed374bc6a7ef9e")}})}};
    return json::Object{{"id", Value("0b8e3a56-2c1f-4d5e-9f00-" + std::to_string(100000000000 + i))}, {"kind", Value("review.signoff")},
                        {"ledger", Value("l:" + std::string(64, 'a'))}, {"body", Value(body)}, {"v", Value(1)},
                        {"actor", Value(json::Object{{"device", Value("none")}, {"key", Value("k:" + std::string(64, 'b'))}, {"name", Value("Ana Ruiz")}, {"person", Value("p:ana")}})},
                        {"seen", Value(json::Object{{"size", Value(i)}, {"root", Value("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")}})}};
}

} // namespace

class JsonTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void canonicalFormOfThePublishedExamples_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("output");
        // RFC 8785, sections 3.2.2 and 3.2.3.
        QTest::newRow("values") << QByteArray("{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\", \"literals\": [null, true, false]}")
                                << QByteArray("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
        QTest::newRow("keys") << QByteArray("{\"\\u20ac\": \"Euro Sign\", \"\\r\": \"Carriage Return\", \"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\", \"1\": \"One\", \"\\ud83d\\ude00\": \"Emoji: Grinning Face\", \"\\u0080\": \"Control\", \"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}")
                              << QByteArray("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\","
                                            "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\uFB33\":\"Hebrew Letter Dalet With Dagesh\"}");
        QTest::newRow("order of our own") << QByteArray("{\"\uFFFD\":1,\"😀b\":2,\"😀a\":3,\"\":4,\"ab\":5,\"a\":6,\"\uD7FF\":7,\"\uE000\":8}")
                                          << QByteArray("{\"\":4,\"a\":6,\"ab\":5,\"\uD7FF\":7,\"😀a\":3,\"😀b\":2,\"\uE000\":8,\"\uFFFD\":1}");
        QTest::newRow("numbers") << QByteArray("[-0, 0e9, -0.0, 100000000000000000000, 1e21, 12345678901234567890, 1e-400, 1.0, 10, 1E2, 9007199254740993]")
                                 << QByteArray("[0,0,0,100000000000000000000,1e+21,12345678901234567000,0,1,10,100,9007199254740992]");
        const QDir shared(QStringLiteral(COUNTERSIGN_SHARED_DATA "/vectors/jcs"));
        for (const QString &name : shared.exists() ? QDir(shared.filePath(QStringLiteral("input"))).entryList(QDir::Files) : QStringList()) {
            QFile input(shared.filePath(QStringLiteral("input/") + name)), output(shared.filePath(QStringLiteral("output/") + name));
            QVERIFY(input.open(QIODevice::ReadOnly) && output.open(QIODevice::ReadOnly));
            QTest::addRow("shared %s", qPrintable(name)) << input.readAll() << output.readAll();
        }
    }
    void canonicalFormOfThePublishedExamples()
    {
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, output);
        QCOMPARE(QByteArray::fromStdString(canonicalOf(input)), output);
    }

    void acceptsValidText_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArrayList rows{"null", " true ", "[]", "{}", "\"\"", "[ ]", "{ }", "0", "-0", "-1.5e+3", "1E400", "[1,2]", "\t\r\n{\"a\"\n:[ ]}\n",
                                  "\"\\u0000\"", "\"\\uD834\\udd1e\"", "\"\x7f\"", "\"\uFFFF\"", "{\"a\":1,\"A\":2,\"\":3}", "123456789012345678901234567890",
                                  "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", nested(64)};
        for (int i = 0; i < rows.size(); ++i)
            QTest::addRow("%d", i) << rows[i];
    }
    void acceptsValidText()
    {
        QFETCH(QByteArray, text);
        const auto value = json::parse(text.toStdString());
        QVERIFY2(value.ok(), value.ok() ? "" : value.error().text().c_str());
    }

    void refusesHostileText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("where");
        const auto row = [](const char *name, const QByteArray &text, const char *where) { QTest::newRow(name) << text << QByteArray(where); };
        row("empty", "", "line 1, column 1, at $");
        row("blank", " \n ", "line 2, column 2, at $");
        row("byte order mark", "\xef\xbb\xbf{}", "line 1, column 1, at $");
        row("trailing data", "{} x", "line 1, column 4, at $");
        row("two values", "1 2", "line 1, column 3, at $");
        row("trailing NUL", QByteArray("1\0", 2), "line 1, column 2, at $");
        row("duplicate", "{\"a\":1,\"b\":2,\"a\":3}", "line 1, column 14, at $.a");
        row("duplicate after unescaping", "{\"abc\":1,\"a\\u0062c\":2}", "line 1, column 10, at $.abc");
        row("duplicate inside", "{\"x\":[0,{\"k\":1,\"k\":1}]}", "line 1, column 16, at $.x[1].k");
        row("trailing comma", "[1,]", "line 1, column 4, at $[1]");
        row("trailing comma in object", "{\"a\":1,}", "line 1, column 8, at $");
        row("missing comma", "[1 2]", "line 1, column 4, at $");
        row("missing colon", "{\"a\" 1}", "line 1, column 6, at $");
        row("bare key", "{a:1}", "line 1, column 2, at $");
        row("single quotes", "['a']", "line 1, column 2, at $[0]");
        row("comment", "[1/*x*/]", "line 1, column 3, at $");
        row("line feed in text", "[\"é\n\"]", "line 1, column 4, at $[0]");
        row("NUL in text", QByteArray("\"\0\"", 3), "line 1, column 2, at $");
        row("lone high surrogate", "[\"\\ud800\"]", "line 1, column 3, at $[0]");
        row("lone low surrogate", "[\"\\udc00\"]", "line 1, column 3, at $[0]");
        row("high twice", "[\"\\ud800\\ud800\"]", "line 1, column 3, at $[0]");
        row("surrogate then text", "[\"\\ud800a\"]", "line 1, column 3, at $[0]");
        row("surrogate bytes", "[\"\xed\xa0\x80\"]", "line 1, column 3, at $[0]");
        row("overlong", "[\"\xc0\xaf\"]", "line 1, column 3, at $[0]");
        row("cut sequence", "[\"\xe2\x82\"]", "line 1, column 3, at $[0]");
        row("bad escape", "[\"\\x41\"]", "line 1, column 3, at $[0]");
        row("escaped NUL byte", QByteArray("[\"\\\0\"]", 6), "line 1, column 3, at $[0]");
        row("short escape", "[\"\\u12\"]", "line 1, column 3, at $[0]");
        row("escape at the end", "[\"\\", "line 1, column 3, at $[0]");
        row("no closing quote", "[\"abc", "line 1, column 6, at $[0]");
        row("NaN", "[NaN]", "line 1, column 2, at $[0]");
        row("infinity", "[-Infinity]", "line 1, column 3, at $[0]");
        row("plus", "[+1]", "line 1, column 2, at $[0]");
        row("leading zero", "[01]", "line 1, column 3, at $");
        row("leading point", "[.5]", "line 1, column 2, at $[0]");
        row("trailing point", "[5.]", "line 1, column 4, at $[0]");
        row("no exponent", "[1e]", "line 1, column 4, at $[0]");
        row("hexadecimal", "[0x1]", "line 1, column 3, at $");
        row("lone minus", "-", "line 1, column 2, at $");
        row("upper-case word", "[True]", "line 1, column 2, at $[0]");
        row("cut word", "[tru", "line 1, column 2, at $[0]");
        row("joined words", "[nullnull]", "line 1, column 6, at $");
        row("open array", "[", "line 1, column 2, at $[0]");
        row("open object", "{\"a\":", "line 1, column 6, at $.a");
        row("wrong bracket", "[1}", "line 1, column 3, at $");
        row("form feed", "\f1", "line 1, column 1, at $");
        row("no-break space", "\u00a01", "line 1, column 1, at $");
        row("third line", "{\n \"a\": [\n  1, tru ]}", "line 3, column 6, at $.a[1]");
        row("odd key", "{\"a b\\u202e\":[x]}", "line 1, column 15, at $[\"a b\\u{202E}\"][0]");
    }
    void refusesHostileText()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, where);
        const auto value = json::parse(text.toStdString());
        QVERIFY(!value.ok());
        QCOMPARE(value.error().kind, ErrorKind::Invalid);
        QVERIFY(!value.error().message.empty());
        QCOMPARE(QByteArray::fromStdString(value.error().where), where);
    }

    void findsDuplicatesInLongObjects()
    {
        for (const int copyOf : {0, 3, 15, 16, 17, 30}) {
            QByteArray text = "{\"z\":0";
            for (int i = 0; i < 40; ++i)
                text += ",\"k" + QByteArray::number(i) + "\":" + QByteArray::number(i);
            QVERIFY(json::parse((text + "}").toStdString()).ok());
            const auto twice = json::parse((text + ",\"\\u006b" + QByteArray::number(copyOf) + "\":1}").toStdString());
            QVERIFY(!twice.ok());
            QCOMPARE(QByteArray::fromStdString(twice.error().where), "line 1, column " + QByteArray::number(text.size() + 2) + ", at $.k" + QByteArray::number(copyOf));
        }
    }

    void keepsItsLimits()
    {
        QVERIFY(!json::parse(nested(65).toStdString()).ok());
        QVERIFY(!json::parse(std::string(1'000'000, '[')).ok());
        QVERIFY(json::parse("[1,2,3]", {1, 7, 4}).ok());
        QVERIFY(!json::parse("[1,2,3]", {0, 7, 4}).ok());
        QVERIFY(!json::parse("[1,2,3]", {1, 6, 4}).ok());
        QVERIFY(!json::parse("[1,2,3]", {1, 7, 3}).ok());
        QVERIFY(json::parse("{\"a\":1}", {1, 7, 3}).ok());
        QVERIFY(!json::parse("{\"a\":1}", {1, 7, 2}).ok());
    }

    void keepsNumbersAsWritten()
    {
        const auto value = json::parse("{\"a\":0.9130,\"b\":1e400,\"c\":9223372036854775808,\"d\":-7,\"e\":1.0}");
        QCOMPARE(value->find("a")->number()->lexeme, std::string("0.9130"));
        QCOMPARE(*value->find("a")->real(), 0.913);
        QVERIFY(!value->find("b")->real().ok());
        QVERIFY(!json::canonical(*value).ok());
        QVERIFY(!value->find("c")->integer().ok());
        QCOMPARE(*value->integer("d"), qint64(-7));
        QVERIFY(!value->integer("e").ok());
        QCOMPARE(value->integerOr("none", 4), qint64(4));
        QCOMPARE(value->textOr("none", "x"), std::string("x"));
        QVERIFY(value->text("a").error().message.find("\"a\"") != std::string::npos);
    }

    void refusesToWriteWhatIsNotJson()
    {
        QVERIFY(!json::canonical(Value(json::Number{"01"})).ok());
        QVERIFY(!json::canonical(Value(json::Number{"NaN"})).ok());
        QVERIFY(!json::canonical(Value(json::Number{""})).ok());
        QVERIFY(!json::canonical(Value("\xff")).ok());
        QVERIFY(!json::canonical(Value(json::Object{{"a", Value(1)}, {"a", Value(2)}})).ok());
        QVERIFY(json::canonical(Value(json::Object{{"a", Value(json::Array{Value(), Value("\x7f")})}})).ok());
    }

    void restrictedFormHasOneSpelling_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *name, const QByteArray &text, bool good) { QTest::newRow(name) << text << good; };
        row("object", "{\"a\":1,\"b\":[true,null,\"x\"],\"ba\":{}}", true);
        row("quotes", "[\"\\\"\",\"\\\\\",\"/\"]", true);
        row("largest integer", "[9007199254740991,-9007199254740991]", true);
        row("composed", "\"Größe 中 😂\"", true);
        row("zero", "0", true);
        row("deepest", nested(16), true);
        row("too deep", nested(17), false);
        row("beyond the largest integer", "9007199254740992", false);
        row("negative beyond", "-9007199254740992", false);
        row("twenty digits", "12345678901234567890", false);
        row("minus zero", "-0", false);
        row("decimal", "1.5", false);
        row("exponent", "1e3", false);
        row("space", "{\"a\": 1}", false);
        row("line feed at the end", "{}\n", false);
        row("order", "{\"b\":1,\"a\":2}", false);
        row("twice", "{\"a\":1,\"a\":2}", false);
        row("needless escape", "\"\\/\"", false);
        row("unicode escape", "\"\\u0041\"", false);
        row("named control", "\"\\n\"", false);
        row("control by escape", "\"\\u0007\"", false);
        row("DEL", "\"a\x7f\"", false);
        row("C1", "\"\u0085\"", false);
        row("bidi", "\"\u202E\"", false);
        row("zero width", "\"\u200B\"", false);
        row("decomposed", "\"A\u030a\"", false);
        row("key not ASCII", "{\"é\":1}", false);
        row("key with DEL", "{\"\x7f\":1}", false);
        row("ill-formed", "\"\xff\"", false);
        row("nothing", "", false);
    }
    void restrictedFormHasOneSpelling()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        const auto read = json::readRestricted(text.toStdString());
        QCOMPARE(read.ok(), good);
        if (good) {
            QCOMPARE(QByteArray::fromStdString(*json::writeRestricted(*read)), text);
            QCOMPARE(QByteArray::fromStdString(*json::canonical(*read)), text);
        }
    }

    void restrictedWriterRefusesWhatItsReaderRefuses()
    {
        QVERIFY(!json::writeRestricted(Value(json::Number{"1.5"})).ok());
        QVERIFY(!json::writeRestricted(Value(std::int64_t{1} << 53)).ok());
        QVERIFY(!json::writeRestricted(Value(json::Number{"-0"})).ok());
        QVERIFY(!json::writeRestricted(Value(json::Object{{"é", Value(1)}})).ok());
        const auto dirty = json::writeRestricted(Value(json::Object{{"a", Value(json::Array{Value(1), Value("x\u200b")})}}));
        QVERIFY(!dirty.ok());
        QCOMPARE(dirty.error().where, std::string("at $.a[1]"));
        QVERIFY(!json::readRestricted("[1,2]", 4).ok());
        Value deep;
        for (int i = 0; i < 17; ++i)
            deep = Value(json::Array{deep});
        QVERIFY(!json::writeRestricted(deep).ok() && json::writeRestricted(deep, 17).ok());
    }

    void printingIsAFixpointUnderMutation()
    {
        SeededRandomness randomness(1785);
        const std::string seeds[] = {*json::canonical(specimen(7)), " {\"a\" : [1e5, -0.25, \"\\ud83d\\ude02\\u00e9\\n\", {\"k\":{}}], \"b\\t\":null, \"é\":false} ",
                                     "[[[]],{\"x\":[{\"y\":\"z\"}]},\"A\\u030a\",12345678901234567890]"};
        int accepted = 0;
        for (int round = 0; round < 60'000; ++round) {
            std::string text = seeds[randomness.next() % 3];
            for (quint64 i = 0; i <= randomness.next() % 3; ++i) {
                const std::size_t at = randomness.next() % text.size();
                constexpr std::string_view pieces = "{}[]:,\"\\eE+-.0123456789u/ \n\x80\xc3\xa9\xed";
                switch (randomness.next() % 4) {
                case 0: text[at] = pieces[randomness.next() % pieces.size()]; break;
                case 1: text.erase(at, 1 + randomness.next() % 4); break;
                case 2: text.insert(at, 1, pieces[randomness.next() % pieces.size()]); break;
                default: text.insert(at, text.substr(randomness.next() % text.size(), randomness.next() % 8)); break;
                }
                if (text.empty())
                    text = "0";
            }
            const auto value = json::parse(text);
            const auto restricted = json::readRestricted(text);
            if (restricted)
                QVERIFY(value.ok() && *json::canonical(*restricted) == text);
            if (!value)
                continue;
            ++accepted;
            const auto once = json::canonical(*value);
            if (!once)
                continue; // a number beyond binary64
            const auto again = json::parse(*once);
            QVERIFY(again.ok());
            QCOMPARE(*json::canonical(*again), *once);
            if (const auto strict = json::writeRestricted(*value))
                QVERIFY(*strict == *once && json::readRestricted(*strict).ok());
        }
        QVERIFY(accepted > 1000);
    }

    void readsAndWritesAHundredThousandEventsQuickly()
    {
        std::vector<std::string> events;
        for (int i = 0; i < 20'000; ++i)
            events.push_back(*json::writeRestricted(specimen(i)));
        QElapsedTimer timer;
        timer.start();
        std::size_t bytes = 0;
        for (const auto &event : events)
            bytes += json::readRestricted(event)->object()->size();
        const auto readMs = timer.restart();
        for (const auto &event : events)
            bytes += json::writeRestricted(*json::parse(event))->size();
        const auto writeMs = timer.elapsed();
        QVERIFY(bytes > 0);
        qInfo("%zu bytes each; per 100,000: %lld ms to read strictly, %lld ms to read and write", events[0].size(), readMs * 5, writeMs * 5);
        QVERIFY(readMs < 5000); // an unoptimised build takes a fifth of this, an optimised one a hundredth
    }
};

QTEST_APPLESS_MAIN(JsonTest)
#include "tst_json.moc"
