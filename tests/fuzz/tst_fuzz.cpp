#include "models/base/random.h"
#include "tests/fuzz/targets.h"

#include <QtCore/QDir>
#include <QtTest/QtTest>

using namespace countersign;

// The fuzz targets with the ordinary build: the corpus as it is, and seeded mutations of it. A broken promise aborts the test.

namespace {

using Target = void (*)(const std::uint8_t *, std::size_t);

void throwAt(Target target, const QByteArray &bytes)
{
    target(reinterpret_cast<const std::uint8_t *>(bytes.constData()), static_cast<std::size_t>(bytes.size()));
}

/// One to four changes: a bit, a byte out of those that mean something, a piece left out, doubled or taken from another file.
QByteArray mutated(QByteArray bytes, const QByteArray &other, SeededRandomness &random)
{
    using namespace std::string_view_literals;
    static constexpr std::string_view kMeaning = "\0\"\\,;|\t\r\n{}[]:.-+eENn\xEF\xBB\xBF\xFF\xC3\x1F\x8B"sv;
    const auto below = [&random](qsizetype limit) { return limit > 0 ? static_cast<qsizetype>(random.next() % static_cast<std::uint64_t>(limit)) : 0; };
    for (auto changes = 1 + random.next() % 4; changes > 0; --changes) {
        const qsizetype at = below(bytes.size());
        const qsizetype length = 1 + below(std::min<qsizetype>(40, bytes.size() - at));
        switch (random.next() % 5) {
        case 0: if (!bytes.isEmpty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.next() % 8)); break;
        case 1: bytes.insert(at, kMeaning[random.next() % kMeaning.size()]); break;
        case 2: bytes.remove(at, length); break;
        case 3: bytes.insert(at, bytes.mid(at, length)); break;
        default: bytes.insert(at, other.mid(below(other.size()), length)); break;
        }
    }
    return bytes;
}

} // namespace

class FuzzTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void targetsKeepTheirPromises_data()
    {
        QTest::addColumn<QString>("corpus");
        QTest::addColumn<Target>("target");
        QTest::addColumn<int>("mutations");
        QTest::newRow("log reader") << QStringLiteral("logreader") << Target(fuzz::logReader) << 2000;
        QTest::newRow("mapping") << QStringLiteral("mapping") << Target(fuzz::mapping) << 20'000;
        QTest::newRow("computed set") << QStringLiteral("computedset") << Target(fuzz::computedSet) << 10'000;
        QTest::newRow("kept scores") << QStringLiteral("keptscores") << Target(fuzz::keptScores) << 10'000;
        QTest::newRow("kept rows") << QStringLiteral("keptrows") << Target(fuzz::keptRows) << 5000;
        QTest::newRow("tab separated") << QStringLiteral("tabseparated") << Target(fuzz::tabSeparated) << 10'000;
        QTest::newRow("pack file") << QStringLiteral("packfile") << Target(fuzz::packFile) << 20'000;
        QTest::newRow("model card") << QStringLiteral("modelcard") << Target(fuzz::modelCard) << 10'000;
        QTest::newRow("strict JSON") << QStringLiteral("strictjson") << Target(fuzz::strictJson) << 20'000;
        QTest::newRow("canonical form") << QStringLiteral("canonicalform") << Target(fuzz::canonicalForm) << 20'000;
        QTest::newRow("ledger entry") << QStringLiteral("ledgerentry") << Target(fuzz::ledgerEntry) << 20'000;
        QTest::newRow("checkpoint") << QStringLiteral("checkpoint") << Target(fuzz::checkpointNote) << 10'000;
        QTest::newRow("tree proof") << QStringLiteral("treeproof") << Target(fuzz::treeProof) << 10'000;
        QTest::newRow("key file") << QStringLiteral("keyfile") << Target(fuzz::keyFile) << 20'000;
        QTest::newRow("proof bundle") << QStringLiteral("bundle") << Target(fuzz::proofBundle) << 5000;
        QTest::newRow("ledger file") << QStringLiteral("ledgerfile") << Target(fuzz::ledgerFile) << 2000;
        QTest::newRow("PDF attachment") << QStringLiteral("attachment") << Target(fuzz::pdfAttachment) << 20'000;
    }
    void targetsKeepTheirPromises()
    {
        QFETCH(QString, corpus);
        QFETCH(Target, target);
        QFETCH(int, mutations);
        const QDir folder(QStringLiteral(COUNTERSIGN_FUZZ_CORPUS "/") + corpus);
        QList<QByteArray> seeds;
        for (const QString &name : folder.entryList(QDir::Files, QDir::Name)) {
            QFile file(folder.filePath(name));
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(name));
            seeds.append(file.readAll());
            throwAt(target, seeds.last());
        }
        QVERIFY(seeds.size() >= 8);
        SeededRandomness random(53);
        for (int i = 0; i < mutations; ++i)
            throwAt(target, mutated(seeds[i % seeds.size()], seeds[static_cast<qsizetype>(random.next() % static_cast<std::uint64_t>(seeds.size()))], random));
    }
};

QTEST_GUILESS_MAIN(FuzzTest)
#include "tst_fuzz.moc"
