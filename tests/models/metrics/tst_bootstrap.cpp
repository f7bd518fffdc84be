#include "naive.h"

#include "models/metrics/fairness/fairness.h"
#include "models/metrics/intervals/bootstrap.h"
#include "models/metrics/intervals/intervals.h"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace countersign;
using namespace countersign::metrics;

namespace {

/// xoshiro256++ as the paper states it, one line a step.
std::uint64_t plainXoshiro(std::array<std::uint64_t, 4> &s)
{
    const auto turned = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    const std::uint64_t result = turned(s[0] + s[3], 23) + s[0];
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turned(s[3], 45);
    return result;
}

double probability(std::int64_t k, std::int64_t n, double p)
{
    const auto x = static_cast<double>(k);
    const auto size = static_cast<double>(n);
    return std::exp(std::lgamma(size + 1) - std::lgamma(x + 1) - std::lgamma(size - x + 1) + x * std::log(p) + (size - x) * std::log1p(-p));
}

} // namespace

class BootstrapTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGeneratorIsThePublishedOne()
    {
        std::array<std::uint64_t, 4> small{1, 2, 3, 4};
        for (const std::uint64_t expected : {41943041ULL, 58720359ULL, 3588806011781223ULL, 3591011842654386ULL, 9228616714210784205ULL})
            QCOMPARE(plainXoshiro(small), static_cast<std::uint64_t>(expected));
        // Seed 0 through splitmix64, whose first outputs are published with it.
        std::array<std::uint64_t, 4> seeded{0xe220a8397b1dcdafU, 0x6e789e6aa1b965f4U, 0x06c45d188009454fU, 0xf88bb8a8724c81ecU};
        Random random(0);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(random.next(), plainXoshiro(seeded));
    }

    void uniformsFillTheOpenInterval()
    {
        Random random(9);
        double sum = 0;
        for (int i = 0; i < 100000; ++i) {
            const double u = random.uniform();
            QVERIFY(u > 0 && u < 1);
            sum += u;
        }
        QVERIFY(std::abs(sum / 100000 - 0.5) < 0.004);
    }

    void binomialsHaveTheirDistribution_data()
    {
        QTest::addColumn<qint64>("trials");
        QTest::addColumn<double>("chance");
        QTest::newRow("inversion") << qint64{40} << 0.1;
        QTest::newRow("inversion, upper") << qint64{40} << 0.93;
        QTest::newRow("rejection") << qint64{100} << 0.3;
        QTest::newRow("rejection at its start") << qint64{20} << 0.5;
        QTest::newRow("rejection, upper") << qint64{1000} << 0.8;
        QTest::newRow("one trial") << qint64{1} << 0.4;
    }
    void binomialsHaveTheirDistribution()
    {
        QFETCH(qint64, trials);
        QFETCH(double, chance);
        Random random(17);
        const int draws = 200000;
        std::vector<int> counts(static_cast<std::size_t>(trials) + 1);
        for (int i = 0; i < draws; ++i)
            ++counts[static_cast<std::size_t>(binomial(random, trials, chance))];
        double statistic = 0;
        int cells = 0;
        for (std::int64_t k = 0; k <= trials; ++k) {
            const double expected = draws * probability(k, trials, chance);
            if (expected < 10)
                continue;
            statistic += std::pow(counts[static_cast<std::size_t>(k)] - expected, 2) / expected;
            ++cells;
        }
        // Chi-square has mean df and standard deviation √(2 df); the seed is fixed, five of them is never chance.
        QVERIFY2(statistic < cells + 5 * std::sqrt(2.0 * cells), qPrintable(QStringLiteral("%1 of %2").arg(statistic).arg(cells)));
    }

    void largeBinomialsHaveTheirMoments()
    {
        Random random(18);
        const std::int64_t trials = 10'000'000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 20000; ++i) {
            const double distance = static_cast<double>(binomial(random, trials, 0.37)) - 3.7e6;
            sum += distance;
            squares += distance * distance;
        }
        const double deviation = std::sqrt(1e7 * 0.37 * 0.63);
        QVERIFY(std::abs(sum / 20000) < 5 * deviation / std::sqrt(20000.0));
        QVERIFY(std::abs(squares / 20000 / (deviation * deviation) - 1) < 0.05);
        QCOMPARE(binomial(random, 10, 0), 0);
        QCOMPARE(binomial(random, 10, 1), 10);
        QCOMPARE(binomial(random, 0, 0.5), 0);
    }

    void redrawsKeepTheSize()
    {
        Random random(19);
        const Counts cell = Counts::of(30, 20, 10, 140);
        Counts sum;
        for (int i = 0; i < 5000; ++i) {
            const Counts one = redraw(random, cell);
            QCOMPARE(one.total(), 200.0);
            sum += one;
        }
        QVERIFY(std::abs(sum.tp / 5000 - 30) < 0.4 && std::abs(sum.fn / 5000 - 10) < 0.25 && std::abs(sum.tn / 5000 - 140) < 0.5);
        const Counts none = redraw(random, {});
        QCOMPARE(none.total(), 0.0);
    }

    void theSameSeedGivesTheSameWhateverTheThreads()
    {
        std::vector<Counts> cells;
        for (int i = 0; i < 12; ++i)
            cells.push_back(Counts::of(20 + i, 10 + i, 15, 60 - i));
        std::vector<int> all(cells.size());
        std::iota(all.begin(), all.end(), 0);
        const std::vector<SpreadRequest> requests{{BinaryMetric::SelectionRate, {}, false, Spread::Difference, all},
                                                  {BinaryMetric::SelectionRate, {}, false, Spread::Ratio, {0, 5, 11}},
                                                  {BinaryMetric::Recall, BinaryMetric::FalsePositiveRate, false, Spread::Difference, all},
                                                  {BinaryMetric::Recall, BinaryMetric::FalsePositiveRate, true, Spread::Ratio, all}};
        const auto one = bootstrap(cells, requests, {1, 1000, 0.95, 1});
        const auto four = bootstrap(cells, requests, {1, 1000, 0.95, 4});
        QVERIFY(one == four);
        QVERIFY(!(one == bootstrap(cells, requests, {2, 1000, 0.95, 1})));
        // What a cell draws does not depend on which other cells are there.
        const std::vector<SpreadRequest> pair{{BinaryMetric::SelectionRate, {}, false, Spread::Difference, {0, 1}}};
        QVERIFY(bootstrap(std::span(cells).first(2), pair)[0] == bootstrap(cells, pair)[0]);
        for (const auto &interval : one) {
            QVERIFY(interval && interval->lower < interval->upper);
            QCOMPARE(interval->method, IntervalMethod::Bootstrap);
        }
    }

    void equalsResamplingRowsWithinGroups()
    {
        // The slow way: every group's rows drawn again with replacement; how far two groups' errors are apart at most, in standard
        // deviations of the pair; Newcombe's lower limit of the furthest pair at the quantile of that.
        const std::vector<Counts> cells{Counts::of(40, 20, 15, 125), Counts::of(30, 40, 20, 60), Counts::of(10, 5, 12, 53)};
        Random random(23);
        std::vector<double> largest;
        for (int draw = 0; draw < 4000; ++draw) {
            std::array<double, 3> errors{};
            std::array<double, 3> variances{};
            for (std::size_t c = 0; c < cells.size(); ++c) {
                int selected = 0;
                const int rows = static_cast<int>(cells[c].rows);
                for (int i = 0; i < rows; ++i)
                    selected += random.uniform() * rows < cells[c].selected();
                const double share = cells[c].selected() / rows;
                const double smoothed = (cells[c].selected() + 0.5) / (rows + 1);
                errors[c] = static_cast<double>(selected) / rows - share;
                variances[c] = smoothed * (1 - smoothed) / rows;
            }
            double most = 0;
            for (const auto &[i, j] : {std::pair(0U, 1U), std::pair(0U, 2U), std::pair(1U, 2U)})
                most = std::max(most, std::abs(errors[i] - errors[j]) / std::sqrt(variances[i] + variances[j]));
            largest.push_back(most);
        }
        std::ranges::sort(largest);
        const double critical = largest[3800];
        const auto interval = *bootstrap(cells, std::vector<SpreadRequest>{{BinaryMetric::SelectionRate, {}, false, Spread::Difference, {0, 1, 2}}},
                                         {3, 4000, 0.95, 2})[0];
        const Interval high = wilsonAt({70, 150}, critical); // 0.467, the highest; the lowest is 15 of 80
        const Interval low = wilsonAt({15, 80}, critical);
        const double difference = 70.0 / 150 - 15.0 / 80;
        QVERIFY(std::abs(interval.lower - (difference - std::hypot(70.0 / 150 - high.lower, low.upper - 15.0 / 80))) < 0.006);
        const Interval upper = newcombe({70, 150}, {15, 80}, 0.95);
        QVERIFY(std::abs(interval.upper - upper.upper) < 1e-12);
    }

    void theValueLiesInsideAndTheLevelHolds_data()
    {
        QTest::addColumn<QList<double>>("rates");
        QTest::addColumn<QList<int>>("sizes");
        QTest::addColumn<bool>("isRatio");
        QTest::newRow("two equal groups") << QList<double>{0.3, 0.3} << QList<int>{200, 80} << false;
        QTest::newRow("two different groups") << QList<double>{0.5, 0.3} << QList<int>{100, 60} << false;
        QTest::newRow("two that differ a little") << QList<double>{0.4, 0.36} << QList<int>{150, 150} << false;
        QTest::newRow("eight equal groups") << QList<double>(8, 0.4) << QList<int>{40, 50, 60, 70, 80, 90, 100, 400} << false;
        QTest::newRow("eight different groups") << QList<double>{0.1, 0.15, 0.2, 0.3, 0.3, 0.4, 0.45, 0.5} << QList<int>(8, 80) << false;
        QTest::newRow("five at the top, one below") << QList<double>{0.4, 0.4, 0.4, 0.4, 0.4, 0.2} << QList<int>(6, 90) << false;
        QTest::newRow("small and rare") << QList<double>{0.05, 0.1, 0.02} << QList<int>(3, 40) << false;
        QTest::newRow("seventy equal groups") << QList<double>(70, 0.3) << QList<int>(70, 60) << false;
        QTest::newRow("ratio, equal") << QList<double>(5, 0.4) << QList<int>(5, 100) << true;
        QTest::newRow("ratio, different") << QList<double>{0.5, 0.4, 0.25} << QList<int>{60, 100, 80} << true;
    }
    void theValueLiesInsideAndTheLevelHolds()
    {
        QFETCH(QList<double>, rates);
        QFETCH(QList<int>, sizes);
        QFETCH(bool, isRatio);
        const auto [low, high] = std::ranges::minmax(rates);
        const double truth = isRatio ? low / high : high - low;
        Random random(4711);
        std::vector<int> all(static_cast<std::size_t>(rates.size()));
        std::iota(all.begin(), all.end(), 0);
        const int trials = rates.size() > 20 ? 150 : 600;
        int covered = 0;
        for (int trial = 0; trial < trials; ++trial) {
            std::vector<Counts> cells;
            std::vector<double> values;
            for (int g = 0; g < rates.size(); ++g) {
                const auto selected = static_cast<double>(binomial(random, sizes[g], rates[g]));
                cells.push_back(Counts::of(selected, 0, 0, sizes[g] - selected));
                values.push_back(selected / sizes[g]);
            }
            const auto [least, most] = std::ranges::minmax(values);
            if (isRatio && most <= 0)
                continue;
            const double value = isRatio ? least / most : most - least;
            const auto interval = bootstrap(cells, std::vector<SpreadRequest>{{BinaryMetric::SelectionRate, {}, false, isRatio ? Spread::Ratio : Spread::Difference, all}},
                                            {static_cast<std::uint64_t>(trial), 300, 0.95, 1})[0];
            QVERIFY(interval);
            QVERIFY(interval->lower <= value && value <= interval->upper);
            covered += interval->lower <= truth && truth <= interval->upper;
        }
        const double share = static_cast<double>(covered) / trials;
        qInfo("coverage %.3f", share);
        // 600 trials of 95 % have a standard deviation of 0.9 %.
        QVERIFY2(share > 0.925, qPrintable(QString::number(share)));
    }

    void tooLittleToSay()
    {
        const std::vector<Counts> cells{Counts::of(5, 5, 5, 5), Counts::of(0, 0, 0, 9)};
        const std::vector<SpreadRequest> requests{{BinaryMetric::SelectionRate, {}, false, Spread::Difference, {0}},
                                                  {BinaryMetric::Recall, {}, false, Spread::Difference, {0, 1}},
                                                  {BinaryMetric::SelectionRate, {}, false, Spread::Ratio, {1, 1}}};
        for (const auto &interval : bootstrap(cells, requests))
            QVERIFY(!interval);
        QVERIFY(!bootstrap(cells, requests, {1, 0, 0.95, 1})[0]);
    }
};

QTEST_GUILESS_MAIN(BootstrapTest)
#include "tst_bootstrap.moc"
