#include "goldens.h"

#include "models/metrics/drift/drift.h"
#include "models/metrics/intervals/intervals.h"

#include <QtTest>

#include <cmath>

using namespace countersign;
using namespace countersign::metrics;

namespace {

std::vector<double> numbersFrom(int first, int last)
{
    std::vector<double> values;
    for (int value = first; value <= last; ++value)
        values.push_back(value);
    return values;
}

std::vector<CategoryCount> countedNames(std::vector<std::string> names)
{
    std::vector<CategoryCount> counts;
    std::ranges::sort(names);
    for (const std::string &name : names) {
        if (name.empty())
            continue; // missing
        if (counts.empty() || counts.back().name != name)
            counts.push_back({name, 0});
        counts.back().count += 1;
    }
    return counts;
}

std::vector<std::string> letters(const std::string &text)
{
    std::vector<std::string> result;
    for (const char letter : text)
        result.emplace_back(1, letter);
    return result;
}

struct Columns {
    std::vector<double> reference;
    std::vector<double> current;
    std::vector<std::string> referenceNames;
    std::vector<std::string> currentNames;
};

Columns columnsOf(const json::Value &item)
{
    const std::string id = *item.text("id");
    const double nan = std::nan("");
    if (id == "hand.identical")
        return {numbersFrom(1, 20), numbersFrom(1, 20), {}, {}};
    if (id == "hand.disjoint")
        return {numbersFrom(0, 9), numbersFrom(100, 109), {}, {}};
    if (id == "hand.with_nan") {
        auto current = numbersFrom(1, 18);
        current.insert(current.end(), {nan, nan});
        return {numbersFrom(1, 20), current, {}, {}};
    }
    if (id == "hand.new_category")
        return {{}, {}, letters("AAABB"), letters("AABCC")};
    static std::map<std::string, Table> filtered;
    const auto part = [&](const char *which) -> const Table & {
        const std::string filter = *item.text(which);
        const std::string key = *item.text("file") + filter;
        if (!filtered.contains(key))
            filtered[key] = logFile(*item.text("file")).where(filter);
        return filtered[key];
    };
    const std::string column = item.text("column")->substr(0, item.text("column")->find(" ("));
    const Table &before = part("reference");
    const Table &now = part("current");
    if (*item.text("kind") == "categorical")
        return {{}, {}, before.column(column), now.column(column)};
    return {before.numbers(column), now.numbers(column), {}, {}};
}

} // namespace

class GoldenDriftTest : public QObject
{
    Q_OBJECT

    int m_compared = 0;
    std::string m_where;

    void expect(const Figure &figure, double expected, const char *what, double relative = 1e-12, double absolute = 1e-15)
    {
        ++m_compared;
        QVERIFY2(agrees(figure, expected, relative, absolute),
                 qPrintable(QStringLiteral("%1 %2: %3 instead of %4").arg(QString::fromStdString(m_where), QString::fromUtf8(what))
                                .arg(figure.value, 0, 'g', 17).arg(expected, 0, 'g', 17)));
    }

    void compareMissing(const json::Value &expected, double missingBefore, double rowsBefore, double missingNow, double rowsNow)
    {
        const MissingChange change = missingChange(missingBefore, rowsBefore, missingNow, rowsNow);
        expect(change.reference, real(member(expected, "missing_rate_ref")), "missing before");
        expect(change.current, real(member(expected, "missing_rate_cur")), "missing now");
        if (const json::Value *value = memberOrNull(expected, "missing_rate_change"))
            expect(change.change, real(*value), "missing change");
        if (const json::Value *test = memberOrNull(expected, "missing_two_proportion_chi2_no_yates")) {
            const json::Value *value = memberOrNull(*test, "value");
            expect(change.pValue, value ? real((*value->array())[1]) : std::nan(""), "missing p", 1e-11);
        }
    }

