#include "models/computed/scores/whatif.h"

#include "sets.h"

using namespace countersign;
using namespace countersign::computed;
using metrics::Constraint;
using metrics::Counts;
using tables::Row;

namespace {

std::vector<Row> usable(const std::vector<Row> &rows)
{
    std::vector<Row> own;
    for (const Row &row : rows)
        if (row.label >= 0 && std::isfinite(row.score))
            own.push_back(row);
    return own;
}

std::string valueOf(const Row &row, const std::string &attribute)
{
    const std::string &value = attribute == "a" ? row.a : row.b;
    return value.empty() ? std::string(kMissingName) : value;
}

bool isIn(const Row &row, const GroupValues &group)
{
    return std::ranges::all_of(group, [&](const auto &part) { return valueOf(row, part.first) == part.second; });
}

Counts naive(const std::vector<Row> &rows, const GroupValues &group, double threshold)
{
    Counts counts;
    for (const Row &row : rows)
        if (isIn(row, group))
            counts.add(row.label == 1, row.score >= threshold, row.weight);
    return counts;
}

std::shared_ptr<const Table> tableOf(const std::vector<Row> &rows, bool isWeighted = false, bool hasDecisions = false)
{
    auto mapping = tables::mapping(isWeighted);
    std::string csv = tables::csv(rows);
    if (hasDecisions)
        mapping.prediction = "y"; // a log that is always right
    auto table = tables::table(csv, mapping, scoretables::WindowUnit::Month);
    return table ? std::make_shared<const Table>(*std::move(table)) : nullptr;
}

using Source = std::shared_ptr<const ScoreSource>;

Source sourceOf(const std::vector<Row> &rows, const std::vector<std::string> &attributes, bool isKept, bool isWeighted = false, bool hasDecisions = false)
{
    const auto table = tableOf(rows, isWeighted, hasDecisions);
    const auto source = isKept ? scoreSource(std::make_shared<const ScoreSummary>(*summarizeScores(*table)), attributes) : scoreSource(table, attributes);
    return source ? *source : nullptr;
}

double spread(const std::vector<Counts> &counts, Constraint constraint)
{
    const auto rangeOf = [&](metrics::BinaryMetric metric) {
        double low = 1;
        double high = 0;
        for (const Counts &own : counts) {
            const metrics::Share share = metrics::share(own, metric);
            low = std::min(low, share.part / share.whole);
            high = std::max(high, share.part / share.whole);
        }
        return high - low;
    };
    switch (constraint) {
    case Constraint::DemographicParity: return rangeOf(metrics::BinaryMetric::SelectionRate);
    case Constraint::EqualOpportunity: return rangeOf(metrics::BinaryMetric::Recall);
    case Constraint::EqualizedOdds: return std::max(rangeOf(metrics::BinaryMetric::Recall), rangeOf(metrics::BinaryMetric::FalsePositiveRate));
    }
    return 0;
}

/// The lowest cost with a spread within the tolerance, from every combination of thresholds, over groups x, y, z.
double lowestCost(const std::vector<Row> &rows, Constraint constraint, double tolerance, bool isPerGroup, const metrics::Costs &costs)
{
    std::set<double> thresholds{std::numeric_limits<double>::infinity()};
    for (const Row &row : rows)
        thresholds.insert(row.score);
    const std::array<std::string, 3> names{"x", "y", "z"};
    double best = std::numeric_limits<double>::infinity();
    const auto look = [&](const std::vector<Counts> &counts) {
        double cost = 0;
        for (const Counts &own : counts)
            cost += costs.of(own);
        if (spread(counts, constraint) <= tolerance + 1e-12)
            best = std::min(best, cost);
    };
    const auto at = [&](std::size_t g, double threshold) { return naive(rows, {{"a", names[g]}}, threshold); };
    for (const double first : thresholds) {
        if (!isPerGroup) {
            look({at(0, first), at(1, first), at(2, first)});
            continue;
        }
        for (const double second : thresholds)
            for (const double third : thresholds)
                look({at(0, first), at(1, second), at(2, third)});
    }
    return best;
}

std::vector<Row> threeGroups(std::uint64_t seed, std::size_t count, int decimals)
{
    auto rows = usable(tables::randomRows(seed, count, decimals));
    std::erase_if(rows, [](const Row &row) { return row.a.empty(); });
    for (Row &row : rows) {
        row.weight = 1;
        if (row.a == "x") // this group's scores say less
            row.label = (static_cast<int>(row.score * 1000) % 3) == 0 ? 1 : 0;
    }
    return rows;
}

WhatIfOptions every()
{
    WhatIfOptions options;
    options.participation.smallest = 1;
    return options;
}

} // namespace

class WhatIfTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sourcesCountWhatTheRowsSay_data()
    {
        QTest::addColumn<bool>("isKept");
        QTest::addColumn<bool>("isWeighted");
        QTest::newRow("from the table") << false << false;
        QTest::newRow("from the table, weighted") << false << true;
        QTest::newRow("from kept scores") << true << false;
        QTest::newRow("from kept scores, weighted") << true << true;
    }
    void sourcesCountWhatTheRowsSay()
    {
        QFETCH(bool, isKept);
        QFETCH(bool, isWeighted);
        auto rows = usable(tables::randomRows(7, 6000, 9));
        if (isWeighted)
            std::erase_if(rows, [](const Row &row) { return row.weight <= 0; });
        else
            for (Row &row : rows)
                row.weight = 1;
        for (const std::vector<std::string> &attributes : {std::vector<std::string>{"a"}, {"b", "a"}, {}}) {
            const Source source = sourceOf(rows, attributes, isKept, isWeighted);
            QVERIFY(source);
            QCOMPARE(source->groups().size(), attributes.empty() ? std::size_t(1) : attributes.size() == 1 ? std::size_t(4) : std::size_t(12));
            QCOMPARE(source->isExact(), !isKept);
            double all = 0;
            for (std::size_t g = 0; g < source->groups().size(); ++g) {
                const auto &group = source->groups()[g];
                QCOMPARE(group.isMissing, std::ranges::any_of(group.group, [](const auto &value) { return value.second == kMissingName; }));
                all += group.positives + group.negatives;
                for (const double threshold : {-1.0, 0.0, 0.1234567, 0.5, 0.73, 0.999, 1.0, 2.0}) {
                    const double exact = source->exactThreshold(threshold);
                    const Counts counts = source->countsAt(g, threshold);
                    const Counts expected = naive(rows, group.group, exact);
                    QVERIFY(tables::isNear(counts.tp, expected.tp, 1e-12) && tables::isNear(counts.fp, expected.fp, 1e-12));
                    QVERIFY(tables::isNear(counts.fn, expected.fn, 1e-12) && tables::isNear(counts.tn, expected.tn, 1e-12));
                    QVERIFY(counts.rows == expected.rows && tables::isNear(counts.squares, expected.squares, 1e-12));
                    QVERIFY(exact >= threshold && (exact - threshold < 0.001 + 1e-12 || threshold < 0 || threshold > 0.999));
                }
            }
            double expected = 0;
            for (const Row &row : rows)
                expected += row.weight;
            QVERIFY(tables::isNear(all, expected, 1e-12));
            // What a search works on says the same as what a threshold is answered with.
            const auto tables = source->tables(400);
            QVERIFY(!tables.isEvery && tables.thresholds <= 1000);
            for (std::size_t g = 0; g < tables.tables.size(); ++g)
                for (const auto &point : tables.tables[g].points) {
                    const Counts counts = source->countsAt(g, point.threshold);
                    QVERIFY(tables::isNear(counts.tp, point.tp, 1e-12) && tables::isNear(counts.fp, point.fp, 1e-12));
                }
        }
    }

    void oneSideIsAsComputedFromTheLog()
    {
        const auto rows = usable(tables::randomRows(9, 3000, 3));
        Parameters parameters;
        parameters.threshold = 0.4;
        parameters.families = {{{"a"}, false}};
        const auto set = tables::compute(tables::csv(rows), tables::mapping(), parameters);
        QVERIFY(set.ok());
        for (const bool isKept : {false, true}) { // three decimals fall on edges: both are exact
            const Source source = sourceOf(rows, {"a"}, isKept);
            const auto side = decideBy(*source, {0.4, {}});
            QVERIFY(side.ok());
            for (std::size_t g = 0; g < side->groups.size(); ++g) {
                const ComputedCell *cell = set->find(source->groups()[g].group);
                QVERIFY(cell);
                QVERIFY(cell->counts == side->groups[g].counts);
                for (const NamedFigure &named : side->groups[g].figures)
                    QVERIFY2(*cell->find(named.name) == named.figure, named.name.c_str());
            }
            QVERIFY(set->cells.front().counts == side->counts);
            QVERIFY(side->disparities.size() == 12);
            for (const WhatIfDisparity &disparity : side->disparities) {
                const auto same = std::ranges::find_if(set->disparities, [&](const auto &own) { return own.name == disparity.name; });
                QVERIFY(same != set->disparities.end());
                QCOMPARE(same->figure.value, disparity.figure.value);
                QVERIFY(disparity.figure.interval && disparity.figure.interval->method == metrics::IntervalMethod::Bootstrap);
                QCOMPARE(same->used, disparity.used);
                QCOMPARE(same->missing, disparity.missing);
                QVERIFY(source->groups()[*disparity.highest].group == same->highest);
            }
        }
    }

    void groupsDecideByTheirOwnThresholds()
    {
        auto rows = usable(tables::randomRows(9, 3000, 3));
        for (Row &row : rows)
            row.weight = 1;
        const Source source = sourceOf(rows, {"a"}, false);
        WhatIfOptions options;
        options.costs = {2, 5};
        const DecisionRule rule{0.5, {0.2, std::nullopt, 0.7, std::nullopt}};
        QVERIFY(rule.isPerGroup());
        const auto side = decideBy(*source, rule, options);
        QVERIFY(side.ok());
        Counts all;
        for (std::size_t g = 0; g < 4; ++g) {
            QVERIFY(side->groups[g].counts == naive(rows, source->groups()[g].group, g == 0 ? 0.2 : g == 2 ? 0.7 : 0.5));
            all += side->groups[g].counts;
        }
        QVERIFY(all == side->counts);
        QCOMPARE(*side->cost, 2 * all.fp + 5 * all.fn);
        QVERIFY(!DecisionRule({0.5, {0.5, std::nullopt}}).isPerGroup());
        QCOMPARE(decideBy(*source, {0.5, {0.2}}).error().kind, ErrorKind::Invalid);
        QCOMPARE(decideBy(*source, {}).error().kind, ErrorKind::Invalid); // the log has no decisions
        QCOMPARE(decideBy(*source, {std::numeric_limits<double>::quiet_NaN(), {}}).error().kind, ErrorKind::Invalid);
        QCOMPARE(decideBy(*source, {std::numeric_limits<double>::infinity(), {}})->counts.selected(), 0.0);
    }

    void theLogsOwnDecisionsAreASideToo()
    {
        const auto rows = usable(tables::randomRows(9, 2000, 3));
        for (const bool isKept : {false, true}) {
            const Source source = sourceOf(rows, {"a"}, isKept, false, true);
            QVERIFY(source && source->hasDecisions());
            const auto side = decideBy(*source, {});
            QVERIFY(side.ok());
            QCOMPARE(side->find("accuracy")->value, 1.0);
            // Groups that no threshold is found for go on as logged.
            WhatIfOptions options;
            options.participation.smallest = 1;
            const auto found = findThresholds(*source, {}, {Constraint::DemographicParity, 0.05, true}, options);
            QVERIFY(found.ok());
            QCOMPARE(found->leftOut.size(), std::size_t(1)); // (missing)
            QVERIFY(found->leftOut.front().isMissing);
            QVERIFY(!found->rule.of(found->leftOut.front().group));
            QVERIFY(found->rule.isPerGroup());
        }
    }

    void foundThresholdsAreTheBestThereAre_data()
    {
        QTest::addColumn<int>("constraint");
        QTest::addColumn<bool>("isPerGroup");
        for (const bool isPerGroup : {false, true}) {
            QTest::addRow("demographic parity, %s", isPerGroup ? "per group" : "one") << int(Constraint::DemographicParity) << isPerGroup;
            QTest::addRow("equal opportunity, %s", isPerGroup ? "per group" : "one") << int(Constraint::EqualOpportunity) << isPerGroup;
            QTest::addRow("equalized odds, %s", isPerGroup ? "per group" : "one") << int(Constraint::EqualizedOdds) << isPerGroup;
        }
    }
    void foundThresholdsAreTheBestThereAre()
    {
        QFETCH(int, constraint);
        QFETCH(bool, isPerGroup);
        const auto wanted = static_cast<Constraint>(constraint);
        for (std::uint64_t seed = 1; seed <= 2; ++seed) {
            const auto rows = threeGroups(seed, 110, 1);
            for (const metrics::Costs costs : {metrics::Costs{}, metrics::Costs{1, 4}})
                for (const double tolerance : {0.0, 0.05, 0.2})
                    for (const bool isKept : {false, true}) {
                        const Source source = sourceOf(rows, {"a"}, isKept);
                        WhatIfOptions options = every();
                        options.costs = costs;
                        const auto found = findThresholds(*source, {0.5, {}}, {wanted, tolerance, isPerGroup}, options);
                        QVERIFY(found.ok());
                        QVERIFY(found->disparity <= tolerance + 1e-12);
                        const auto side = decideBy(*source, found->rule, options);
                        QVERIFY(side.ok());
                        std::vector<Counts> counts;
                        for (const auto &group : side->groups)
                            counts.push_back(group.counts);
                        QVERIFY(std::fabs(spread(counts, wanted) - found->disparity) < 1e-12);
                        QVERIFY(tables::isNear(*side->cost, lowestCost(rows, wanted, tolerance, isPerGroup, costs), 1e-12));
                        QCOMPARE(found->isEveryScore, !isKept);
                    }
        }
    }

    void withoutAConstraintOnlyAccuracyCounts()
    {
        const auto rows = threeGroups(2, 150, 1);
        const Source source = sourceOf(rows, {"a"}, false);
        for (const bool isPerGroup : {false, true}) {
            const auto found = findThresholds(*source, {0.5, {}}, {std::nullopt, 0, isPerGroup}, every());
            QVERIFY(found.ok());
            const auto side = decideBy(*source, found->rule);
            QCOMPARE(side->counts.fp + side->counts.fn, lowestCost(rows, Constraint::DemographicParity, 1, isPerGroup, {}));
        }
    }

    void groupsThatAreTooSmallStayOut()
    {
        auto rows = threeGroups(2, 400, 2);
        for (int i = 0; i < 7; ++i)
            rows.push_back({0, 0.9, "tiny", "p", "", 1});
        const Source source = sourceOf(rows, {"a"}, false);
        const auto found = findThresholds(*source, {0.25, {}}, {Constraint::EqualOpportunity, 0.01, true});
        QVERIFY(found.ok());
        QCOMPARE(found->leftOut.size(), std::size_t(1));
        QVERIFY(found->leftOut.front().reason == metrics::Reason::TooFewRows);
        QCOMPARE(*found->rule.of(found->leftOut.front().group), 0.25);
        const auto all = findThresholds(*source, {0.25, {}}, {Constraint::EqualOpportunity, 0.01, true}, every());
        QVERIFY(all->leftOut.front().reason == metrics::Reason::NoPositives);
        // With one threshold for all it is decided by it, and counts.
        WhatIfOptions costly;
        costly.costs = {1000, 1};
        const auto one = findThresholds(*source, {0.25, {}}, {Constraint::DemographicParity, 1, false}, costly);
        QVERIFY(*one->rule.threshold > 0.9); // its seven false positives at 0.9 are too dear
        const Source single = sourceOf({rows.begin(), rows.begin() + 50}, {}, false);
        QCOMPARE(findThresholds(*single, {0.5, {}}, {Constraint::DemographicParity, 0.1, false}).error().kind, ErrorKind::Invalid);
    }

    void theFrontierIsNeverBeaten()
    {
        const auto rows = threeGroups(4, 400, 2);
        const Source source = sourceOf(rows, {"a"}, false);
        for (const bool isPerGroup : {false, true}) {
            const auto frontier = accuracyFrontier(*source, {0.5, {}}, Constraint::EqualOpportunity, isPerGroup, 30, every());
            QVERIFY(frontier.ok());
            QVERIFY(frontier->size() > 2);
            for (std::size_t i = 0; i < frontier->size(); ++i) {
                const FrontierPoint &point = (*frontier)[i];
                if (i > 0)
                    QVERIFY(point.disparity > (*frontier)[i - 1].disparity && point.accuracy > (*frontier)[i - 1].accuracy);
                const auto side = decideBy(*source, point.rule, every());
                QVERIFY(tables::isNear(side->find("accuracy")->value, point.accuracy, 1e-12));
                QVERIFY(std::fabs(side->disparity("equal_opportunity_difference")->figure.value - point.disparity) < 1e-12);
                const auto found = findThresholds(*source, {0.5, {}}, {Constraint::EqualOpportunity, point.disparity, isPerGroup}, every());
                QVERIFY(decideBy(*source, found->rule, every())->find("accuracy")->value >= point.accuracy - 1e-12);
            }
        }
    }

    void workThatIsStoppedSaysSo()
    {
        const auto rows = threeGroups(4, 400, 2);
        const std::atomic<bool> cancel = true;
        const Progress stopped{{}, &cancel};
        QCOMPARE(scoreSource(tableOf(rows), {"a"}, stopped).error().kind, ErrorKind::Cancelled);
        const Source source = sourceOf(rows, {"a"}, false);
        QCOMPARE(findThresholds(*source, {0.5, {}}, {Constraint::EqualizedOdds, 0.1, true}, every(), stopped).error().kind, ErrorKind::Cancelled);
        QCOMPARE(accuracyFrontier(*source, {0.5, {}}, Constraint::EqualizedOdds, true, 20, every(), stopped).error().kind, ErrorKind::Cancelled);
        QCOMPARE(summarizeScores(*tableOf(rows), 2, stopped).error().kind, ErrorKind::Cancelled);
    }

    void weightsMakeGroupAndLabelIndependent()
    {
        const auto rows = usable(tables::randomRows(5, 3000, 3));
        for (const auto &attributes : {std::vector<std::string>{"a"}, {"a", "b"}}) {
            const Source source = sourceOf(rows, attributes, true);
            const auto weights = reweighingRows(*source);
            QVERIFY(weights.ok());
            std::map<std::string, std::array<double, 2>> sums;
            std::array<double, 2> all{};
            double n = 0;
            for (const ReweighingRow &row : *weights) {
                std::string name;
                for (const auto &value : row.group)
                    name += value.second + "/";
                sums[name][row.isPositive ? 1 : 0] += row.weight * row.n;
                all[row.isPositive ? 1 : 0] += row.weight * row.n;
                n += row.n;
            }
            QVERIFY(tables::isNear(all[0] + all[1], n, 1e-12));
            for (const auto &[name, sum] : sums)
                QVERIFY2(tables::isNear(sum[1] / (sum[0] + sum[1]), all[1] / n, 1e-12), name.c_str());
        }
    }

    void exportedWeightsAreText()
    {
        std::vector<Row> rows{{1, 0.9, "=1+1", "p", "", 1}, {0, 0.2, "=1+1", "p", "", 1}, {0, 0.1, "x,\"y\"", "p", "", 1}, {1, 0.1, "", "p", "", 1}};
        for (Row &row : rows)
            if (row.a.find(',') != std::string::npos)
                row.a = "\"x,\"\"y\"\"\"";
        const Source source = sourceOf(rows, {"a"}, false);
        const std::string csv = reweighingCsv(*source, *reweighingRows(*source));
        QCOMPARE(QString::fromStdString(csv), QStringLiteral("\"a\",label,weight,n\r\n\"'=1+1\",0,1,1\r\n\"'=1+1\",1,1,1\r\n\"x,\"\"y\"\"\",0,0.5,1\r\n\"(missing)\",1,0.5,1\r\n"));
    }

    void evidenceIsCanonicalAndWhole()
    {
        const auto rows = usable(tables::randomRows(9, 3000, 3));
        const Source source = sourceOf(rows, {"a"}, true);
        WhatIf whatIf;
        whatIf.basis = {"log.csv", {}, {}, "import-1"};
        whatIf.choice = {Constraint::DemographicParity, 0.03, true};
        whatIf.options.costs = {1, 3};
        whatIf.before = *decideBy(*source, {0.5, {}}, whatIf.options);
        const auto found = findThresholds(*source, {0.5, {}}, whatIf.choice, whatIf.options);
        whatIf.after = *decideBy(*source, found->rule, whatIf.options);
        whatIf.leftOut = found->leftOut;
        const Bytes bytes = writeWhatIf(*source, whatIf);
        const auto value = json::parse(bytes);
        QVERIFY(value.ok());
        QCOMPARE(*json::canonical(*value), bytes);
        QCOMPARE(value->text("schema").value(), std::string(kWhatIfSchema));
        QCOMPARE(value->text("constraint").value(), std::string("demographic_parity"));
        QCOMPARE(value->find("tolerance")->real().value(), 0.03);
        QCOMPARE(value->text("legal_note").value(), std::string(legalNote()));
        QCOMPARE(value->find("basis")->text("import").value(), std::string("import-1"));
        QCOMPARE(value->find("left_out")->array()->size(), std::size_t(1));
        for (const char *side : {"before", "after"}) {
            const json::Value *own = value->find(side);
            QCOMPARE(own->find("groups")->array()->size(), std::size_t(4));
            QCOMPARE(own->find("disparities")->array()->size(), std::size_t(12));
            QVERIFY(own->find("metrics")->find("accuracy")->find("lower")->number());
            QVERIFY(own->find("cost")->number());
        }
        const double after = value->find("after")->find("disparities")->array()->front().find("value")->real().value();
        QVERIFY(after <= 0.03);
        const std::string summary = whatIfSummary(*source, whatIf);
        QVERIFY2(summary.starts_with("A threshold of its own for each group (x: 0."), summary.c_str());
        QVERIFY2(summary.find("instead of 0.5: selected ") != std::string::npos, summary.c_str());
        // One threshold for all needs no warning.
        whatIf.after = *decideBy(*source, {0.4, {}}, whatIf.options);
        QVERIFY(!json::parse(writeWhatIf(*source, whatIf))->find("legal_note"));
        const std::string one = whatIfSummary(*source, whatIf);
        QVERIFY2(one.starts_with("One threshold, 0.4, instead of 0.5: selected "), one.c_str());
    }

    void whatWasNotKeptIsSaid()
    {
        const auto rows = usable(tables::randomRows(9, 300, 3));
        const auto summary = std::make_shared<const ScoreSummary>(*summarizeScores(*tableOf(rows)));
        QVERIFY(scoreSource(summary, {"c"}).error().message.find("no attribute \"c\"") != std::string::npos);
        QCOMPARE(scoreSource(tableOf(rows), {"c"}).error().kind, ErrorKind::Invalid);
        QVERIFY(scoreSource(summary, {"a", "b"}).ok());
    }
};

QTEST_GUILESS_MAIN(WhatIfTest)
#include "tst_whatif.moc"
