#include "tests/journeys/cli/office.h"
#include "tests/support/testdatabases.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QXmlStreamReader>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// From a model without rules to a pipeline that asks: a pack is published, the version goes through its gates, is released, and a token decides
/// without the workspace. Each refusal is met on the way.
class CliGatesTest : public QObject
{
    Q_OBJECT

    /// Yesterday's month, so that no limit calls the values too old.
    static QByteArray metrics()
    {
        const auto to = QDate::currentDate().addDays(-1).toString(Qt::ISODate).toLatin1();
        const auto from = QDate::currentDate().addDays(-31).toString(Qt::ISODate).toLatin1();
        return "model,version,metric,window_start,window_end,value,n,lower,upper\n"
               "credit-pd,1,auc," + from + "," + to + ",0.81,4800,0.79,0.83\n"
               "credit-pd,1,psi/score," + from + "," + to + ",0.04,4800,,\n";
    }

private Q_SLOTS:
    void fromAPackToAPipeline_data() { forEachBackend(); }
    void fromAPackToAPipeline()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office office(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(office.init(), 0);
        const std::pair<const char *, const char *> people[] = {{"cora", "complianceOfficer"}, {"vera", "validator"}, {"axel", "approver"},
                                                                {"olga", "owner"},             {"dora", "developer"}, {"otto", "itOperator"}};
        for (const auto &[login, role] : people)
            COMPARE_EXIT(office.runSigning(QStringLiteral("person|add|%1 Sample|--login|%1|--role|%2").arg(QLatin1String(login), QLatin1String(role))), 0);
        for (const char *login : {"cora", "vera", "axel"})
            COMPARE_EXIT(office.enrol(QStringLiteral("aruiz"), QLatin1String(login)), 0);
        const auto as = [&](const char *login, const QString &words) { return office.as(QLatin1String(login), words); };
        COMPARE_EXIT(office.runSigning(QStringLiteral("import|metrics|") + office.write(QStringLiteral("metrics.csv"), metrics())), 0);

        // No pack, no gate.
        const auto none = office.run(QStringLiteral("gate|credit-pd/1"));
        COMPARE_EXIT(none, 1);
        QVERIFY2(none.err.contains("No pack governs credit-pd"), none.err);
        const auto notYou = as("vera", QStringLiteral("pack|publish|general|--default"));
        COMPARE_EXIT(notYou, 4);
        QVERIFY2(notYou.err.contains("by a compliance officer; vera Sample is not one"), notYou.err);
        COMPARE_EXIT(as("cora", QStringLiteral("pack|publish|general|--default")), 0);

        // The stage and the tier are no longer anybody's to set.
        const auto free = office.runSigning(QStringLiteral("set|credit-pd/1|--stage|inUse|--as|olga"));
        COMPARE_EXIT(free, 4);
        QVERIFY2(free.err.contains("move from stage to stage through gates") && free.err.contains("stage show"), free.err);
        COMPARE_EXIT(office.runSigning(QStringLiteral("set|credit-pd/1|--owner|olga Sample|--purpose|Credit decisions|--use-case|Consumer loans|--as|olga")), 0);
        const auto tier = office.runSigning(QStringLiteral("set|credit-pd|--tier|3|--as|olga"));
        COMPARE_EXIT(tier, 4);
        QVERIFY2(tier.err.contains("tier ask"), tier.err);
        const auto asked = office.run(QStringLiteral("tier|ask|credit-pd"));
        COMPARE_EXIT(asked, 0);
        QVERIFY2(asked.out.contains("exposure") && asked.out.contains("How much depends on what the model says"), asked.out);
        const auto half = office.runSigning(QStringLiteral("tier|assess|credit-pd|--answer|exposure=small|--as|olga"));
        COMPARE_EXIT(half, 2);
        QVERIFY2(half.err.contains("The question \"purpose\" has no answer"), half.err);
        const auto assessed = office.runSigning(QStringLiteral("tier|assess|credit-pd|--answer|exposure=small|--answer|purpose=operation|--answer|complexity=simple|--as|olga"));
        COMPARE_EXIT(assessed, 0);
        QVERIFY2(assessed.out.contains("Tier 3"), assessed.out);

        const auto early = office.runSigning(QStringLiteral("stage|move|credit-pd/1|validation|--as|dora"));
        COMPARE_EXIT(early, 4);
        QVERIFY2(early.err.contains("cannot move to Validation") && early.err.contains("“Documentation of the model” is missing"), early.err);
        int no = 0;
        for (const char *id : {"documentation", "data-description", "validation-report", "monitoring-plan"}) {
            COMPARE_EXIT(office.runSigning(QStringLiteral("evidence|add|credit-pd/1|--title|%1|--for|general/%1|--reference|Shelf 4|--as|dora").arg(QLatin1String(id))), 0);
            COMPARE_EXIT(office.runSigning(QStringLiteral("evidence|review|E-%1|--accept|--as|cora").arg(++no)), 0);
        }
        COMPARE_EXIT(office.runSigning(QStringLiteral("stage|move|credit-pd/1|submit|--as|dora")), 0);
        const auto sign = [&](const char *login, const char *role, const char *meaning) {
            const auto bundle = office.runSigning(QStringLiteral("review|freeze|credit-pd/1|--as|") + QLatin1String(login));
            return as(login, QStringLiteral("sign|%1|--decision|approve|--role|%2|--meaning|%3").arg(QString::fromUtf8(bundle.out.trimmed()), QLatin1String(role), QLatin1String(meaning)));
        };
        COMPARE_EXIT(sign("vera", "validator", "Validation"), 0);
        const auto shown = office.run(QStringLiteral("stage|show|credit-pd/1"));
        COMPARE_EXIT(shown, 0);
        QVERIFY2(shown.out.contains("Signed by vera Sample") && shown.out.contains("Missing: a signature"), shown.out);
        COMPARE_EXIT(sign("axel", "approver", "Approval"), 0);
        COMPARE_EXIT(office.runSigning(QStringLiteral("stage|move|credit-pd/1|approved|--as|olga")), 0);

        // The pipeline asks. What it asks for is a file.
        const QString model = office.write(QStringLiteral("model.onnx"), "weights");
        const QString other = office.write(QStringLiteral("other.onnx"), "other weights");
        const auto unknown = office.run(QStringLiteral("gate|credit-pd/1|--artifact|") + model);
        COMPARE_EXIT(unknown, 1);
        QVERIFY2(unknown.out.contains("No file of this version is known"), unknown.out);
        COMPARE_EXIT(office.runSigning(QStringLiteral("artifact|add|credit-pd/1|--file|%1|--as|dora").arg(model)), 0);
        const QString junit = office.path(QStringLiteral("gate.xml"));
        const QString sarif = office.path(QStringLiteral("gate.sarif"));
        const auto open = office.run(QStringLiteral("gate|credit-pd/1|--artifact|%1|--json|--junit|%2").arg(model, junit));
        COMPARE_EXIT(open, 0);
        const json::Value verdict = Desk::document(open);
        QCOMPARE(verdict.textOr("schema", {}), std::string("countersign.gate/1"));
        QCOMPARE(verdict.textOr("verdict", {}), std::string("pass"));
        const auto wrong = office.run(QStringLiteral("gate|credit-pd/1|--artifact|%1|--sarif|%2").arg(other, sarif));
        COMPARE_EXIT(wrong, 1);
        QVERIFY2(wrong.out.contains("The file is none of this version's"), wrong.out);
        QFile xml(junit);
        QVERIFY(xml.open(QIODevice::ReadOnly));
        QXmlStreamReader reader(&xml);
        int cases = 0;
        while (!reader.atEnd())
            cases += reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("testcase");
        QVERIFY2(!reader.hasError() && cases > 5, qPrintable(reader.errorString()));
        QFile findings(sarif);
        QVERIFY(findings.open(QIODevice::ReadOnly));
        const auto run = QJsonDocument::fromJson(findings.readAll()).object()[QStringLiteral("runs")].toArray().first().toObject();
        QCOMPARE(run[QStringLiteral("results")].toArray().size(), 1);

        const QString token = office.path(QStringLiteral("release.token"));
        const QString keys = office.path(QStringLiteral("release.keys"));
        const auto denied = as("vera", QStringLiteral("release|issue|credit-pd/1|-o|") + token);
        COMPARE_EXIT(denied, 4);
        QVERIFY2(denied.err.contains("Releases are issued by an approver or a compliance officer"), denied.err);
        const auto issued = as("axel", QStringLiteral("release|issue|credit-pd/1|-o|") + token);
        COMPARE_EXIT(issued, 0);
        QVERIFY2(issued.err.contains("release credit-pd version 1 for use until"), issued.err);
        COMPARE_EXIT(office.run(QStringLiteral("release|trust|-o|") + keys), 0);

        // Without the workspace: another home, no database.
        const auto offline = [&](const QString &words) {
            Program program(QStringLiteral("countersign-cli"));
            program.home(office.path(QStringLiteral("elsewhere"))).arguments(Desk::split(words));
            return program.run();
        };
        const QString verify = QStringLiteral("gate|verify|--token|%1|--trust|%2|--artifact|%3").arg(token, keys);
        const auto passes = offline(verify.arg(model));
        COMPARE_EXIT(passes, 0);
        QVERIFY2(passes.out.contains("credit-pd 1: open.") && passes.out.contains("Approved by axel Sample"), passes.out);
        const auto swapped = offline(verify.arg(other));
        COMPARE_EXIT(swapped, 1);
        QVERIFY2(swapped.out.contains("! The file is none of those that were released"), swapped.out);
        const auto late = offline(verify.arg(model) + QStringLiteral("|--at|2199-01-01"));
        COMPARE_EXIT(late, 1);
        QVERIFY2(late.out.contains("! It ran out on"), late.out);
        QFile bytes(token);
        QVERIFY(bytes.open(QIODevice::ReadOnly));
        QByteArray changed = bytes.readAll();
        changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
        const auto forged = offline(QStringLiteral("gate|verify|--token|%1|--trust|%2").arg(office.write(QStringLiteral("forged.token"), changed), keys));
        COMPARE_EXIT(forged, 3);
        COMPARE_EXIT(offline(QStringLiteral("gate|verify|--token|%1|--trust|%1").arg(token)), 2);

        // Revoked: closed as soon as the pipeline has the keys of today.
        COMPARE_EXIT(office.runSigning(QStringLiteral("release|revoke|R-1|--reason|The vendor reported a fault.|--as|otto")), 0);
        COMPARE_EXIT(office.run(QStringLiteral("release|trust|--force|-o|") + keys), 0);
        const auto revoked = offline(verify.arg(model));
        COMPARE_EXIT(revoked, 1);
        QVERIFY2(revoked.out.contains("! It was revoked: The vendor reported a fault."), revoked.out);
        // A finding closes the gate of a version that was approved before.
        COMPARE_EXIT(as("vera", QStringLiteral("finding|open|credit-pd/1|--title|Unstable in March|--severity|critical")), 0);
        const auto closed = office.run(QStringLiteral("gate|credit-pd/1"));
        COMPARE_EXIT(closed, 1);
        QVERIFY2(closed.out.contains("! F-1 is open, severity critical: Unstable in March"), closed.out);
        const auto moves = office.run(QStringLiteral("stage|at|credit-pd|") + QDate::currentDate().addDays(1).toString(Qt::ISODate) + QStringLiteral("|--stage|approved"));
        COMPARE_EXIT(moves, 0);
        QVERIFY2(moves.out.contains("credit-pd"), moves.out);
        COMPARE_EXIT(office.run(QStringLiteral("verify")), 0);
    }

