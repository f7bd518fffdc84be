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

    void boundedModeSaysThatItForgets()
    {
        QTemporaryDir dir;
        predictions::Mapping timed = mapping();
        timed.labelTime = "known";
        auto reader = predictions::LogReader::open(tables::write(dir, "y,s,t,g,known\n1,0.5,2025-01-03,a,2025-01-04\n"));
        const auto set = computeBounded(*std::move(reader), timed, monthly());
        QVERIFY(!set.ok());
        QCOMPARE(set.error().kind, ErrorKind::Unsupported);
    }
};

QTEST_GUILESS_MAIN(LabelsTest)
#include "tst_labels.moc"
