#include "naive.h"

#include "models/metrics/drift/distributions.h"
#include "models/metrics/intervals/bootstrap.h"
#include "models/metrics/intervals/intervals.h"
#include "models/metrics/intervals/multiplicity.h"

#include <QtTest>

#include <cmath>

using namespace countersign;
using namespace countersign::metrics;

namespace {

bool holds(const Interval &interval, double lower, double upper, double within)
{
    return std::abs(interval.lower - lower) <= within && std::abs(interval.upper - upper) <= within;
}

} // namespace

class IntervalsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wilsonAsPublished()
    {
        // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
        QVERIFY(holds(wilson({81, 263}, 0.95), 0.2553, 0.3662, 5e-5));
        QVERIFY(holds(wilson({15, 148}, 0.95), 0.0624, 0.1605, 5e-5));
        QVERIFY(holds(wilson({0, 20}, 0.95), 0.0000, 0.1611, 5e-5));
        QVERIFY(holds(wilson({1, 29}, 0.95), 0.0061, 0.1718, 5e-5));
        QCOMPARE(wilson({0, 20}, 0.95).lower, 0.0);
        QCOMPARE(wilson({20, 20}, 0.95).upper, 1.0);
        QVERIFY(holds(wilson({0, 0}, 0.95), 0, 1, 0));
    }

    void differencesAsPublished_data()
    {
        // Newcombe 1998, Statistics in Medicine 17:873, table II: methods 6 (Miettinen-Nurminen) and 10.
        QTest::addColumn<QList<double>>("counts");
        QTest::addColumn<QList<double>>("score");
        QTest::addColumn<QList<double>>("hybrid");
        QTest::newRow("a") << QList<double>{56, 70, 48, 80} << QList<double>{0.0528, 0.3382} << QList<double>{0.0524, 0.3339};
        QTest::newRow("b") << QList<double>{9, 10, 3, 10} << QList<double>{0.1700, 0.8406} << QList<double>{0.1705, 0.8090};
        QTest::newRow("c") << QList<double>{6, 7, 2, 7} << QList<double>{0.0342, 0.8534} << QList<double>{0.0582, 0.8062};
        QTest::newRow("d") << QList<double>{5, 56, 0, 29} << QList<double>{-0.0326, 0.1933} << QList<double>{-0.0381, 0.1926};
        QTest::newRow("e") << QList<double>{0, 10, 0, 20} << QList<double>{-0.1658, 0.2844} << QList<double>{-0.1611, 0.2775};
        QTest::newRow("f") << QList<double>{0, 10, 0, 10} << QList<double>{-0.2879, 0.2879} << QList<double>{-0.2775, 0.2775};
        QTest::newRow("g") << QList<double>{10, 10, 0, 20} << QList<double>{0.7156, 1.0000} << QList<double>{0.6791, 1.0000};
        QTest::newRow("h") << QList<double>{10, 10, 0, 10} << QList<double>{0.6636, 1.0000} << QList<double>{0.6075, 1.0000};
    }
    void differencesAsPublished()
    {
        QFETCH(QList<double>, counts);
        QFETCH(QList<double>, score);
        QFETCH(QList<double>, hybrid);
        const Proportion first{counts[0], counts[1]};
        const Proportion second{counts[2], counts[3]};
        QVERIFY(holds(scoreDifference(first, second, 0.95), score[0], score[1], 5.1e-5));
        QVERIFY(holds(newcombe(first, second, 0.95), hybrid[0], hybrid[1], 5.1e-5));
        // Turned round, the limits turn round.
        QVERIFY(holds(scoreDifference(second, first, 0.95), -score[1], -score[0], 5.1e-5));
        QVERIFY(holds(newcombe(second, first, 0.95), -hybrid[1], -hybrid[0], 5.1e-5));
    }

    void ratiosTurnRoundWithTheirGroups()
    {
        for (const auto &[a, b] : {std::pair{Proportion{30, 100}, Proportion{50, 120}}, {Proportion{3, 10}, Proportion{9, 11}},
                                   {Proportion{500, 1000}, Proportion{1, 40}}}) {
            for (const auto method : {+[](Proportion x, Proportion y) { return katz(x, y, 0.9); },
                                      +[](Proportion x, Proportion y) { return scoreRatio(x, y, 0.9); }}) {
                const Interval one = method(a, b);
                const Interval two = method(b, a);
                QVERIFY(isNear(one.lower, 1 / two.upper, 1e-9) && isNear(one.upper, 1 / two.lower, 1e-9));
                const double ratio = (a.successes / a.size) / (b.successes / b.size);
                QVERIFY(one.lower < ratio && ratio < one.upper);
            }
        }
    }

    void ratiosWithoutSuccesses()
    {
        const Interval none = scoreRatio({0, 10}, {5, 10}, 0.95);
        QVERIFY(none.lower == 0 && none.upper > 0.6 && none.upper < 0.7);
        const Interval unbounded = scoreRatio({5, 10}, {0, 10}, 0.95);
        QVERIFY(unbounded.lower > 1.4 && std::isinf(unbounded.upper));
        const Interval nothing = scoreRatio({0, 10}, {0, 10}, 0.95);
        QVERIFY(nothing.lower == 0 && std::isinf(nothing.upper));
        QCOMPARE(katz({0, 10}, {5, 10}, 0.95).method, IntervalMethod::KatzAdjusted);
        const Interval full = katz({10, 10}, {12, 12}, 0.95);
        QCOMPARE(full.method, IntervalMethod::MiettinenNurminen);
        QVERIFY(full.lower < 0.9 && full.upper > 1.1);
    }

    void theyCoverAsOftenAsTheySay()
    {
        Random random(5);
        const int draws = 4000;
        int ofShare = 0;
        int ofDifference = 0;
        int ofRatio = 0;
        int ofScore = 0;
        for (int draw = 0; draw < draws; ++draw) {
            const Proportion first{static_cast<double>(binomial(random, 90, 0.3)), 90};
            const Proportion second{static_cast<double>(binomial(random, 60, 0.45)), 60};
            const auto inside = [](const Interval &interval, double truth) { return interval.lower <= truth && truth <= interval.upper; };
            ofShare += inside(wilson(first, 0.9), 0.3);
            ofDifference += inside(newcombe(first, second, 0.9), -0.15);
            ofRatio += inside(katz(first, second, 0.9), 0.3 / 0.45);
            ofScore += inside(scoreRatio(first, second, 0.9), 0.3 / 0.45);
        }
        for (const int held : {ofShare, ofDifference, ofRatio, ofScore})
            QVERIFY2(std::abs(held - 0.9 * draws) < 0.02 * draws, qPrintable(QString::number(held)));
    }

    void specialFunctionsHaveTheirDigits()
    {
        // Abramowitz and Stegun's tables and closed forms.
        QVERIFY(isNear(normalQuantile(0.975), 1.959963984540054, 1e-15));
        QVERIFY(isNear(normalQuantile(1e-10), -6.361340902404056, 1e-13));
        QVERIFY(isNear(normalCritical(0.99), 2.5758293035489004, 1e-14));
        for (const double p : {1e-300, 1e-20, 1e-5, 0.01, 0.3, 0.5, 0.9})
            QVERIFY(isNear(normalCdf(normalQuantile(p)), p, 1e-12));
        for (const double x : {0.1, 1.0, 5.0, 40.0}) {
            QVERIFY(isNear(chiSquareTail(x, 2), std::exp(-x / 2), 1e-13));
            QVERIFY(isNear(chiSquareTail(x, 1), std::erfc(std::sqrt(x / 2)), 1e-12));
            QVERIFY(isNear(chiSquareTail(x, 4), std::exp(-x / 2) * (1 + x / 2), 1e-13));
        }
        QCOMPARE(chiSquareTail(0, 3), 1.0);
        for (const double x : {0.05, 0.3, 0.8}) {
            QVERIFY(isNear(betaI(1, 3, x), 1 - std::pow(1 - x, 3), 1e-13));
            QVERIFY(isNear(betaI(2, 2, x), x * x * (3 - 2 * x), 1e-13));
            QVERIFY(isNear(betaI(7.5, 2.5, x), 1 - betaI(2.5, 7.5, 1 - x), 1e-12));
        }
        // Both forms of the Kolmogorov limit meet; 1.3581 is its 5 % point.
        QVERIFY(isNear(kolmogorovTail(1 - 1e-9), kolmogorovTail(1 + 1e-9), 1e-7));
        QVERIFY(isNear(kolmogorovTail(1.358099), 0.05, 1e-5));
        QCOMPARE(kolmogorovTail(0), 1.0);
    }

    void oneSampleTailAsPublished()
    {
        // Marsaglia, Tsang and Wang 2003: P(D_10 < 0.274) = 0.628479616545...; P(D_n <= d) has closed forms at its ends.
        QVERIFY(isNear(1 - kolmogorovSmirnovTail(0.274, 10), 0.6284796154565, 1e-12));
        QVERIFY(isNear(kolmogorovSmirnovTail(0.75, 1), 0.5, 1e-12));           // one value: 2 (1 − d)
        QVERIFY(isNear(kolmogorovSmirnovTail(0.9, 3), 2 * std::pow(0.1, 3), 1e-12)); // 2 (1 − d)^n from d = 1 − 1/n on
        QCOMPARE(kolmogorovSmirnovTail(0.05, 10), 1.0);
        QCOMPARE(kolmogorovSmirnovTail(1, 10), 0.0);
        // The regions meet: n = 140 is exact, n = 141 comes from the expansion; n d² = 2.2 and 4 change to the one-sided tail.
        for (const double x : {0.7, 1.0, 1.3})
            QVERIFY(isNear(kolmogorovSmirnovTail(x / std::sqrt(140.0), 140), kolmogorovSmirnovTail(x / std::sqrt(141.0), 141), 2e-3));
        QVERIFY(isNear(kolmogorovSmirnovTail(std::sqrt(2.1999 / 5000), 5000), kolmogorovSmirnovTail(std::sqrt(2.2001 / 5000), 5000), 2e-3));
        QVERIFY(isNear(kolmogorovSmirnovTail(1.0 / std::sqrt(1e8), 100000000), kolmogorovTail(1.0), 1e-4));
        for (const int n : {2047, 2048, 2500, 30'011}) // Smirnov's sum, term by term
            for (const double squared : {2.25, 4.0, 12.0, 80.0}) {
                const double d = std::sqrt(squared / n);
                long double sum = 0;
                for (int j = 0; j < n * (1 - d); ++j) {
                    const long double at = d + static_cast<long double>(j) / n;
                    sum += std::exp(std::lgamma(n + 1.0L) - std::lgamma(j + 1.0L) - std::lgamma(n - j + 1.0L) + (j - 1) * std::log(at) + (n - j) * std::log1p(-at));
                }
                QVERIFY(isNear(kolmogorovSmirnovTail(d, n), static_cast<double>(2 * d * sum), 1e-10));
            }
    }

    void falseDiscoveriesAreControlled()
    {
        // The example of Benjamini and Hochberg 1995, section 3.2: four are rejected at 5 %.
        const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
        const auto adjusted = benjaminiHochberg(p);
        QCOMPARE(std::ranges::count_if(adjusted, [](double q) { return q <= 0.05; }), 4);
        QVERIFY(isNear(adjusted[0], 0.0015) && isNear(adjusted[3], 0.0095 * 15 / 4) && adjusted[14] == 1);
        QVERIFY(std::ranges::is_sorted(adjusted));
        const std::vector<double> turned(p.rbegin(), p.rend());
        const auto other = benjaminiHochberg(turned);
        QVERIFY(std::equal(adjusted.begin(), adjusted.end(), other.rbegin()));
        QVERIFY(benjaminiHochberg({}).empty());
    }
};

QTEST_GUILESS_MAIN(IntervalsTest)
#include "tst_intervals.moc"
