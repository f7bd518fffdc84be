#include "models/report/factsections.h"

#include "models/ledger/event.h"
#include "models/policy/evaluator.h"

#include <QtTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::report;

namespace {

/// Three months of a metric.
json::Value history(const std::string &metric, const std::string &slice, int months = 3)
{
    json::Array points;
    for (int month = 1; month <= months; ++month) {
        const auto first = [](int of) { return formatUtc(parseTime("2026-0" + std::to_string(of) + "-01T00:00:00Z").value()); };
        points.push_back(json::Value(json::Array{json::Value(first(month)), json::Value(first(month + 1)), json::Value(0), ledger::measured(0.5 + month / 16.0), json::Value(400), json::Value(), json::Value()}));
    }
    return json::Value(json::Object{{"metric", metric}, {"points", json::Value(std::move(points))}, {"slice", slice}});
}

/// What a computed log leaves: every metric overall and for every group.
json::Value inputsOf(int metrics, int groups, int months = 3)
{
    json::Array series;
    for (int metric = 0; metric < metrics; ++metric) {
        const std::string name = metric == 0 ? "recall" : "metric" + std::to_string(metric);
        series.push_back(history(name, "", months));
        for (int group = 0; group < groups; ++group)
            series.push_back(history(name, "region=r" + std::to_string(group), months));
    }
    return json::Value(json::Object{{"series", json::Value(std::move(series))}});
}

std::vector<Rule> recallByRegion(const std::string &attribute)
{
    Rule rule;
    rule.id = RuleId::of("r:1");
    rule.revision = 1;
    rule.metric = "recall";
    rule.attribute = attribute;
    rule.direction = Direction::AtLeast;
    rule.limit = 0.4;
    return {rule};
}

template<typename Content>
std::vector<Content> all(const Document &document)
{
    std::vector<Content> found;
    for (const auto &block : document.blocks)
        if (const auto *content = std::get_if<Content>(&block.content))
            found.push_back(*content);
    return found;
}

bool says(const Document &document, const std::string &words)
{
    return std::ranges::any_of(all<Note>(document), [&](const Note &note) { return note.text.starts_with(words); });
}

} // namespace

class TestFactSections : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void evidenceIsATableWithItsDigests()
    {
        Document document;
        addEvidence(document, {});
        QVERIFY(document.blocks.empty());
        const auto item = [](const char *number, const char *state) {
            return json::Object{{"by", "Dora \\u{202E}Sample"}, {"digest", "sha256:aa"}, {"entry", 12}, {"name", "report.pdf"}, {"number", number}, {"state", state}, {"title", "Report"}};
        };
        auto replaced = item("E-2", "accepted");
        replaced.set("replacedBy", "E-3");
        auto expired = item("E-3", "accepted");
        expired.set("expired", true).set("expires", "2026-01-01T00:00:00.000Z").set("to", "2025-06-30T00:00:00.000Z");
        json::Array evidence;
        for (auto &one : {item("E-1", "accepted"), replaced, expired, item("E-4", "rejected"), item("E-5", "of a later program")})
            evidence.emplace_back(one);
        addEvidence(document, evidence);
        const auto tables = all<Table>(document);
        QCOMPARE(tables.size(), std::size_t{1});
        std::vector<std::string> states;
        for (const auto &row : tables.front().rows)
            states.push_back(row[3].text);
        QCOMPARE(states, (std::vector<std::string>{"Accepted", "Accepted, replaced by E-3", "Accepted, expired", "Rejected", "Unknown"}));
        QVERIFY(tables.front().rows[0][3].mark == Mark::Pass && tables.front().rows[1][3].mark == Mark::None && tables.front().rows[2][3].mark == Mark::None
                && tables.front().rows[3][3].mark == Mark::Fail);
        QCOMPARE(tables.front().rows[2][4].text, std::string("to 2025-06-30"));
        QCOMPARE(tables.front().rows[0][6].text, std::string("Dora \\u{202E}Sample")); // seen, not obeyed
        QCOMPARE(all<KeyValues>(document).front().facts.front().second, std::string("report.pdf, sha256:aa"));
    }

    void aFewMetricsAreAllDrawn();
    void ofManyMetricsTheJudgedOnesAreDrawnAndTheOthersHaveTheirNewestValue();
    void aMetricOfGroupsAloneIsNamedAtLeast();
    void judgedGroupsAreNeverLeftOutOfATable();
    void manySingleValuesOfGroupsAreCutAndCounted();
    void groupsOfVerdictsReadAsPeopleWriteThem();
    void valuesWithoutTheirLabelsAreHollow();
};

void TestFactSections::aFewMetricsAreAllDrawn()
{
    Document document;
    addMetrics(document, inputsOf(12, 2), {});
    QCOMPARE(all<Chart>(document).size(), std::size_t{12});
    QVERIFY(all<Note>(document).empty());
}

void TestFactSections::ofManyMetricsTheJudgedOnesAreDrawnAndTheOthersHaveTheirNewestValue()
{
    Document document;
    addMetrics(document, inputsOf(40, 5), recallByRegion(""));
    QCOMPARE(all<Chart>(document).size(), std::size_t{1});
    const auto tables = all<Table>(document);
    QCOMPARE(tables.size(), std::size_t{2});
    const auto &newest = tables.back();
    QCOMPARE(newest.rows.size(), std::size_t{39});
    for (const auto &row : newest.rows) {
        QCOMPARE(row[1].text, std::string("overall"));
        QCOMPARE(row[2].text, policy::valueText(0.6875)); // the third month
        QCOMPARE(row[5].text, std::string("Mar 2026"));
    }
    QVERIFY(says(document, "195 further series of groups")); // 39 metrics of 5 groups
}

