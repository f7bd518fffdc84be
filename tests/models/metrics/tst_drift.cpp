#include "naive.h"

#include "models/metrics/drift/numberreference.h"
#include "models/metrics/intervals/bootstrap.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace countersign;
using namespace countersign::metrics;

namespace {

std::vector<double> sampleOf(std::uint64_t seed, int size, double shift, int grid = 0)
{
    Random random(seed);
    std::vector<double> values;
    for (int i = 0; i < size; ++i) {
        const double value = random.uniform() + random.uniform() + shift;
        values.push_back(grid > 0 ? std::floor(value * grid) / grid : value);
    }
    return values;
}

std::vector<double> sorted(std::vector<double> values)
{
    sortSample(values);
    return values;
}

} // namespace

class DriftTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void psiByHand()
    {
        const std::vector<double> reference{60, 40};
        const std::vector<double> current{45, 55};
        QVERIFY(isNear(psi(reference, current).value, -0.15 * std::log(0.45 / 0.6) + 0.15 * std::log(0.55 / 0.4)));
        QCOMPARE(*psi(reference, current).at, 2.0);
        const std::vector<double> gone{100, 0};
        QVERIFY(isNear(psi(reference, gone).value, 0.4 * std::log(1 / 0.6) + (1e-4 - 0.4) * std::log(1e-4 / 0.4)));
        QVERIFY(isNear(psi(current, reference).value, psi(reference, current).value)); // symmetric without zeros
        const std::vector<double> scaled{600, 400};
        QVERIFY(isNear(psi(scaled, current).value, psi(reference, current).value));
    }

    void psiSaysWhenItIsBlind()
    {
        const std::vector<double> constant(50, 5.0);
        const BinEdges edges = referenceEdges(constant);
        QCOMPARE(edges.bins(), 1);
        const std::vector<double> other(40, 6.0);
        QCOMPARE(psi(countBins(edges, constant), countBins(edges, other)).reason, Reason::OneBin);
        QVERIFY(isNear(jensenShannonDivergence(countBins(edges, constant), countBins(edges, other)).value, 1)); // overflow has its own bin
        QCOMPARE(psi(countBins(edges, constant), countBins(edges, {})).reason, Reason::EmptySample);
        QCOMPARE(psi(countBins(referenceEdges({}), {}), countBins(referenceEdges({}), other)).reason, Reason::EmptySample);
    }

    void edgesAreTheReferencesQuantiles()
    {
        std::vector<double> values(101);
        for (int i = 0; i <= 100; ++i)
            values[static_cast<std::size_t>(i)] = i;
        const BinEdges edges = referenceEdges(values);
        QCOMPARE(edges.inner.size(), 9U);
        QVERIFY(isNear(edges.inner[0], 10) && isNear(edges.inner[8], 90) && !edges.isPerValue);
        QCOMPARE(quantile(values, 0.255), 25.5);
        QCOMPARE(edges.bin(9.999), 0);
        QCOMPARE(edges.bin(50), 5); // left-closed
        QCOMPARE(edges.bin(-1e9), 0);
        QCOMPARE(edges.bin(1e9), 9);
        // Half of the values the same: their quantiles merge.
        std::vector<double> heavy(values);
        heavy.insert(heavy.end(), 101, 40.0);
        QVERIFY(referenceEdges(sorted(heavy)).inner.size() < 9);
    }

    void fewValuesGetABinEach()
    {
        const BinEdges edges = referenceEdges(sorted({3, 1, 2, 1, 3, 3}));
        QVERIFY(edges.isPerValue);
        QCOMPARE(edges.inner, (std::vector<double>{2, 3}));
        const BinCounts counts = countBins(edges, std::vector<double>{1, 1, 2, 3, 9, 0});
        QCOMPARE(counts.counts, (std::vector<double>{3, 1, 2}));
        QCOMPARE(counts.under, 1.0);
        QCOMPARE(counts.over, 1.0);
        QVERIFY(!referenceEdges(sorted({3, 1, 2, 1, 3, 3}), 10, 2).isPerValue);
    }

    void countingManyWindowsEqualsCountingEach_data()
    {
        QTest::addColumn<int>("bins");
        QTest::newRow("few edges") << 10;
        QTest::newRow("many edges") << 100;
    }
    void countingManyWindowsEqualsCountingEach()
    {
        QFETCH(int, bins);
        const BinEdges edges = referenceEdges(sorted(sampleOf(1, 500, 0)), bins);
        auto values = sampleOf(2, 3000, 0.2);
        values[7] = std::nan("");
        values[8] = std::numeric_limits<double>::infinity();
        values[9] = -5;
        std::vector<std::int32_t> window;
        std::vector<std::vector<double>> parts(4);
        for (std::size_t i = 0; i < values.size(); ++i) {
            window.push_back(static_cast<std::int32_t>(i % 5) - 1);
            if (window.back() >= 0)
                parts[static_cast<std::size_t>(window.back())].push_back(values[i]);
        }
        const auto counted = countBins(edges, values, window, 4);
        BinCounts together(edges.bins());
        std::uint64_t missing = 0;
        for (std::size_t w = 0; w < 4; ++w) {
            QVERIFY(counted[w] == countBins(edges, parts[w]));
            for (std::size_t bin = 0; bin < counted[w].counts.size(); ++bin)
                QCOMPARE(counted[w].counts[bin], static_cast<double>(std::ranges::count_if(parts[w], [&](double v) {
                    return !std::isnan(v) && edges.bin(v) == static_cast<int>(bin);
                })));
            together.merge(counted[w]);
            missing += counted[w].missing;
        }
        QCOMPARE(missing, 1U);
        QCOMPARE(together.total(), static_cast<double>(together.rows));
        QCOMPARE(together.rows, 2399U);
    }

    void binnedDistancesAgreeWithTheirDefinition()
    {
        Random random(5);
        for (int bins = 2; bins < 12; ++bins) {
            std::vector<double> reference;
            std::vector<double> current;
            for (int bin = 0; bin < bins; ++bin) {
                reference.push_back(std::floor(random.uniform() * 20));
                current.push_back(std::floor(random.uniform() * 20));
            }
            reference.front() = current.back() = 0; // a share that is missing on one side
            reference.back() = current.front() = 3;
            QVERIFY(isNear(psi(reference, current).value, naive::psi(reference, current)));
            QVERIFY(isNear(jensenShannonDivergence(reference, current).value, naive::jensenShannon(reference, current), 1e-12, 1e-14));
            QVERIFY(isNear(jensenShannonDistance(reference, current).value, std::sqrt(naive::jensenShannon(reference, current)), 1e-12, 1e-14));
        }
    }

    void exactDistancesAgreeWithTheirDefinition()
    {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const auto reference = sorted(sampleOf(seed, 90, 0, seed % 2 ? 6 : 0));
            const auto current = sorted(sampleOf(seed + 100, 60, 0.1, seed % 2 ? 6 : 0));
            const auto ks = kolmogorovSmirnov(reference, current);
            QVERIFY(isNear(ks.statistic.value, naive::kolmogorovSmirnov(reference, current)));
            QVERIFY(isNear(wassersteinDistance(reference, current).value, naive::wasserstein(reference, current)));
            const auto turned = kolmogorovSmirnov(current, reference);
            QCOMPARE(turned.statistic.value, ks.statistic.value);
            QCOMPARE(turned.pValue.value, ks.pValue.value);
        }
    }

    void aReferenceForManySamplesGivesTheSameDistances_data()
    {
        QTest::addColumn<int>("reference");
        QTest::addColumn<int>("current");
        QTest::addColumn<int>("grid");
        QTest::addColumn<double>("shift");
        QTest::newRow("equal sizes") << 800 << 700 << 0 << 0.1;
        QTest::newRow("long reference") << 40'000 << 60 << 0 << 0.05;
        QTest::newRow("long reference, ties") << 40'000 << 500 << 300 << 0.02;
        QTest::newRow("long current") << 50 << 9'000 << 0 << 0.3;
        QTest::newRow("few values") << 5'000 << 400 << 5 << 0.0;
        QTest::newRow("apart") << 3'000 << 40 << 0 << 5.0;
        QTest::newRow("apart, the other way") << 3'000 << 40 << 0 << -5.0;
        QTest::newRow("far from zero") << 20'000 << 90 << 0 << 1.7e9;
        QTest::newRow("one value") << 2'000 << 1 << 0 << 0.2;
        QTest::newRow("one against one") << 1 << 1 << 0 << 0.2;
        QTest::newRow("equal sizes, ties") << 3'000 << 2'900 << 40 << 0.02;
        QTest::newRow("equal sizes, apart") << 500 << 600 << 0 << 5.0;
        QTest::newRow("a handful") << 3 << 5 << 2 << 0.0;
        QTest::newRow("a handful, apart") << 3 << 5 << 0 << -5.0;
    }
    void aReferenceForManySamplesGivesTheSameDistances()
    {
        QFETCH(int, reference);
        QFETCH(int, current);
        QFETCH(int, grid);
        QFETCH(double, shift);
        const double offset = shift > 1e6 ? shift : 0;
        for (std::uint64_t seed = 1; seed <= 8; ++seed) {
            const auto before = sorted(sampleOf(seed, reference, offset, grid));
            const auto now = sorted(sampleOf(seed + 50, current, offset > 0 ? offset + 0.125 : shift, grid));
            const auto distances = NumberReference(before).to(now);
            const auto ks = kolmogorovSmirnov(before, now);
            QCOMPARE(distances.ks.statistic, ks.statistic);
            QCOMPARE(distances.ks.pValue, ks.pValue);
            const Figure area = wassersteinDistance(before, now);
            QVERIFY2(isNear(distances.wasserstein.value, area.value, 1e-12, 1e-15),
                     qPrintable(QStringLiteral("%1 and %2").arg(distances.wasserstein.value, 0, 'g', 17).arg(area.value, 0, 'g', 17)));
            QCOMPARE(distances.wasserstein.n, area.n);
        }
    }

    void aReferenceIsNothingFromItself()
    {
        for (const int size : {1, 16, 17, 4'000}) {
            const auto values = sorted(sampleOf(5, size, 0, size > 100 ? 40 : 0));
            const auto distances = NumberReference(values).to(values);
            QCOMPARE(distances.ks.statistic.value, 0.0);
            QCOMPARE(distances.wasserstein.value, 0.0);
        }
        const std::vector<double> none;
        const std::vector<double> some{1, 2};
        QCOMPARE(NumberReference(none).to(some).ks.statistic.reason, Reason::EmptySample);
        QCOMPARE(NumberReference(some).to(none).wasserstein.reason, Reason::EmptySample);
    }

    void countingSortedValuesIsCounting()
    {
        for (const int grid : {0, 7, 40})
            for (std::uint64_t seed = 1; seed <= 10; ++seed) {
                const BinEdges edges = referenceEdges(sorted(sampleOf(seed, 500, 0, grid)));
                auto values = sampleOf(seed + 20, 300, -0.1, grid);
                values.insert(values.end(), edges.inner.begin(), edges.inner.end()); // ties at every edge
                values.insert(values.end(), {edges.lowest, edges.highest, edges.lowest - 1, edges.highest + 1});
                const auto counted = countBins(edges, values);
                QVERIFY(countSorted(edges, sorted(values)) == counted);
            }
        const std::vector<double> constant(30, 4.0);
        const BinEdges one = referenceEdges(constant);
        QVERIFY(countSorted(one, constant) == countBins(one, constant));
        QVERIFY(countSorted(one, {}) == countBins(one, {}));
    }

    void shiftAndScaleMoveWasserstein()
    {
        const auto reference = sorted(sampleOf(3, 400, 0));
        auto current = reference;
        for (double &value : current)
            value += 2.5;
        QVERIFY(isNear(wassersteinDistance(reference, current).value, 2.5, 1e-12));
        QCOMPARE(wassersteinDistance(reference, reference).value, 0.0);
        QCOMPARE(kolmogorovSmirnov(reference, reference).pValue.value, 1.0);
        QCOMPARE(kolmogorovSmirnov(reference, {}).statistic.reason, Reason::EmptySample);
        QCOMPARE(wassersteinDistance({}, reference).reason, Reason::EmptySample);
    }

    void pValuesAreUniformWithoutDrift()
    {
        int rejected = 0;
        for (std::uint64_t seed = 0; seed < 400; ++seed)
            rejected += kolmogorovSmirnov(sorted(sampleOf(2 * seed, 150, 0)), sorted(sampleOf(2 * seed + 1, 120, 0))).pValue.value < 0.1;
        QVERIFY2(rejected > 15 && rejected < 65, qPrintable(QString::number(rejected)));
    }

    void informationIsBetweenNothingAndOneBit()
    {
        const std::vector<double> a{5, 0};
        const std::vector<double> b{0, 7};
        QCOMPARE(jensenShannonDivergence(a, b).value, 1.0);
        QCOMPARE(jensenShannonDistance(a, b).value, 1.0);
        QCOMPARE(jensenShannonDivergence(a, a).value, 0.0);
        const std::vector<double> p{3, 1};
        const std::vector<double> q{1, 1};
        const auto entropy = [](double x) { return -x * std::log2(x) - (1 - x) * std::log2(1 - x); };
        QVERIFY(isNear(jensenShannonDivergence(p, q).value, entropy(0.625) - (entropy(0.75) + 1) / 2));
        QVERIFY(isNear(jensenShannonDistance(p, q).value, std::sqrt(jensenShannonDivergence(p, q).value)));
    }

    void outOfRangeIsSeenByJensenShannonOnBins()
    {
        const auto reference = sorted(sampleOf(5, 300, 0));
        const auto current = sorted(sampleOf(6, 300, 100));
        const BinEdges edges = referenceEdges(reference);
        QCOMPARE(jensenShannonDivergence(countBins(edges, reference), countBins(edges, current)).value, 1.0);
        QVERIFY(jensenShannonDivergence(countBins(edges, reference).counts, countBins(edges, current).counts).value < 0.9);
    }

    void chiSquareByHand()
    {
        const std::vector<double> reference{30, 70, 0};
        const std::vector<double> current{50, 50, 0};
        const ChiSquare test = chiSquare(reference, current);
        QVERIFY(isNear(test.statistic.value, 2 * (100.0 / 40 + 100.0 / 60)));
        QCOMPARE(test.degreesOfFreedom, 1); // the category nobody has is no category
        QVERIFY(isNear(test.pValue.value, std::erfc(std::sqrt(test.statistic.value / 2)), 1e-12));
        QVERIFY(isNear(test.cramersV.value, std::sqrt(test.statistic.value / 200)));
        QVERIFY(!test.isLowExpected && test.smallestExpected == 40);
        QVERIFY(chiSquare(std::vector<double>{3, 60}, std::vector<double>{4, 60}).isLowExpected);
        QCOMPARE(chiSquare(std::vector<double>{3}, std::vector<double>{4}).statistic.reason, Reason::OneCategory);
        QCOMPARE(chiSquare(std::vector<double>{3, 4}, std::vector<double>{0, 0}).pValue.reason, Reason::EmptySample);
    }

    void categoriesAreUnited()
    {
        const std::vector<CategoryCount> reference{{"a", 3}, {"b", 2}};
        const std::vector<CategoryCount> current{{"c", 2}, {"a", 2}, {"c", 1}};
        const auto aligned = alignCategories(reference, current);
        QCOMPARE(aligned.names, (std::vector<std::string>{"a", "b", "c"}));
        QCOMPARE(aligned.reference, (std::vector<double>{3, 2, 0}));
        QCOMPARE(aligned.current, (std::vector<double>{2, 0, 3}));
        QCOMPARE(aligned.appeared, 1);
        QCOMPARE(aligned.vanished, 1);
    }

    void missingValuesHaveTheirOwnFigure()
    {
        const MissingChange change = missingChange(10, 200, 40, 200);
        QVERIFY(isNear(change.change.value, 0.15));
        QCOMPARE(change.change.interval->method, IntervalMethod::Newcombe);
        const double pooled = 50.0 / 400;
        const double z = 0.15 / std::sqrt(pooled * (1 - pooled) * 2 / 200);
        QVERIFY(isNear(change.pValue.value, std::erfc(z / std::sqrt(2.0)), 1e-10));
        QCOMPARE(missingChange(0, 100, 0, 100).pValue.reason, Reason::OneCategory);
        QCOMPARE(missingChange(0, 100, 0, 100).change.value, 0.0);
        QCOMPARE(missingChange(0, 0, 1, 2).change.reason, Reason::EmptySample);
    }

    void sortingTellsApartWhatDiffersInTheLastBit()
    {
        Random random(5);
        std::vector<std::uint64_t> room;
        for (const double first : {1.0, -3.5, 1e-300, 1.7e9}) {
            std::vector<double> values;
            for (int i = 0; i < 3'000; ++i) { // neighbours, and some far away: the high bits say nothing about the neighbours
                double value = first;
                for (std::uint64_t steps = random.next() % 9; steps > 0; --steps)
                    value = std::nextafter(value, 1e300);
                values.push_back(i % 500 == 0 ? -value * 1e5 : value);
            }
            auto expected = values;
            std::ranges::sort(expected);
            sortNumbers(values, room);
            QCOMPARE(values, expected);
        }
        std::vector<double> constant(2'000, 0.25);
        sortNumbers(constant, room);
        QCOMPARE(constant, std::vector<double>(2'000, 0.25));
    }

    void sortingHandlesEverything()
    {
        Random random(12);
        const double infinity = std::numeric_limits<double>::infinity();
        for (const int size : {0, 1, 100, 511, 512, 5000}) {
            std::vector<double> values;
            for (int i = 0; i < size; ++i)
                values.push_back((random.uniform() - 0.5) * std::pow(10.0, static_cast<double>(random.next() % 40) - 20));
            values.insert(values.end(), {infinity, -infinity, 0.0, -0.0, std::nan(""), std::numeric_limits<double>::denorm_min()});
            auto expected = values;
            std::erase_if(expected, [](double v) { return std::isnan(v); });
            std::ranges::sort(expected);
            QCOMPARE(sortSample(values), 1U);
            QCOMPARE(values, expected);
            QVERIFY(std::ranges::none_of(values, [](double v) { return v == 0 && std::signbit(v); }));
        }
    }
};

QTEST_GUILESS_MAIN(DriftTest)
#include "tst_drift.moc"
