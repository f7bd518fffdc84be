#include "naive.h"

#include "models/metrics/intervals/bootstrap.h"
#include "models/metrics/multiclass.h"
#include "models/metrics/regression.h"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace countersign;
using namespace countersign::metrics;

namespace {

ConfusionMatrix matrixOf(const std::vector<std::vector<double>> &cells)
{
    ConfusionMatrix matrix(static_cast<int>(cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i)
        for (std::size_t j = 0; j < cells.size(); ++j)
            for (int k = 0; k < static_cast<int>(cells[i][j]); ++k)
                matrix.add(static_cast<int>(i), static_cast<int>(j));
    return matrix;
}

} // namespace

class MulticlassTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workedByHand()
    {
        const auto matrix = matrixOf({{5, 1, 0}, {2, 6, 2}, {0, 1, 3}});
        QVERIFY(isNear(accuracy(matrix).value, 14.0 / 20));
        QVERIFY(isNear(average(matrix, BinaryMetric::Precision, Averaging::Macro).value, (5.0 / 7 + 6.0 / 8 + 3.0 / 5) / 3));
        QVERIFY(isNear(average(matrix, BinaryMetric::Recall, Averaging::Weighted).value, 14.0 / 20));
        QVERIFY(isNear(average(matrix, BinaryMetric::F1, Averaging::Micro).value, 14.0 / 20));
        QVERIFY(isNear(balancedAccuracy(matrix).value, (5.0 / 6 + 0.6 + 0.75) / 3));
        const double expected = (6.0 * 7 + 10.0 * 8 + 4.0 * 5) / 400;
        QVERIFY(isNear(kappa(matrix).value, (0.7 - expected) / (1 - expected)));
        const double top = 14.0 * 20 - (6.0 * 7 + 10.0 * 8 + 4.0 * 5);
        QVERIFY(isNear(matthews(matrix).value, top / std::sqrt((400.0 - 36 - 100 - 16) * (400.0 - 49 - 64 - 25))));
    }

    void twoClassesAreTheBinaryCase()
    {
        const auto matrix = matrixOf({{130, 10}, {20, 40}});
        const Counts counts = matrix.against(1);
        QVERIFY(counts == Counts::of(40, 10, 20, 130));
        for (const auto &[mine, metric] : {std::pair{accuracy(matrix), BinaryMetric::Accuracy}, {matthews(matrix), BinaryMetric::Mcc},
                                           {kappa(matrix), BinaryMetric::Kappa}, {balancedAccuracy(matrix), BinaryMetric::BalancedAccuracy}}) {
            const Figure binary = figure(counts, metric);
            QVERIFY(isNear(mine.value, binary.value));
            if (mine.interval)
                QVERIFY(isNear(mine.interval->lower, binary.interval->lower) && isNear(mine.interval->upper, binary.interval->upper));
        }
        QVERIFY(kappa(matrix).interval && accuracy(matrix).interval);
    }

    void relabellingClassesChangesNothing()
    {
        const auto one = matrixOf({{5, 1, 0}, {2, 6, 2}, {0, 1, 3}});
        const auto two = matrixOf({{3, 1, 0}, {2, 6, 2}, {0, 1, 5}}); // classes in the opposite order
        QVERIFY(isNear(matthews(one).value, matthews(two).value) && isNear(kappa(one).value, kappa(two).value));
        for (const Averaging way : {Averaging::Macro, Averaging::Micro, Averaging::Weighted})
            QVERIFY(isNear(average(one, BinaryMetric::F1, way).value, average(two, BinaryMetric::F1, way).value));
    }

