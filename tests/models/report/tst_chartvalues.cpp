#include "models/report/chartspec.h"
#include "models/report/decimate.h"
#include "models/report/numberformat.h"
#include "models/report/ticks.h"

#include <QtTest>

#include <cmath>
#include <set>

using namespace countersign;
using namespace countersign::report;

namespace {

Instant at(const char *text)
{
    return parseTime(text).value();
}

std::vector<ChartPoint> line(std::size_t count, std::int64_t stepMs = 60'000)
{
    std::vector<ChartPoint> points(count);
    for (std::size_t i = 0; i < count; ++i) {
        points[i].time = fromMillis(static_cast<std::int64_t>(i) * stepMs);
        points[i].value = std::sin(static_cast<double>(i) / 50);
    }
    return points;
}

QStringList dates(const CalendarTicks &ticks)
{
    QStringList texts;
    for (const Instant t : ticks.at)
        texts << QString::fromStdString(formatDate(t));
    return texts;
}

} // namespace

class TestChartValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ticksStandOnCalendarBoundaries();
    void weeksStartOnMonday();
    void ticksNeverExceedTheCount();
    void ticksBefore1970AreBoundariesToo();
    void valueTicksAreRoundAndEnclose_data();
    void valueTicksAreRoundAndEnclose();
    void anEmptyValueRangeIsWidened();
    void decimationKeepsItsBound();
    void decimationKeepsExtremesFirstLastAndEveryBreach();
    void decimationKeepsGapsOpen();
    void smallSeriesAreNotTouched();
    void totalIsNotedWhenDecimated();
    void gapsAreSpansWithoutAnyValue();
    void aValueInOneSeriesIsNoGap();
    void holesInARhythmBecomeGaps();
    void limitInForceIsTheLastBefore();
    void factsHoldValuesIntervalsAndLimits();
    void numbersAreWrittenTheSameEverywhere();
    void groupsKeepTheirColours();
};

void TestChartValues::ticksStandOnCalendarBoundaries()
{
    const auto quarters = calendarTicks(at("2024-05-03"), at("2026-05-20"), 10);
    QCOMPARE(quarters.unit, CalendarUnit::Quarter);
    QCOMPARE(dates(quarters), (QStringList{QStringLiteral("2024-07-01"), QStringLiteral("2024-10-01"), QStringLiteral("2025-01-01"),
                                           QStringLiteral("2025-04-01"), QStringLiteral("2025-07-01"), QStringLiteral("2025-10-01"),
                                           QStringLiteral("2026-01-01"), QStringLiteral("2026-04-01")}));
    const auto months = calendarTicks(at("2025-01-01"), at("2025-06-30"), 8);
    QCOMPARE(months.unit, CalendarUnit::Month);
    QCOMPARE(dates(months).at(2), QStringLiteral("2025-03-01"));
    const auto years = calendarTicks(at("2010-02-01"), at("2026-01-01"), 9);
    QCOMPARE(years.every, 2);
    QCOMPARE(dates(years).first(), QStringLiteral("2012-01-01"));
    const auto hours = calendarTicks(at("2025-01-01T05:30"), at("2025-01-02T05:30"), 5);
    QCOMPARE(hours.unit, CalendarUnit::Hour);
    QCOMPARE(hours.at.front(), at("2025-01-01T06:00"));
}

void TestChartValues::weeksStartOnMonday()
{
    const auto weeks = calendarTicks(at("2026-11-01"), at("2026-12-20"), 8);
    QCOMPARE(weeks.unit, CalendarUnit::Week);
    QCOMPARE(dates(weeks).first(), QStringLiteral("2026-11-02")); // a Monday
}

void TestChartValues::ticksNeverExceedTheCount()
{
    for (std::int64_t span = 1000; span < 4'000'000'000'000; span = span * 3 / 2) {
        const auto ticks = calendarTicks(fromMillis(1'700'000'000'123), fromMillis(1'700'000'000'123 + span), 7);
        QVERIFY(ticks.at.size() <= 7);
    }
}

void TestChartValues::ticksBefore1970AreBoundariesToo()
{
    QCOMPARE(dates(calendarTicks(at("1968-02-10"), at("1969-03-01"), 5)).first(), QStringLiteral("1968-04-01"));
    QCOMPARE(dates(calendarTicks(at("1969-12-20"), at("1969-12-31"), 3)).first(), QStringLiteral("1969-12-22"));
}

