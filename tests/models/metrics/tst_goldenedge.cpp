#include "goldens.h"

#include "models/metrics/drift/drift.h"
#include "models/metrics/fairness/fairness.h"
#include "models/metrics/fairness/inequality.h"
#include "models/metrics/multiclass.h"
#include "models/metrics/regression.h"

#include <QtTest>

#include <cmath>
#include <set>

using namespace countersign;
using namespace countersign::metrics;

namespace {

const Options kFairlearn{Convention::Fairlearn};
const Options kAif360{Convention::Aif360};

bool isPositive(const json::Value &label)
{
    return label.boolean() ? *label.boolean() : real(label) > 0;
}

/// Rows as the reader hands them on: without NaN and infinite scores; with the weights given.
Sample sampleOf(const json::Value &item)
{
    Sample sample;
    for (const json::Value &label : *member(item, "y_true").array())
        sample.actual.push_back(isPositive(label));
    for (const json::Value &decision : *member(item, "y_pred").array())
        sample.predicted.push_back(isPositive(decision));
    if (const json::Value *scores = memberOrNull(item, "score"); scores && scores->array())
        for (const json::Value &score : *scores->array())
            sample.scores.push_back(real(score));
    if (const json::Value &weights = member(item, "sample_weight"); weights.array())
        for (const json::Value &weight : *weights.array())
            sample.weights.push_back(real(weight));
    return sample;
}

/// {"value": x} → x; NaN when the peer raised.
std::optional<double> answer(const json::Value &peers, std::string_view name)
{
    const json::Value *entry = memberOrNull(peers, name);
    const json::Value *value = entry ? memberOrNull(*entry, "value") : nullptr;
    if (!value || !isReal(*value))
        return std::nullopt;
    return real(*value);
}

std::string groupName(const json::Value &group)
{
    if (group.array()) {
        std::string name;
        for (const json::Value &part : *group.array())
            name += (name.empty() ? "('" : "', '") + *part.string();
        return name + "')";
    }
    if (group.string())
        return *group.string();
    if (group.number())
        return group.number()->lexeme;
    return "(missing)";
}

std::map<std::string, Group> groupsOf(const json::Value &item, const Sample &sample)
{
    std::map<std::string, Group> groups;
    const auto &names = *member(item, "group").array();
    for (std::size_t row = 0; row < sample.size(); ++row) {
        Group &group = groups[groupName(names[row])];
        group.isMissing = names[row].isNull();
        group.counts.add(sample.actual[row], sample.predicted[row], sample.weight(row));
    }
    return groups;
}

const std::map<std::string, BinaryMetric> kFairlearnNames{
    {"selection_rate", BinaryMetric::SelectionRate}, {"tpr", BinaryMetric::Recall}, {"fpr", BinaryMetric::FalsePositiveRate},
    {"tnr", BinaryMetric::Specificity}, {"fnr", BinaryMetric::FalseNegativeRate}, {"accuracy", BinaryMetric::Accuracy},
    {"precision", BinaryMetric::Precision}};

} // namespace

#define COMPARE_TO(figure, expected, what) \
    QVERIFY2(agrees(figure, expected), qPrintable(QStringLiteral("%1 %2: %3 instead of %4") \
        .arg(QString::fromStdString(id), QString::fromUtf8(what)).arg((figure).value, 0, 'g', 17).arg(expected, 0, 'g', 17)))

class GoldenEdgeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void singleSamples()
    {
        if (!haveGoldens())
            return;
        // The reader refuses negative weights and drops rows with an infinite score; nothing is left to compute here.
        const std::set<std::string> refused{"weights_negative", "score_inf"};
        int compared = 0;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            if (*item.text("kind") != "single" || refused.contains(id))
                continue;
            const Sample sample = sampleOf(item);
            const Counts counts = countsOf(sample);
            const Ranking ranking = rankingOf(sample);
            const Losses losses = lossesOf(sample);
            const json::Value &sklearn = member(item, "sklearn");
            const bool isEmpty = sample.size() == 0;
            const std::map<std::string, Figure> answers{
                {"accuracy", figure(counts, BinaryMetric::Accuracy, kFairlearn)},
                {"precision", figure(counts, BinaryMetric::Precision, kFairlearn)},
                {"recall", figure(counts, BinaryMetric::Recall, kFairlearn)},
                {"f1", figure(counts, BinaryMetric::F1, kFairlearn)},
                {"mcc", figure(counts, BinaryMetric::Mcc, kFairlearn)},
                {"balanced_accuracy", figure(counts, BinaryMetric::BalancedAccuracy, kFairlearn)},
                {"cohen_kappa", figure(counts, BinaryMetric::Kappa, kFairlearn)},
                {"roc_auc", auc(ranking)},
                {"average_precision", averagePrecision(ranking)},
                {"log_loss(labels=[0,1])", logLoss(losses)},
                {"brier", brier(losses)}};
            for (const auto &[name, figure] : answers) {
                const auto expected = answer(sklearn, name);
                // Where scikit-learn raises or has no rows we have no value; a margin is no probability though it clips it in log loss;
                // average precision without positives is undefined though it says −0.
                const bool isOff = (id == "score_out_of_range" && name == "log_loss(labels=[0,1])")
                    || (name == "average_precision" && counts.positives() <= 0) || isEmpty;
                if (!expected || isOff)
                    QVERIFY2(!figure.isDefined(), qPrintable(QString::fromStdString(id + " " + name)));
                else
                    COMPARE_TO(figure, *expected, name.c_str());
                ++compared;
            }
            if (id != "score_out_of_range" && id != "labels_plus_minus_1") {
                const auto expected = answer(sklearn, "ece10_by_definition");
                const Figure ece = calibrationError(binsOf(sample, 10));
                COMPARE_TO(ece, expected.value_or(std::nan("")), "ece");
            }
            if (sample.weights.empty() && id != "labels_plus_minus_1") {
                const auto expected = answer(sklearn, "ks_2samp");
                COMPARE_TO(kolmogorovSmirnov(ranking), expected.value_or(std::nan("")), "ks");
            }
            const json::Value &rates = member(item, "fairlearn_rates");
            for (const auto &[name, metric] : kFairlearnNames)
                if (const auto expected = answer(rates, name); expected && !isEmpty)
                    COMPARE_TO(figure(counts, metric, kFairlearn), *expected, name.c_str());
        }
        QCOMPARE(compared, 12 * 11);
    }

    void ourOwnAnswersAtTheEdges()
    {
        if (!haveGoldens())
            return;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            if (*item.text("kind") != "single")
                continue;
            const Counts counts = countsOf(sampleOf(item));
            // Rates and their complements are defined together and then add up to one.
            const std::array pairs{std::pair{BinaryMetric::Recall, BinaryMetric::FalseNegativeRate},
                                   std::pair{BinaryMetric::Specificity, BinaryMetric::FalsePositiveRate},
                                   std::pair{BinaryMetric::Precision, BinaryMetric::FalseDiscoveryRate},
                                   std::pair{BinaryMetric::NegativePredictiveValue, BinaryMetric::FalseOmissionRate}};
            if (id == "weights_negative")
                continue;
            for (const auto &[rate, complement] : pairs) {
                const Figure one = figure(counts, rate);
                const Figure two = figure(counts, complement);
                QCOMPARE(one.isDefined(), two.isDefined());
                if (one.isDefined())
                    QVERIFY(isNear(one.value + two.value, 1));
                else
                    QVERIFY(!one.interval && one.value == 0 && !reasonText(one.reason).empty());
            }
        }
    }

    void groupedSamples()
    {
        if (!haveGoldens())
            return;
        int compared = 0;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            if (*item.text("kind") != "grouped")
                continue;
            const Sample sample = sampleOf(item);
            auto cells = groupsOf(item, sample);
            const json::Value *fairlearn = memberOrNull(member(item, "fairlearn"), "value");
            if (!fairlearn) {
                QCOMPARE(id, std::string("group_of_zero_weight")); // Fairlearn divides by zero; our group has no rows
                QCOMPARE(figure(cells.at("b").counts, BinaryMetric::SelectionRate, kFairlearn).reason, Reason::NoRows);
                continue;
            }
            if (id == "intersection_with_empty_cell")
                cells["('F', 'y')"] = {};
            std::vector<Group> groups;
            for (const auto &[name, group] : cells)
                groups.push_back(group);
            const Counts all = overall(groups);
            for (const auto &[name, metric] : kFairlearnNames) {
                COMPARE_TO(figure(all, metric, kFairlearn), real(member(member(*fairlearn, "overall"), name)), name.c_str());
                for (const auto &[group, expected] : member(*fairlearn, "by_group").object()->members())
                    if (const auto cell = cells.find(group); cell != cells.end())
                        COMPARE_TO(figure(cell->second.counts, metric, kFairlearn), real(member(expected, name)), group.c_str());
                COMPARE_TO(disparity(groups, metric, Comparison::Difference, kFairlearn).figure, real(member(member(*fairlearn, "difference"), name)), name.c_str());
                COMPARE_TO(disparity(groups, metric, Comparison::Ratio, kFairlearn).figure, real(member(member(*fairlearn, "ratio"), name)), name.c_str());
                COMPARE_TO(disparity(groups, metric, Comparison::Ratio, kFairlearn, {}, Baseline::Overall, all).figure,
                           real(member(member(*fairlearn, "ratio.to_overall"), name)), name.c_str());
                ++compared;
            }
        }
        QVERIFY2(compared >= 11 * 7, qPrintable(QString::number(compared)));
    }

    void pairsAsInAif360()
    {
        if (!haveGoldens())
            return;
        int compared = 0;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            const json::Value *aif360 = memberOrNull(item, "aif360");
            const json::Value *value = aif360 ? memberOrNull(*aif360, "value") : nullptr;
            if (!value)
                continue;
            const auto cells = groupsOf(item, sampleOf(item));
            const Counts &privileged = cells.at("a").counts;
            const Counts &group = cells.at("b").counts;
            const auto expect = [&](const char *name, const Figure &figure) {
                const auto expected = answer(*value, name);
                QVERIFY2(expected, name);
                COMPARE_TO(figure, *expected, name);
                ++compared;
            };
            const auto difference = [&](BinaryMetric metric) { return metrics::compare(group, privileged, metric, Comparison::Difference, kAif360); };
            const auto ratio = [&](BinaryMetric metric) { return metrics::compare(group, privileged, metric, Comparison::Ratio, kAif360); };
            expect("statistical_parity_difference", difference(BinaryMetric::SelectionRate));
            expect("disparate_impact", ratio(BinaryMetric::SelectionRate));
            expect("equal_opportunity_difference", difference(BinaryMetric::Recall));
            expect("average_odds_difference", averageOdds(group, privileged, false, kAif360));
            expect("average_abs_odds_difference", averageOdds(group, privileged, true, kAif360));
            expect("equalized_odds_difference", equalizedOdds(group, privileged, false, kAif360));
            expect("error_rate_ratio", ratio(BinaryMetric::ErrorRate));
            expect("false_positive_rate_ratio", ratio(BinaryMetric::FalsePositiveRate));
            expect("false_discovery_rate_ratio", ratio(BinaryMetric::FalseDiscoveryRate));
            Counts both = group;
            both += privileged;
            expect("theil_index", theilIndex(both));
            expect("generalized_entropy_index", generalizedEntropy(both, 2));
        }
        QVERIFY2(compared >= 3 * 11, qPrintable(QString::number(compared)));
    }

    void groupsAsInAequitas()
    {
        if (!haveGoldens())
            return;
        const std::map<std::string, BinaryMetric> names{
            {"tpr", BinaryMetric::Recall}, {"fpr", BinaryMetric::FalsePositiveRate}, {"tnr", BinaryMetric::Specificity},
            {"fnr", BinaryMetric::FalseNegativeRate}, {"precision", BinaryMetric::Precision}, {"npv", BinaryMetric::NegativePredictiveValue},
            {"fdr", BinaryMetric::FalseDiscoveryRate}, {"for", BinaryMetric::FalseOmissionRate}, {"pprev", BinaryMetric::SelectionRate},
            {"accuracy", BinaryMetric::Accuracy}};
        int compared = 0;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            const json::Value *aequitas = memberOrNull(item, "aequitas");
            const json::Value *value = aequitas ? memberOrNull(*aequitas, "value") : nullptr;
            if (!value || member(item, "sample_weight").array()) // aequitas knows no weights
                continue;
            const auto cells = groupsOf(item, sampleOf(item));
            for (const auto &[group, expected] : member(*value, "group").object()->members()) {
                const auto cell = cells.find(group);
                if (cell == cells.end())
                    continue;
                for (const auto &[name, metric] : names) {
                    COMPARE_TO(figure(cell->second.counts, metric), real(member(expected, name)), name.c_str());
                    ++compared;
                }
            }
        }
        QVERIFY2(compared > 100, qPrintable(QString::number(compared)));
    }

    void severalClasses()
    {
        if (!haveGoldens())
            return;
        int compared = 0;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            if (*item.text("kind") != "multiclass")
                continue;
            ConfusionMatrix matrix(3);
            const auto &actual = *member(item, "y_true").array();
            const auto &predicted = *member(item, "y_pred").array();
            for (std::size_t row = 0; row < actual.size(); ++row)
                matrix.add(static_cast<int>(*actual[row].integer()), static_cast<int>(*predicted[row].integer()));
            const json::Value &sklearn = member(item, "sklearn");
            const std::map<std::string, Averaging> ways{{"macro", Averaging::Macro}, {"micro", Averaging::Micro}, {"weighted", Averaging::Weighted}};
            const std::map<std::string, BinaryMetric> scores{{"precision", BinaryMetric::Precision}, {"recall", BinaryMetric::Recall}, {"f1", BinaryMetric::F1}};
            for (const auto &[way, averaging] : ways)
                for (const auto &[name, metric] : scores) {
                    const auto expected = answer(sklearn, name + "_score." + way);
                    QVERIFY(expected);
                    COMPARE_TO(average(matrix, metric, averaging, kFairlearn), *expected, (name + " " + way).c_str());
                    ++compared;
                }
            COMPARE_TO(balancedAccuracy(matrix), *answer(sklearn, "balanced_accuracy"), "balanced accuracy");
            COMPARE_TO(matthews(matrix), *answer(sklearn, "mcc"), "mcc");
        }
        QCOMPARE(compared, 18);
    }

    void amounts()
    {
        if (!haveGoldens())
            return;
        int compared = 0;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            if (*item.text("kind") != "regression" || id == "regression.nan_pred") // the reader drops and counts NaN
                continue;
            Regression sums;
            const auto &actual = *member(item, "y_true").array();
            const auto &predicted = *member(item, "y_pred").array();
            for (std::size_t row = 0; row < actual.size(); ++row)
                sums.add(real(actual[row]), real(predicted[row]));
            const json::Value &sklearn = member(item, "sklearn");
            COMPARE_TO(mae(sums), *answer(sklearn, "mae"), "mae");
            COMPARE_TO(rmse(sums), std::sqrt(*answer(sklearn, "mse")), "rmse");
            COMPARE_TO(rSquared(sums, kFairlearn), *answer(sklearn, "r2"), "r2");
            COMPARE_TO(mape(sums), *answer(sklearn, "mape"), "mape");
            ++compared;
        }
        QCOMPARE(compared, 3);
    }

    void drifts()
    {
        if (!haveGoldens())
            return;
        int compared = 0;
        for (const json::Value &item : *member(golden("edge"), "cases").array()) {
            const std::string id = *item.text("id");
            if (*item.text("kind") != "drift")
                continue;
            std::vector<double> reference;
            std::vector<double> current;
            for (const json::Value &value : *member(item, "reference").array())
                reference.push_back(real(value));
            for (const json::Value &value : *member(item, "current").array())
                current.push_back(real(value));
            sortSample(reference);
            sortSample(current);
            const json::Value &scipy = member(item, "scipy");
            const json::Value *ks = memberOrNull(member(scipy, "ks_2samp"), "value");
            const auto ours = kolmogorovSmirnov(reference, current);
            QCOMPARE(ours.statistic.isDefined(), ks != nullptr);
            if (ks) {
                COMPARE_TO(ours.statistic, real((*ks->array())[0]), "ks");
                if (id != "drift.with_nan") // SciPy ranks NaN as the largest value, so its sample is longer
                    QVERIFY2(agrees(ours.pValue, real((*ks->array())[1]), 1e-9),
                             qPrintable(QString::fromStdString(id) + QString::number(ours.pValue.value, 'g', 17)));
            }
            if (const auto distance = answer(scipy, "wasserstein"); distance && !std::isnan(*distance))
                COMPARE_TO(wassersteinDistance(reference, current), *distance, "wasserstein");
            const BinEdges edges = referenceEdges(reference);
            const Figure psiOfBins = psi(countBins(edges, reference), countBins(edges, current));
            if (edges.bins() < 2 || current.empty())
                QVERIFY(!psiOfBins.isDefined()); // the peers' NaN, and their 0.0 that is blind
            else
                COMPARE_TO(psiOfBins, *answer(scipy, "psi_quantile_10"), "psi");
            ++compared;
        }
        QCOMPARE(compared, 4);
    }
};

QTEST_GUILESS_MAIN(GoldenEdgeTest)
#include "tst_goldenedge.moc"
