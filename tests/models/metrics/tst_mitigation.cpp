#include "naive.h"

#include "models/metrics/fairness/mitigation.h"

#include <QtTest>

#include <cmath>
#include <functional>

using namespace countersign;
using namespace countersign::metrics;

namespace {

constexpr double kNobody = std::numeric_limits<double>::infinity();

std::vector<ScoreTable> randomTables(std::uint64_t seed, int groups, int rows, int grid)
{
    std::vector<ScoreTable> tables;
    for (int i = 0; i < groups; ++i)
        tables.push_back(ScoreTable::of(curveOf(naive::randomSample(seed * 10 + static_cast<std::uint64_t>(i), rows + 20 * i, grid, false))));
    return tables;
}

/// Every combination of thresholds.
double bestByTryingAll(const std::vector<ScoreTable> &tables, Constraint constraint, double tolerance)
{
    double best = -1;
    std::vector<double> thresholds(tables.size());
    const std::function<void(std::size_t)> tryFrom = [&](std::size_t group) {
        if (group == tables.size()) {
            const auto choice = evaluate(tables, thresholds, constraint);
            if (choice->disparity <= tolerance + 1e-12)
                best = std::max(best, choice->accuracy);
            return;
        }
        thresholds[group] = kNobody;
        tryFrom(group + 1);
        for (const CurvePoint &point : tables[group].points) {
            thresholds[group] = point.threshold;
            tryFrom(group + 1);
        }
    };
    tryFrom(0);
    return best;
}

double spreadOf(const ThresholdChoice &choice, BinaryMetric metric)
{
    double low = 1;
    double high = 0;
    for (const Counts &counts : choice.counts) {
        const double value = figure(counts, metric).value;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    return high - low;
}

} // namespace

class MitigationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void groupThresholdsAreTheBestThereAre_data()
    {
        QTest::addColumn<int>("constraint");
        QTest::newRow("demographic parity") << static_cast<int>(Constraint::DemographicParity);
        QTest::newRow("equal opportunity") << static_cast<int>(Constraint::EqualOpportunity);
        QTest::newRow("equalized odds") << static_cast<int>(Constraint::EqualizedOdds);
    }
    void groupThresholdsAreTheBestThereAre()
    {
        QFETCH(int, constraint);
        const auto wanted = static_cast<Constraint>(constraint);
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            const auto tables = randomTables(seed, 3, 60, 9);
            for (const double tolerance : {0.0, 0.02, 0.05, 0.1, 0.3, 1.0}) {
                const auto choice = groupThresholds(tables, wanted, tolerance);
                QVERIFY(choice.ok());
                QVERIFY(choice->disparity <= tolerance + 1e-9);
                QVERIFY(isNear(choice->accuracy, bestByTryingAll(tables, wanted, tolerance)));
                const auto again = evaluate(tables, choice->thresholds, wanted);
                QCOMPARE(again->accuracy, choice->accuracy);
                QCOMPARE(again->disparity, choice->disparity);
            }
        }
    }

    void disparityIsThatOfTheCounts()
    {
        const auto tables = randomTables(9, 4, 200, 50);
        const std::vector<double> thresholds(4, 0.5);
        QVERIFY(isNear(evaluate(tables, thresholds, Constraint::DemographicParity)->disparity,
                       spreadOf(*evaluate(tables, thresholds, Constraint::DemographicParity), BinaryMetric::SelectionRate)));
        const auto odds = evaluate(tables, thresholds, Constraint::EqualizedOdds);
        QVERIFY(isNear(odds->disparity, std::max(spreadOf(*odds, BinaryMetric::Recall), spreadOf(*odds, BinaryMetric::FalsePositiveRate))));
        Counts all;
        for (const Counts &counts : odds->counts)
            all += counts;
        QVERIFY(isNear(odds->accuracy, figure(all, BinaryMetric::Accuracy).value));
    }

    void oneThresholdForAllIsTheBestThereIs()
    {
        const auto tables = randomTables(3, 3, 150, 40);
        for (const double tolerance : {0.0, 0.03, 0.08, 1.0}) {
            double best = -1;
            for (int step = 0; step <= 41; ++step) {
                const std::vector<double> thresholds(3, step > 40 ? kNobody : step / 40.0);
                const auto choice = evaluate(tables, thresholds, Constraint::DemographicParity);
                if (choice->disparity <= tolerance + 1e-12)
                    best = std::max(best, choice->accuracy);
            }
            const auto choice = commonThreshold(tables, Constraint::DemographicParity, tolerance);
            QVERIFY(isNear(choice->accuracy, best));
            QVERIFY(choice->disparity <= tolerance + 1e-9);
            QVERIFY(choice->accuracy <= groupThresholds(tables, Constraint::DemographicParity, tolerance)->accuracy + 1e-12);
        }
    }

    void theSweepStartsWithNobodyAndEndsWithAll()
    {
        const auto tables = randomTables(4, 2, 5000, 1000000);
        const auto choices = commonThresholds(tables, Constraint::EqualOpportunity, 100);
        QVERIFY(choices->size() > 90 && choices->size() < 110);
        QVERIFY(std::isinf(choices->front().thresholds[0]) && choices->front().disparity == 0);
        QCOMPARE(choices->back().counts[0].rejected(), 0.0);
        QVERIFY(std::ranges::is_sorted(*choices, std::greater<>{}, [](const ThresholdChoice &c) { return c.thresholds[0]; }));
    }

    void nothingOnTheFrontierIsBeaten()
    {
        const auto tables = randomTables(5, 3, 300, 60);
        for (const bool perGroup : {false, true}) {
            const auto points = frontier(tables, Constraint::DemographicParity, perGroup, 20);
            QVERIFY(points->size() >= 2 && points->size() <= 21);
            for (std::size_t i = 1; i < points->size(); ++i) {
                QVERIFY((*points)[i].disparity > (*points)[i - 1].disparity);
                QVERIFY((*points)[i].accuracy > (*points)[i - 1].accuracy);
            }
        }
        QVERIFY(frontier(tables, Constraint::DemographicParity, true, 20)->back().accuracy
                >= frontier(tables, Constraint::DemographicParity, false, 20)->back().accuracy);
    }

    void refusesGroupsWithoutTheRate()
    {
        auto tables = randomTables(6, 2, 50, 10);
        tables[1].positives = 0;
        const auto failed = groupThresholds(tables, Constraint::EqualOpportunity, 0.1);
        QVERIFY(!failed && failed.error().where == "group 2");
        QVERIFY(!commonThresholds({}, Constraint::DemographicParity));
        QVERIFY(!evaluate(tables, std::vector<double>{0.5}, Constraint::DemographicParity));
    }

    void thresholdsIncludeTheirOwnScore()
    {
        const ScoreTable table{{{0.8, 2, 1}, {0.5, 3, 4}}, 5, 6};
        QVERIFY(table.at(0.8) == Counts::of(2, 1, 3, 5));
        QVERIFY(table.at(0.81) == Counts::of(0, 0, 5, 6));
        QVERIFY(table.at(0.5) == Counts::of(3, 4, 2, 2));
        QVERIFY(table.at(0.1) == Counts::of(3, 4, 2, 2));
    }

    void reweighingMakesLabelAndGroupIndependent()
    {
        const std::vector<Counts> groups{Counts::of(30, 20, 10, 40), Counts::of(5, 10, 15, 170), Counts::of(3, 0, 4, 0)};
        const auto weights = reweighing(groups);
        double total = 0;
        double positives = 0;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            total += groups[i].total();
            positives += groups[i].positives();
        }
        for (std::size_t i = 0; i < 2; ++i) {
            const double up = groups[i].positives() * *weights[i].positive;
            const double down = groups[i].negatives() * *weights[i].negative;
            QVERIFY(isNear(up / (up + down), positives / total)); // every group now has the overall prevalence
            QVERIFY(isNear(up + down, groups[i].total()));        // and its size
        }
        QVERIFY(weights[2].positive && !weights[2].negative);
        // Kamiran and Calders' example: 10 people, 5 men (4 positive), 5 women (2 positive): weights 0.75, 2, 1.5, 0.67.
        const auto example = reweighing(std::vector<Counts>{Counts::of(4, 0, 0, 1), Counts::of(2, 0, 0, 3)});
        QVERIFY(isNear(*example[0].positive, 0.75) && isNear(*example[0].negative, 2));
        QVERIFY(isNear(*example[1].positive, 1.5) && isNear(*example[1].negative, 2.0 / 3));
    }
};

QTEST_GUILESS_MAIN(MitigationTest)
#include "tst_mitigation.moc"
