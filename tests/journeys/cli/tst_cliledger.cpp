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
