#include "models/metrics/intervals/multiplicity.h"
#include "sets.h"

#include <functional>
#include <map>

using namespace countersign;
using namespace countersign::computed;

namespace {

struct Case {
    int label = 0;
    double score = 0;
    double weight = 1;
    std::array<std::string, 3> groups;
};

const std::array<std::string, 3> kNames{"a", "b", "c"};

/// One combination, a=2 and b=1, is scored by chance; "tiny" rows of a=9 are all wrong.
std::vector<Case> cases(std::uint64_t seed, int count)
{
    SeededRandomness random(seed);
    std::vector<Case> rows;
    for (int i = 0; i < count; ++i) {
        Case row;
        row.groups = {std::to_string(random.next() % 4), std::to_string(random.next() % 3), random.next() % 20 == 0 ? "" : std::to_string(random.next() % 2)};
        row.label = random.unit() < 0.4 ? 1 : 0;
        const bool isBad = row.groups[0] == "2" && row.groups[1] == "1";
        row.score = std::round(1000 * (isBad ? random.unit() : std::clamp(0.5 + (row.label ? 0.25 : -0.25) + (random.unit() - 0.5) * 0.8, 0.0, 1.0))) / 1000;
        row.weight = 0.5 + static_cast<double>(random.next() % 4) / 2;
        rows.push_back(row);
    }
    return rows;
}

std::string csv(const std::vector<Case> &rows)
{
    std::string text = "y,s,w,a,b,c\n";
    for (const Case &row : rows)
        text += std::to_string(row.label) + "," + number::shortest(row.score) + "," + number::shortest(row.weight) + "," + row.groups[0] + "," + row.groups[1] + ","
                + row.groups[2] + "\n";
    return text;
}

predictions::Mapping mapping(bool isWeighted)
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.score = "s";
    mapping.labelValues = {{"1"}, {"0"}};
    for (const auto &name : kNames)
        mapping.attributes.push_back({name, name, {}});
    if (isWeighted)
        mapping.weight = "w";
    return mapping;
}

Parameters parametersFor(const std::string &metric, std::size_t depth)
{
    Parameters parameters;
    parameters.bootstrapDraws = 0;
    parameters.worstMetric = metric;
    parameters.worstDepth = depth;
    parameters.worstCount = 1000;
    return parameters;
}

/// The metric of some rows, from its definition.
double naive(const std::vector<Case> &rows, const std::string &metric, bool isWeighted)
{
    double sum = 0;
    double weight = 0;
    double pairs = 0;
    for (const Case &row : rows) {
        const double own = isWeighted ? row.weight : 1;
        weight += own;
        if (metric == "accuracy")
            sum += own * ((row.score >= 0.5) == (row.label == 1));
        else if (metric == "brier")
            sum += own * (row.score - row.label) * (row.score - row.label);
        else if (metric == "auc" && row.label == 1)
            for (const Case &other : rows)
                if (other.label == 0) {
                    const double both = own * (isWeighted ? other.weight : 1);
                    pairs += both;
                    sum += both * (row.score > other.score ? 1 : row.score == other.score ? 0.5 : 0);
                }
    }
    return metric == "auc" ? sum / pairs : sum / weight;
}

/// Every combination of known values up to a depth with so many rows inside and outside.
std::vector<GroupValues> combinations(const std::vector<Case> &rows, std::size_t depth, std::size_t smallest)
{
    std::map<GroupValues, std::size_t> sizes;
    for (const Case &row : rows)
        for (unsigned mask = 1; mask < 8; ++mask) {
            GroupValues group;
            for (std::size_t a = 0; a < 3; ++a)
                if (mask & (1U << a))
                    group.emplace_back(kNames[a], row.groups[a]);
            if (group.size() <= depth && std::ranges::none_of(group, [](const auto &part) { return part.second.empty(); }))
                ++sizes[group];
        }
    std::vector<GroupValues> result;
    for (const auto &[group, size] : sizes)
        if (size >= smallest && rows.size() - size >= smallest)
            result.push_back(group);
    return result;
}

} // namespace

class WorstTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySliceAgainstTheRest_data()
    {
        QTest::addColumn<QString>("metric");
        QTest::addColumn<bool>("isWeighted");
        for (const char *metric : {"accuracy", "brier", "auc"})
            for (const bool isWeighted : {false, true})
                QTest::addRow("%s%s", metric, isWeighted ? ", weighted" : "") << QString::fromLatin1(metric) << isWeighted;
    }
    void everySliceAgainstTheRest()
    {
        QFETCH(QString, metric);
        QFETCH(bool, isWeighted);
        const std::string name = metric.toStdString();
        const auto rows = cases(1, 1500);
        const auto set = tables::compute(csv(rows), mapping(isWeighted), parametersFor(name, 3));
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->slicesSearched, std::uint64_t(combinations(rows, 3, 30).size()));
        QVERIFY(!set->worst.empty());
        QVERIFY((set->worst.front().group == GroupValues{{"a", "2"}, {"b", "1"}}));
        double before = std::numeric_limits<double>::infinity();
        for (const WorstSlice &slice : set->worst) {
            std::vector<Case> inside;
            std::vector<Case> outside;
            for (const Case &row : rows) {
                bool isIn = true;
                for (const auto &[attribute, value] : slice.group)
                    isIn = isIn && row.groups[static_cast<std::size_t>(std::ranges::find(kNames, attribute) - kNames.begin())] == value;
                (isIn ? inside : outside).push_back(row);
            }
            const double own = naive(inside, name, isWeighted);
            QCOMPARE(slice.figure.n, std::uint64_t(inside.size()));
            QVERIFY(tables::isNear(slice.figure.value, own, 1e-9));
            QVERIFY(tables::isNear(slice.difference.value, own - naive(outside, name, isWeighted), 1e-8));
            QVERIFY(name == "brier" ? slice.difference.value > 0 : slice.difference.value < 0);
            QVERIFY(slice.pValue.isDefined() && slice.adjustedPValue && *slice.adjustedPValue >= slice.pValue.value - 1e-15);
            const double bound = name == "brier" ? slice.difference.interval->lower : -slice.difference.interval->upper;
            QVERIFY(bound <= before);
            before = bound;
        }
        // The true one stands out after adjustment.
        QVERIFY(*set->worst.front().adjustedPValue < 0.001);
        QVERIFY(set->worst.front().difference.interval);
    }

    void aNarrowerSliceSaysMoreOrNothing()
    {
        const auto set = tables::compute(csv(cases(2, 4000)), mapping(false), parametersFor("accuracy", 3));
        QVERIFY(set.ok());
        for (std::size_t i = 0; i < set->worst.size(); ++i)
            for (std::size_t j = 0; j < i; ++j) {
                const auto &narrow = set->worst[i];
                const auto &wide = set->worst[j];
                const bool isPart = narrow.group.size() > wide.group.size() && std::ranges::all_of(wide.group, [&](const auto &part) {
                    return std::ranges::find(narrow.group, part) != narrow.group.end();
                });
                QVERIFY(!isPart || narrow.difference.value < wide.difference.value);
            }
    }

    void fewRowsDoNotLead()
    {
        auto rows = cases(3, 3000);
        for (int i = 0; i < 12; ++i) // all wrong, but only twelve
            rows.push_back({1, 0.1, 1, {"9", "0", "0"}});
        for (int i = 0; i < 40; ++i) // forty of which a few more are wrong than elsewhere
            rows.push_back({1, i % 3 ? 0.9 : 0.1, 1, {"8", "0", "0"}});
        const auto set = tables::compute(csv(rows), mapping(false), parametersFor("accuracy", 2));
        QVERIFY(set.ok());
        QVERIFY((set->worst.front().group == GroupValues{{"a", "2"}, {"b", "1"}}));
        for (const auto &slice : set->worst)
            QVERIFY(slice.group[0].second != "9");
        // Twelve rows count when they are enough; their limits are wide, but so is the difference.
        Parameters parameters = parametersFor("accuracy", 2);
        parameters.smallestGroup = 10;
        const auto small = tables::compute(csv(rows), mapping(false), parameters);
        QVERIFY(small.ok());
        QVERIFY(std::ranges::any_of(small->worst, [](const WorstSlice &slice) { return slice.group[0].second == "9"; }));
    }

    void theSameForAnyThreadsAndListedNoMoreThanAsked()
    {
        Parameters parameters = parametersFor("auc", 2);
        parameters.worstCount = 5;
        const auto rows = cases(4, 2000);
        const auto one = tables::compute(csv(rows), mapping(true), parameters, 1);
        const auto three = tables::compute(csv(rows), mapping(true), parameters, 3);
        QVERIFY(one.ok() && three.ok());
        QCOMPARE(one->worst.size(), std::size_t(5));
        QVERIFY(writeComputedRows(*one) == writeComputedRows(*three));
    }

    void metricsWithoutDirectionGoByDistance()
    {
        const auto set = tables::compute(csv(cases(5, 2000)), mapping(false), parametersFor("selection_rate", 1));
        QVERIFY(set.ok() && !set->worst.empty());
    }

    void whatCannotBeSearchedIsRefused()
    {
        const auto set = tables::compute(csv(cases(6, 100)), mapping(false), parametersFor("psi", 2));
        QVERIFY(!set.ok());
        QVERIFY(set.error().message.find("psi") != std::string::npos);
        predictions::Mapping decisions = mapping(false);
        decisions.score.clear();
        decisions.prediction = "y";
        QVERIFY(!tables::compute(csv(cases(6, 100)), decisions, parametersFor("auc", 2)).ok());
    }

    void classesAndAmountsToo()
    {
        SeededRandomness random(7);
        std::string classes = "y,p,a,b\n";
        std::string amounts = "y,p,a,b\n";
        for (int i = 0; i < 2000; ++i) {
            const std::string a = std::to_string(random.next() % 3);
            const std::string b = std::to_string(random.next() % 3);
            const bool isBad = a == "1" && b == "2";
            const std::string actual = std::array<std::string, 3>{"k", "l", "m"}[random.next() % 3];
            classes += actual + "," + (random.unit() < (isBad ? 0.6 : 0.1) ? "k" : actual) + "," + a + "," + b + "\n";
            const double amount = 1 + random.unit();
            amounts += number::shortest(amount) + "," + number::shortest(amount + (random.unit() - 0.5) * (isBad ? 2 : 0.5)) + "," + a + "," + b + "\n";
        }
        predictions::Mapping mapping;
        mapping.label = "y";
        mapping.prediction = "p";
        mapping.attributes = {{"a", "a", {}}, {"b", "b", {}}};
        for (const bool isClasses : {true, false}) {
            mapping.task = isClasses ? predictions::Task::Multiclass : predictions::Task::Regression;
            for (const std::string &metric : isClasses ? std::vector<std::string>{"accuracy", "error_rate"} : std::vector<std::string>{"mae", "rmse"}) {
                const auto set = tables::compute(isClasses ? classes : amounts, mapping, parametersFor(metric, 2));
                QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
                QVERIFY((set->worst.front().group == GroupValues{{"a", "1"}, {"b", "2"}}));
                const ComputedCell *cell = nullptr;
                Parameters deep = parametersFor(metric, 2);
                deep.depth = 2;
                const auto cells = tables::compute(isClasses ? classes : amounts, mapping, deep);
                QVERIFY(cells.ok());
                cell = cells->find({{"a", "1"}, {"b", "2"}});
                if (cell->find(metric))
                    QVERIFY(tables::isNear(set->worst.front().figure.value, cell->find(metric)->value, 1e-9));
            }
        }
    }
};

QTEST_APPLESS_MAIN(WorstTest)
#include "tst_worst.moc"
