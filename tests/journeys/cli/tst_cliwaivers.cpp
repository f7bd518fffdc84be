#include "tests/journeys/cli/office.h"
#include "tests/support/testdatabases.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// `waiver …`: asked for by one person, granted by the signature of another, every refusal with its reason.
class CliWaiversTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void askedForAndGranted_data() { forEachBackend(); }
    void askedForAndGranted()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office office(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(office.init(), 0);
        COMPARE_EXIT(office.runSigning(QStringLiteral("person|add|olga Sample|--login|olga|--role|owner")), 0);
        COMPARE_EXIT(office.runSigning(QStringLiteral("person|add|axel Sample|--login|axel|--role|approver")), 0);
        COMPARE_EXIT(office.enrol(QStringLiteral("aruiz"), QStringLiteral("axel")), 0);
        office.write(QStringLiteral("metrics.csv"), kMetrics);
        COMPARE_EXIT(office.runSigning(QStringLiteral("import|metrics|%1").arg(office.path(QStringLiteral("metrics.csv")))), 0);
        const auto rule = office.runSigning(QStringLiteral("rule|add|--metric|auc|--at-least|0.7"));
        COMPARE_EXIT(rule, 0);
        const QString limit = QString::fromUtf8(rule.out.trimmed());
        const auto until = QDate::currentDate().addDays(30).toString(Qt::ISODate);
        const QString ask = QStringLiteral("waiver|request|credit-pd/%1|--rule|%2|--until|%3|--reason|Retrained by May.|--control|Looked at by hand.|--as|olga");

        const auto none = office.runSigning(ask.arg(QStringLiteral("3.1"), limit, until));
        COMPARE_EXIT(none, 4);
        QVERIFY2(none.err.contains("There is no breach"), none.err);
        const auto late = office.runSigning(ask.arg(QStringLiteral("3.2"), limit, QStringLiteral("2199-01-01")));
        COMPARE_EXIT(late, 2);
        QVERIFY2(late.err.contains("for a year at most"), late.err);
        const auto asked = office.runSigning(ask.arg(QStringLiteral("3.2"), limit, until) + QStringLiteral("|--json"));
        COMPARE_EXIT(asked, 0);
        const json::Value answer = Desk::document(asked);
        const json::Value *waiver = answer.find("waiver");
        QVERIFY(waiver);
        QCOMPARE(waiver->textOr("number", {}), std::string("W-1"));
        QCOMPARE(waiver->textOr("state", {}), std::string("requested"));

        const auto own = office.runSigning(QStringLiteral("waiver|grant|W-1|--as|olga"));
        COMPARE_EXIT(own, 4);
        QVERIFY2(own.err.contains("Waivers are granted or declined by an approver or a compliance officer"), own.err);
        const auto granted = office.as(QStringLiteral("axel"), QStringLiteral("waiver|grant|W-1|--text|Once."));
        COMPARE_EXIT(granted, 0);
        QVERIFY2(granted.out.contains("30 days left") && granted.err.contains("allow credit-pd version 3.2 to miss this until"), granted.out + granted.err);
        const auto shown = office.run(QStringLiteral("show|credit-pd/3.2"));
        COMPARE_EXIT(shown, 0);
        QVERIFY2(shown.out.contains("Waived until"), shown.out);
        const auto listed = office.run(QStringLiteral("waiver|list|credit-pd/3.2|--json"));
        COMPARE_EXIT(listed, 0);
        QVERIFY2(listed.out.contains("\"isInForce\":true"), listed.out);
        const auto over = office.runSigning(QStringLiteral("waiver|end|W-1|--text|Retrained.|--as|olga"));
        COMPARE_EXIT(over, 0);
        QVERIFY2(office.run(QStringLiteral("waiver|list")).err.contains("No waiver holds") || office.run(QStringLiteral("waiver|list")).out.contains("No waiver holds"), "list");
        const auto facts = office.run(QStringLiteral("waiver|show|W-1"));
        COMPARE_EXIT(facts, 0);
        for (const char *words : {"Ended", "Looked at by hand.", "Once.", "Retrained by May."})
            QVERIFY2(facts.out.contains(words), facts.out);
        COMPARE_EXIT(office.run(QStringLiteral("verify")), 0);
    }
};

QTEST_GUILESS_MAIN(CliWaiversTest)
#include "tst_cliwaivers.moc"
