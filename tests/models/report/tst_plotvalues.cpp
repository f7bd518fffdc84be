#include "models/report/multiples.h"
#include "models/report/plots/plotrows.h"
#include "models/report/plots/setplots.h"
#include "models/report/plots/words.h"
#include "tests/models/report/plotsamples.h"

#include <QtTest>

#include <numeric>

using namespace countersign;
using namespace countersign::report;

namespace {

const PlotSeries &only(const PlotSpec &spec, std::size_t panel = 0, std::size_t series = 0)
{
    return spec.panels.at(panel).series.at(series);
}

std::size_t rowOf(const PlotSpec &spec, const std::string &name)
{
    const auto &categories = spec.panels.front().y.categories;
    return static_cast<std::size_t>(std::ranges::find(categories, name, &PlotCategory::name) - categories.begin());
}

std::vector<std::string> namesOf(const PlotSpec &spec)
{
    std::vector<std::string> names;
    for (const auto &category : spec.panels.front().y.categories)
        names.push_back(category.name);
    return names;
}

bool says(const PlotSpec &spec, const std::string &part)
{
    return std::ranges::any_of(spec.sentences, [&](const std::string &sentence) { return sentence.find(part) != std::string::npos; });
}

} // namespace

class TestPlotValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aForestHasARowPerGroupWithItsN();
    void smallGroupsAreHollowAndUndefinedOnesSayWhy();
    void theFindingNamesTheGroupsOutside();
    void groupsAreSortedAsAsked();
    void manyGroupsAreLimitedAndTheRestIsSaid();
    void disparityShowsRatioAndDifferenceRowByRow();
    void theOperatingPointIsTheOneInForce();
    void rocPointsComeFromCounts();
    void calibrationBinsCarryTheirIntervals();
    void densitiesEncloseOneAndSharesAreCounted();
    void theThresholdsValuesAreReadOffTheLines();
    void aGapIsNotReadAcross();
    void aHandleKeepsToItsSteps();
    void theRankingIsSortedAndJudgesNothingWithoutAPolicy();
    void contributionsAddUpToPsi();
    void newCategoriesAreFlagged();
    void openBinsAreOpen();
    void theGridHasTheLargestRowFirst();
    void theFrontierMarksWhatWasChosen();
    void decimatingKeepsEndsExtremesGapsAndMarks();
    void placesLeaveOutTheClosingPoint();
    void rowsForAFileHoldEveryNumber();
    void aSetBecomesForestDisparityAndDrift();
    void manyLinesBecomeSmallMultiplesWithOneRange();
    void wordsOfLists();
};

void TestPlotValues::aForestHasARowPerGroupWithItsN()
{
    const PlotSpec spec = forestPlot(samples::forestInput());
    QCOMPARE(spec.panels.size(), std::size_t(1));
    QVERIFY(spec.panels[0].isSideways());
    QCOMPARE(spec.panels[0].y.categories.size(), std::size_t(7));
    QCOMPARE(spec.panels[0].y.categories[0].n, std::optional<std::int64_t>(1529));
    QCOMPARE(spec.panels[0].y.categories[2].detail, std::string("reference"));
    QCOMPARE(spec.panels[0].y.categories[5].name, std::string("<b>Not</b> & stated"));
    QCOMPARE(only(spec).points[1].value, 0.801);
    QCOMPARE(*only(spec).points[1].lower, 0.801 - 0.016);
    QCOMPARE(only(spec).intervalName, std::string("95 % Wilson interval"));
    QCOMPARE(spec.panels[0].x.title, std::string("Recall, higher is better"));
    QCOMPARE(spec.panels[0].rules[0].at, 0.806);
    QCOMPARE(spec.panels[0].rules[1].style, RuleStyle::Limit);
}

void TestPlotValues::smallGroupsAreHollowAndUndefinedOnesSayWhy()
{
    const PlotSpec spec = forestPlot(samples::forestInput());
    const auto &points = only(spec).points;
    QVERIFY(!points[4].isHollow);
    QVERIFY(points[5].isHollow);
    QVERIFY(points[5].hasValue());
    QVERIFY(!points[6].hasValue());
    QCOMPARE(points[6].text, std::string("undefined (0 positives)"));
    QVERIFY(says(spec, "fewer than 100 rows): <b>Not</b> & stated"));
    QVERIFY(says(spec, "Without a value: Unborn"));
    QCOMPARE(spec.hollowName, std::string("n below 100"));
}