    void absentClassesAreLeftOutAndCounted()
    {
        const auto matrix = matrixOf({{1, 0, 0}, {0, 2, 1}, {0, 0, 0}}); // class 2 predicted, never true
        const Figure recall = average(matrix, BinaryMetric::Recall, Averaging::Macro);
        QVERIFY(isNear(recall.value, (1 + 2.0 / 3) / 2) && recall.excluded == 1);
        QVERIFY(isNear(average(matrix, BinaryMetric::Recall, Averaging::Macro, {Convention::Fairlearn}).value, (1 + 2.0 / 3) / 3));
        QCOMPARE(balancedAccuracy(matrix).excluded, 1U);
        QCOMPARE(matthews(matrixOf({{4, 0}, {3, 0}})).reason, Reason::ZeroMargin);
        QCOMPARE(matthews(matrixOf({{4, 0}, {3, 0}}), {Convention::Fairlearn}).value, 0.0);
        QCOMPARE(kappa(matrixOf({{4, 0}, {0, 0}})).reason, Reason::ChanceIsCertain);
        for (const auto &oneSided : {matrixOf({{4, 0, 0}, {3, 0, 0}, {2, 0, 0}}), matrixOf({{0, 0, 0}, {1, 2, 3}, {0, 0, 0}})})
            QVERIFY(std::abs(kappa(oneSided).value) < 1e-15 && !kappa(oneSided).interval); // 0 whatever the sample
        QCOMPARE(accuracy(ConfusionMatrix(3)).reason, Reason::NoRows);
        QCOMPARE(average(ConfusionMatrix(3), BinaryMetric::F1, Averaging::Macro).reason, Reason::NoRows);
    }

    void aucOverClassesAgreesWithPairs()
    {
        Random random(3);
        std::vector<int> actual;
        std::vector<double> scores;
        for (int row = 0; row < 200; ++row) {
            actual.push_back(static_cast<int>(random.next() % 3));
            double sum = 0;
            std::vector<double> raw;
            for (int k = 0; k < 3; ++k) {
                raw.push_back(std::floor(random.uniform() * 5) + (k == actual.back() ? 2 : 1));
                sum += raw.back();
            }
            for (const double value : raw)
                scores.push_back(value / sum);
        }
        const ClassScores input{3, actual, scores, {}};
        const auto sampleOf = [&](int positive, int negative) {
            Sample sample;
            for (std::size_t row = 0; row < actual.size(); ++row)
                if (negative < 0 || actual[row] == positive || actual[row] == negative) {
                    sample.actual.push_back(actual[row] == positive);
                    sample.scores.push_back(scores[row * 3 + static_cast<std::size_t>(positive)]);
                }
            return sample;
        };
        double rest = 0;
        double pairs = 0;
        for (int i = 0; i < 3; ++i) {
            rest += naive::auc(sampleOf(i, -1)) / 3;
            for (int j = 0; j < 3; ++j)
                pairs += i == j ? 0 : naive::auc(sampleOf(i, j)) / 6;
        }
        QVERIFY(isNear(oneVersusRestAuc(input, Averaging::Macro).value, rest));
        QVERIFY(isNear(oneVersusOneAuc(input, Averaging::Macro).value, pairs));
        QVERIFY(oneVersusRestAuc(input, 0).interval);
        const std::vector<int> oneClass(actual.size(), 1);
        QVERIFY(!oneVersusRestAuc({3, oneClass, scores, {}}, Averaging::Macro).isDefined());
        QVERIFY(!oneVersusOneAuc({3, oneClass, scores, {}}, Averaging::Macro).isDefined());
    }

    void lossesOverClasses()
    {
        ClassLosses losses;
        losses.add(std::vector{0.2, 0.5, 0.3}, 1);
        losses.add(std::vector{0.0, 0.1, 0.9}, 0);
        QVERIFY(isNear(logLoss(losses).value, (-std::log(0.5) + 52 * std::log(2.0)) / 2));
        QVERIFY(isNear(brier(losses).value, ((0.04 + 0.25 + 0.09) + (1 + 0.01 + 0.81)) / 2));
        losses.add(std::vector{0.5, 0.1, 0.1}, 0); // does not sum to 1
        QCOMPARE(logLoss(losses).reason, Reason::NotAProbability);
        QCOMPARE(logLoss(ClassLosses{}).reason, Reason::NoRows);
    }
};

class RegressionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workedByHand()
    {
        Regression sums;
        for (const auto &[actual, predicted] : {std::pair{1.0, 2.0}, {2.0, 2.0}, {4.0, 1.0}})
            sums.add(actual, predicted);
        QVERIFY(isNear(mae(sums).value, 4.0 / 3));
        QVERIFY(isNear(rmse(sums).value, std::sqrt(10.0 / 3)));
        QVERIFY(isNear(meanError(sums).value, -2.0 / 3));
        const double mean = 7.0 / 3;
        QVERIFY(isNear(rSquared(sums).value, 1 - 10 / (std::pow(1 - mean, 2) + std::pow(2 - mean, 2) + std::pow(4 - mean, 2))));
        QVERIFY(isNear(mape(sums).value, (1 + 0 + 0.75) / 3));
        QVERIFY(isNear(wape(sums).value, 4.0 / 7));
        QVERIFY(isNear(smape(sums).value, (2.0 / 3 + 0 + 6.0 / 5) / 3));
    }

    void saysWhyThereIsNoValue()
    {
        Regression sums;
        QCOMPARE(mae(sums).reason, Reason::NoRows);
        QCOMPARE(rSquared(sums).reason, Reason::NoRows);
        sums.add(0, 1);
        QCOMPARE(rSquared(sums).reason, Reason::TooFewRows);
        QCOMPARE(wape(sums).reason, Reason::ZeroTruth);
        sums.add(0, 0);
        QCOMPARE(rSquared(sums).reason, Reason::ConstantTruth);
        QCOMPARE(rSquared(sums, {Convention::Fairlearn}).value, 0.0);
        QCOMPARE(mape(sums).reason, Reason::ZeroTruth);
        QCOMPARE(mape(sums).excluded, 2U);
        QVERIFY(isNear(mape(sums, {Convention::Fairlearn}).value, std::pow(2.0, 52) / 2));
        QCOMPARE(smape(sums).value, 1.0); // 2 for the first, 0 for the exact second
    }

    void splitAndOrderDoNotMatter()
    {
        Random random(4);
        std::vector<std::pair<double, double>> rows;
        for (int i = 0; i < 3000; ++i)
            rows.emplace_back(1e6 + random.uniform(), 1e6 + random.uniform()); // far from zero: naive sums of squares would fail
        Regression whole;
        for (const auto &[actual, predicted] : rows)
            whole.add(actual, predicted);
        Regression first;
        Regression second;
        for (std::size_t i = rows.size(); i-- > 0;)
            (i % 3 == 0 ? first : second).add(rows[i].first, rows[i].second);
        first.merge(second);
        QCOMPARE(mae(first).value, mae(whole).value);
        QCOMPARE(rmse(first).value, rmse(whole).value);
        QVERIFY(isNear(rSquared(first).value, rSquared(whole).value, 1e-9));
        QVERIFY(isNear(whole.spread / static_cast<double>(rows.size()), 1.0 / 12, 0.05)); // variance of a uniform
        Regression empty;
        empty.merge(whole);
        QCOMPARE(mae(empty).value, mae(whole).value);
    }

    void duplicationEqualsWeights()
    {
        Regression weighted;
        Regression repeated;
        Random random(5);
        for (int i = 0; i < 200; ++i) {
            const double actual = random.uniform() * 10 + 1;
            const double predicted = random.uniform() * 10 + 1;
            const int times = static_cast<int>(random.next() % 4);
            weighted.add(actual, predicted, times);
            for (int k = 0; k < times; ++k)
                repeated.add(actual, predicted);
        }
        for (const auto &[one, two] : {std::pair{rmse(weighted), rmse(repeated)}, {mae(weighted), mae(repeated)}, {rSquared(weighted), rSquared(repeated)},
                                       {mape(weighted), mape(repeated)}, {wape(weighted), wape(repeated)}, {smape(weighted), smape(repeated)}})
            QVERIFY(isNear(one.value, two.value, 1e-12));
    }

    void intervalsCoverAsOftenAsTheySay()
    {
        Random random(6);
        int held = 0;
        for (int draw = 0; draw < 2000; ++draw) {
            Regression sums;
            for (int row = 0; row < 100; ++row)
                sums.add(5, 5 + random.uniform() - 0.5); // mean absolute error 1/4
            const auto interval = *mae(sums).interval;
            held += interval.lower <= 0.25 && 0.25 <= interval.upper;
        }
        QVERIFY2(held > 1860 && held < 1940, qPrintable(QString::number(held)));
    }
};

int main(int argc, char **argv)
{
    MulticlassTest multiclass;
    RegressionTest regression;
    return QTest::qExec(&multiclass, argc, argv) + QTest::qExec(&regression, argc, argv);
}
#include "tst_multiclass.moc"
