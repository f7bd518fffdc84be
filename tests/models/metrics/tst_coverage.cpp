#include "models/metrics/drift/distributions.h"
#include "models/metrics/fairness/inequality.h"
#include "models/metrics/intervals/bootstrap.h"
#include "models/metrics/intervals/estimates.h"
#include "models/metrics/intervals/intervals.h"
#include "models/metrics/ranking/calibration.h"
#include "models/metrics/ranking/classranking.h"
#include "models/metrics/ranking/ranking.h"
#include "models/metrics/regression.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <map>
#include <numeric>

using namespace countersign;
using namespace countersign::metrics;

// Do intervals cover the truth as often as they say? Samples are drawn from a known source, the truth is that of a very large sample
// of it, and the share of intervals that hold it is counted. Seeded, so the shares are the same every time.

namespace {

double normal(Random &random) { return normalQuantile(random.uniform()); }

/// What a source is like.
struct BinarySource {
    double prevalence = 0.5;
    double signal = 1;      ///< distance of the classes' log odds; 0: none
    double miscalibrated = 0; ///< added to the log odds that are given as score
};

struct BinarySample {
    std::vector<std::pair<double, bool>> rows; ///< score and outcome
    Losses losses;
    std::vector<CalibrationBin> bins = std::vector<CalibrationBin>(10);
    Counts counts;
    Ranking ranking;
};

/// Scores are the true probability of two normal classes, shifted on the log-odds scale.
BinarySample draw(Random &random, const BinarySource &source, int n)
{
    BinarySample sample;
    for (int i = 0; i < n; ++i) {
        const bool positive = random.uniform() < source.prevalence;
        const double x = normal(random) + (positive ? source.signal : 0);
        const double odds = std::log(source.prevalence / (1 - source.prevalence)) + source.signal * x - source.signal * source.signal / 2;
        const double score = 1 / (1 + std::exp(-odds - source.miscalibrated));
        sample.rows.emplace_back(score, positive);
        sample.losses.add(score, positive);
        sample.bins[static_cast<std::size_t>(widthBin(score, 10))].add(score, positive);
        sample.counts.add(positive, score >= 0.5);
    }
    std::ranges::sort(sample.rows, std::greater(), &std::pair<double, bool>::first);
    sample.ranking.begin(sample.counts.positives(), sample.counts.negatives());
    for (const auto &[score, positive] : sample.rows)
        sample.ranking.add(score, positive);
    sample.ranking.finish();
    return sample;
}

using BinaryFigure = std::function<Figure(const BinarySample &)>;

struct ClassSample {
    std::vector<int> actual;
    std::vector<double> scores;
    ConfusionMatrix matrix{3};
    ClassScores classScores() const { return {3, actual, scores, {}}; }
};

ClassSample drawClasses(Random &random, int n)
{
    ClassSample sample;
    const std::array<double, 3> shares{0.5, 0.35, 0.15};
    for (int i = 0; i < n; ++i) {
        const double u = random.uniform();
        const int actual = u < shares[0] ? 0 : u < shares[0] + shares[1] ? 1 : 2;
        std::array<double, 3> odds{};
        double sum = 0;
        for (int k = 0; k < 3; ++k) {
            odds[static_cast<std::size_t>(k)] = std::exp(normal(random) + (k == actual ? 0.9 : 0) + std::log(shares[static_cast<std::size_t>(k)]) / 2);
            sum += odds[static_cast<std::size_t>(k)];
        }
        for (const double own : odds)
            sample.scores.push_back(own / sum);
        sample.actual.push_back(actual);
        sample.matrix.add(actual, static_cast<int>(std::ranges::max_element(odds) - odds.begin()));
    }
    return sample;
}

Regression drawAmounts(Random &random, int n)
{
    Regression sums;
    for (int i = 0; i < n; ++i) {
        const double actual = std::exp(1 + 0.6 * normal(random));
        sums.add(actual, actual * std::exp(0.25 * normal(random)) + 0.2);
    }
    return sums;
}

/// Of `trials` samples the share whose interval holds the truth.
template<class Sample>
double coverage(int trials, double truth, const std::function<Sample(Random &)> &source, const std::function<Figure(const Sample &)> &figure)
{
    Random random(20261124);
    int covered = 0;
    int counted = 0;
    for (int trial = 0; trial < trials; ++trial) {
        const Figure one = figure(source(random));
        if (!one.isDefined() || !one.interval)
            continue;
        ++counted;
        if (!(one.interval->lower <= one.value + 1e-12 && one.value <= one.interval->upper + 1e-12))
            return -1; // the value has to lie inside
        covered += one.interval->lower <= truth && truth <= one.interval->upper;
    }
    return counted < trials * 9 / 10 ? -2 : static_cast<double>(covered) / counted;
}

void judge(double share, double least, double most)
{
    qInfo("coverage %.3f", share);
    QVERIFY2(share >= least && share <= most, qPrintable(QStringLiteral("%1 is outside [%2, %3]").arg(share).arg(least).arg(most)));
}

} // namespace

class CoverageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofScores_data()
    {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<double>("prevalence");
        QTest::addColumn<double>("signal");
        QTest::addColumn<double>("miscalibrated");
        QTest::addColumn<int>("size");
        QTest::addColumn<double>("least");
        const auto add = [](const char *metric, double prevalence, double signal, double miscalibrated, int size, double least = 0.92) {
            QTest::addRow("%s, %.2f positive, signal %.1f, shift %.1f, n %d", metric, prevalence, signal, miscalibrated, size)
                << QString::fromLatin1(metric) << prevalence << signal << miscalibrated << size << least;
        };
        for (const char *metric : {"ks", "ece", "mce"}) {
            add(metric, 0.5, 0, 0, 300);    // nothing there: where a plain interval fails
            add(metric, 0.3, 1, 0, 300);
            add(metric, 0.3, 1, 0.8, 400);
            add(metric, 0.1, 2, -0.5, 600);
        }
        for (const char *metric : {"brier_skill", "calibration_in_the_large", "mean_score", "theil_index", "generalized_entropy_index"}) {
            add(metric, 0.5, 1, 0, 300);
            add(metric, 0.2, 1.5, 0.4, 400);
        }
        // Boyd's interval counts positives alone: a little narrow where a few of them lead the list.
        add("average_precision", 0.5, 1, 0, 300);
        add("average_precision", 0.1, 1, 0, 600, 0.90);
        add("average_precision", 0.05, 2, 0, 1000, 0.90);
        add("auc", 0.3, 1, 0, 200, 0.91);
    }
    void ofScores()
    {
        QFETCH(QString, metric);
        QFETCH(double, prevalence);
        QFETCH(double, signal);
        QFETCH(double, miscalibrated);
        QFETCH(int, size);
        QFETCH(double, least);
        const std::map<QString, BinaryFigure> figures{
            {QStringLiteral("ks"), [](const BinarySample &s) { return kolmogorovSmirnov(s.ranking); }},
            {QStringLiteral("auc"), [](const BinarySample &s) { return auc(s.ranking); }},
            {QStringLiteral("average_precision"), [](const BinarySample &s) { return averagePrecision(s.ranking); }},
            {QStringLiteral("ece"), [](const BinarySample &s) { return calibrationError(s.bins); }},
            {QStringLiteral("mce"), [](const BinarySample &s) { return maximumCalibrationError(s.bins); }},
            {QStringLiteral("brier_skill"), [](const BinarySample &s) { return brierSkill(s.losses); }},
            {QStringLiteral("calibration_in_the_large"), [](const BinarySample &s) { return calibrationInTheLarge(s.losses); }},
            {QStringLiteral("mean_score"), [](const BinarySample &s) { return meanScore(s.losses); }},
            {QStringLiteral("theil_index"), [](const BinarySample &s) { return theilIndex(s.counts); }},
            {QStringLiteral("generalized_entropy_index"), [](const BinarySample &s) { return generalizedEntropy(s.counts, 2); }}};
        const BinaryFigure figure = figures.at(metric);
        const BinarySource source{prevalence, signal, miscalibrated};
        Random large(99);
        // Without signal all scores are one: KS and the gaps are 0 in truth, which a large sample only comes near to.
        double truth = signal == 0 && miscalibrated == 0 ? 0 : figure(draw(large, source, 150'000)).value;
        if (metric == QStringLiteral("mce")) // bins that a small sample does not reach count as well
            truth = largestGapOfUsedBins(source);
        const double share = coverage<BinarySample>(400, truth, [&](Random &random) { return draw(random, source, size); }, figure);
        judge(share, least, 1);
    }

    void ofClasses_data()
    {
        QTest::addColumn<int>("which");
        int which = 0;
        for (const char *name : {"mcc", "kappa", "balanced accuracy", "precision macro", "recall macro", "f1 macro", "f1 weighted", "precision weighted",
                                 "f1 micro", "auc against rest, macro", "auc against rest, weighted", "auc pairs, macro", "auc pairs, weighted", "auc of one class"})
            QTest::newRow(name) << which++;
    }
    void ofClasses()
    {
        QFETCH(int, which);
        const std::array<std::function<Figure(const ClassSample &)>, 14> figures{
            [](const ClassSample &s) { return matthews(s.matrix); },
            [](const ClassSample &s) { return kappa(s.matrix); },
            [](const ClassSample &s) { return balancedAccuracy(s.matrix); },
            [](const ClassSample &s) { return average(s.matrix, BinaryMetric::Precision, Averaging::Macro); },
            [](const ClassSample &s) { return average(s.matrix, BinaryMetric::Recall, Averaging::Macro); },
            [](const ClassSample &s) { return average(s.matrix, BinaryMetric::F1, Averaging::Macro); },
            [](const ClassSample &s) { return average(s.matrix, BinaryMetric::F1, Averaging::Weighted); },
            [](const ClassSample &s) { return average(s.matrix, BinaryMetric::Precision, Averaging::Weighted); },
            [](const ClassSample &s) { return average(s.matrix, BinaryMetric::F1, Averaging::Micro); },
            [](const ClassSample &s) { return oneVersusRestAuc(s.classScores(), Averaging::Macro); },
            [](const ClassSample &s) { return oneVersusRestAuc(s.classScores(), Averaging::Weighted); },
            [](const ClassSample &s) { return oneVersusOneAuc(s.classScores(), Averaging::Macro); },
            [](const ClassSample &s) { return oneVersusOneAuc(s.classScores(), Averaging::Weighted); },
            [](const ClassSample &s) { return oneVersusRestAuc(s.classScores(), 2); }};
        const auto &figure = figures[static_cast<std::size_t>(which)];
        Random large(7);
        const double truth = figure(drawClasses(large, 100'000)).value;
        judge(coverage<ClassSample>(400, truth, [](Random &random) { return drawClasses(random, 250); }, figure), 0.905, 0.985);
    }

    void ofAmounts_data()
    {
        QTest::addColumn<int>("which");
        int which = 0;
        for (const char *name : {"rmse", "mae", "mean error", "r squared", "mape", "wape", "smape"})
            QTest::newRow(name) << which++;
    }
    void ofAmounts()
    {
        QFETCH(int, which);
        const std::array<std::function<Figure(const Regression &)>, 7> figures{
            [](const Regression &s) { return rmse(s); },      [](const Regression &s) { return mae(s); },  [](const Regression &s) { return meanError(s); },
            [](const Regression &s) { return rSquared(s); },  [](const Regression &s) { return mape(s); }, [](const Regression &s) { return wape(s); },
            [](const Regression &s) { return smape(s); }};
        const auto &figure = figures[static_cast<std::size_t>(which)];
        Random large(8);
        const double truth = figure(drawAmounts(large, 500'000)).value;
        // Squares of skewed errors have heavy tails: 400 rows are few for their variance.
        const double least = which == 0 || which == 3 ? 0.86 : 0.92;
        judge(coverage<Regression>(600, truth, [](Random &random) { return drawAmounts(random, 400); }, figure), least, 0.985);
    }

    void ofDifferences_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<bool>("isRatio");
        const std::array names{"auc", "log loss", "brier", "ece", "mean score", "f1"};
        for (int which = 0; which < 6; ++which)
            for (const bool isRatio : {false, true})
                QTest::addRow("%s, %s", names[static_cast<std::size_t>(which)], isRatio ? "ratio" : "difference") << which << isRatio;
    }
    /// Two groups of unequal size and source; also the test's p against the interval.
    void ofDifferences()
    {
        QFETCH(int, which);
        QFETCH(bool, isRatio);
        const auto estimate = [which](const BinarySample &s) {
            switch (which) {
            case 0: return Estimate::of(auc(s.ranking), std::sqrt(aucVariance(s.ranking).value));
            case 1: return Estimate::of(logLoss(s.losses));
            case 2: return Estimate::of(brier(s.losses));
            case 3: return Estimate::of(calibrationError(s.bins));
            case 4: return Estimate::of(meanScore(s.losses));
            default: return Estimate::of(figure(s.counts, BinaryMetric::F1));
            }
        };
        const BinarySource first{0.4, 1.2, 0};
        const BinarySource second{0.3, 0.9, 0.3};
        Random large(5);
        const double one = estimate(draw(large, first, 120'000)).value;
        const double two = estimate(draw(large, second, 120'000)).value;
        const Comparison comparison = isRatio ? Comparison::Ratio : Comparison::Difference;
        const double truth = isRatio ? one / two : one - two;
        using Both = std::pair<BinarySample, BinarySample>;
        bool isConsistent = true;
        const double share = coverage<Both>(
            300, truth, [&](Random &random) { return Both{draw(random, first, 250), draw(random, second, 400)}; },
            [&](const Both &both) {
                const Estimate own = estimate(both.first);
                const Estimate other = estimate(both.second);
                const Figure result = compare(own, other, comparison, {10, true});
                if (!isRatio)
                    isConsistent = isConsistent && (comparisonTest(own, other).value < 0.05) == (result.interval->lower > 0 || result.interval->upper < 0);
                return result;
            });
        QVERIFY(isConsistent);
        judge(share, 0.92, 1);
    }

    void spreadsOfEstimates_data()
    {
        QTest::addColumn<QList<double>>("signals");
        QTest::addColumn<bool>("isRatio");
        QTest::newRow("five equal") << QList<double>(5, 1.0) << false;
        QTest::newRow("five equal, ratio") << QList<double>(5, 1.0) << true;
        QTest::newRow("four different") << QList<double>{0.5, 1, 1, 1.5} << false;
        QTest::newRow("two") << QList<double>{0.8, 1.2} << false;
    }
    void spreadsOfEstimates()
    {
        QFETCH(QList<double>, signals);
        QFETCH(bool, isRatio);
        // The AUC of two normal classes a distance apart.
        const auto aucOf = [](double signal) { return normalCdf(signal / std::sqrt(2.0)); };
        const auto [low, high] = std::ranges::minmax(signals);
        const double truth = isRatio ? aucOf(low) / aucOf(high) : aucOf(high) - aucOf(low);
        using Groups = std::vector<EstimatedGroup>;
        const double share = coverage<Groups>(
            400, truth,
            [&](Random &random) {
                Groups groups;
                for (const double signal : signals) {
                    const BinarySample sample = draw(random, {0.4, signal, 0}, 150);
                    groups.push_back({Estimate::of(auc(sample.ranking), std::sqrt(aucVariance(sample.ranking).value)), false});
                }
                return groups;
            },
            [&](const Groups &groups) { return disparity(groups, isRatio ? Comparison::Ratio : Comparison::Difference, {1, true}).figure; });
        judge(share, 0.93, 1);
    }

    void groupsAgainstEverybody()
    {
        // p_group − p_everybody, everybody including the group.
        Random random(77);
        const std::array rates{0.5, 0.3, 0.35};
        const std::array<std::int64_t, 3> sizes{200, 100, 60};
        const double all = (200 * 0.5 + 100 * 0.3 + 60 * 0.35) / 360;
        int covered = 0;
        int furthest = 0;
        int ratios = 0;
        const int trials = 1000;
        for (int trial = 0; trial < trials; ++trial) {
            std::vector<Group> groups;
            for (std::size_t g = 0; g < rates.size(); ++g) {
                const auto selected = static_cast<double>(binomial(random, sizes[g], rates[g]));
                groups.push_back({Counts::of(selected, 0, 0, static_cast<double>(sizes[g]) - selected), false});
            }
            const Counts everybody = overall(groups);
            const Interval difference = *compareWithOverall(groups[0].counts, everybody, BinaryMetric::SelectionRate, Comparison::Difference).interval;
            covered += difference.lower <= 0.5 - all && 0.5 - all <= difference.upper;
            const Interval ratio = *compareWithOverall(groups[0].counts, everybody, BinaryMetric::SelectionRate, Comparison::Ratio).interval;
            ratios += ratio.lower <= 0.5 / all && 0.5 / all <= ratio.upper;
            const Figure most = disparity(groups, BinaryMetric::SelectionRate, Comparison::Difference, {}, {}, Baseline::Overall, everybody).figure;
            QVERIFY(most.interval->lower <= most.value && most.value <= most.interval->upper);
            furthest += most.interval->lower <= all - 0.3 && all - 0.3 <= most.interval->upper;
        }
        judge(covered / static_cast<double>(trials), 0.935, 0.97);
        judge(ratios / static_cast<double>(trials), 0.93, 0.975);
        judge(furthest / static_cast<double>(trials), 0.94, 1);
    }

    void criticalValuesAreThePublishedOnes()
    {
        // Tukey's table, infinite degrees of freedom; Kolmogorov's.
        QVERIFY(std::abs(studentizedRange(2, 0.95) - 2.772) < 6e-4);
        QVERIFY(std::abs(studentizedRange(3, 0.95) - 3.314) < 6e-4);
        QVERIFY(std::abs(studentizedRange(10, 0.95) - 4.474) < 6e-4);
        QVERIFY(std::abs(studentizedRange(100, 0.95) - 6.085) < 1e-3);
        QVERIFY(std::abs(studentizedRange(5, 0.99) - 4.603) < 6e-4);
        QVERIFY(std::abs(kolmogorovCritical(0.05) - 1.3581) < 1e-4);
        QVERIFY(std::abs(kolmogorovCritical(0.01) - 1.6276) < 1e-4);
    }

private:
    /// The largest gap between rate and mean score over bins that one row in a hundred falls into; the others decide nothing here.
    static double largestGapOfUsedBins(const BinarySource &source)
    {
        Random large(98);
        if (source.signal == 0)
            return 0;
        const BinarySample sample = draw(large, source, 150'000);
        double most = 0;
        for (const CalibrationBin &bin : sample.bins)
            if (bin.weight > 1500)
                most = std::max(most, std::abs(bin.positives - bin.scores) / bin.weight);
        return most;
    }
};

QTEST_GUILESS_MAIN(CoverageTest)
#include "tst_coverage.moc"
