#include "models/scoretables/tablefile.h"
#include "tables.h"

#include <chrono>
#include <fstream>
#include <sys/stat.h>

using namespace countersign;
using namespace countersign::scoretables;
namespace fs = std::filesystem;

namespace {

std::string bytesOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const fs::path &path, const std::string &bytes)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
}

/// What a person can see of a table.
bool isSame(const Table &a, const Table &b)
{
    bool same = a.attributes() == b.attributes() && a.unit() == b.unit() && a.leaves() == b.leaves() && a.hasScores() == b.hasScores()
                && a.hasLabels() == b.hasLabels() && a.hasPredictions() == b.hasPredictions() && std::ranges::equal(a.scores(), b.scores())
                && std::ranges::equal(a.codes(), b.codes()) && std::ranges::equal(a.weights(), b.weights());
    for (const double threshold : {-1.0, 0.0, 0.31, 0.5, 0.99, 2.0})
        same = same && (!a.hasScores() || a.countsAt(threshold) == b.countsAt(threshold));
    for (std::size_t leaf = 0; same && leaf < a.leaves().size(); ++leaf)
        same = a.sums()[leaf].leftOut == b.sums()[leaf].leftOut && a.sums()[leaf].logged == b.sums()[leaf].logged
               && a.sums()[leaf].losses.logLoss == b.sums()[leaf].losses.logLoss && a.sums()[leaf].bins == b.sums()[leaf].bins;
    return same;
}

TableKey keyOf(int number, WindowUnit unit = WindowUnit::None)
{
    Digest digest;
    digest.bytes[0] = static_cast<std::uint8_t>(number);
    return {digest, digest, unit};
}

} // namespace

class TableFileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsLoadedIsWhatWasSaved_data()
    {
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<bool>("isPredicted");
        QTest::newRow("rows") << false << false;
        QTest::newRow("weights") << true << false;
        QTest::newRow("decisions of the log") << false << true;
    }
    void whatIsLoadedIsWhatWasSaved()
    {
        QFETCH(bool, isWeighted);
        QFETCH(bool, isPredicted);
        predictions::Mapping mapping = tables::mapping(isWeighted);
        if (isPredicted)
            mapping.prediction = "y";
        const auto table = tables::table(tables::csv(tables::randomRows(3, 3000, 9)), mapping, WindowUnit::Week);
        QVERIFY(table.ok());
        QTemporaryDir dir;
        const TableCache cache(fs::path(dir.path().toStdString()) / "tables");
        const TableKey key = TableKey::of(keyOf(1).log, mapping, WindowUnit::Week);
        QVERIFY(!cache.contains(key));
        QCOMPARE(cache.load(key).error().kind, ErrorKind::NotFound);
        QVERIFY(cache.save(key, *table).ok());
        QVERIFY(cache.contains(key));
        for (const unsigned threads : {1U, 2U}) {
            const auto loaded = cache.load(key, threads);
            QVERIFY2(loaded.ok(), loaded.ok() ? "" : loaded.error().text().c_str());
            QVERIFY(isSame(*table, *loaded));
        }
        QVERIFY(!cache.contains(TableKey::of(key.log, mapping, WindowUnit::Month)));
        mapping.attributes.pop_back();
        QVERIFY(!cache.contains(TableKey::of(key.log, mapping, WindowUnit::Week)));
    }

    void anEmptyTableSurvives()
    {
        const auto table = tables::table("y,s,a,b,t,w\n", tables::mapping());
        QVERIFY(table.ok());
        QTemporaryDir dir;
        const TableCache cache(fs::path(dir.path().toStdString()) / "tables");
        QVERIFY(cache.save(keyOf(1), *table).ok());
        const auto loaded = cache.load(keyOf(1));
        QVERIFY(loaded.ok());
        QCOMPARE(loaded->size(), std::size_t(0));
    }

    void everyFlippedByteIsFound()
    {
        const auto table = tables::table(tables::csv(tables::randomRows(5, 25, 2)), tables::mapping(true));
        QVERIFY(table.ok());
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "tables";
        const TableCache cache(folder);
        QVERIFY(cache.save(keyOf(1), *table).ok());
        const fs::path path = folder / keyOf(1).fileName();
        const std::string whole = bytesOf(path);
        QVERIFY(whole.size() > 500);
        for (std::size_t i = 0; i < whole.size(); ++i) {
            std::string changed = whole;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            put(path, changed);
            const auto loaded = cache.load(keyOf(1), 1);
            QVERIFY2(!loaded, std::to_string(i).c_str());
            QVERIFY(loaded.error().kind == ErrorKind::Tampered || loaded.error().kind == ErrorKind::Unsupported);
            QCOMPARE(fs::exists(path), loaded.error().kind == ErrorKind::Unsupported); // nobody trips over it twice
        }
        for (const std::size_t size : {std::size_t(0), std::size_t(10), std::size_t(27), whole.size() / 2, whole.size() - 1}) {
            put(path, whole.substr(0, size));
            QCOMPARE(cache.load(keyOf(1)).error().kind, ErrorKind::Tampered);
        }
        put(path, whole + "x");
        QCOMPARE(cache.load(keyOf(1)).error().kind, ErrorKind::Tampered);
        put(path, whole);
        QVERIFY(cache.load(keyOf(1)).ok());
    }

    void aTableThatNoLogHasIsRefused_data()
    {
        QTest::addColumn<std::function<void(TableParts &)>>("spoil");
        const auto row = [](const char *name, std::function<void(TableParts &)> spoil) { QTest::newRow(name) << std::move(spoil); };
        row("nothing wrong", [](TableParts &) {});
        row("a week before there was time", [](TableParts &parts) { parts.leaves[0].unit = -4'888'324'536'056'133'519; });
        row("a week after it", [](TableParts &parts) { parts.leaves[2].unit = 500'000; });
        row("no time, and a week", [](TableParts &parts) { parts.leaves[0] = {7, false, {0}}; });
        row("leaves not in order", [](TableParts &parts) { std::swap(parts.leaves[0], parts.leaves[1]); });
        row("a leaf twice", [](TableParts &parts) { parts.leaves[1] = parts.leaves[0]; });
        row("more rows left out than there are people", [](TableParts &parts) { parts.leftOut[1].noLabel = std::uint64_t(1) << 62; });
        row("scores that do not descend", [](TableParts &parts) { std::swap(parts.scores[0], parts.scores[3]); });
        row("equal scores not by leaf", [](TableParts &parts) { std::swap(parts.codes[1], parts.codes[2]); });
        row("equal rows not by weight", [](TableParts &parts) { std::swap(parts.weights[2], parts.weights[3]); });
        row("scores of a log without", [](TableParts &parts) { parts.hasScores = false; });
        row("an attribute without a value", [](TableParts &parts) {
            parts = {};
            parts.attributes = {{"a", {}}};
        });
    }
    void aTableThatNoLogHasIsRefused()
    {
        QFETCH(std::function<void(TableParts &)>, spoil);
        TableParts parts;
        parts.attributes = {{"a", {"", "F"}}};
        parts.unit = WindowUnit::Week;
        parts.leaves = {{2870, true, {0}}, {0, false, {1}}, {2870, true, {1}}};
        parts.leftOut.resize(3);
        parts.hasScores = parts.hasLabels = true;
        parts.scores = {0.75, 0.5, 0.5, 0.5};
        parts.codes = {codeOf(1, false, true), codeOf(0, false, false), codeOf(2, false, true), codeOf(2, false, true)};
        parts.weights = {1, 1, 0.5, 2};
        spoil(parts);
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "tables";
        const TableCache cache(folder);
        QVERIFY(cache.save(keyOf(1), Table(std::move(parts), 1)).ok());
        const auto loaded = cache.load(keyOf(1), 1);
        if (QByteArray(QTest::currentDataTag()) == "nothing wrong") {
            QVERIFY(loaded.ok());
            return;
        }
        QVERIFY(!loaded.ok());
        QCOMPARE(loaded.error().kind, ErrorKind::Tampered);
        QVERIFY(!fs::exists(folder / keyOf(1).fileName()));
    }

    void anotherVersionIsSaidAndLeftAlone()
    {
        const auto table = tables::table(tables::csv(tables::randomRows(5, 25, 2)), tables::mapping());
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "tables";
        const TableCache cache(folder);
        QVERIFY(cache.save(keyOf(1), *table).ok());
        std::string bytes = bytesOf(folder / keyOf(1).fileName());
        bytes[bytes.find('1')] = '2';
        put(folder / keyOf(1).fileName(), bytes);
        QCOMPARE(cache.load(keyOf(1)).error().kind, ErrorKind::Unsupported);
        QVERIFY(cache.contains(keyOf(1)));
    }

    void onlyItsOwnerCanRead()
    {
        const auto table = tables::table(tables::csv(tables::randomRows(5, 25, 2)), tables::mapping());
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "cache" / "tables";
        QVERIFY(TableCache(folder).save(keyOf(1), *table).ok());
        struct stat facts{};
        QCOMPARE(::stat(folder.c_str(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777U, 0700U);
        QCOMPARE(::stat((folder / keyOf(1).fileName()).c_str(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777U, 0600U);
        QCOMPARE(std::distance(fs::directory_iterator(folder), {}), 1); // nothing unfinished lies about
        fs::create_symlink(folder / keyOf(1).fileName(), folder / keyOf(2).fileName());
        QCOMPARE(TableCache(folder).load(keyOf(2)).error().kind, ErrorKind::Io); // a link is not followed
    }

    void theLeastUsedTablesMakeRoom()
    {
        const auto table = tables::table(tables::csv(tables::randomRows(5, 400, 9)), tables::mapping());
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "tables";
        QVERIFY(TableCache(folder).save(keyOf(1), *table).ok());
        const std::uint64_t size = fs::file_size(folder / keyOf(1).fileName());
        const TableCache cache(folder, 3 * size);
        QVERIFY(cache.save(keyOf(2), *table).ok());
        QVERIFY(cache.save(keyOf(3), *table).ok());
        const auto now = fs::file_time_type::clock::now();
        for (int i = 1; i <= 3; ++i)
            fs::last_write_time(folder / keyOf(i).fileName(), now - std::chrono::hours(10 - i));
        QVERIFY(cache.load(keyOf(1)).ok()); // used just now
        QVERIFY(cache.save(keyOf(4), *table).ok());
        QVERIFY(cache.contains(keyOf(1)));
        QVERIFY(!cache.contains(keyOf(2)));
        QVERIFY(cache.contains(keyOf(3)));
        QVERIFY(cache.contains(keyOf(4)));
        QCOMPARE(TableCache(folder, 100).save(keyOf(5), *table).error().kind, ErrorKind::Invalid);
        QVERIFY(cache.contains(keyOf(4)));
    }

    void aCancelledSaveLeavesNothing()
    {
        const auto table = tables::table(tables::csv(tables::randomRows(5, 400, 9)), tables::mapping());
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "tables";
        const std::atomic<bool> cancel = true;
        QCOMPARE(TableCache(folder).save(keyOf(1), *table, {{}, &cancel}).error().kind, ErrorKind::Cancelled);
        QVERIFY(fs::is_empty(folder));
        QVERIFY(TableCache(folder).save(keyOf(1), *table).ok());
        QCOMPARE(TableCache(folder).load(keyOf(1), 1, {{}, &cancel}).error().kind, ErrorKind::Cancelled);
        QVERIFY(TableCache(folder).contains(keyOf(1)));
    }

    /// Large enough for several blocks of both arrays; prints what a million rows take.
    void manyBlocksAreReadByBothCores()
    {
        TableParts parts;
        parts.attributes = {{"a", {"", "x", "y"}}};
        parts.leaves = {{0, true, {1}}, {0, true, {2}}};
        parts.leftOut.resize(2);
        parts.hasScores = parts.hasLabels = true;
        SeededRandomness random(1);
        for (std::size_t i = 0; i < 1'500'000; ++i) {
            parts.scores.push_back(1 - static_cast<double>(i) / 1'500'000.0);
            parts.codes.push_back(codeOf(random.next() % 2, false, random.unit() < parts.scores.back()));
        }
        const Table table(std::move(parts), 2);
        QTemporaryDir dir;
        const fs::path folder = fs::path(dir.path().toStdString()) / "tables";
        const TableCache cache(folder);
        QVERIFY(cache.save(keyOf(1), table).ok());
        const auto start = std::chrono::steady_clock::now();
        const auto loaded = cache.load(keyOf(1));
        qInfo("1.5 million rows in %.0f ms", std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        QVERIFY(loaded.ok());
        QVERIFY(isSame(table, *loaded));
        std::string bytes = bytesOf(folder / keyOf(1).fileName());
        bytes[bytes.size() - 500] = static_cast<char>(bytes[bytes.size() - 500] ^ 8); // in the last array's last block
        put(folder / keyOf(1).fileName(), bytes);
        QCOMPARE(cache.load(keyOf(1)).error().kind, ErrorKind::Tampered);
    }
};

QTEST_GUILESS_MAIN(TableFileTest)
#include "tst_tablefile.moc"