void TestChartValues::valueTicksAreRoundAndEnclose_data()
{
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    QTest::addColumn<double>("step");
    QTest::addColumn<int>("decimals");
    QTest::newRow("auc") << 0.62 << 0.78 << 0.04 << 2;
    QTest::newRow("share") << 0.0 << 1.0 << 0.25 << 2;
    QTest::newRow("counts") << 0.0 << 5210.0 << 2000.0 << 0;
    QTest::newRow("negative") << -0.03 << 0.02 << 0.02 << 2;
}

void TestChartValues::valueTicksAreRoundAndEnclose()
{
    QFETCH(double, low);
    QFETCH(double, high);
    QFETCH(double, step);
    QFETCH(int, decimals);
    const ValueTicks ticks = valueTicks(low, high, 5);
    QVERIFY2(ticks.low <= low && ticks.high >= high, "the ticks do not enclose the values");
    QVERIFY(ticks.at.size() >= 3 && ticks.at.size() <= 7);
    QCOMPARE(ticks.decimals, decimals);
    if (QLatin1String(QTest::currentDataTag()) != QLatin1String("auc"))
        QCOMPARE(ticks.step, step);
    for (const double tick : ticks.at)
        QVERIFY(std::fabs(tick / ticks.step - std::round(tick / ticks.step)) < 1e-9);
}

void TestChartValues::anEmptyValueRangeIsWidened()
{
    const ValueTicks ticks = valueTicks(0.7, 0.7, 5);
    QVERIFY(ticks.low < 0.7 && ticks.high > 0.7);
    QVERIFY(valueTicks(0, 0, 5).high > 0);
    QVERIFY(std::isfinite(valueTicks(std::nan(""), 1, 5).high));
}

