#include "models/metrics/definition.h"
#include "models/metrics/fairness/inequality.h"
#include "models/metrics/intervals/multiplicity.h"
#include "sets.h"

#include <set>

using namespace countersign;
using namespace countersign::computed;
using tables::Row;

namespace {

/// Rows whose groups differ: "z" is selected less often.
std::vector<Row> unequalRows(std::uint64_t seed, std::size_t count)
{
    auto rows = tables::randomRows(seed, count, 3);
    for (Row &row : rows)
        if (row.a == "z" && std::isfinite(row.score))
            row.score *= 0.8;
    return rows;
}

const ComputedDisparity *disparity(const ComputedSet &set, const std::string &name, const std::string &attribute, const std::string &window = {})
{
    for (const auto &own : set.disparities)
        if (own.name == name && own.attributes == std::vector<std::string>{attribute} && (own.window ? own.window->name : std::string()) == window)
            return &own;
    return nullptr;
}

const ComputedComparison *comparison(const ComputedSet &set, const std::string &metric, const std::string &attribute)
{
    for (const auto &own : set.comparisons)
        if (own.metric == metric && own.attributes == std::vector<std::string>{attribute} && !own.window)
            return &own;
    return nullptr;
}

/// Cells of an attribute's known groups over the whole log.
std::vector<const ComputedCell *> groupsOf(const ComputedSet &set, const std::string &attribute)
{
    std::vector<const ComputedCell *> cells;
    for (const auto &cell : set.cells)
        if (!cell.window && cell.group.size() == 1 && cell.group[0].first == attribute && cell.group[0].second != kMissingName)
            cells.push_back(&cell);
    return cells;
}

std::string classesCsv(std::uint64_t seed, int count)
{
    SeededRandomness random(seed);
    const std::array<std::string, 3> names{"low", "mid", "top"};
    std::string text = "y,p,s_low,s_mid,s_top,a,t\n";
    for (int i = 0; i < count; ++i) {
        const std::size_t actual = random.next() % 3;
        const std::string group = random.next() % 3 == 0 ? "u" : "v";
        std::array<double, 3> scores{random.unit(), random.unit(), random.unit()};
        scores[actual] += group == "u" ? 0.2 : 0.6;
        const double sum = scores[0] + scores[1] + scores[2];
        const auto best = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
        text += names[actual] + "," + names[best];
        for (const double score : scores)
            text += "," + number::shortest(score / sum);
        text += "," + group + "," + formatDate(fromMillis(1'735'689'600'000 + static_cast<std::int64_t>(random.next() % 20) * 86'400'000)) + "\n";
    }
    return text;
}

predictions::Mapping classesMapping()
{
    predictions::Mapping mapping;
    mapping.task = predictions::Task::Multiclass;
    mapping.label = "y";
    mapping.prediction = "p";
    mapping.classScores = {{"low", "s_low"}, {"mid", "s_mid"}, {"top", "s_top"}};
    mapping.attributes = {{"a", "a", {}}};
    mapping.time = "t";
    return mapping;
}

std::string amountsCsv(std::uint64_t seed, int count)
{
    SeededRandomness random(seed);
    std::string text = "y,p,a,t\n";
    for (int i = 0; i < count; ++i) {
        const double actual = 1 + 5 * random.unit();
        const std::string group = std::array<std::string, 3>{"u", "v", "w"}[random.next() % 3];
        const double error = (random.unit() - 0.5) * (group == "w" ? 3 : 1) + (group == "w" ? 0.4 : 0);
        text += number::shortest(actual) + "," + number::shortest(actual + error) + "," + group + ","
                + formatDate(fromMillis(1'735'689'600'000 + static_cast<std::int64_t>(random.next() % 20) * 86'400'000)) + "\n";
    }
    return text;
}

predictions::Mapping amountsMapping()
{
    predictions::Mapping mapping;
    mapping.task = predictions::Task::Regression;
    mapping.label = "y";
    mapping.prediction = "p";
    mapping.attributes = {{"a", "a", {}}};
    mapping.time = "t";
    return mapping;
}

Parameters quick()
{
    Parameters parameters;
    parameters.bootstrapDraws = 200;
    return parameters;
}

} // namespace

class DisparitiesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneUndefinedPartOfEqualizedOddsIsSaidAndTheOtherReported()
    {
        // "y" has no negatives: its false positive rate is undefined, and one group alone differs from no other.
        std::string text = "y,s,a,b,t,w\n";
        for (int i = 0; i < 40; ++i) {
            text += std::string(i % 2 ? "1," : "0,") + (i % 4 < 2 ? "0.9" : "0.1") + ",x,p,,1\n";
            text += std::string("1,") + (i % 4 < 3 ? "0.9" : "0.1") + ",y,p,,1\n";
        }
        predictions::Mapping mapping = tables::mapping();
        mapping.attributes = {{"a", "a", {}}};
        Parameters parameters;
        parameters.bootstrapDraws = 50;
        const auto set = tables::compute(text, mapping, parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        const ComputedDisparity *fpr = disparity(*set, "fpr_difference", "a");
        const ComputedDisparity *tpr = disparity(*set, "equal_opportunity_difference", "a");
        QVERIFY(fpr && tpr);
        QCOMPARE(fpr->figure.reason, metrics::Reason::TooFewGroups);
        QCOMPARE(tpr->figure.value, 0.25);
        for (const char *name : {"equalized_odds_difference", "equalized_odds_mean_difference"}) {
            const ComputedDisparity *odds = disparity(*set, name, "a");
            QVERIFY(odds);
            QCOMPARE(odds->figure.reason, metrics::Reason::PartUndefined);
            QVERIFY(odds->figure.at && *odds->figure.at == tpr->figure.value);
            QVERIFY(!odds->figure.interval);
        }
        QCOMPARE(*disparity(*set, "equalized_odds_ratio", "a")->figure.at, disparity(*set, "equal_opportunity_ratio", "a")->figure.value);
        const ComputedComparison *pair = comparison(*set, "equalized_odds", "a");
        QVERIFY(pair && !pair->pairs.empty());
        QCOMPARE(pair->pairs.front().difference.reason, metrics::Reason::PartUndefined);
        QCOMPARE(*pair->pairs.front().difference.at, 0.25);
        const Bytes json = writeComputed(*set);
        QVERIFY(json.find("\"at\":0.25,\"") != std::string::npos && json.find("part_undefined") != std::string::npos);
    }

    void everyDefinitionIsThereByItsName()
    {
        const auto set = tables::compute(tables::csv(unequalRows(1, 3000)), tables::mapping(), quick());
        QVERIFY(set.ok());
        // The fairness rows of the definitions.
        for (const char *name : {"demographic_parity_difference", "demographic_parity_ratio", "equal_opportunity_difference", "equal_opportunity_ratio",
                                 "equalized_odds_difference", "equalized_odds_ratio", "equalized_odds_mean_difference", "equalized_odds_mean_ratio",
                                 "predictive_parity_difference", "predictive_parity_ratio", "npv_difference", "npv_ratio", "for_difference", "for_ratio",
                                 "fpr_difference", "fpr_ratio", "fnr_difference", "fnr_ratio", "fdr_difference", "fdr_ratio", "specificity_difference",
                                 "specificity_ratio", "error_rate_difference", "error_rate_ratio", "accuracy_difference", "accuracy_ratio", "auc_difference",
                                 "auc_ratio", "log_loss_difference", "brier_difference", "ece_difference", "calibration_in_the_large_difference",
                                 "mean_score_difference", "average_precision_difference", "f1_difference", "balanced_accuracy_difference",
                                 "between_group_theil_index", "between_group_generalized_entropy_index"}) {
            const auto *own = disparity(*set, name, "a");
            QVERIFY2(own, name);
            QVERIFY2(own->figure.isDefined(), name);
            const bool isBetween = std::string_view(name).starts_with("between");
            QVERIFY2(isBetween || (own->figure.interval && own->figure.interval->lower <= own->figure.value && own->figure.value <= own->figure.interval->upper), name);
            QVERIFY2(isBetween || (!own->highest.empty() && !own->lowest.empty()), name);
        }
        for (const char *metric : {"selection_rate", "recall", "fpr", "precision", "npv", "for", "error_rate", "accuracy", "average_odds", "average_absolute_odds",
                                   "equalized_odds", "auc", "log_loss", "brier", "ece", "calibration_in_the_large", "mean_score"}) {
            const auto *own = comparison(*set, metric, "a");
            QVERIFY2(own && own->pairs.size() == 3, metric); // two other groups and the missing one
            QVERIFY2(own->pairs.front().difference.isDefined(), metric);
        }
        for (const char *name : {"theil_index", "generalized_entropy_index"})
            QVERIFY(set->cells.front().find(name)->interval);
    }

    void everyNameOfASetHasWords()
    {
        const auto binary = tables::compute(tables::csv(unequalRows(1, 3000)), tables::mapping(), quick());
        const auto classes = tables::compute(classesCsv(1, 2000), classesMapping(), quick());
        const auto amounts = tables::compute(amountsCsv(1, 2000), amountsMapping(), quick());
        std::set<std::string> names{"missing_rate_change_p", "js_divergence", "js_distance", "scoring_impact_ratio"};
        for (const auto *set : {&binary, &classes, &amounts}) {
            QVERIFY(set->ok());
            for (const auto &cell : (*set)->cells)
                for (const auto &named : cell.metrics)
                    names.insert(named.name);
            for (const auto &own : (*set)->disparities)
                names.insert(own.name);
            for (const auto &own : (*set)->comparisons)
                names.insert(own.metric);
            for (const auto &own : (*set)->drifts)
                for (const auto &named : own.figures)
                    names.insert(named.name);
        }
        QVERIFY(names.contains("auc_difference") && names.contains("rmse_ratio"));
        std::string unknown;
        for (const std::string &name : names)
            if (const auto words = metrics::define(name); !words.isKnown || words.meaning.empty() || words.title == name)
                unknown += name + " ";
        QVERIFY2(unknown.empty(), unknown.c_str());
        QCOMPARE(metrics::define("auc_difference/sex").title, std::string("AUC difference, sex"));
        QCOMPARE(metrics::define("auc_difference").highest, std::optional(1.0));
        QVERIFY(!metrics::define("of_nothing_known_ratio").isKnown && !metrics::define("difference").isKnown);
    }

    void spreadsAreThoseOfTheGroupsFigures()
    {
        const auto set = tables::compute(tables::csv(unequalRows(2, 4000)), tables::mapping(true), quick());
        QVERIFY(set.ok());
        int compared = 0;
        for (const char *metric : {"auc", "log_loss", "brier", "ece", "average_precision", "f1", "balanced_accuracy", "accuracy", "fnr", "npv", "mean_score"})
            for (const bool isRatio : {false, true}) {
                const auto *own = disparity(*set, std::string(metric) + (isRatio ? "_ratio" : "_difference"), "a");
                QVERIFY2(own, metric);
                double low = std::numeric_limits<double>::infinity();
                double high = -low;
                for (const ComputedCell *cell : groupsOf(*set, "a")) {
                    low = std::min(low, cell->find(metric)->value);
                    high = std::max(high, cell->find(metric)->value);
                }
                QVERIFY2(tables::isNear(own->figure.value, isRatio ? low / high : high - low, 1e-12), metric);
                QCOMPARE(set->find(own->highest)->find(metric)->value, high);
                QCOMPARE(set->find(own->lowest)->find(metric)->value, low);
                ++compared;
            }
        QCOMPARE(compared, 22);
    }

    void pairsAreSignedAgainstTheReference()
    {
        Parameters parameters = quick();
        parameters.references = {{"a", "y"}};
        const auto set = tables::compute(tables::csv(unequalRows(3, 4000)), tables::mapping(), parameters);
        QVERIFY(set.ok());
        const ComputedCell &base = *set->find({{"a", "y"}});
        for (const char *metric : {"selection_rate", "auc", "log_loss", "calibration_in_the_large", "error_rate", "fdr"}) {
            const auto *own = comparison(*set, metric, "a");
            QVERIFY((own->reference == GroupValues{{"a", "y"}}));
            for (const Pairwise &pair : own->pairs) {
                const double value = set->find(pair.group)->find(metric)->value;
                QVERIFY(tables::isNear(pair.difference.value, value - base.find(metric)->value, 1e-12));
                QVERIFY(pair.difference.interval && pair.difference.interval->lower < pair.difference.value && pair.difference.value < pair.difference.interval->upper);
                QVERIFY(pair.pValue.isDefined() && pair.adjustedPValue && *pair.adjustedPValue >= pair.pValue.value);
                if (std::string_view(metric) == "calibration_in_the_large")
                    QVERIFY(pair.ratio.reason == metrics::Reason::NoRatio);
                else
                    QVERIFY(tables::isNear(pair.ratio.value, value / base.find(metric)->value, 1e-12));
            }
        }
        // DeLong's standard error of the difference of independent AUCs.
        const auto errorOf = [&](const GroupValues &group) { // 95 %
            const metrics::Figure &auc = *set->find(group)->find("auc");
            return (auc.interval->upper - auc.interval->lower) / 2 / 1.959963984540054;
        };
        const Pairwise &pair = comparison(*set, "auc", "a")->pairs.front();
        const double expected = 1.959963984540054 * std::hypot(errorOf(pair.group), errorOf({{"a", "y"}}));
        QVERIFY(tables::isNear(pair.difference.interval->upper - pair.difference.value, expected, 1e-9));
        // Average odds by hand.
        const Pairwise &odds = comparison(*set, "average_odds", "a")->pairs.front();
        const ComputedCell &own = *set->find(odds.group);
        const double tpr = own.find("recall")->value - base.find("recall")->value;
        const double fpr = own.find("fpr")->value - base.find("fpr")->value;
        QVERIFY(tables::isNear(odds.difference.value, (tpr + fpr) / 2, 1e-12));
        QVERIFY(tables::isNear(comparison(*set, "average_absolute_odds", "a")->pairs.front().difference.value, (std::fabs(tpr) + std::fabs(fpr)) / 2, 1e-12));
        QVERIFY(tables::isNear(comparison(*set, "equalized_odds", "a")->pairs.front().difference.value, std::max(std::fabs(tpr), std::fabs(fpr)), 1e-12));
    }

    void equalizedOddsByTheWorseAndByTheMean()
    {
        const auto set = tables::compute(tables::csv(unequalRows(4, 4000)), tables::mapping(), quick());
        QVERIFY(set.ok());
        const double tpr = disparity(*set, "equal_opportunity_difference", "a")->figure.value;
        const double fpr = disparity(*set, "fpr_difference", "a")->figure.value;
        QCOMPARE(disparity(*set, "equalized_odds_difference", "a")->figure.value, std::max(tpr, fpr));
        QCOMPARE(disparity(*set, "equalized_odds_mean_difference", "a")->figure.value, (tpr + fpr) / 2);
    }

    void everybodyCanBeTheReference()
    {
        Parameters parameters = quick();
        parameters.isReferenceOverall = true;
        parameters.window = *scoretables::parseWindowSpec("month");
        const auto set = tables::compute(tables::csv(unequalRows(5, 5000)), tables::mapping(true), parameters);
        QVERIFY(set.ok());
        int intervals = 0;
        for (const auto &own : set->comparisons) {
            QVERIFY(own.reference.empty());
            const ComputedCell *everybody = set->find({}, own.window ? own.window->name : std::string());
            const metrics::Figure *base = everybody->find(own.metric);
            if (!base) // the odds
                continue;
            for (const Pairwise &pair : own.pairs) {
                const ComputedCell *cell = set->find(pair.group, own.window ? own.window->name : std::string());
                const metrics::Figure *figure = cell->find(own.metric);
                if (!figure->isDefined() || !base->isDefined())
                    continue;
                QVERIFY2(tables::isNear(pair.difference.value, figure->value - base->value, 1e-9) || std::fabs(pair.difference.value) < 1e-12, own.metric.c_str());
                if (!pair.difference.interval) {
                    QVERIFY2(own.metric == "auc" || own.metric == "ece" || own.metric == "average_precision" || own.metric == "f1" || own.metric == "balanced_accuracy"
                                 || pair.difference.n < 3 || cell->n < 3 || cell->n == everybody->n,
                             own.metric.c_str());
                    continue;
                }
                ++intervals;
                QVERIFY(pair.difference.interval->lower <= pair.difference.value + 1e-12 && pair.difference.value <= pair.difference.interval->upper + 1e-12);
            }
        }
        QVERIFY(intervals > 100);
        // The largest distance of a group from everybody.
        double furthest = 0;
        for (const ComputedCell *cell : groupsOf(*set, "a"))
            furthest = std::max(furthest, std::fabs(cell->find("selection_rate")->value - set->cells.front().find("selection_rate")->value));
        QVERIFY(tables::isNear(disparity(*set, "demographic_parity_difference", "a")->figure.value, furthest, 1e-12));
        QVERIFY(disparity(*set, "demographic_parity_difference", "a")->figure.interval);
    }

    void benefitsBetweenGroups()
    {
        const auto rows = unequalRows(6, 2000);
        const auto set = tables::compute(tables::csv(rows), tables::mapping(), quick());
        QVERIFY(set.ok());
        // Row by row: everybody has their group's mean benefit.
        std::map<std::string, std::vector<double>> benefits;
        for (const Row &row : rows)
            if (row.label >= 0 && std::isfinite(row.score) && !row.a.empty())
                benefits[row.a].push_back((row.score >= 0.5 ? 1 : 0) - row.label + 1);
        std::vector<double> all;
        for (const auto &[group, own] : benefits) {
            double mean = 0;
            for (const double benefit : own)
                mean += benefit / static_cast<double>(own.size());
            all.insert(all.end(), own.size(), mean);
        }
        double mean = 0;
        for (const double benefit : all)
            mean += benefit / static_cast<double>(all.size());
        double theil = 0;
        double entropy = 0;
        for (const double benefit : all) {
            theil += benefit / mean * std::log(benefit / mean) / static_cast<double>(all.size());
            entropy += (benefit * benefit / mean / mean - 1) / 2 / static_cast<double>(all.size());
        }
        QVERIFY(tables::isNear(disparity(*set, "between_group_theil_index", "a")->figure.value, theil, 1e-9));
        QVERIFY(tables::isNear(disparity(*set, "between_group_generalized_entropy_index", "a")->figure.value, entropy, 1e-9));
    }

    void oneFamilyOfTests()
    {
        Parameters parameters = quick();
        parameters.window = *scoretables::parseWindowSpec("month");
        const auto set = tables::compute(tables::csv(unequalRows(7, 4000)), tables::mapping(), parameters);
        QVERIFY(set.ok());
        const std::set<std::string> complements{"error_rate", "fnr", "specificity", "fdr", "for"};
        std::vector<double> values;
        std::vector<double> adjusted;
        for (const auto &own : set->comparisons)
            for (const Pairwise &pair : own.pairs) {
                QCOMPARE(pair.pValue.isDefined(), pair.adjustedPValue.has_value());
                if (pair.pValue.isDefined() && !complements.contains(own.metric)) {
                    values.push_back(pair.pValue.value);
                    adjusted.push_back(*pair.adjustedPValue);
                }
            }
        QVERIFY(values.size() > 200);
        // From the definition: the smallest p m / rank over all that are no smaller.
        for (std::size_t i = 0; i < values.size(); i += 7) {
            double least = 1;
            for (const double other : values)
                if (other >= values[i])
                    least = std::min(least, other * static_cast<double>(values.size()) / static_cast<double>(std::ranges::count_if(values, [&](double v) { return v <= other; })));
            QVERIFY(tables::isNear(adjusted[i], least, 1e-12));
        }
        const auto *recall = comparison(*set, "recall", "a");
        const auto *missed = comparison(*set, "fnr", "a");
        for (std::size_t i = 0; i < recall->pairs.size(); ++i)
            QVERIFY(recall->pairs[i].adjustedPValue == missed->pairs[i].adjustedPValue);
    }

    void renamingGroupsChangesNamesOnly()
    {
        auto rows = unequalRows(8, 3000);
        const auto set = tables::compute(tables::csv(rows), tables::mapping(), quick());
        for (Row &row : rows)
            row.a = row.a == "x" ? "z" : row.a == "z" ? "x" : row.a;
        Parameters parameters = quick();
        const auto other = tables::compute(tables::csv(rows), tables::mapping(), parameters);
        QVERIFY(set.ok() && other.ok());
        for (const auto &own : set->disparities) {
            if (own.attributes != std::vector<std::string>{"a"})
                continue;
            const auto *renamed = disparity(*other, own.name, "a");
            QVERIFY2(own.figure.value == renamed->figure.value || tables::isNear(own.figure.value, renamed->figure.value, 1e-12), own.name.c_str());
        }
    }

    void conventionsOfThePeers()
    {
        // Group y has no negatives: Fairlearn takes its false positive rate for 0, AIF360 has none; nobody of group x is selected.
        std::string text = "y,s,a,b,t,w\n";
        for (int i = 0; i < 40; ++i)
            text += std::string(i % 2 ? "1" : "0") + ",0.1,x,p,,1\n1," + (i % 4 ? "0.9" : "0.1") + ",y,p,,1\n" + (i % 2 ? "1" : "0") + (i % 3 ? ",0.9" : ",0.1") + ",z,p,,1\n";
        Parameters parameters = quick();
        parameters.references = {{"a", "x"}};
        const auto of = [&](metrics::Convention convention) {
            parameters.options.convention = convention;
            auto set = tables::compute(text, tables::mapping(), parameters);
            return *std::move(set);
        };
        const ComputedSet own = of(metrics::Convention::Countersign);
        const ComputedSet fairlearn = of(metrics::Convention::Fairlearn);
        const ComputedSet aif360 = of(metrics::Convention::Aif360);
        const auto pairOf = [](const ComputedSet &set, const char *metric, const char *group) {
            for (const Pairwise &pair : comparison(set, metric, "a")->pairs)
                if (pair.group[0].second == group)
                    return pair;
            return Pairwise{};
        };
        QVERIFY(pairOf(own, "selection_rate", "y").ratio.reason == metrics::Reason::ReferenceZero);
        QCOMPARE(pairOf(fairlearn, "selection_rate", "y").ratio.value, 0.0);
        QVERIFY(pairOf(aif360, "selection_rate", "y").ratio.reason == metrics::Reason::Infinite);
        QVERIFY(pairOf(own, "fpr", "y").difference.reason == metrics::Reason::GroupUndefined);
        QCOMPARE(pairOf(fairlearn, "fpr", "y").difference.value, 0.0);
        QCOMPARE(disparity(own, "fpr_difference", "a")->undefined, 1);
        QCOMPARE(disparity(fairlearn, "fpr_difference", "a")->undefined, 0);
        // A figure that rests on a convention's zero has no interval that leaves it out.
        for (const ComputedSet *set : {&own, &fairlearn, &aif360})
            for (const auto &each : set->disparities)
                if (each.figure.isDefined() && each.figure.interval)
                    QVERIFY2(each.figure.interval->lower <= each.figure.value && each.figure.value <= each.figure.interval->upper, each.name.c_str());
    }

    void classesAreComparedOneByOne()
    {
        Parameters parameters = quick();
        parameters.window = *scoretables::parseWindowSpec("week");
        const auto set = tables::compute(classesCsv(9, 1500), classesMapping(), parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        const ComputedCell &u = *set->find({{"a", "u"}});
        const ComputedCell &v = *set->find({{"a", "v"}});
        for (const char *metric : {"accuracy", "balanced_accuracy", "f1_macro", "auc_ovr_macro", "auc_ovo_macro", "log_loss", "brier"}) {
            const auto *own = disparity(*set, std::string(metric) + "_difference", "a");
            QVERIFY2(own && own->figure.interval, metric);
            QVERIFY2(tables::isNear(own->figure.value, std::fabs(u.find(metric)->value - v.find(metric)->value), 1e-9), metric);
            QVERIFY2(u.find(metric)->interval, metric);
            QVERIFY2(comparison(*set, metric, "a")->pairs.front().pValue.isDefined(), metric);
        }
        // One class against the rest, from the matrix.
        const auto selection = [](const ComputedCell &cell, std::size_t k) {
            double all = 0;
            double chosen = 0;
            for (std::size_t i = 0; i < 3; ++i)
                for (std::size_t j = 0; j < 3; ++j) {
                    all += cell.confusion[i * 3 + j];
                    chosen += j == k ? cell.confusion[i * 3 + j] : 0;
                }
            return chosen / all;
        };
        const auto *parity = disparity(*set, "demographic_parity_difference.mid", "a");
        QVERIFY(parity && tables::isNear(parity->figure.value, std::fabs(selection(u, 1) - selection(v, 1)), 1e-9));
        QVERIFY(parity->figure.interval);
        const auto *opportunity = disparity(*set, "equal_opportunity_difference.top", "a");
        QVERIFY(tables::isNear(opportunity->figure.value, std::fabs(u.find("recall.top")->value - v.find("recall.top")->value), 1e-9));
        QVERIFY(disparity(*set, "equalized_odds_difference.low", "a"));
        QVERIFY(disparity(*set, "accuracy_difference", "a", "2025-01-06"));
    }

    void amountsAreComparedByTheirErrors()
    {
        Parameters parameters = quick();
        const auto set = tables::compute(amountsCsv(10, 2000), amountsMapping(), parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        for (const char *metric : {"rmse", "mae", "mean_error", "r2"}) {
            double low = 1e9;
            double high = -1e9;
            for (const ComputedCell *cell : groupsOf(*set, "a")) {
                QVERIFY2(cell->find(metric)->interval, metric);
                low = std::min(low, cell->find(metric)->value);
                high = std::max(high, cell->find(metric)->value);
            }
            const auto *own = disparity(*set, std::string(metric) + "_difference", "a");
            QVERIFY2(own && own->figure.interval && tables::isNear(own->figure.value, high - low, 1e-12), metric);
            QCOMPARE(disparity(*set, std::string(metric) + "_ratio", "a") != nullptr, std::string_view(metric) == "rmse" || std::string_view(metric) == "mae");
        }
        QVERIFY((disparity(*set, "mae_difference", "a")->highest == GroupValues{{"a", "w"}}));
        QVERIFY(*comparison(*set, "mae", "a")->pairs.back().adjustedPValue < 1e-6);
        parameters.isReferenceOverall = true;
        const auto overall = tables::compute(amountsCsv(10, 2000), amountsMapping(), parameters);
        QVERIFY(overall.ok());
        const auto *bias = comparison(*overall, "mean_error", "a");
        QCOMPARE(bias->pairs.size(), std::size_t(3));
        for (const Pairwise &pair : bias->pairs) {
            QVERIFY(tables::isNear(pair.difference.value, overall->find(pair.group)->find("mean_error")->value - overall->cells.front().find("mean_error")->value, 1e-9));
            QVERIFY(pair.difference.interval && pair.difference.interval->lower <= pair.difference.value && pair.difference.value <= pair.difference.interval->upper);
        }
    }

    void windowsCombineAttributes()
    {
        Parameters parameters = quick();
        parameters.depth = parameters.windowDepth = 2;
        parameters.window = *scoretables::parseWindowSpec("month");
        for (const bool isClasses : {false, true}) {
            predictions::Mapping mapping = isClasses ? classesMapping() : amountsMapping();
            mapping.attributes.push_back({"day", "t", {}});
            const auto set = tables::compute(isClasses ? classesCsv(11, 400) : amountsCsv(11, 400), mapping, parameters);
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
            QVERIFY(std::ranges::any_of(set->cells, [](const ComputedCell &cell) { return cell.window && cell.group.size() == 2 && cell.n > 0; }));
        }
        const auto binary = tables::compute(tables::csv(unequalRows(12, 3000)), tables::mapping(), parameters);
        QVERIFY(binary.ok());
        QVERIFY(binary->find({{"a", "x"}, {"b", "p"}}, "2025-02"));
        QVERIFY(std::ranges::any_of(binary->disparities, [](const ComputedDisparity &own) { return own.window && own.attributes.size() == 2 && own.figure.isDefined(); }));
    }
};

QTEST_APPLESS_MAIN(DisparitiesTest)
#include "tst_disparities.moc"
