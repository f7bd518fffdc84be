#include "tests/journeys/cli/office.h"
#include "tests/support/testdatabases.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// `pack …`: what comes along and what people write, without any workspace, and what it would change in one.
class CliPacksTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatComesAlongIsListedAndShown()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, QString());
        const auto listed = desk.run(QStringLiteral("pack|list|--json"));
        COMPARE_EXIT(listed, 0);
        const json::Value document = Desk::document(listed);
        QCOMPARE(document.textOr("schema", {}), std::string("countersign.packs/1"));
        const json::Value *items = document.find("items");
        QVERIFY(items && items->array() && !items->array()->empty());
        for (const json::Value &item : *items->array()) {
            const QString id = QString::fromStdString(item.textOr("id", {}));
            const auto shown = desk.run(QStringLiteral("pack|show|") + id);
            COMPARE_EXIT(shown, 0);
            QVERIFY2(shown.out.startsWith(QByteArray::fromStdString(item.textOr("title", {}) + " " + item.textOr("version", {}) + "\n")), shown.out);
            for (const char *part : {"\nTiers\n", "\nMoves and their gates\n", "\nRequired evidence\n", "\nObligations\n"})
                QVERIFY2(shown.out.contains(part), part);
            const auto asJson = desk.run(QStringLiteral("pack|show|--json|") + id);
            COMPARE_EXIT(asJson, 0);
            const json::Value shownDocument = Desk::document(asJson);
            const json::Value *pack = shownDocument.find("pack");
            QVERIFY(pack);
            QCOMPARE(pack->textOr("id", {}), item.textOr("id", {}));
            QCOMPARE(pack->integerOr("format", 0), std::int64_t(1));
        }
        const auto filtered = desk.run(QStringLiteral("pack|list|--filter|house policy"));
        COMPARE_EXIT(filtered, 0);
        QVERIFY2(filtered.out.contains("general"), filtered.out);
    }

    void aFileOfOnesOwnIsCheckedAndShown()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, QString());
        QFile general(QStringLiteral(COUNTERSIGN_PACKS "/general.yaml"));
        QVERIFY(general.open(QIODevice::ReadOnly));
        const QByteArray text = general.readAll();
        QByteArray own = text;
        own.replace("id: general", "id: house").replace("title: General model governance", "title: Our own policy");
        const QString file = desk.write(QStringLiteral("house.yaml"), own);
        const auto sound = desk.run(QStringLiteral("pack|check|") + file);
        COMPARE_EXIT(sound, 0);
        QCOMPARE(sound.out, QByteArray("The pack is sound: Our own policy 2026.12.\n"));
        const auto shown = desk.run(QStringLiteral("pack|show|") + file);
        COMPARE_EXIT(shown, 0);
        QVERIFY(shown.out.startsWith("Our own policy 2026.12\n"));

        const auto yaml = desk.run(QStringLiteral("pack|show|--yaml|general"));
        COMPARE_EXIT(yaml, 0);
        QCOMPARE(yaml.out, text);
        const auto compared = desk.run(QStringLiteral("pack|compare|general|") + file);
        COMPARE_EXIT(compared, 0);
        QCOMPARE(compared.out, QByteArray("Head\n  - General model governance 2026.12\n  - Pack general, dated 2026-12-01.\n  + Our own policy 2026.12\n  + Pack house, dated 2026-12-01.\n"));
        const auto same = desk.run(QStringLiteral("pack|compare|general|general"));
        COMPARE_EXIT(same, 0);
        QCOMPARE(same.out, QByteArray("They say the same.\n"));
        const auto schema = desk.run(QStringLiteral("pack|schema"));
        COMPARE_EXIT(schema, 0);
        QCOMPARE(Desk::document(schema).textOr("$id", {}), std::string("urn:countersign:pack:1"));

        QByteArray wrong = own;
        wrong.replace("quorum: 2", "quorum: two").replace("metric: auc", "metric: aux");
        const QString bad = desk.write(QStringLiteral("bad.yaml"), wrong);
        const auto refused = desk.run(QStringLiteral("pack|check|") + bad);
        COMPARE_EXIT(refused, 1);
        const QByteArray quorum = QByteArray::number(own.left(own.indexOf("quorum: 2")).count('\n') + 1);
        const QByteArray metric = QByteArray::number(own.left(own.indexOf("metric: auc")).count('\n') + 1);
        QVERIFY2(refused.out.contains("bad.yaml:" + quorum + ": `quorum` is to be a whole number from 1 to 9, it is \"two\".\n"), refused.out);
        QVERIFY2(refused.out.contains("bad.yaml:" + metric + ": The metric \"aux\" is not known.\n"), refused.out);
        const auto asJson = desk.run(QStringLiteral("pack|check|--json|") + bad);
        COMPARE_EXIT(asJson, 1);
        const json::Value document = Desk::document(asJson);
        QVERIFY(document.find("valid") && document.find("valid")->boolean() && !*document.find("valid")->boolean());
        QVERIFY(document.find("faults")->array()->size() >= 2);
        const auto notShown = desk.run(QStringLiteral("pack|show|") + bad);
        QVERIFY(notShown.exitCode != 0);
        QVERIFY2(notShown.err.contains("line " + quorum + ": `quorum`"), notShown.err);
    }

    void theImpactOfAPackIsToldBeforeItIsPublished_data() { forEachBackend(); }
    void theImpactOfAPackIsToldBeforeItIsPublished()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("person|add|cora Sample|--login|cora|--role|complianceOfficer")), 0);
        COMPARE_EXIT(desk.enrol(QStringLiteral("aruiz"), QStringLiteral("cora")), 0);
        const QString cora = QStringLiteral("cora");
        COMPARE_EXIT(desk.runSigning(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("metrics.csv"), kMetrics)), 0);
        QFile general(QStringLiteral(COUNTERSIGN_PACKS "/general.yaml"));
        QVERIFY(general.open(QIODevice::ReadOnly));
        QByteArray text = general.readAll();
        text.replace("    basis: bound\n    maxAgeDays: 190\n    severity: high", "    severity: high"); // of a value that may be old
        const QString lenient = desk.write(QStringLiteral("lenient.yaml"), text);
        text.replace("    atLeast: 0.65\n    watch: 0.70", "    atLeast: 0.70\n    watch: 0.72");
        text.replace("\nversion: \"", "\nversion: \"9");
        const QString strict = desk.write(QStringLiteral("strict.yaml"), text);
        const auto first = desk.run(QStringLiteral("pack|preview|--default|") + lenient); // no limit follows it yet
        COMPARE_EXIT(first, 0);
        QVERIFY2(first.err.contains("none fails a limit that it did not fail before") && first.out.contains("Watch"), first.err + first.out);
        COMPARE_EXIT(desk.as(cora, QStringLiteral("pack|publish|--default|--note|The first.|") + lenient), 0);
        const auto impact = desk.run(QStringLiteral("pack|preview|--default|--json|") + strict);
        COMPARE_EXIT(impact, 0);
        QVERIFY2(impact.err.contains("1 model fails 1 limit that it did not fail before."), impact.err);
        const json::Value document = Desk::document(impact);
        const json::Value *items = document.find("items");
        QVERIFY2(items && items->array() && items->array()->size() == 1, impact.out);
        const json::Value &flip = items->array()->front();
        QCOMPARE(flip.textOr("version", {}), std::string("3.2"));
        QCOMPARE(flip.textOr("before", {}), std::string("watch"));
        QCOMPARE(flip.textOr("after", {}), std::string("fail"));
        QCOMPARE(flip.textOr("sentence", {}), std::string("AUC .693 is below the limit of at least .700."));
        const auto published = desk.run(QStringLiteral("pack|published"));
        COMPARE_EXIT(published, 0);
        QVERIFY2(published.out.contains("In force") && published.out.contains("every model without another"), published.out);
        const auto again = desk.as(cora, QStringLiteral("pack|publish|--default|") + lenient);
        COMPARE_EXIT(again, 4);
        QVERIFY2(again.err.contains("is published since"), again.err);
        COMPARE_EXIT(desk.as(cora, QStringLiteral("pack|retire|general|--reason|Another one comes.")), 0);
        QVERIFY2(desk.run(QStringLiteral("pack|published")).out.contains("Retired"), "retired");
    }

    void whatIsNoPackIsRefusedWithAReason()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, QString());
        const std::pair<QByteArray, const char *> files[] = {
            {QByteArray("a: &x [1, 1]\nb: [*x, *x]\n"), ":1: Anchors"},
            {QByteArray(2 << 20, 'a'), "at most 1048576 are read."},
            {QByteArray("a: \0\n", 5), ":1: A control, bidirectional or invisible character"},
            {QByteArray("a: 1\n---\nb: 1\n"), ":2: A second document"},
            {QByteArray(), "The file is empty."},
        };
        for (const auto &[bytes, sentence] : files) {
            const auto refused = desk.run(QStringLiteral("pack|check|") + desk.write(QStringLiteral("x.yaml"), bytes));
            COMPARE_EXIT(refused, 1);
            QVERIFY2(refused.out.contains(sentence), refused.out);
        }
        const auto absent = desk.run(QStringLiteral("pack|show|no-such-pack"));
        QVERIFY(absent.exitCode != 0);
        QVERIFY2(absent.err.contains("There is no built-in pack of this name"), absent.err);
    }
};

QTEST_GUILESS_MAIN(CliPacksTest)
#include "tst_clipacks.moc"
