#include "tests/journeys/cli/desk.h"
#include "tests/support/postgresserver.h"
#include "tests/support/testdatabases.h"

#include <QUrl>
#include <QCryptographicHash>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

namespace {

/// Runs SQL behind the program's back.
bool changeRow(const QString &workspace, const QString &sql)
{
    if (!workspace.startsWith(QStringLiteral("postgresql:")))
        return QProcess::execute(QStringLiteral("sqlite3"), {workspace, sql}) == 0;
    const QString database = QUrl(workspace).path().mid(1);
    return PostgresServer::shared()->sql(database, QStringLiteral("SET search_path TO countersign; ") + sql);
}

} // namespace

class CliJourneyTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

private Q_SLOTS:
    void wholeJourney_data() { forEachBackend(); }
    void wholeJourney()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        const auto added = desk.runSigning(QStringLiteral("person|add|Bo Li|--role|approver|--new-passphrase-file|") + desk.path(QStringLiteral("pass")));
        COMPARE_EXIT(added, 0);
        QCOMPARE(added.out, QByteArray("bli\n"));
        const QString metrics = desk.write(QStringLiteral("m.csv"), kMetrics);
        const auto preview = desk.run(QStringLiteral("import|metrics|--preview|--json|") + metrics);
        COMPARE_EXIT(preview, 0);
        QCOMPARE(*Desk::document(preview).integer("observations"), std::int64_t(4));
        QVERIFY(desk.run(QStringLiteral("list|models")).out.isEmpty());
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + metrics), 0);

        const auto rule = desk.runSigning(QStringLiteral("rule|add|--metric|auc|--at-least|0.7"));
        COMPARE_EXIT(rule, 0);
        COMPARE_EXIT(desk.run(QStringLiteral("set|credit-pd/3.2|--tier|1|--owner|Risk|--stage|validation")), 0);
        QVERIFY(desk.run(QStringLiteral("show|credit-pd/3.2")).out.contains("Fails 1 of 1 limit: AUC .693 is below the limit of at least .700."));
        const auto frozen = desk.run(QStringLiteral("review|freeze|credit-pd/3.2"));
        COMPARE_EXIT(frozen, 0);
        const QString bundle = QString::fromUtf8(frozen.out).trimmed();
        const auto pages = desk.run(QStringLiteral("review|show|") + bundle.left(12));
        COMPARE_EXIT(pages, 0);
        QVERIFY(pages.out.contains("last 0.693") && pages.out.contains("Limits and verdicts"));
        COMPARE_EXIT(desk.runSigning(QStringLiteral("sign|%1|--decision|reject").arg(bundle)), 2); // no comment
        const auto signedBy = desk.runSigning(QStringLiteral("sign|%1|--decision|approve|--as|bli|--comment|seen|--json").arg(bundle));
        COMPARE_EXIT(signedBy, 0);
        QCOMPARE(Desk::document(signedBy).textOr("role", {}), std::string("approver"));
        QVERIFY(Desk::document(signedBy).textOr("sentence", {}).find("with 1 failed limit") != std::string::npos);
        QVERIFY(!(signedBy.out + signedBy.err).contains(Desk::kPassphrase));
        COMPARE_EXIT(desk.run(QStringLiteral("import|undo|I-1")), 4); // a signature rests on it

        // What stood on the terminal when it was signed is kept, and can be had again.
        const QString shown = desk.path(QStringLiteral("shown.txt"));
        const QString rendering = QStringLiteral("signoff|rendering|%1|-o|%2").arg(*Desk::document(signedBy).integer("entry")).arg(shown);
        const auto kept = desk.run(rendering + QStringLiteral("|--json"));
        COMPARE_EXIT(kept, 0);
        QFile file(shown);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.contains("last 0.693") && text.contains("Limits and verdicts"));
        for (const QByteArray &line : text.split('\n'))
            QVERIFY2(signedBy.err.contains(line), line.constData());
        QCOMPARE(Desk::document(kept).textOr("digest", {}), "sha256:" + QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().toStdString());
        QCOMPARE(Desk::document(kept).textOr("media", {}), std::string("text/plain; charset=utf-8"));
        COMPARE_EXIT(desk.run(rendering), 4); // the file is there
        COMPARE_EXIT(desk.run(rendering + QStringLiteral("|--force")), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("signoff|rendering|0|-o|") + desk.path(QStringLiteral("none.txt"))), 1);
        QVERIFY(!QFile::exists(desk.path(QStringLiteral("none.txt"))));

        COMPARE_EXIT(desk.runSigning(QStringLiteral("rule|change|%1|--at-least|0.65").arg(QString::fromUtf8(rule.out).trimmed())), 0);
        const auto moved = desk.runSigning(QStringLiteral("sign|%1|--decision|approve").arg(bundle));
        COMPARE_EXIT(moved, 1);
        QVERIFY(moved.err.contains("Changed since: "));
        QVERIFY(desk.run(QStringLiteral("list|signoffs|credit-pd")).out.contains("stale: "));

        const QString pdf = desk.path(QStringLiteral("report.pdf"));
        const auto report = desk.run(QStringLiteral("report|credit-pd/3.2|-o|%1|--json").arg(pdf));
        COMPARE_EXIT(report, 0);
        QCOMPARE(Desk::document(report).textOr("number", {}), std::string("R-0001"));
        COMPARE_EXIT(desk.run(QStringLiteral("report|credit-pd/3.2|-o|") + pdf), 4); // the file exists, and nothing is issued
        QCOMPARE(*Desk::document(desk.run(QStringLiteral("list|reports|--json"))).integer("total"), std::int64_t(1));
        const auto checked = Program(QStringLiteral("countersign-verify")).arguments({pdf}).run();
        COMPARE_EXIT(checked, 0);

        const auto note = desk.run(QStringLiteral("checkpoint"));
        COMPARE_EXIT(note, 0);
        const QString noted = desk.write(QStringLiteral("note"), note.out);
        COMPARE_EXIT(desk.run(QStringLiteral("set|credit-pd|--purpose|pricing")), 0);
        const auto intact = desk.run(QStringLiteral("verify|--json|--checkpoint|") + noted);
        COMPARE_EXIT(intact, 0);
        QVERIFY(*Desk::document(intact).find("intact")->boolean());

        QVERIFY(changeRow(desk.workspace(), QStringLiteral("UPDATE observation SET value = 0.99 WHERE value = 0.693;")));
        const auto tampered = desk.run(QStringLiteral("verify"));
        COMPARE_EXIT(tampered, 3);
        QVERIFY2(tampered.out.contains("Table observation, row ") && tampered.out.contains("value is 0.99 in the table; the ledger says 0.693"), tampered.out.constData());
        QVERIFY(tampered.out.contains("by Ana Ruiz"));
    }

    void aCheckpointOfAnotherLedgerIsNoticed()
    {
        const TemporaryFolder one, two;
        const Desk mine(one, one.filePath(QStringLiteral("w.countersign"))), other(two, two.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(mine.init(), 0);
        COMPARE_EXIT(other.init(), 0);
        const QString note = mine.write(QStringLiteral("note"), other.run(QStringLiteral("checkpoint")).out);
        const auto result = mine.run(QStringLiteral("verify|--checkpoint|") + note);
        COMPARE_EXIT(result, 3);
        QVERIFY(result.out.contains("of another ledger"));
    }

    void mlflowOfTheSharedData()
    {
        const QString packed = QStringLiteral(COUNTERSIGN_SHARED_DATA "/mlflow/mlflow-2.17.db.gz");
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString store = desk.path(QStringLiteral("mlflow.db"));
        if (QFile::exists(packed))
            QCOMPARE(QProcess::execute(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("gunzip -c \"$0\" > \"$1\""), packed, store}), 0);
        else
            makeFolderStore(store);
        const auto result = desk.run(QStringLiteral("import|mlflow|--json|") + store);
        COMPARE_EXIT(result, 0);
        const auto value = Desk::document(result);
        QVERIFY(*value.integer("models") > 0 && *value.integer("versions") > 0);
        const auto models = Desk::document(desk.run(QStringLiteral("list|models|--json")));
        QCOMPARE(*models.integer("total"), *value.integer("models"));
        const auto again = Desk::document(desk.run(QStringLiteral("import|mlflow|--json|") + store));
        QCOMPARE(*again.integer("observations"), std::int64_t(0));
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|mlflow|") + desk.path(QStringLiteral("absent"))), 4);
    }

    void anotherComputerIsEnrolledOnce()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString profile = QStringLiteral("|--profile|") + desk.path(QStringLiteral("laptop"));
        const QString import = QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics) + profile;
        const auto refused = desk.run(import);
        COMPARE_EXIT(refused, 4);
        QVERIFY(refused.err.contains("not enrolled") && refused.err.contains("--passphrase-file"));
        const auto enrolled = desk.runSigning(import);
        COMPARE_EXIT(enrolled, 0);
        QVERIFY(enrolled.err.contains("Enrolled this computer"));
        COMPARE_EXIT(desk.run(QStringLiteral("checkpoint") + profile), 0);
    }

    void severalProgramsImportAtOnce_data()
    {
        QTest::addColumn<QString>("backend");
        QTest::addColumn<int>("programs");
        QTest::newRow("SQLite") << QStringLiteral("SQLite") << 2;
        QTest::newRow("PostgreSQL") << QStringLiteral("PostgreSQL") << 4;
    }
    void severalProgramsImportAtOnce()
    {
        QFETCH(QString, backend);
        QFETCH(int, programs);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        std::vector<ProgramResult> results(static_cast<std::size_t>(programs));
        std::vector<std::unique_ptr<QThread>> threads;
        for (int i = 0; i < programs; ++i) {
            QByteArray text = "model,version,metric,value,window_end\n";
            for (int row = 0; row < 3000; ++row)
                text += "m" + QByteArray::number(i) + ",1,auc,0." + QByteArray::number(row + 1000) + ",2026-01-01T00:" + QByteArray::number(10 + row / 60 % 50) + ":" + QByteArray::number(10 + row % 50) + "\n";
            const QString file = desk.write(QStringLiteral("m%1.csv").arg(i), text);
            threads.emplace_back(QThread::create([&, i, file] { results[static_cast<std::size_t>(i)] = desk.run(QStringLiteral("import|metrics|") + file); }));
            threads.back()->start();
        }
        for (const auto &thread : threads)
            thread->wait();
        for (const auto &result : results)
            COMPARE_EXIT(result, 0);
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
        QCOMPARE(*Desk::document(desk.run(QStringLiteral("list|models|--json"))).integer("total"), std::int64_t(programs));
        QCOMPARE(*Desk::document(desk.run(QStringLiteral("list|imports|--json"))).integer("total"), std::int64_t(programs));
    }

    void aSecondComputerPreviewsUnaskedAndIsEnrolledOnce_data() { forEachBackend(); }
    void aSecondComputerPreviewsUnaskedAndIsEnrolledOnce()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder, elsewhere;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.runSigning(QStringLiteral("person|add|Bo Li|--role|approver|--new-passphrase-file|") + desk.path(QStringLiteral("pass"))), 0);
        const Desk other(elsewhere, desk.workspace());
        const QString metrics = other.write(QStringLiteral("m.csv"), kMetrics);
        const auto events = [&] { return *Desk::document(desk.run(QStringLiteral("list|events|--json"))).integer("total"); };
        const auto before = events();

        const auto preview = other.run(QStringLiteral("import|metrics|--preview|--no-input|--json|") + metrics);
        COMPARE_EXIT(preview, 0);
        QCOMPARE(*Desk::document(preview).integer("observations"), std::int64_t(4));
        QVERIFY(preview.err.isEmpty());
        makeFolderStore(other.path(QStringLiteral("mlruns")));
        const auto registry = other.run(QStringLiteral("import|mlflow|--preview|--no-input|--json|") + other.path(QStringLiteral("mlruns")));
        COMPARE_EXIT(registry, 0);
        QCOMPARE(*Desk::document(registry).integer("models"), std::int64_t(1));
        QCOMPARE(events(), before);
        QVERIFY(!QFileInfo::exists(other.path(QStringLiteral("home/.local/share/countersign/device.key")))); // no key was made for it

        const auto refused = other.run(QStringLiteral("import|metrics|--no-input|--as|bli|") + metrics);
        COMPARE_EXIT(refused, 4);
        QVERIFY2(refused.err.contains("not enrolled"), refused.err.constData());
        QCOMPARE(events(), before);
        const auto enrolled = other.runSigning(QStringLiteral("import|metrics|--as|bli|") + metrics);
        COMPARE_EXIT(enrolled, 0);
        QVERIFY2(enrolled.err.contains("Enrolled this computer"), enrolled.err.constData());
        COMPARE_EXIT(other.run(QStringLiteral("import|undo|I-1|--as|bli|--no-input")), 0); // known from now on
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
    }

    void aReportNeedsNoRuntimeFolderAndLeavesNone()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const QString temporary = desk.path(QStringLiteral("tmp"));
        QDir().mkpath(temporary);
        auto report = desk.program({QStringLiteral("report"), QStringLiteral("credit-pd/3.2"), QStringLiteral("-o"), desk.path(QStringLiteral("r.pdf"))});
        const auto issued = report.environment(QStringLiteral("XDG_RUNTIME_DIR"), QString()).environment(QStringLiteral("TMPDIR"), temporary).run();
        COMPARE_EXIT(issued, 0);
        QVERIFY2(!issued.err.contains("XDG_RUNTIME_DIR"), issued.err.constData());
        for (const QString &nowhere : {QString(), desk.path(QStringLiteral("tmp/"))}) { // before anything is issued
            COMPARE_EXIT(desk.program({QStringLiteral("report"), QStringLiteral("credit-pd/3.2"), QStringLiteral("-o"), nowhere}).run(), 2);
            QCOMPARE(*Desk::document(desk.run(QStringLiteral("list|reports|--json"))).integer("total"), std::int64_t(1));
        }
        QCOMPARE(QDir(temporary).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());
    }

