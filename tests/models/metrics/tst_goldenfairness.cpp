#include "goldens.h"

#include "models/metrics/fairness/fairness.h"
#include "models/metrics/fairness/impactratio.h"
#include "models/metrics/fairness/inequality.h"

#include <QtTest>

#include <cmath>

using namespace countersign;
using namespace countersign::metrics;

namespace {

const Options kFairlearn{Convention::Fairlearn};
const Options kAif360{Convention::Aif360};

const std::map<std::string, BinaryMetric> kFairlearnNames{
    {"selection_rate", BinaryMetric::SelectionRate}, {"tpr", BinaryMetric::Recall}, {"fpr", BinaryMetric::FalsePositiveRate},
    {"tnr", BinaryMetric::Specificity}, {"fnr", BinaryMetric::FalseNegativeRate}, {"accuracy", BinaryMetric::Accuracy},
    {"precision", BinaryMetric::Precision}, {"f1", BinaryMetric::F1}};

const std::map<std::string, BinaryMetric> kTableNames{
    {"prevalence", BinaryMetric::Prevalence}, {"selection_rate", BinaryMetric::SelectionRate}, {"accuracy", BinaryMetric::Accuracy},
    {"error_rate", BinaryMetric::ErrorRate}, {"tpr", BinaryMetric::Recall}, {"fpr", BinaryMetric::FalsePositiveRate},
    {"fnr", BinaryMetric::FalseNegativeRate}, {"tnr", BinaryMetric::Specificity}, {"ppv", BinaryMetric::Precision},
    {"npv", BinaryMetric::NegativePredictiveValue}, {"fdr", BinaryMetric::FalseDiscoveryRate}, {"for", BinaryMetric::FalseOmissionRate},
    {"balanced_accuracy", BinaryMetric::BalancedAccuracy}};

/// Group names are written as text or as a number.
std::string textOf(const json::Value &value)
{
    return value.number() ? value.number()->lexeme : *value.string();
}

Table tableOf(const std::string &id, const std::string &file)
{
    const auto dot = id.find(".20");
    return logFile(file).where(dot == std::string::npos ? "" : "year == " + id.substr(dot + 1));
}

Sample sampleOf(const Table &table, const json::Value &item)
{
    Sample sample;
    for (const std::string &label : table.column("y_true"))
        sample.actual.push_back(label == "1");
    for (const std::string &decision : table.column("y_pred"))
        sample.predicted.push_back(decision == "1");
    sample.scores = table.numbers("score");
    if (const json::Value *weight = memberOrNull(item, "sample_weight"); weight && weight->string())
        sample.weights = table.numbers(*weight->string());
    return sample;
}

} // namespace

class GoldenFairnessTest : public QObject
{
    Q_OBJECT

    int m_compared = 0;
    std::string m_where;

    void expect(const Figure &figure, double expected, const std::string &what, double relative = 1e-12, double absolute = 1e-15)
    {
        ++m_compared;
        QVERIFY2(agrees(figure, expected, relative, absolute),
                 qPrintable(QStringLiteral("%1 %2: %3 instead of %4").arg(QString::fromStdString(m_where), QString::fromStdString(what))
                                .arg(figure.value, 0, 'g', 17).arg(expected, 0, 'g', 17)));
    }

    void compareTable(const json::Value &expected, const std::map<std::string, Counts> &cells)
    {
        for (const auto &[name, row] : expected.object()->members()) {
            const Counts &counts = cells.at(name);
            QCOMPARE(static_cast<double>(counts.rows), real(member(row, "n")));
            for (const auto &[column, value] : {std::pair{"weight", counts.total()}, {"tp", counts.tp}, {"fp", counts.fp}, {"tn", counts.tn}, {"fn", counts.fn}})
                QCOMPARE(value, real(member(row, column)));
            for (const auto &[column, metric] : kTableNames)
                if (const json::Value *value = memberOrNull(row, column); value && isReal(*value)) {
                    // The golden halves TPR + TNR and has nothing for one class; ours takes the classes that are present.
                    if (metric == BinaryMetric::BalancedAccuracy && std::isnan(real(*value)))
                        continue;
                    expect(figure(counts, metric), real(*value), name + " " + column);
                }
        }
    }

