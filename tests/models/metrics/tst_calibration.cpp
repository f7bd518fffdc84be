#include "naive.h"

#include "models/metrics/intervals/bootstrap.h"

#include <QtTest>

#include <cmath>

using namespace countersign;
using namespace countersign::metrics;

class CalibrationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workedByHand()
    {
        Losses losses;
        losses.add(0.8, true);
        losses.add(0.3, false);
        QVERIFY(isNear(logLoss(losses).value, -(std::log(0.8) + std::log(0.7)) / 2));
        QVERIFY(isNear(brier(losses).value, (0.04 + 0.09) / 2));
        QVERIFY(isNear(brierSkill(losses).value, 1 - 0.065 / 0.25));
        QVERIFY(isNear(calibrationInTheLarge(losses).value, 0.05));
        std::vector<CalibrationBin> bins(10);
        for (const auto &[score, positive] : {std::pair{0.05, false}, {0.15, true}, {0.95, true}, {1.0, true}})
            bins[static_cast<std::size_t>(widthBin(score, 10))].add(score, positive);
        // 1/4 × 0.05 + 1/4 × 0.85 + 2/4 × |1 − 0.975|
        QVERIFY(isNear(calibrationError(bins).value, 0.25 * 0.05 + 0.25 * 0.85 + 0.5 * 0.025));
        QVERIFY(isNear(maximumCalibrationError(bins).value, 0.85));
        QCOMPARE(*calibrationError(bins).at, 10.0);
    }

    void agreesWithThePlainDefinition()
    {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const Sample sample = naive::randomSample(seed, 300, seed % 2 ? 8 : 100000, seed % 3 == 0);
            QVERIFY(isNear(logLoss(lossesOf(sample)).value, naive::logLoss(sample)));
            QVERIFY(isNear(brier(lossesOf(sample)).value, naive::brier(sample)));
            for (const int bins : {1, 10, 15})
                QVERIFY(isNear(calibrationError(binsOf(sample, bins)).value, naive::calibrationError(sample, bins)));
        }
    }

    void binsOfEqualMassAgreeWithThePlainDefinition()
    {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            const Sample sample = naive::randomSample(seed, 300, 100000, false);
            std::vector<double> ascending = sample.scores;
            std::ranges::sort(ascending);
            const std::vector<double> edges = massEdges(ascending, 10);
            std::vector<CalibrationBin> bins(edges.size() + 1);
            for (std::size_t row = 0; row < sample.size(); ++row)
                bins[static_cast<std::size_t>(edgeBin(sample.scores[row], edges))].add(sample.scores[row], sample.actual[row]);
            QVERIFY(isNear(calibrationError(bins).value, naive::massCalibrationError(sample, 10)));
        }
    }

    void certainAndWrongIsClipped()
    {
        Losses losses;
        losses.add(1.0, false);
        losses.add(0.0, true);
        QVERIFY(isNear(logLoss(losses).value, 52 * std::log(2.0)));
        QCOMPARE(brier(losses).value, 1.0);
        Losses right;
        right.add(1.0, true);
        QVERIFY(logLoss(right).value > 0 && logLoss(right).value < 3e-16);
    }

    void scoresThatAreNoProbabilitiesTurnItOff()
    {
        Losses losses;
        losses.add(0.5, true);
        losses.add(1.0000001, true);
        losses.add(-3, false);
        for (const Figure &figure : {logLoss(losses), brier(losses), brierSkill(losses), calibrationInTheLarge(losses)}) {
            QCOMPARE(figure.reason, Reason::NotAProbability);
            QVERIFY(!figure.interval);
        }
        QCOMPARE(logLoss(losses).excluded, 2U);
        QCOMPARE(calibrationError(std::vector<CalibrationBin>(10), 2).reason, Reason::NotAProbability);
        QCOMPARE(logLoss(Losses{}).reason, Reason::NoRows);
        QCOMPARE(calibrationError(std::vector<CalibrationBin>(10)).reason, Reason::NoRows);
    }

    void oneClassIsDefinedButHasNoSkill()
    {
        Losses losses;
        losses.add(0.2, true);
        losses.add(0.7, true);
        QVERIFY(logLoss(losses).isDefined() && brier(losses).isDefined());
        QCOMPARE(brierSkill(losses).reason, Reason::NoNegatives);
    }

    void orderAndSplitDoNotMatterToTheLastBit()
    {
        const Sample sample = naive::randomSample(4, 5000, 1000000, true);
        const Losses whole = lossesOf(sample);
        for (std::uint64_t seed = 1; seed < 5; ++seed) {
            const Sample other = naive::shuffled(sample, seed);
            QCOMPARE(logLoss(lossesOf(other)).value, logLoss(whole).value);
            QCOMPARE(brier(lossesOf(other)).value, brier(whole).value);
            Losses first;
            Losses second;
            for (std::size_t row = 0; row < other.size(); ++row)
                (row % 7 < 3 ? first : second).add(other.scores[row], other.actual[row], other.weight(row));
            first.merge(second);
            QCOMPARE(logLoss(first).value, logLoss(whole).value);
            QCOMPARE(first.rows, whole.rows);
        }
    }

    void duplicationEqualsWeights()
    {
        const Sample sample = naive::randomSample(5, 500, 50, true);
        const Sample repeated = naive::duplicated(sample);
        QVERIFY(isNear(logLoss(lossesOf(sample)).value, logLoss(lossesOf(repeated)).value));
        QVERIFY(isNear(calibrationError(binsOf(sample, 10)).value, calibrationError(binsOf(repeated, 10)).value));
    }

    void binsAreLeftClosed()
    {
        QCOMPARE(widthBin(0.0, 10), 0);
        QCOMPARE(widthBin(0.5, 10), 5);
        QCOMPARE(widthBin(0.49999999999999994, 10), 4);
        QCOMPARE(widthBin(1.0, 10), 9);
        const std::vector<double> edges{1, 2, 5};
        QCOMPARE(edgeBin(0.999, edges), 0);
        QCOMPARE(edgeBin(1, edges), 1);
        QCOMPARE(edgeBin(4.999, edges), 2);
        QCOMPARE(edgeBin(7, edges), 3);
    }

    void massEdgesMergeWhatRepeats()
    {
        QCOMPARE(massEdges(std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5}, 4), (std::vector<double>{0.2, 0.3, 0.4}));
        QVERIFY(massEdges(std::vector<double>{0.5, 0.5, 0.5}, 10).empty());
        QVERIFY(massEdges({}, 10).empty());
    }

    void reliabilityHasAnIntervalPerBin()
    {
        const Sample sample = naive::randomSample(6, 1000, 100000, false);
        const auto points = reliability(binsOf(sample, 10));
        QCOMPARE(points.size(), 10U);
        for (const ReliabilityPoint &point : points) {
            QVERIFY(point.observed.interval->lower <= point.observed.value && point.observed.value <= point.observed.interval->upper);
            QVERIFY(point.observed.n > 50);
        }
        QVERIFY(std::ranges::is_sorted(points, {}, &ReliabilityPoint::meanScore));
    }

    void intervalsCoverAsOftenAsTheySay()
    {
        Random random(8);
        // Score p uniform, outcome with chance p: E[(p − y)²] = E[p (1 − p)] = 1/6.
        int held = 0;
        for (int draw = 0; draw < 2000; ++draw) {
            Losses losses;
            for (int row = 0; row < 150; ++row) {
                const double p = random.uniform();
                losses.add(p, random.uniform() < p);
            }
            const auto interval = *brier(losses).interval;
            held += interval.lower <= 1.0 / 6 && 1.0 / 6 <= interval.upper;
        }
        QVERIFY2(held > 1860 && held < 1940, qPrintable(QString::number(held)));
    }
};

QTEST_GUILESS_MAIN(CalibrationTest)
#include "tst_calibration.moc"