void TestChartValues::decimationKeepsItsBound()
{
    auto points = line(100'000);
    QVERIFY(decimate(points, 3000).size() <= 3002);
    for (std::size_t i = 0; i < points.size(); i += 2)
        points[i].value = std::nan(""); // every second one is missing
    QVERIFY(decimate(points, 3000).size() <= 3002);
    for (auto &point : points)
        point.time = fromMillis(0); // all at one moment
    QVERIFY(decimate(points, 3000).size() <= 3002);
    for (auto &point : points)
        point.isBreach = true;
    QVERIFY(decimate(points, 3000, Keep::Shape).size() <= 3002);
}

void TestChartValues::decimationKeepsExtremesFirstLastAndEveryBreach()
{
    auto points = line(50'000);
    points[12'345].value = 9;
    points[30'001].value = -9;
    for (const std::size_t i : {777U, 778U, 20'000U, 49'998U})
        points[i].isBreach = true;
    const auto small = decimate(points, 600);
    QVERIFY(small.size() <= 602 + 4);
    QCOMPARE(small.front(), points.front());
    QCOMPARE(small.back(), points.back());
    QVERIFY(std::ranges::is_sorted(small, {}, &ChartPoint::time));
    QCOMPARE(std::ranges::count_if(small, &ChartPoint::isBreach), 4);
    QVERIFY(std::ranges::find(small, points[12'345]) != small.end());
    QVERIFY(std::ranges::find(small, points[30'001]) != small.end());
}

void TestChartValues::decimationKeepsGapsOpen()
{
    auto points = line(20'000);
    for (std::size_t i = 8000; i < 12'000; ++i)
        points[i].value = std::nan("");
    const auto small = decimate(points, 300);
    bool isOpen = false;
    for (std::size_t i = 1; i < small.size(); ++i) {
        const bool crosses = small[i - 1].time < points[8000].time && small[i].time > points[11'999].time;
        QVERIFY2(!crosses, "two values on either side of the gap are neighbours");
        isOpen = isOpen || !small[i].hasValue();
    }
    QVERIFY(isOpen);
    QCOMPARE(pieces(small).size(), std::size_t(2));
}

void TestChartValues::smallSeriesAreNotTouched()
{
    const auto points = line(200);
    QCOMPARE(decimate(points, 200), points);
}

void TestChartValues::totalIsNotedWhenDecimated()
{
    ChartSpec spec;
    spec.series.push_back({"a", "", SeriesRole::Main, "", line(5000)});
    QCOMPARE(decimated(spec, 900).totalPoints, std::uint64_t(5000));
    QCOMPARE(decimated(spec, 9000).totalPoints, std::uint64_t(0));
}

void TestChartValues::gapsAreSpansWithoutAnyValue()
{
    ChartSpec spec;
    auto points = line(6, 1000);
    points[2].value = points[3].value = std::nan("");
    spec.series.push_back({"a", "", SeriesRole::Main, "", points});
    const auto spans = noDataSpans(spec);
    QCOMPARE(spans.size(), std::size_t(1));
    QCOMPARE(toMillis(spans[0].first), 1500);
    QCOMPARE(toMillis(spans[0].second), 3500);
}

void TestChartValues::aValueInOneSeriesIsNoGap()
{
    ChartSpec spec;
    auto points = line(6, 1000);
    spec.series.push_back({"whole", "", SeriesRole::Main, "", points});
    points[2].value = std::nan("");
    spec.series.push_back({"with a hole", "", SeriesRole::Main, "", points});
    QVERIFY(noDataSpans(spec).empty());
    QCOMPARE(pieces(points).size(), std::size_t(2));
}

void TestChartValues::holesInARhythmBecomeGaps()
{
    auto points = line(10, 1000);
    points.erase(points.begin() + 4, points.begin() + 6);
    const auto filled = withGaps(points);
    QCOMPARE(filled.size(), points.size() + 1);
    QCOMPARE(pieces(filled).size(), std::size_t(2));
    QCOMPARE(withGaps(line(10, 1000)), line(10, 1000));
}

void TestChartValues::limitInForceIsTheLastBefore()
{
    ChartSpec spec;
    spec.limits = {{fromMillis(0), 0.68, {}, "first"}, {fromMillis(5000), 0.70, {}, "raised"}};
    QCOMPARE(limitAt(spec, fromMillis(4999))->label, std::string("first"));
    QCOMPARE(limitAt(spec, fromMillis(5000))->label, std::string("raised"));
    QVERIFY(!limitAt(spec, fromMillis(-1)));
}

void TestChartValues::factsHoldValuesIntervalsAndLimits()
{
    ChartSpec spec;
    spec.series.push_back({"a", "", SeriesRole::Main, "", line(10, 1000)});
    spec.series[0].points[3].value = std::nan("");
    spec.series[0].points[4].value = std::numeric_limits<double>::infinity();
    spec.series[0].points[1].lower = -5;
    spec.series[0].points[1].upper = 2;
    spec.series[0].points[9].n = 70;
    spec.series[0].points[9].isBreach = true;
    QCOMPARE(factsOf(spec).values.value(), std::pair(-5.0, 2.0));
    spec.limits = {{fromMillis(500), {}, 20.0, "new"}};
    const ChartFacts facts = factsOf(spec);
    QCOMPARE(facts.values.value(), std::pair(-5.0, 20.0));
    QCOMPARE(facts.largestN, 70);
    QCOMPARE(facts.points, std::uint64_t(10));
    QVERIFY(facts.hasBreach && !facts.hasHollow);
    QVERIFY(!factsOf(ChartSpec{}).values);
}

void TestChartValues::numbersAreWrittenTheSameEverywhere()
{
    QCOMPARE(NumberFormat{3}.text(0.6931), std::string("0.693"));
    QCOMPARE(NumberFormat{2}.text(-0.1), std::string("\u22120.10"));
    QCOMPARE(NumberFormat{2}.text(-0.001), std::string("0.00"));
    QCOMPARE((NumberFormat{1, true}.text(0.25)), std::string("25.0 %"));
    QCOMPARE((NumberFormat{0, false, "ms"}.text(12.4)), std::string("12 ms"));
    QCOMPARE(NumberFormat{3}.text(std::nan("")), std::string("not a number"));
    QVERIFY(NumberFormat{17}.text(1.7976931348623157e308).size() > 300);
}

void TestChartValues::groupsKeepTheirColours()
{
    const auto of = [](std::vector<std::size_t> places) { return slotsOf(places); };
    const auto all = of({0, 1, 2, 3, 4, 5});
    QCOMPARE(std::set<std::size_t>(all.begin(), all.end()).size(), kSlots);
    // Whichever are drawn and in whatever order.
    const auto some = of({4, 1, 3});
    QCOMPARE(some, (std::vector<std::size_t>{all[4], all[1], all[3]}));
    // The seventh has the first one's colour where that is not drawn, else one that is free.
    QCOMPARE(of({6, 1}), (std::vector<std::size_t>{all[0], all[1]}));
    const auto both = of({6, 0});
    QCOMPARE(both[1], all[0]);
    QVERIFY(both[0] != both[1]);
    // More groups than colours: some are alike, none is without.
    for (const std::size_t slot : of({0, 1, 2, 3, 4, 5, 6, 7, 8}))
        QVERIFY(slot < kSlots);
}

QTEST_GUILESS_MAIN(TestChartValues)
#include "tst_chartvalues.moc"
