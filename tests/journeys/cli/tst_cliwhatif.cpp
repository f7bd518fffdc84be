#include "desk.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// Two groups of forty, scores in tenths; the scores of B are two tenths lower at the same risk.
QByteArray log()
{
    QByteArray text = "y,score,kind\n";
    for (const bool isB : {false, true})
        for (int tenth = 0; tenth < 8; ++tenth)
            for (int i = 0; i < 5; ++i)
                text += QByteArray(i * 8 < tenth * 5 ? "1" : "0") + ",0." + QByteArray::number(isB ? tenth : tenth + 2) + (isB ? ",B\n" : ",A\n");
    return text;
}

const QStringList kColumns = Desk::split(QStringLiteral("--label|y|--score|score|--attribute|kind"));

double number(const json::Value &value, std::initializer_list<std::string_view> path)
{
    const json::Value *at = &value;
    for (const std::string_view key : path)
        at = at ? at->find(key) : nullptr;
    const auto real = at ? at->real() : Result<double>(Error{});
    return real ? *real : -1;
}

/// A figure of a side's disparity.
double disparity(const json::Value &document, std::string_view side, std::string_view name)
{
    const json::Value *own = document.find(side);
    const json::Value *all = own ? own->find("disparities") : nullptr;
    for (const json::Value &entry : all && all->array() ? *all->array() : json::Array())
        if (entry.textOr("name", "") == name)
            return number(entry, {"value"});
    return -1;
}

double threshold(const json::Value &document, const char *kind)
{
    for (const json::Value &group : *document.find("after")->find("groups")->array())
        if (group.find("group")->textOr("kind", "") == kind)
            return number(group, {"threshold"});
    return -1;
}

} // namespace

