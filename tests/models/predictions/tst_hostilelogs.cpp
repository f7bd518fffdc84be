#include "logs.h"

#include "models/base/random.h"
#include "models/predictions/dictionary.h"

#include <clocale>

using namespace countersign;
using namespace countersign::predictions;

// Logs that somebody wrote to do harm, or that fell on the way. Every one is refused with a place and a
// sentence, or read with its bad rows counted.

namespace {

struct Outcome {
    std::uint64_t rows = 0;
    std::uint64_t taken = 0;
    std::uint64_t rejected = 0;
    std::string error;
};

Outcome outcomeOf(const std::string &bytes, unsigned threads = 2)
{
    const auto log = logs::readText(bytes, logs::usualMapping(), threads);
    if (!log)
        return {0, 0, 0, log.error().text()};
    return {log->facts.rows, log->rowsTaken(), log->facts.rejects.total, {}};
}

std::string repeated(const std::string &text, std::size_t times)
{
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

class HostileLogsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void badRowsDoNotStopTheReading_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("taken");
        QTest::addColumn<int>("rejected");
        const auto row = [](const char *name, const std::string &text, int taken, int rejected) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << taken << rejected;
        };
        const std::string head = "y,s,g\n1,0.5,a\n";
        row("ragged", head + "1\n1,0.5\n1,0.5,a,b\n1,0.5,a,\n,,,,,,,,\n", 1, 5);
        row("NUL in a group", head + std::string("1,0.5,a\0b\n", 10), 1, 1);
        row("NUL in a number", head + std::string("1,0.\0005,a\n", 9), 1, 1);
        row("bad UTF-8", head + "1,0.5,\xC3\x28\n1,0.5,\xED\xA0\x80\n1,0.5,\xF5\x80\x80\x80\n1,0.5,\xC0\xAF\n", 1, 4);
        row("CR alone inside", head + "1,0.5,a\rb\n", 2, 0);
        row("text before a quote", head + "1,0.5,a\"b\"\n", 2, 0);
        row("text behind a quote", head + "1,0.5,\"a\"b\n1,0.5,a\n", 2, 1);
        row("quote at the very end", head + "1,0.5,\"", 1, 1);
        row("only quotes", head + repeated("\"", 1001) + "\n1,0.5,a\n", 2, 1);
        row("a value too long", head + "1,0.5," + std::string(5000, 'x') + "\n", 1, 1);
        row("a line too long", head + "1,0.5," + std::string(3'000'000, 'x') + "\n1,0.5,a\n", 2, 1);
        row("a line too long, by commas", head + std::string(3'000'000, ',') + "\n1,0.5,a\n", 2, 1);
        row("a quoted field too long", head + "1,0.5,\"" + std::string(3'000'000, 'x') + "\"\n1,0.5,a\n", 2, 1);
        row("a line too long at the end", head + std::string(3'000'000, 'x'), 1, 1);
        row("formulas and markup are text", head + "1,0.5,=cmd|'/c calc'!A0\n1,0.5,<b>x</b>\n1,0.5,'; drop table x;--\n", 4, 0);
        row("numbers as other locales and languages write them", head + "1,0x10,a\n1,1_000,a\n1,1e,a\n1,--1,a\n1,+-1,a\n1,\xD9\xA1,a\n1,1 000,a\n", 1, 7);
        row("overflowing numbers", head + "1,1e400,a\n1,-1e400,a\n1,9223372036854775808,a\n", 2, 2);
        row("endless digits", head + "1,0." + std::string(5000, '3') + ",a\n", 2, 0);
        row("labels that are neither", head + "2,0.5,a\nyes,0.5,a\n1.5,0.5,a\n0.99999999999999999999,0.5,a\n", 2, 3);
    }
    void badRowsDoNotStopTheReading()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, taken);
        QFETCH(int, rejected);
        for (const unsigned threads : {1U, 2U}) {
            const Outcome outcome = outcomeOf(text.toStdString(), threads);
            QCOMPARE(QString::fromStdString(outcome.error), QString());
            QCOMPARE(outcome.taken, std::uint64_t(taken));
            QCOMPARE(outcome.rejected, std::uint64_t(rejected));
            QCOMPARE(outcome.rows, std::uint64_t(taken + rejected));
        }
    }

    void whatIsNoLogIsRefusedWithASentence_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("is empty");
        QTest::newRow("blank lines") << QByteArray("\n\n  \n") << QStringLiteral("is empty");
        QTest::newRow("a header that is no text") << QByteArray("y,s,\xFF\n1,0.5,a\n") << QStringLiteral("not UTF-8");
        QTest::newRow("a header with an open quote") << QByteArray("y,s,\"g\n1,0.5,a\n") << QStringLiteral("not closed");
        QTest::newRow("another header") << QByteArray("a,b,c\n1,0.5,a\n") << QStringLiteral("is not in the log");
        QTest::newRow("a million columns") << QByteArray("y,s,g") + QByteArray(1'000'000, ',') + "\n" << QStringLiteral("columns; 16384 are the most");
        QTest::newRow("one endless line") << QByteArray(3'000'000, 'x') << QStringLiteral("longer than 1 MiB");
        QTest::newRow("a JSON array") << QByteArray("[{\"y\":1}]") << QStringLiteral("JSON array");
        QTest::newRow("decimals with points and commas") << QByteArray("y;s;g\n1;\"1.234,5\";a\n") << QStringLiteral("two ways");
        QTest::newRow("decimals that may be thousands") << QByteArray("y;s;g\n1;1,234;a\n0;2,345;a\n") << QStringLiteral("two ways");
        QTest::newRow("points here, commas there") << QByteArray("y;s;g\n1;0.5;a\n0;0,5;a\n") << QStringLiteral("two ways");
    }
    void whatIsNoLogIsRefusedWithASentence()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, sentence);
        const Outcome outcome = outcomeOf(text.toStdString());
        QVERIFY2(QString::fromStdString(outcome.error).contains(sentence), outcome.error.c_str());
    }

    void badJsonLinesAreCounted_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("problem"); // empty: taken
        const auto row = [](const char *name, const std::string &line, const char *problem) {
            QTest::newRow(name) << QByteArray::fromStdString(line) << QString::fromLatin1(problem);
        };
        row("good", R"({"y":1,"s":0.5,"g":"a"})", "");
        row("other keys, nested", R"({"y":1,"s":0.5,"x":{"a":[1,2,{"b":null}]}})", "");
        row("63 levels", "{\"y\":1,\"s\":0.5,\"x\":" + std::string(62, '[') + std::string(62, ']') + "}", "");
        row("100 levels", "{\"y\":1,\"s\":0.5,\"x\":" + std::string(100, '[') + std::string(100, ']') + "}", "bad_json");
        row("a million levels", "{\"x\":" + std::string(1'000'000, '[') + "}", "bad_json");
        row("repeated key", R"({"y":1,"y":0,"s":0.5})", "repeated_key");
        row("repeated key, escaped", "{\"y\":1,\"\\u0079\":0,\"s\":0.5}", "repeated_key");
        row("1e400", R"({"y":1,"s":1e400})", "not_a_number");
        row("2^63", R"({"y":1,"s":9223372036854775808})", "");
        row("NaN", R"({"y":1,"s":NaN})", "bad_json");
        row("leading zero", R"({"y":1,"s":00.5})", "bad_json");
        row("no digit behind the point", R"({"y":1,"s":1.})", "bad_json");
        row("plus", R"({"y":1,"s":+1})", "bad_json");
        row("number of a million digits", "{\"y\":1,\"s\":0." + std::string(900'000, '1') + "}", "");
        row("lone surrogate", "{\"y\":1,\"s\":0.5,\"g\":\"\\ud800\"}", "bad_json");
        row("surrogates the wrong way round", "{\"y\":1,\"s\":0.5,\"g\":\"\\udc00\\ud800\"}", "bad_json");
        row("surrogate pair", "{\"y\":1,\"s\":0.5,\"g\":\"\\ud83d\\ude00\"}", "");
        row("NUL, escaped", "{\"y\":1,\"s\":0.5,\"g\":\"\\u0000\"}", "not_text");
        row("bad UTF-8", "{\"y\":1,\"s\":0.5,\"g\":\"\xFF\"}", "not_text");
        row("control character", "{\"y\":1,\"s\":0.5,\"g\":\"a\tb\"}", "bad_json");
        row("trailing comma", R"({"y":1,"s":0.5,})", "bad_json");
        row("trailing text", R"({"y":1,"s":0.5} x)", "bad_json");
        row("two objects", R"({"y":1,"s":0.5}{"y":1})", "bad_json");
        row("cut", R"({"y":1,"s":0.)", "bad_json");
        row("list", R"([1,2])", "bad_json");
        row("nested label", R"({"y":[1],"s":0.5})", "nested_value");
        row("comment", R"({"y":1,/*x*/"s":0.5})", "bad_json");
        row("single quotes", R"({'y':1})", "bad_json");
        row("true as a score", R"({"y":1,"s":true})", "not_a_number");
    }
    void badJsonLinesAreCounted()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, problem);
        const auto log = logs::readText("{\"y\":1,\"s\":0.5,\"g\":\"a\"}\n" + line.toStdString() + "\n{\"y\":0,\"s\":0.25,\"g\":\"b\"}\n");
        QVERIFY2(log.ok(), log.ok() ? "" : log.error().text().c_str());
        QCOMPARE(log->facts.rejects.total, std::uint64_t(problem.isEmpty() ? 0 : 1));
        QCOMPARE(log->rowsTaken(), std::uint64_t(problem.isEmpty() ? 3 : 2));
        if (!problem.isEmpty())
            QCOMPARE(QString::fromUtf8(problemKey(log->facts.rejects.first[0].problem).data()), problem);
    }

    void anOpenQuoteOfFiftyMegabytesCostsItsLine()
    {
        const Outcome outcome = outcomeOf("y,s,g\n1,0.5,\"" + std::string(50'000'000, 'x') + "\n1,0.5,a\n");
        QCOMPARE(outcome.taken, 1U);
        QCOMPARE(outcome.rejected, 1U);
    }

    void moreGroupsThanAnAttributeHasAreCounted()
    {
        std::string text = "y,s,g\n";
        for (int i = 0; i < 1'060'000; ++i)
            text += "1,0.5," + std::to_string(i) + "\n";
        const Outcome outcome = outcomeOf(text, 1);
        QCOMPARE(outcome.taken, std::uint64_t(Dictionary::kMaxTexts));
        QCOMPARE(outcome.rejected, 1'060'000 - std::uint64_t(Dictionary::kMaxTexts));
    }

    void localesChangeNoNumber()
    {
        const std::string text = "y;s;g\n1;0,5;a\n0;1,25;b\n";
        const auto plain = logs::readText(text);
        QVERIFY(plain.ok());
        for (const char *locale : {"C", "de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "hi_IN.UTF-8"}) {
            std::setlocale(LC_ALL, locale); // those that this machine has; the others leave it as it was
            const auto log = logs::readText(text);
            std::setlocale(LC_ALL, "C.UTF-8");
            QVERIFY(log.ok());
            QVERIFY(logs::rows(*log) == logs::rows(*plain));
        }
        QCOMPARE(logs::rows(*plain)[1][0], std::string("1.25"));
    }

    void anAmbiguousDecimalCanBeDecided()
    {
        Mapping mapping = logs::usualMapping();
        mapping.dialect.decimal = ',';
        const auto log = logs::readText("y;s;g\n1;1,234;a\n0;2,345;a\n", mapping);
        QVERIFY(log.ok());
        QCOMPARE(logs::rows(*log)[0][0], std::string("1.234"));
    }

    void samplesAreFitToBeShown()
    {
        const auto log = logs::readText("y,s,g\n1,\x1b[31mred\xE2\x80\xAE,a\n1,<img src=x>,a\n");
        QVERIFY(log.ok());
        QCOMPARE(log->facts.rejects.first[0].sample, std::string("\\u{1B}[31mred\\u{202E}"));
        QCOMPARE(log->facts.rejects.first[1].sample, std::string("<img src=x>"));
    }

    void randomBytesNeverHangOrCrash()
    {
        SeededRandomness random(42);
        const std::string alphabet = "\"\",,\n\n\r01.5ae{}[]:\\;\t\0\xFF\xC3x";
        for (int round = 0; round < 3000; ++round) {
            std::string text = round % 3 == 0 ? "{\"y\":1,\"s\":0.5,\"g\":\"a\"}\n" : "y,s,g\n";
            const std::size_t size = random.next() % 300;
            for (std::size_t i = 0; i < size; ++i)
                text += alphabet[random.next() % alphabet.size()];
            const auto reader = logs::readText(text, logs::usualMapping(), 1);
            if (reader)
                QCOMPARE(reader->rowsTaken() + reader->facts.rejects.total, reader->facts.rows);
        }
    }

    void damagedLogsAreReadAlikeInAnyPieces()
    {
        // The same damaged text in small pieces (a pipe) and large ones, by one thread and by three: the same rows and problems.
        SeededRandomness random(7);
        std::string text = "y,s,g\n";
        while (text.size() < 4'000'000) {
            const auto kind = random.next() % 200;
            text += kind == 0 ? "1,0.5,\"open\n" : kind == 1 ? "1,0.5,\"a\"b\n" : kind == 2 ? "1,0.5\n" : kind == 3 ? "1,0.5,\"x\ny\"\n" : "1,0.5,abc\n";
            if (random.next() % 100'000 == 0)
                text += "1,0.5,\"a\nb\"," + std::string(1'500'000, 'z') + "\n";
        }
        const auto one = logs::readText(text, logs::usualMapping(), 1);
        const auto three = logs::readText(text, logs::usualMapping(), 3);
        logs::Pipe pipe(text, 777);
        auto reader = LogReader::open(pipe.source());
        QVERIFY(one.ok() && three.ok() && reader.ok());
        const auto piped = reader->read(logs::usualMapping());
        QVERIFY(piped.ok());
        QVERIFY(one->facts.rejects.total > 100);
        QVERIFY(one->facts.rejects == three->facts.rejects);
        QVERIFY(one->facts.rejects == piped->facts.rejects);
        QVERIFY(logs::rows(*one) == logs::rows(*three));
        QVERIFY(logs::rows(*one) == logs::rows(*piped));
    }
};

QTEST_APPLESS_MAIN(HostileLogsTest)
#include "tst_hostilelogs.moc"
