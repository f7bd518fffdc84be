#include "goldens.h"

#include "models/metrics/multiclass.h"
#include "models/metrics/regression.h"

#include <QtTest>

#include <charconv>
#include <functional>

using namespace countersign;
using namespace countersign::metrics;

namespace {

using Answers = std::map<std::string, Figure>;

const std::map<std::string, double> kLooser{ // metrics.md: log loss and AUC at 1e-9, everything else at 1e-12
    {"roc_auc", 1e-9}, {"gini", 1e-9}, {"average_precision", 1e-9}, {"log_loss", 1e-9}, {"log_loss_eps_float64 (sklearn>=1.3)", 1e-9},
    {"log_loss(labels=[0,1])", 1e-9}, {"roc_auc_ovr_macro", 1e-9}, {"roc_auc_ovr_weighted", 1e-9}, {"roc_auc_ovo_macro", 1e-9},
    {"roc_auc_ovo_weighted", 1e-9}, {"roc_auc_ovr", 1e-9}, {"average_precision_ovr", 1e-9}};

double tolerance(const std::string &name)
{
    const auto at = kLooser.find(name);
    return at == kLooser.end() ? 1e-12 : at->second;
}

/// Names that come from scikit-learn answer 0 where there is no value, so its conventions are asked for; the rest is ours.
Answers binaryAnswers(const Sample &sample, const Counts &counts, const Ranking &ranking)
{
    Answers answers;
    for (const BinaryMetric metric : kBinaryMetrics)
        answers[std::string(key(metric))] = figure(counts, metric);
    answers["ppv"] = answers["precision"];
    const Options sklearn{Convention::Fairlearn};
    for (const BinaryMetric metric : {BinaryMetric::Precision, BinaryMetric::Recall, BinaryMetric::F1, BinaryMetric::Jaccard, BinaryMetric::Mcc})
        answers[std::string(key(metric))] = figure(counts, metric, sklearn);
    answers["f2"] = fBeta(counts, 2, sklearn);
    answers["roc_auc"] = auc(ranking);
    answers["gini"] = gini(ranking);
    answers["average_precision"] = averagePrecision(ranking);
    answers["ks_from_roc"] = kolmogorovSmirnov(ranking);
    const Losses losses = lossesOf(sample);
    answers["log_loss_eps_float64 (sklearn>=1.3)"] = logLoss(losses);
    answers["brier"] = brier(losses);
    answers["brier_skill"] = brierSkill(losses);
    return answers;
}

Answers ecesOf(const Sample &sample)
{
    Answers answers;
    for (const int bins : {10, 15, 20})
        answers["ece_uniform_" + std::to_string(bins) + "_leftclosed"] = calibrationError(binsOf(sample, bins));
    answers["mce_uniform_10_leftclosed"] = maximumCalibrationError(binsOf(sample, 10));
    auto ascending = sample.scores;
    std::ranges::sort(ascending);
    const auto edges = massEdges(ascending, 10);
    std::vector<CalibrationBin> bins(edges.size() + 1);
    for (std::size_t row = 0; row < sample.size(); ++row)
        bins[static_cast<std::size_t>(edgeBin(sample.scores[row], edges))].add(sample.scores[row], sample.actual[row], sample.weight(row));
    answers["ece_quantile_10"] = calibrationError(bins);
    return answers;
}

Sample sampleOf(const json::Value &item)
{
    const json::Value *filter = memberOrNull(item, "filter");
    const Table table = logFile(*item.text("file")).where(filter && filter->string() ? *filter->string() : "");
    Sample sample;
    for (const std::string &label : table.column(*item.text("label")))
        sample.actual.push_back(label == "1");
    sample.scores = table.numbers(*item.text("score"));
    const std::string rule = item.textOr("pred", "y_pred");
    if (rule.starts_with("score >= ")) {
        const double threshold = std::stod(rule.substr(9));
        for (const double score : sample.scores)
            sample.predicted.push_back(score >= threshold);
    } else {
        for (const std::string &decision : table.column("y_pred"))
            sample.predicted.push_back(decision == "1");
    }
    if (const json::Value *weight = memberOrNull(item, "sample_weight"); weight && weight->string())
        sample.weights = table.numbers(*weight->string());
    return sample;
}

std::vector<double> rowOf(std::initializer_list<const std::vector<double> *> columns, std::size_t row)
{
    std::vector<double> values;
    for (const auto *column : columns)
        values.push_back((*column)[row]);
    return values;
}

} // namespace

