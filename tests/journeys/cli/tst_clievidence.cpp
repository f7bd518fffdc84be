#include "tests/journeys/cli/office.h"
#include "tests/support/testdatabases.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// `evidence …`: a file comes in, is reviewed by somebody else, comes out as it was; every refusal with its reason.
class CliEvidenceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void inReviewedAndOut_data() { forEachBackend(); }
    void inReviewedAndOut()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office office(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(office.init(), 0);
        COMPARE_EXIT(office.runSigning(QStringLiteral("person|add|Dora Sample|--login|dora|--role|developer")), 0);
        office.write(QStringLiteral("metrics.csv"), kMetrics);
        COMPARE_EXIT(office.runSigning(QStringLiteral("import|metrics|%1").arg(office.path(QStringLiteral("metrics.csv")))), 0);
        const auto as = [&](const char *login, const QString &words) { return office.runSigning(words + QStringLiteral("|--as|") + QLatin1String(login)); };

        const QByteArray pages = "%PDF-1.7\n\x1B[31mnot a colour\n";
        const QString file = office.write(QStringLiteral("report.pdf"), pages);
        const QString add = QStringLiteral("evidence|add|credit-pd/3.2|");
        COMPARE_EXIT(as("dora", add + QStringLiteral("%1|--title|Validation report").arg(office.path(QStringLiteral("missing.pdf")))), 4);
        COMPARE_EXIT(as("dora", add + QStringLiteral("--title|Validation report")), 2); // neither file nor reference
        const auto added = as("dora", add + QStringLiteral("%1|--title|Validation report|--for|bank/validation|--from|2025-01-01|--to|2025-12-31|--expires|2126-01-01|--json").arg(file));
        COMPARE_EXIT(added, 0);
        const json::Value answer = Desk::document(added);
        const json::Value *evidence = answer.find("evidence");
        QVERIFY(evidence);
        QCOMPARE(evidence->textOr("number", {}), std::string("E-1"));
        QCOMPARE(evidence->textOr("state", {}), std::string("awaiting"));
        QCOMPARE(evidence->textOr("file", {}), std::string("report.pdf"));
        QCOMPARE(evidence->textOr("media", {}), std::string("application/pdf"));
        QCOMPARE(evidence->textOr("expires", {}), std::string("2126-01-01T00:00:00.000Z"));
        const auto guide = as("dora", add + QStringLiteral("--title|User \x1B[2J guide|--reference|https://wiki.example/credit-pd"));
        COMPARE_EXIT(guide, 0);
        QVERIFY2(!guide.out.contains('\x1B'), guide.out);

        const auto own = as("dora", QStringLiteral("evidence|review|E-1|--accept"));
        COMPARE_EXIT(own, 4);
        QVERIFY2(own.err.contains("Evidence is reviewed by a validator or a compliance officer"), own.err);
        COMPARE_EXIT(as("aruiz", QStringLiteral("evidence|review|E-1")), 2);
        COMPARE_EXIT(as("aruiz", QStringLiteral("evidence|review|E-1|--accept")), 0);
        const auto silent = as("aruiz", QStringLiteral("evidence|review|E-2|--reject"));
        COMPARE_EXIT(silent, 2);
        QVERIFY2(silent.err.contains("Say why it is rejected."), silent.err);
        COMPARE_EXIT(as("aruiz", QStringLiteral("evidence|review|E-2|--reject|--reason|It says nothing of version 3.2.")), 0);
        COMPARE_EXIT(as("dora", QStringLiteral("evidence|withdraw|E-2|--reason|See E-1.")), 0);

        const auto listed = office.run(QStringLiteral("evidence|list|credit-pd/3.2"));
        COMPARE_EXIT(listed, 0);
        QVERIFY2(listed.out.contains("E-1") && listed.out.contains("Accepted") && listed.out.contains("bank/validation") && !listed.out.contains("E-2"), listed.out);
        const auto soon = office.run(QStringLiteral("evidence|list|--expiring|30"));
        COMPARE_EXIT(soon, 0);
        QVERIFY2((soon.out + soon.err).contains("No accepted evidence ends by then."), soon.out + soon.err);
        const auto late = office.run(QStringLiteral("evidence|list|--expiring|36500"));
        COMPARE_EXIT(late, 0);
        QVERIFY2(late.out.contains("E-1"), late.out);
        COMPARE_EXIT(office.run(QStringLiteral("evidence|list|--expiring|soon")), 2);
        const auto all = office.run(QStringLiteral("evidence|list|--all|--json"));
        COMPARE_EXIT(all, 0);
        QVERIFY2(all.out.contains("\"withdrawn\""), all.out);
        const auto shown = office.run(QStringLiteral("evidence|show|E-2"));
        COMPARE_EXIT(shown, 0);
        for (const char *words : {"https://wiki.example/credit-pd", "Ana Ruiz: rejected: It says nothing of version 3.2.", "Dora Sample: withdrawn: See E-1."})
            QVERIFY2(shown.out.contains(words), shown.out);

        const QString out = office.path(QStringLiteral("out.pdf"));
        COMPARE_EXIT(office.run(QStringLiteral("evidence|save|E-1|-o|%1").arg(out)), 0);
        QFile saved(out);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll(), pages);
        COMPARE_EXIT(office.run(QStringLiteral("evidence|save|E-1|-o|%1").arg(out)), 4); // it is there already
        COMPARE_EXIT(office.run(QStringLiteral("evidence|save|E-2|-o|%1").arg(office.path(QStringLiteral("guide")))), 1);
        COMPARE_EXIT(office.run(QStringLiteral("evidence|show|E-3")), 1);

        const auto status = office.run(QStringLiteral("evidence|status|credit-pd/3.2|--pack|sr-26-2|--stage|retired|--json"));
        COMPARE_EXIT(status, 1);
        const json::Value standing = Desk::document(status);
        QVERIFY(standing.find("items") && standing.find("items")->array() && standing.integerOr("required", 0) + standing.integerOr("undecided", 0) > 0);
        QCOMPARE(standing.integerOr("met", -1), std::int64_t{0});
        COMPARE_EXIT(office.run(QStringLiteral("evidence|status|credit-pd/3.2|--pack|sr-26-2|--stage|nowhere")), 2);
        QVERIFY(office.run(QStringLiteral("evidence|status|credit-pd/3.2|--pack|nothing")).exitCode != 0);

        const auto asked = as("aruiz", QStringLiteral("evidence|request|credit-pd/3.2|--ask|dora|--for|bank/data-quality|--text|The checks of March|--due|2126-01-31"));
        COMPARE_EXIT(asked, 0);
        QVERIFY2(asked.out.startsWith("ER-1 The checks of March"), asked.out);
        COMPARE_EXIT(as("aruiz", QStringLiteral("evidence|request|credit-pd/3.2|--ask|dora")), 2);
        const auto mine = office.run(QStringLiteral("evidence|requests|--mine|--as|dora"));
        COMPARE_EXIT(mine, 0);
        QVERIFY2(mine.out.contains("ER-1") && mine.out.contains("2126-01-31") && mine.out.contains("Waits"), mine.out);
        const auto notMine = office.run(QStringLiteral("evidence|requests|--mine|--as|aruiz"));
        COMPARE_EXIT(notMine, 0);
        QVERIFY2((notMine.out + notMine.err).contains("No request for evidence waits."), notMine.out + notMine.err);
        COMPARE_EXIT(as("aruiz", QStringLiteral("evidence|decline|ER-1|--reason|No.")), 4);
        COMPARE_EXIT(as("dora", QStringLiteral("evidence|add|credit-pd/3.2|--title|Checks|--reference|shelf 3|--answers|ER-1")), 0);
        const auto answered = office.run(QStringLiteral("evidence|requests|--all"));
        COMPARE_EXIT(answered, 0);
        QVERIFY2(answered.out.contains("Answered by E-3"), answered.out);
        COMPARE_EXIT(as("aruiz", QStringLiteral("evidence|request|credit-pd|--ask|dora|--text|Minutes")), 0);
        COMPARE_EXIT(as("dora", QStringLiteral("evidence|decline|ER-2|--reason|There are none.")), 0);
        COMPARE_EXIT(as("aruiz", QStringLiteral("evidence|cancel|ER-2|--reason|Then not.")), 4);
        COMPARE_EXIT(office.run(QStringLiteral("verify")), 0);
    }
};

QTEST_GUILESS_MAIN(CliEvidenceTest)
#include "tst_clievidence.moc"
