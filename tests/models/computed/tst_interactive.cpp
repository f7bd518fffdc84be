#include "models/computed/scores/interactive.h"
#include "sets.h"

using namespace countersign;
using namespace countersign::computed;
using namespace countersign::scoretables;
using tables::Row;

namespace {

/// A table of so many rows over 30 weeks and two attributes, made without a log.
TableParts largeParts(std::size_t rows, double scale, bool isWeighted)
{
    SeededRandomness random(3);
    TableParts parts;
    parts.attributes = {{"a", {"(missing)", "x", "y"}}, {"b", {"(missing)", "p", "q", "r"}}};
    parts.unit = WindowUnit::Week;
    for (std::int64_t unit = 2870; unit < 2900; ++unit)
        for (std::uint32_t a = 1; a < 3; ++a)
            for (std::uint32_t b = 1; b < 4; ++b)
                parts.leaves.push_back({unit, true, {a, b}});
    parts.leaves.push_back({0, false, {1, 1}});
    parts.leftOut.resize(parts.leaves.size());
    parts.hasScores = parts.hasLabels = true;
    struct Entry {
        double score;
        std::uint32_t code;
        double weight;
    };
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < rows; ++i) {
        const double score = std::floor(random.unit() * random.unit() * scale) / scale;
        const std::size_t leaf = random.next() % parts.leaves.size();
        entries.push_back({score, codeOf(leaf, false, random.unit() < score), isWeighted ? 0.5 + static_cast<double>(random.next() % 3) : 1});
    }
    std::ranges::sort(entries, [](const Entry &a, const Entry &b) { return std::tuple(-a.score, a.code, a.weight) < std::tuple(-b.score, b.code, b.weight); });
    for (const Entry &entry : entries) {
        parts.scores.push_back(entry.score);
        parts.codes.push_back(entry.code);
        if (isWeighted)
            parts.weights.push_back(entry.weight);
    }
    return parts;
}

/// The same rows, but only those of some units.
TableParts partsWithin(const TableParts &parts, std::int64_t first, std::int64_t last)
{
    TableParts own = parts;
    own.scores.clear();
    own.codes.clear();
    own.weights.clear();
    for (std::size_t i = 0; i < parts.scores.size(); ++i) {
        const Leaf &leaf = parts.leaves[leafOf(parts.codes[i])];
        if (!leaf.hasTime || leaf.unit < first || leaf.unit > last)
            continue;
        own.scores.push_back(parts.scores[i]);
        own.codes.push_back(parts.codes[i]);
        if (!parts.weights.empty())
            own.weights.push_back(parts.weights[i]);
    }
    return own;
}

} // namespace

class InteractiveTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void movesAreWhatComputingTheRowsGives_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<double>("scale");
        QTest::addColumn<bool>("isWeighted");
        QTest::newRow("small, exact") << 20'000 << 1000.0 << false;
        QTest::newRow("large, few ties") << 560'000 << 1e9 << false;
        QTest::newRow("large, ties") << 560'000 << 5000.0 << false;
        QTest::newRow("large, many ties") << 560'000 << 20.0 << false;
        QTest::newRow("large, weighted") << 560'000 << 2000.0 << true;
    }
    void movesAreWhatComputingTheRowsGives()
    {
        QFETCH(int, rows);
        QFETCH(double, scale);
        QFETCH(bool, isWeighted);
        const TableParts parts = largeParts(static_cast<std::size_t>(rows), scale, isWeighted);
        const auto table = std::make_shared<const Table>(parts, 2U);
        Parameters parameters;
        parameters.bootstrapDraws = 100;
        parameters.families = {{{"a"}, false}, {{"b"}, false}, {{"a", "b"}, false}, {{"a"}, true}};
        auto hand = Interactive::make(table, parameters);
        QVERIFY(hand.ok());
        QVERIFY(hand->prepare().ok());
        const auto units = hand->units();
        QVERIFY(units && units->first == 2870 && units->second == 2899);
        for (const Selection &selection : {Selection{0.3, {}, {}}, Selection{0.3, 2875, 2884}, Selection{0.55, 2875, 2884}, Selection{0.1, {}, 2880}, Selection{0.5, 2899, 2899}}) {
            const auto moved = hand->figures(selection);
            QVERIFY(moved.ok());
            const bool isAll = !selection.firstUnit && !selection.lastUnit;
            const Table direct(isAll ? parts : partsWithin(parts, selection.firstUnit.value_or(0), selection.lastUnit.value_or(9999)), 2);
            Parameters own = parameters;
            own.threshold = selection.threshold;
            own.families.pop_back();
            const auto expected = compute(direct, own);
            QVERIFY(expected.ok());
            QCOMPARE(moved->cells.size(), expected->cells.size());
            for (std::size_t c = 0; c < moved->cells.size(); ++c) {
                const ComputedCell &cell = moved->cells[c];
                QVERIFY(cell.group == expected->cells[c].group);
                QCOMPARE(cell.n, expected->cells[c].n);
                for (const auto &[name, figure, bound] : cell.metrics) {
                    const metrics::Figure *other = expected->cells[c].find(name);
                    QVERIFY2(other && figure.reason == other->reason, name.c_str());
                    QVERIFY2(tables::isNear(figure.value, other->value, 1e-9) || std::fabs(figure.value - other->value) < 1e-12, name.c_str());
                    QCOMPARE(figure.interval.has_value(), other->interval.has_value());
                    if (!figure.interval)
                        continue;
                    // The AUC's variance is that of steps of score.
                    const double tolerance = name == "auc" || name == "gini" ? 0.01 * (other->interval->upper - other->interval->lower) : 1e-9;
                    QVERIFY2(std::fabs(figure.interval->lower - other->interval->lower) <= tolerance, name.c_str());
                    QVERIFY2(std::fabs(figure.interval->upper - other->interval->upper) <= tolerance, name.c_str());
                }
                QVERIFY(cell.find("auc") && cell.find("ece") && cell.find("recall"));
            }
            for (const auto &disparity : moved->disparities) {
                const auto other = std::ranges::find_if(expected->disparities, [&](const ComputedDisparity &own_) {
                    return own_.name == disparity.name && own_.attributes == disparity.attributes;
                });
                QVERIFY(other != expected->disparities.end());
                QVERIFY2(tables::isNear(disparity.figure.value, other->figure.value, 1e-8) || std::fabs(disparity.figure.value - other->figure.value) < 1e-11, disparity.name.c_str());
            }
        }
    }

    void anotherReferenceAnswersAtOnce()
    {
        const auto table = std::make_shared<const Table>(largeParts(5000, 100, false), 2U);
        auto hand = Interactive::make(table, {});
        QVERIFY(hand.ok());
        Selection selection{0.4, {}, {}, {{"a", "y"}}, {}};
        const auto set = hand->figures(selection);
        QVERIFY(set.ok());
        QVERIFY((set->comparisons.front().reference == GroupValues{{"a", "y"}}));
        selection.references = {{"a", "nobody"}};
        QVERIFY(!hand->figures(selection).ok());
        selection = {0.4, {}, {}, {}, true};
        const auto overall = hand->figures(selection);
        QVERIFY(overall.ok() && overall->comparisons.front().reference.empty());
        QCOMPARE(overall->comparisons.front().pairs.size(), std::size_t(2));
    }

    void decisionsWithoutScoresHaveNoThreshold()
    {
        predictions::Mapping mapping = tables::mapping();
        mapping.score.clear();
        mapping.prediction = "w";
        auto made = tables::table("y,s,a,b,t,w\n1,0.9,x,p,2025-01-05,0\n0,0.1,x,p,2025-01-06,1\n", mapping, WindowUnit::Day);
        QVERIFY(made.ok());
        auto hand = Interactive::make(std::make_shared<const Table>(*std::move(made)), {});
        QVERIFY(hand.ok() && hand->prepare().ok());
        QVERIFY(!hand->figures({0.5, {}, {}}).ok());
        const auto set = hand->figures({});
        QVERIFY(set.ok() && !set->isThresholdApplied);
        QCOMPARE(set->cells.front().n, 2U);
        QVERIFY(!set->cells.front().find("auc"));
    }
};

QTEST_APPLESS_MAIN(InteractiveTest)
#include "tst_interactive.moc"
