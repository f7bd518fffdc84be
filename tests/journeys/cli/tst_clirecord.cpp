#include "tests/journeys/cli/desk.h"
#include "tests/support/testdatabases.h"

#include <QCryptographicHash>
#include <QDir>
#include <QRandomGenerator>
#include <QElapsedTimer>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// Four weeks of decisions on women and men.
QByteArray log(int rows, int shift = 0)
{
    QByteArray text = "when,paid,points,sex\n";
    for (int i = 0; i < rows; ++i) {
        const int points = (i * 37 + shift) % 100;
        text += QDate(2026, 1, 5).addDays(i % 28).toString(Qt::ISODate).toLatin1() + (points + (i * 13) % 50 > 75 ? ",yes,0." : ",no,0.") + QByteArray::number(points).rightJustified(2, '0')
                + (i % 3 ? ",F\n" : ",M\n");
    }
    return text;
}

const QString kOptions = QStringLiteral("|--label|paid|--positive|yes|--score|points|--group|sex|--time|when|--window|week|--bootstrap|50|--model|credit-pd|--version|3.2");

std::int64_t total(const Desk &desk, const QString &list)
{
    const auto count = Desk::document(desk.run(list + QStringLiteral("|--json"))).integer("total");
    return count ? *count : -1;
}

} // namespace

