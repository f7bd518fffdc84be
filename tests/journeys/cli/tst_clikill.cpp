#include "tests/journeys/cli/desk.h"
#include "tests/support/testdatabases.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QtTest>

#include <csignal>

using namespace countersign;
using namespace countersign::test;

namespace {

std::int64_t total(const Desk &desk, const QString &list)
{
    const auto count = Desk::document(desk.run(list + QStringLiteral("|--json"))).integer("total");
    return count ? *count : -1;
}

constexpr int kRows = 20'000;
constexpr int kKills = 8;

} // namespace

/// kill -9 at random instants: afterwards everything or nothing is there, and the trail is intact.
class CliKillTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKilledImportIsAllOrNothing_data() { forEachBackend(); }
    void aKilledImportIsAllOrNothing()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        QElapsedTimer timer;
        timer.start();
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + file(desk, 0)), 0);
        const auto whole = static_cast<quint32>(timer.nsecsElapsed() / 1000);
        auto *random = QRandomGenerator::global();
        std::int64_t models = 1;
        for (int i = 1; i <= kKills; ++i) {
            // Most instants fall into the later half, where the writing is.
            const auto instant = whole / 4 + random->bounded(whole);
            desk.program({QStringLiteral("import"), QStringLiteral("metrics"), file(desk, i)}).runAndKillAfter(std::chrono::microseconds(instant));
            const auto verified = desk.run(QStringLiteral("verify"));
            COMPARE_EXIT(verified, 0);
            const auto now = total(desk, QStringLiteral("list|models"));
            QVERIFY2(now == models || now == models + 1, qPrintable(QStringLiteral("killed after %1 µs: %2 models").arg(instant).arg(now)));
            if (now > models) {
                const QString model = QStringLiteral("m%1").arg(i);
                QCOMPARE(total(desk, QStringLiteral("list|metrics|%1|--history").arg(model)), std::int64_t(kRows));
            }
            models = now;
            QCOMPARE(total(desk, QStringLiteral("list|imports")), models);
        }
    }

    void aKilledSignatureIsWholeOrAbsent_data() { forEachBackend(); }
    void aKilledSignatureIsWholeOrAbsent()
    {
        QFETCH(QString, backend);
        const TemporaryFolder folder;
        const Desk desk(folder, QString::fromStdString(freshDatabase(backend, folder)));
        COMPARE_EXIT(desk.init(), 0);
        COMPARE_EXIT(desk.run(QStringLiteral("import|metrics|") + desk.write(QStringLiteral("m.csv"), kMetrics)), 0);
        const QString bundle = QString::fromUtf8(desk.run(QStringLiteral("review|freeze|credit-pd/3.2")).out).trimmed();
        const QStringList sign{QStringLiteral("sign"), bundle, QStringLiteral("--decision"), QStringLiteral("approve"), QStringLiteral("--passphrase-file"), desk.path(QStringLiteral("pass"))};
        QElapsedTimer timer;
        timer.start();
        COMPARE_EXIT(desk.program(sign).run(), 0);
        const auto whole = static_cast<quint32>(timer.nsecsElapsed() / 1000);
        std::int64_t signatures = 1;
        for (int i = 0; i < kKills; ++i) {
            // Unwrapping the key takes most of the time; what is written comes at the end.
            const auto instant = whole * 3 / 4 + QRandomGenerator::global()->bounded(whole / 4 + 1);
            desk.program(sign).runAndKillAfter(std::chrono::microseconds(instant));
            COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
            const auto now = total(desk, QStringLiteral("list|signoffs"));
            QVERIFY2(now == signatures || now == signatures + 1, qPrintable(QStringLiteral("killed after %1 µs: %2 signatures").arg(instant).arg(now)));
            signatures = now;
        }
        COMPARE_EXIT(desk.program(sign).run(), 0); // and work goes on
    }

    void ctrlCCancelsAndLeavesNothing()
    {
        const TemporaryFolder folder;
        const Desk desk(folder, folder.filePath(QStringLiteral("w.countersign")));
        COMPARE_EXIT(desk.init(), 0);
        const QString big = file(desk, 1, 400'000);
        QProcess process;
        process.setReadChannel(QProcess::StandardError);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("COUNTERSIGN_WORKSPACE"), desk.workspace());
        environment.insert(QStringLiteral("HOME"), desk.path(QStringLiteral("home")));
        for (const char *kind : {"config", "data", "state", "cache"})
            environment.insert(QStringLiteral("XDG_%1_HOME").arg(QString::fromLatin1(kind).toUpper()), desk.path(QStringLiteral("home/") + QString::fromLatin1(kind)));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(COUNTERSIGN_BIN_DIR "/countersign-cli"), {QStringLiteral("-v"), QStringLiteral("import"), QStringLiteral("metrics"), big});
        while (process.waitForReadyRead() && !process.readAllStandardError().contains("Working in")) { }
        QVERIFY(process.state() == QProcess::Running);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 4);
        QVERIFY(process.readAllStandardError().contains("ancelled"));
        QCOMPARE(total(desk, QStringLiteral("list|models")), std::int64_t(0));
        COMPARE_EXIT(desk.run(QStringLiteral("verify")), 0);
    }

private:
    static QString file(const Desk &desk, int number, int rows = kRows)
    {
        QByteArray text = "model,version,metric,value,window_end\n";
        const auto start = QDateTime(QDate(2020, 1, 1), QTime(0, 0), Qt::UTC);
        for (int row = 0; row < rows; ++row)
            text += "m" + QByteArray::number(number) + ",1,auc,0." + QByteArray::number(100'000 + row) + "," + start.addSecs(60 * row).toString(Qt::ISODate).toLatin1() + "\n";
        return desk.write(QStringLiteral("m%1.csv").arg(number), text);
    }
};

QTEST_GUILESS_MAIN(CliKillTest)
#include "tst_clikill.moc"
