#include "tests/journeys/cli/office.h"
#include "tests/support/testdatabases.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// `finding …`: from a breach to the closing, each step by who may, every refusal with its reason.
class CliFindingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fromABreachToTheClosing_data() { forEachBackend(); }
    void fromABreachToTheClosing()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office office(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(office.init(), 0);
        const std::pair<const char *, const char *> people[] = {{"olga", "owner"}, {"dora", "developer"}};
        for (const auto &[login, role] : people)
            COMPARE_EXIT(office.runSigning(QStringLiteral("person|add|%1 Sample|--login|%1|--role|%2").arg(QLatin1String(login), QLatin1String(role))), 0);
        office.write(QStringLiteral("metrics.csv"), kMetrics);
        COMPARE_EXIT(office.runSigning(QStringLiteral("import|metrics|%1").arg(office.path(QStringLiteral("metrics.csv")))), 0);
        const auto rule = office.runSigning(QStringLiteral("rule|add|--metric|auc|--at-least|0.7|--severity|critical"));
        COMPARE_EXIT(rule, 0);
        const QString limit = QString::fromUtf8(rule.out.trimmed());

        const auto as = [&](const char *login, const QString &words) {
            return office.runSigning(words + QStringLiteral("|--as|") + QLatin1String(login));
        };
        COMPARE_EXIT(as("aruiz", QStringLiteral("finding|open|credit-pd/3.1|--rule|") + limit), 4); // it passes there
        const auto opened = as("aruiz", QStringLiteral("finding|open|credit-pd/3.2|--rule|%1|--owner|olga|--due|2126-01-31|--json").arg(limit));
        COMPARE_EXIT(opened, 0);
        const json::Value answer = Desk::document(opened);
        const json::Value *finding = answer.find("finding");
        QVERIFY(finding);
        QCOMPARE(finding->textOr("number", {}), std::string("F-1"));
        QCOMPARE(finding->textOr("severity", {}), std::string("critical"));
        QCOMPARE(finding->textOr("title", {}), std::string("AUC .693 is below the limit of at least .700."));
        QCOMPARE(finding->textOr("ownerName", {}), std::string("olga Sample"));

        const auto early = as("aruiz", QStringLiteral("finding|close|F-1|--text|Fine."));
        COMPARE_EXIT(early, 4);
        QVERIFY2(early.err.contains("once a retest has passed"), early.err);
        const auto notYou = as("aruiz", QStringLiteral("finding|remediate|F-1|--text|Trained again."));
        COMPARE_EXIT(notYou, 4);
        QVERIFY2(notYou.err.contains("Findings are remediated by an owner, a developer or an IT operator"), notYou.err);
        COMPARE_EXIT(as("dora", QStringLiteral("finding|challenge|F-1|--text|February was short.")), 0);
        COMPARE_EXIT(as("aruiz", QStringLiteral("finding|answer|F-1|--text|4,812 cases are enough.")), 0);
        COMPARE_EXIT(as("dora", QStringLiteral("finding|remediate|F-1|--text|Trained again.")), 0);
        COMPARE_EXIT(as("aruiz", QStringLiteral("finding|retest|F-1|--text|March holds.")), 2);
        COMPARE_EXIT(as("aruiz", QStringLiteral("finding|retest|F-1|--passed|--text|March holds.")), 0);
        const auto listed = office.run(QStringLiteral("finding|list|credit-pd/3.2"));
        COMPARE_EXIT(listed, 0);
        QVERIFY2(listed.out.contains("F-1") && listed.out.contains("Retested, to be closed"), listed.out);
        COMPARE_EXIT(as("aruiz", QStringLiteral("finding|close|F-1|--text|March holds.")), 0);
        const auto none = office.run(QStringLiteral("finding|list"));
        COMPARE_EXIT(none, 0);
        QVERIFY2((none.out + none.err).contains("No finding is open."), none.out + none.err);
        const auto shown = office.run(QStringLiteral("finding|show|F-1"));
        COMPARE_EXIT(shown, 0);
        for (const char *words : {"Remediated", "dora Sample: challenge: February was short.", "retest (passed): March holds.", "close (remediated)"})
            QVERIFY2(shown.out.contains(words), shown.out);
        COMPARE_EXIT(office.run(QStringLiteral("finding|show|F-2")), 1);
        const auto steering = as("aruiz", QStringLiteral("finding|open|credit-pd|--title|No \x1B[2J benchmark"));
        COMPARE_EXIT(steering, 0);
        QVERIFY2(!steering.out.contains('\x1B'), steering.out);
        const auto verified = office.run(QStringLiteral("verify"));
        COMPARE_EXIT(verified, 0);
    }
};

QTEST_GUILESS_MAIN(CliFindingsTest)
#include "tst_clifindings.moc"