    void compareFairlearn(const json::Value &expected, const std::map<std::string, Counts> &cells)
    {
        std::vector<Group> groups;
        for (const auto &[name, counts] : cells)
            groups.push_back({counts, false});
        const Counts all = overall(groups);
        for (const auto &[name, metric] : kFairlearnNames) {
            expect(figure(all, metric, kFairlearn), real(member(member(expected, "overall"), name)), "overall " + name);
            for (const auto &[group, row] : member(expected, "by_group").object()->members())
                expect(figure(cells.at(group), metric, kFairlearn), real(member(row, name)), group + " " + name);
            for (const auto &[form, comparison] : {std::pair{"difference.", Comparison::Difference}, {"ratio.", Comparison::Ratio}}) {
                expect(disparity(groups, metric, comparison, kFairlearn).figure, real(member(member(expected, std::string(form) + "between_groups"), name)), name);
                expect(disparity(groups, metric, comparison, kFairlearn, {}, Baseline::Overall, all).figure,
                       real(member(member(expected, std::string(form) + "to_overall"), name)), "to overall " + name);
            }
            const Disparity spread = disparity(groups, metric, Comparison::Difference, kFairlearn);
            expect(figure(groups[static_cast<std::size_t>(*spread.lowest)].counts, metric, kFairlearn), real(member(member(expected, "group_min"), name)), "min " + name);
            expect(figure(groups[static_cast<std::size_t>(*spread.highest)].counts, metric, kFairlearn), real(member(member(expected, "group_max"), name)), "max " + name);
        }
        for (const auto &[method, baseline] : {std::pair{"between_groups", Baseline::BetweenGroups}, {"to_overall", Baseline::Overall}})
            for (const auto &[form, comparison] : {std::pair{"difference", Comparison::Difference}, {"ratio", Comparison::Ratio}}) {
                const std::string tail = std::string("_") + form + "." + method;
                for (const BinaryMetric metric : {BinaryMetric::SelectionRate, BinaryMetric::Recall})
                    expect(disparity(groups, metric, comparison, kFairlearn, {}, baseline, all).figure,
                           real(member(expected, disparityKey(metric, comparison) + "." + method)), disparityKey(metric, comparison) + method);
                for (const auto &[aggregation, mean] : {std::pair{".worst_case", false}, {".mean", true}})
                    expect(equalizedOdds(groups, comparison, mean, kFairlearn, {}, baseline, all).figure,
                           real(member(expected, "equalized_odds" + tail + aggregation)), "equalized_odds" + tail + aggregation);
            }
    }

