#include "tests/journeys/cli/office.h"
#include "tests/models/cards/bomrules.h"
#include "tests/support/testdatabases.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// `card …` and `bom …`: in with a preview, out in the formats of others.
class CliCardsTest : public QObject
{
    Q_OBJECT

    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void inAndOut_data() { forEachBackend(); }
    void inAndOut()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Office office(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(office.init(), 0);
        office.write(QStringLiteral("metrics.csv"), kMetrics);
        COMPARE_EXIT(office.runSigning(QStringLiteral("import|metrics|%1").arg(office.path(QStringLiteral("metrics.csv")))), 0);
        const QString readme = office.write(QStringLiteral("README.md"), "---\nlicense: mit\ntags: [credit]\n---\n# Card \x1B[2J of a stranger\n");
        const auto preview = office.run(QStringLiteral("card|import|credit-pd/3.2|%1|--preview").arg(readme));
        COMPARE_EXIT(preview, 0);
        QVERIFY2(preview.out.contains("tag:card.licenses: nothing becomes “mit”") && !preview.out.contains('\x1B'), preview.out);
        COMPARE_EXIT(office.run(QStringLiteral("evidence|show|E-1")), 1); // it was a preview
        const auto imported = office.runSigning(QStringLiteral("card|import|credit-pd/3.2|%1|--for|bank/card|--json").arg(readme));
        COMPARE_EXIT(imported, 0);
        QCOMPARE(Desk::document(imported).textOr("evidence", {}), std::string("E-1"));
        const QString broken = office.write(QStringLiteral("broken.md"), "---\nlicense: mit\na: &x [1]\n---\n");
        const auto refused = office.runSigning(QStringLiteral("card|import|credit-pd/3.2|%1").arg(broken));
        COMPARE_EXIT(refused, 2);
        QVERIFY2(refused.err.contains("line 3"), refused.err);

        const QString card = office.path(QStringLiteral("card.md"));
        COMPARE_EXIT(office.run(QStringLiteral("card|export|credit-pd/3.2|-o|%1").arg(card)), 0);
        const QByteArray text = read(card);
        QVERIFY2(text.contains("license: \"mit\"") && text.contains("value: 0.693") && text.contains("| auc | everybody | 0.693 |"), text);
        COMPARE_EXIT(office.run(QStringLiteral("card|export|credit-pd/3.2|--format|xml|-o|%1").arg(card)), 2);
        const QString toolkit = office.path(QStringLiteral("card.json"));
        COMPARE_EXIT(office.run(QStringLiteral("card|export|credit-pd/3.2|--format|mct|-o|%1").arg(toolkit)), 0);
        QVERIFY(json::parse(read(toolkit).toStdString()).ok());

        const QString bom = office.path(QStringLiteral("bom.json"));
        const QString artifact = office.write(QStringLiteral("model.onnx"), "weights");
        COMPARE_EXIT(office.run(QStringLiteral("bom|export|credit-pd/3.2|--artifact|%1|-o|%2").arg(artifact, bom)), 0);
        const auto document = json::parse(read(bom).toStdString());
        QVERIFY(document.ok());
        QCOMPARE(bomFaults(*document), QStringList());
        const auto kept = office.runSigning(QStringLiteral("bom|import|credit-pd/3.2|%1").arg(bom));
        COMPARE_EXIT(kept, 0);
        QVERIFY2(kept.out.contains("machine-learning-model") && kept.out.contains("credit-pd"), kept.out);
        const auto shown = office.run(QStringLiteral("bom|show|E-2|--json"));
        COMPARE_EXIT(shown, 0);
        QCOMPARE(Desk::document(shown).textOr("specVersion", {}), std::string("1.6"));
        COMPARE_EXIT(office.run(QStringLiteral("bom|show|E-1")), 2); // a README
        COMPARE_EXIT(office.runSigning(QStringLiteral("bom|import|credit-pd/3.2|%1").arg(toolkit)), 2);
        COMPARE_EXIT(office.run(QStringLiteral("verify")), 0);
    }
};

QTEST_GUILESS_MAIN(CliCardsTest)
#include "tst_clicards.moc"