void TestPlotValues::theFindingNamesTheGroupsOutside()
{
    ForestInput input = samples::forestInput();
    QCOMPARE(forestPlot(input).title, std::string("Recall is outside its limit for 65 and over"));
    for (auto &group : input.groups)
        group.state.reset();
    QCOMPARE(forestPlot(input).title, std::string("Recall runs from .690 (65 and over) to .842 (35–49)"));
    for (auto &group : input.groups)
        group.figure = metrics::Figure::undefined(metrics::Reason::NoRows);
    QCOMPARE(forestPlot(input).title, std::string("Recall by Age band"));
    QVERIFY(!forestPlot(input).isEmpty()); // the reasons are there
}

void TestPlotValues::groupsAreSortedAsAsked()
{
    ForestInput input = samples::forestInput();
    input.choice.order = GroupOrder::ByValue;
    QCOMPARE(namesOf(forestPlot(input)).front(), std::string("65 and over"));
    QCOMPARE(namesOf(forestPlot(input)).back(), std::string("Unborn"));
    input.choice.order = GroupOrder::BySize;
    QCOMPARE(namesOf(forestPlot(input)).front(), std::string("35–49"));
    input.choice.order = GroupOrder::ByName;
    QVERIFY(std::ranges::is_sorted(namesOf(forestPlot(input))));
    input.choice.order = GroupOrder::ByDistance;
    QCOMPARE(namesOf(forestPlot(input)).front(), std::string("65 and over"));
    const PlotSpec spec = forestPlot(input);
    QCOMPARE(only(spec).points[rowOf(spec, "35–49")].value, 0.842); // values move with their names
    DisparityInput pairs = samples::disparityInput();
    pairs.choice.order = GroupOrder::ByDistance;
    QCOMPARE(namesOf(disparityPlot(pairs)).front(), std::string("65 and over"));
}

void TestPlotValues::manyGroupsAreLimitedAndTheRestIsSaid()
{
    ForestInput input;
    input.choice.attribute = "Region";
    input.choice.metric = "recall";
    for (int i = 0; i < 60; ++i)
        input.groups.push_back({"group " + std::to_string(i), samples::share(0.5 + i * 0.005, 500, 0.02), 900, false, {}, ""});
    const PlotSpec spec = forestPlot(input);
    QCOMPARE(spec.panels[0].y.categories.size(), std::size_t(60));
    QCOMPARE(spec.panels[0].y.drawn(), std::size_t(40));
    QVERIFY(says(spec, "20 more groups not drawn; the table lists all 60."));
    QVERIFY(says(spec, "with more than 5, one may differ by chance"));
    QCOMPARE(placesOf(spec).size(), std::size_t(60));
}

void TestPlotValues::disparityShowsRatioAndDifferenceRowByRow()
{
    const PlotSpec spec = disparityPlot(samples::disparityInput());
    QCOMPARE(spec.panels.size(), std::size_t(2));
    QVERIFY(spec.sharesRows());
    QCOMPARE(spec.panels[0].x.scale, AxisScale::Log);
    QCOMPARE(spec.panels[1].x.scale, AxisScale::Linear);
    QCOMPARE(spec.panels[0].y, spec.panels[1].y);
    QCOMPARE(*spec.panels[0].bands[0].from, 0.80);
    QCOMPARE(*spec.panels[0].bands[0].to, 1.25);
    QCOMPARE(spec.panels[0].bands[0].label, std::string("0.80 to 1.25: four-fifths guideline, not law"));
    QCOMPARE(spec.panels[0].rules[0].at, 1.0);
    QCOMPARE(spec.panels[1].rules[0].at, 0.0);
    const std::size_t reference = rowOf(spec, "35–49");
    QVERIFY(only(spec, 0).points[reference].isReference);
    QCOMPARE(only(spec, 0).points[reference].value, 1.0);
    QCOMPARE(only(spec, 1).points[reference].value, 0.0);
    QVERIFY(!only(spec, 0).points[reference].hasInterval());
    QCOMPARE(only(spec, 0).points[0].value, 0.88);
    QCOMPARE(only(spec, 1).points[0].value, -0.100);
    QCOMPARE(only(spec, 1, 2).mark, PlotMark::TableOnly);
    QCOMPARE(only(spec, 1, 2).points[0].value, 0.003);
    DisparityInput zero = samples::disparityInput();
    zero.groups[0].ratio = metrics::Figure::of(0, 50);
    QCOMPARE(only(disparityPlot(zero)).points[0].value, 0.0); // said, though a logarithm has no place for it
}

