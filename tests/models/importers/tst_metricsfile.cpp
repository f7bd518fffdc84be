#include "models/base/json.h"
#include "models/base/number.h"
#include "models/base/text.h"
#include "models/importers/csv.h"
#include "models/importers/metricsfile.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <sys/resource.h>

using namespace countersign;
using namespace countersign::importers;

namespace {

/// What a sink got, kept beyond the callback.
struct Taken {
    std::uint64_t row = 0;
    std::string model;
    std::string version;
    std::string metric;
    Slice slice;
    Observation observation;
};

struct Outcome {
    std::vector<Taken> rows;
    std::vector<RejectedRow> rejected;
    MetricsFileSummary summary;
    std::string error;
    ErrorKind kind = ErrorKind::Invalid;
};

std::string utf16(std::string_view text, bool bigEndian)
{
    const QString string = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    std::string out = bigEndian ? "\xFE\xFF" : "\xFF\xFE";
    for (const QChar c : string) {
        const char low = static_cast<char>(c.unicode() & 0xFF);
        const char high = static_cast<char>(c.unicode() >> 8);
        out.push_back(bigEndian ? high : low);
        out.push_back(bigEndian ? low : high);
    }
    return out;
}

long peakKilobytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

const std::string kHeader = "model,version,metric,value,window_start,window_end\n";
const std::string kTimes = ",2026-01-01,2026-01-08\n";

} // namespace

class TstMetricsFile : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::filesystem::path write(std::string_view bytes)
    {
        const std::filesystem::path file = m_folder.filePath(QStringLiteral("metrics")).toStdString();
        std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return file;
    }
    Outcome read(std::string_view bytes)
    {
        Outcome outcome;
        const auto summary = readMetricsFile(
            write(bytes),
            [&outcome](const MetricRow &row) {
                outcome.rows.push_back({row.row, std::string(row.model), std::string(row.version), std::string(row.metric), *row.slice, row.observation});
                return Status();
            },
            [&outcome](const RejectedRow &row) { outcome.rejected.push_back(row); }, {});
        if (summary)
            outcome.summary = *summary;
        else
            outcome.error = summary.error().text(), outcome.kind = summary.error().kind;
        return outcome;
    }

