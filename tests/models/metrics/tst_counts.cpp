#include "naive.h"

#include "models/metrics/definition.h"
#include "models/metrics/fairness/fairness.h"
#include "models/metrics/fairness/inequality.h"
#include "models/metrics/intervals/intervals.h"

#include <QtTest>

#include <cmath>

using namespace countersign;
using namespace countersign::metrics;

namespace {

double value(const Counts &counts, BinaryMetric metric)
{
    const Figure answer = figure(counts, metric);
    return answer.isDefined() ? answer.value : std::nan("");
}

} // namespace

class CountsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workedByHand()
    {
        const Counts counts = Counts::of(40, 10, 20, 130);
        QVERIFY(isNear(value(counts, BinaryMetric::Accuracy), 170.0 / 200));
        QVERIFY(isNear(value(counts, BinaryMetric::ErrorRate), 30.0 / 200));
        QVERIFY(isNear(value(counts, BinaryMetric::Precision), 0.8));
        QVERIFY(isNear(value(counts, BinaryMetric::Recall), 2.0 / 3));
        QVERIFY(isNear(value(counts, BinaryMetric::Specificity), 130.0 / 140));
        QVERIFY(isNear(value(counts, BinaryMetric::FalsePositiveRate), 10.0 / 140));
        QVERIFY(isNear(value(counts, BinaryMetric::FalseNegativeRate), 1.0 / 3));
        QVERIFY(isNear(value(counts, BinaryMetric::FalseDiscoveryRate), 0.2));
        QVERIFY(isNear(value(counts, BinaryMetric::FalseOmissionRate), 20.0 / 150));
        QVERIFY(isNear(value(counts, BinaryMetric::NegativePredictiveValue), 130.0 / 150));
        QVERIFY(isNear(value(counts, BinaryMetric::SelectionRate), 0.25));
        QVERIFY(isNear(value(counts, BinaryMetric::Prevalence), 0.3));
        QVERIFY(isNear(value(counts, BinaryMetric::Jaccard), 40.0 / 70));
        QVERIFY(isNear(value(counts, BinaryMetric::F1), 80.0 / 110));
        QVERIFY(isNear(value(counts, BinaryMetric::BalancedAccuracy), (2.0 / 3 + 130.0 / 140) / 2));
        QVERIFY(isNear(value(counts, BinaryMetric::Mcc), (40.0 * 130 - 10.0 * 20) / std::sqrt(50.0 * 60 * 140 * 150)));
        const double expected = 0.3 * 0.25 + 0.7 * 0.75;
        QVERIFY(isNear(value(counts, BinaryMetric::Kappa), (0.85 - expected) / (1 - expected)));
        QVERIFY(isNear(fBeta(counts, 1).value, value(counts, BinaryMetric::F1)));
        QVERIFY(isNear(fBeta(counts, 2).value, 5.0 * 40 / (5.0 * 40 + 4 * 20 + 10)));
        QVERIFY(isNear(fBeta(counts, 0.5).value, 1.25 * 40 / (1.25 * 40 + 0.25 * 20 + 10)));
    }

    void saysWhyThereIsNoValue()
    {
        const auto reason = [](const Counts &counts, BinaryMetric metric) { return figure(counts, metric).reason; };
        QCOMPARE(reason({}, BinaryMetric::Accuracy), Reason::NoRows);
        QCOMPARE(reason(Counts::of(0, 0, 0, 5), BinaryMetric::Recall), Reason::NoPositives);
        QCOMPARE(reason(Counts::of(5, 0, 2, 0), BinaryMetric::FalsePositiveRate), Reason::NoNegatives);
        QCOMPARE(reason(Counts::of(0, 0, 2, 5), BinaryMetric::Precision), Reason::NoPredictedPositives);
        QCOMPARE(reason(Counts::of(2, 3, 0, 0), BinaryMetric::NegativePredictiveValue), Reason::NoPredictedNegatives);
        QCOMPARE(reason(Counts::of(0, 0, 0, 5), BinaryMetric::F1), Reason::NothingPositive);
        QCOMPARE(reason(Counts::of(0, 0, 2, 5), BinaryMetric::Mcc), Reason::ZeroMargin);
        QCOMPARE(reason(Counts::of(7, 0, 0, 0), BinaryMetric::Kappa), Reason::ChanceIsCertain);
        // One wrong row is a value: agreement below none by chance.
        QCOMPARE(value(Counts::of(0, 1, 0, 0), BinaryMetric::Kappa), 0.0);
        QCOMPARE(value(Counts::of(0, 1, 1, 0), BinaryMetric::F1), 0.0);
        for (int reasonNumber = 1; reasonNumber <= static_cast<int>(Reason::ScoresRounded); ++reasonNumber) {
            QVERIFY(!reasonText(static_cast<Reason>(reasonNumber)).empty());
            QVERIFY(!reasonKey(static_cast<Reason>(reasonNumber)).empty());
        }
    }

    void absentClassIsSkippedInBalancedAccuracy()
    {
        const Figure one = figure(Counts::of(2, 0, 1, 0), BinaryMetric::BalancedAccuracy);
        QVERIFY(isNear(one.value, 2.0 / 3));
        QCOMPARE(one.excluded, 1U);
        QCOMPARE(figure({}, BinaryMetric::BalancedAccuracy).reason, Reason::NoRows);
    }

    void followsTheConventionAskedFor()
    {
        const Counts never = Counts::of(0, 0, 2, 5);
        QCOMPARE(figure(never, BinaryMetric::Precision, {Convention::Fairlearn}).value, 0.0);
        QVERIFY(figure(never, BinaryMetric::Precision, {Convention::Fairlearn}).isDefined());
        QVERIFY(figure(never, BinaryMetric::Precision, {Convention::Aif360}).isDefined());
        QVERIFY(!figure(Counts::of(0, 1, 0, 5), BinaryMetric::Recall, {Convention::Aif360}).isDefined());
        QVERIFY(figure(Counts::of(0, 1, 0, 5), BinaryMetric::Recall, {Convention::Fairlearn}).isDefined());
        QCOMPARE(figure({}, BinaryMetric::Precision, {Convention::Fairlearn}).reason, Reason::NoRows);
        QVERIFY(!figure(Counts::of(7, 0, 0, 0), BinaryMetric::Kappa, {Convention::Fairlearn}).isDefined()); // NaN there too
    }

    void largeCountsDoNotOverflow()
    {
        const double m = 1e9;
        QVERIFY(isNear(value(Counts::of(3 * m, m, m, 5 * m), BinaryMetric::Mcc), 14.0 / 24));
        QVERIFY(isNear(value(Counts::of(m, 0, 0, m), BinaryMetric::Mcc), 1));
        QVERIFY(isNear(value(Counts::of(0, m, m, 0), BinaryMetric::Mcc), -1));
    }

    void figuresOfCountsAreThoseOfRows()
    {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            Sample sample = naive::randomSample(seed, 150, 20, seed % 2 == 0);
            for (std::size_t row = 0; row < sample.size(); row += 7)
                sample.predicted[row] = !sample.predicted[row]; // not the score's decisions alone
            const Counts counts = countsOf(sample);
            QVERIFY(isNear(value(counts, BinaryMetric::Mcc), naive::correlation(sample)));
            QVERIFY(isNear(value(counts, BinaryMetric::Kappa), naive::kappa(sample)));
            QVERIFY(isNear(value(counts, BinaryMetric::F1), naive::fBeta(sample, 1)));
            for (const double beta : {0.5, 2.0})
                QVERIFY(isNear(fBeta(counts, beta).value, naive::fBeta(sample, beta)));
            QVERIFY(isNear(theilIndex(counts).value, naive::entropy(sample, 1)));
            for (const double alpha : {0.5, 2.0, 3.0})
                QVERIFY(isNear(generalizedEntropy(counts, alpha).value, naive::entropy(sample, alpha), 1e-12, 1e-14));
        }
    }

    void duplicationEqualsWeights()
    {
        const Sample sample = naive::randomSample(7, 400, 9, true);
        const Counts weighted = countsOf(sample);
        const Counts repeated = countsOf(naive::duplicated(sample));
        QCOMPARE(weighted.tp, repeated.tp);
        QCOMPARE(weighted.total(), repeated.total());
        QVERIFY(weighted.rows < repeated.rows);
        for (const BinaryMetric metric : kBinaryMetrics)
            QCOMPARE(figure(weighted, metric).value, figure(repeated, metric).value);
        // Weights that vary carry less than as many rows: the interval is wider.
        const auto width = [](const Figure &f) { return f.interval->upper - f.interval->lower; };
        QVERIFY(width(figure(weighted, BinaryMetric::Accuracy)) > width(figure(repeated, BinaryMetric::Accuracy)));
    }

    void equalWeightsChangeNothing()
    {
        Sample sample = naive::randomSample(8, 300, 9, false);
        const Counts plain = countsOf(sample);
        sample.weights.assign(sample.size(), 0.25);
        const Counts weighted = countsOf(sample);
        for (const BinaryMetric metric : kBinaryMetrics) {
            const Figure one = figure(plain, metric);
            const Figure two = figure(weighted, metric);
            QVERIFY(isNear(one.value, two.value) && isNear(one.interval->lower, two.interval->lower) && isNear(one.interval->upper, two.interval->upper));
        }
    }

    void zeroWeightLeavesNoTrace()
    {
        Counts counts = Counts::of(3, 1, 2, 4);
        const Counts before = counts;
        counts.add(true, false, 0);
        QVERIFY(counts == before);
    }

    void relabellingSwapsTheRates()
    {
        const Counts counts = Counts::of(40, 10, 20, 130);
        const Counts swapped = Counts::of(130, 20, 10, 40);
        for (const auto &[one, two] : {std::pair{BinaryMetric::Recall, BinaryMetric::Specificity},
                                       {BinaryMetric::Precision, BinaryMetric::NegativePredictiveValue},
                                       {BinaryMetric::FalsePositiveRate, BinaryMetric::FalseNegativeRate},
                                       {BinaryMetric::FalseDiscoveryRate, BinaryMetric::FalseOmissionRate},
                                       {BinaryMetric::Accuracy, BinaryMetric::Accuracy}, {BinaryMetric::Mcc, BinaryMetric::Mcc},
                                       {BinaryMetric::Kappa, BinaryMetric::Kappa}, {BinaryMetric::BalancedAccuracy, BinaryMetric::BalancedAccuracy}})
            QVERIFY(isNear(value(counts, one), value(swapped, two)));
    }

    void intervalsHoldTheValueAndNarrow()
    {
        for (const BinaryMetric metric : kBinaryMetrics) {
            const Figure small = figure(Counts::of(40, 10, 20, 130), metric);
            const Figure large = figure(Counts::of(4000, 1000, 2000, 13000), metric);
            QVERIFY2(small.interval && large.interval, std::string(key(metric)).c_str());
            QVERIFY(small.interval->lower < small.value && small.value < small.interval->upper);
            const double ratio = (small.interval->upper - small.interval->lower) / (large.interval->upper - large.interval->lower);
            QVERIFY2(ratio > 8.5 && ratio < 10.5, qPrintable(QString::number(ratio))); // a hundredfold size: a tenth of the width
            QVERIFY(!figure(Counts::of(40, 10, 20, 130), metric, {Convention::Countersign, 0.95, false}).interval);
        }
    }

    void kappaOfOneSidedDecisionsHasNoInterval()
    {
        for (const Counts &counts : {Counts::of(3, 4, 0, 0), Counts::of(0, 0, 3, 4), Counts::of(0, 4, 0, 3), Counts::of(3, 0, 4, 0)}) {
            QCOMPARE(value(counts, BinaryMetric::Kappa), 0.0);
            QVERIFY(!figure(counts, BinaryMetric::Kappa).interval);
        }
        QVERIFY(figure(Counts::of(3, 1, 1, 4), BinaryMetric::Kappa).interval);
    }

    void deltaIntervalsCoverAsOftenAsTheySay()
    {
        // 95 % of intervals from redrawn counts should hold the true value.
        const Counts truth = Counts::of(300, 100, 150, 450);
        Random random(11);
        for (const BinaryMetric metric : {BinaryMetric::Mcc, BinaryMetric::Kappa, BinaryMetric::F1, BinaryMetric::BalancedAccuracy, BinaryMetric::Recall}) {
            int held = 0;
            for (int draw = 0; draw < 2000; ++draw) {
                const Figure one = figure(redraw(random, truth), metric);
                held += one.interval->lower <= value(truth, metric) && value(truth, metric) <= one.interval->upper;
            }
            QVERIFY2(held > 1870 && held < 1930, qPrintable(QString::number(held)));
        }
    }

    void everyNameIsInTheCatalogue()
    {
        for (const BinaryMetric metric : kBinaryMetrics) {
            const std::string name(key(metric));
            QVERIFY2(define(name).isKnown, name.c_str());
            QCOMPARE(binaryMetric(name), std::optional(metric));
            if (!isShare(metric) || metric == BinaryMetric::Prevalence || metric == BinaryMetric::Jaccard)
                continue;
            for (const Comparison comparison : {Comparison::Difference, Comparison::Ratio}) {
                const std::string disparity = disparityKey(metric, comparison);
                QVERIFY2(define(disparity).isKnown, disparity.c_str());
                QVERIFY(define(disparity + "/sex").isKnown);
            }
        }
        for (const char *name : {"gini", "ks", "average_precision", "log_loss", "brier", "brier_skill", "ece", "rmse", "mae", "r2", "mape", "wape",
                                 "smape", "mean_error", "demographic_parity_difference", "disparate_impact", "equalized_odds_difference",
                                 "equalized_odds_ratio", "average_odds_difference", "theil_index", "generalized_entropy_index", "impact_ratio", "psi",
                                 "ks_drift", "wasserstein_distance", "jensen_shannon_divergence", "jensen_shannon_distance", "chi_square", "cramers_v",
                                 "missing_rate_change", "f2", "roc_auc", "auc_ovr_macro", "auc_ovo_macro"})
            QVERIFY2(define(name).isKnown && !define(name).meaning.empty(), name);
        QVERIFY(!binaryMetric("no such metric") && !define("no such metric").isKnown);
    }
};

QTEST_GUILESS_MAIN(CountsTest)
#include "tst_counts.moc"
