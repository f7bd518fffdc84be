#include "models/computed/scores/interactive.h"
#include "models/scoretables/build/boundedtable.h"
#include "sets.h"

#include <csignal>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

using namespace countersign;
using namespace countersign::computed;
using namespace countersign::scoretables;
using tables::Row;

namespace {

Result<BoundedTable> bounded(const std::string &csv, BoundedOptions options, unsigned threads = 2, bool isWeighted = false)
{
    QTemporaryDir dir;
    auto reader = predictions::LogReader::open(tables::write(dir, csv));
    if (!reader)
        return reader.error();
    options.read.threads = threads;
    return buildBoundedTable(*reader, tables::mapping(isWeighted), options);
}

Result<ComputedSet> computeBoth(const std::string &csv, const Parameters &parameters, double step, bool isWeighted = false)
{
    QTemporaryDir dir;
    auto reader = predictions::LogReader::open(tables::write(dir, csv));
    if (!reader)
        return reader.error();
    return computeBounded(*std::move(reader), tables::mapping(isWeighted), parameters, {}, step);
}

/// Rows whose weights have next to nothing in common, some of them 0.
std::vector<Row> oddlyWeighted(std::vector<Row> rows, std::uint64_t seed)
{
    SeededRandomness random(seed);
    for (Row &row : rows)
        row.weight = random.next() % 9 == 0 ? 0 : std::exp(4 * random.unit() - 2);
    return rows;
}

bool isNear(const metrics::Counts &a, const metrics::Counts &b)
{
    return tables::isNear(a.tp, b.tp, 1e-12) && tables::isNear(a.fp, b.fp, 1e-12) && tables::isNear(a.fn, b.fn, 1e-12) && tables::isNear(a.tn, b.tn, 1e-12)
           && tables::isNear(a.squares, b.squares, 1e-12) && a.rows == b.rows;
}

bool isNear(const metrics::Figure &a, const metrics::Figure &b)
{
    const bool haveIntervals = a.interval.has_value() && b.interval.has_value();
    return a.isDefined() == b.isDefined() && a.reason == b.reason && a.n == b.n && (!a.isDefined() || tables::isNear(a.value, b.value, 1e-12))
           && (haveIntervals || a.interval.has_value() == b.interval.has_value())
           && (!haveIntervals || (tables::isNear(a.interval->lower, b.interval->lower, 1e-9) && tables::isNear(a.interval->upper, b.interval->upper, 1e-9)));
}

} // namespace

class BoundedTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isExactWhileItFits_data()
    {
        QTest::addColumn<int>("weights");
        QTest::newRow("no weights") << 0;
        QTest::newRow("quarters") << 1;
        QTest::newRow("any weights") << 2;
    }
    void isExactWhileItFits()
    {
        QFETCH(int, weights);
        auto rows = tables::randomRows(21, 30'000, 3);
        if (weights == 2)
            rows = oddlyWeighted(std::move(rows), 27);
        Parameters parameters;
        parameters.window = *parseWindowSpec("month");
        parameters.depth = 2;
        parameters.bootstrapDraws = 20;
        parameters.worstMetric = "auc";
        const auto exact = tables::compute(tables::csv(rows), tables::mapping(weights > 0), parameters);
        const auto streamed = computeBoth(tables::csv(rows), parameters, 0, weights > 0);
        QVERIFY(exact.ok());
        QVERIFY2(streamed.ok(), streamed.ok() ? "" : streamed.error().text().c_str());
        QCOMPARE(streamed->scoreStep, 0.0);
        QCOMPARE(streamed->cells.size(), exact->cells.size());
        QVERIFY(weights == 0 || exact->cells.front().leftOut.noWeight > 1000);
        for (std::size_t c = 0; c < exact->cells.size(); ++c) {
            QVERIFY(isNear(streamed->cells[c].counts, exact->cells[c].counts));
            QCOMPARE(streamed->cells[c].n, exact->cells[c].n);
            QVERIFY(streamed->cells[c].leftOut == exact->cells[c].leftOut);
            for (std::size_t m = 0; m < exact->cells[c].metrics.size(); ++m) {
                const auto &a = exact->cells[c].metrics[m];
                const auto &b = streamed->cells[c].metrics[m];
                QVERIFY2(isNear(a.figure, b.figure), a.name.c_str());
                QVERIFY(!b.bound);
            }
        }
        QCOMPARE(streamed->disparities.size(), exact->disparities.size());
        for (std::size_t d = 0; d < exact->disparities.size(); ++d)
            QVERIFY2(tables::isNear(exact->disparities[d].figure.value, streamed->disparities[d].figure.value, 1e-11), exact->disparities[d].name.c_str());
        QCOMPARE(streamed->worst.size(), exact->worst.size());
        QVERIFY(!exact->worst.empty());
        for (std::size_t w = 0; w < exact->worst.size(); ++w) {
            QVERIFY(streamed->worst[w].group == exact->worst[w].group);
            QVERIFY(isNear(streamed->worst[w].figure, exact->worst[w].figure));
        }
        QCOMPARE(streamed->impacts.size(), exact->impacts.size());
        for (std::size_t i = 0; i < exact->impacts.size(); ++i)
            for (std::size_t r = 0; r < exact->impacts[i].rows.size(); ++r)
                QVERIFY(streamed->impacts[i].rows[r].impact.rate == exact->impacts[i].rows[r].impact.rate);
    }

    void exactFiguresAreWithinTheBoundsOfRoundedOnes_data()
    {
        QTest::addColumn<double>("step");
        QTest::addColumn<bool>("isWeighted");
        for (const bool isWeighted : {false, true}) {
            const char *weights = isWeighted ? ", weighted" : "";
            QTest::addRow("1/1024%s", weights) << 1.0 / 1024 << isWeighted;
            QTest::addRow("1/16%s", weights) << 1.0 / 16 << isWeighted;
            QTest::addRow("1%s", weights) << 1.0 << isWeighted;
        }
    }
    void exactFiguresAreWithinTheBoundsOfRoundedOnes()
    {
        QFETCH(double, step);
        QFETCH(bool, isWeighted);
        const auto rows = oddlyWeighted(tables::randomRows(22, 20'000, 9), 28);
        Parameters parameters;
        parameters.threshold = 0.3; // no multiple of any step: decisions are counted row by row
        parameters.bootstrapDraws = 0;
        parameters.depth = 2;
        const auto exact = tables::compute(tables::csv(rows), tables::mapping(isWeighted), parameters);
        const auto rounded = computeBoth(tables::csv(rows), parameters, step, isWeighted);
        QVERIFY(exact.ok() && rounded.ok());
        QCOMPARE(rounded->scoreStep, step);
        QCOMPARE(rounded->uncertainRows, 0U);
        int bounds = 0;
        for (std::size_t c = 0; c < exact->cells.size(); ++c) {
            QVERIFY(isNear(rounded->cells[c].counts, exact->cells[c].counts));
            for (const auto &named : rounded->cells[c].metrics) {
                const metrics::Figure *figure = exact->cells[c].find(named.name);
                if (!figure->isDefined())
                    continue;
                const double apart = std::fabs(figure->value - named.figure.value);
                if (named.bound) {
                    QVERIFY2(apart <= *named.bound + 1e-12, named.name.c_str());
                    ++bounds;
                } else {
                    QVERIFY2(apart <= 1e-12 * std::max(1.0, std::fabs(figure->value)), named.name.c_str());
                }
            }
        }
        QVERIFY(bounds >= 4);
        // A bound that says nothing would always hold.
        const auto &all = rounded->cells.front().metrics;
        const auto precision = std::ranges::find(all, "average_precision", &NamedFigure::name);
        QVERIFY(precision != all.end() && precision->bound.has_value());
        QVERIFY(step > 0.1 || *precision->bound < 3 * step);
    }

    void averagePrecisionIsBoundedByItsWorstOrder()
    {
        // One step: three positives of any order among two negatives. Least: both negatives first.
        const auto set = computeBoth("y,s,a,b,t,w\n1,0.5,x,p,,1\n1,0.6,x,p,,1\n1,0.7,x,p,,1\n0,0.8,x,p,,1\n0,0.9,x,p,,1\n", {}, 1);
        QVERIFY(set.ok());
        const auto named = std::ranges::find(set->cells.front().metrics, "average_precision", &NamedFigure::name);
        const double least = (1.0 / 3 + 2.0 / 4 + 3.0 / 5) / 3;
        QVERIFY(named->figure.value - *named->bound <= least);
        QVERIFY(*named->bound < 1 - 1.0 / 3); // less than if each stood as low as the lowest
    }

    void weightsOfOneAreNoWeights_data()
    {
        QTest::addColumn<double>("step");
        QTest::newRow("exact") << 0.0;
        QTest::newRow("rounded") << 1.0 / 16;
    }
    void weightsOfOneAreNoWeights()
    {
        QFETCH(double, step);
        auto rows = tables::randomRows(31, 8000, 4);
        for (Row &row : rows)
            row.weight = 1;
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        const auto plain = computeBoth(tables::csv(rows), parameters, step);
        const auto weighted = computeBoth(tables::csv(rows), parameters, step, true);
        QVERIFY(plain.ok() && weighted.ok());
        for (std::size_t c = 0; c < plain->cells.size(); ++c) {
            QVERIFY(weighted->cells[c].counts == plain->cells[c].counts);
            for (const NamedFigure &a : plain->cells[c].metrics) {
                const auto found = std::ranges::find(weighted->cells[c].metrics, a.name, &NamedFigure::name);
                if (a.name == "ece_quantile") { // is of rows that weigh the same
                    QVERIFY(found == weighted->cells[c].metrics.end());
                    continue;
                }
                QVERIFY2(found != weighted->cells[c].metrics.end(), a.name.c_str());
                const NamedFigure &b = *found;
                QVERIFY2(isNear(a.figure, b.figure), a.name.c_str());
                QVERIFY2(a.bound.has_value() == b.bound.has_value() && (!a.bound || tables::isNear(*a.bound, *b.bound, 1e-12)), a.name.c_str());
            }
        }
    }

    void weightsOfTwoAreRowsTwice()
    {
        auto rows = tables::randomRows(32, 8000, 4);
        std::vector<Row> twice;
        for (Row &row : rows) {
            row.weight = 2;
            twice.insert(twice.end(), 2, row);
        }
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        const auto doubled = computeBoth(tables::csv(twice), parameters, 1.0 / 16);
        const auto weighted = computeBoth(tables::csv(rows), parameters, 1.0 / 16, true);
        QVERIFY(doubled.ok() && weighted.ok());
        for (std::size_t c = 0; c < doubled->cells.size(); ++c) {
            const auto &a = doubled->cells[c];
            const auto &b = weighted->cells[c];
            QCOMPARE(a.n, 2 * b.n); // rows are counted, not weights
            QVERIFY(a.counts.tp == b.counts.tp && a.counts.fp == b.counts.fp && a.counts.fn == b.counts.fn && a.counts.tn == b.counts.tn);
            for (std::size_t m = 0; m < a.metrics.size(); ++m) {
                QCOMPARE(b.metrics[m].figure.isDefined(), a.metrics[m].figure.isDefined());
                if (a.metrics[m].figure.isDefined())
                    QVERIFY2(tables::isNear(a.metrics[m].figure.value, b.metrics[m].figure.value, 1e-12), a.metrics[m].name.c_str());
                if (a.metrics[m].bound && a.metrics[m].name != "average_precision") // whose bound knows how many rows share a weight
                    QVERIFY2(tables::isNear(*a.metrics[m].bound, *b.metrics[m].bound, 1e-12), a.metrics[m].name.c_str());
            }
        }
    }

    void rowsOfManyWeightsAreCountedTogether()
    {
        const auto rows = oddlyWeighted(tables::randomRows(33, 20'000, 1), 34);
        const auto table = bounded(tables::csv(rows), {}, 2, true);
        QVERIFY(table.ok());
        QVERIFY(table->table.size() < 2000);
        double sum = 0;
        std::uint64_t counted = 0;
        for (std::size_t i = 0; i < table->table.size(); ++i) {
            sum += table->table.weightOf(i);
            counted += table->table.rowsOf(i);
        }
        double weights = 0;
        std::uint64_t usable = 0;
        for (const Row &row : rows)
            if (row.label >= 0 && std::isfinite(row.score) && row.weight > 0) {
                weights += row.weight;
                ++usable;
            }
        QCOMPARE(counted, usable);
        QVERIFY(tables::isNear(sum, weights, 1e-12));
    }

    void aBrushOverSummedWeightsAnswersAsOverRows()
    {
        const auto rows = oddlyWeighted(tables::randomRows(36, 60'000, 1), 37);
        auto whole = tables::table(tables::csv(rows), tables::mapping(true), WindowUnit::Week);
        BoundedOptions options;
        options.unit = WindowUnit::Week;
        auto summed = bounded(tables::csv(rows), options, 2, true);
        QVERIFY(whole.ok() && summed.ok());
        QVERIFY(summed->table.size() < whole->size() / 4);
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        auto ofRows = Interactive::make(std::make_shared<const Table>(*std::move(whole)), parameters);
        auto ofSums = Interactive::make(std::make_shared<const Table>(std::move(summed->table)), parameters);
        QVERIFY(ofRows.ok() && ofSums.ok());
        QVERIFY(ofRows->prepare() && ofSums->prepare());
        const auto units = ofRows->units();
        Selection brush;
        brush.threshold = 0.3;
        brush.firstUnit = units->first + 2;
        brush.lastUnit = units->second - 3;
        for (const Selection &selection : {Selection{0.5, {}, {}}, brush}) {
            const auto a = ofRows->figures(selection);
            const auto b = ofSums->figures(selection);
            QVERIFY(a.ok() && b.ok());
            QCOMPARE(b->cells.size(), a->cells.size());
            for (std::size_t c = 0; c < a->cells.size(); ++c) {
                QCOMPARE(b->cells[c].n, a->cells[c].n);
                for (const char *name : {"selection_rate", "recall", "auc", "log_loss", "ece"}) {
                    const metrics::Figure *figure = a->cells[c].find(name);
                    QVERIFY2(figure && b->cells[c].find(name) && tables::isNear(figure->value, b->cells[c].find(name)->value, 1e-11), name);
                }
            }
        }
    }

    void memoryStaysBoundedByCoarserScores()
    {
        std::string text = "y,s,a,b,t,w\n";
        SeededRandomness random(23);
        for (int i = 0; i < 300'000; ++i)
            text += (random.next() % 2 ? "1," : "0,") + number::shortest(random.unit()) + ",x,p,,1\n";
        BoundedOptions options;
        options.entryBytes = 1U << 20; // 32,768 combinations a thread
        for (const unsigned threads : {1U, 2U})
            for (const bool isWeighted : {false, true}) {
                const auto table = bounded(text, options, threads, isWeighted);
                QVERIFY(table.ok());
                QVERIFY(table->table.scoreStep() > 0 && table->table.scoreStep() < 0.01);
                QVERIFY(table->table.size() < 65'536);
                std::uint64_t rows = 0;
                double weights = 0;
                for (std::size_t i = 0; i < table->table.size(); ++i) {
                    rows += table->table.rowsOf(i);
                    weights += table->table.weightOf(i);
                }
                QCOMPARE(rows, 300'000U);
                QCOMPARE(weights, 300'000.0);
            }
    }

    void aStepGivenAgainGivesTheSameTable()
    {
        const std::string text = tables::csv(oddlyWeighted(tables::randomRows(24, 50'000, 9), 35));
        BoundedOptions options;
        options.unit = WindowUnit::Week;
        options.scoreStep = 1.0 / 64;
        const auto one = bounded(text, options, 1, true);
        const auto three = bounded(text, options, 3, true);
        QVERIFY(one.ok() && three.ok());
        QVERIFY(std::ranges::equal(one->table.scores(), three->table.scores()));
        QVERIFY(std::ranges::equal(one->table.codes(), three->table.codes()));
        QVERIFY(std::ranges::equal(one->table.counts(), three->table.counts()));
        QVERIFY(std::ranges::equal(one->table.weights(), three->table.weights())); // whoever added which
        QVERIFY(one->table.leaves() == three->table.leaves());
    }

    void anotherThresholdSaysHowManyRowsItDivides()
    {
        std::string text = "y,s,a,b,t,w\n";
        for (int i = 0; i < 100; ++i)
            text += "1," + number::shortest(i / 100.0) + ",x,p,,1\n";
        BoundedOptions options;
        options.scoreStep = 0.25;
        const auto table = bounded(text, options);
        QVERIFY(table.ok());
        Parameters parameters;
        parameters.threshold = 0.3;
        const auto set = compute(table->table, parameters);
        QVERIFY(set.ok());
        QCOMPARE(set->uncertainRows, 25U);
        parameters.threshold = 0.25;
        QCOMPARE(compute(table->table, parameters)->uncertainRows, 0U);
        QCOMPARE(compute(table->table, parameters)->cells[0].counts.tp, 75.0);
    }

    void marginsAreRoundedToTheirScale()
    {
        std::string text = "y,s,a,b,t,w\n";
        SeededRandomness random(25);
        for (int i = 0; i < 100'000; ++i)
            text += (random.next() % 2 ? "1," : "0,") + number::shortest(1e6 * (random.unit() - 0.5)) + ",x,p,,1\n";
        BoundedOptions options;
        options.entryBytes = 1U << 18;
        const auto table = bounded(text, options);
        QVERIFY(table.ok());
        QVERIFY(table->table.scoreStep() >= 1);
        QVERIFY(table->table.scores().front() > 4e5 && table->table.scores().back() < -4e5);
    }

    void theLargestNumbersAreRoundedToo()
    {
        std::string text = "y,s,a,b,t,w\n";
        SeededRandomness random(26);
        for (int i = 0; i < 100'000; ++i)
            text += (random.next() % 2 ? "1," : "0,") + number::shortest(1.79e308 * (2 * random.unit() - 1)) + ",x,p,,1\n";
        text += "0,-1.7976931348623157e308,x,p,,1\n";
        BoundedOptions options;
        options.entryBytes = 1U << 18;
        const auto table = bounded(text, options);
        QVERIFY(table.ok());
        QVERIFY(std::isfinite(table->table.scoreStep()) && table->table.scoreStep() > 1e300);
        QVERIFY(std::ranges::all_of(table->table.scores(), [](double score) { return std::isfinite(score); }));
        QVERIFY(table->table.scores().front() > 1.5e308 && table->table.scores().back() < -1.5e308);
    }

    void whatItCannotDoIsSaid()
    {
        QTemporaryDir dir;
        const auto path = tables::write(dir, "y,s,a,b,t,w\n1,0.5,x,p,,1\n");
        auto odd = predictions::LogReader::open(path);
        BoundedOptions options;
        options.scoreStep = 0.3;
        QVERIFY(!buildBoundedTable(*odd, tables::mapping(), options).ok());
        std::string text = "y,s,a,b,t,w\n";
        for (int i = 0; i < 250'000; ++i)
            text += "1,0.5," + std::to_string(i) + ",p,,1\n";
        const auto many = bounded(text, {});
        QVERIFY(!many.ok());
        QVERIFY(many.error().message.find("too many combinations") != std::string::npos);
    }

    void aPipeIsReadAndCancelled()
    {
        int ends[2];
        QCOMPARE(::pipe2(ends, O_CLOEXEC), 0);
        std::atomic<bool> cancel = false;
        std::jthread writer([&] {
            std::string text = "y,s,a,b,t,w\n";
            while (text.size() < 1'000'000)
                text += "1,0.5,x,p,2025-01-01,1\n";
            for (int i = 0; i < 100'000; ++i)
                if (::write(ends[1], text.data(), text.size()) < 0)
                    break;
            ::close(ends[1]);
        });
        BoundedOptions options;
        options.read.progress.cancel = &cancel;
        QElapsedTimer sinceCancelled;
        options.read.progress.report = [&](std::uint64_t done, std::uint64_t, const std::string &) {
            if (done > 30'000'000 && !cancel.exchange(true))
                sinceCancelled.start();
        };
        {
            auto reader = predictions::LogReader::open(*predictions::ByteSource::fromDescriptor(ends[0], "pipe"));
            QVERIFY(reader.ok());
            const auto table = buildBoundedTable(*reader, tables::mapping(), options);
            QVERIFY(!table.ok());
            QCOMPARE(table.error().kind, ErrorKind::Cancelled);
            QVERIFY(sinceCancelled.elapsed() < 1000);
        } // closes the reading end, and the writer gets EPIPE
    }

    void initTestCase() { std::signal(SIGPIPE, SIG_IGN); }
};

QTEST_APPLESS_MAIN(BoundedTableTest)
#include "tst_boundedtable.moc"