void TestPlotValues::theOperatingPointIsTheOneInForce()
{
    const PlotSpec spec = rocPlot(samples::rocInput());
    QVERIFY(spec.panels[0].isEqualAspect);
    QVERIFY(spec.panels[0].hasDiagonal);
    for (const auto &series : spec.panels[0].series) {
        QCOMPARE(std::ranges::count_if(series.points, &PlotPoint::isMarked), 1);
        const auto marked = std::ranges::find_if(series.points, &PlotPoint::isMarked);
        QVERIFY(*marked->threshold >= 0.42); // score >= 0.42 is positive: the next point would let lower scores in
        QVERIFY(*std::next(marked)->threshold < 0.42);
    }
    QVERIFY(std::isinf(*only(spec).points.front().threshold));
    QCOMPARE(only(spec).summary->value, 0.855);
    QVERIFY(says(spec, "women: AUC .855 [.835, .875], n 4,000, 900 positive."));
    const PlotSpec precision = rocPlot(samples::precisionInput());
    QVERIFY(!precision.panels[0].hasDiagonal);
    QCOMPARE(precision.panels[0].rules[0].at, 0.12);
    QCOMPARE(precision.panels[0].rules[0].along, Along::Y);
}

void TestPlotValues::rocPointsComeFromCounts()
{
    metrics::Curve curve;
    for (const auto &[score, positive] : {std::pair(0.9, true), std::pair(0.8, false), std::pair(0.7, true), std::pair(0.2, false)})
        curve.add(score, positive);
    const auto roc = rocPoints(curve.points(), curve.positives(), curve.negatives(), CurveKind::Roc);
    QCOMPARE(roc.size(), std::size_t(5));
    QVERIFY(std::isinf(roc[0].threshold));
    QCOMPARE(roc[1].y, 0.5);
    QCOMPARE(roc[1].x, 0.0);
    QCOMPARE(roc[2].x, 0.5);
    QCOMPARE(roc[4].x, 1.0);
    const auto precision = rocPoints(curve.points(), curve.positives(), curve.negatives(), CurveKind::PrecisionRecall);
    QCOMPARE(precision[0].y, 1.0);
    QCOMPARE(precision[2].x, 1.0);
    QCOMPARE(precision[2].y, 2.0 / 3);
    QVERIFY(rocPoints(curve.points(), 0, 2, CurveKind::Roc).empty());
}

void TestPlotValues::calibrationBinsCarryTheirIntervals()
{
    const PlotSpec spec = calibrationPlot(samples::calibrationInput());
    QCOMPARE(only(spec).points.size(), std::size_t(10));
    QVERIFY(only(spec).points[0].hasInterval());
    QVERIFY(!only(spec).points[0].isHollow);
    QVERIFY(only(spec).points[9].isHollow); // 60 rows of 100
    QCOMPARE(spec.panels[0].strip->bars.size(), std::size_t(40));
    QVERIFY(says(spec, "Expected calibration error .024."));
    QVERIFY(calibrationPlot({}).isEmpty());
}

