#include "models/base/json.h"
#include "models/computed/comparisons/impacts.h"
#include "models/computed/record/computedreader.h"
#include "sets.h"

#include <QtCore/QFile>
#include <map>

using namespace countersign;
using namespace countersign::computed;
using metrics::Reason;

namespace {

struct Person {
    std::string sex;
    std::string race;
    std::string score; ///< text, as in the log
    std::string decision;
    std::string label;
    std::string weight = "1";
};

std::string csv(const std::vector<Person> &people)
{
    std::string text = "sex,race,s,d,y,w\n";
    for (const Person &p : people)
        text += p.sex + "," + p.race + "," + p.score + "," + p.decision + "," + p.label + "," + p.weight + "\n";
    return text;
}

predictions::Mapping mapping(bool hasDecisions = true, bool isWeighted = false)
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.score = "s";
    if (hasDecisions)
        mapping.prediction = "d";
    if (isWeighted)
        mapping.weight = "w";
    mapping.attributes = {{"sex", "sex", {}}, {"race", "race", {}}};
    return mapping;
}

std::vector<Person> randomPeople(std::uint64_t seed, std::size_t count, int digits)
{
    SeededRandomness random(seed);
    const double scale = std::pow(10, digits);
    std::vector<Person> people;
    for (std::size_t i = 0; i < count; ++i) {
        Person person;
        person.sex = random.next() % 25 == 0 ? "" : random.next() % 2 == 0 ? "F" : "M";
        const std::uint64_t race = random.next() % 100;
        person.race = race < 60 ? "A" : race < 90 ? "B" : race < 91 ? "C" : race < 97 ? "D" : "";
        const double score = std::round((random.unit() - 0.2) * (person.sex == "F" ? 0.9 : 1) * scale) / scale;
        person.score = random.next() % 30 == 0 ? "" : random.next() % 40 == 0 ? "inf" : number::shortest(score);
        person.decision = random.next() % 35 == 0 ? "" : score > 0.4 ? "1" : "0";
        person.label = random.next() % 3 == 0 ? "" : random.unit() < score ? "1" : "0";
        person.weight = random.next() % 20 == 0 ? "0" : "2";
        people.push_back(std::move(person));
    }
    return people;
}

/// Applicants and selected ones by group name, once more and slowly.
std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> naive(const std::vector<Person> &people, const ComputedImpact &impact, double threshold, bool isWeighted,
                                                                     double *median)
{
    const auto scoreOf = [](const Person &p) { return p.score.empty() || p.score == "inf" ? std::nan("") : *number::parse(p.score); };
    std::vector<double> scores;
    for (const Person &p : people)
        if (!std::isnan(scoreOf(p)) && (!isWeighted || p.weight != "0"))
            scores.push_back(scoreOf(p));
    std::ranges::sort(scores);
    *median = scores.empty() ? 0 : scores.size() % 2 == 1 ? scores[scores.size() / 2] : (scores[scores.size() / 2] + scores[scores.size() / 2 - 1]) / 2;
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> result;
    for (const Person &p : people) {
        if (isWeighted && p.weight == "0")
            continue;
        std::string name;
        for (const std::string &attribute : impact.attributes)
            name += (attribute == "sex" ? p.sex : p.race) + "|";
        auto &[applicants, selected] = result[name];
        const double score = scoreOf(p);
        if (impact.isScored || !std::isnan(threshold)) {
            applicants += std::isnan(score) ? 0 : 1;
            selected += (impact.isScored ? score > *median : score >= threshold) ? 1 : 0;
        } else {
            applicants += p.decision.empty() ? 0 : 1;
            selected += p.decision == "1" ? 1 : 0;
        }
    }
    return result;
}

/// Without keeping a row; scores rounded to multiples of `step` unless it is 0.
Result<ComputedSet> computePassing(const std::string &log, const predictions::Mapping &columns, const Parameters &parameters, double step = 0)
{
    QTemporaryDir dir;
    auto reader = predictions::LogReader::open(tables::write(dir, log));
    if (!reader)
        return reader.error();
    predictions::ReadOptions options;
    options.threads = 2;
    return computeBounded(*std::move(reader), columns, parameters, options, step);
}