    void compareNumeric(const json::Value &expected, Columns columns)
    {
        const double rowsBefore = static_cast<double>(columns.reference.size());
        const double rowsNow = static_cast<double>(columns.current.size());
        const auto missingBefore = static_cast<double>(sortSample(columns.reference));
        const auto missingNow = static_cast<double>(sortSample(columns.current));
        compareMissing(expected, missingBefore, rowsBefore, missingNow, rowsNow);
        const auto ks = kolmogorovSmirnov(columns.reference, columns.current);
        expect(ks.statistic, real(member(expected, "ks_statistic")), "ks");
        // A p-value has no digits of its own below 1e-16 of 1; the expansion of Pelz and Good is good to about 1e-5.
        expect(ks.pValue, real(member(expected, "ks_p_asymptotic")), "ks p", 1e-8, 1e-16);
        expect(wassersteinDistance(columns.reference, columns.current), real(member(expected, "wasserstein_1")), "wasserstein");
        for (const int bins : {10, 20}) {
            const std::string tail = "quantile_" + std::to_string(bins);
            const BinEdges edges = referenceEdges(columns.reference, bins, 0); // the golden bins few distinct values by quantiles too
            const json::Value &golden = member(expected, "psi_" + tail);
            const auto &inner = *member(golden, "inner_edges").array();
            QCOMPARE(edges.inner.size(), inner.size());
            for (std::size_t i = 0; i < inner.size(); ++i)
                QCOMPARE(edges.inner[i], real(inner[i]));
            const BinCounts before = countBins(edges, columns.reference);
            const BinCounts now = countBins(edges, columns.current);
            for (std::size_t i = 0; i < before.counts.size(); ++i) {
                QVERIFY(isNear(before.counts[i] / before.total(), real((*member(golden, "ref_share").array())[i])));
                QVERIFY(isNear(now.counts[i] / now.total(), real((*member(golden, "cur_share").array())[i])));
            }
            expect(psi(before, now), real(member(golden, "value")), "psi", 1e-12, 1e-14);
            expect(jensenShannonDivergence(before.counts, now.counts), real(member(expected, "js_divergence_base2_on_psi_bins_" + tail)), "divergence", 1e-12, 1e-15);
            expect(jensenShannonDistance(before.counts, now.counts), real(member(expected, "js_distance_base2_on_psi_bins_" + tail)), "distance", 1e-11, 1e-8);
        }
    }

    void compareCategorical(const json::Value &expected, const Columns &columns)
    {
        const auto missing = [](const std::vector<std::string> &names) { return static_cast<double>(std::ranges::count(names, std::string())); };
        compareMissing(expected, missing(columns.referenceNames), static_cast<double>(columns.referenceNames.size()),
                       missing(columns.currentNames), static_cast<double>(columns.currentNames.size()));
        const auto aligned = alignCategories(countedNames(columns.referenceNames), countedNames(columns.currentNames));
        expect(psi(aligned.reference, aligned.current), real(member(member(expected, "psi"), "value")), "psi", 1e-12, 1e-14);
        expect(jensenShannonDivergence(aligned.reference, aligned.current), real(member(expected, "js_divergence_base2")), "divergence", 1e-11);
        expect(jensenShannonDistance(aligned.reference, aligned.current), real(member(expected, "js_distance_base2")), "distance", 1e-11, 1e-11);
        const ChiSquare test = chiSquare(aligned.reference, aligned.current);
        const json::Value &chi = member(expected, "chi2_contingency");
        expect(test.statistic, real(member(chi, "statistic")), "chi-square", 1e-11);
        expect(test.pValue, real(member(chi, "p")), "p", 1e-9);
        QCOMPARE(static_cast<double>(test.degreesOfFreedom), real(member(chi, "dof")));
        expect(test.cramersV, real(member(expected, "cramers_v")), "Cramer's V", 1e-11);
        QCOMPARE(static_cast<std::size_t>(aligned.appeared), member(expected, "new_categories").array()->size());
        QCOMPARE(static_cast<std::size_t>(aligned.vanished), member(expected, "vanished_categories").array()->size());
    }

private Q_SLOTS:
    void realColumns()
    {
        if (!haveGoldens())
            return;
        for (const json::Value &item : *member(golden("drift"), "cases").array()) {
            m_where = *item.text("id");
            const json::Value &expected = member(item, "metrics");
            const Columns columns = columnsOf(item);
            if (*item.text("kind") == "numeric")
                compareNumeric(expected, columns);
            else
                compareCategorical(expected, columns);
        }
        QVERIFY2(m_compared > 700, qPrintable(QString::number(m_compared)));
    }

