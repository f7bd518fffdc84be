#include "models/base/json.h"
#include "tests/support/program.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// January: incomes 1 to 60, cities a and b, one in two. February: the same and a half more, everybody in b. Labels come after 3 days.
QByteArray log()
{
    QByteArray text = "when,paid,points,sex,income,city,known\n";
    for (int i = 0; i < 120; ++i) {
        const bool isLater = i >= 60;
        text += QByteArray(isLater ? "2026-02-" : "2026-01-") + (i % 2 == 0 ? "05" : "12") + (i % 3 == 0 ? ",yes," : ",no,") + QByteArray::number((i % 10) / 10.0) + (i % 4 == 0 ? ",F," : ",M,")
                + QByteArray::number(isLater ? (i - 59) * 1.5 : i + 1) + (isLater || i % 2 == 0 ? ",b," : ",a,") + (isLater ? "2026-02-" : "2026-01-") + (i % 2 == 0 ? "08" : "15") + "\n";
    }
    return text;
}

QStringList words(const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); }

} // namespace

/// `metrics drift`, and what --reference and --label-time add to `metrics compute`.
class CliDriftTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    QString m_log;

    QString write(const QString &name, const QByteArray &text)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
    }
    ProgramResult metrics(const char *verb, const QStringList &options)
    {
        return Program(QStringLiteral("countersign-cli")).arguments(QStringList{QStringLiteral("metrics"), QString::fromLatin1(verb), m_log} + options).run();
    }
    static json::Value document(const ProgramResult &result)
    {
        const auto value = json::parse(std::string_view(result.out.constData(), static_cast<std::size_t>(result.out.size())), {.depth = 32, .bytes = 64U << 20, .members = 1'000'000});
        return value ? *value : json::Value();
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_log = write(QStringLiteral("log.csv"), log());
        QVERIFY(!m_log.isEmpty());
    }

    void theColumnThatMovedMostComesFirst()
    {
        const auto result = metrics("drift", words("--reference 2026-01"));
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.out.contains("Drift against 2026-01"));
        QVERIFY(result.out.contains("2026-02")); // months, as the reference is named
        QVERIFY(result.out.indexOf("\ncity") < result.out.indexOf("\nincome"));
        QVERIFY(result.out.indexOf("\nincome") < result.out.indexOf("\npoints"));
    }

    void asJsonAndAsLines()
    {
        const auto result = metrics("drift", words("--reference 2026-01 --feature income --json"));
        QCOMPARE(result.exitCode, 0);
        const json::Value set = document(result);
        QCOMPARE(set.textOr("schema", ""), std::string("countersign-metrics-1"));
        const auto &drifts = *set.find("drifts")->array();
        QCOMPARE(drifts.size(), 3U); // all rows, January, February
        for (const json::Value &drift : drifts)
            QCOMPARE(drift.textOr("column", ""), std::string("income"));
        QVERIFY(drifts[1].find("reference") && !drifts[2].find("reference"));
        // 1 … 60 against 1.5, 3, … 90: a third of the later ones is above 60, that is where the gap is largest; the mean moved by 15.25.
        QCOMPARE(*drifts[0].find("figures")->find("ks")->find("value")->real(), 20.0 / 60);
        QCOMPARE(*drifts[0].find("figures")->find("wasserstein")->find("value")->real(), 15.25);
        const auto lines = metrics("drift", words("--reference 2026-01 --feature income --csv"));
        QVERIFY(lines.out.startsWith("kind,metric,"));
        QVERIFY(lines.out.contains("drift,\"wasserstein/income\",2026-02-01T00:00:00"));
        QVERIFY(lines.out.contains("drift,\"p_adjusted/income\","));
    }

    void anotherLogMayBeTheReference()
    {
        const QString other = write(QStringLiteral("training.csv"), "paid,points,sex,income,city\nyes,0.1,F,10,a\nno,0.9,M,20,b\n");
        const auto result = metrics("drift", words("--label paid --positive yes --score points --time when --window month --json --reference") + QStringList{other});
        QVERIFY2(result.exitCode == 0, result.err.constData());
        const json::Value set = document(result);
        QCOMPARE(set.find("reference_log")->integerOr("rows", 0), 2);
        QVERIFY(set.find("reference_log")->textOr("digest", "").size() >= 64);
    }

    void aNameThatIsBothIsRefused()
    {
        const QString both = write(QStringLiteral("2026-01"), log());
        QVERIFY(!both.isEmpty());
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_folder.filePath(QString())));
        const auto drift = [&](const QString &reference) { return metrics("drift", {QStringLiteral("--reference"), reference}); };
        const auto refused = drift(QStringLiteral("2026-01"));
        QCOMPARE(refused.exitCode, 2);
        QVERIFY(refused.err.contains("./2026-01"));
        QCOMPARE(drift(QStringLiteral("./2026-01")).exitCode, 0);
        QVERIFY(QFile::remove(both));
        const auto neither = drift(QStringLiteral("training-data"));
        QVERIFY(neither.exitCode != 0);
        QVERIFY(neither.err.contains("neither"));
        const auto unknown = drift(QStringLiteral("2025-12"));
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY(unknown.err.contains("2026-01, 2026-02"));
        QVERIFY(QDir::setCurrent(before));
    }

    void boundedDriftIsTheSameWhereValuesFitAndRoundedElse()
    {
        const QStringList options = words("--reference 2026-01 --feature income --csv");
        const auto kept = metrics("drift", options);
        const auto passed = metrics("drift", options + words("--bounded"));
        QCOMPARE(passed.exitCode, 0);
        QCOMPARE(passed.out, kept.out);
        const auto unknown = metrics("drift", words("--reference 2026-01 --feature nothing --bounded"));
        QCOMPARE(unknown.exitCode, 2);
        QByteArray many = "points,amount\n";
        for (int i = 0; i < 100'000; ++i)
            many += "0.5," + QByteArray::number(i + i / 1e6, 'f', 6) + "\n";
        const QString file = write(QStringLiteral("many.csv"), many);
        const auto rounded = Program(QStringLiteral("countersign-cli"))
                                 .arguments({QStringLiteral("metrics"), QStringLiteral("drift"), file, QStringLiteral("--score"), QStringLiteral("points"), QStringLiteral("--feature"),
                                             QStringLiteral("amount"), QStringLiteral("--bounded"), QStringLiteral("--reference"), file})
                                 .run();
        QCOMPARE(rounded.exitCode, 0);
        QVERIFY2(rounded.out.contains("0.0000 ±4"), rounded.out.constData());
        QVERIFY2(rounded.err.contains("rounded down to multiples of 4:"), rounded.err.constData());
    }

    void computeTakesAReferenceAndTheTimeOfLabels()
    {
        const auto options = words("--label paid --positive yes --score points --group sex --time when --window month --bootstrap 0");
        const auto result = metrics("compute", options + words("--reference 2026-01 --label-time known --json"));
        QVERIFY2(result.exitCode == 0, result.err.constData());
        const json::Value set = document(result);
        QVERIFY(!set.find("drifts")->array()->empty());
        QVERIFY(!set.find("impacts")->array()->empty());
        const json::Value &everybody = set.find("cells")->array()->front();
        QCOMPARE(*everybody.find("metrics")->find("labelled_share")->find("value")->real(), 1.0);
        QCOMPARE(*everybody.find("metrics")->find("label_delay_median")->find("value")->real(), 3.0);
        const auto table = metrics("compute", options + words("--reference 2026-01"));
        QVERIFY(table.out.contains("Drift against 2026-01") && table.out.contains("against the highest share of 120 people") && !table.out.contains("unknown categories"));
        const auto lines = metrics("compute", options + words("--csv"));
        QVERIFY(lines.out.contains("impact,\"scoring_impact_ratio/sex\",,,\"sex=F\",30,") && !lines.out.contains("drift,"));
        const auto bounded = metrics("compute", options + words("--reference 2026-01 --bounded"));
        QCOMPARE(bounded.exitCode, 0);
        QVERIFY(bounded.out.contains("Drift against 2026-01") && !bounded.out.contains("\nNote:"));
        const QString file = m_folder.filePath(QStringLiteral("log.csv"));
        const auto other = metrics("compute", options + words("--bounded --json --reference") + QStringList{file});
        QVERIFY2(other.exitCode == 0, other.err.constData());
        QCOMPARE(document(other).find("reference_log")->integerOr("rows", 0), 120);
        const auto kept = metrics("compute", options + words("--json --reference") + QStringList{file});
        QVERIFY(*document(other).find("drifts") == *document(kept).find("drifts"));
    }
};

QTEST_GUILESS_MAIN(CliDriftTest)
#include "tst_clidrift.moc"