    /// `unweighted` for inequality: AIF360 gives every person the same say there, whatever the instance weights.
    void compareAif360(const json::Value &expected, const Counts &group, const Counts &privileged, const Counts &groupRows, const Counts &privilegedRows)
    {
        const auto difference = [&](BinaryMetric metric) { return metrics::compare(group, privileged, metric, Comparison::Difference, kAif360); };
        const auto ratio = [&](BinaryMetric metric) { return metrics::compare(group, privileged, metric, Comparison::Ratio, kAif360); };
        const std::map<std::string, Figure> answers{
            {"statistical_parity_difference", difference(BinaryMetric::SelectionRate)},
            {"disparate_impact", ratio(BinaryMetric::SelectionRate)},
            {"equal_opportunity_difference", difference(BinaryMetric::Recall)},
            {"average_odds_difference", averageOdds(group, privileged, false, kAif360)},
            {"average_abs_odds_difference", averageOdds(group, privileged, true, kAif360)},
            {"equalized_odds_difference", equalizedOdds(group, privileged, false, kAif360)},
            {"true_positive_rate_difference", difference(BinaryMetric::Recall)},
            {"false_positive_rate_difference", difference(BinaryMetric::FalsePositiveRate)},
            {"false_negative_rate_difference", difference(BinaryMetric::FalseNegativeRate)},
            {"false_omission_rate_difference", difference(BinaryMetric::FalseOmissionRate)},
            {"false_discovery_rate_difference", difference(BinaryMetric::FalseDiscoveryRate)},
            {"false_positive_rate_ratio", ratio(BinaryMetric::FalsePositiveRate)},
            {"false_negative_rate_ratio", ratio(BinaryMetric::FalseNegativeRate)},
            {"false_omission_rate_ratio", ratio(BinaryMetric::FalseOmissionRate)},
            {"false_discovery_rate_ratio", ratio(BinaryMetric::FalseDiscoveryRate)},
            {"error_rate_difference", difference(BinaryMetric::ErrorRate)},
            {"error_rate_ratio", ratio(BinaryMetric::ErrorRate)},
            {"predictive_parity_difference (PPV unpriv - priv)", difference(BinaryMetric::Precision)},
            {"predictive_parity_ratio (PPV unpriv / priv)", ratio(BinaryMetric::Precision)},
            {"label.statistical_parity_difference", difference(BinaryMetric::Prevalence)},
            {"label.disparate_impact", ratio(BinaryMetric::Prevalence)}};
        for (const auto &[name, figure] : answers)
            expect(figure, real(member(expected, name)), name, 1e-12, 1e-14);
        Counts both = groupRows;
        both += privilegedRows;
        expect(theilIndex(both), real(member(expected, "theil_index")), "theil");
        expect(generalizedEntropy(both, 2), real(member(expected, "generalized_entropy_index")), "generalized entropy");
        for (const auto &[name, alpha] : {std::pair{"0.5", 0.5}, {"1", 1.0}, {"2", 2.0}, {"3", 3.0}})
            expect(generalizedEntropy(both, alpha), real(member(expected, std::string("generalized_entropy_index.alpha=") + name)), name);
        expect(generalizedEntropy(both, 0), real(member(member(expected, "independent_check"), "gei_0_by_definition")), "GE(0)");
        const std::array pair{privilegedRows, groupRows};
        expect(betweenGroupEntropy(pair, 1), real(member(expected, "between_group_theil_index")), "between Theil", 1e-8); // near 0: the peer's sum is rounded
        expect(betweenGroupEntropy(pair, 2), real(member(expected, "between_group_generalized_entropy_index")), "between GE(2)", 1e-8);
    }

    void compareAequitas(const json::Value &expected, const Table &table, const Sample &sample)
    {
        const std::map<std::string, BinaryMetric> names{
            {"accuracy", BinaryMetric::Accuracy}, {"tpr", BinaryMetric::Recall}, {"tnr", BinaryMetric::Specificity},
            {"for", BinaryMetric::FalseOmissionRate}, {"fdr", BinaryMetric::FalseDiscoveryRate}, {"fpr", BinaryMetric::FalsePositiveRate},
            {"fnr", BinaryMetric::FalseNegativeRate}, {"npv", BinaryMetric::NegativePredictiveValue}, {"precision", BinaryMetric::Precision},
            {"pprev", BinaryMetric::SelectionRate}, {"prev", BinaryMetric::Prevalence}};
        std::map<std::string, Counts> cells;
        for (const auto &[name, row] : member(expected, "group").object()->members()) {
            const auto equals = name.find('=');
            const std::string column = name.substr(0, equals);
            const std::string value = name.substr(equals + 1);
            const auto groups = groupsOf(table, {column});
            const auto group = groups.find(value);
            if (group == groups.end())
                continue; // an empty value under another name
            cells[name] = countsOf(sample.subset(group->second));
            for (const auto &[key, metric] : names)
                expect(figure(cells[name], metric), real(member(row, key)), name + " " + key);
        }
        const json::Value &references = member(expected, "ref");
        for (const auto &[name, row] : member(expected, "disparity (group / ref)").object()->members()) {
            const std::string column = name.substr(0, name.find('='));
            const auto group = cells.find(name);
            const auto reference = cells.find(column + "=" + references.textOr(column, ""));
            if (group == cells.end() || reference == cells.end())
                continue;
            for (const auto &[key, metric] : names) {
                const json::Value *value = memberOrNull(row, key + "_disparity");
                if (!value)
                    continue;
                const Figure ratio = metrics::compare(group->second, reference->second, metric, Comparison::Ratio);
                if (ratio.reason == Reason::ReferenceZero)
                    QVERIFY(std::isnan(real(*value)) || real(*value) == 10); // aequitas writes 10 for x / 0; we say what it is
                else
                    expect(ratio, real(*value), name + " " + key + " disparity");
            }
        }
    }

private Q_SLOTS:
    void realLogs()
    {
        if (!haveGoldens())
            return;
        for (const json::Value &item : *member(golden("fairness"), "cases").array()) {
            const std::string id = *item.text("id");
            const Table table = tableOf(id, *item.text("file"));
            const Sample sample = sampleOf(table, item);
            for (const auto &[attribute, expected] : member(item, "attributes").object()->members()) {
                m_where = id + " " + attribute;
                std::map<std::string, Counts> cells;
                std::map<std::string, Counts> unweighted;
                Sample equal = sample;
                equal.weights.clear();
                for (const auto &[name, rows] : groupsOf(table, {attribute})) {
                    cells[name] = countsOf(sample.subset(rows));
                    unweighted[name] = countsOf(equal.subset(rows));
                }
                compareTable(member(expected, "group_table"), cells);
                compareFairlearn(member(expected, "fairlearn"), cells);
                for (const json::Value &pair : *member(expected, "aif360").array()) {
                    const std::string group = textOf(member(pair, "unprivileged"));
                    const std::string privileged = textOf(member(pair, "privileged"));
                    compareAif360(member(pair, "metrics"), cells.at(group), cells.at(privileged), unweighted.at(group), unweighted.at(privileged));
                }
            }
            if (const json::Value *intersections = memberOrNull(item, "intersections"))
                for (const auto &[name, expected] : intersections->object()->members()) {
                    m_where = id + " " + name;
                    const auto split = name.find(" x ");
                    std::map<std::string, Counts> cells;
                    for (const auto &[group, rows] : groupsOf(table, {name.substr(0, split), name.substr(split + 3)}))
                        cells[group] = countsOf(sample.subset(rows));
                    compareTable(member(expected, "group_table"), cells);
                }
            m_where = id + " aequitas";
            if (const json::Value *aequitas = memberOrNull(item, "aequitas"))
                compareAequitas(*aequitas, table, sample);
        }
        QVERIFY2(m_compared > 3000, qPrintable(QString::number(m_compared)));
    }

