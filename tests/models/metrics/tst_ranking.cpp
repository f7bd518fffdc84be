#include "naive.h"

#include "models/metrics/intervals/bootstrap.h"

#include <QtTest>

#include <cmath>

using namespace countersign;
using namespace countersign::metrics;

class RankingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workedByHand()
    {
        // 0.9+ 0.8− 0.8+ 0.4− : pairs 4, won 1 + 1 + 0.5 + 1
        Sample sample;
        sample.scores = {0.9, 0.8, 0.8, 0.4};
        sample.actual = {true, false, true, false};
        const Ranking ranking = rankingOf(sample);
        QCOMPARE(auc(ranking).value, 3.5 / 4);
        QCOMPARE(gini(ranking).value, 0.75);
        QCOMPARE(averagePrecision(ranking).value, 0.5 + 0.5 * 2 / 3);
        QCOMPARE(kolmogorovSmirnov(ranking).value, 0.5);
        QCOMPARE(*kolmogorovSmirnov(ranking).at, 0.9);
        QCOMPARE(auc(ranking).n, 4U);
    }

    void agreesWithEveryPair_data()
    {
        QTest::addColumn<int>("grid");
        QTest::addColumn<bool>("weighted");
        QTest::newRow("many ties") << 7 << false;
        QTest::newRow("few ties") << 100000 << false;
        QTest::newRow("many ties, weights") << 7 << true;
        QTest::newRow("few ties, weights") << 100000 << true;
        QTest::newRow("two scores") << 2 << true;
    }
    void agreesWithEveryPair()
    {
        QFETCH(int, grid);
        QFETCH(bool, weighted);
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const Sample sample = naive::randomSample(seed, 150, grid, weighted);
            const Ranking ranking = rankingOf(sample);
            QVERIFY(isNear(auc(ranking).value, naive::auc(sample)));
            QVERIFY(isNear(averagePrecision(ranking).value, naive::averagePrecision(sample)));
            const auto [ks, threshold] = naive::kolmogorovSmirnov(sample);
            QVERIFY(isNear(kolmogorovSmirnov(ranking).value, ks));
            QCOMPARE(kolmogorovSmirnov(ranking).at.value_or(0), threshold);
            if (!weighted)
                QVERIFY(isNear(aucVariance(ranking).value, naive::aucVariance(sample), 1e-10));
        }
    }

    void blocksEqualRows()
    {
        const Sample sample = naive::randomSample(3, 500, 12, false);
        const Ranking byRow = rankingOf(sample);
        Ranking byBlock;
        byBlock.begin(byRow.positives, byRow.negatives);
        for (int step = 12; step >= 0; --step) {
            double positives = 0;
            double negatives = 0;
            for (std::size_t row = 0; row < sample.size(); ++row)
                if (sample.scores[row] == step / 12.0)
                    (sample.actual[row] ? positives : negatives) += 1;
            byBlock.addBlock(step / 12.0, positives, negatives);
        }
        byBlock.finish();
        QVERIFY(auc(byRow) == auc(byBlock));
        QVERIFY(kolmogorovSmirnov(byRow) == kolmogorovSmirnov(byBlock));
        QVERIFY(averagePrecision(byRow) == averagePrecision(byBlock));
    }

    void orderOfRowsDoesNotMatter()
    {
        const Sample sample = naive::randomSample(5, 400, 11, true);
        const Ranking first = rankingOf(sample);
        for (std::uint64_t seed = 1; seed < 6; ++seed) {
            const Ranking again = rankingOf(naive::shuffled(sample, seed));
            QVERIFY(auc(first) == auc(again)); // whole-number weights: to the last bit
            QVERIFY(averagePrecision(first) == averagePrecision(again));
            QVERIFY(kolmogorovSmirnov(first) == kolmogorovSmirnov(again));
        }
    }

    void duplicationEqualsWeights()
    {
        const Sample sample = naive::randomSample(6, 300, 20, true);
        QCOMPARE(auc(rankingOf(sample)).value, auc(rankingOf(naive::duplicated(sample))).value);
        QCOMPARE(averagePrecision(rankingOf(sample)).value, averagePrecision(rankingOf(naive::duplicated(sample))).value);
    }

    void relabellingTurnsTheCurveOver()
    {
        Sample sample = naive::randomSample(9, 300, 40, false);
        const Figure before = auc(rankingOf(sample));
        sample.actual.flip();
        QVERIFY(isNear(auc(rankingOf(sample)).value, 1 - before.value));
        for (double &score : sample.scores)
            score = -score; // labels and order both turned: back again
        const Figure after = auc(rankingOf(sample));
        QVERIFY(isNear(after.value, before.value) && isNear(after.interval->lower, before.interval->lower));
    }

    void aRisingTransformationChangesNothing()
    {
        Sample sample = naive::randomSample(10, 300, 1000, false);
        const Figure before = auc(rankingOf(sample));
        for (double &score : sample.scores)
            score = std::exp(5 * score) - 100; // not a probability any more
        QVERIFY(auc(rankingOf(sample)) == before);
    }

    void saysWhyThereIsNoValue()
    {
        Sample sample;
        QCOMPARE(auc(rankingOf(sample)).reason, Reason::NoRows);
        sample.scores = {0.3, 0.6};
        sample.actual = {true, true};
        QCOMPARE(auc(rankingOf(sample)).reason, Reason::NoNegatives);
        QCOMPARE(averagePrecision(rankingOf(sample)).value, 1.0);
        sample.actual = {false, false};
        QCOMPARE(auc(rankingOf(sample)).reason, Reason::NoPositives);
        QCOMPARE(averagePrecision(rankingOf(sample)).reason, Reason::NoPositives);
        QCOMPARE(kolmogorovSmirnov(rankingOf(sample)).reason, Reason::NoPositives);
        sample.actual = {false, true};
        QVERIFY(auc(rankingOf(sample)).isDefined() && !auc(rankingOf(sample)).interval); // one row a class: no variance
        QCOMPARE(aucVariance(rankingOf(sample)).reason, Reason::TooFewRows);
    }

    void zeroWeightsAndMinusZeroAreHandled()
    {
        Sample sample;
        sample.scores = {0.5, 0.0, -0.0, 0.9};
        sample.actual = {true, true, false, false};
        sample.weights = {1, 1, 1, 0};
        const Ranking ranking = rankingOf(sample);
        QCOMPARE(ranking.rows, 3U);
        QCOMPARE(auc(ranking).value, 0.75); // 0 and −0 tie
        QCOMPARE(curveOf(sample).points().size(), 2U);
    }

    void deLongCoversAsOftenAsItSays()
    {
        // Scores normal with means 0 and 1: AUC = Φ(1 / √2).
        const double truth = 0.5 * std::erfc(-0.5);
        Random random(21);
        const auto normal = [&] { return std::sqrt(-2 * std::log(random.uniform())) * std::cos(2 * M_PI * random.uniform()); };
        int held = 0;
        for (int draw = 0; draw < 1000; ++draw) {
            Sample sample;
            for (int row = 0; row < 160; ++row) {
                sample.actual.push_back(row % 4 == 0);
                sample.scores.push_back(normal() + (row % 4 == 0 ? 1 : 0));
            }
            const auto interval = *auc(rankingOf(sample)).interval;
            held += interval.lower <= truth && truth <= interval.upper;
        }
        QVERIFY2(held > 915 && held < 970, qPrintable(QString::number(held)));
    }

    void curvesAreCountsAtThresholds()
    {
        const Sample sample = naive::randomSample(12, 400, 30, true);
        const Curve curve = curveOf(sample);
        QVERIFY(curve.points().size() <= 30);
        for (const CurvePoint &point : curve.points()) {
            Counts counts;
            for (std::size_t row = 0; row < sample.size(); ++row)
                counts.add(sample.actual[row], sample.scores[row] >= point.threshold, sample.weight(row));
            QCOMPARE(point.tp, counts.tp);
            QCOMPARE(point.fp, counts.fp);
        }
        QCOMPARE(curve.positives(), rankingOf(sample).positives);
    }

    void thinnedCurvesStayClose()
    {
        const Sample sample = naive::randomSample(13, 20000, 1000000, false);
        const Curve curve = curveOf(sample);
        const auto thinned = curve.rocPoints(100);
        QVERIFY(thinned.size() < 420 && thinned.front() == curve.points().front() && thinned.back() == curve.points().back());
        std::size_t next = 0;
        for (const CurvePoint &point : curve.points()) {
            while (thinned[next].threshold > point.threshold)
                ++next;
            const double tprGap = (thinned[next].tp - point.tp) / curve.positives();
            const double fprGap = (thinned[next].fp - point.fp) / curve.negatives();
            QVERIFY(tprGap >= 0 && fprGap >= 0 && tprGap + fprGap <= 0.0101);
        }
        const auto precision = curve.precisionRecallPoints(100);
        QVERIFY(precision.size() < 420 && precision.front() == curve.points().front());
        QVERIFY(std::ranges::is_sorted(precision, std::greater<>{}, &CurvePoint::threshold));
    }
};

QTEST_GUILESS_MAIN(RankingTest)
#include "tst_ranking.moc"