class GoldenPerformanceTest : public QObject
{
    Q_OBJECT

    int m_compared = 0;

    void compare(const std::string &id, const json::Value &expected, const Answers &answers)
    {
        for (const auto &[name, figure] : answers) {
            const json::Value *value = memberOrNull(expected, name);
            if (!value || !isReal(*value))
                continue;
            ++m_compared;
            QVERIFY2(agrees(figure, real(*value), tolerance(name)),
                     qPrintable(QStringLiteral("%1 %2: %3 instead of %4")
                                    .arg(QString::fromStdString(id), QString::fromStdString(name))
                                    .arg(figure.value, 0, 'g', 17)
                                    .arg(real(*value), 0, 'g', 17)));
        }
    }

private Q_SLOTS:
    void binaryMetricsOfRealLogs()
    {
        if (!haveGoldens())
            return;
        for (const json::Value &item : *member(golden("perf"), "cases").array()) {
            const std::string id = *item.text("id");
            if (!memberOrNull(item, "score"))
                continue;
            const json::Value &expected = member(item, "metrics");
            const Sample sample = sampleOf(item);
            const Counts counts = countsOf(sample);
            QCOMPARE(counts.rows, static_cast<std::uint64_t>(*expected.integer("n")));
            QCOMPARE(counts.tp, real(member(expected, "tp")));
            QCOMPARE(counts.fp, real(member(expected, "fp")));
            QCOMPARE(counts.fn, real(member(expected, "fn")));
            QCOMPARE(counts.tn, real(member(expected, "tn")));
            const Ranking ranking = rankingOf(sample);
            compare(id, expected, binaryAnswers(sample, counts, ranking));
            compare(id, expected, ecesOf(sample));
            QCOMPARE(*kolmogorovSmirnov(ranking).at, real(member(expected, "ks_best_threshold")));
            if (const json::Value *ks = memberOrNull(expected, "ks_2samp"))
                QVERIFY(isNear(kolmogorovSmirnov(ranking).value, real(*ks)));
        }
        QVERIFY2(m_compared > 700, qPrintable(QString::number(m_compared)));
    }

    void scoresOfGroups()
    {
        if (!haveGoldens())
            return;
        m_compared = 0;
        for (const json::Value &item : *member(golden("group_scores"), "cases").array()) {
            const json::Value &filter = member(item, "filter");
            const Table table = logFile(*item.text("file")).where(filter.string() ? *filter.string() : "");
            const Sample all = sampleOf(item);
            std::vector<std::string> columns;
            for (const json::Value &column : *member(item, "group").array())
                columns.push_back(*column.string());
            const auto compareCell = [&](const std::string &name, const json::Value &expected, const Sample &sample) {
                const Ranking ranking = rankingOf(sample);
                const Losses losses = lossesOf(sample);
                QCOMPARE(static_cast<double>(ranking.rows), real(member(expected, "count")));
                compare(*item.text("id") + " " + name, expected,
                        {{"roc_auc", auc(ranking)}, {"average_precision", averagePrecision(ranking)}, {"log_loss", logLoss(losses)},
                         {"brier", brier(losses)}, {"ece_uniform_10_leftclosed", calibrationError(binsOf(sample, 10))},
                         {"ks", kolmogorovSmirnov(ranking)},
                         {"calibration_in_the_large (mean score - prevalence)", calibrationInTheLarge(losses)}});
            };
            compareCell("overall", member(item, "overall"), all);
            const json::Value &expected = member(item, "by_group");
            const auto groups = groupsOf(table, columns);
            for (const auto &[name, cell] : expected.object()->members())
                compareCell(name, cell, all.subset(groups.at(name)));
        }
        QVERIFY2(m_compared > 200, qPrintable(QString::number(m_compared)));
    }