/// Everything that a set says on impacts, as text.
Bytes impactsOnly(const ComputedSet &set)
{
    ComputedSet own;
    own.impacts = set.impacts;
    return writeComputedRows(own);
}

std::string nameOf(const GroupValues &group)
{
    std::string name;
    for (const auto &[attribute, value] : group)
        name += (value == kMissingName ? std::string() : value) + "|";
    return name;
}

} // namespace

class ImpactsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everybodyWhoAppliedCounts_data()
    {
        QTest::addColumn<bool>("hasDecisions");
        QTest::addColumn<double>("threshold");
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<int>("digits");
        QTest::addColumn<int>("people");
        QTest::newRow("decisions as logged") << true << -1.0 << false << 2 << 3001;
        QTest::newRow("a threshold over decisions") << true << 0.25 << false << 3 << 3000;
        QTest::newRow("scores only") << false << -1.0 << false << 9 << 2999;
        QTest::newRow("weights") << true << -1.0 << true << 2 << 3000;
        QTest::newRow("three people") << true << -1.0 << false << 2 << 3;
        QTest::newRow("nobody") << true << -1.0 << false << 2 << 0;
    }
    void everybodyWhoAppliedCounts()
    {
        QFETCH(bool, hasDecisions);
        QFETCH(double, threshold);
        QFETCH(bool, isWeighted);
        QFETCH(int, digits);
        QFETCH(int, people);
        const auto rows = randomPeople(17, static_cast<std::size_t>(people), digits);
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        if (threshold >= 0)
            parameters.threshold = threshold;
        const auto set = tables::compute(csv(rows), mapping(hasDecisions, isWeighted), parameters);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->impacts.size(), std::size_t(people > 0 ? 6 : 0)); // sex, race, both; by decision and by score
        const double inForce = threshold >= 0 ? threshold : hasDecisions ? std::numeric_limits<double>::quiet_NaN() : 0.5; // NaN: as logged
        for (const ComputedImpact &impact : set->impacts) {
            double median = 0;
            const auto expected = naive(rows, impact, inForce, isWeighted, &median);
            QCOMPARE(impact.median.isDefined(), impact.isScored);
            if (impact.isScored)
                QCOMPARE(impact.median.value, median);
            QVERIFY(impact.rows.size() >= expected.size()); // rows of nobody but people of weight 0 are listed
            std::uint64_t applicants = 0;
            std::uint64_t unknown = 0;
            double highest = 0;
            for (const auto &[name, counts] : expected) {
                applicants += counts.first;
                const bool isUnknown = name.starts_with("|") || name.ends_with("||");
                unknown += isUnknown ? counts.first : 0;
                if (!isUnknown && counts.first > 0)
                    highest = std::max(highest, static_cast<double>(counts.second) / static_cast<double>(counts.first));
            }
            QCOMPARE(impact.applicants, applicants);
            QCOMPARE(impact.unknown, unknown);
            for (const ImpactRow &row : impact.rows) {
                const auto found = expected.find(nameOf(row.group));
                const auto counts = found == expected.end() ? std::pair<std::uint64_t, std::uint64_t>() : found->second;
                QCOMPARE(row.impact.rate.isDefined(), counts.first > 0);
                if (counts.first == 0)
                    continue;
                const double rate = static_cast<double>(counts.second) / static_cast<double>(counts.first);
                QCOMPARE(row.impact.rate.n, counts.first);
                QCOMPARE(row.impact.rate.value, rate);
                QCOMPARE(row.impact.rate.part, static_cast<double>(counts.second));
                QCOMPARE(row.impact.share, static_cast<double>(counts.first) / static_cast<double>(applicants));
                QCOMPARE(row.impact.isSmall, row.impact.share < 0.02);
                const bool isUnknown = nameOf(row.group).starts_with("|") || nameOf(row.group).ends_with("||");
                QCOMPARE(row.impact.impactRatio.isDefined(), !isUnknown && highest > 0);
                if (!isUnknown && highest > 0)
                    QVERIFY(tables::isNear(row.impact.impactRatio.value, rate / highest, 1e-15));
                QCOMPARE(row.impact.withoutSmall.isDefined() && row.impact.isSmall, false);
            }
        }
    }

    void passingRowsGiveTheSame_data() { everybodyWhoAppliedCounts_data(); }
    void passingRowsGiveTheSame()
    {
        QFETCH(bool, hasDecisions);
        QFETCH(double, threshold);
        QFETCH(bool, isWeighted);
        QFETCH(int, digits);
        QFETCH(int, people);
        if (isWeighted)
            return; // rows of a weight are for tables in memory
        const std::string log = csv(randomPeople(18, static_cast<std::size_t>(people), digits));
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        if (threshold >= 0)
            parameters.threshold = threshold;
        const auto kept = tables::compute(log, mapping(hasDecisions), parameters);
        const auto passed = computePassing(log, mapping(hasDecisions), parameters);
        QVERIFY2(kept.ok() && passed.ok(), passed.ok() ? "" : passed.error().text().c_str());
        QCOMPARE(passed->impacts.size(), kept->impacts.size());
        QVERIFY(impactsOnly(*passed) == impactsOnly(*kept));
        QVERIFY(passed->isBounded && passed->notes.empty());
        QVERIFY(!kept->isBounded);
    }

    void passingDecisionsWithoutScoresGiveTheSame()
    {
        const std::string log = csv(randomPeople(19, 2'000, 2));
        predictions::Mapping columns = mapping();
        columns.score.clear();
        const auto kept = tables::compute(log, columns, {});
        const auto passed = computePassing(log, columns, {});
        QVERIFY(kept.ok() && passed.ok());
        QCOMPARE(passed->impacts.size(), 3U);
        QVERIFY(impactsOnly(*passed) == impactsOnly(*kept));
    }

    void manyWithoutAnOutcomeAreRoundedAlikeByAnyThreads()
    {
        auto people = randomPeople(77, 260'000, 12);
        for (std::size_t i = 0; i < people.size(); ++i)
            if (i % 50 != 0)
                people[i].label.clear();
        QTemporaryDir dir;
        const auto path = tables::write(dir, csv(people));
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        parameters.threshold = 0.3;
        std::optional<Bytes> expected;
        for (const double step : {0.0, 1.0 / 8192}) // between two powers of four
            for (const unsigned threads : {1U, 3U}) {
                predictions::ReadOptions options;
                options.threads = threads;
                const auto set = computeBounded(*predictions::LogReader::open(path), mapping(), parameters, options, step);
                QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
                QCOMPARE(set->impacts.size(), 6U);
                QVERIFY(set->impacts[1].medianBound.has_value() && *set->impacts[1].medianBound <= std::max(step, 1.0 / 65536));
                if (threads > 1)
                    QVERIFY(impactsOnly(*set) == *expected);
                expected = impactsOnly(*set);
            }
    }

    void exactRatesAreWithinTheBoundsOfRoundedOnes_data()
    {
        QTest::addColumn<double>("step");
        QTest::addColumn<int>("digits");
        for (const int digits : {2, 9})
            for (const double step : {1.0 / 4096, 1.0 / 64, 0.25, 1.0, 4.0})
                QTest::addRow("%g, %d digits", step, digits) << step << digits;
    }
    void exactRatesAreWithinTheBoundsOfRoundedOnes()
    {
        QFETCH(double, step);
        QFETCH(int, digits);
        int bounded = 0;
        int rounded = 0;
        for (const std::size_t size : {2'000U, 2'001U, 7U}) {
            const std::string log = csv(randomPeople(size, size, digits));
            Parameters parameters;
            parameters.bootstrapDraws = 0;
            parameters.threshold = 0.3;
            const auto exact = tables::compute(log, mapping(), parameters);
            const auto passed = computePassing(log, mapping(), parameters, step);
            QVERIFY(exact.ok() && passed.ok());
            QCOMPARE(passed->impacts.size(), exact->impacts.size());
            const auto isWithin = [&](const metrics::Figure &real, const metrics::Figure &own, const std::optional<double> &bound) {
                bounded += bound && *bound > 0 ? 1 : 0;
                rounded += own.reason == Reason::ScoresRounded ? 1 : 0;
                if (own.reason == Reason::ScoresRounded)
                    return real.isDefined() || real.reason == Reason::AllZero; // whatever it is, it is not made up
                return real.reason == own.reason && std::fabs(real.value - own.value) <= bound.value_or(0) + 1e-12;
            };
            for (std::size_t i = 0; i < exact->impacts.size(); ++i) {
                const ComputedImpact &real = exact->impacts[i];
                const ComputedImpact &own = passed->impacts[i];
                QCOMPARE(own.applicants, real.applicants);
                QCOMPARE(own.unknown, real.unknown);
                QVERIFY(isWithin(real.median, own.median, own.medianBound));
                QVERIFY(real.isScored == own.medianBound.has_value());
                QCOMPARE(own.rows.size(), real.rows.size());
                for (std::size_t row = 0; row < own.rows.size(); ++row) {
                    QCOMPARE(own.rows[row].group, real.rows[row].group);
                    QCOMPARE(own.rows[row].impact.share, real.rows[row].impact.share);
                    QVERIFY(isWithin(real.rows[row].impact.rate, own.rows[row].impact.rate, own.rows[row].rateBound));
                    QVERIFY(isWithin(real.rows[row].impact.impactRatio, own.rows[row].impact.impactRatio, own.rows[row].ratioBound));
                    QVERIFY(isWithin(real.rows[row].impact.withoutSmall, own.rows[row].impact.withoutSmall, own.rows[row].withoutSmallBound));
                    QVERIFY(real.isScored || !own.rows[row].rateBound); // decisions are counted exactly
                }
            }
            QCOMPARE(passed->notes.size(), 1U);
            const auto read = readComputed(writeComputed(*passed));
            QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
            QVERIFY(read->isBounded);
            QCOMPARE(read->notes, passed->notes);
            QVERIFY(impactsOnly(*read) == impactsOnly(*passed));
        }
        QVERIFY(step >= 1 ? rounded > 0 : bounded > 0);
    }

    void tiesAtTheMedianAreNotSelected()
    {
        const auto set = tables::compute(csv({{"F", "A", "0.5", "1", "1"}, {"F", "A", "0.5", "0", ""}, {"M", "A", "0.5", "1", "0"}, {"M", "A", "0.7", "1", "1"}, {"M", "B", "0.1", "0", ""}}),
                                         mapping(), {});
        QVERIFY(set.ok());
        const ComputedImpact &scored = set->impacts[1];
        QVERIFY(scored.isScored);
        QCOMPARE(scored.attributes, std::vector<std::string>{"sex"});
        QCOMPARE(scored.median.value, 0.5);
        QCOMPARE(scored.median.n, 5U);
        QCOMPARE(scored.rows[0].impact.rate.value, 0.0);
        QCOMPARE(scored.rows[1].impact.rate.value, 1.0 / 3);
        QCOMPARE(scored.rows[0].impact.impactRatio.value, 0.0);
    }

    void missingValuesComeLastAndAreUnknown()
    {
        const auto set = tables::compute(csv({{"", "A", "0.5", "1", "1"}, {"M", "", "0.5", "1", ""}, {"F", "A", "0.4", "0", "0"}, {"M", "A", "0.3", "1", "1"}}), mapping(), {});
        QVERIFY(set.ok());
        const ComputedImpact &pair = set->impacts[4];
        QCOMPARE(pair.attributes, (std::vector<std::string>{"sex", "race"}));
        QVERIFY(!pair.isScored);
        QCOMPARE(pair.unknown, 2U);
        QCOMPARE(pair.applicants, 4U);
        QCOMPARE(pair.rows.size(), 4U);
        QCOMPARE(pair.rows.front().group, (GroupValues{{"sex", "F"}, {"race", "A"}}));
        QCOMPARE(pair.rows.back().group, (GroupValues{{"sex", "(missing)"}, {"race", "A"}}));
        QVERIFY(pair.rows.back().impact.rate.isDefined());
        QCOMPARE(pair.rows.back().impact.impactRatio.reason, Reason::GroupUndefined);
    }

    void theSameForAnyOrderAndNumberOfThreads()
    {
        auto people = randomPeople(4, 4'000, 4);
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        const auto one = tables::compute(csv(people), mapping(), parameters, 1);
        std::ranges::reverse(people);
        const auto two = tables::compute(csv(people), mapping(), parameters, 3);
        QVERIFY(one.ok() && two.ok());
        QVERIFY(writeComputedRows(*one) == writeComputedRows(*two));
    }

    void onlyTwoOutcomesHaveApplicants()
    {
        predictions::Mapping amounts;
        amounts.task = predictions::Task::Regression;
        amounts.label = "y";
        amounts.prediction = "d";
        amounts.attributes = {{"a", "a", {}}};
        QVERIFY(tables::compute("y,d,a\n1,2,x\n3,5,z\n", amounts, {})->impacts.empty());
        predictions::Mapping noGroups = mapping();
        noGroups.attributes.clear();
        QVERIFY(tables::compute(csv(randomPeople(1, 20, 2)), noGroups, {})->impacts.empty());
    }

    /// Counts exactly, rates and ratios to the last digits, from the logs themselves.
    void agreesWithTheSharedTables()
    {
        const std::filesystem::path shared = COUNTERSIGN_SHARED_DATA;
        if (!std::filesystem::exists(shared / "golden" / "ll144.json")) {
            qInfo("no ../shared/data: compared with data of its own only");
            return;
        }
        QFile file(QString::fromStdString((shared / "golden" / "ll144.json").string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto golden = json::parse(file.readAll().toStdString(), {.depth = 32, .bytes = 64U << 20, .members = 10'000'000});
        QVERIFY(golden.ok());
        int compared = 0;
        for (const auto &[name, log] : golden->object()->find("cases")->object()->members()) {
            predictions::Mapping columns;
            columns.label = "y_true";
            columns.labelValues = {{"1"}, {"0"}};
            columns.prediction = "y_pred";
            columns.score = "score";
            columns.attributes = {{"sex", "sex", {}}, {"race", "race", {}}};
            const std::string path = *log.object()->find("file")->string();
            auto reader = predictions::LogReader::open(shared / "logs" / (std::filesystem::exists(shared / "logs" / path) ? path : path + ".gz"));
            QVERIFY2(reader.ok(), reader.ok() ? "" : reader.error().text().c_str());
            Parameters parameters;
            parameters.bootstrapDraws = 0;
            const auto set = computeLog(*std::move(reader), columns, parameters);
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
            for (const bool isScored : {false, true})
                for (const auto &[family, table] : log.object()->find(isScored ? "score_based" : "binary")->object()->members()) {
                    const auto attributes = family == "intersection" ? std::vector<std::string>{"sex", "race"} : std::vector<std::string>{std::string(family)};
                    const auto impact = std::ranges::find_if(set->impacts, [&](const ComputedImpact &own) { return own.isScored == isScored && own.attributes == attributes; });
                    QVERIFY(impact != set->impacts.end());
                    QCOMPARE(static_cast<double>(impact->unknown), *table.object()->find("unknown")->real());
                    if (isScored)
                        QCOMPARE(impact->median.value, *table.object()->find("median")->real());
                    const auto &rows = table.object()->find("rows")->object()->members();
                    QCOMPARE(impact->rows.size(), rows.size());
                    for (const ImpactRow &row : impact->rows) {
                        const std::string group = row.group.size() == 2 ? row.group[0].second + " | " + row.group[1].second : row.group[0].second;
                        const json::Value *own = table.object()->find("rows")->object()->find(group);
                        QVERIFY2(own, group.c_str());
                        const auto number = [&](const char *member) { return own->object()->find(member)->real(); };
                        QCOMPARE(static_cast<double>(row.impact.rate.n), *number("applicants"));
                        QCOMPARE(row.impact.rate.part, *number("selected_or_above_median"));
                        QVERIFY(tables::isNear(row.impact.rate.value, *number("rate"), 1e-14));
                        QVERIFY(tables::isNear(row.impact.impactRatio.value, *number("impact_ratio"), 1e-14));
                        QVERIFY(tables::isNear(row.impact.share, *number("share"), 1e-14));
                        const auto large = number("impact_ratio_excluding_categories_below_2pct");
                        QCOMPARE(row.impact.withoutSmall.isDefined(), large.ok());
                        if (large)
                            QVERIFY(tables::isNear(row.impact.withoutSmall.value, *large, 1e-14));
                        ++compared;
                    }
                }
        }
        QVERIFY(compared > 60);
    }
};

QTEST_GUILESS_MAIN(ImpactsTest)
#include "tst_impacts.moc"
