#include "tests/journeys/cli/desk.h"
#include "tests/support/testdatabases.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

ProgramResult verify(const QStringList &arguments) { return Program(QStringLiteral("countersign-verify")).arguments(arguments).run(); }

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// `ledger …`: what leaves the workspace, checked by the program that knows neither the workspace nor a database.
class CliLedgerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWholeLedgerLeaves_data() { forEachBackend(); }
    void theWholeLedgerLeaves()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        const QString file = desk.path(QStringLiteral("whole.ledger"));
        const auto early = desk.run(QStringLiteral("ledger|checkpoint"));
        COMPARE_EXIT(early, 0);
        const QString kept = desk.write(QStringLiteral("kept.note"), early.out);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);

        const auto exported = desk.run(QStringLiteral("ledger|export|") + file + QStringLiteral("|--json"));
        COMPARE_EXIT(exported, 0);
        const auto document = Desk::document(exported);
        QCOMPARE(*document.integer("bytes"), std::int64_t(QFile(file).size()));
        const auto checked = verify({QStringLiteral("--json"), QStringLiteral("--checkpoint"), kept, QStringLiteral("--ledger"), QString::fromStdString(*document.text("ledger")), file});
        COMPARE_EXIT(checked, 0);
        const json::Value report = (*Desk::document(checked).find("files")->array())[0];
        QCOMPARE(*report.text("kind"), std::string("ledger"));
        QCOMPARE(*report.integer("size"), *document.integer("entries"));
        QCOMPARE(std::int64_t(report.find("verdicts")->array()->size()), *document.integer("entries"));
        QVERIFY(report.find("continues")->object());

        // Nothing that is there is overwritten, and what was begun and not finished is not there.
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|export|") + file), 4);
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|export|") + file + QStringLiteral("|--force")), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|export|/nowhere/whole.ledger")), 4);
        // A file without its end, or with one byte changed.
        const QByteArray bytes = contentOf(file);
        QCOMPARE(verify({desk.write(QStringLiteral("cut.ledger"), bytes.chopped(40))}).exitCode, 3);
        QByteArray changed = bytes;
        changed[bytes.indexOf("credit-pd")] = 'C';
        QCOMPARE(verify({desk.write(QStringLiteral("changed.ledger"), changed)}).exitCode, 3);
    }

    void anEntryIsProved_data() { forEachBackend(); }
    void anEntryIsProved()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const QString proof = desk.path(QStringLiteral("entry.countersign"));
        const QString output = QStringLiteral("|--output|") + proof;
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|prove|2") + output), 0);
        const auto checked = verify({proof});
        COMPARE_EXIT(checked, 0);
        QVERIFY2(checked.out.contains("ok Entry 2: "), checked.out.constData());
        // The same by the id of its event; a proof that is there is kept.
        const auto events = Desk::document(desk.run(QStringLiteral("list|events|--json")));
        QVERIFY(events.find("items") || events.find("events"));
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|prove|2") + output), 4);
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|prove|9999|--force") + output), 1);
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|prove|no-such-event|--force") + output), 1);
        QCOMPARE(verify({proof}).exitCode, 0);
    }

    void aContinuedHistoryIsProved_data() { forEachBackend(); }
    void aContinuedHistoryIsProved()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        const auto early = desk.run(QStringLiteral("ledger|checkpoint"));
        const QString kept = desk.write(QStringLiteral("kept.note"), early.out);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const QString proof = desk.path(QStringLiteral("continues.countersign"));
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|consistency|") + kept + QStringLiteral("|-o|") + proof), 0);
        const auto checked = verify({QStringLiteral("--checkpoint"), kept, proof});
        COMPARE_EXIT(checked, 0);
        QVERIFY2(checked.out.contains("The ledger continues the one of"), checked.out.constData());

        const QString other = desk.path(QStringLiteral("other.countersign"));
        QByteArray forged = early.out;
        const qsizetype root = forged.indexOf('\n', forged.indexOf('\n') + 1) + 1;
        forged[root] = forged[root] == 'A' ? 'B' : 'A';
        const auto denied = desk.run(QStringLiteral("ledger|consistency|") + desk.write(QStringLiteral("forged.note"), forged) + QStringLiteral("|-o|") + other);
        COMPARE_EXIT(denied, 3);
        QVERIFY2(denied.err.contains("another history"), denied.err.constData());
        QVERIFY(!QFile::exists(other));
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|consistency|/nowhere.note|-o|") + other), 4);
    }

    void aRollbackIsNoticedAndAcceptedWithAReason()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString backup = desk.path(QStringLiteral("backup"));
        QVERIFY(QFile::copy(desk.workspace(), backup));
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const auto good = desk.run(QStringLiteral("verify"));
        COMPARE_EXIT(good, 0);
        QVERIFY2(good.out.contains("Remembered") && good.out.contains("signed by this computer at "), good.out.constData());
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|accept|--reason|why not")), 2); // there is nothing to accept

        QVERIFY(QFile::remove(desk.workspace()) && QFile::copy(backup, desk.workspace()));
        const auto verified = desk.run(QStringLiteral("verify"));
        COMPARE_EXIT(verified, 3);
        QVERIFY2(verified.out.contains("older copy") && verified.out.contains("evidence"), verified.out.constData());
        const auto read = desk.run(QStringLiteral("list|events"));
        COMPARE_EXIT(read, 0);
        QVERIFY2(read.err.contains("only 2 entries"), read.err.constData());
        const auto past = desk.run(QStringLiteral("asof|2|list|models"));
        COMPARE_EXIT(past, 0);
        QVERIFY2(past.err.contains("only 2 entries"), past.err.constData());
        const auto refused = desk.run(QStringLiteral("checkpoint"));
        COMPARE_EXIT(refused, 3);
        QVERIFY2(refused.err.contains("ledger accept --reason"), refused.err.constData());
        const QDir evidence(QString::fromStdString(*Desk::document(desk.run(QStringLiteral("paths|--json"))).text("data")) + QStringLiteral("/evidence"));
        QCOMPARE(evidence.entryList({QStringLiteral("known-*"), QStringLiteral("found-*")}).size(), 2);
        // What was known is a checkpoint like any other: it leads an auditor to the same answer.
        const auto known = desk.run(QStringLiteral("verify|--json|--since|") + evidence.filePath(evidence.entryList({QStringLiteral("known-*")}).first()));
        COMPARE_EXIT(known, 3);
        const auto outside = *Desk::document(known).find("outsideCheckpoint");
        QVERIFY(!outside.text("problem")->empty());
        QCOMPARE(outside.find("publishers")->array()->size(), std::size_t(1));
        QCOMPARE(outside.find("cosigners")->array()->size(), std::size_t(1));

        COMPARE_EXIT(desk.run(QStringLiteral("ledger|accept|--reason| ")), 2);
        COMPARE_EXIT(desk.run(QStringLiteral("ledger|accept|--reason|the disk failed")), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
        const auto events = desk.run(QStringLiteral("list|events"));
        QVERIFY2(events.out.contains("the disk failed"), events.out.constData());
        COMPARE_EXIT(desk.run(QStringLiteral("checkpoint")), 0);
    }

    void whatAColleagueKeptIsComparedWhereverItStands_data() { forEachBackend(); }
    void whatAColleagueKeptIsComparedWhereverItStands()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const QString note = desk.write(QStringLiteral("kept.note"), desk.run(QStringLiteral("checkpoint")).out);
        const QString pdf = desk.path(QStringLiteral("report.pdf"));
        COMPARE_EXIT(desk.run(QStringLiteral("report|credit-pd/3.2|-o|") + pdf), 0);
        for (const QString &file : {note, pdf}) {
            const auto since = desk.run(QStringLiteral("verify|--since|") + file);
            COMPARE_EXIT(since, 0);
            QVERIFY2(since.out.contains("Signed by") && since.out.contains("Ana Ruiz, computer d:") && since.out.contains("co-signed by 0 of 2 persons"), since.out.constData());
        }
        COMPARE_EXIT(desk.run(QStringLiteral("verify|--since|") + desk.write(QStringLiteral("no"), "no note")), 2);
        COMPARE_EXIT(desk.run(QStringLiteral("verify|--since|/nowhere")), 4);
    }

    void colleaguesCosignAndReportsCarryIt_data() { forEachBackend(); }
    void colleaguesCosignAndReportsCarryIt()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const TemporaryFolder elsewhere;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        const Desk other(elsewhere, desk.workspace()); // a colleague's computer
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("person|add|Ben Ito|--role|validator|--login|bito|--new-passphrase-file|") + other.path(QStringLiteral("pass"))), 0);
        COMPARE_EXIT(other.run(QStringLiteral("ledger|cosign|--as|bito|--no-input")), 4); // not enrolled yet
        COMPARE_EXIT(other.runSigning(QStringLiteral("device|enroll|--as|bito")), 0);
        COMPARE_EXIT(other.run(QStringLiteral("ledger|cosign|--as|bito")), 1); // there is no checkpoint yet
        COMPARE_EXIT(desk.run(QStringLiteral("checkpoint")), 0);
        const auto cosigned = other.run(QStringLiteral("ledger|cosign|--as|bito"));
        COMPARE_EXIT(cosigned, 0);
        QVERIFY2(cosigned.err.contains("co-signed by 1 of 2 persons"), cosigned.err.constData());
        const auto since = desk.run(QStringLiteral("verify|--since|") + desk.write(QStringLiteral("cosigned.note"), cosigned.out));
        COMPARE_EXIT(since, 0);
        QVERIFY2(since.out.contains("Ben Ito, computer d:"), since.out.constData());

        // The report carries that checkpoint, the proof that its own ledger continues it, and prints both.
        const QString pdf = desk.path(QStringLiteral("report.pdf"));
        COMPARE_EXIT(desk.run(QStringLiteral("report|credit-pd/3.2|-o|") + pdf), 0);
        const auto checked = verify({QStringLiteral("--checkpoint"), desk.path(QStringLiteral("cosigned.note")), pdf});
        COMPARE_EXIT(checked, 0);
        QVERIFY2(checked.out.contains("The earlier checkpoint is co-signed at "), checked.out.constData());
        const auto printed = Program(QStringLiteral("/usr/bin/pdftotext")).arguments({QStringLiteral("-layout"), pdf, QStringLiteral("-")}).run();
        COMPARE_EXIT(printed, 0);
        for (const char *words : {"Checkpoint before", "co-signed by 1 of 2 persons: Ben Ito", "Origin", "What this proves", "What it does not prove"})
            QVERIFY2(printed.out.simplified().contains(words), words);
    }

    void aSignaturesReceiptIsCheckedAnywhere()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const auto frozen = desk.run(QStringLiteral("review|freeze|credit-pd/3.2"));
        COMPARE_EXIT(frozen, 0);
        const QString receipt = desk.path(QStringLiteral("receipt.countersign"));
        const QString sign = QStringLiteral("sign|") + QString::fromUtf8(frozen.out.trimmed()) + QStringLiteral("|--decision|approve|--receipt|") + receipt;
        COMPARE_EXIT(desk.runSigning(sign), 0);
        const auto checked = verify({receipt});
        COMPARE_EXIT(checked, 0);
        QVERIFY2(checked.out.contains("review.signoff by Ana Ruiz (validator)"), checked.out.constData());
        COMPARE_EXIT(desk.runSigning(sign), 4); // nothing that is there is overwritten, and nothing was signed
        COMPARE_EXIT(desk.run(QStringLiteral("pending|list")), 0);
        QVERIFY(desk.run(QStringLiteral("list|signoffs")).out.count("Ana Ruiz") == 1);
    }

    void textsAndJsonAreChecked()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("none")));
        const auto check = [&](const char *command, const QByteArray &bytes, const QString &option = {}) {
            return desk.run(QLatin1String(command) + QLatin1Char('|') + desk.write(QStringLiteral("file"), bytes) + option).exitCode;
        };
        QCOMPARE(check("json-check", "{\"b\": 1.5, \"a\": [null]}\n"), 0);
        for (const char *bad : {"{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "[1,]", "[01]", "{} x", "\"\\ud800\"", ""})
            QCOMPARE(check("json-check", bad), 1);
        QCOMPARE(check("json-check", QByteArray(100, '[') + QByteArray(100, ']')), 1);
        const QString restricted = QStringLiteral("|--restricted");
        QCOMPARE(check("json-check", "{\"a\":1}", restricted), 0);
        for (const char *bad : {"{\"a\":1}\n", "{\"a\":1.0}", "{\"b\":1,\"a\":1}", "{\"a\":-0}"})
            QCOMPARE(check("json-check", bad, restricted), 1);
        QCOMPARE(check("text-check", "Zoë Größe\nsecond line\n"), 0);
        for (const char *bad : {"a\u202eb", "Zoe\u0308", "a\tb", "zero\u200bwidth", "\xff"})
            QCOMPARE(check("text-check", bad), 1);
        const auto said = desk.run(QStringLiteral("text-check|") + desk.write(QStringLiteral("file"), "good\nb\u202ead\n"));
        QVERIFY2(said.out.startsWith("line 2: ") && !said.out.contains("\u202e"), said.out.constData());
    }
};

QTEST_GUILESS_MAIN(CliLedgerTest)
#include "tst_cliledger.moc"
