#include "models/base/json.h"
#include "tests/support/program.h"

#include <QFile>
#include <QRegularExpression>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// 60 women: 30 with label 1 of which 20 are scored high; 30 with label 0 of which 6 are scored high. 40 men: 20 and 10; 20 and 2.
QByteArray log()
{
    QByteArray text = "when,paid,points,sex,age\n";
    const auto add = [&text](int rows, const char *when, const char *paid, const char *points, const char *sex, const char *age) {
        for (int i = 0; i < rows; ++i)
            text += QByteArray(when) + "," + paid + "," + points + "," + sex + "," + age + "\n";
    };
    add(20, "2026-01-05", "yes", "0.9", "F", "30");
    add(10, "2026-01-06", "yes", "0.2", "F", "50");
    add(6, "2026-01-12", "no", "0.9", "F", "30");
    add(24, "2026-01-13", "no", "0.1", "F", "50");
    add(10, "2026-01-05", "yes", "0.8", "M", "30");
    add(10, "2026-01-06", "yes", "0.3", "M", "50");
    add(2, "2026-01-12", "no", "0.7", "M", "30");
    add(18, "2026-01-13", "no", "0.2", "M", "50");
    return text;
}

const QStringList kColumns{QStringLiteral("--label"), QStringLiteral("paid"), QStringLiteral("--positive"), QStringLiteral("yes"),
                           QStringLiteral("--score"), QStringLiteral("points"), QStringLiteral("--group"), QStringLiteral("sex")};

} // namespace