void TestPlotValues::densitiesEncloseOneAndSharesAreCounted()
{
    const DensityInput input = samples::densityInput();
    const PlotSpec spec = densityPlot(input);
    for (std::size_t g = 0; g < input.groups.size(); ++g) {
        const auto &points = only(spec, 0, g).points;
        double area = 0;
        for (std::size_t i = 0; i + 1 < points.size(); ++i)
            area += points[i].value * (points[i + 1].at - points[i].at);
        QVERIFY(std::fabs(area - 1) < 1e-12);
        const double total = std::accumulate(input.groups[g].counts.begin(), input.groups[g].counts.end(), 0.0);
        const double below = std::accumulate(input.groups[g].counts.begin(), input.groups[g].counts.begin() + 21, 0.0);
        const auto readings = readingsAt(spec.panels[0], input.edges[21]);
        QVERIFY(std::fabs(readings[g].left - below / total) < 1e-12);
        QVERIFY(std::fabs(readings[g].left + readings[g].right - 1) < 1e-12);
    }
    QVERIFY(only(spec, 0, 2).points[0].isHollow == false); // no minimum was given
    QCOMPARE(spec.panels[0].handle->step, 0.01);
    QCOMPARE(readingsAt(spec.panels[0], 1.0)[0].left, 1.0);
    QCOMPARE(readingsAt(spec.panels[0], -3.0)[0].left, 0.0);
}

void TestPlotValues::theThresholdsValuesAreReadOffTheLines()
{
    ThresholdInput input;
    input.lines = {{"TPR", {{0, 1}, {0.5, 0.6}, {1, 0}}, 0.7, {}}};
    input.threshold = 0.25;
    const PlotSpec spec = thresholdPlot(input);
    QCOMPARE(readingsAt(spec.panels[0], 0.25)[0].value, 0.8);
    QCOMPARE(readingsAt(spec.panels[0], 0.5)[0].value, 0.6);
    QCOMPARE(readingsAt(spec.panels[0], 1)[0].value, 0.0);
    QVERIFY(std::isnan(readingsAt(spec.panels[0], 1.5)[0].value));
    QCOMPARE(spec.panels[0].bands.size(), std::size_t(1)); // one line: what is outside its limit is hatched
    QVERIFY(says(spec, "TPR is .800 at .250."));
    QVERIFY(thresholdPlot({}).isEmpty());
}

void TestPlotValues::aGapIsNotReadAcross()
{
    const PlotSpec spec = thresholdPlot(samples::thresholdInput());
    QVERIFY(std::isfinite(readingsAt(spec.panels[0], 0.94)[3].value));
    QVERIFY(std::isnan(readingsAt(spec.panels[0], 0.945)[3].value)); // between a value and none
    QVERIFY(std::isnan(readingsAt(spec.panels[0], 0.97)[3].value));
    QCOMPARE(pieces(only(spec, 0, 3).points).size(), std::size_t(1));
    std::vector<PlotPoint> points(5);
    points[0].value = points[1].value = points[4].value = 1;
    points[3].value = std::numeric_limits<double>::infinity();
    const std::vector<std::pair<std::size_t, std::size_t>> expected{{0, 2}, {4, 5}};
    QCOMPARE(pieces(points), expected);
}

void TestPlotValues::aHandleKeepsToItsSteps()
{
    PlotHandle handle;
    handle.step = 0.1;
    QCOMPARE(snapped(handle, 0.68), 0.7);
    QCOMPARE(snapped(handle, -4), 0.0);
    QCOMPARE(snapped(handle, 4), 1.0);
    handle.step = 0;
    QCOMPARE(snapped(handle, 0.123), 0.123);
}

void TestPlotValues::theRankingIsSortedAndJudgesNothingWithoutAPolicy()
{
    DriftRankingInput input = samples::rankingInput();
    const PlotSpec spec = driftRankingPlot(input);
    const std::vector<std::string> expected{"income", "balance", "months_employed", "score", "A&B <i>x</i>", "age", "region", "currency"};
    QCOMPARE(namesOf(spec), expected);
    QVERIFY(!only(spec).points.back().hasValue());
    QVERIFY(only(spec).points.back().text.find("fewer than two bins") != std::string::npos);
    QCOMPARE(spec.title, std::string("PSI is outside its limit for income and balance"));
    QCOMPARE(spec.panels[0].rules.size(), std::size_t(2));
    QVERIFY(says(spec, "Benjamini–Hochberg"));
    QCOMPARE(only(spec, 0, 1).name, std::string("p, adjusted"));
    input.watch.reset();
    input.limit.reset();
    for (auto &column : input.columns)
        column.state.reset();
    const PlotSpec free = driftRankingPlot(input);
    QVERIFY(free.panels[0].rules.empty());
    QVERIFY(free.panels[0].bands.empty());
    QVERIFY(says(free, "nothing is judged here"));
}