    void severalClasses()
    {
        if (!haveGoldens())
            return;
        m_compared = 0;
        for (const json::Value &item : *member(golden("perf"), "cases").array()) {
            const std::string id = *item.text("id");
            if (!id.starts_with("wine.multiclass"))
                continue;
            const json::Value &expected = member(item, "metrics");
            const Table table = logFile("wine_preds.csv").where(item.textOr("filter", ""));
            const std::map<std::string, int> numbers{{"high", 0}, {"low", 1}, {"mid", 2}};
            const auto high = table.numbers("p_high");
            const auto low = table.numbers("p_low");
            const auto mid = table.numbers("p_mid");
            ConfusionMatrix matrix(3);
            ClassLosses losses;
            std::vector<int> actual;
            std::vector<double> scores;
            for (std::size_t row = 0; row < table.rows; ++row) {
                actual.push_back(numbers.at(table.column("cls_true")[row]));
                matrix.add(actual.back(), numbers.at(table.column("cls_pred")[row]));
                const auto values = rowOf({&high, &low, &mid}, row);
                losses.add(values, actual.back());
                for (const double value : values)
                    scores.push_back(value / (values[0] + values[1] + values[2]));
            }
            for (int i = 0; i < 3; ++i)
                for (int j = 0; j < 3; ++j)
                    QCOMPARE(matrix.at(i, j), real((*(*member(expected, "confusion").array())[static_cast<std::size_t>(i)].array())[static_cast<std::size_t>(j)]));
            const ClassScores classScores{3, actual, scores, {}};
            Answers answers{{"accuracy", accuracy(matrix)}, {"balanced_accuracy", balancedAccuracy(matrix)}, {"mcc", matthews(matrix)},
                            {"cohen_kappa", kappa(matrix)}, {"log_loss", logLoss(losses)},
                            {"brier_multiclass (sum over classes, mean over rows)", brier(losses)},
                            {"roc_auc_ovr_macro", oneVersusRestAuc(classScores, Averaging::Macro)},
                            {"roc_auc_ovr_weighted", oneVersusRestAuc(classScores, Averaging::Weighted)},
                            {"roc_auc_ovo_macro", oneVersusOneAuc(classScores, Averaging::Macro)},
                            {"roc_auc_ovo_weighted", oneVersusOneAuc(classScores, Averaging::Weighted)}};
            const std::map<std::string, Averaging> ways{{"macro", Averaging::Macro}, {"micro", Averaging::Micro}, {"weighted", Averaging::Weighted}};
            for (const auto &[way, averaging] : ways)
                for (const BinaryMetric metric : {BinaryMetric::Precision, BinaryMetric::Recall, BinaryMetric::F1})
                    answers[std::string(key(metric)) + "_" + way] = average(matrix, metric, averaging);
            compare(id, expected, answers);
            for (const auto &[name, number] : numbers) {
                const Counts counts = matrix.against(number);
                compare(id + " " + name, member(expected, "class." + name),
                        {{"precision", figure(counts, BinaryMetric::Precision)}, {"recall", figure(counts, BinaryMetric::Recall)},
                         {"f1", figure(counts, BinaryMetric::F1)}, {"roc_auc_ovr", oneVersusRestAuc(classScores, number)}});
            }
        }
        QVERIFY2(m_compared > 80, qPrintable(QString::number(m_compared)));
    }

    void amounts()
    {
        if (!haveGoldens())
            return;
        m_compared = 0;
        for (const json::Value &item : *member(golden("perf"), "cases").array()) {
            const std::string id = *item.text("id");
            if (!id.starts_with("wine.regression"))
                continue;
            const Table table = logFile("wine_preds.csv").where(item.textOr("filter", ""));
            const auto actual = table.numbers("y_true");
            const auto predicted = table.numbers("y_pred");
            Regression sums;
            for (std::size_t row = 0; row < table.rows; ++row)
                sums.add(actual[row], predicted[row]);
            compare(id, member(item, "metrics"),
                    {{"mae", mae(sums)}, {"rmse", rmse(sums)}, {"r2", rSquared(sums)}, {"mape", mape(sums)}, {"smape", smape(sums)},
                     {"wape", wape(sums)}, {"bias_mean_error (pred - true)", meanError(sums)}});
        }
        QCOMPARE(m_compared, 21);
    }
};

QTEST_GUILESS_MAIN(GoldenPerformanceTest)
#include "tst_goldenperf.moc"
