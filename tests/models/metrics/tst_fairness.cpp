#include "naive.h"

#include "models/metrics/fairness/fairness.h"
#include "models/metrics/fairness/impactratio.h"
#include "models/metrics/fairness/inequality.h"

#include <QtTest>

#include <cmath>

using namespace countersign;
using namespace countersign::metrics;

namespace {

Group group(double tp, double fp, double fn, double tn)
{
    return {Counts::of(tp, fp, fn, tn), false};
}

/// Two ordinary groups, one with rates far out but only eight rows, one of missing values.
std::vector<Group> usualGroups()
{
    std::vector<Group> groups{group(30, 20, 10, 40), group(20, 10, 20, 50), group(8, 0, 0, 0), group(0, 0, 20, 30)};
    groups.back().isMissing = true;
    return groups;
}

} // namespace

class FairnessTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void overGroupsByHand()
    {
        const auto groups = usualGroups();
        const Disparity parity = disparity(groups, BinaryMetric::SelectionRate, Comparison::Difference);
        QVERIFY(isNear(parity.figure.value, 0.5 - 0.3));
        QCOMPARE(*parity.highest, 0);
        QCOMPARE(*parity.lowest, 1);
        QCOMPARE(parity.used, 2);
        QCOMPARE(parity.small, 1);
        QCOMPARE(parity.missing, 1);
        QCOMPARE(parity.figure.excluded, 2U);
        QCOMPARE(parity.figure.n, 200U);
        QCOMPARE(parity.members, (std::vector<int>{0, 1}));
        QVERIFY(isNear(disparity(groups, BinaryMetric::SelectionRate, Comparison::Ratio).figure.value, 0.6));
        const Disparity odds = equalizedOdds(groups, Comparison::Difference, false);
        QVERIFY(isNear(odds.figure.value, 0.25)); // TPR 0.75 − 0.5; FPR 1/3 − 1/6
        QVERIFY(isNear(equalizedOdds(groups, Comparison::Difference, true).figure.value, (0.25 + 1.0 / 6) / 2));
        QVERIFY(isNear(equalizedOdds(groups, Comparison::Ratio, false).figure.value, 0.5));
    }

    void smallAndMissingGroupsTakePartWhenAsked()
    {
        const auto groups = usualGroups();
        QVERIFY(isNear(disparity(groups, BinaryMetric::SelectionRate, Comparison::Difference, {}, {1, false}).figure.value, 1 - 0.3));
        QVERIFY(isNear(disparity(groups, BinaryMetric::SelectionRate, Comparison::Difference, {}, {1, true}).figure.value, 1));
        QVERIFY(isNear(disparity(groups, BinaryMetric::SelectionRate, Comparison::Difference, {Convention::Fairlearn}).figure.value, 1 - 0.3));
        QVERIFY(isNear(disparity(groups, BinaryMetric::SelectionRate, Comparison::Difference, {Convention::Fairlearn}, {30, false}).figure.value, 0.2));
        QCOMPARE(smallestGroup({}, {}), 30U);
        QCOMPARE(smallestGroup({}, {Convention::Fairlearn}), 1U);
    }

    void undefinedGroupsAreLeftOutNotZero()
    {
        const std::vector<Group> groups{group(30, 20, 10, 40), group(20, 10, 20, 50), group(30, 0, 20, 0)}; // the last has no negatives
        const Disparity fpr = disparity(groups, BinaryMetric::FalsePositiveRate, Comparison::Difference);
        QVERIFY(isNear(fpr.figure.value, 1.0 / 3 - 1.0 / 6));
        QCOMPARE(fpr.undefined, 1);
        QVERIFY(isNear(disparity(groups, BinaryMetric::FalsePositiveRate, Comparison::Difference, {Convention::Fairlearn}).figure.value, 1.0 / 3));
        const Disparity odds = equalizedOdds(groups, Comparison::Difference, false);
        QVERIFY(odds.figure.isDefined());
        QCOMPARE(odds.undefined, 1);
        QCOMPARE(odds.used, 3);
    }

    void saysWhichPartIsThere()
    {
        const std::vector<Group> groups{group(30, 0, 10, 0), group(20, 0, 20, 0)}; // no negatives at all
        const Disparity odds = equalizedOdds(groups, Comparison::Difference, false);
        QCOMPARE(odds.figure.reason, Reason::PartUndefined);
        QVERIFY(isNear(*odds.figure.at, 0.25));
        const Figure pair = equalizedOdds(groups[0].counts, groups[1].counts, false);
        QCOMPARE(pair.reason, Reason::PartUndefined);
        QVERIFY(isNear(*pair.at, 0.25));
        QCOMPARE(averageOdds(groups[0].counts, groups[1].counts, false).reason, Reason::PartUndefined);
    }

    void tooFewGroupsAndAllZero()
    {
        QCOMPARE(disparity({}, BinaryMetric::Recall, Comparison::Difference).figure.reason, Reason::TooFewGroups);
        QCOMPARE(disparity(std::vector{group(9, 9, 9, 9)}, BinaryMetric::Recall, Comparison::Difference).figure.reason, Reason::TooFewGroups);
        const std::vector<Group> never{group(0, 0, 20, 20), group(0, 0, 10, 30)};
        QCOMPARE(disparity(never, BinaryMetric::SelectionRate, Comparison::Ratio).figure.reason, Reason::AllZero);
        QCOMPARE(disparity(never, BinaryMetric::SelectionRate, Comparison::Difference).figure.value, 0.0);
        QCOMPARE(disparity(never, BinaryMetric::SelectionRate, Comparison::Ratio, {}, {}, Baseline::Overall, overall(never)).figure.reason, Reason::ReferenceZero);
    }

    void againstOneReference()
    {
        const Counts group = Counts::of(20, 10, 20, 50);
        const Counts reference = Counts::of(30, 20, 10, 40);
        const Figure difference = compare(group, reference, BinaryMetric::SelectionRate, Comparison::Difference);
        QVERIFY(isNear(difference.value, -0.2));
        QCOMPARE(difference.interval->method, IntervalMethod::Newcombe);
        const Figure ratio = compare(group, reference, BinaryMetric::SelectionRate, Comparison::Ratio);
        QVERIFY(isNear(ratio.value, 0.6));
        QCOMPARE(ratio.interval->method, IntervalMethod::Katz);
        QCOMPARE(compare(group, reference, BinaryMetric::SelectionRate, Comparison::Ratio, {}, true).interval->method, IntervalMethod::MiettinenNurminen);
        QVERIFY(isNear(averageOdds(group, reference, false).value, (-0.25 - 1.0 / 6) / 2));
        QVERIFY(isNear(averageOdds(group, reference, true).value, (0.25 + 1.0 / 6) / 2));
        QVERIFY(averageOdds(group, reference, false).interval->upper < 0);
        // Turned round: the sign turns, the ratio inverts.
        QVERIFY(isNear(compare(reference, group, BinaryMetric::SelectionRate, Comparison::Difference).value, 0.2));
        QVERIFY(isNear(compare(reference, group, BinaryMetric::SelectionRate, Comparison::Ratio).value, 1 / 0.6));
        QVERIFY(!compare(group, reference, BinaryMetric::Mcc, Comparison::Difference).interval);
    }

    void divisionByZeroFollowsTheConvention()
    {
        const Counts group = Counts::of(5, 5, 20, 20);
        const Counts never = Counts::of(0, 0, 20, 30);
        const auto ratio = [&](const Counts &a, const Counts &b, Convention convention) {
            return compare(a, b, BinaryMetric::SelectionRate, Comparison::Ratio, {convention});
        };
        QCOMPARE(ratio(group, never, Convention::Countersign).reason, Reason::ReferenceZero);
        QCOMPARE(ratio(group, never, Convention::Aif360).reason, Reason::Infinite);
        QVERIFY(std::isinf(ratio(group, never, Convention::Aif360).value));
        QCOMPARE(ratio(group, never, Convention::Fairlearn).value, 0.0);
        QCOMPARE(ratio(never, never, Convention::Aif360).reason, Reason::AllZero);
        QCOMPARE(ratio(never, group, Convention::Countersign).value, 0.0);
        QCOMPARE(compare({}, group, BinaryMetric::Recall, Comparison::Ratio).reason, Reason::GroupUndefined);
        QCOMPARE(compare(group, {}, BinaryMetric::Recall, Comparison::Ratio).reason, Reason::ReferenceUndefined);
    }

    void theTestAgreesWithItsInterval()
    {
        const Figure far = comparisonTest(Counts::of(20, 10, 20, 50), Counts::of(60, 20, 10, 10), BinaryMetric::SelectionRate);
        QVERIFY(far.value < 1e-6 && *far.at < 0);
        const Figure same = comparisonTest(Counts::of(20, 10, 20, 50), Counts::of(20, 10, 20, 50), BinaryMetric::SelectionRate);
        QVERIFY(isNear(same.value, 1));
        QCOMPARE(comparisonTest(Counts::of(0, 0, 20, 50), Counts::of(0, 0, 10, 10), BinaryMetric::SelectionRate).reason, Reason::OneCategory);
    }

    void orderOfGroupsDoesNotMatter()
    {
        auto groups = usualGroups();
        const double before = disparity(groups, BinaryMetric::Precision, Comparison::Ratio).figure.value;
        std::ranges::reverse(groups);
        QCOMPARE(disparity(groups, BinaryMetric::Precision, Comparison::Ratio).figure.value, before);
    }

    void inequalityByHand()
    {
        // AIF360's docstring example, y = [0, 0, 1, 1], p = [1, 0, 1, 1]: benefits 2, 1, 1, 1, mean 1.25.
        const Counts counts = Counts::of(2, 1, 0, 1);
        const double a = 2 / 1.25;
        const double b = 1 / 1.25;
        QVERIFY(isNear(theilIndex(counts).value, (a * std::log(a) + 3 * b * std::log(b)) / 4));
        QVERIFY(isNear(generalizedEntropy(counts, 2).value, (a * a + 3 * b * b - 4) / 8));
        QVERIFY(isNear(generalizedEntropy(counts, 0).value, 0.04986, 2e-4)); // not the peer's 0.03989
        QCOMPARE(generalizedEntropy(Counts::of(2, 1, 1, 1), 0).reason, Reason::Infinite);
        QCOMPARE(generalizedEntropy(Counts::of(0, 0, 5, 0), 2).reason, Reason::AllZero);
        QCOMPARE(theilIndex({}).reason, Reason::NoRows);
        QCOMPARE(theilIndex(Counts::of(3, 0, 0, 9)).value, 0.0);
    }

    void inequalitySplitsIntoWithinAndBetween()
    {
        const std::array groups{Counts::of(20, 10, 20, 50), Counts::of(60, 20, 10, 10)};
        Counts all = groups[0];
        all += groups[1];
        // Theil: total = between + Σ share of benefit × within.
        double within = 0;
        const auto benefit = [](const Counts &c) { return c.tp + c.tn + 2 * c.fp; };
        for (const Counts &one : groups)
            within += benefit(one) / benefit(all) * theilIndex(one).value;
        QVERIFY(isNear(theilIndex(all).value, betweenGroupEntropy(groups, 1).value + within));
        const std::array same{groups[0], groups[0]};
        QVERIFY(isNear(betweenGroupEntropy(same, 2).value, 0));
    }

    void impactRatiosOfLocalLaw144()
    {
        const std::vector<Category> categories{{500, 200, false}, {480, 96, false}, {10, 9, false}, {10, 1, true}};
        const ImpactTable table = impactRatios(categories);
        QCOMPARE(table.applicants, 1000U);
        QCOMPARE(table.unknown, 10U);
        QVERIFY(isNear(table.categories[0].rate.value, 0.4));
        QVERIFY(isNear(table.categories[1].impactRatio.value, 0.2 / 0.9)); // the small category has the highest rate
        QVERIFY(isNear(table.categories[1].withoutSmall.value, 0.5));
        QVERIFY(table.categories[1].withoutSmall.interval->lower < 0.5 && table.categories[1].withoutSmall.interval->upper > 0.5);
        QVERIFY(table.categories[2].isSmall && table.categories[2].withoutSmall.reason == Reason::TooFewRows);
        QVERIFY(isNear(table.categories[2].impactRatio.value, 1) && !table.categories[2].impactRatio.interval);
        QCOMPARE(table.categories[3].impactRatio.reason, Reason::GroupUndefined);
        QVERIFY(isNear(table.categories[3].rate.value, 0.1));
        QCOMPARE(impactRatios(std::vector<Category>{{50, 0, false}, {60, 0, false}}).categories[0].impactRatio.reason, Reason::AllZero);
        QCOMPARE(impactRatios(std::vector<Category>{{0, 0, false}, {60, 6, false}}).categories[0].rate.reason, Reason::NoRows);
    }

    void medianOfTheWholeSample()
    {
        std::vector<double> odd{3, 1, 2};
        QCOMPARE(sampleMedian(odd).value, 2.0);
        std::vector<double> even{4, 1, 3, 2};
        QCOMPARE(sampleMedian(even).value, 2.5);
        std::vector<double> none;
        QCOMPARE(sampleMedian(none).reason, Reason::NoRows);
    }
};

QTEST_GUILESS_MAIN(FairnessTest)
#include "tst_fairness.moc"
