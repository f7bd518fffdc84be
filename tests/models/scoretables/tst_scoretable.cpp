#include "models/scoretables/build/entrysort.h"
#include "tables.h"

#include <numeric>

using namespace countersign;
using namespace countersign::scoretables;
using tables::Row;

namespace {

std::string key(const Row &row, const std::string &window) { return window + "|" + row.a + "|" + row.b; }

/// Which rows a table may use, by hand.
bool isUsable(const Row &row) { return row.label >= 0 && std::isfinite(row.score) && row.weight > 0; }

std::string windowName(const Row &row)
{
    if (row.time.empty())
        return "(no time)";
    const std::int64_t day = std::chrono::floor<std::chrono::days>(*parseTime(row.time)).time_since_epoch().count();
    return unitName(WindowUnit::Week, unitOfDay(WindowUnit::Week, day));
}

std::string nameOf(const Table &table, const Leaf &leaf)
{
    std::string name = leaf.hasTime ? unitName(table.unit(), leaf.unit) : "(no time)";
    for (std::size_t a = 0; a < leaf.codes.size(); ++a)
        name += "|" + table.attributes()[a].values[leaf.codes[a]];
    return name;
}

} // namespace

class ScoreTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sortsEveryDistribution_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("uniform") << 0;
        QTest::newRow("one value") << 1;
        QTest::newRow("two values") << 2;
        QTest::newRow("three decimals") << 3;
        QTest::newRow("geometric, as skewed as doubles are") << 4;
        QTest::newRow("the whole range of doubles") << 5;
        QTest::newRow("ascending") << 6;
        QTest::newRow("one far away") << 7;
        QTest::newRow("tiny differences") << 8;
    }
    void sortsEveryDistribution()
    {
        QFETCH(int, kind);
        SeededRandomness random(static_cast<std::uint64_t>(kind) + 1);
        for (const std::size_t size : {0U, 1U, 2U, 25U, 1000U, 200'000U}) {
            std::vector<Entry> entries(size);
            for (std::size_t i = 0; i < size; ++i) {
                const double u = random.unit();
                const std::array<double, 9> values{u, 0.5, u < 0.5 ? 0.25 : 0.75, std::round(u * 1000) / 1000, std::pow(2, -1000 * u),
                                                   (u - 0.5) * std::pow(10, 616 * random.unit() - 308), static_cast<double>(i),
                                                   i == 7 ? 1e300 : u, 1 + u * 1e-14};
                entries[i] = {values[static_cast<std::size_t>(kind)] + 0.0, static_cast<std::uint32_t>(random.next() % 5000)};
            }
            std::vector<Entry> expected = entries;
            std::ranges::stable_sort(expected, [](const Entry &a, const Entry &b) { return a.score != b.score ? a.score > b.score : a.code < b.code; });
            std::vector<Entry> scratch(size);
            sortEntries(std::span(entries), std::span(scratch));
            for (std::size_t i = 0; i < size; ++i)
                QVERIFY(entries[i].score == expected[i].score && entries[i].code == expected[i].code);
        }
    }

    void everyUsableRowIsInItsLeaf()
    {
        const auto rows = tables::randomRows(1, 20'000, 3);
        const auto table = tables::table(tables::csv(rows), tables::mapping(true), WindowUnit::Week);
        QVERIFY(table.ok());
        std::map<std::string, std::array<double, 2>> expected;
        std::map<std::string, std::uint64_t> leftOut;
        std::size_t usable = 0;
        for (const Row &row : rows) {
            const std::string name = key(row, windowName(row));
            if (isUsable(row)) {
                expected[name][static_cast<std::size_t>(row.label)] += row.weight;
                ++usable;
            } else {
                ++leftOut[name];
            }
        }
        QCOMPARE(table->size(), usable);
        QVERIFY(std::ranges::is_sorted(table->scores(), std::greater<>()));
        std::size_t leaves = 0;
        for (std::size_t i = 0; i < table->leaves().size(); ++i) {
            const std::string name = nameOf(*table, table->leaves()[i]);
            const auto found = expected.find(name);
            QVERIFY(tables::isNear(table->sums()[i].negatives, found == expected.end() ? 0 : found->second[0], 1e-12));
            QVERIFY(tables::isNear(table->sums()[i].positives, found == expected.end() ? 0 : found->second[1], 1e-12));
            QCOMPARE(table->sums()[i].leftOut.total(), leftOut[name]);
            ++leaves;
        }
        std::set<std::string> names;
        for (const Row &row : rows)
            names.insert(key(row, windowName(row)));
        QCOMPARE(leaves, names.size());
    }

    void equalScoresAreCountedOnce()
    {
        SeededRandomness random(9);
        for (int i = 0; i < 200; ++i) {
            const double score = random.unit();
            const double next = std::nextafter(score, 2); // as near as two scores can be
            for (const auto &scores : {std::vector{score}, std::vector{score, score, score}, std::vector{next, score}, std::vector{score, next, next}}) {
                std::vector<Row> rows;
                for (const double own : scores)
                    rows.push_back({1, own, "x", "p", "2025-01-01", 1});
                for (const bool isWeighted : {false, true}) {
                    const auto table = tables::table(tables::csv(rows), tables::mapping(isWeighted));
                    QVERIFY(table.ok());
                    QCOMPARE(table->sums()[0].rows, rows.size());
                    QCOMPARE(table->sums()[0].losses.rows, rows.size());
                }
            }
        }
    }

    void leftOutRowsSayWhy()
    {
        const auto table = tables::table("y,s,a,b,t,w\n1,0.5,x,p,,1\n,0.5,x,p,,1\n1,,x,p,,1\n1,nan,x,p,,1\n1,-inf,x,p,,1\n1,0.5,x,p,,0\n",
                                         tables::mapping(true));
        QVERIFY(table.ok());
        QCOMPARE(table->leaves().size(), std::size_t(1));
        QVERIFY((table->sums()[0].leftOut == LeftOut{1, 2, 1, 0, 1}));
        QCOMPARE(table->sums()[0].rows, 1U);
    }

    void countsAtAnyThresholdAreThoseOfTheRows_data()
    {
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<int>("decimals");
        QTest::newRow("many ties") << false << 2;
        QTest::newRow("few ties") << false << 12;
        QTest::newRow("weighted") << true << 3;
    }
    void countsAtAnyThresholdAreThoseOfTheRows()
    {
        QFETCH(bool, isWeighted);
        QFETCH(int, decimals);
        const auto rows = tables::randomRows(2, 30'000, decimals);
        const auto table = tables::table(tables::csv(rows), tables::mapping(isWeighted), WindowUnit::Month);
        QVERIFY(table.ok());
        SeededRandomness random(3);
        std::vector<double> thresholds{-1, 0, 0.25, 0.5, 1, 2};
        for (int i = 0; i < 30; ++i)
            thresholds.push_back(rows[random.next() % rows.size()].score);
        for (const double threshold : thresholds) {
            if (!std::isfinite(threshold))
                continue;
            metrics::Counts total;
            for (const auto &counts : table->countsAt(threshold))
                total += counts;
            metrics::Counts expected;
            for (const Row &row : rows)
                if (row.label >= 0 && std::isfinite(row.score) && (!isWeighted || row.weight > 0))
                    expected.add(row.label == 1, row.score >= threshold, isWeighted ? row.weight : 1);
            QVERIFY(total == expected); // weights are multiples of 1/4: sums are exact
        }
    }

    void zeroAndMinusZeroAreOneScore()
    {
        const auto table = tables::table("y,s,a,b,t,w\n1,-0,x,p,,1\n0,0,x,p,,1\n1,-0.0,x,p,,1\n", tables::mapping());
        QVERIFY(table.ok());
        for (const double score : table->scores())
            QVERIFY(!std::signbit(score));
        QCOMPARE(table->countsAt(0)[0].tp, 2.0);
    }

    void theTableDoesNotDependOnThreadsOrOrder()
    {
        auto rows = tables::randomRows(4, 50'000, 2);
        const auto first = tables::table(tables::csv(rows), tables::mapping(true), WindowUnit::Week, 1);
        QVERIFY(first.ok());
        SeededRandomness random(5);
        for (std::size_t i = rows.size() - 1; i > 0; --i)
            std::swap(rows[i], rows[random.next() % (i + 1)]);
        for (const unsigned threads : {1U, 2U, 5U}) {
            const auto other = tables::table(tables::csv(rows), tables::mapping(true), WindowUnit::Week, threads);
            QVERIFY(other.ok());
            QVERIFY(std::ranges::equal(first->scores(), other->scores()));
            QVERIFY(std::ranges::equal(first->codes(), other->codes()));
            QVERIFY(std::ranges::equal(first->weights(), other->weights()));
            QVERIFY(first->leaves() == other->leaves());
            for (std::size_t leaf = 0; leaf < first->sums().size(); ++leaf) {
                const LeafSums &a = first->sums()[leaf];
                const LeafSums &b = other->sums()[leaf];
                QVERIFY(a.losses.logLoss == b.losses.logLoss && a.losses.squaredError == b.losses.squaredError && a.bins == b.bins);
                QVERIFY(a.logged == b.logged && a.positives == b.positives && a.negatives == b.negatives);
            }
        }
    }

    void manyGroupsNeedNoDenseTable()
    {
        std::string text = "y,s,a,b,t,w\n";
        SeededRandomness random(6);
        std::map<std::string, int> expected;
        for (int i = 0; i < 30'000; ++i) {
            const std::string a = std::to_string(random.next() % 3000);
            const std::string b = std::to_string(random.next() % 3000);
            text += "1,0.5," + a + "," + b + ",,1\n";
            ++expected[a + "|" + b];
        }
        const auto table = tables::table(text, tables::mapping()); // 9 million possible leaves
        QVERIFY(table.ok());
        QCOMPARE(table->leaves().size(), expected.size());
        for (std::size_t i = 0; i < table->leaves().size(); ++i) {
            const Leaf &leaf = table->leaves()[i];
            QCOMPARE(table->sums()[i].rows, std::uint64_t(expected[table->attributes()[0].values[leaf.codes[0]] + "|" + table->attributes()[1].values[leaf.codes[1]]]));
        }
    }

    void timesFarApartAreNoTrouble()
    {
        const auto weeks = tables::table("y,s,a,b,t,w\n1,0.5,x,p,0001-01-01,1\n0,0.5,x,p,9999-12-31,1\n1,0.5,x,p,2025-01-01,1\n", tables::mapping(), WindowUnit::Week);
        QVERIFY(weeks.ok());
        QCOMPARE(weeks->leaves().size(), std::size_t(3));
        const auto hours = tables::table("y,s,a,b,t,w\n1,0.5,x,p,0001-01-01,1\n0,0.5,x,p,9999-12-31T23:59:59,1\n", tables::mapping(), WindowUnit::Hour);
        QVERIFY(hours.ok());
        QCOMPARE(unitName(WindowUnit::Hour, hours->leaves()[1].unit), std::string("9999-12-31T23"));
    }

    void aLogOfDecisionsNeedsNoScores()
    {
        predictions::Mapping mapping = tables::mapping();
        mapping.score.clear();
        mapping.prediction = "s";
        const auto table = tables::table("y,s,a,b,t,w\n1,1,x,p,,1\n1,0,x,p,,1\n0,1,x,p,,1\n0,0,x,p,,1\n0,0,x,p,,1\n0,,x,p,,1\n", mapping);
        QVERIFY(table.ok());
        QVERIFY(!table->hasScores());
        QVERIFY((table->sums()[0].logged == metrics::Counts::of(1, 1, 1, 2)));
        QCOMPARE(table->sums()[0].leftOut.noPrediction, 1U);
    }

    void cancellingLeavesNothing()
    {
        QTemporaryDir dir;
        auto log = predictions::readLog(tables::write(dir, tables::csv(tables::randomRows(7, 1000, 2))), tables::mapping());
        QVERIFY(log.ok());
        std::atomic<bool> cancel = true;
        Progress progress;
        progress.cancel = &cancel;
        const auto table = buildTable(*std::move(log), {WindowUnit::Week, 2, progress});
        QVERIFY(!table.ok());
        QCOMPARE(table.error().kind, ErrorKind::Cancelled);
    }
};

QTEST_APPLESS_MAIN(ScoreTableTest)
#include "tst_scoretable.moc"
