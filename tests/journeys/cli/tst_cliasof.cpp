#include "tests/journeys/cli/desk.h"
#include "tests/support/testdatabases.h"

#include <QStandardPaths>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// What `asof` goes with, and a subject that is there from the first import on.
const QStringList kReading{QStringLiteral("list|models"),   QStringLiteral("list|versions"),  QStringLiteral("list|metrics|credit-pd/3.2"), QStringLiteral("list|metrics|credit-pd/3.2|--history"),
                           QStringLiteral("list|signoffs"), QStringLiteral("list|events"),    QStringLiteral("list|imports"),               QStringLiteral("list|reports"),
                           QStringLiteral("list|rules"),    QStringLiteral("rule|list|--all"), QStringLiteral("show|credit-pd/3.2"),         QStringLiteral("person|list"),
                           QStringLiteral("changes|list|--model|credit-pd")};

QByteArray run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return process.readAllStandardOutput();
}

} // namespace

/// `asof …`: what lists and pages say of a past state is what they said then.
class CliAsOfTest : public QObject
{
    Q_OBJECT

    struct Kept {
        QString size;
        QString time;
        QList<QByteArray> text;
        QList<QByteArray> documents;
    };

    static Kept keep(const Desk &desk)
    {
        Kept kept;
        const auto events = Desk::document(desk.run(QStringLiteral("list|events|--limit|1|--json")));
        kept.size = QString::number(events.integerOr("total", 0));
        if (const auto *items = events.find("items"); items && items->array() && !items->array()->empty())
            kept.time = QString::fromStdString((*items->array())[0].textOr("time", {}));
        for (const QString &words : kReading) {
            kept.text.append(desk.run(words).out);
            kept.documents.append(desk.run(words + QStringLiteral("|--json")).out);
        }
        return kept;
    }

private Q_SLOTS:
    void everyListOfThePastIsTheOneOfThen_data() { forEachBackend(); }
    void everyListOfThePastIsTheOneOfThen()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        QList<Kept> kept;
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        kept.append(keep(desk));
        COMPARE_EXIT(desk.runSigning(QStringLiteral("rule|add|--metric|auc|--at-least|0.7")), 0);
        kept.append(keep(desk));
        const auto frozen = desk.run(QStringLiteral("review|freeze|credit-pd/3.2"));
        COMPARE_EXIT(frozen, 0);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("sign|") + QString::fromUtf8(frozen.out).trimmed() + QStringLiteral("|--decision|approve")), 0);
        kept.append(keep(desk));
        COMPARE_EXIT(desk.run(QStringLiteral("set|credit-pd/3.2|--owner|Risk|--stage|inUse")), 0);
        kept.append(keep(desk));
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("n.csv"), "model,version,metric,window_start,window_end,value,n\n"
                                                                                                        "credit-pd,3.2,auc,2026-03-01,2026-04-01,0.55,4000\n")), 0);
        kept.append(keep(desk));
        COMPARE_EXIT(desk.run(QStringLiteral("import|undo|I-2|--reason|wrong")), 0);

        QVERIFY(kept.first().size != kept.last().size);
        for (const Kept &was : kept)
            for (qsizetype i = 0; i < kReading.size(); ++i) {
                const auto text = desk.run(QStringLiteral("asof|") + was.size + QLatin1Char('|') + kReading[i]);
                COMPARE_EXIT(text, 0);
                const QByteArray head = text.out.left(text.out.indexOf('\n') + 1);
                QVERIFY2(head.startsWith("As of " + was.time.toUtf8() + ": the first " + was.size.toUtf8() + " of "), head.constData());
                QVERIFY(head.contains(", root "));
                QCOMPARE(QString::fromUtf8(text.out.mid(head.size())), QString::fromUtf8(was.text[i]));
                const auto json = desk.run(QStringLiteral("asof|") + was.size + QLatin1Char('|') + kReading[i] + QStringLiteral("|--json"));
                COMPARE_EXIT(json, 0);
                const auto document = Desk::document(json);
                const auto *asOf = document.find("asOf");
                QVERIFY(asOf);
                QCOMPARE(QString::number(asOf->integerOr("size", 0)), was.size);
                QCOMPARE(QString::fromStdString(asOf->textOr("at", {})), was.time);
                // But for what it is of, the same document.
                json::Object rest;
                for (const auto &[key, value] : document.object()->members())
                    if (key != "asOf")
                        rest.set(key, value);
                const auto before = json::parse(BytesView(was.documents[i].constData(), static_cast<std::size_t>(was.documents[i].size())));
                QVERIFY(before);
                QVERIFY2(*json::canonical(json::Value(rest)) == *json::canonical(*before), (kReading[i].toUtf8() + json.out).constData());
            }
        // A moment stands for the entries up to it.
        const auto moment = desk.run(QStringLiteral("asof|") + kept[1].time + QStringLiteral("|show|credit-pd/3.2"));
        COMPARE_EXIT(moment, 0);
        QVERIFY2(moment.out.endsWith(kept[1].text[kReading.indexOf(QStringLiteral("show|credit-pd/3.2"))]), moment.out.constData());
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0); // and nothing was written
        // The same from the exported ledger, without the database.
        const QString file = desk.path(QStringLiteral("all.ledger"));
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|export|") + file), 0);
        const Desk elsewhere(folder, file);
        for (const Kept &was : kept)
            for (const QString &words : {QStringLiteral("list|versions"), QStringLiteral("show|credit-pd/3.2")}) {
                const auto text = elsewhere.run(QStringLiteral("asof|") + was.size + QLatin1Char('|') + words);
                COMPARE_EXIT(text, 0);
                QVERIFY2(text.out.endsWith(was.text[kReading.indexOf(words)]), text.out.constData());
            }
        COMPARE_EXIT(elsewhere.run(QStringLiteral("list|models")), 0); // the newest state
        COMPARE_EXIT(elsewhere.runSigning(QStringLiteral("set|credit-pd/3.2|--owner|X")), 4);
    }

    void whatIsNoPastIsSaid()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const auto says = [&](const QString &words, int exit, const QByteArray &sentence) {
            const auto result = desk.run(words);
            COMPARE_EXIT(result, exit);
            QVERIFY2(result.err.contains(sentence), result.err.constData());
            QVERIFY(result.out.isEmpty());
        };
        says(QStringLiteral("asof|0|list|models"), 1, "Before its first entry there was nothing.");
        says(QStringLiteral("asof|9999|list|models"), 1, "9999 is beyond its end.");
        says(QStringLiteral("asof|2001-01-01T00:00Z|list|models"), 1, "The record begins at ");
        says(QStringLiteral("asof|2999-01-01|list|models"), 2, "has not come yet");
        says(QStringLiteral("asof|2026-01-01T00:00|list|models"), 2, "does not say its zone");
        says(QStringLiteral("asof|yesterday|list|models"), 2, "neither a number of entries nor a time");
        says(QStringLiteral("asof|3"), 2, "Say what to show as of 3");
        says(QStringLiteral("asof"), 2, "TIME|SIZE is missing");
        says(QStringLiteral("asof|3|asof|4|list|models"), 2, "asof is said twice");
        // The past takes nothing.
        for (const char *words : {"set|credit-pd/3.2|--owner|X", "import|undo|I-1", "review|freeze|credit-pd/3.2", "checkpoint", "verify", "ledger|export|x.ledger", "person|add|X|--role|auditor"})
            says(QStringLiteral("asof|3|") + QString::fromLatin1(words), 2, "does not go with asof");
        const auto early = desk.run(QStringLiteral("asof|1|show|credit-pd")); // not there yet; the state that was looked at is named all the same
        COMPARE_EXIT(early, 1);
        QVERIFY2(early.err.contains("credit-pd"), early.err.constData());
        QVERIFY2(early.out.startsWith("As of ") && early.out.count('\n') == 1, early.out.constData());
        // A date says what it was taken for.
        const auto today = desk.run(QStringLiteral("asof|") + QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-dd")) + QStringLiteral("|list|models"));
        COMPARE_EXIT(today, 0);
        QVERIFY2(today.err.contains("is today: taken as now"), today.err.constData());
        const auto help = desk.run(QStringLiteral("asof|--help"));
        COMPARE_EXIT(help, 0);
        QVERIFY(help.out.contains("TIME|SIZE"));
    }

    void aReportOfThePastStandsByItself_data() { forEachBackend(); }
    void aReportOfThePastStandsByItself()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("rule|add|--metric|auc|--at-least|0.7")), 0);
        const auto then = keep(desk);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("rule|add|--metric|auc|--at-least|0.6")), 0);
        const auto before = keep(desk);
        const QString file = desk.path(QStringLiteral("past.pdf"));
        const auto made = desk.run(QStringLiteral("asof|") + then.size + QStringLiteral("|report|credit-pd/3.2|--output|") + file + QStringLiteral("|--json"));
        COMPARE_EXIT(made, 0);
        const auto document = Desk::document(made);
        const QByteArray root = QByteArray::fromStdString(document.find("asOf")->textOr("root", {})).mid(7);
        QCOMPARE(root.size(), 64);
        QCOMPARE(keep(desk).size, before.size); // not in the ledger
        const auto checked = Program(QStringLiteral("countersign-verify")).arguments({file}).run();
        COMPARE_EXIT(checked, 0);
        QVERIFY2(checked.out.contains(then.size.toUtf8()), checked.out.constData());
        QVERIFY(!QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty());
        const QByteArray first = run(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), QStringLiteral("-l"), QStringLiteral("1"), file, QStringLiteral("-")});
        QVERIFY2(first.contains("As of "), first.constData());
        QVERIFY2(first.contains(then.size.toUtf8() + " entries"), first.constData());
        QByteArray letters = first;
        letters.replace(' ', "").replace('\n', "");
        QVERIFY2(letters.contains(root), first.constData());
        // The same past gives the same facts, whatever came since.
        COMPARE_EXIT(desk.run(QStringLiteral("set|credit-pd/3.2|--owner|Risk")), 0);
        const QString again = desk.path(QStringLiteral("again.pdf"));
        const auto second = desk.run(QStringLiteral("asof|") + then.size + QStringLiteral("|report|credit-pd/3.2|--output|") + again + QStringLiteral("|--json"));
        COMPARE_EXIT(second, 0);
        QCOMPARE(Desk::document(second).textOr("facts", "a"), document.textOr("facts", "b"));
        // What is there is not overwritten.
        COMPARE_EXIT(desk.run(QStringLiteral("asof|") + then.size + QStringLiteral("|report|credit-pd/3.2|--output|") + again), 4);
    }
};

QTEST_GUILESS_MAIN(CliAsOfTest)
#include "tst_cliasof.moc"