    // The examples for pipelines ask for nothing that is not there.
    void theExamplesForPipelinesAreRight()
    {
        int commands = 0;
        for (const char *name : {"github-actions.yml", "gitlab-ci.yml"}) {
            QFile file(QStringLiteral(COUNTERSIGN_CI "/") + QLatin1String(name));
            QVERIFY2(file.open(QIODevice::ReadOnly), name);
            QString text = QString::fromUtf8(file.readAll());
            text.replace(QStringLiteral("\\\n"), QStringLiteral(" "));
            for (const QString &line : text.split(QLatin1Char('\n'))) {
                const auto at = line.indexOf(QStringLiteral("countersign-cli gate"));
                if (at < 0 || line.trimmed().startsWith(QLatin1Char('#')))
                    continue;
                ++commands;
                const bool isVerify = line.contains(QStringLiteral("gate verify"));
                Program program(QStringLiteral("countersign-cli"));
                program.arguments(isVerify ? QStringList{QStringLiteral("gate"), QStringLiteral("verify"), QStringLiteral("--help")} : QStringList{QStringLiteral("gate"), QStringLiteral("--help")});
                const auto help = program.run();
                COMPARE_EXIT(help, 0);
                for (const QString &word : line.mid(at).split(QLatin1Char(' '), Qt::SkipEmptyParts))
                    if (word.startsWith(QStringLiteral("--")))
                        QVERIFY2(help.out.contains(word.toUtf8()), qPrintable(word));
            }
        }
        QCOMPARE(commands, 3);
    }
};

QTEST_GUILESS_MAIN(CliGatesTest)
#include "tst_cligates.moc"