private Q_SLOTS:
    void readsEveryColumn()
    {
        const auto got = read("Model,VERSION,Metric,value,window start,Window_End,n,ci_lower,Upper,step,slice,slice:region,comment\n"
                              "credit,3,auc,0.913,2026-01-01,2026-01-08T00:00:00Z,1200,0.9,0.93,7,sex=F; age=<25,north,hello\n"
                              "credit,3,auc,.50,2026-01-08,,,,,,,,\n");
        QCOMPARE(got.error, std::string());
        QCOMPARE(got.summary.accepted, 2U);
        QCOMPARE(got.summary.rejected, 0U);
        QCOMPARE(got.summary.format, std::string("CSV, comma, UTF-8"));
        QCOMPARE(got.summary.ignoredColumns, std::vector<std::string>{"comment"});
        const Taken &first = got.rows[0];
        QCOMPARE(first.row, 1U);
        QCOMPARE(first.model + "|" + first.version + "|" + first.metric, std::string("credit|3|auc"));
        QCOMPARE(first.observation.value, 0.913);
        QCOMPARE(first.observation.lexeme, std::string());
        QCOMPARE(formatUtc(first.observation.window.start), std::string("2026-01-01T00:00:00.000Z"));
        QCOMPARE(formatUtc(first.observation.window.end), std::string("2026-01-08T00:00:00.000Z"));
        QCOMPARE(first.observation.n.value(), std::int64_t(1200));
        QCOMPARE(first.observation.lower.value(), 0.9);
        QCOMPARE(first.observation.upper.value(), 0.93);
        QCOMPARE(first.observation.step, std::int64_t(7));
        QCOMPARE(first.slice.text(), std::string("age=<25; region=north; sex=F"));
        const Taken &second = got.rows[1];
        QCOMPARE(second.observation.lexeme, std::string(".50"));
        QCOMPARE(second.observation.window.start, second.observation.window.end);
        QVERIFY(!second.observation.n && !second.observation.lower && !second.observation.upper);
        QVERIFY(second.slice.isOverall());
    }

    void readsPointsAndIntervalsInOneColumn()
    {
        for (const char *heading : {"time", "timestamp", "Window"}) {
            const auto got = read(std::string("model,version,metric,value,") + heading + "\na,1,m,1,1767225600000\na,1,m,1,2026-01-01/2026-02-01\n");
            QCOMPARE(got.rows.size(), std::size_t(2));
            QCOMPARE(formatUtc(got.rows[0].observation.window.end), std::string("2026-01-01T00:00:00.000Z"));
            QCOMPARE(formatUtc(got.rows[1].observation.window.end), std::string("2026-02-01T00:00:00.000Z"));
        }
    }

    void readsQuotesLineEndsAndByteOrderMark_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::newRow("LF") << QByteArray("\n");
        QTest::newRow("CRLF") << QByteArray("\r\n");
        QTest::newRow("CR") << QByteArray("\r");
    }
    void readsQuotesLineEndsAndByteOrderMark()
    {
        QFETCH(QByteArray, end);
        const std::string e = end.toStdString();
        const auto got = read("\xEF\xBB\xBFmodel,version,metric,value,time" + e + "\"a \"\"b\"\"," + e + "c\",\"1\",m\"x,1,2026-01-01" + e + e
                              + "last,2,m,2,2026-01-01");
        QCOMPARE(got.error, std::string());
        QCOMPARE(got.rows.size(), std::size_t(2));
        QCOMPARE(got.rows[0].model, "a \"b\"," + e + "c");
        QCOMPARE(got.rows[0].metric, std::string("m\"x")); // a quote inside an unquoted field is itself
        QCOMPARE(got.rows[1].model, std::string("last"));
        QCOMPARE(got.rows[1].row, 2U);
    }

    void countsLinesThroughQuotedOnes()
    {
        const auto got = read(kHeader + "\"a\nb\r\nc\",1,m,1" + kTimes + "\nx,1,m,nonsense" + kTimes);
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(got.rejected[0].row, 2U);
        QCOMPARE(got.rejected[0].line, 6U);
        QCOMPARE(got.rejected[0].column, std::string("value"));
        QCOMPARE(got.rejected[0].text, std::string("nonsense"));
    }

    void findsTheDelimiter_data()
    {
        QTest::addColumn<char>("delimiter");
        QTest::addColumn<QString>("format");
        QTest::newRow("comma") << ',' << QStringLiteral("CSV, comma, UTF-8");
        QTest::newRow("semicolon") << ';' << QStringLiteral("CSV, semicolon, UTF-8");
        QTest::newRow("tab") << '\t' << QStringLiteral("CSV, tab, UTF-8");
    }
    void findsTheDelimiter()
    {
        QFETCH(char, delimiter);
        QFETCH(QString, format);
        std::string text = "model|version|metric|value|time\na|1|m|0.25|2026-01-01\n";
        std::ranges::replace(text, '|', delimiter);
        const auto got = read(text);
        QCOMPARE(got.summary.format, format.toStdString());
        QCOMPARE(got.rows.size(), std::size_t(1));
        QCOMPARE(got.rows[0].observation.value, 0.25);
    }

    void takesADecimalCommaOnlyWhereItIsUnambiguous_data()
    {
        QTest::addColumn<QStringList>("values");
        QTest::addColumn<int>("accepted");
        QTest::newRow("all commas") << QStringList{QStringLiteral("0,913"), QStringLiteral("12,5"), QStringLiteral("3")} << 3;
        QTest::newRow("thousands or decimals?") << QStringList{QStringLiteral("1,234"), QStringLiteral("2,500")} << 0;
        QTest::newRow("settled by another row") << QStringList{QStringLiteral("1,234"), QStringLiteral("0,5")} << 2;
        QTest::newRow("points and commas") << QStringList{QStringLiteral("0,5"), QStringLiteral("0.5")} << 1;
        QTest::newRow("two commas") << QStringList{QStringLiteral("0,5"), QStringLiteral("1,000,000")} << 0;
    }
    void takesADecimalCommaOnlyWhereItIsUnambiguous()
    {
        QFETCH(QStringList, values);
        QFETCH(int, accepted);
        std::string text = "model;version;metric;value;time\n";
        for (const QString &value : values)
            text += "a;1;m;" + value.toStdString() + ";2026-01-01\n";
        const auto got = read(text);
        QCOMPARE(static_cast<int>(got.rows.size()), accepted);
        if (accepted == 3) {
            QCOMPARE(got.rows[0].observation.value, 0.913);
            QCOMPARE(got.rows[0].observation.lexeme, std::string("0,913"));
        }
        QCOMPARE(read("model,version,metric,value,time\na,1,m,\"0,5\",2026-01-01\n").rejected.size(), std::size_t(1));
    }

    void readsUtf16()
    {
        const std::string text = "model,version,metric,value,time\n需要予測 🏬,1,m,1,2026-01-01\n";
        for (const bool bigEndian : {false, true}) {
            const auto got = read(utf16(text, bigEndian));
            QCOMPARE(got.error, std::string());
            QCOMPARE(got.summary.format, std::string(bigEndian ? "CSV, comma, UTF-16BE" : "CSV, comma, UTF-16LE"));
            QCOMPARE(got.rows.size(), std::size_t(1));
            QCOMPARE(got.rows[0].model, std::string("需要予測 🏬"));
        }
    }

    void convertsUtf16OfAnyLength()
    {
        std::string text = "model,version,metric,value,time\n";
        for (int i = 0; i < 20'000; ++i)
            text += "m🏬" + std::to_string(i) + ",1,auc,0.5,2026-01-01\n";
        const auto got = read(utf16(text, false));
        QCOMPARE(got.rows.size(), std::size_t(20'000));
        QCOMPARE(got.rows.back().model, std::string("m🏬19999"));
    }

    void refusesHalfASurrogatePair()
    {
        std::string bytes = utf16("model,version,metric,value,time\nX,1,m,1,2026-01-01\nok,1,m,1,2026-01-01\n", false);
        const std::size_t at = bytes.find('X');
        bytes[at] = '\x00';
        bytes[at + 1] = '\xD8';
        const auto got = read(bytes);
        QCOMPARE(got.rows.size(), std::size_t(1));
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(got.rejected[0].column, std::string("model"));
    }

    void rejectsARowAndSaysWhy_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("reason");
        const auto add = [](const char *name, const char *row, const char *column, const char *reason) {
            QTest::newRow(name) << QByteArray(row) << QString::fromUtf8(column) << QString::fromUtf8(reason);
        };
        add("no model", ",1,m,1,2026-01-01,2026-01-02,,,,", "model", "The model is empty.");
        add("blank metric", "a,1, ,1,2026-01-01,2026-01-02,,,,", "metric", "The metric is empty.");
        add("no value", "a,1,m,,2026-01-01,2026-01-02,,,,", "value", "The value is empty.");
        add("infinite", "a,1,m,-inf,2026-01-01,2026-01-02,,,,", "value", "The value is infinite.");
        add("no time", "a,1,m,1,,,,,,", "window_start", "The time is empty.");
        add("backwards", "a,1,m,1,2026-01-02,2026-01-01,,,,", "window_end", "The window ends before it starts.");
        add("negative n", "a,1,m,1,2026-01-01,2026-01-02,-1,,,", "n", "The number of cases is not a whole number of at least 0.");
        add("broken n", "a,1,m,1,2026-01-01,2026-01-02,1.5,,,", "n", "The number of cases is not a whole number of at least 0.");
        add("lower above", "a,1,m,1,2026-01-01,2026-01-02,,1.5,,", "lower", "The lower bound is above the value.");
        add("upper below", "a,1,m,1,2026-01-01,2026-01-02,,,0.5,", "upper", "The upper bound is below the value.");
        add("interval of NaN", "a,1,m,NaN,2026-01-01,2026-01-02,,0,1,", "lower", "The lower bound is above the value.");
        add("infinite bound", "a,1,m,1,2026-01-01,2026-01-02,,-inf,,", "lower", "The bound is not finite.");
        add("slice without value", "a,1,m,1,2026-01-01,2026-01-02,,,,sex", "slice",
            "A slice is written attribute=value, several separated by semicolons.");
        add("too few fields", "a,1,m,1", "", "The row has 4 fields, the header has 10.");
        add("too many fields", "a,1,m,1,2026-01-01,2026-01-02,,,,,", "", "The row has 11 fields, the header has 10.");
        add("bad UTF-8", "a\xC3,1,m,1,2026-01-01,2026-01-02,,,,", "model", "The text is not valid UTF-8. Save the file as UTF-8.");
        add("text after a quote", "\"a\"b,1,m,1,2026-01-01,2026-01-02,,,,", "model",
            "There is text after a closing quote. A quote inside a quoted field is written twice.");
    }
    void rejectsARowAndSaysWhy()
    {
        QFETCH(QByteArray, row);
        QFETCH(QString, column);
        QFETCH(QString, reason);
        const auto got = read("model,version,metric,value,window_start,window_end,n,lower,upper,slice\n" + row.toStdString()
                              + "\nok,1,m,1,2026-01-01,2026-01-02,,,,\n");
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(QString::fromStdString(got.rejected[0].column), column);
        QCOMPARE(QString::fromStdString(got.rejected[0].reason), reason);
        QCOMPARE(got.rejected[0].row, 1U);
        QCOMPARE(got.rejected[0].line, 2U);
        QVERIFY(text::isUtf8(got.rejected[0].text));
        QCOMPARE(got.rows.size(), std::size_t(1));
        QCOMPARE(got.rows[0].model, std::string("ok"));
        QCOMPARE(got.rows[0].row, 2U);
    }

    void keepsNotANumberAsTheSourceSaysIt()
    {
        const auto got = read(kHeader + "a,1,m,NaN" + kTimes);
        QCOMPARE(got.rows.size(), std::size_t(1));
        QVERIFY(std::isnan(got.rows[0].observation.value));
        QCOMPARE(got.rows[0].observation.lexeme, std::string());
    }

    void rejectsTextWithNul()
    {
        std::string text = kHeader + "aXb,1,m,1" + kTimes + "ok,1,m,1" + kTimes;
        text[text.find('X')] = '\0';
        const auto got = read(text);
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(got.rejected[0].reason, std::string("The text holds a NUL character."));
        QCOMPARE(got.rows.size(), std::size_t(1));
    }

    void acceptsNamesUpTo500Characters()
    {
        std::string name;
        for (int i = 0; i < 500; ++i)
            name += "ü";
        const auto got = read(kHeader + name + ",1,m,1" + kTimes + name + "x,1,m,1" + kTimes);
        QCOMPARE(got.rows.size(), std::size_t(1));
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(got.rejected[0].text.size(), std::size_t(400)); // 200 characters of two bytes
    }

    void oneForgottenQuoteCostsOneRow()
    {
        std::string text = kHeader + "\"a,1,m,1" + kTimes;
        for (int i = 0; i < 60'000; ++i)
            text += "b,1,m,1" + kTimes;
        const auto before = peakKilobytes();
        const auto got = read(text);
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(got.rejected[0].line, 2U);
        QCOMPARE(got.rejected[0].column, std::string("model"));
        QCOMPARE(got.rows.size(), std::size_t(60'000));
        QVERIFY(peakKilobytes() - before < 200'000);
    }

    void oneForgottenQuoteAtTheEndCostsOneRow()
    {
        const auto got = read(kHeader + "\"a,1,m,1" + kTimes + "b,1,m,1" + kTimes);
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(got.rejected[0].reason, std::string("A quoted field is never closed."));
        QCOMPARE(got.rows.size(), std::size_t(1));
    }

    void aRowOfAnyLengthDoesNotGrowMemory()
    {
        std::string text = kHeader;
        text.append(30U << 20, 'a').append("\n").append(30U << 20, ',');
        text += "\n";
        for (int i = 0; i < 6; ++i)
            text.append(900U << 10, 'b').append(",");
        text += "\nok,1,m,1" + kTimes;
        const auto file = write(text);
        text = std::string();
        const auto before = peakKilobytes();
        std::vector<std::string> reasons;
        const auto summary = readMetricsFile(file, [](const MetricRow &) { return Status(); },
                                             [&reasons](const RejectedRow &row) { reasons.push_back(row.reason); }, {});
        QVERIFY(summary.ok());
        QCOMPARE(summary->accepted, 1U);
        QCOMPARE(reasons, (std::vector<std::string>{"A field is longer than 1 MiB. Is a closing quote missing?", "The row has more than 4096 fields.", "The row is longer than 4 MiB."}));
        QVERIFY2(peakKilobytes() - before < 20'000, "one row of 30 MiB must not be held");
    }

    void refusesWhatIsNoMetricsFile_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("The file is empty");
        QTest::newRow("blank") << QByteArray(" \n\n") << QStringLiteral("The file is empty");
        QTest::newRow("only a mark") << QByteArray("\xEF\xBB\xBF") << QStringLiteral("The file is empty");
        QTest::newRow("no header") << QByteArray("credit,3,auc,0.9\n") << QStringLiteral("missing: model, version, metric, value");
        QTest::newRow("no time") << QByteArray("model,version,metric,value\n") << QStringLiteral("missing: window_start or time");
        QTest::newRow("twice") << QByteArray("model,version,metric,value,time,Model\n") << QStringLiteral("Two columns mean the same");
        QTest::newRow("array") << QByteArray("[{}]") << QStringLiteral("JSON array");
        QTest::newRow("binary") << QByteArray("\x7f" "ELF\x02\x01\x01\x00\x00\x00", 10) << QStringLiteral("not a text file");
        QTest::newRow("UTF-16 without a mark") << QByteArray("m\0o\0d\0e\0l\0", 10) << QStringLiteral("not a text file");
    }
    void refusesWhatIsNoMetricsFile()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto got = read(bytes.toStdString());
        QVERIFY2(got.error.find(says.toStdString()) != std::string::npos, got.error.c_str());
        QCOMPARE(got.kind, ErrorKind::Invalid);
        QVERIFY(got.rows.empty());
    }

    void tellsMissingFilesFromFolders()
    {
        const auto none = [](const MetricRow &) { return Status(); };
        const auto missing = readMetricsFile(m_folder.filePath(QStringLiteral("missing")).toStdString(), none, {}, {});
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
        const auto folder = readMetricsFile(m_folder.path().toStdString(), none, {}, {});
        QVERIFY(!folder.ok());
        QCOMPARE(folder.error().kind, ErrorKind::Io);
    }

    void readsJsonLines()
    {
        const auto got = read("{\"model\":\"a\",\"version\":3,\"metric\":\"auc\",\"value\":0.910,\"window_start\":\"2026-01-01\",\"n\":12,"
                              "\"slice\":{\"sex\":\"F\",\"age\":\"<25\"},\"note\":[1]}\r\n"
                              "\n{\"model\":\"a\",\"version\":\"3\",\"metric\":\"auc\",\"value\":\"NaN\",\"time\":1767225600000,\"slice\":\"sex=M\",\"slice:region\":\"n\"}\n"
                              "{\"model\":\"a\",\"version\":\"3\",\"metric\":\"auc\",\"value\":null,\"time\":\"2026-01-01\"}\n"
                              "{\"model\":true,\"version\":\"3\",\"metric\":\"auc\",\"value\":1,\"time\":\"2026-01-01\"}\n"
                              "{\"model\":\"a\",\"version\":\"3\",\"metric\":\"auc\",\"value\":NaN,\"time\":\"2026-01-01\"}\n"
                              "{\"model\":\"a\",\"version\":\"3\",\"metric\":\"auc\",\"value\":1,\"lower\":0,\"ci_lower\":0,\"time\":\"2026-01-01\"}\n"
                              "{\"model\":\"\\u0000\",\"version\":\"3\",\"metric\":\"auc\",\"value\":1,\"time\":\"2026-01-01\"}\n"
                              "[1]\n");
        QCOMPARE(got.error, std::string());
        QCOMPARE(got.summary.format, std::string("JSON lines, UTF-8"));
        QCOMPARE(got.rows.size(), std::size_t(2));
        QCOMPARE(got.rows[0].version, std::string("3"));
        QCOMPARE(got.rows[0].observation.lexeme, std::string("0.910"));
        QCOMPARE(got.rows[0].slice.text(), std::string("age=<25; sex=F"));
        QVERIFY(std::isnan(got.rows[1].observation.value));
        QCOMPARE(got.rows[1].slice.text(), std::string("region=n; sex=M"));
        QCOMPARE(got.summary.ignoredColumns, std::vector<std::string>{"note"});
        QCOMPARE(got.rejected.size(), std::size_t(6));
        QCOMPARE(got.rejected[0].reason, std::string("The value is empty."));
        QCOMPARE(got.rejected[0].row, 3U);
        QCOMPARE(got.rejected[0].line, 4U);
        QCOMPARE(got.rejected[1].column, std::string("model"));
        QCOMPARE(got.rejected[3].reason, std::string("Two keys of the row mean the same."));
        QCOMPARE(got.rejected[4].reason, std::string("The text holds a NUL character."));
        QCOMPARE(got.rejected[5].reason, std::string("The line is not a JSON object."));
    }

    void rejectsAnEndlessJsonLine()
    {
        std::string text = "{\"model\":\"";
        text.append(6U << 20, 'a');
        text += "\n{\"model\":\"a\",\"version\":\"3\",\"metric\":\"auc\",\"value\":1,\"time\":\"2026-01-01\"}\n";
        const auto got = read(text);
        QCOMPARE(got.rows.size(), std::size_t(1));
        QCOMPARE(got.rejected.size(), std::size_t(1));
        QCOMPARE(got.rejected[0].reason, std::string("The line is longer than 1 MiB."));
    }

    void passesNaughtyStringsThroughAsTheyAre()
    {
        std::vector<std::string> strings = {"<script>alert(1)</script>", "=cmd|' /C calc'!A0", "שלום\u200F", "Ω≈ç√∫", "\"", "\"\"", ",", "\r\n", "a\rb", "Z͑ͫ̓ͪ̂ͫ̽", "'; DROP TABLE x;--"};
        std::ifstream shared(COUNTERSIGN_SHARED_DATA "/vectors/strings/blns.json");
        if (shared) {
            const auto list = json::parse(std::string(std::istreambuf_iterator<char>(shared), {}));
            QVERIFY(list.ok() && list->array());
            for (const json::Value &value : *list->array())
                strings.push_back(*value.string());
        }
        std::vector<std::string> expected;
        std::string text = kHeader;
        for (const std::string &string : strings) {
            std::string quoted;
            for (const char c : string)
                quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
            text += "\"" + quoted + "\",1,m,1" + kTimes;
            const bool isBlank = string.find_first_not_of(" \t") == std::string::npos;
            const bool isTaken = !isBlank && string.find('\0') == std::string::npos && QString::fromStdString(string).toUcs4().size() <= 500;
            if (isTaken)
                expected.push_back(string);
        }
        const auto got = read(text);
        QCOMPARE(got.rows.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(got.rows[i].model, expected[i]);
        QCOMPARE(got.summary.rejected, strings.size() - expected.size());
    }

    void everyBrokenByteIsEitherTakenOrRejected()
    {
        const std::string good = kHeader + "\"a \"\"b\"\"\",1,mü,0.5" + kTimes + "c,2,n,1" + kTimes;
        for (std::size_t i = kHeader.size(); i < good.size(); ++i) {
            for (const char c : {'\0', '"', '\n', '\r', ',', '\xff', '\xc3', 'x'}) {
                std::string bad = good;
                bad[i] = c;
                const auto got = read(bad);
                QCOMPARE(got.error, std::string());
                QVERIFY(got.summary.accepted + got.summary.rejected >= 1);
                QCOMPARE(got.summary.accepted, got.rows.size());
                QCOMPARE(got.summary.rejected, got.rejected.size());
                for (const Taken &taken : got.rows)
                    QVERIFY(text::isUtf8(taken.model) && text::isUtf8(taken.metric));
                for (const RejectedRow &row : got.rejected)
                    QVERIFY(!row.reason.empty() && text::isUtf8(row.text));
            }
        }
    }

    void recordsAcrossBufferEndsReadTheSame()
    {
        // 256 KiB is the first buffer; rows of odd lengths with quotes put every kind of byte on its edge.
        std::string text = kHeader;
        const int rows = 30'000;
        for (int i = 0; i < rows; ++i)
            text += "\"m \"\"" + std::string(static_cast<std::size_t>(i % 37), 'x') + "\"\"\r\n" + std::to_string(i) + "\",1,k,1,2026-01-01,2026-01-08\r\n";
        const auto got = read(text);
        QCOMPARE(got.summary.rejected, 0U);
        QCOMPARE(got.rows.size(), std::size_t(rows));
        for (int i = 0; i < rows; ++i)
            QCOMPARE(got.rows[static_cast<std::size_t>(i)].model, "m \"" + std::string(static_cast<std::size_t>(i % 37), 'x') + "\"\r\n" + std::to_string(i));
    }

    void stopsWhenTold()
    {
        std::string text = kHeader;
        for (int i = 0; i < 50'000; ++i)
            text += "a,1,m,1" + kTimes;
        std::atomic<bool> cancel = false;
        Progress progress;
        progress.cancel = &cancel;
        std::uint64_t total = 0;
        progress.report = [&](std::uint64_t done, std::uint64_t all, const std::string &) {
            total = all;
            cancel = done > 0;
        };
        std::uint64_t rows = 0;
        const auto summary = readMetricsFile(write(text), [&rows](const MetricRow &) { ++rows; return Status(); }, {}, progress);
        QVERIFY(!summary.ok());
        QCOMPARE(summary.error().kind, ErrorKind::Cancelled);
        QVERIFY(rows < 50'000);
        QCOMPARE(total, text.size());
    }

    void passesOnAFailureOfTheSink()
    {
        const auto summary = readMetricsFile(write(kHeader + "a,1,m,1" + kTimes), [](const MetricRow &) -> Status { return Error{ErrorKind::Conflict, "no", {}}; }, {}, {});
        QVERIFY(!summary.ok());
        QCOMPARE(summary.error().kind, ErrorKind::Conflict);
    }

    void readsAMillionRowsQuickly()
    {
        const std::filesystem::path file = m_folder.filePath(QStringLiteral("million.csv")).toStdString();
        constexpr int rows = 1'000'000;
        double sum = 0;
        {
            std::ofstream out(file, std::ios::binary);
            out << "model,version,metric,value,window_start,window_end,n,slice\n";
            std::string text;
            for (int i = 0; i < rows; ++i) {
                const double value = static_cast<double>(std::int64_t(i) * 7919 % 10'000) / 10'000.0;
                sum += value;
                const Instant start = fromMillis(1'700'000'000'000 + std::int64_t(i % 104) * 604'800'000);
                text = "model-" + std::to_string(i % 50) + "," + std::to_string(i % 7) + ",auc," + number::shortest(value) + "," + formatUtc(start) + ","
                       + formatUtc(start + std::chrono::hours(168)) + "," + std::to_string(i % 5000) + ",sex=" + (i % 2 ? "F" : "M") + "; age=" + std::to_string(i % 9) + "\n";
                out << text;
            }
        }
        double got = 0;
        const long before = peakKilobytes();
        const auto begin = std::chrono::steady_clock::now();
        const auto summary = readMetricsFile(file, [&got](const MetricRow &row) { got += row.observation.value; return Status(); }, {}, {});
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        QVERIFY(summary.ok());
        QCOMPARE(summary->accepted, static_cast<std::uint64_t>(rows));
        QCOMPARE(summary->rejected, 0U);
        QVERIFY(std::abs(got - sum) < 1e-3);
        QVERIFY(peakKilobytes() - before < 20'000); // memory does not grow with the file
        qInfo("%.0f rows a second", rows / seconds.count());
    }
};

QTEST_APPLESS_MAIN(TstMetricsFile)
#include "tst_metricsfile.moc"