/// `metrics import`, `metrics recompute`, `metrics list` and `changes` as a pipeline would call them.
class CliRecordTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void figuresAreRecordedAndComputedAgain_data() { forEachBackend(); }
    void figuresAreRecordedAndComputedAgain()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        const QString file = desk.write(QStringLiteral("log.csv"), log(2000));
        const QString import = QStringLiteral("metrics|import|") + file + kOptions;
        const auto preview = desk.run(import + QStringLiteral("|--preview|--json"));
        COMPARE_EXIT(preview, 0);
        const auto promised = Desk::document(preview).integer("observations");
        QVERIFY(promised && *promised > 400);
        QCOMPARE(total(desk, QStringLiteral("list|models")), std::int64_t(0));

        const auto recorded = desk.run(import + QStringLiteral("|--note|weekly|--json"));
        COMPARE_EXIT(recorded, 0);
        const auto document = Desk::document(recorded);
        QCOMPARE(document.textOr("number", {}), std::string("I-1"));
        QCOMPARE(*document.integer("observations"), *promised);
        QCOMPARE(*document.integer("computed"), 1);
        QCOMPARE(Desk::document(desk.run(import + QStringLiteral("|--json"))).textOr("alreadyImported", {}), std::string("I-1"));

        const auto list = Desk::document(desk.run(QStringLiteral("metrics|list|--model|credit-pd|--version|3.2|--json")));
        QCOMPARE(*list.integer("total"), 1);
        const auto &row = list.find("items")->array()->front();
        QCOMPARE(*row.integer("rows"), 2000);
        QCOMPARE(*row.integer("windows"), 4);
        QCOMPARE(row.textOr("note", {}), std::string("weekly"));
        QVERIFY(*row.find("hasScores")->boolean());

        const auto equal = desk.run(QStringLiteral("metrics|recompute|I-1|--log|") + file + QStringLiteral("|--json"));
        COMPARE_EXIT(equal, 0);
        QVERIFY(*Desk::document(equal).find("equal")->boolean());
        const QString other = desk.write(QStringLiteral("other.csv"), log(2000, 1));
        const auto refused = desk.run(QStringLiteral("metrics|recompute|I-1|--log|") + other);
        COMPARE_EXIT(refused, 4);
        QVERIFY2(refused.err.contains("another file"), refused.err.constData());
        const auto differs = desk.run(QStringLiteral("metrics|recompute|I-1|--any-log|--record|--json|--log|") + other);
        COMPARE_EXIT(differs, 3);
        QVERIFY(!*Desk::document(differs).find("equal")->boolean() && !Desk::document(differs).find("first")->array()->empty());
        QVERIFY(Desk::document(differs).integer("entry"));
        QVERIFY(desk.run(QStringLiteral("list|events")).out.contains("again from another log"));
        COMPARE_EXIT(desk.run(QStringLiteral("metrics|recompute|I-9|--log|") + file), 1);
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|undo|I-1|--reason|try")), 0);
        QCOMPARE(total(desk, QStringLiteral("list|models")), std::int64_t(0));
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
    }

    void theTableIsKeptWhenAskedFor()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString cache = QString::fromStdString(Desk::document(desk.run(QStringLiteral("paths|--json"))).textOr("cache", {}));
        QVERIFY(cache.startsWith(folder.path()));
        const QDir tables(cache + QStringLiteral("/tables"));
        const QByteArray bytes = log(500);
        const QString import = QStringLiteral("metrics|import|") + desk.write(QStringLiteral("log.csv"), bytes) + kOptions;
        COMPARE_EXIT(desk.run(import + QStringLiteral("|--preview|--keep-table")), 0);
        QVERIFY(!tables.exists());
        const auto kept = desk.run(import + QStringLiteral("|--keep-table"));
        COMPARE_EXIT(kept, 0);
        QVERIFY2(kept.err.contains("is kept on this computer"), kept.err.constData());
        const QStringList files = tables.entryList(QDir::Files);
        QCOMPARE(files.size(), 1);
        QVERIFY(files.front().startsWith(QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex())) && files.front().endsWith(QLatin1String("-week")));
        QVERIFY((QFileInfo(tables.filePath(files.front())).permissions() & (QFile::ReadGroup | QFile::ReadOther)) == 0);
        // Rounded scores are not the exact table that is kept; the figures are recorded, with what they lack.
        const auto rounded = desk.run(QStringLiteral("metrics|import|") + desk.write(QStringLiteral("other.csv"), log(500, 3)) + kOptions + QStringLiteral("|--score-step|0.25|--keep-table"));
        COMPARE_EXIT(rounded, 0);
        QVERIFY2(rounded.err.contains("was not kept") && rounded.err.contains("Note: Scores were rounded"), rounded.err.constData());
        QCOMPARE(tables.entryList(QDir::Files).size(), 1);
        QCOMPARE(total(desk, QStringLiteral("list|imports")), std::int64_t(2));
        const auto equal = desk.run(QStringLiteral("metrics|recompute|I-2|--json|--log|") + desk.path(QStringLiteral("other.csv")));
        COMPARE_EXIT(equal, 0);
    }

    void changesAreListedAndShown()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString file = desk.write(QStringLiteral("log.csv"), log(1000));
        COMPARE_EXIT(desk.run(QStringLiteral("metrics|import|") + file + kOptions), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("changes|list|--model|credit-pd")), 0);
        const auto proposed = desk.run(QStringLiteral("metrics|whatif|") + file
                                       + QStringLiteral("|--label|paid|--positive|yes|--score|points|--group|sex|--threshold|0.6|--propose|--model|credit-pd|--version|3.2|"
                                                        "--reason|Fewer offers.|--basis|I-1|--accept-legal-note"));
        COMPARE_EXIT(proposed, 0);
        const auto list = Desk::document(desk.run(QStringLiteral("changes|list|--model|credit-pd|--json")));
        QCOMPARE(*list.integer("total"), 1);
        const std::string id = list.find("items")->array()->front().textOr("id", {});
        const QString beginning = QString::fromStdString(id).left(12);
        const auto shown = Desk::document(desk.run(QStringLiteral("changes|show|") + beginning + QStringLiteral("|--json")));
        QCOMPARE(shown.textOr("id", {}), id);
        QCOMPARE(shown.textOr("reason", {}), std::string("Fewer offers."));
        QVERIFY(shown.find("figures") && shown.find("figures")->object());
        COMPARE_EXIT(desk.run(QStringLiteral("changes|withdraw|") + beginning + QStringLiteral("|--reason|Not now.")), 0);
        QVERIFY(desk.run(QStringLiteral("changes|show|") + beginning).out.contains("Not now."));
        COMPARE_EXIT(desk.run(QStringLiteral("changes|show|c:none")), 1);
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
    }

    void mistakesAreUsageErrors()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString file = desk.write(QStringLiteral("log.csv"), log(100));
        const QString import = QStringLiteral("metrics|import|") + file + kOptions;
        COMPARE_EXIT(desk.run(QStringLiteral("metrics|import|") + file), 2); // whose?
        COMPARE_EXIT(desk.run(import + QStringLiteral("|--series-depth|9")), 2);
        COMPARE_EXIT(desk.run(import + QStringLiteral("|--period|2026-02-01|2026-01-01")), 2);
        COMPARE_EXIT(desk.run(import + QStringLiteral("|--level|2")), 2);
        COMPARE_EXIT(desk.run(QStringLiteral("metrics|list|--model|nobody")), 1);
        QCOMPARE(total(desk, QStringLiteral("list|imports")), std::int64_t(0));
    }

    /// kill -9 at random instants: the set is there with all its values, or nothing of it is.
    void aKilledRecordingIsAllOrNothing_data() { forEachBackend(); }
    void aKilledRecordingIsAllOrNothing()
    {
        QFETCH(QString, backend);
        constexpr int kKills = 8;
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        QElapsedTimer timer;
        timer.start();
        COMPARE_EXIT(desk.run(QStringLiteral("metrics|import|") + desk.write(QStringLiteral("0.csv"), log(2000)) + kOptions), 0);
        const auto whole = static_cast<quint32>(timer.nsecsElapsed() / 1000);
        std::int64_t sets = 1;
        for (int i = 1; i <= kKills; ++i) {
            const QString words = QStringLiteral("metrics|import|") + desk.write(QStringLiteral("%1.csv").arg(i), log(2000, i)) + kOptions;
            const auto instant = whole / 2 + QRandomGenerator::global()->bounded(whole / 2 + 1);
            desk.program(Desk::split(words)).runAndKillAfter(std::chrono::microseconds(instant));
            COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
            const auto now = total(desk, QStringLiteral("metrics|list|--model|credit-pd"));
            QVERIFY2(now == sets || now == sets + 1, qPrintable(QStringLiteral("killed after %1 µs: %2 sets").arg(instant).arg(now)));
            QCOMPARE(total(desk, QStringLiteral("list|imports")), now);
            sets = now;
        }
        COMPARE_EXIT(desk.run(QStringLiteral("metrics|import|") + desk.write(QStringLiteral("last.csv"), log(2000, 50)) + kOptions), 0); // and work goes on
    }
};

QTEST_GUILESS_MAIN(CliRecordTest)
#include "tst_clirecord.moc"