void TestPlotValues::contributionsAddUpToPsi()
{
    for (const BinsInput &input : {samples::binsInput(), samples::categoriesInput()}) {
        const auto contributions = psiContributions(input.reference, input.current);
        const double sum = std::accumulate(contributions.begin(), contributions.end(), 0.0);
        QVERIFY(std::fabs(sum - metrics::psi(input.reference, input.current).value) < 1e-12);
    }
    const std::vector<double> none(3, 0.0);
    QVERIFY(psiContributions(none, none).empty());
}

void TestPlotValues::newCategoriesAreFlagged()
{
    const PlotSpec spec = binsPlot(samples::categoriesInput());
    const auto &categories = spec.panels[0].y.categories;
    QCOMPARE(categories[4].detail, std::string("new category"));
    QVERIFY(categories[4].isStrong);
    QCOMPARE(categories[3].detail, std::string("gone"));
    QVERIFY(categories[0].detail.empty());
    QVERIFY(says(spec, "New since the reference: Mars colony."));
    QCOMPARE(only(spec).mark, PlotMark::Bars);
    QCOMPARE(only(spec).points[4].value, 0.0);
}

void TestPlotValues::openBinsAreOpen()
{
    const PlotSpec spec = binsPlot(samples::binsInput());
    const auto &points = only(spec, 0, 1).points;
    QCOMPARE(only(spec).mark, PlotMark::Step);
    QCOMPARE(points.size(), std::size_t(11)); // ten bins and the closing point
    QCOMPARE(*points[0].from, -std::numeric_limits<double>::infinity());
    QCOMPARE(*points[0].to, 12'400.0);
    QCOMPARE(*points[9].to, std::numeric_limits<double>::infinity());
    QCOMPARE(points[0].value, 410.0 / 8735);
    QCOMPARE(spec.panels[0].x.ticks.size(), std::size_t(9));
    QCOMPARE(spec.panels[0].x.format.decimals, 0);
    QVERIFY(says(spec, "The largest part of PSI"));
    BinsInput whole = samples::binsInput();
    whole.edges.isPerValue = true;
    QCOMPARE(*only(binsPlot(whole)).points[1].from, 12'400.0);
    QCOMPARE(*only(binsPlot(whole)).points[1].to, 12'400.0);
}

void TestPlotValues::theGridHasTheLargestRowFirst()
{
    const HeatGrid grid = samples::driftGridSample();
    QCOMPARE(grid.rows.front(), std::string("income"));
    QCOMPARE(grid.columns.size(), std::size_t(8));
    QCOMPARE(grid.columns.front(), std::string("2026-01"));
    const auto age = static_cast<std::size_t>(std::ranges::find(grid.rows, "age") - grid.rows.begin());
    QVERIFY(std::isnan(grid.cells[age][2].value));
    QCOMPARE(grid.cells[age][2].state, std::optional(VerdictState::NotEnoughData));
    QVERIFY(!grid.cells[age][2].note.empty());
}

void TestPlotValues::theFrontierMarksWhatWasChosen()
{
    const PlotSpec spec = frontierPlot(samples::frontierInput());
    QVERIFY(std::ranges::is_sorted(only(spec).points, {}, &PlotPoint::at));
    QCOMPARE(std::ranges::count(only(spec).points, std::string("chosen"), &PlotPoint::label), 1);
    QCOMPARE(std::ranges::count(only(spec).points, std::string("in use"), &PlotPoint::label), 1);
    QVERIFY(std::ranges::all_of(only(spec, 0, 1).points, &PlotPoint::isHollow));
}

void TestPlotValues::decimatingKeepsEndsExtremesGapsAndMarks()
{
    std::vector<PlotPoint> points(100'000);
    for (std::size_t i = 0; i < points.size(); ++i) {
        points[i].at = static_cast<double>(i);
        points[i].value = std::sin(static_cast<double>(i) / 900);
    }
    points[40'001].value = 9;
    points[40'002].value = -9;
    points[70'003].value = std::nan("");
    points[80'004].isMarked = true;
    const auto kept = decimated(points, 1000);
    QVERIFY(kept.size() <= 1005);
    QCOMPARE(kept.front(), points.front());
    QCOMPARE(kept.back(), points.back());
    QVERIFY(std::ranges::is_sorted(kept, {}, &PlotPoint::at));
    QVERIFY(std::ranges::any_of(kept, [](const PlotPoint &point) { return point.value == 9; }));
    QVERIFY(std::ranges::any_of(kept, [](const PlotPoint &point) { return point.value == -9; }));
    QVERIFY(std::ranges::any_of(kept, [](const PlotPoint &point) { return point.isMarked; }));
    QCOMPARE(pieces(kept).size(), std::size_t(2));
    QCOMPARE(decimated(std::vector<PlotPoint>(points.begin(), points.begin() + 900), 1000).size(), std::size_t(900));
}

void TestPlotValues::placesLeaveOutTheClosingPoint()
{
    const PlotSpec spec = binsPlot(samples::binsInput());
    QCOMPARE(placesOf(spec).size(), std::size_t(10));
    QVERIFY(pointAt(only(spec), 9));
    QVERIFY(!pointAt(only(spec), 10));
    QVERIFY(!pointAt(only(spec), 0.5));
}

void TestPlotValues::rowsForAFileHoldEveryNumber()
{
    const auto rows = plotRows(disparityPlot(samples::disparityInput()));
    QCOMPARE(rows.front().size(), std::size_t(13));
    QCOMPARE(rows.size(), std::size_t(1 + 4 * 7)); // ratio, difference and both p, seven groups each
    QCOMPARE(rows[1][2], std::string("18–24"));
    QCOMPARE(rows[1][5], std::string("0.88"));
    QCOMPARE(rows[1][8], std::string("1529"));
    QCOMPARE(rows[1][11], std::string("pass"));
    QCOMPARE(rows[7][5], std::string()); // undefined is empty, its reason a note
    QCOMPARE(rows[7][12], std::string("undefined (0 positives)"));
    QCOMPARE(plotRows(binsPlot(samples::binsInput()))[1][3], std::string("-inf"));
}

void TestPlotValues::aSetBecomesForestDisparityAndDrift()
{
    computed::ComputedSet set;
    set.smallestGroup = 30;
    const auto addCell = [&](computed::GroupValues group, double rate, std::uint64_t n) {
        computed::ComputedCell cell;
        cell.group = std::move(group);
        cell.n = n;
        cell.metrics.push_back({"selection_rate", samples::share(rate, n, 0.05), {}});
        set.cells.push_back(std::move(cell));
    };
    addCell({}, 0.5, 1100);
    addCell({{"sex", "f"}}, 0.4, 480);
    addCell({{"sex", "m"}}, 0.6, 600);
    addCell({{"sex", "(missing)"}}, 0.3, 20);
    addCell({{"region", "north"}}, 0.5, 1100);
    computed::ComputedComparison comparison;
    comparison.attributes = {"sex"};
    comparison.metric = "selection_rate";
    comparison.reference = {{"sex", "m"}};
    comparison.pairs.push_back({{{"sex", "f"}}, samples::katz(-0.2, -0.25, -0.15), samples::katz(0.667, 0.6, 0.74), metrics::Figure::of(0.001, 1080), 0.002});
    set.comparisons.push_back(comparison);

    SetChoice choice;
    choice.attributes = {"sex"};
    choice.metric = "selection_rate";
    const PlotSpec forest = forestOf(set, choice, [](const computed::GroupValues &, const metrics::Figure &figure) {
        return figure.value < 0.5 ? VerdictState::Fail : VerdictState::Pass;
    });
    const std::vector<std::string> names{"f", "m", "(missing)"};
    QCOMPARE(namesOf(forest), names);
    QCOMPARE(forest.panels[0].rules[0].at, 0.5); // everybody
    QVERIFY(only(forest).points[1].isReference);
    QCOMPARE(only(forest).points[0].state, std::optional(VerdictState::Fail));
    QVERIFY(only(forest).points[2].isHollow);
    const PlotSpec disparity = disparityOf(set, choice);
    QCOMPARE(only(disparity).points[1].value, 0.667);
    QCOMPARE(only(disparity, 1).points[1].value, -0.2);
    QCOMPARE(disparity.panels[0].y.categories[1].n, std::optional<std::int64_t>(480));
    choice.metric = "recall";
    QVERIFY(disparityOf(set, choice).isEmpty());
    QVERIFY(!disparityOf(set, choice).emptyText.empty());

    computed::ReferenceColumn column;
    column.column = "region";
    column.role = computed::DriftRole::Category;
    column.categories = {"north", "south", "mars"};
    column.counts.counts = {60, 40}; // a category that only the window has is behind these
    set.referenceColumns.push_back(column);
    for (const auto &[window, psi] : {std::pair("2026-01", 0.05), std::pair("2026-02", 0.3)}) {
        computed::ComputedDrift drift;
        drift.window = computed::ComputedWindow{{}, {}, window, true};
        drift.column = "region";
        drift.counts.counts = {30, 40, 30};
        drift.figures.push_back({"psi", metrics::Figure::of(psi, 100), {}});
        drift.adjustedPValue = 0.01;
        set.drifts.push_back(std::move(drift));
    }
    choice = {};
    choice.window = "2026-02";
    const PlotSpec bins = binsOf(set, choice, "region");
    QCOMPARE(bins.panels[0].y.categories[2].detail, std::string("new category"));
    QCOMPARE(only(bins, 0, 1).points[2].value, 0.3);
    const PlotSpec ranking = driftRankingOf(set, choice, 0.1, 0.2);
    QCOMPARE(only(ranking).points.size(), std::size_t(1));
    QCOMPARE(only(ranking).points[0].state, std::optional(VerdictState::Fail));
    QVERIFY(!only(driftRankingOf(set, choice)).points[0].state); // no policy, no state
    const HeatGrid grid = driftGridOf(set, choice, 0.1, 0.2);
    QCOMPARE(grid.columns.size(), std::size_t(2));
    QCOMPARE(grid.cells[0][0].state, std::optional(VerdictState::Pass));
    QCOMPARE(grid.cells[0][1].state, std::optional(VerdictState::Fail));
}

void TestPlotValues::manyLinesBecomeSmallMultiplesWithOneRange()
{
    ChartSpec spec;
    spec.id = "groups";
    for (int s = 0; s < 9; ++s) {
        ChartSeries series;
        series.name = "group " + std::to_string(s);
        series.role = s == 4 ? SeriesRole::Reference : SeriesRole::Main;
        for (int i = s % 3; i < 12; ++i) {
            ChartPoint point;
            point.time = fromMillis(86'400'000LL * 30 * i);
            point.value = 0.1 * s + 0.01 * i;
            series.points.push_back(point);
        }
        spec.series.push_back(series);
    }
    const auto charts = smallMultiples(spec);
    QCOMPARE(charts.size(), std::size_t(8));
    for (const auto &chart : charts) {
        QCOMPARE(chart.series.size(), std::size_t(2));
        QCOMPARE(chart.series[1].name, std::string("group 4"));
        QCOMPARE(factsOf(chart).values, factsOf(spec).values);
        QCOMPARE(timeRange(chart), timeRange(spec));
    }
    QVERIFY(charts[0].id != charts[1].id);
    spec.series.resize(6);
    QCOMPARE(smallMultiples(spec).size(), std::size_t(1));
    QCOMPARE(smallMultiples(spec).front(), spec);
}

void TestPlotValues::wordsOfLists()
{
    const std::vector<std::string> names{"a", "b", "c", "d", "e"};
    QCOMPARE(listed(std::span(names).first(1)), std::string("a"));
    QCOMPARE(listed(std::span(names).first(2)), std::string("a and b"));
    QCOMPARE(listed(std::span(names).first(4)), std::string("a, b, c and d"));
    QCOMPARE(listed(names), std::string("a, b, c and 2 more"));
    QCOMPARE(grouped(1'234'567), std::string("1,234,567"));
    QCOMPARE(grouped(999), std::string("999"));
    QCOMPARE(counted(1, "group"), std::string("1 group"));
    QCOMPARE(percentText(0.0042), std::string("0.4 %"));
    QCOMPARE(percentText(0.31), std::string("31 %"));
}

QTEST_APPLESS_MAIN(TestPlotValues)
#include "tst_plotvalues.moc"