private:
    /// A file store as MLflow writes it, for machines without the shared data.
    static void makeFolderStore(const QString &root)
    {
        const auto write = [&](const QString &name, const QByteArray &text) {
            QDir().mkpath(QFileInfo(root + name).path());
            QFile file(root + name);
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        };
        const QByteArray run(32, 'a');
        const QString folder = QStringLiteral("/0/%1/").arg(QString::fromLatin1(run));
        write(QStringLiteral("/0/meta.yaml"), "experiment_id: '0'\nname: Default\nlifecycle_stage: active\nartifact_location: file:///tmp\n");
        write(folder + QStringLiteral("meta.yaml"),
              "run_id: " + run + "\nrun_uuid: " + run + "\nexperiment_id: '0'\nrun_name: first\nstatus: 3\nlifecycle_stage: active\nstart_time: 1700000000000\nend_time: 1700000001000\nuser_id: u\nartifact_uri: file:///tmp\n");
        write(folder + QStringLiteral("metrics/auc"), "1700000000500 0.75 0\n");
        write(QStringLiteral("/models/credit/meta.yaml"), "name: credit\ncreation_timestamp: 1700000000000\nlast_updated_timestamp: 1700000000000\n");
        write(QStringLiteral("/models/credit/version-1/meta.yaml"),
              "name: credit\nversion: 1\nrun_id: " + run + "\nstatus: READY\ncurrent_stage: None\nsource: file:///tmp\ncreation_timestamp: 1700000000000\nlast_updated_timestamp: 1700000000000\n");
    }
};

QTEST_GUILESS_MAIN(CliJourneyTest)
#include "tst_clijourney.moc"
