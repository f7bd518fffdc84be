#include "models/computed/cells/labels.h"
#include "models/computed/scores/interactive.h"
#include "models/metrics/intervals/intervals.h"
#include "sets.h"

using namespace countersign;
using namespace countersign::computed;
using metrics::Reason;

namespace {

predictions::Mapping mapping()
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.score = "s";
    mapping.time = "t";
    mapping.attributes = {{"g", "g", {}}};
    return mapping;
}

Parameters monthly(const char *window = "month")
{
    Parameters parameters;
    parameters.window = *scoretables::parseWindowSpec(window);
    parameters.bootstrapDraws = 0;
    return parameters;
}

} // namespace

class LabelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCellSaysHowManyLabelsItHas()
    {
        // January has all labels, February 3 of 5, and one row without a score, which no label would help.
        const std::string log = "y,s,t,g\n1,0.9,2025-01-03,a\n0,0.2,2025-01-09,b\n"
                                "1,0.8,2025-02-01,a\n,0.4,2025-02-02,a\n0,0.3,2025-02-03,b\n,0.6,2025-02-04,b\n0,0.1,2025-02-05,b\n1,,2025-02-06,b\n";
        const auto set = tables::compute(log, mapping(), monthly());
        QVERIFY(set.ok());
        for (const ComputedCell &cell : set->cells) {
            const metrics::Figure *share = cell.find("labelled_share");
            QVERIFY(share);
            QCOMPARE(share->n, cell.n + cell.leftOut.noLabel);
            QVERIFY(share->interval && *share->interval == metrics::wilson({static_cast<double>(cell.n), static_cast<double>(share->n)}, 0.95));
        }
        QCOMPARE(set->find({}, "2025-01")->find("labelled_share")->value, 1.0);
        QCOMPARE(set->find({}, "2025-02")->find("labelled_share")->value, 0.6);
        QCOMPARE(set->find({{"g", "b"}}, "2025-02")->find("labelled_share")->value, 2.0 / 3);
        QCOMPARE(set->find({})->find("labelled_share")->value, 5.0 / 7);
        QVERIFY(isImmature(*set->find({}, "2025-02")));
        QVERIFY(!isImmature(*set->find({}, "2025-01")));
        QVERIFY(!isImmature(*set->find({}, "2025-02"), 0.6));
        Parameters plain = monthly();
        plain.options.intervals = false;
        QVERIFY(!tables::compute(log, mapping(), plain)->find({})->find("labelled_share")->interval);
    }

    void nobodyExpectsLabelsWhereThereIsNoColumnOfThem()
    {
        predictions::Mapping unlabelled = mapping();
        unlabelled.label.clear();
        const auto set = tables::compute("s,t,g\n0.5,2025-01-03,a\n", unlabelled, monthly());
        QVERIFY(set.ok());
        QVERIFY(!set->cells.front().find("labelled_share"));
        QVERIFY(!isImmature(set->cells.front()));
        const auto none = tables::compute("y,s,t,g\n", mapping(), monthly());
        QCOMPARE(none->cells.front().find("labelled_share")->reason, Reason::NoRows);
        QVERIFY(!isImmature(none->cells.front()));
        const auto all = tables::compute("y,s,t,g\n,0.5,2025-01-03,a\n", mapping(), monthly());
        QVERIFY(isImmature(*all->find({}, "2025-01")));
    }

    void amountsAndClassesHaveItToo()
    {
        predictions::Mapping amounts;
        amounts.task = predictions::Task::Regression;
        amounts.label = "y";
        amounts.prediction = "d";
        const auto set = tables::compute("y,d\n1,2\n,3\n4,4\n", amounts, {});
        QVERIFY(set.ok());
        QCOMPARE(set->cells.front().find("labelled_share")->value, 2.0 / 3);
        amounts.task = predictions::Task::Multiclass;
        const auto classes = tables::compute("y,d\na,b\n,b\n,a\nb,c\n", amounts, {});
        QVERIFY(classes.ok());
        QCOMPARE(classes->cells.front().find("labelled_share")->value, 0.5);
    }

    void aMovingHandSeesTheSameShare()
    {
        const auto rows = tables::randomRows(3, 800, 2);
        const auto table = tables::table(tables::csv(rows), tables::mapping(), scoretables::WindowUnit::Month);
        QVERIFY(table.ok());
        Parameters parameters = monthly();
        parameters.families = {{{}, false}, {{"a"}, false}};
        const auto all = compute(*table, parameters);
        auto hand = Interactive::make(std::make_shared<scoretables::Table>(*table), parameters);
        QVERIFY(all.ok() && hand.ok());
        const auto set = hand->figures({});
        QVERIFY(set.ok());
        QCOMPARE(set->cells.size(), all->cells.size());
        for (std::size_t c = 0; c < set->cells.size(); ++c)
            QCOMPARE(*set->cells[c].find("labelled_share"), *all->cells[c].find("labelled_share"));
    }

    void daysFromPredictionToLabel()
    {
        predictions::Mapping timed = mapping();
        timed.labelTime = "known";
        std::string log = "y,s,t,g,known\n";
        for (int i = 0; i <= 10; ++i) // January: 0, 1, … 10 days
            log += "1,0.5,2025-01-03T12:00:00,a," + formatUtc(fromMillis(1'735'905'600'000LL + i * 86'400'000LL)) + "\n";
        log += "0,0.5,2025-02-03T12:00:00,a,2025-02-05T00:00:00\n"; // a day and a half
        log += "0,0.5,2025-02-03T12:00:00,a,2025-02-02T12:00:00\n"; // there a day before
        log += ",0.5,2025-02-04T12:00:00,b,\n";                     // not there yet
        log += "0,0.5,,b,2025-02-05T00:00:00\n";                    // nobody knows since when
        log += "0,0.5,2025-03-01,b,2025-02-27\n";                   // March: before only
        const auto set = tables::compute(log, timed, monthly());
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        const auto find = [&](const char *window, const char *name) { return *set->find({}, window)->find(name); };
        QCOMPARE(find("2025-01", "label_delay_median").value, 5.0);
        QCOMPARE(find("2025-01", "label_delay_p90").value, 9.0);
        QCOMPARE(find("2025-01", "label_delay_median").n, 11U);
        QCOMPARE(find("2025-01", "label_delay_median").excluded, 0U);
        QCOMPARE(find("2025-02", "label_delay_median").value, 1.5);
        QCOMPARE(find("2025-02", "label_delay_median").n, 1U);
        QCOMPARE(find("2025-02", "label_delay_p90").excluded, 1U);
        QCOMPARE(find("2025-03", "label_delay_median").reason, Reason::NoRows);
        QCOMPARE(find("2025-03", "label_delay_median").excluded, 1U);
        QCOMPARE(find("(no time)", "label_delay_median").reason, Reason::NoRows);
        QCOMPARE(find("", "label_delay_median").n, 12U);
        QCOMPARE(find("", "label_delay_median").excluded, 2U);
        QVERIFY(!set->find({{"g", "a"}})->find("label_delay_median"));
        const auto rolling = tables::compute(log, timed, monthly("2 months"));
        QVERIFY(rolling.ok());
        QCOMPARE(rolling->find({}, "2025-02")->find("label_delay_median")->n, 12U);
        QVERIFY(!tables::compute(log, mapping(), monthly())->cells.front().find("label_delay_median"));
    }

    void passingRowsGiveTheSameDelays_data()
    {
        QTest::addColumn<QString>("window");
        for (const char *window : {"none", "day", "month", "2 months"})
            QTest::newRow(window) << QString::fromLatin1(window);
    }
    void passingRowsGiveTheSameDelays()
    {
        QFETCH(QString, window);
        SeededRandomness random(5);
        std::string log = "y,s,t,g,known\n";
        for (int i = 0; i < 5000; ++i) {
            const auto asked = 1'735'689'600'000LL + static_cast<std::int64_t>(random.next() % 90) * 86'400'000LL + static_cast<std::int64_t>(random.next() % 86'400'000);
            const auto known = asked + static_cast<std::int64_t>(random.next() % 2'000'000'000) - 100'000'000; // some before
            log += std::string(random.next() % 9 == 0 ? "" : i % 3 == 0 ? "0" : "1") + ",0." + std::to_string(random.next() % 10) + "," + (random.next() % 20 ? formatUtc(fromMillis(asked)) : "") + ",a,"
                   + (random.next() % 10 ? formatUtc(fromMillis(known)) : "") + "\n";
        }
        predictions::Mapping timed = mapping();
        timed.labelTime = "known";
        const auto kept = tables::compute(log, timed, monthly(window.toLatin1().constData()));
        QTemporaryDir dir;
        auto reader = predictions::LogReader::open(tables::write(dir, log));
        const auto passed = computeBounded(*std::move(reader), timed, monthly(window.toLatin1().constData()));
        QVERIFY2(kept.ok() && passed.ok(), passed.ok() ? "" : passed.error().text().c_str());
        QCOMPARE(passed->cells.size(), kept->cells.size());
        int compared = 0;
        for (std::size_t c = 0; c < kept->cells.size(); ++c)
            for (const char *name : {"label_delay_median", "label_delay_p90", "labelled_share"}) {
                const metrics::Figure *real = kept->cells[c].find(name);
                const metrics::Figure *own = passed->cells[c].find(name);
                QCOMPARE(real == nullptr, own == nullptr);
                compared += real ? 1 : 0;
                if (real)
                    QVERIFY(*real == *own);
            }
        QVERIFY(compared >= 3);
        QVERIFY(passed->notes.empty());
    }

    void roundedDelaysAreWithinTheirBounds()
    {
        predictions::Schema schema;
        schema.numberNames = {"delay"};
        schema.labelDelay = 0;
        predictions::Chunk chunk;
        chunk.numbers.emplace_back();
        SeededRandomness random(6);
        for (int i = 0; i < 20'000; ++i)
            chunk.numbers[0].push_back(random.unit() * 40 - 2);
        chunk.rows = static_cast<std::uint32_t>(chunk.numbers[0].size());
        std::vector<DelayTally> tallies;
        tallies.emplace_back(schema, scoretables::WindowUnit::None, 4096);
        QVERIFY(tallies.front().add(chunk));
        const predictions::MergedDictionaries texts{{}, {{}}};
        const auto delays = labelDelaysOf(tallies, texts, {});
        QCOMPARE(delays.size(), 1U);
        QVERIFY(delays.front().bound && *delays.front().bound > 0 && *delays.front().bound < 0.1);
        // Whoever got which of them.
        std::vector<DelayTally> three;
        for (int t = 0; t < 3; ++t) {
            predictions::Chunk third;
            third.numbers.emplace_back(chunk.numbers[0].begin() + t * 6000, t == 2 ? chunk.numbers[0].end() : chunk.numbers[0].begin() + (t + 1) * 6000);
            third.rows = static_cast<std::uint32_t>(third.numbers[0].size());
            three.emplace_back(schema, scoretables::WindowUnit::None, 4096);
            QVERIFY(three.back().add(third));
        }
        const auto again = labelDelaysOf(three, predictions::MergedDictionaries{{}, {{}, {}, {}}}, {});
        QVERIFY(again.front().median == delays.front().median && again.front().ninetieth == delays.front().ninetieth && again.front().bound == delays.front().bound);
        std::vector<double> late = chunk.numbers[0];
        const auto early = static_cast<std::uint64_t>(std::erase_if(late, [](double days) { return days < 0; }));
        std::ranges::sort(late);
        QCOMPARE(delays.front().median.excluded, early);
        QCOMPARE(delays.front().median.n, late.size());
        QVERIFY(std::fabs(delays.front().median.value - late[late.size() / 2]) <= *delays.front().bound + 0.01);
        QVERIFY(std::fabs(delays.front().ninetieth.value - late[late.size() * 9 / 10]) <= *delays.front().bound + 0.01);
    }
};

QTEST_GUILESS_MAIN(LabelsTest)
#include "tst_labels.moc"