    void intervals()
    {
        if (!haveGoldens())
            return;
        const json::Value &ci = golden("ci");
        const auto limits = [&](const Interval &interval, const json::Value &expected, const char *what, double relative,
                                double absolute = 1e-11) {
            ++m_compared;
            const auto &pair = *expected.array();
            QVERIFY2(isNear(interval.lower, real(pair[0]), relative, absolute) && isNear(interval.upper, real(pair[1]), relative, absolute),
                     qPrintable(QStringLiteral("%1: [%2, %3]").arg(QString::fromUtf8(what)).arg(interval.lower, 0, 'g', 17).arg(interval.upper, 0, 'g', 17)));
        };
        for (const json::Value &item : *member(ci, "proportion_95").array())
            limits(wilson({real(member(item, "k")), real(member(item, "n"))}, 0.95), member(item, "wilson"), "wilson", 1e-12);
        const auto proportion = [](const json::Value &item, const char *successes, const char *size) {
            return Proportion{real(member(item, successes)), real(member(item, size))};
        };
        for (const json::Value &item : *member(ci, "difference_95").array()) {
            const auto first = proportion(item, "x1", "n1");
            const auto second = proportion(item, "x2", "n2");
            limits(newcombe(first, second, 0.95), member(member(item, "newcombe_wilson"), "value"), "newcombe", 1e-12);
            const json::Value &score = member(item, "miettinen_nurminen_score");
            if (memberOrNull(score, "value") && !memberOrNull(score, "warns")) // with zero counts the peer's arccos leaves its domain
                // The peer's limits differ from the published ones from the fourth digit on (tst_intervals holds those of Newcombe 1998).
                limits(scoreDifference(first, second, 0.95), member(score, "value"), "score difference", 1e-9, 1e-3);
        }
        for (const json::Value &item : *member(ci, "ratio_95").array()) {
            const auto first = proportion(item, "x1", "n1");
            const auto second = proportion(item, "x2", "n2");
            const json::Value *plain = memberOrNull(member(item, "log (Katz)"), "value");
            const Interval interval = katz(first, second, 0.95);
            QCOMPARE(interval.method, plain ? IntervalMethod::Katz : IntervalMethod::KatzAdjusted);
            limits(interval, plain ? *plain : member(member(item, "log_adjusted (+0.5)"), "value"), "katz", 1e-12);
            const json::Value &score = member(item, "score (Koopman/M-N)");
            if (!memberOrNull(score, "warns"))
                limits(scoreRatio(first, second, 0.95), member(score, "value"), "score ratio", 1e-9);
        }
        for (const json::Value &item : *member(ci, "auc_delong_95 (R pROC)").array()) {
            const std::string id = *item.text("id");
            const auto dot = id.find('.');
            const Table &whole = logFile(id.substr(0, dot) + "_preds.csv");
            std::string filter = dot == std::string::npos ? "" : id.substr(dot + 1);
            if (const auto equals = filter.find('='); equals != std::string::npos)
                filter.replace(equals, 1, " == ");
            const Table table = whole.where(filter);
            Sample sample;
            for (const std::string &label : table.column("y_true"))
                sample.actual.push_back(label == "1");
            sample.scores = table.numbers("score");
            const Ranking ranking = rankingOf(sample);
            m_where = id;
            expect(aucVariance(ranking), real(member(item, "delong_variance")), "variance", 1e-10);
            const Figure figure = auc(ranking);
            QVERIFY(isNear(figure.value, real(member(item, "auc")), 1e-12));
            QVERIFY(isNear(figure.interval->lower, real(member(item, "lo")), 1e-10) && isNear(figure.interval->upper, real(member(item, "hi")), 1e-10));
        }
        QVERIFY(m_compared > 20);
    }
};

QTEST_GUILESS_MAIN(GoldenDriftTest)
#include "tst_goldendrift.moc"
