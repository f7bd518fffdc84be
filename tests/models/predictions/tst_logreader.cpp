#include "logs.h"

#include "models/base/random.h"
#include "models/crypto/sha256.h"

using namespace countersign;
using namespace countersign::predictions;

using logs::Rows;

#define READ(name, ...)                                                                                                \
    const auto name##Result = __VA_ARGS__;                                                                             \
    QVERIFY2(name##Result.ok(), name##Result.ok() ? "" : name##Result.error().text().c_str());                         \
    const PredictionLog &name = *name##Result

namespace {

/// A second reader, one character at a time, of the whole text at once: rows as fields, without dialects and problems.
Rows naiveCsv(const std::string &text, char delimiter)
{
    Rows rows;
    std::vector<std::string> row;
    std::string field;
    bool isQuoted = false;
    bool wasQuoted = false;
    const auto endField = [&] {
        row.push_back(field);
        field.clear();
        wasQuoted = false;
    };
    const auto endRow = [&] {
        if (!row.empty() && !row.back().empty() && row.back().back() == '\r')
            row.back().pop_back();
        if (row.size() > 1 || !row[0].empty())
            rows.push_back(row);
        row.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isQuoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += '"';
                ++i;
            } else {
                isQuoted = false;
            }
        } else if (c == '"' && field.empty() && !wasQuoted) {
            isQuoted = wasQuoted = true;
        } else if (c == delimiter) {
            endField();
        } else if (c == '\n') {
            endField();
            endRow();
        } else if (c != '\r' || !wasQuoted) {
            field += c;
        }
    }
    if (!field.empty() || !row.empty()) {
        endField();
        endRow();
    }
    return rows;
}

std::string quotedField(const std::string &text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"')
            quoted += '"';
    }
    return quoted + "\"";
}

/// Rows of y,s,g,note where notes hold everything that makes cutting hard.
std::string awkwardLog(std::uint64_t seed, std::size_t rows, bool isCrLf)
{
    SeededRandomness random(seed);
    const std::array<std::string, 6> groups{"a", "b", "", "long group name", "\xC3\xBC", "c,d"};
    const std::array<std::string, 8> notes{"plain", "", "two\nlines", "a \"quote\"", "5\" pipe", "\"", "\n\n\n", ",,,,\n,,,,"};
    const std::string lineEnd = isCrLf ? "\r\n" : "\n";
    std::string text = "y,s,g,note" + lineEnd;
    for (std::size_t i = 0; i < rows; ++i) {
        const std::string &group = groups[random.next() % groups.size()];
        const std::string &note = notes[random.next() % notes.size()];
        const bool mustQuote = note.find_first_of("\n,") != std::string::npos || note.starts_with('"');
        text += std::to_string(random.next() % 2) + "," + number::shortest(random.unit()) + ",";
        text += group.find(',') != std::string::npos || random.next() % 3 == 0 ? quotedField(group) : group;
        text += "," + (mustQuote || random.next() % 4 == 0 ? quotedField(note) : note) + lineEnd;
        if (random.next() % 50 == 0)
            text += lineEnd; // a blank line
    }
    return text;
}

Rows naiveAwkward(const std::string &text)
{
    Rows expected;
    Rows fields = naiveCsv(text, ',');
    for (std::size_t i = 1; i < fields.size(); ++i)
        expected.push_back({fields[i][1], fields[i][0], fields[i][2]});
    return expected;
}

} // namespace

class LogReaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsLabelScoreAndGroup()
    {
        READ(log, logs::readText("y,s,g\n1,0.25,a\n0,1e-7,b\n1,.5,\n"));
        QCOMPARE(logs::rows(log), (Rows{{"0.25", "1", "a"}, {"1e-07", "0", "b"}, {"0.5", "1", ""}}));
        QCOMPARE(log.facts.rows, 3U);
        QCOMPARE(log.facts.rejects.total, 0U);
        QCOMPARE(log.facts.dialect, (Dialect{Format::Csv, ',', '.', '\n', true}));
    }

    void findsDialect_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("dialect");
        QTest::newRow("comma") << QByteArray("y,s,g\n1,0.5,a\n") << "CSV, delimiter ',', decimal '.', header";
        QTest::newRow("semicolon, decimal comma") << QByteArray("y;s;g\n1;0,5;a\n") << "CSV, delimiter ';', decimal ',', header";
        QTest::newRow("semicolon, decimal point") << QByteArray("y;s;g\n1;0.5;a\n") << "CSV, delimiter ';', decimal '.', header";
        QTest::newRow("tab") << QByteArray("y\ts\tg\n1\t0.5\ta\n") << "CSV, delimiter tab, decimal '.', header";
        QTest::newRow("bar, commas in text") << QByteArray("y|s|g\n1|0.5|a,b\n0|0.5|c,d,e\n") << "CSV, delimiter '|', decimal '.', header";
        QTest::newRow("CRLF") << QByteArray("y,s,g\r\n1,0.5,a\r\n") << "CSV, delimiter ',', decimal '.', header";
        QTest::newRow("CR only") << QByteArray("y,s,g\r1,0.5,a\r") << "CSV, delimiter ',', decimal '.', header, lines end with CR";
        QTest::newRow("quoted header") << QByteArray("\"y\",\"s\",\"g\"\n1,0.5,a\n") << "CSV, delimiter ',', decimal '.', header";
        QTest::newRow("no line end at the end") << QByteArray("y,s,g\n1,0.5,a") << "CSV, delimiter ',', decimal '.', header";
        QTest::newRow("decimal comma in quotes") << QByteArray("y,s,g\n1,\"0,5\",a\n") << "CSV, delimiter ',', decimal ',', header";
        QTest::newRow("JSON lines") << QByteArray("{\"y\":1,\"s\":0.5,\"g\":\"a\"}\n") << "JSON lines";
    }
    void findsDialect()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, dialect);
        READ(log, logs::readText(text.toStdString()));
        QCOMPARE(QString::fromStdString(log.facts.dialect.text()), dialect);
        QCOMPARE(logs::rows(log).front(), (std::vector<std::string>{"0.5", "1", text.contains("a,b") ? "a,b" : "a"}));
    }

    void readsWithoutHeader()
    {
        Mapping mapping = logs::usualMapping();
        mapping.label = "column 1";
        mapping.score = "column 2";
        mapping.attributes = {{"group", "column 3", {}}};
        READ(log, logs::readText("1,0.5,a\n0,0.25,b\n", mapping));
        QCOMPARE(logs::rows(log), (Rows{{"0.5", "1", "a"}, {"0.25", "0", "b"}}));
    }

    void daysToTheLabelAreBetweenTwoTimes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("CSV") << QByteArray("y,s,t,known\n1,0.5,2026-01-05T12:00:00Z,2026-01-07\n0,0.5,2026-01-05,2026-01-04T06:00:00Z\n1,0.5,2026-01-05,\n1,0.5,,2026-01-05\n1,0.5,2026-01-05,later\n");
        QTest::newRow("the other way round") << QByteArray("y,known,s,t\n1,2026-01-07,0.5,2026-01-05T12:00:00Z\n0,2026-01-04T06:00:00Z,0.5,2026-01-05\n1,,0.5,2026-01-05\n1,2026-01-05,0.5,\n1,later,0.5,2026-01-05\n");
        QTest::newRow("JSON lines") << QByteArray("{\"y\":1,\"s\":0.5,\"t\":\"2026-01-05T12:00:00Z\",\"known\":\"2026-01-07\"}\n{\"y\":0,\"s\":0.5,\"t\":\"2026-01-05\",\"known\":\"2026-01-04T06:00:00Z\"}\n"
                                                  "{\"y\":1,\"s\":0.5,\"t\":\"2026-01-05\"}\n{\"y\":1,\"s\":0.5,\"known\":\"2026-01-05\"}\n{\"y\":1,\"s\":0.5,\"t\":\"2026-01-05\",\"known\":\"later\"}\n");
    }
    void daysToTheLabelAreBetweenTwoTimes()
    {
        QFETCH(QByteArray, text);
        Mapping mapping = logs::usualMapping();
        mapping.attributes.clear();
        mapping.time = "t";
        mapping.labelTime = "known";
        READ(log, logs::readText(text.toStdString(), mapping));
        QCOMPARE(log.rowsTaken(), 4U);
        QCOMPARE(log.facts.rejects.total, 1U);
        QCOMPARE(log.facts.rejects.first.front().column, std::string("known"));
        QCOMPARE(log.facts.lastTime, *parseTime("2026-01-05T12:00:00Z")); // of predictions
        const auto &days = log.chunks.front().numbers[static_cast<std::size_t>(log.schema.labelDelay)];
        QCOMPARE(days[0], 1.5);
        QCOMPARE(days[1], -0.75);
        QVERIFY(std::isnan(days[2]) && std::isnan(days[3]));
    }

    void readsEncodingsAndCompressions_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("encoding");
        QTest::addColumn<QString>("compression");
        const std::string text = "y,s,g\n1,0.5,\xC3\xBC\xF0\x9F\x98\x80\n0,0.25,b\n"; // two bytes, four bytes (a surrogate pair)
        const auto row = [](const char *name, const std::string &bytes, const char *encoding, const char *compression) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromLatin1(encoding) << QString::fromLatin1(compression);
        };
        row("UTF-8", text, "UTF-8", "none");
        row("UTF-8 with mark", "\xEF\xBB\xBF" + text, "UTF-8", "none");
        row("UTF-16LE with mark", logs::utf16(text, false, true), "UTF-16LE", "none");
        row("UTF-16BE with mark", logs::utf16(text, true, true), "UTF-16BE", "none");
        row("UTF-16LE", logs::utf16(text, false, false), "UTF-16LE", "none");
        row("UTF-16BE", logs::utf16(text, true, false), "UTF-16BE", "none");
        row("gzip", logs::gzip(text), "UTF-8", "gzip");
        row("gzip, two members", logs::gzip(text.substr(0, 9)) + logs::gzip(text.substr(9)), "UTF-8", "gzip");
        row("gzip, padded with zeros", logs::gzip(text) + std::string(1000, '\0'), "UTF-8", "gzip");
        row("gzip of UTF-16LE", logs::gzip(logs::utf16(text, false, true)), "UTF-16LE", "gzip");
        row("zstd", logs::zstd(text), "UTF-8", "zstd");
        row("zstd, two frames", logs::zstd(text.substr(0, 9)) + logs::zstd(text.substr(9)), "UTF-8", "zstd");
    }
    void readsEncodingsAndCompressions()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, encoding);
        QFETCH(QString, compression);
        READ(log, logs::readText(bytes.toStdString()));
        QCOMPARE(logs::rows(log), (Rows{{"0.5", "1", "\xC3\xBC\xF0\x9F\x98\x80"}, {"0.25", "0", "b"}}));
        QCOMPARE(QString::fromUtf8(encodingName(log.facts.encoding).data()), encoding);
        QCOMPARE(QString::fromUtf8(compressionName(log.facts.compression).data()), compression);
        QVERIFY(log.facts.digest == crypto::sha256(bytes.toStdString())); // of the bytes as stored
    }

    void damagedCompressionIsAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const std::string text = awkwardLog(1, 5000, false);
        std::string flipped = logs::gzip(text);
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 0x55);
        QTest::newRow("gzip cut") << QByteArray::fromStdString(logs::gzip(text).substr(0, 20'000));
        QTest::newRow("gzip without its end") << QByteArray::fromStdString(logs::gzip(text).substr(0, logs::gzip(text).size() - 3));
        QTest::newRow("gzip damaged") << QByteArray::fromStdString(flipped);
        QTest::newRow("gzip with something behind") << QByteArray::fromStdString(logs::gzip(text) + "abc");
        QTest::newRow("zstd cut") << QByteArray::fromStdString(logs::zstd(text).substr(0, 20'000));
        QTest::newRow("zstd without its end") << QByteArray::fromStdString(logs::zstd(text).substr(0, logs::zstd(text).size() - 3));
    }
    void damagedCompressionIsAnError()
    {
        QFETCH(QByteArray, bytes);
        const auto log = logs::readText(bytes.toStdString());
        QVERIFY(!log.ok());
        QCOMPARE(log.error().kind, ErrorKind::Io);
    }

    void agreesWithANaiveReaderOverPieceBorders_data()
    {
        QTest::addColumn<quint64>("seed");
        QTest::addColumn<bool>("isCrLf");
        for (quint64 seed = 1; seed <= 4; ++seed)
            QTest::addRow("seed %d", static_cast<int>(seed)) << seed << (seed % 2 == 0);
    }
    void agreesWithANaiveReaderOverPieceBorders()
    {
        QFETCH(quint64, seed);
        QFETCH(bool, isCrLf);
        const std::string text = awkwardLog(seed, 120'000, isCrLf); // several pieces of 1 MiB
        QVERIFY(text.size() > 3'000'000);
        const Rows expected = naiveAwkward(text);
        for (const unsigned threads : {1U, 2U, 3U}) {
            READ(log, logs::readText(text, logs::usualMapping(), threads));
            QCOMPARE(log.facts.rejects.total, 0U);
            QVERIFY(log.chunks.size() > 2);
            QVERIFY(logs::rows(log) == expected);
        }
    }

    void pipeAndFileGiveTheSame()
    {
        const std::string text = awkwardLog(9, 60'000, false);
        READ(fromFile, logs::readText(text));
        for (const std::size_t step : {std::size_t(1'000'000), std::size_t(4093), std::size_t(64)}) {
            logs::Pipe pipe(text, step);
            auto reader = LogReader::open(pipe.source());
            QVERIFY(reader.ok());
            READ(fromPipe, reader->read(logs::usualMapping()));
            QVERIFY(logs::rows(fromPipe) == logs::rows(fromFile));
            QVERIFY(fromPipe.facts.digest == fromFile.facts.digest);
            QCOMPARE(fromPipe.facts.rows, fromFile.facts.rows);
        }
    }

    void jsonLinesGiveTheSameAsCsv()
    {
        READ(csv, logs::readText("y,s,g\n1,0.25,a\n0,1e-7,\"b\nc\"\n1,,\xC3\xBC\n,0.5,\n"));
        READ(json, logs::readText("{\"y\":1,\"s\":0.25,\"g\":\"a\",\"x\":[1,{\"y\":2}]}\n"
                                  "  {\"g\":\"b\\nc\", \"s\":\"1e-7\", \"y\":\"0\"}  \r\n\n"
                                  "{\"y\":1,\"s\":null,\"g\":\"\\u00fc\"}\n"
                                  "{\"s\":0.5}"));
        QVERIFY(logs::rows(json) == logs::rows(csv));
        QCOMPARE(json.facts.rejects.total, 0U);
    }

    void badRowsAreCountedAndKept()
    {
        Mapping mapping = logs::usualMapping();
        mapping.time = "t";
        mapping.weight = "w";
        READ(log, logs::readText("y,s,g,t,w\n"
                                 "1,0.5,a,2025-01-01,1\n"
                                 "1,0.5,a,2025-01-01\n"
                                 "1,abc,a,2025-01-01,1\n"
                                 "2,0.5,a,2025-01-01,1\n"
                                 "1,0.5,a,2025-02-30,1\n"
                                 "1,0.5,a,2025-01-01,-1\n"
                                 "1,0.5,a,2025-01-01,\n"
                                 "1,0.5,\xFF,2025-01-01,1\n"
                                 "1,0.5,\"a\"x,2025-01-01,1\n"
                                 "\n"
                                 "1,1e999,a,2025-01-01,1\n"
                                 "0,0.5,b,2025-01-01,0\n",
                                 mapping));
        QCOMPARE(log.facts.rows, 11U);
        QCOMPARE(log.rowsTaken(), 2U);
        QCOMPARE(log.facts.rejects.total, 9U);
        QStringList texts;
        for (const auto &rejected : log.facts.rejects.first)
            texts << QString::fromStdString(rejected.text());
        QCOMPARE(texts, (QStringList{
                            QStringLiteral("Row 2, line 3: The row has more or fewer fields than the header. (\"1,0.5,a,2025-01-01\")"),
                            QStringLiteral("Row 3, line 4, column s: The value is not a number. (\"abc\")"),
                            QStringLiteral("Row 4, line 5, column y: The value is neither a positive nor a negative one. (\"2\")"),
                            QStringLiteral("Row 5, line 6, column t: The value is not a time. (\"2025-02-30\")"),
                            QStringLiteral("Row 6, line 7, column w: A weight has to be a finite number of at least 0. (\"-1\")"),
                            QStringLiteral("Row 7, line 8, column w: A weight has to be a finite number of at least 0."),
                            QStringLiteral("Row 8, line 9, column g: The value is not UTF-8 text. (\"\\xFF\")"),
                            QStringLiteral("Row 9, line 10: Text follows a closing quote. (\"1,0.5,\"a\"x,2025-01-01,1\")"),
                            QStringLiteral("Row 10, line 12, column s: The value is not a number. (\"1e999\")")}));
        std::uint64_t counted = 0;
        for (const auto &count : log.facts.rejects.counts)
            counted += count.rows;
        QCOMPARE(counted, log.facts.rejects.total);
    }

    void rejectedRowsHaveTheirPlaceInTheWholeLog()
    {
        std::string text = "y,s,g\n";
        for (int i = 0; i < 300'000; ++i)
            text += i % 100'000 == 99'999 ? "1,x,\"a\nb\"\n" : "1,0.5,\"a\nb\"\n"; // two lines a row
        for (const unsigned threads : {1U, 3U}) {
            READ(log, logs::readText(text, logs::usualMapping(), threads));
            QCOMPARE(log.facts.rejects.total, 3U);
            for (std::size_t i = 0; i < 3; ++i) {
                QCOMPARE(log.facts.rejects.first[i].row, (i + 1) * 100'000);
                QCOMPARE(log.facts.rejects.first[i].line, ((i + 1) * 100'000 - 1) * 2 + 2);
            }
        }
    }

    void onlyTheFirstRejectedRowsAreKept()
    {
        std::string text = "y,s,g\n1,0.5,a\n";
        for (int i = 0; i < 200'000; ++i)
            text += "1,x" + std::to_string(i) + ",a\n";
        READ(log, logs::readText(text));
        QCOMPARE(log.facts.rejects.total, 200'000U);
        QCOMPARE(log.facts.rejects.first.size(), std::size_t(100));
        QCOMPARE(log.facts.rejects.first[99].sample, std::string("x99"));
    }

    void shortDecimalsAreTheNearestDoubles()
    {
        SeededRandomness random(5);
        const std::string_view letters = "0123456789.-+e 5:/";
        int taken = 0;
        for (int i = 0; i < 200'000; ++i) {
            std::string text;
            const bool isUsual = i % 2 == 0;
            for (std::size_t length = 1 + random.next() % 12; text.size() < length;)
                text += isUsual && text.size() == 1 ? '.' : letters[random.next() % (isUsual ? 10 : letters.size())];
            if (i % 7 == 0)
                text[random.next() % text.size()] = static_cast<char>(random.next() % 256);
            double wanted = 0;
            const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), wanted);
            double value = 0;
            if (!parseShortDecimal(text.data(), text.size(), value))
                continue;
            ++taken;
            QVERIFY2(code == std::errc() && end == text.data() + text.size() && value == wanted, text.c_str());
        }
        QVERIFY(taken > 50'000);
    }

    void rowsTakenTogetherAreThoseTakenOneByOne()
    {
        // Days to the label depend on two cells of a row, so such a log is read row by row.
        SeededRandomness random(11);
        std::string text = "y,s,g,w,t,known\n";
        const std::array<const char *, 10> odd{"\n", "1,0.5,a,1\n", " \n", "1,x,a,1,2026-01-05,2026-01-06\n", "maybe,x,a,-1,soon,2026-01-06\n",
                                              "1,0.5,\"a\nb\",1,2026-01-05,2026-01-06\n", "1,0.5,\"a\"b,1,2026-01-05,2026-01-06\n",
                                              "0,0.25,a\xFF,1,2026-01-05,2026-01-06\n", "1, 0.125 ,\"say \"\"so\"\"\",1,2026-01-05,2026-01-06\r\n",
                                              "0,,\"quoted, too\",0,,2026-01-06\n"};
        for (int i = 0; i < 20'000; ++i) {
            const std::uint64_t bits = random.next();
            if (i > 3000 && bits % 40 == 0)
                text += odd[(bits >> 8) % odd.size()];
            text += ((bits & 1U) != 0 ? "1,0." : "0,0.") + std::to_string((bits >> 16) % 1'000'000) + ",group " + std::to_string((bits >> 4) % 4)
                    + "," + std::to_string((bits >> 40) % 3) + ",2026-01-" + std::to_string(10 + (bits >> 20) % 20) + "T05:00:00,2026-03-01\n";
        }
        Mapping mapping = logs::usualMapping();
        mapping.weight = "w";
        mapping.time = "t";
        READ(together, logs::readText(text, mapping));
        mapping.labelTime = "known";
        READ(oneByOne, logs::readText(text, mapping));
        QVERIFY(together.facts.rejects.total > 100);
        QVERIFY(together.facts.rejects == oneByOne.facts.rejects);
        QCOMPARE(together.facts.rows, oneByOne.facts.rows);
        QCOMPARE(together.facts.firstTime, oneByOne.facts.firstTime);
        QVERIFY(together.dictionaries == oneByOne.dictionaries);
        Rows with = logs::rows(oneByOne);
        const auto delay = static_cast<std::ptrdiff_t>(oneByOne.schema.labelDelay);
        for (auto &row : with)
            row.erase(row.begin() + delay);
        QCOMPARE(logs::rows(together), with);
    }

    void oneForgottenQuoteCostsOneLine()
    {
        std::string text = "y,s,g\n1,0.5,a\n1,0.5,\"b\n";
        for (int i = 0; i < 400'000; ++i)
            text += "0,0.25,c\n"; // 3.6 MB with no other quote
        READ(log, logs::readText(text));
        QCOMPARE(log.facts.rejects.total, 1U);
        QCOMPARE(log.facts.rejects.first[0].problem, RowProblem::OpenQuote);
        QCOMPARE(log.facts.rejects.first[0].line, 3U);
        QCOMPARE(log.rowsTaken(), 400'001U);
    }

    void missingAndNotFiniteNumbersStay()
    {
        READ(log, logs::readText("y,s,g\n1,,a\n1,NA,a\n1,nan,a\n1,inf,a\n1,-Infinity,a\n,0.5,a\n"));
        QCOMPARE(logs::rows(log), (Rows{{"NaN", "1", "a"}, {"NaN", "1", "a"}, {"NaN", "1", "a"}, {"Infinity", "1", "a"},
                                       {"-Infinity", "1", "a"}, {"0.5", "", "a"}}));
    }

    void labelsMatchAsNumbersAndTexts()
    {
        READ(numbers, logs::readText("y,s,g\n1.0,0.5,a\n0,0.5,a\n+1,0.5,a\n1e0,0.5,a\n0.0,0.5,a\n"));
        Rows rows = logs::rows(numbers);
        std::vector<std::string> labels;
        for (const auto &row : rows)
            labels.push_back(row[1]);
        QCOMPARE(labels, (std::vector<std::string>{"1", "0", "1", "1", "0"}));
        Mapping rest = logs::usualMapping();
        rest.labelValues = {{"bad"}, {}};
        READ(texts, logs::readText("y,s,g\nbad,0.5,a\ngood,0.5,a\nunclear,0.5,a\n,0.5,a\n", rest));
        QCOMPARE(logs::rows(texts), (Rows{{"0.5", "bad", "a"}, {"0.5", "(any other)", "a"}, {"0.5", "(any other)", "a"}, {"0.5", "", "a"}}));
    }

    void readsTimes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("hour");
        QTest::newRow("date") << QByteArray("1970-01-02") << qint64(24);
        QTest::newRow("date and time") << QByteArray("1970-01-02T01:59:59") << qint64(25);
        QTest::newRow("with a space") << QByteArray("1970-01-02 01:00:00") << qint64(25);
        QTest::newRow("UTC") << QByteArray("1970-01-02T01:00:00Z") << qint64(25);
        QTest::newRow("fraction and zone") << QByteArray("1970-01-02T01:30:00.5+01:00") << qint64(24);
        QTest::newRow("before 1970") << QByteArray("1969-12-31T23:30:00") << qint64(-1);
        QTest::newRow("seconds") << QByteArray("1700000000") << qint64(1700000000 / 3600);
        QTest::newRow("milliseconds") << QByteArray("1700000000000") << qint64(1700000000 / 3600);
        QTest::newRow("year") << QByteArray("1971") << qint64(365 * 24);
        QTest::newRow("month") << QByteArray("1970-02") << qint64(31 * 24);
        QTest::newRow("none") << QByteArray("") << qint64(kNoTime);
    }
    void readsTimes()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, hour);
        Mapping mapping = logs::usualMapping();
        mapping.time = "t";
        READ(log, logs::readText("y,s,g,t\n0,0.5,a,1970-01-01T00:00:00\n1,0.5,a," + text.toStdString() + "\n", mapping));
        QCOMPARE(log.facts.rejects.total, 0U);
        QCOMPARE(qint64(log.chunks[0].hours[1]), hour);
    }

    void impossibleTimesAreBadRows()
    {
        Mapping mapping = logs::usualMapping();
        mapping.time = "t";
        READ(log, logs::readText("y,s,g,t\n0,0.5,a,2025-01-01T00:00:00\n1,0.5,a,2025-01-01T24:00:00\n1,0.5,a,2025-01-01T0x:00:00\n"
                                 "1,0.5,a,2025-01-0100:00:00\n1,0.5,a,2025-13-01\n1,0.5,a,yesterday\n", mapping));
        QCOMPARE(log.facts.rejects.total, 5U);
    }

    void cutsNumbersIntoBands()
    {
        Mapping mapping = logs::usualMapping();
        const auto bands = Bands::parse("g=25,45,65");
        QVERIFY(bands.ok());
        mapping.attributes = {{"age band", "g", bands->second}, {"age", "g", {}}};
        READ(log, logs::readText("y,s,g\n1,0.5,24.9\n1,0.5,25\n1,0.5,44\n1,0.5,45\n1,0.5,99\n1,0.5,\n1,0.5,old\n", mapping));
        QCOMPARE(logs::rows(log), (Rows{{"0.5", "1", "<25", "24.9"}, {"0.5", "1", "25-44", "25"}, {"0.5", "1", "25-44", "44"},
                                       {"0.5", "1", "45-64", "45"}, {"0.5", "1", "65+", "99"}, {"0.5", "1", "", ""}}));
        QCOMPARE(log.facts.rejects.total, 1U);
    }

    void readsClassesAndTheirScores()
    {
        Mapping mapping;
        mapping.task = Task::Multiclass;
        mapping.label = "truth";
        mapping.prediction = "said";
        mapping.classScores = {{"a", "pa"}, {"b", "pb"}};
        READ(log, logs::readText("truth,said,pa,pb\na,b,0.25,0.75\nc,a,1,0\n", mapping));
        QCOMPARE(logs::rows(log), (Rows{{"0.25", "0.75", "a", "b"}, {"1", "0", "c", "a"}}));
        const auto &chunk = log.chunks[0];
        QCOMPARE(log.code(chunk, log.schema.label, 0), log.code(chunk, log.schema.prediction, 1)); // one dictionary for both
    }

    void classesWrittenAsNumbersAreOneWithAndWithoutDecimals()
    {
        Mapping mapping;
        mapping.task = Task::Multiclass;
        mapping.label = "truth";
        mapping.prediction = "said";
        READ(log, logs::readText("truth,said\n2.0,2\n10,10.00\n-1.0,-1\n0.5,0.50\n01,01.0\n", mapping));
        QCOMPARE(logs::rows(log), (Rows{{"2", "2"}, {"10", "10"}, {"-1", "-1"}, {"0.5", "0.50"}, {"01", "01.0"}})); // what is no plain number stays
    }

    void readsRegressionAndFeatures()
    {
        Mapping mapping;
        mapping.task = Task::Regression;
        mapping.label = "y";
        mapping.prediction = "p";
        mapping.features = {{"x", true}, {"c", false}};
        READ(log, logs::readText("y,p,x,c\n1.5,2,-3,red\n-2,0.25,,\n", mapping));
        QCOMPARE(logs::rows(log), (Rows{{"1.5", "2", "-3", "red"}, {"-2", "0.25", "NaN", ""}}));
    }

    void manyGroupsWidenTheirCodes()
    {
        std::string text = "y,s,g\n";
        for (int i = 0; i < 90'000; ++i)
            text += "1,0.5,group" + std::to_string(i) + "\n";
        for (const unsigned threads : {1U, 2U}) {
            READ(log, logs::readText(text, logs::usualMapping(), threads));
            QCOMPARE(log.dictionaries[1].size(), std::size_t(90'001));
            QVERIFY(std::ranges::is_sorted(log.dictionaries[1]));
            const Rows rows = logs::rows(log);
            for (std::size_t i = 0; i < rows.size(); ++i)
                QCOMPARE(rows[i][2], "group" + std::to_string(i));
        }
    }

    void columnsThatAreNotThereOrTwiceAreRefused()
    {
        Mapping mapping = logs::usualMapping();
        mapping.score = "points";
        const auto missing = logs::readText("y,s,g\n1,0.5,a\n", mapping);
        QVERIFY(!missing.ok());
        QVERIFY(missing.error().message.find("points") != std::string::npos);
        const auto twice = logs::readText("y,s,s,g\n1,0.5,0.5,a\n");
        QVERIFY(!twice.ok());
        QVERIFY(twice.error().message.find("more than once") != std::string::npos);
        READ(unused, logs::readText("y,x,x,s,g\n1,1,2,0.5,a\n")); // duplicates that nobody reads do no harm
        QCOMPARE(logs::rows(unused), (Rows{{"0.5", "1", "a"}}));
    }

    void cancellingStopsTheReading()
    {
        const std::string text = awkwardLog(5, 50'000, false);
        std::atomic<bool> cancel = false;
        QTemporaryDir dir;
        ReadOptions options;
        options.progress.cancel = &cancel;
        options.progress.report = [&](std::uint64_t done, std::uint64_t total, const std::string &) {
            QVERIFY(done <= total);
            cancel = true;
        };
        const auto log = readLog(logs::write(dir, text), logs::usualMapping(), options);
        QVERIFY(!log.ok());
        QCOMPARE(log.error().kind, ErrorKind::Cancelled);
    }

    void cancellingASleepingPipeTakesLessThanASecond()
    {
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        QCOMPARE(::write(ends[1], "y,s,g\n", 6), ssize_t(6)); // and then nothing, with the writer still there
        std::atomic<bool> cancel = false;
        Progress progress;
        progress.cancel = &cancel;
        QElapsedTimer timer;
        timer.start();
        std::jthread stopper([&] { cancel = true; });
        const auto reader = LogReader::open(*ByteSource::fromDescriptor(ends[0], "pipe"), {}, progress);
        QVERIFY(!reader.ok());
        QCOMPARE(reader.error().kind, ErrorKind::Cancelled);
        QVERIFY(timer.elapsed() < 1000);
        ::close(ends[1]);
    }

    void aLogLargerThanAllowedIsRefusedInMemoryAndStreamed()
    {
        const std::string text = awkwardLog(6, 50'000, false);
        QTemporaryDir dir;
        const auto path = logs::write(dir, text);
        ReadOptions options;
        options.memoryLimit = 100'000;
        const auto log = readLog(path, logs::usualMapping(), options);
        QVERIFY(!log.ok());
        QVERIFY(log.error().message.find("bounded mode") != std::string::npos);
        auto reader = LogReader::open(path);
        std::atomic<std::uint64_t> rows = 0;
        const auto streamed = reader->stream(logs::usualMapping(), [&](unsigned, Chunk chunk) {
            rows += chunk.rows;
            return true;
        });
        QVERIFY(streamed.ok());
        QCOMPARE(rows.load(), 50'000U);
        QCOMPARE(streamed->facts.rows, 50'000U);
    }

    void aFileThatChangesWhileItIsReadIsAnError()
    {
        const std::string text = awkwardLog(7, 60'000, false);
        QTemporaryDir dir;
        const auto path = logs::write(dir, text);
        auto reader = LogReader::open(path);
        QVERIFY(reader.ok());
        std::FILE *file = std::fopen(path.c_str(), "ab");
        std::fputs("1,0.5,a,late\n", file);
        std::fclose(file);
        const auto log = reader->read(logs::usualMapping());
        QVERIFY(!log.ok());
        QCOMPARE(log.error().kind, ErrorKind::Io);
    }

    void readsTheSharedLogs_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("task");
        const QString folder = QStringLiteral(COUNTERSIGN_SHARED_DATA) + QStringLiteral("/logs/");
        QTemporaryDir dir;
        QTest::newRow("own") << QString() << 3 << QStringLiteral("binary");
        if (!QFile::exists(folder + QStringLiteral("german_preds.csv")))
            return;
        QTest::newRow("german") << folder + QStringLiteral("german_preds.csv") << 1000 << QStringLiteral("binary");
        QTest::newRow("adult") << folder + QStringLiteral("adult_preds.csv") << 24421 << QStringLiteral("binary");
        QTest::newRow("california") << folder + QStringLiteral("california_housing_log.csv") << 14064 << QStringLiteral("binary");
        QTest::newRow("wine") << folder + QStringLiteral("wine_preds.csv") << 6497 << QStringLiteral("regression");
        QTest::newRow("employment") << folder + QStringLiteral("employment_ma.csv.gz") << 277677 << QStringLiteral("binary");
    }
    void readsTheSharedLogs()
    {
        QFETCH(QString, file);
        QFETCH(int, rows);
        QFETCH(QString, task);
        QTemporaryDir dir;
        const std::filesystem::path path = file.isEmpty() ? logs::write(dir, "y_true,score,sex\n1,0.5,f\n0,0.25,m\n1,0.75,f\n") : std::filesystem::path(file.toStdString());
        READ(log, logs::readGuessed(path));
        QCOMPARE(log.facts.rows, std::uint64_t(rows));
        QCOMPARE(log.rowsTaken(), std::uint64_t(rows));
        QCOMPARE(QString::fromUtf8(taskName(log.mapping.task).data()), task);
    }
};

QTEST_APPLESS_MAIN(LogReaderTest)
#include "tst_logreader.moc"