    void selectionAndScoringRatesOfLocalLaw144()
    {
        if (!haveGoldens())
            return;
        m_compared = 0;
        const std::map<std::string, std::vector<std::string>> attributes{{"sex", {"sex"}}, {"race", {"race"}}, {"intersection", {"sex", "race"}}};
        for (const auto &[log, item] : member(golden("ll144"), "cases").object()->members()) {
            const Table &table = logFile(*item.text("file"));
            auto scores = table.numbers("score");
            auto reordered = scores;
            const Figure median = sampleMedian(reordered);
            for (const bool isScored : {false, true})
                for (const auto &[attribute, columns] : attributes) {
                    m_where = log + " " + attribute + (isScored ? " scored" : "");
                    const json::Value &expected = member(member(item, isScored ? "score_based" : "binary"), attribute);
                    if (isScored)
                        QCOMPARE(median.value, real(member(expected, "median")));
                    std::vector<Category> categories;
                    std::vector<std::string> names;
                    for (const auto &[name, rows] : groupsOf(table, columns)) {
                        Category category{rows.size(), 0, false};
                        for (const std::size_t row : rows)
                            category.selected += isScored ? scores[row] > median.value : table.column("y_pred")[row] == "1";
                        categories.push_back(category);
                        names.push_back(name);
                    }
                    const ImpactTable impact = impactRatios(categories);
                    const json::Value &rows = member(expected, "rows");
                    QCOMPARE(rows.object()->size(), names.size());
                    for (std::size_t i = 0; i < names.size(); ++i) {
                        const json::Value &row = member(rows, names[i]);
                        QCOMPARE(static_cast<double>(categories[i].applicants), real(member(row, "applicants")));
                        QCOMPARE(static_cast<double>(categories[i].selected), real(member(row, "selected_or_above_median")));
                        expect(impact.categories[i].rate, real(member(row, "rate")), names[i]);
                        expect(impact.categories[i].impactRatio, real(member(row, "impact_ratio")), names[i]);
                        expect(impact.categories[i].withoutSmall, real(member(row, "impact_ratio_excluding_categories_below_2pct")), names[i]); // null reads as NaN
                        QVERIFY(isNear(impact.categories[i].share, real(member(row, "share"))));
                    }
                }
        }
        QVERIFY2(m_compared > 150, qPrintable(QString::number(m_compared)));
    }
};

QTEST_GUILESS_MAIN(GoldenFairnessTest)
#include "tst_goldenfairness.moc"