/// `metrics whatif` as a person tries it out: no workspace, nothing changed.
class CliWhatIfTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    QString m_log = m_folder.filePath(QStringLiteral("log.csv"));

    ProgramResult whatIf(const QString &options, const QStringList &columns = kColumns)
    {
        return Program(QStringLiteral("countersign-cli")).arguments(QStringList{QStringLiteral("metrics"), QStringLiteral("whatif"), m_log} + columns + Desk::split(options)).run();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(m_log);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(log()) > 0);
    }

    void findsAThresholdForEachGroup()
    {
        const auto result = whatIf(QStringLiteral("--constraint|demographic_parity|--tolerance|0|--per-group|--json"));
        COMPARE_EXIT(result, 0);
        const auto document = Desk::document(result);
        QCOMPARE(document.textOr("schema", ""), std::string("countersign-whatif-1"));
        QCOMPARE(number(document, {"before", "threshold"}), 0.5);
        QVERIFY(std::fabs(disparity(document, "before", "demographic_parity_difference") - 0.25) < 1e-12);
        QCOMPARE(disparity(document, "after", "demographic_parity_difference"), 0.0);
        QVERIFY(std::fabs(threshold(document, "A") - threshold(document, "B") - 0.2) < 1e-12); // the same people, two tenths apart
        QVERIFY(document.textOr("legal_note", "").find("not legal advice") != std::string::npos);
        QVERIFY(document.find("per_group")->boolean());
    }

    void findsOneThresholdWithoutALegalNote()
    {
        const auto result = whatIf(QStringLiteral("--constraint|equal_opportunity|--tolerance|0.2"));
        COMPARE_EXIT(result, 0);
        QVERIFY2(result.out.startsWith("One threshold, "), result.out.constData());
        QVERIFY(!result.out.contains("legal advice"));
        const auto perGroup = whatIf(QStringLiteral("--constraint|equal_opportunity|--tolerance|0|--per-group|--table"));
        COMPARE_EXIT(perGroup, 0);
        QVERIFY2(perGroup.out.startsWith("A threshold of its own for each group (A: 0."), perGroup.out.constData());
        QVERIFY(perGroup.out.contains("legal advice"));
    }

    void triesTheThresholdsThatAreNamed()
    {
        const auto one = Desk::document(whatIf(QStringLiteral("--threshold|0.3|--before|0.6|--json")));
        QCOMPARE(number(one, {"before", "threshold"}), 0.6);
        QCOMPARE(number(one, {"after", "threshold"}), 0.3);
        QCOMPARE(number(one, {"after", "counts", "tp"}) + number(one, {"after", "counts", "fp"}), 60.0); // scores 0.3 to 0.9 of A, to 0.7 of B
        const auto two = Desk::document(whatIf(QStringLiteral("--group-threshold|A=0.7|--group-threshold|B=0.5|--cost-fp|1|--cost-fn|10|--json")));
        QCOMPARE(threshold(two, "A"), 0.7);
        QCOMPARE(threshold(two, "B"), 0.5);
        QCOMPARE(disparity(two, "after", "demographic_parity_difference"), 0.0);
        QCOMPARE(number(two, {"after", "cost"}), number(two, {"after", "counts", "fp"}) + 10 * number(two, {"after", "counts", "fn"}));
    }

    void exportsWeightsAndTheFrontier()
    {
        const QString weights = m_folder.filePath(QStringLiteral("weights.csv"));
        const auto result = whatIf(QStringLiteral("--constraint|demographic_parity|--frontier|--csv|--reweigh|") + weights);
        COMPARE_EXIT(result, 0);
        QVERIFY(result.out.startsWith("side,kind,metric,group,threshold,n,value,lower,upper,method,reason\r\n"));
        QVERIFY(result.out.contains("frontier,one,\"accuracy\""));
        QVERIFY(result.out.contains("frontier,per_group,\"difference\""));
        QFile file(weights);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("\"kind\",label,weight,n\r\n\"A\",0,1,19\r\n\"A\",1,1,21\r\n\"B\",0,1,19\r\n\"B\",1,1,21\r\n"));
    }

    void groupsByBandsAndCombinations()
    {
        const auto columns = Desk::split(QStringLiteral("--label|y|--score|score|--attribute|kind|--attribute|score|--band|score=0.4"));
        const auto document = Desk::document(whatIf(QStringLiteral("--threshold|0.3|--json"), columns));
        QCOMPARE(document.find("after")->find("groups")->array()->size(), std::size_t(4));
        QCOMPARE(document.find("attributes")->array()->size(), std::size_t(2));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<int>("exit");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("constraint") << QStringLiteral("--constraint|fair") << 2 << QByteArray("equalized_odds");
        QTest::newRow("tolerance") << QStringLiteral("--constraint|equalized_odds|--tolerance|2") << 2 << QByteArray("between 0 and 1");
        QTest::newRow("group") << QStringLiteral("--group-threshold|C=0.4") << 2 << QByteArray("no group \"C\"");
        QTest::newRow("group threshold") << QStringLiteral("--group-threshold|A") << 2 << QByteArray("VALUE=T");
        QTest::newRow("cost") << QStringLiteral("--cost-fp|-1") << 2 << QByteArray("from 0 on");
        QTest::newRow("frontier") << QStringLiteral("--frontier") << 2 << QByteArray("--constraint");
        QTest::newRow("column") << QStringLiteral("--attribute|nothing") << 2 << QByteArray("no column \"nothing\"");
        QTest::newRow("two outputs") << QStringLiteral("--json|--csv") << 2 << QByteArray("Choose one");
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, options);
        QFETCH(int, exit);
        QFETCH(QByteArray, words);
        const auto result = whatIf(options);
        COMPARE_EXIT(result, exit);
        QVERIFY2(result.err.contains(words), result.err.constData());
        QVERIFY(result.out.isEmpty());
    }

    void proposesWhatItFinds()
    {
        const Desk desk(m_folder, m_folder.filePath(QStringLiteral("work.csdb")));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("metrics.csv"), kMetrics)), 0);
        const auto propose = [&](const QString &more) {
            return desk.program(QStringList{QStringLiteral("metrics"), QStringLiteral("whatif"), m_log} + kColumns + Desk::split(QStringLiteral("--propose|--model|credit-pd|") + more)
                                + Desk::split(QStringLiteral("--passphrase-file|") + desk.path(QStringLiteral("pass")))).run();
        };
        // What is missing is said before anything is read or written.
        COMPARE_EXIT(propose(QStringLiteral("--version|3.2|--threshold|0.4")), 2);
        const auto unread = propose(QStringLiteral("--version|3.2|--reason|fairer|--constraint|demographic_parity|--per-group"));
        COMPARE_EXIT(unread, 2);
        QVERIFY2(unread.err.contains("not legal advice") && unread.err.contains("--accept-legal-note"), unread.err.constData());
        COMPARE_EXIT(propose(QStringLiteral("--version|9.9|--reason|fairer|--threshold|0.4")), 1);

        const auto one = propose(QStringLiteral("--version|3.2|--reason|cheaper|--threshold|0.4"));
        COMPARE_EXIT(one, 0);
        QVERIFY2(one.err.contains("Recorded as change request c:"), one.err.constData());
        const auto perGroup = propose(QStringLiteral("--version|3.2|--reason|fairer|--constraint|demographic_parity|--per-group|--accept-legal-note|--json"));
        COMPARE_EXIT(perGroup, 0);
        QVERIFY(Desk::document(perGroup).textOr("legal_note", "").starts_with("Deciding by different thresholds"));
        const auto events = desk.run(QStringLiteral("list|events|--json"));
        COMPARE_EXIT(events, 0);
        QCOMPARE(events.out.count("change.propose"), 2);
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
    }

    void rejectedRowsAreTold()
    {
        QFile file(m_folder.filePath(QStringLiteral("bad.csv")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(log() + "1,high,A\n") > 0);
        file.close();
        const auto result = Program(QStringLiteral("countersign-cli")).arguments(QStringList{QStringLiteral("metrics"), QStringLiteral("whatif"), file.fileName()} + kColumns + Desk::split(QStringLiteral("--threshold|0.3|--positive|1"))).run();
        COMPARE_EXIT(result, 5);
        QVERIFY2(result.err.contains("Rejected: "), result.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliWhatIfTest)
#include "tst_cliwhatif.moc"
