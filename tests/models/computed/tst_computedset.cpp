#include "models/crypto/sha256.h"
#include "models/scoretables/pairs/areas.h"
#include "models/scoretables/pairs/rankings.h"
#include "sets.h"

using namespace countersign;
using namespace countersign::computed;
using namespace countersign::scoretables;
using tables::Row;

namespace {

struct Naive {
    double auc = 0;
    double averagePrecision = 0;
    double ks = 0;
    double logLoss = 0;
    double brier = 0;
};

/// From the definitions, pair by pair and threshold by threshold.
Naive naive(const std::vector<Row> &rows)
{
    Naive result;
    double pairs = 0;
    double weight = 0;
    double positives = 0;
    double negatives = 0;
    std::set<double, std::greater<>> thresholds;
    for (const Row &row : rows) {
        (row.label == 1 ? positives : negatives) += row.weight;
        weight += row.weight;
        thresholds.insert(row.score);
        const double p = std::clamp(row.label == 1 ? row.score : 1 - row.score, 2.220446049250313e-16, 1 - 2.220446049250313e-16);
        result.logLoss -= row.weight * std::log(p);
        result.brier += row.weight * (row.score - row.label) * (row.score - row.label);
        for (const Row &other : rows)
            if (row.label == 1 && other.label == 0) {
                pairs += row.weight * other.weight;
                result.auc += row.weight * other.weight * (row.score > other.score ? 1 : row.score == other.score ? 0.5 : 0);
            }
    }
    result.auc /= pairs;
    result.logLoss /= weight;
    result.brier /= weight;
    double recallBefore = 0;
    for (const double threshold : thresholds) {
        double tp = 0;
        double fp = 0;
        for (const Row &row : rows)
            if (row.score >= threshold)
                (row.label == 1 ? tp : fp) += row.weight;
        result.averagePrecision += (tp / positives - recallBefore) * (tp / (tp + fp));
        recallBefore = tp / positives;
        result.ks = std::max(result.ks, std::fabs(tp / positives - fp / negatives));
    }
    return result;
}

std::string windowName(const Row &row, WindowUnit unit)
{
    const std::int64_t day = std::chrono::floor<std::chrono::days>(*parseTime(row.time)).time_since_epoch().count();
    return unitName(unit, unitOfDay(unit, day));
}

/// Rows that the table can use and that a cell is of; "" matches everything.
std::vector<Row> rowsOf(const std::vector<Row> &rows, const ComputedCell &cell, bool isWeighted)
{
    std::vector<Row> own;
    for (Row row : rows) {
        if (!isWeighted)
            row.weight = 1;
        bool isIn = row.label >= 0 && std::isfinite(row.score) && row.weight > 0;
        for (const auto &[attribute, value] : cell.group)
            isIn = isIn && (attribute == "a" ? row.a : row.b) == (value == kMissingName ? "" : value);
        if (cell.window && !cell.window->hasTime)
            isIn = isIn && row.time.empty();
        else if (cell.window)
            isIn = isIn && !row.time.empty() && *parseTime(row.time) >= cell.window->start && *parseTime(row.time) < cell.window->end;
        if (isIn)
            own.push_back(row);
    }
    return own;
}

} // namespace

class ComputedSetTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCellAgreesWithTheDefinitions_data()
    {
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<int>("decimals");
        QTest::addColumn<QString>("window");
        QTest::newRow("weeks, ties") << false << 2 << QStringLiteral("week");
        QTest::newRow("months, few ties") << false << 9 << QStringLiteral("month");
        QTest::newRow("weighted months") << true << 2 << QStringLiteral("month");
        QTest::newRow("rolling") << false << 2 << QStringLiteral("2 months");
        QTest::newRow("no windows, weighted") << true << 4 << QStringLiteral("none");
    }
    void everyCellAgreesWithTheDefinitions()
    {
        QFETCH(bool, isWeighted);
        QFETCH(int, decimals);
        QFETCH(QString, window);
        const auto rows = tables::randomRows(11, 1200, decimals);
        Parameters parameters;
        parameters.window = *parseWindowSpec(window.toStdString());
        parameters.depth = 2;
        parameters.windowDepth = 1;
        parameters.bootstrapDraws = 0;
        const auto set = tables::compute(tables::csv(rows), tables::mapping(isWeighted), parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        // everybody, 4 + 3 groups, 4 × 3 pairs; the same without pairs in every window
        std::set<std::string> windows;
        for (const Row &row : rows)
            windows.insert(row.time.empty() ? "(no time)" : windowName(row, parameters.window.unit == WindowUnit::None ? WindowUnit::Day : parameters.window.unit));
        const std::size_t windowCells = parameters.window.unit == WindowUnit::None ? 0 : windows.size() * 8;
        QCOMPARE(set->cells.size(), 20 + windowCells);
        int compared = 0;
        for (const ComputedCell &cell : set->cells) {
            const auto own = rowsOf(rows, cell, isWeighted);
            QCOMPARE(cell.n, std::uint64_t(own.size()));
            metrics::Counts counts;
            for (const Row &row : own)
                counts.add(row.label == 1, row.score >= 0.5, row.weight);
            QVERIFY(cell.counts == counts);
            if (counts.positives() <= 0 || counts.negatives() <= 0) {
                QVERIFY(!cell.find("auc")->isDefined());
                continue;
            }
            const Naive expected = naive(own);
            QVERIFY(tables::isNear(cell.find("auc")->value, expected.auc, 1e-12));
            QVERIFY(tables::isNear(cell.find("average_precision")->value, expected.averagePrecision, 1e-12));
            QVERIFY(tables::isNear(cell.find("ks")->value, expected.ks, 1e-12));
            QVERIFY(tables::isNear(cell.find("log_loss")->value, expected.logLoss, 1e-12));
            QVERIFY(tables::isNear(cell.find("brier")->value, expected.brier, 1e-12));
            QVERIFY(cell.find("accuracy")->interval);
            const auto positives = std::ranges::count(own, 1, &Row::label);
            if (positives > 1 && std::ssize(own) - positives > 1) // DeLong needs two of each
                QVERIFY(cell.find("auc")->interval);
            ++compared;
        }
        QVERIFY(compared > 15);
    }

    void bytesDoNotDependOnThreadsOrOrder()
    {
        auto rows = tables::randomRows(12, 40'000, 3);
        Parameters parameters;
        parameters.window = *parseWindowSpec("week");
        parameters.depth = 2;
        parameters.bootstrapDraws = 50;
        const auto first = tables::compute(tables::csv(rows), tables::mapping(true), parameters, 1);
        QVERIFY(first.ok());
        const Bytes bytes = writeComputedRows(*first);
        QVERIFY(bytes.size() > 100'000);
        SeededRandomness random(13);
        for (std::size_t i = rows.size() - 1; i > 0; --i)
            std::swap(rows[i], rows[random.next() % (i + 1)]);
        for (const unsigned threads : {1U, 2U, 3U}) {
            const auto other = tables::compute(tables::csv(rows), tables::mapping(true), parameters, threads);
            QVERIFY(other.ok());
            QVERIFY(writeComputedRows(*other) == bytes);
        }
    }

    void rowsTwiceAreRowsOfWeightTwo()
    {
        auto rows = tables::randomRows(14, 3000, 3);
        std::erase_if(rows, [](const Row &row) { return row.label < 0 || !std::isfinite(row.score); });
        std::vector<Row> twice;
        for (Row &row : rows) {
            row.weight = 1 + (row.score < 0.2 ? 1 : 0);
            Row single = row;
            single.weight = 1;
            twice.push_back(single);
            if (row.weight == 2)
                twice.push_back(single);
        }
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        const auto weighted = tables::compute(tables::csv(rows), tables::mapping(true), parameters);
        const auto repeated = tables::compute(tables::csv(twice), tables::mapping(false), parameters);
        QVERIFY(weighted.ok() && repeated.ok());
        QCOMPARE(weighted->cells.size(), repeated->cells.size());
        for (std::size_t c = 0; c < weighted->cells.size(); ++c)
            for (const auto &[name, figure, bound] : weighted->cells[c].metrics) {
                QVERIFY(!bound);
                const metrics::Figure *other = repeated->cells[c].find(name);
                QCOMPARE(figure.isDefined(), other->isDefined());
                QVERIFY2(tables::isNear(figure.value, other->value, 1e-11) || std::fabs(figure.value - other->value) < 1e-13, name.c_str());
            }
    }

    void whatAif360DoesOtherwiseWithWeightsIsSaid()
    {
        const std::string csv = tables::csv(tables::randomRows(3, 200, 3));
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        parameters.options.convention = metrics::Convention::Aif360;
        const auto weighted = tables::compute(csv, tables::mapping(true), parameters);
        const auto plain = tables::compute(csv, tables::mapping(false), parameters);
        QVERIFY(weighted.ok() && plain.ok());
        QVERIFY(weighted->notes.size() == 1 && weighted->notes.front().starts_with("AIF360 gives every row the same say"));
        QVERIFY(plain->notes.empty());
    }

    void swappingLabelsAndScoresKeepsTheAuc()
    {
        const auto rows = tables::randomRows(15, 3000, 3);
        auto mirrored = rows;
        for (Row &row : mirrored) {
            row.label = row.label < 0 ? -1 : 1 - row.label;
            row.score = 1 - row.score;
        }
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        const auto set = tables::compute(tables::csv(rows), tables::mapping(), parameters);
        const auto other = tables::compute(tables::csv(mirrored), tables::mapping(), parameters);
        QVERIFY(set.ok() && other.ok());
        for (std::size_t c = 0; c < set->cells.size(); ++c) {
            QVERIFY(tables::isNear(set->cells[c].find("auc")->value, other->cells[c].find("auc")->value, 1e-12));
            QVERIFY(tables::isNear(set->cells[c].find("ks")->value, other->cells[c].find("ks")->value, 1e-12));
        }
    }

    void windowsAddUpToTheWhole()
    {
        const auto rows = tables::randomRows(16, 5000, 3);
        Parameters parameters;
        parameters.window = *parseWindowSpec("day");
        parameters.windowDepth = 0;
        parameters.bootstrapDraws = 0;
        const auto set = tables::compute(tables::csv(rows), tables::mapping(), parameters);
        QVERIFY(set.ok());
        metrics::Counts sum;
        LeftOut leftOut;
        for (const auto &cell : set->cells)
            if (cell.window) {
                sum += cell.counts;
                leftOut += cell.leftOut;
            }
        QVERIFY(sum == set->find({})->counts);
        QVERIFY(leftOut == set->find({})->leftOut);
        QVERIFY(set->find({}, "(no time)"));
    }

    void aSpanOfTimeIsThatOfItsRows()
    {
        const auto rows = tables::randomRows(17, 4000, 2);
        const auto table = tables::table(tables::csv(rows), tables::mapping(), WindowUnit::Week);
        QVERIFY(table.ok());
        const std::int64_t from = unitOfDay(WindowUnit::Week, 20'100); // 2025-01-12
        const Selection selection{0.3, from, from + 3};
        const auto counts = leafCounts(*table, selection);
        const auto cells = cellsOf(*table, Family{}, {});
        const auto totals = addUp(cells, counts);
        std::vector<Row> own;
        metrics::Counts expected;
        for (const Row &row : rows) {
            if (row.time.empty() || row.label < 0 || !std::isfinite(row.score))
                continue;
            const Instant time = *parseTime(row.time);
            if (time < unitStart(WindowUnit::Week, from) || time >= unitStart(WindowUnit::Week, from + 4))
                continue;
            own.push_back(row);
            own.back().weight = 1;
            expected.add(row.label == 1, row.score >= 0.3);
        }
        QVERIFY(totals[0] == expected);
        const auto rankings = rank(*table, cells, totals, leavesIn(*table, selection));
        QVERIFY(tables::isNear(metrics::auc(rankings[0]).value, naive(own).auc, 1e-12));
    }

    void areasAreThoseOfTheRankings_data()
    {
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<int>("decimals");
        QTest::newRow("many ties") << false << 1;
        QTest::newRow("few ties") << false << 9;
        QTest::newRow("weighted") << true << 3;
    }
    void areasAreThoseOfTheRankings()
    {
        QFETCH(bool, isWeighted);
        QFETCH(int, decimals);
        const auto table = tables::table(tables::csv(tables::randomRows(18, 20'000, decimals)), tables::mapping(isWeighted), WindowUnit::Week);
        QVERIFY(table.ok());
        const Selection selection{0.5, table->leaves().back().unit - 4, table->leaves().back().unit};
        const auto byLeaf = leafCounts(*table, selection);
        const auto isIn = leavesIn(*table, selection);
        std::vector<FamilyCells> families;
        for (const Family &family : familiesUpTo(2, 2, true, 1))
            families.push_back(cellsOf(*table, family, {WindowUnit::Week, 1}));
        for (const unsigned threads : {1U, 2U, 7U}) {
            const auto areas = areasOf(*table, families, isIn, threads);
            for (std::size_t f = 0; f < families.size(); ++f) {
                const auto rankings = rank(*table, families[f], addUp(families[f], byLeaf), isIn);
                for (std::size_t c = 0; c < rankings.size(); ++c) {
                    const auto expected = metrics::auc(rankings[c]);
                    QVERIFY(areas[f][c].auc().reason == expected.reason);
                    QVERIFY(tables::isNear(areas[f][c].auc().value, expected.value, 1e-12));
                }
            }
        }
    }

    void emptyCombinationsAreListed()
    {
        Parameters parameters;
        parameters.depth = 2;
        parameters.bootstrapDraws = 0;
        const auto set = tables::compute("y,s,a,b,t,w\n1,0.9,x,p,,1\n0,0.1,x,q,,1\n1,0.4,y,p,,1\n", tables::mapping(), parameters);
        QVERIFY(set.ok());
        const ComputedCell *empty = set->find({{"a", "y"}, {"b", "q"}});
        QVERIFY(empty);
        QCOMPARE(empty->n, 0U);
        QVERIFY(empty->find("accuracy")->reason == metrics::Reason::NoRows);
    }

    void missingGroupsAreShownAndLeftOutOfDisparities()
    {
        std::string text = "y,s,a,b,t,w\n";
        for (int i = 0; i < 50; ++i)
            text += std::string("1,0.9,,p,,1\n") + (i % 2 ? "1,0.9" : "1,0.1") + ",x,p,,1\n" + (i % 5 ? "1,0.9" : "1,0.1") + ",y,p,,1\n";
        const auto set = tables::compute(text, tables::mapping(), {});
        QVERIFY(set.ok());
        QCOMPARE(set->find({{"a", "(missing)"}})->n, 50U);
        const auto parity = std::ranges::find(set->disparities, "demographic_parity_difference", &ComputedDisparity::name);
        QVERIFY(tables::isNear(parity->figure.value, 0.3, 1e-12)); // without the missing group's 1.0
        QCOMPARE(parity->missing, 1);
        QVERIFY(parity->figure.interval);
        QVERIFY(parity->figure.interval->lower < 0.3 && parity->figure.interval->upper > 0.3);
    }

    void aReferenceCanBeNamed()
    {
        Parameters parameters;
        parameters.references = {{"a", "y"}};
        parameters.bootstrapDraws = 0;
        const std::string text = "y,s,a,b,t,w\n1,0.9,x,p,,1\n0,0.1,x,p,,1\n1,0.9,y,p,,1\n";
        const auto set = tables::compute(text, tables::mapping(), parameters);
        QVERIFY(set.ok());
        const auto &comparison = set->comparisons.front();
        QVERIFY((comparison.reference == GroupValues{{"a", "y"}}));
        QCOMPARE(comparison.metric, std::string("selection_rate"));
        QCOMPARE(comparison.pairs.front().difference.value, -0.5);
        parameters.references = {{"a", "nobody"}};
        QVERIFY(!tables::compute(text, tables::mapping(), parameters).ok());
    }

    void aThresholdOverridesTheLogsDecisions()
    {
        predictions::Mapping mapping = tables::mapping();
        mapping.prediction = "w";
        const std::string text = "y,s,a,b,t,w\n1,0.9,x,p,,0\n0,0.1,x,p,,1\n";
        Parameters parameters;
        const auto logged = tables::compute(text, mapping, parameters);
        QVERIFY(logged.ok() && !logged->isThresholdApplied);
        QVERIFY((logged->cells[0].counts == metrics::Counts::of(0, 1, 1, 0)));
        parameters.threshold = 0.5;
        const auto applied = tables::compute(text, mapping, parameters);
        QVERIFY(applied.ok() && applied->isThresholdApplied);
        QVERIFY((applied->cells[0].counts == metrics::Counts::of(1, 0, 0, 1)));
    }

    void scoresThatAreNoProbabilitiesTurnCalibrationOff()
    {
        const auto set = tables::compute("y,s,a,b,t,w\n1,2.5,x,p,,1\n0,-3,x,p,,1\n1,0.5,x,p,,1\n", tables::mapping(), {});
        QVERIFY(set.ok());
        QVERIFY(set->cells[0].find("log_loss")->reason == metrics::Reason::NotAProbability);
        QVERIFY(set->cells[0].find("ece")->reason == metrics::Reason::NotAProbability);
        QCOMPARE(set->cells[0].find("auc")->value, 1.0);
    }

    void withoutLabelsOnlySelectionIsKnown()
    {
        predictions::Mapping mapping = tables::mapping();
        mapping.label.clear();
        mapping.score.clear();
        mapping.prediction = "y";
        mapping.predictionValues = {{"1"}, {"0"}};
        const auto set = tables::compute("y,s,a,b,t,w\n1,,x,p,,1\n0,,x,p,,1\n1,,y,p,,1\n", mapping, {});
        QVERIFY(set.ok());
        QCOMPARE(set->cells[0].metrics.size(), std::size_t(1));
        QVERIFY(tables::isNear(set->cells[0].find("selection_rate")->value, 2.0 / 3, 1e-15));
    }

    void anEmptyLogHasUndefinedFigures()
    {
        const auto set = tables::compute("y,s,a,b,t,w\n", tables::mapping(), {});
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->cells.size(), std::size_t(1));
        QCOMPARE(set->cells[0].n, 0U);
        QVERIFY(!set->cells[0].find("accuracy")->isDefined());
    }

    void jsonHasTheNamesOfTheCommandLine()
    {
        Parameters parameters;
        parameters.window = *parseWindowSpec("month");
        const std::string text = "y,s,a,b,t,w\n1,0.9,x,p,2025-01-05,1\n0,0.1,y,p,2025-02-05,1\nbad row\n";
        const auto set = tables::compute(text, tables::mapping(), parameters);
        QVERIFY(set.ok());
        const auto parsed = json::parse(writeComputed(*set));
        QVERIFY(parsed.ok());
        QCOMPARE(*parsed->text("schema"), std::string("countersign-metrics-1"));
        const json::Value &log = *parsed->find("log");
        QCOMPARE(*log.text("digest"), crypto::sha256(text).text());
        QCOMPARE(*log.integer("rows"), 3);
        QCOMPARE(*log.integer("rejected"), 1);
        const json::Value &cell = parsed->find("cells")->array()->front();
        QVERIFY(cell.find("window")->isNull());
        QCOMPARE(*cell.integer("n"), 2);
        QCOMPARE(*cell.find("counts")->integer("tp"), 1);
        const json::Value &accuracy = *cell.find("metrics")->find("accuracy");
        QCOMPARE(*accuracy.find("value")->real(), 1.0);
        QCOMPARE(*accuracy.text("method"), std::string("wilson"));
        QVERIFY(accuracy.find("lower") && accuracy.find("upper"));
        const json::Value &last = parsed->find("cells")->array()->back();
        QCOMPARE(*last.find("window")->text("start"), std::string("2025-02-01T00:00:00.000Z"));
        QVERIFY(!parsed->find("disparities")->array()->empty());
        QVERIFY(parsed->find("parameters")->find("mapping"));
        QCOMPARE(*json::canonical(*parsed), writeComputed(*set));
    }

    void mistakesInParametersAreRefused()
    {
        Parameters parameters;
        parameters.families = {{{"colour"}, false}};
        const std::string text = "y,s,a,b,t,w\n1,0.9,x,p,,1\n";
        QVERIFY(!tables::compute(text, tables::mapping(), parameters).ok());
        predictions::Mapping decisions = tables::mapping();
        decisions.score.clear();
        decisions.prediction = "y";
        Parameters threshold;
        threshold.threshold = 0.5;
        QVERIFY(!tables::compute(text, decisions, threshold).ok());
    }
};

QTEST_APPLESS_MAIN(ComputedSetTest)
#include "tst_computedset.moc"