/// `metrics compute` as a pipeline would call it: no workspace, no display, no settings.
class CliMetricsTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    QString m_log = m_folder.filePath(QStringLiteral("log.csv"));

    QString write(const QString &name, const QByteArray &text)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
    }
    QByteArray read(const QString &name)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    ProgramResult compute(const QString &log, const QStringList &options = {}, const QByteArray &input = {})
    {
        return Program(QStringLiteral("countersign-cli")).arguments(QStringList{QStringLiteral("metrics"), QStringLiteral("compute"), log} + options).input(input).run();
    }
    json::Value document(const ProgramResult &result)
    {
        const auto value = json::parse(std::string_view(result.out.constData(), static_cast<std::size_t>(result.out.size())));
        return value ? *value : json::Value();
    }
    /// The member's number, of the cell with this group and no window.
    static double number(const json::Value &cell, std::string_view part, std::string_view name)
    {
        const json::Value *of = cell.find(part);
        const json::Value *value = of ? of->find(name) : nullptr;
        if (value && value->object())
            value = value->find("value");
        const auto real = value ? value->real() : Result<double>(Error{ErrorKind::NotFound, "absent", {}});
        return real ? *real : -1;
    }
    static json::Value cellOf(const json::Value &document, const char *sex)
    {
        const json::Value *cells = document.find("cells");
        for (const json::Value &cell : cells && cells->array() ? *cells->array() : json::Array())
            if (cell.find("window")->isNull() && cell.find("group")->textOr("sex", "") == sex)
                return cell;
        return {};
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(!write(QStringLiteral("log.csv"), log()).isEmpty()); }

    void figuresOfEverybodyAndOfGroups()
    {
        const auto result = compute(m_log, kColumns + QStringList{QStringLiteral("--json")});
        QCOMPARE(result.exitCode, 0);
        const json::Value set = document(result);
        QCOMPARE(set.textOr("schema", ""), std::string("countersign-metrics-1"));
        QCOMPARE(set.find("log")->integerOr("rows", 0), 100);
        const json::Value all = cellOf(set, "");
        QCOMPARE(number(all, "counts", "tp"), 30.0);
        QCOMPARE(number(all, "counts", "fp"), 8.0);
        QCOMPARE(number(all, "counts", "fn"), 20.0);
        QCOMPARE(number(all, "counts", "tn"), 42.0);
        QCOMPARE(number(all, "metrics", "accuracy"), 0.72);
        const json::Value women = cellOf(set, "F");
        const json::Value men = cellOf(set, "M");
        QCOMPARE(women.integerOr("n", 0), 60);
        QCOMPARE(number(women, "metrics", "selection_rate"), 26.0 / 60);
        QCOMPARE(number(men, "metrics", "selection_rate"), 12.0 / 40);
        const json::Value *disparities = set.find("disparities");
        QVERIFY(disparities && disparities->array());
        const auto parity = std::ranges::find_if(*disparities->array(), [](const json::Value &one) { return one.textOr("name", "") == "demographic_parity_difference"; });
        QVERIFY(parity != disparities->array()->end());
        QVERIFY(std::abs(*parity->find("value")->real() - (26.0 / 60 - 12.0 / 40)) < 1e-12);
        QVERIFY(parity->find("lower") && parity->find("upper"));
    }

    void theThresholdIsTheOneGiven()
    {
        const auto set = document(compute(m_log, kColumns + QStringList{QStringLiteral("--threshold"), QStringLiteral("0.2"), QStringLiteral("--json")}));
        QCOMPARE(number(cellOf(set, ""), "counts", "tp"), 50.0);
        QCOMPARE(number(cellOf(set, ""), "counts", "fp"), 26.0);
    }

    void decisionsMayBeWrittenOtherwiseThanOutcomes()
    {
        const QString numbers = write(QStringLiteral("numbers.csv"), "paid,decision\nyes,1\nno,0\nyes,0\nno,1\n");
        const QStringList columns{QStringLiteral("--label"), QStringLiteral("paid"), QStringLiteral("--prediction"), QStringLiteral("decision")};
        const QStringList positive = columns + QStringList{QStringLiteral("--positive"), QStringLiteral("yes")};
        const auto told = compute(numbers, positive + QStringList{QStringLiteral("--json")});
        QCOMPARE(told.exitCode, 0);
        QCOMPARE(number(cellOf(document(told), ""), "counts", "tp"), 1.0);
        QCOMPARE(number(cellOf(document(told), ""), "counts", "fp"), 1.0);
        QVERIFY2(told.err.contains("prediction decision (positive 1)"), told.err.constData());
        // Words that nobody can know: refused, and with what helps it works.
        const QString words = write(QStringLiteral("words.csv"), "paid,decision\nyes,approve\nno,decline\nyes,decline\nno,approve\n");
        const auto refused = compute(words, positive);
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.err.contains("--positive-prediction"), refused.err.constData());
        const auto named = compute(words, positive + QStringList{QStringLiteral("--positive-prediction"), QStringLiteral("approve"), QStringLiteral("--json")});
        QCOMPARE(number(cellOf(document(named), ""), "counts", "fp"), 1.0);
    }

    void theTaskIsFoundOrNamed()
    {
        const QString grades = write(QStringLiteral("grades.csv"), "y_true,y_pred\n0,0\n1,1\n2,2\n2,1\n");
        const QStringList columns{QStringLiteral("--label"), QStringLiteral("y_true"), QStringLiteral("--prediction"), QStringLiteral("y_pred"), QStringLiteral("--json")};
        QCOMPARE(number(cellOf(document(compute(grades, columns)), ""), "metrics", "accuracy"), 0.75);
        const QStringList amounts = columns + QStringList{QStringLiteral("--task"), QStringLiteral("regression")};
        QCOMPARE(number(cellOf(document(compute(grades, amounts)), ""), "metrics", "mae"), 0.25);
        QCOMPARE(compute(grades, columns + QStringList{QStringLiteral("--task"), QStringLiteral("other")}).exitCode, 2);
        QCOMPARE(compute(grades, amounts + QStringList{QStringLiteral("--positive"), QStringLiteral("1")}).exitCode, 2);
        const auto alone = compute(grades, {QStringLiteral("--label"), QStringLiteral("y_true")});
        QCOMPARE(alone.exitCode, 2);
        QVERIFY2(alone.err.contains("--prediction"), alone.err.constData());
    }

    void whatCannotBeMeantIsRefused_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("sentence");
        const auto row = [](const char *name, const QStringList &options, const char *sentence) { QTest::newRow(name) << options << QByteArray(sentence); };
        row("a threshold that nothing reaches or misses", {QStringLiteral("--threshold"), QStringLiteral("nan")}, "--threshold: \"nan\" is not a number.");
        row("an infinite threshold", {QStringLiteral("--threshold"), QStringLiteral("inf")}, "--threshold: \"inf\" is not a number.");
        row("a level that is no number", {QStringLiteral("--level"), QStringLiteral("nan")}, "--level: \"nan\" is not a number.");
        row("windows without times", {QStringLiteral("--window"), QStringLiteral("week")}, "--window needs times");
        row("a negative outcome alone", {QStringLiteral("--negative"), QStringLiteral("0")}, "--negative needs --positive");
    }
    void whatCannotBeMeantIsRefused()
    {
        QFETCH(QStringList, options);
        QFETCH(QByteArray, sentence);
        const auto result = compute(write(QStringLiteral("plain.csv"), "y_true,score\n1,0.9\n0,0.2\n"), options);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.err.contains(sentence), result.err.constData());
        QVERIFY(result.out.isEmpty());
    }

    void columnsOfOneNameAreLeftOutAndSaid()
    {
        const auto result = compute(write(QStringLiteral("twice.csv"), "y_true,score,x,x\n1,0.9,1,2\n0,0.2,3,4\n"));
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.err.contains("Left out, because the header has them more than once: x."), result.err.constData());
    }

    void longListsOfImpactRatiosAreShortenedAndSaySo()
    {
        QByteArray text = "score,sex,city\n";
        for (int i = 0; i < 600; ++i) // fifteen cities, the last of which has five people and nobody that is selected
            text += QByteArray(i % 3 && i < 595 ? "0.9" : "0.1") + (i % 2 ? ",F,city" : ",M,city") + (i < 595 ? QByteArray::number(i % 14) : "s of the last five") + "\n";
        const QString log = write(QStringLiteral("cities.csv"), text);
        const QStringList columns{QStringLiteral("--score"), QStringLiteral("score"), QStringLiteral("--group"), QStringLiteral("sex"),
                                  QStringLiteral("--group"), QStringLiteral("city")};
        const QByteArray table = compute(log, columns).out;
        const QByteArray impacts = table.mid(table.indexOf("Impact ratios"));
        QVERIFY2(impacts.contains("city: 3 more") && impacts.contains("sex x city: 8 more"), impacts.constData());
        QVERIFY(impacts.contains("sex=F") && !impacts.contains("last five")); // too few to lead the list
        QVERIFY(impacts.contains("--csv and --json have all."));
        QVERIFY(compute(log, columns + QStringList{QStringLiteral("--csv")}).out.contains("last five"));
    }

    void aClosedInputIsNoOtherFile()
    {
        const QString program = QStringLiteral("exec \"$0\" metrics compute - <&-");
        const auto result = Program(QStringLiteral("/bin/sh")).arguments({QStringLiteral("-c"), program, Program(QStringLiteral("countersign-cli")).path()}).run(std::chrono::seconds(20));
        QVERIFY(!result.timedOut);
        QCOMPARE(result.exitCode, 4);
        QVERIFY2(result.err.contains("standard input"), result.err.constData());
    }

    void theSameFromAPipe()
    {
        auto file = compute(m_log, kColumns + QStringList{QStringLiteral("--csv")});
        const auto pipe = compute(QStringLiteral("-"), kColumns + QStringList{QStringLiteral("--csv")}, log());
        QCOMPARE(pipe.exitCode, 0);
        QCOMPARE(pipe.out, file.out);
        QVERIFY(pipe.out.startsWith("kind,metric,window_start,window_end,slice,n,value,"));
        QVERIFY(pipe.out.contains("cell,\"accuracy\",,,\"sex=F\",60,"));
    }

    void roundedScoresAreToldWithTheirBounds()
    {
        const auto rounded = compute(m_log, kColumns + QStringList{QStringLiteral("--score-step"), QStringLiteral("0.5"), QStringLiteral("--threshold"), QStringLiteral("0.4")});
        QCOMPARE(rounded.exitCode, 0);
        QVERIFY2(rounded.out.contains("Note: Scores were rounded down to multiples of 0.5,"), rounded.out.constData());
        QVERIFY(QString::fromUtf8(rounded.out).contains(QRegularExpression(QStringLiteral("\nauc +0\\.[0-9]+ ±0\\.[0-9]+ "))));
    }

    void outcomesThatNoRowHasAreToldWithWhatThereIs()
    {
        for (const char *bounded : {"", "--bounded"}) {
            const QStringList more = QString::fromLatin1(bounded).split(QLatin1Char(' '), Qt::SkipEmptyParts);
            const auto wrong = compute(write(QStringLiteral("wrong.csv"), "y,score\n0,0.2\n1,0.7\n0,0.4\n,0.1\n"), QStringList{QStringLiteral("--positive"), QStringLiteral("7")} + more);
            QCOMPARE(wrong.exitCode, 0);
            QVERIFY2(wrong.out.contains("Note: No row that figures are of is labelled positive, so that whatever needs both outcomes has no value. "
                                        "The label \"y\" is positive where it says \"7\"; its first rows say \"0\" and \"1\"."), wrong.out.constData());
            const auto all = compute(write(QStringLiteral("all.csv"), "y,score\nyes,0.2\nyes,0.7\nyes,0.4\n"), more);
            QCOMPARE(all.exitCode, 0);
            QVERIFY2(all.out.contains("Note: Every row that figures are of is labelled positive") && all.out.contains("its first rows say \"yes\"."), all.out.constData());
            const auto right = compute(write(QStringLiteral("right.csv"), "y,score\n0,0.2\n1,0.7\n0,0.4\n"), more);
            QVERIFY(right.exitCode == 0 && !right.out.contains("\nNote:"));
        }
    }

    void aLogWithoutRowsSaysSo()
    {
        const auto empty = compute(write(QStringLiteral("empty.csv"), "y,s\n"), {QStringLiteral("--label"), QStringLiteral("y"), QStringLiteral("--score"), QStringLiteral("s")});
        QCOMPARE(empty.exitCode, 2);
        QVERIFY2(empty.err.contains("empty.csv: There are no rows, only the names of columns."), empty.err.constData());
        QVERIFY(!empty.err.contains("labelValues"));
        const auto odd = compute(write(QStringLiteral("odd.csv"), "y,s\nlate,0.2\non time,0.7\n"));
        QCOMPARE(odd.exitCode, 2);
        QVERIFY2(odd.err.contains("Say which value of the column \"y\" is the positive one, with --positive. Its first rows say \"late\" and \"on time\"."), odd.err.constData());
        QVERIFY(!odd.err.contains("labelValues"));
    }

    void boundedMemoryGivesTheSameWhileScoresFit()
    {
        const auto whole = compute(m_log, kColumns + QStringList{QStringLiteral("--csv")});
        const auto bounded = compute(QStringLiteral("-"), kColumns + QStringList{QStringLiteral("--csv"), QStringLiteral("--bounded")}, log());
        QCOMPARE(bounded.exitCode, 0);
        const auto isOfLosses = [](const QByteArray &row) {
            return row.contains("log_loss") || row.contains("brier") || row.contains("mean_score") || row.contains("calibration") || row.contains("ece_");
        };
        int same = 0; // sums of losses may differ in the last digit, counts and ranks may not
        for (const QByteArray &row : whole.out.split('\n'))
            if (row.startsWith("cell,\"auc\"") || row.startsWith("cell,\"recall\"") || (row.startsWith("disparity,") && !isOfLosses(row))) {
                QVERIFY2(bounded.out.contains(row), row.constData());
                ++same;
            }
        QVERIFY(same > 20);
        const auto coarse = compute(m_log, kColumns + QStringList{QStringLiteral("--json"), QStringLiteral("--score-step"), QStringLiteral("0.5")});
        QCOMPARE(coarse.exitCode, 0);
        QVERIFY(coarse.out.contains("error_bound"));
        QCOMPARE(number(cellOf(document(coarse), ""), "counts", "tp"), 30.0);
    }

    void classesAndNumbers()
    {
        const QString classes = write(QStringLiteral("classes.csv"), "label,prediction\na,a\nb,b\nc,a\na,a\n");
        const auto multiclass = compute(classes, {QStringLiteral("--json")});
        QCOMPARE(multiclass.exitCode, 0);
        QCOMPARE(number(cellOf(document(multiclass), ""), "metrics", "accuracy"), 0.75);
        const QString numbers = write(QStringLiteral("numbers.csv"), "label,prediction\n1.5,2.5\n2.5,2.5\n3.5,4.5\n4.5,4.5\n");
        const auto regression = compute(numbers, {QStringLiteral("--json")});
        QCOMPARE(regression.exitCode, 0);
        QCOMPARE(number(cellOf(document(regression), ""), "metrics", "mae"), 0.5);
    }

    void windowsBandsAndIntersections()
    {
        const auto result = compute(m_log, kColumns + QStringList{QStringLiteral("--band"), QStringLiteral("age=40"), QStringLiteral("--intersections"), QStringLiteral("2"),
                                                                  QStringLiteral("--time"), QStringLiteral("when"), QStringLiteral("--window"), QStringLiteral("week"), QStringLiteral("--csv")});
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.out.contains("cell,\"accuracy\",2026-01-05T00:00:00.000Z,2026-01-12T00:00:00.000Z,\"sex=F\",30,"));
        QVERIFY(result.out.contains("cell,\"accuracy\",,,\"sex=F; age=<40\",26,") || result.out.contains("cell,\"accuracy\",,,\"age=<40; sex=F\",26,"));
        QVERIFY(!result.out.contains(",0,,,,,\r\n")); // an undefined figure says why
    }

    void curvesAreWrittenByGroup()
    {
        const QString path = m_folder.filePath(QStringLiteral("curves.csv"));
        const auto result = compute(m_log, kColumns + QStringList{QStringLiteral("--curves"), path});
        QVERIFY2(result.exitCode == 0, result.err.constData());
        QVERIFY(result.out.contains("Everybody: 100 cases"));
        const QList<QByteArray> lines = read(QStringLiteral("curves.csv")).split('\n');
        const auto lineOf = [&lines](const QByteArray &start) {
            for (const QByteArray &line : lines)
                if (line.startsWith(start))
                    return line.trimmed().split(',');
            return QList<QByteArray>();
        };
        const auto roc = lineOf("roc,\"sex=F\",0.9,"); // 6 of 30 negatives and 20 of 30 positives are scored 0.9
        QCOMPARE(roc.size(), 13);
        QCOMPARE(roc[3].toDouble(), 0.2);
        QCOMPARE(roc[4].toDouble(), 2.0 / 3);
        const auto precision = lineOf("precision_recall,\"sex=F\",0.9,");
        QCOMPARE(precision.value(5).toDouble(), 20.0 / 26);
        const auto everybody = lineOf("roc,,inf,");
        QCOMPARE(everybody.value(3), QByteArray("0"));
        const auto calibration = lineOf("calibration,\"sex=F\",");
        QVERIFY(calibration.value(10).toDouble() <= calibration.value(9).toDouble() && calibration.value(9).toDouble() < calibration.value(11).toDouble());
        QVERIFY(!lineOf("threshold,\"sex=M\",").isEmpty());

        const auto classes = compute(write(QStringLiteral("classes.csv"), "y_true,y_pred\na,a\nb,c\nc,c\na,b\n"), {QStringLiteral("--curves"), path});
        QCOMPARE(classes.exitCode, 2);
        QVERIFY2(classes.err.contains("--curves needs scores of two outcomes"), classes.err.constData());
        const auto nowhere = compute(m_log, kColumns + QStringList{QStringLiteral("--curves"), m_folder.filePath(QStringLiteral("no/such/folder.csv"))});
        QCOMPARE(nowhere.exitCode, 4);
        QVERIFY2(nowhere.err.contains("cannot be written"), nowhere.err.constData());
    }

    void aSavedMappingGivesTheSame()
    {
        const QString mapping = m_folder.filePath(QStringLiteral("mapping.json"));
        const auto named = compute(m_log, kColumns + QStringList{QStringLiteral("--save-mapping"), mapping, QStringLiteral("--json")});
        QCOMPARE(named.exitCode, 0);
        const auto saved = compute(m_log, {QStringLiteral("--mapping"), mapping, QStringLiteral("--json")});
        QCOMPARE(saved.exitCode, 0);
        QCOMPARE(saved.out, named.out);
    }

    void badRowsAreCountedAndListed()
    {
        const QString bad = write(QStringLiteral("bad.csv"), log() + "2026-01-05,yes,many,F,30\n2026-01-05,yes,0.5,F\n2026-01-05,yes,0.5,=HYPERLINK(1),30\n");
        const QString list = m_folder.filePath(QStringLiteral("rejected.csv"));
        const auto result = compute(bad, kColumns + QStringList{QStringLiteral("--rejected"), list, QStringLiteral("--json")});
        QCOMPARE(result.exitCode, 5);
        QVERIFY2(result.err.contains("Row 101, line 102, column points"), result.err.constData());
        QCOMPARE(document(result).find("log")->integerOr("rejected", 0), 2);
        QCOMPARE(read(QStringLiteral("rejected.csv")).count("\r\n"), 3);
    }

    void whatItCannotDoItSays_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("no column") << QStringList{m_log, QStringLiteral("--label"), QStringLiteral("nope")} << 2 << QByteArray("no column \"nope\"");
        QTest::newRow("no file") << QStringList{m_folder.filePath(QStringLiteral("none"))} << 4 << QByteArray("no such file");
        QTest::newRow("window") << QStringList{m_log, QStringLiteral("--window"), QStringLiteral("fortnight")} << 2 << QByteArray("fortnight");
        QTest::newRow("convention") << QStringList{m_log, QStringLiteral("--convention"), QStringLiteral("mine")} << 2 << QByteArray("--convention");
        QTest::newRow("two forms") << QStringList{m_log, QStringLiteral("--csv"), QStringLiteral("--json")} << 2 << QByteArray("Choose one");
        QTest::newRow("twice") << QStringList{m_log, QStringLiteral("--label"), QStringLiteral("paid"), QStringLiteral("--score"), QStringLiteral("paid")} << 2 << QByteArray("two roles");
        QTest::newRow("mapping") << QStringList{m_log, QStringLiteral("--mapping"), m_log} << 2 << QByteArray("log.csv");
        QTest::newRow("positive") << QStringList{m_log, QStringLiteral("--label"), QStringLiteral("age")} << 2 << QByteArray("positive");
    }
    void whatItCannotDoItSays()
    {
        QFETCH(QStringList, words);
        QFETCH(int, code);
        QFETCH(QByteArray, said);
        const auto result = compute(words.first(), words.mid(1));
        QVERIFY2(result.exitCode == code, QByteArray::number(result.exitCode) + result.err);
        QVERIFY2(result.err.contains(said), result.err.constData());
        QVERIFY(result.out.isEmpty());
    }
};

QTEST_GUILESS_MAIN(CliMetricsTest)
#include "tst_climetrics.moc"
