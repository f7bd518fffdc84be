#include "models/computed/scores/scorecurves.h"
#include "sets.h"

using namespace countersign;
using namespace countersign::computed;
using namespace countersign::scoretables;
using metrics::Counts;
using tables::Row;

namespace {

/// Rows that the table can use and that a group has.
std::vector<Row> rowsOf(const std::vector<Row> &rows, const GroupValues &group, bool isWeighted)
{
    std::vector<Row> own;
    for (Row row : rows) {
        if (!isWeighted)
            row.weight = 1;
        bool isIn = row.label >= 0 && std::isfinite(row.score) && row.weight > 0;
        for (const auto &[attribute, value] : group)
            isIn = isIn && (attribute == "a" ? row.a : row.b) == (value == kMissingName ? "" : value);
        if (isIn)
            own.push_back(row);
    }
    return own;
}

Counts naiveCounts(const std::vector<Row> &rows, double threshold)
{
    Counts counts;
    for (const Row &row : rows)
        counts.add(row.label == 1, row.score >= threshold, row.weight);
    return counts;
}

bool isNear(const Counts &a, const Counts &b)
{
    return tables::isNear(a.tp, b.tp, 1e-12) && tables::isNear(a.fp, b.fp, 1e-12) && tables::isNear(a.fn, b.fn, 1e-12)
           && tables::isNear(a.tn, b.tn, 1e-12) && tables::isNear(a.squares, b.squares, 1e-12) && a.rows == b.rows;
}

/// `scale` and `shift` move scores out of [0, 1].
std::vector<Row> rowsFor(double scale, double shift, int decimals, std::size_t count = 2000)
{
    auto rows = tables::randomRows(17, count, decimals);
    for (Row &row : rows)
        row.score = row.score * scale + shift;
    return rows;
}

Result<ScoreSummary> summaryOf(const std::vector<Row> &rows, bool isWeighted, unsigned threads = 2)
{
    const auto table = tables::table(tables::csv(rows), tables::mapping(isWeighted), WindowUnit::Week, threads);
    if (!table)
        return table.error();
    return summarizeScores(*table, threads);
}

} // namespace

class ScoreSummaryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsAtEveryEdgeAreExact_data()
    {
        QTest::addColumn<double>("scale");
        QTest::addColumn<double>("shift");
        QTest::addColumn<int>("decimals");
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<int>("binning");
        QTest::newRow("probabilities") << 1.0 << 0.0 << 9 << false << int(Binning::EqualWidth);
        QTest::newRow("probabilities, ties on edges") << 1.0 << 0.0 << 3 << false << int(Binning::EqualWidth);
        QTest::newRow("weighted probabilities") << 1.0 << 0.0 << 9 << true << int(Binning::EqualWidth);
        QTest::newRow("grades") << 10.0 << 1.0 << 1 << false << int(Binning::EveryValue);
        QTest::newRow("log odds") << 8.0 << -4.0 << 9 << false << int(Binning::Quantiles);
        QTest::newRow("weighted log odds with ties") << 8.0 << -4.0 << 4 << true << int(Binning::Quantiles);
    }
    void countsAtEveryEdgeAreExact()
    {
        QFETCH(double, scale);
        QFETCH(double, shift);
        QFETCH(int, decimals);
        QFETCH(bool, isWeighted);
        QFETCH(int, binning);
        const auto rows = rowsFor(scale, shift, decimals);
        const auto summary = summaryOf(rows, isWeighted);
        QVERIFY2(summary.ok(), summary.ok() ? "" : summary.error().text().c_str());
        QCOMPARE(int(summary->binning), binning);
        QCOMPARE(summary->groups.size(), std::size_t(1 + 4 + 3 + 12));
        for (const ScoreGroup &group : summary->groups) {
            const auto own = rowsOf(rows, group.group, isWeighted);
            QCOMPARE(group.rows, own.size());
            for (const double edge : summary->edges) {
                const CountsAt at = countsAt(*summary, group, edge);
                QVERIFY(isNear(at.counts, naiveCounts(own, edge)));
                QCOMPARE(at.uncertain, 0.0);
                QCOMPARE(at.threshold, edge);
            }
            QVERIFY(isNear(countsAt(*summary, group, summary->highest + 1).counts, naiveCounts(own, summary->highest + 1)));
            QVERIFY(isNear(countsAt(*summary, group, summary->edges.front() - 1).counts, naiveCounts(own, summary->edges.front() - 1)));
            // Between edges the answer is the next edge's, and says how many rows lie between.
            for (const double threshold : {0.12345, 0.5001, -1.2345, 2.71828, 9.99}) {
                const CountsAt at = countsAt(*summary, group, threshold);
                const Counts exact = naiveCounts(own, threshold);
                QVERIFY(std::fabs(at.counts.selected() - exact.selected()) <= at.uncertain + 1e-9);
                QVERIFY(isNear(at.counts, naiveCounts(own, at.threshold)));
            }
        }
    }

    void groupsAreFoundInAnyOrder()
    {
        const auto summary = summaryOf(rowsFor(1, 0, 3), false);
        QVERIFY(summary.ok());
        QVERIFY(summary->everybody().group.empty());
        QVERIFY(summary->find({{"b", "p"}, {"a", "x"}}) == summary->find({{"a", "x"}, {"b", "p"}}));
        QVERIFY(summary->find({{"b", "p"}, {"a", "x"}}) != nullptr);
        QVERIFY(summary->find({{"a", "nobody"}}) == nullptr);
        QCOMPARE(summary->groupsOf({"a"}).size(), std::size_t(4));
        QVERIFY(summary->groupsOf({"a"}).back()->isMissing);
        QCOMPARE(summary->groupsOf({"b", "a"}).size(), std::size_t(12));
        QVERIFY(summary->groupsOf({"c"}).empty());
    }

    void bytesAndBack_data() { countsAtEveryEdgeAreExact_data(); }
    void bytesAndBack()
    {
        QFETCH(double, scale);
        QFETCH(double, shift);
        QFETCH(int, decimals);
        QFETCH(bool, isWeighted);
        const auto rows = rowsFor(scale, shift, decimals);
        const auto summary = summaryOf(rows, isWeighted, 2);
        const auto alone = summaryOf(rows, isWeighted, 1);
        QVERIFY(summary.ok() && alone.ok());
        const Bytes bytes = writeScores(*summary);
        QCOMPARE(writeScores(*alone), bytes);
        const auto read = readScores(bytes);
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
        QVERIFY(*read == *summary);
    }

    void decisionsOfTheLogAreKept()
    {
        const std::string csv = "y,s,a,b,t,w,d\n1,0.9,x,p,,1,1\n0,0.8,x,p,,1,0\n1,0.1,y,p,,1,0\n0,0.7,y,q,,1,1\n";
        auto mapping = tables::mapping();
        mapping.prediction = "d";
        const auto table = tables::table(csv, mapping);
        QVERIFY(table.ok());
        const auto summary = summarizeScores(*table);
        QVERIFY(summary.ok());
        QCOMPARE(*summary->everybody().logged, Counts::of(1, 1, 1, 1));
        QCOMPARE(*summary->find({{"a", "x"}})->logged, Counts::of(1, 0, 0, 1));
        QVERIFY(*readScores(writeScores(*summary)) == *summary);
    }

    void withoutScoresThereIsNothingToKeep()
    {
        auto mapping = tables::mapping();
        mapping.score.clear();
        mapping.prediction = "y";
        const auto table = tables::table("y,s,a,b,t,w\n1,0.5,x,p,,1\n", mapping);
        QVERIFY(table.ok());
        QCOMPARE(summarizeScores(*table).error().kind, ErrorKind::Invalid);
        const auto empty = tables::table("y,s,a,b,t,w\n,0.5,x,p,,1\n", tables::mapping());
        QVERIFY(empty.ok());
        QCOMPARE(summarizeScores(*empty).error().kind, ErrorKind::Invalid);
    }

    void tooManyGroupsAreLeftOutAndNamed()
    {
        std::vector<Row> rows;
        for (int i = 0; i < 900; ++i)
            rows.push_back({i % 2, (i % 97) / 97.0, "many" + std::to_string(i), i % 3 ? "p" : "q", "", 1});
        const auto summary = summaryOf(rows, false);
        QVERIFY(summary.ok());
        QCOMPARE(summary->groups.size(), std::size_t(3));
        const std::vector<std::vector<std::string>> leftOut{{"a"}, {"a", "b"}};
        QCOMPARE(summary->leftOut, leftOut);
        QVERIFY(*readScores(writeScores(*summary)) == *summary);
    }

    void everyOtherByteIsRefused()
    {
        const auto rows = rowsFor(1, 0, 2, 60);
        for (const bool isWeighted : {false, true}) {
            const auto summary = summaryOf(rows, isWeighted);
            const Bytes bytes = writeScores(*summary);
            for (std::size_t i = 0; i < bytes.size(); ++i) {
                QVERIFY(!readScores(BytesView(bytes).substr(0, i)));
                // Another spelling of the same is refused; another summary is a summary of its own, whose digest differs.
                for (const int bit : {1, 128}) {
                    Bytes changed = bytes;
                    changed[i] = static_cast<char>(changed[i] ^ bit);
                    if (const auto read = readScores(changed))
                        QVERIFY(writeScores(*read) == changed && *read != *summary);
                }
            }
            QCOMPARE(readScores(bytes + '\0').error().kind, ErrorKind::Tampered);
        }
        QCOMPARE(readScores("countersign-scores-2\n...").error().kind, ErrorKind::Unsupported);
        QCOMPARE(readScores("").error().kind, ErrorKind::Tampered);
        // A claim of many bins without bytes behind it costs nothing.
        QCOMPARE(readScores(std::string("countersign-scores-1\n\x01\x01", 23) + std::string(8, '\0') + "\xff\xff\xff\xff\x0f").error().kind, ErrorKind::Tampered);
    }

    void scoresTakeLittleRoom()
    {
        TableParts parts;
        parts.attributes = {{"a", {"", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}}, {"b", {"", "1", "2", "3", "4", "5", "6"}}};
        for (std::uint32_t a = 1; a <= 10; ++a)
            for (std::uint32_t b = 1; b <= 6; ++b)
                parts.leaves.push_back({0, true, {a, b}});
        parts.leftOut.resize(parts.leaves.size());
        parts.hasScores = parts.hasLabels = true;
        SeededRandomness random(1);
        for (std::size_t i = 0; i < 1'000'000; ++i) {
            parts.scores.push_back(1 - static_cast<double>(i) / 1'000'000.0);
            parts.codes.push_back(codeOf(random.next() % 60, false, random.unit() < parts.scores.back()));
        }
        const Table table(std::move(parts), 2);
        const auto summary = summarizeScores(table);
        QVERIFY(summary.ok());
        const Bytes bytes = writeScores(*summary);
        qInfo("%zu groups of a million rows: %zu bytes", summary->groups.size(), bytes.size());
        QCOMPARE(summary->groups.size(), std::size_t(77));
        QVERIFY(bytes.size() < 77 * 2100);
    }

    // ---- what is drawn

    void curvesFollowTheDefinitions()
    {
        const auto rows = rowsFor(1, 0, 3);
        const auto summary = summaryOf(rows, false);
        for (const ScoreGroup &group : summary->groups) {
            const auto own = rowsOf(rows, group.group, false);
            const auto roc = rocPoints(*summary, group);
            QVERIFY(roc.front().tpr == 0 && roc.front().fpr == 0 && roc.back().tpr == 1 && roc.back().fpr == 1);
            double area = 0;
            for (std::size_t i = 1; i < roc.size(); ++i) {
                const Counts counts = naiveCounts(own, roc[i].threshold);
                QCOMPARE(roc[i].tpr, counts.tp / counts.positives());
                QCOMPARE(roc[i].fpr, counts.fp / counts.negatives());
                area += (roc[i].fpr - roc[i - 1].fpr) * (roc[i].tpr + roc[i - 1].tpr) / 2;
            }
            double pairs = 0; // three decimals fall on edges, so the trapezoid is the exact area
            double positives = 0;
            for (const Row &row : own)
                if (row.label == 1) {
                    ++positives;
                    for (const Row &other : own)
                        pairs += other.label == 1 ? 0 : row.score > other.score ? 1 : row.score == other.score ? 0.5 : 0;
                }
            QVERIFY(tables::isNear(area, pairs / (positives * (static_cast<double>(own.size()) - positives)), 1e-12));
            for (const auto &point : precisionRecallPoints(*summary, group)) {
                const Counts counts = naiveCounts(own, point.threshold);
                QCOMPARE(point.precision, counts.tp / counts.selected());
                QCOMPARE(point.recall, counts.tp / counts.positives());
            }
            const metrics::ScoreTable table = scoreTable(*summary, group);
            for (const double threshold : {0.0, 0.25, 0.5, 0.777, 1.0}) {
                Counts counts = table.at(threshold);
                counts.squares = group.squares;
                counts.rows = group.rows;
                QVERIFY(isNear(counts, naiveCounts(own, threshold)));
            }
        }
    }

    void sweepsFollowTheDefinitions()
    {
        const auto rows = rowsFor(1, 0, 9);
        const auto summary = summaryOf(rows, false);
        const auto groups = summary->groupsOf({"a"});
        const auto sweep = thresholdSweep(*summary, summary->everybody(), 200);
        QCOMPARE(sweep.size(), std::size_t(200));
        for (const ThresholdPoint &point : sweep) {
            const Counts counts = naiveCounts(rowsOf(rows, {}, false), point.threshold);
            QCOMPARE(*point.tpr, counts.tp / counts.positives());
            QCOMPARE(*point.fpr, counts.fp / counts.negatives());
            QCOMPARE(*point.selectionRate, counts.selected() / counts.total());
            QCOMPARE(*point.accuracy, (counts.tp + counts.tn) / counts.total());
            QCOMPARE(point.precision.has_value(), counts.selected() > 0);
        }
        const auto spread = spreadSweep(*summary, groups, metrics::BinaryMetric::SelectionRate);
        QCOMPARE(spread.size(), std::size_t(200));
        for (const SpreadPoint &point : spread) {
            double low = 1;
            double high = 0;
            for (const ScoreGroup *group : groups) {
                if (group->isMissing)
                    continue;
                const Counts counts = naiveCounts(rowsOf(rows, group->group, false), point.threshold);
                low = std::min(low, counts.selected() / counts.total());
                high = std::max(high, counts.selected() / counts.total());
            }
            QVERIFY(tables::isNear(*point.difference, high - low, 1e-12));
            QCOMPARE(point.ratio.has_value(), high > 0);
            if (point.ratio)
                QVERIFY(tables::isNear(*point.ratio, low / high, 1e-12));
        }
    }

    void densitiesAddUpToOne()
    {
        for (const auto &[scale, shift, decimals] : {std::tuple(1.0, 0.0, 9), std::tuple(10.0, 1.0, 1), std::tuple(8.0, -4.0, 9)}) {
            const auto summary = summaryOf(rowsFor(scale, shift, decimals), false);
            for (const ScoreGroup &group : summary->groups) {
                double area = 0;
                double share = 0;
                double end = summary->edges.front();
                for (const DensityStep &step : densitySteps(*summary, group)) {
                    QCOMPARE(step.from, end);
                    QVERIFY(step.to > step.from);
                    end = step.to;
                    area += step.density * (step.to - step.from);
                    share += step.share;
                }
                QVERIFY(tables::isNear(area, 1, 1e-9) && tables::isNear(share, 1, 1e-9));
            }
        }
        QCOMPARE(densitySteps(*summaryOf(rowsFor(1, 0, 9), false), summaryOf(rowsFor(1, 0, 9), false)->everybody()).size(), std::size_t(50));
    }

    void calibrationBinsHoldEquallyMany()
    {
        const auto rows = rowsFor(1, 0, 9, 6000);
        const auto summary = summaryOf(rows, false);
        const auto own = rowsOf(rows, {}, false);
        const auto points = calibrationPoints(*summary, summary->everybody());
        QCOMPARE(points.size(), std::size_t(10));
        double weight = 0;
        for (const CalibrationPoint &point : points) {
            weight += point.weight;
            double scores = 0;
            double positives = 0;
            double n = 0;
            for (const Row &row : own)
                if (row.score >= point.from && (row.score < point.to || point.to == 1)) {
                    scores += row.score;
                    positives += row.label;
                    ++n;
                }
            QCOMPARE(point.weight, n);
            QCOMPARE(point.observed.value, positives / n);
            QVERIFY(std::fabs(point.meanScore - scores / n) <= 0.0005);
            QVERIFY(point.observed.interval && point.observed.interval->method == metrics::IntervalMethod::Wilson);
            QVERIFY(std::fabs(n - static_cast<double>(own.size()) / 10) < 120); // a bin is no finer than an edge
        }
        QCOMPARE(weight, static_cast<double>(own.size()));
        QVERIFY(calibrationPoints(*summaryOf(rowsFor(8, -4, 9), false), summaryOf(rowsFor(8, -4, 9), false)->everybody()).empty());
    }
};

QTEST_GUILESS_MAIN(ScoreSummaryTest)
#include "tst_scoresummary.moc"