void TestFactSections::aMetricOfGroupsAloneIsNamedAtLeast()
{
    for (const int months : {3, 1}) {
        json::Array series = *inputsOf(40, 7, months).find("series")->array();
        for (const std::string region : {"a", "b", "c"})
            series.push_back(history("zeta", "region=" + region, months)); // the last one by name: no room for single values is left
        Document document;
        addMetrics(document, json::Value(json::Object{{"series", json::Value(std::move(series))}}), {});
        const auto rows = all<Table>(document).back().rows;
        const auto named = std::ranges::find_if(rows, [](const auto &row) { return row[0].text == "zeta"; });
        QVERIFY(named != rows.end());
        QCOMPARE((*named)[1].text, std::string("of 3 groups only"));
        QVERIFY((*named)[2].text.empty());
        QCOMPARE(std::ranges::count_if(rows, [](const auto &row) { return row[1].text.ends_with("groups only"); }), std::ptrdiff_t{1});
    }
}

void TestFactSections::judgedGroupsAreNeverLeftOutOfATable()
{
    Document judged;
    addMetrics(judged, inputsOf(1, 60), recallByRegion("region"));
    QCOMPARE(std::ranges::count_if(all<Table>(judged).front().rows, [](const auto &row) { return row[1].text.starts_with("region"); }), std::ptrdiff_t{60});
    QVERIFY(all<Note>(judged).empty());

    Document unjudged;
    addMetrics(unjudged, inputsOf(1, 60), recallByRegion(""));
    QCOMPARE(std::ranges::count_if(all<Table>(unjudged).front().rows, [](const auto &row) { return row[1].text.starts_with("region"); }), std::ptrdiff_t{24});
    QVERIFY(says(unjudged, "36 further groups"));
}

void TestFactSections::manySingleValuesOfGroupsAreCutAndCounted()
{
    Document document;
    addMetrics(document, inputsOf(30, 10, 1), recallByRegion("region"));
    const auto rows = all<Table>(document).back().rows;
    QCOMPARE(std::ranges::count_if(rows, [](const auto &row) { return row[1].text == "overall"; }), std::ptrdiff_t{30});
    QCOMPARE(std::ranges::count_if(rows, [](const auto &row) { return row[0].text.starts_with("Recall") && row[1].text.starts_with("region"); }), std::ptrdiff_t{10});
    QVERIFY(says(document, std::to_string(330 - rows.size()) + " further values of groups"));
}

void TestFactSections::groupsOfVerdictsReadAsPeopleWriteThem()
{
    Slice slice;
    slice.parts = {{"age band", "<=25"}};
    json::Array verdicts{json::Value(json::Object{{"rule", "r:1"}, {"sentence", "Recall is low"}, {"slice", slice.text()}, {"state", "fail"}})};
    Document document;
    addLimits(document, json::Value(json::Object{{"verdicts", json::Value(std::move(verdicts))}}));
    QCOMPARE(all<Table>(document).front().rows.front()[1].text, std::string("age band=<=25"));
}

void TestFactSections::valuesWithoutTheirLabelsAreHollow()
{
    // history() has .5625, .625, .6875; here shares of labels: the last month of women has too few.
    const auto shares = [](const std::string &slice, std::vector<double> of) {
        json::Array points;
        for (std::size_t month = 0; month < of.size(); ++month) {
            const auto first = [](std::size_t number) { return formatUtc(parseTime("2026-0" + std::to_string(number) + "-01T00:00:00Z").value()); };
            points.push_back(json::Value(json::Array{json::Value(first(month + 1)), json::Value(first(month + 2)), json::Value(0), ledger::measured(of[month]), json::Value(400), json::Value(), json::Value()}));
        }
        return json::Value(json::Object{{"metric", "labelled_share"}, {"points", json::Value(std::move(points))}, {"slice", slice}});
    };
    json::Array series{history("recall", ""), history("recall", "sex=F"), history("psi/income", ""), shares("", {1, 1, 0.96}), shares("sex=F", {1, 1, 0.624})};
    Document document;
    addMetrics(document, json::Value(json::Object{{"series", json::Value(std::move(series))}}), {});
    int hollow = 0;
    for (const auto &chart : all<Chart>(document))
        for (const auto &line : chart.spec.series)
            for (const auto &point : line.points) {
                hollow += point.isHollow ? 1 : 0;
                if (!point.isHollow)
                    continue;
                QCOMPARE(chart.spec.id, std::string("recall"));
                QCOMPARE(line.name, std::string("sex=F"));
                QVERIFY(chart.caption.find("1 value of sex=F is hollow, because labels are still arriving (62.4 % on 1 Apr 2026).") != std::string::npos);
                QCOMPARE(chart.spec.hollowName, std::string("labels still arriving"));
            }
    QCOMPARE(hollow, 1);
    int told = 0;
    for (const auto &table : all<Table>(document))
        for (const auto &row : table.rows)
            told += row.back().text.ends_with("labels still arriving") ? 1 : 0;
    QCOMPARE(told, 1); // the table has of groups the newest value
}

QTEST_GUILESS_MAIN(TestFactSections)
#include "tst_factsections.moc"
