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

Result<BoundedTable> bounded(const std::string &csv, BoundedOptions options, unsigned threads = 2)
{
    QTemporaryDir dir;
    auto reader = predictions::LogReader::open(tables::write(dir, csv));
    if (!reader)
        return reader.error();
    options.read.threads = threads;
    return buildBoundedTable(*reader, tables::mapping(), options);
}

Result<ComputedSet> computeBoth(const std::string &csv, const Parameters &parameters, double step)
{
    QTemporaryDir dir;
    auto reader = predictions::LogReader::open(tables::write(dir, csv));
    if (!reader)
        return reader.error();
    return computeBounded(*std::move(reader), tables::mapping(), parameters, {}, step);
}

} // namespace

class BoundedTableTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isExactWhileItFits()
    {
        const auto rows = tables::randomRows(21, 30'000, 3);
        Parameters parameters;
        parameters.window = *parseWindowSpec("month");
        parameters.depth = 2;
        parameters.bootstrapDraws = 20;
        const auto exact = tables::compute(tables::csv(rows), tables::mapping(), parameters);
        const auto streamed = computeBoth(tables::csv(rows), parameters, 0);
        QVERIFY(exact.ok());
        QVERIFY2(streamed.ok(), streamed.ok() ? "" : streamed.error().text().c_str());
        QCOMPARE(streamed->scoreStep, 0.0);
        QCOMPARE(streamed->cells.size(), exact->cells.size());
        for (std::size_t c = 0; c < exact->cells.size(); ++c) {
            QVERIFY(streamed->cells[c].counts == exact->cells[c].counts);
            QVERIFY(streamed->cells[c].leftOut == exact->cells[c].leftOut);
            for (std::size_t m = 0; m < exact->cells[c].metrics.size(); ++m) {
                const auto &a = exact->cells[c].metrics[m];
                const auto &b = streamed->cells[c].metrics[m];
                QVERIFY2(a.figure.isDefined() == b.figure.isDefined() && tables::isNear(a.figure.value, b.figure.value, 1e-12), a.name.c_str());
                QVERIFY(!b.bound);
            }
        }
    }

    void exactFiguresAreWithinTheBoundsOfRoundedOnes_data()
    {
        QTest::addColumn<double>("step");
        QTest::newRow("1/1024") << 1.0 / 1024;
        QTest::newRow("1/16") << 1.0 / 16;
        QTest::newRow("1") << 1.0;
    }
    void exactFiguresAreWithinTheBoundsOfRoundedOnes()
    {
        QFETCH(double, step);
        const auto rows = tables::randomRows(22, 20'000, 9);
        Parameters parameters;
        parameters.threshold = 0.3; // no multiple of any step: decisions are counted row by row
        parameters.bootstrapDraws = 0;
        const auto exact = tables::compute(tables::csv(rows), tables::mapping(), parameters);
        const auto rounded = computeBoth(tables::csv(rows), parameters, step);
        QVERIFY(exact.ok() && rounded.ok());
        QCOMPARE(rounded->scoreStep, step);
        QCOMPARE(rounded->uncertainRows, 0U);
        int bounds = 0;
        for (std::size_t c = 0; c < exact->cells.size(); ++c) {
            QVERIFY(rounded->cells[c].counts == exact->cells[c].counts);
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
    }

    void memoryStaysBoundedByCoarserScores()
    {
        std::string text = "y,s,a,b,t,w\n";
        SeededRandomness random(23);
        for (int i = 0; i < 300'000; ++i)
            text += (random.next() % 2 ? "1," : "0,") + number::shortest(random.unit()) + ",x,p,,1\n";
        BoundedOptions options;
        options.entryBytes = 1U << 20; // 32,768 combinations a thread
        for (const unsigned threads : {1U, 2U}) {
            const auto table = bounded(text, options, threads);
            QVERIFY(table.ok());
            QVERIFY(table->table.scoreStep() > 0 && table->table.scoreStep() < 0.01);
            QVERIFY(table->table.size() < 65'536);
            std::uint64_t rows = 0;
            for (const auto count : table->table.counts())
                rows += count;
            QCOMPARE(rows, 300'000U);
        }
    }

    void aStepGivenAgainGivesTheSameTable()
    {
        const std::string text = tables::csv(tables::randomRows(24, 50'000, 9));
        BoundedOptions options;
        options.unit = WindowUnit::Week;
        options.scoreStep = 1.0 / 64;
        const auto one = bounded(text, options, 1);
        const auto three = bounded(text, options, 3);
        QVERIFY(one.ok() && three.ok());
        QVERIFY(std::ranges::equal(one->table.scores(), three->table.scores()));
        QVERIFY(std::ranges::equal(one->table.codes(), three->table.codes()));
        QVERIFY(std::ranges::equal(one->table.counts(), three->table.counts()));
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

    void whatItCannotDoIsSaid()
    {
        QTemporaryDir dir;
        const auto path = tables::write(dir, "y,s,a,b,t,w\n1,0.5,x,p,,1\n");
        auto weighted = predictions::LogReader::open(path);
        QCOMPARE(buildBoundedTable(*weighted, tables::mapping(true)).error().kind, ErrorKind::Unsupported);
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
