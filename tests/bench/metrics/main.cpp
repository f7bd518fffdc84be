#include "models/base/json.h"
#include "models/base/number.h"
#include "models/computed/scores/interactive.h"
#include "tests/bench/metrics/drift.h"
#include "tests/bench/metrics/generator.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

// What the metric engine takes, as a table: read; overall; by attribute; by intersection; by week and attribute; the whole way
// from file to figures. Each case runs in a process of its own, so that peak memory is its own. Figures are the best of several
// runs: on a shared machine the smallest is the one least disturbed.
//
//   countersign-bench-metrics [--rows N]… [--runs N] [--threads N] [--folder DIR] [--stream GB [--scores repeat|differ] [--cancel SECONDS]] [--only drift|whole] [--skip drift]
//                            [--json FILE] [--values FILE]     times and, of the last log, all figures, for compare.py

using namespace countersign;

namespace {

struct Arguments {
    std::vector<std::uint64_t> rows;
    int runs = 5;
    unsigned threads = 0;
    std::filesystem::path folder = std::filesystem::temp_directory_path() / "countersign-bench";
    double streamGigabytes = 0;
    bool scoresDiffer = false; ///< of every row of the stream
    double cancelAfter = 0;    ///< seconds; 0: the stream is read to its end
    bool isOnlyDrift = false;
    bool isOnlyWhole = false; ///< nothing behind the way from file to figures
    bool isWithoutDrift = false;
    std::filesystem::path json;
    std::filesystem::path values;
};

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double processorSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

std::uint64_t peakBytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// Seconds of the steps of one run.
struct Times {
    double read = 0;
    double table = 0;    ///< columns to score table
    double overall = 0;
    double attributes = 0;
    double intersection = 0;
    double weeks = 0;
    double all = 0;      ///< the 750 cells at once, from the score table, closed-form intervals
    double bootstrap = 0; ///< all, with 1,000 redraws for every disparity, less `all`
    double whole = 0;    ///< file to the 750 cells
    double processor = 0; ///< of the whole, both cores
    double threshold = 0; ///< another threshold: counts of all leaves
    double prepare = 0;   ///< Interactive: before the first brush
    double moved = 0;     ///< another threshold: figures of everybody and each attribute's groups, disparities with 1,000 redraws
    double brush = 0;     ///< the same for ten of 52 weeks
    double brushAll = 0;  ///< for 51 of 52 weeks
    double cells = 0;
    double peak = 0;
};

using Families = std::vector<std::pair<std::vector<std::string>, bool>>;
const Families kAttributes{{{"sex"}, false}, {{"race"}, false}, {{"age_band"}, false}};
const Families kIntersection{{{"sex", "race", "age_band"}, false}};
const Families kWeeks{{{"sex"}, true}, {{"race"}, true}, {{"age_band"}, true}};

computed::Parameters parametersFor(std::initializer_list<Families> families, unsigned threads)
{
    computed::Parameters parameters;
    parameters.window.unit = scoretables::WindowUnit::Week;
    parameters.bootstrapDraws = 0;
    parameters.threads = threads;
    parameters.families = {{{}, false}};
    for (const auto &list : families)
        parameters.families.insert(parameters.families.end(), list.begin(), list.end());
    return parameters;
}

template<class T>
const T &must(const Result<T> &result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(1);
    }
    return *result;
}

double timed(const scoretables::Table &table, const computed::Parameters &parameters)
{
    const double start = now();
    must(computed::compute(table, parameters));
    return now() - start;
}

/// What a slider and a brush over time ask for.
void timeInteraction(const std::shared_ptr<const scoretables::Table> &table, unsigned threads, Times &times)
{
    double start = now();
    const auto counts = table->countsAt(0.42);
    times.threshold = now() - start;
    auto parameters = parametersFor({kAttributes}, threads);
    parameters.bootstrapDraws = 1000;
    auto hand = computed::Interactive::make(table, parameters);
    must(hand);
    start = now();
    (void)hand->prepare();
    times.prepare = now() - start;
    const auto timed = [&](const computed::Selection &selection) {
        start = now();
        must(hand->figures(selection));
        return now() - start;
    };
    const auto units = hand->units().value_or(std::pair<std::int64_t, std::int64_t>());
    times.moved = timed({0.42, {}, {}});
    times.brush = timed({0.5, units.first + 20, units.first + 29});
    times.brushAll = timed({0.5, units.first, units.second - 1});
}

Times runOnce(const std::filesystem::path &path, unsigned threads, bool isOnlyWhole)
{
    Times times;
    const double begin = now();
    const double processor = processorSeconds();
    predictions::ReadOptions options;
    options.threads = threads;
    auto log = predictions::readLog(path, bench::benchMapping(), options);
    must(log);
    times.read = now() - begin;
    double start = now();
    auto built = scoretables::buildTable(*std::move(log), {scoretables::WindowUnit::Week, threads, {}});
    must(built);
    const auto table = std::make_shared<const scoretables::Table>(*std::move(built));
    times.table = now() - start;
    const auto everything = parametersFor({kAttributes, kIntersection, kWeeks}, threads);
    start = now();
    const auto set = computed::compute(*table, everything);
    times.cells = static_cast<double>(must(set).cells.size());
    times.all = now() - start;
    times.whole = now() - begin;
    times.processor = processorSeconds() - processor;
    times.peak = static_cast<double>(peakBytes());
    if (isOnlyWhole)
        return times;
    auto drawn = everything;
    drawn.bootstrapDraws = 1000;
    times.bootstrap = timed(*table, drawn) - times.all;
    times.overall = timed(*table, parametersFor({}, threads));
    times.attributes = timed(*table, parametersFor({kAttributes}, threads));
    times.intersection = timed(*table, parametersFor({kIntersection}, threads));
    times.weeks = timed(*table, parametersFor({kWeeks}, threads));
    timeInteraction(table, threads, times);
    return times;
}

/// Runs `work` in a child, which writes its result to a pipe: a fresh process has a fresh peak of memory.
template<class T, class Work>
T inChild(const Work &work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        std::exit(1);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        const T result = work();
        const bool isWritten = ::write(ends[1], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
        ::_exit(isWritten ? 0 : 1);
    }
    ::close(ends[1]);
    T result{};
    const bool isRead = ::read(ends[0], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!isRead || status != 0) {
        std::fprintf(stderr, "a run failed\n");
        std::exit(1);
    }
    return result;
}

Times best(const std::filesystem::path &path, const Arguments &arguments)
{
    Times best;
    for (int run = 0; run < arguments.runs; ++run) {
        const Times times = inChild<Times>([&] { return runOnce(path, arguments.threads, arguments.isOnlyWhole); });
        if (run == 0)
            best = times;
        for (double Times::*field : {&Times::read, &Times::table, &Times::overall, &Times::attributes, &Times::intersection, &Times::weeks,
                                     &Times::all, &Times::bootstrap, &Times::whole, &Times::processor, &Times::threshold, &Times::prepare,
                                     &Times::moved, &Times::brush, &Times::brushAll, &Times::peak})
            best.*field = std::min(best.*field, times.*field);
    }
    return best;
}

void writeFile(const std::filesystem::path &path, const std::string &bytes)
{
    std::FILE *file = std::fopen(path.c_str(), "wb");
    if (!file || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() || std::fclose(file) != 0) {
        std::fprintf(stderr, "%s cannot be written\n", path.c_str());
        std::exit(1);
    }
}

/// Every figure of every cell, to be held against another implementation's.
void writeValues(const std::filesystem::path &path, const Arguments &arguments)
{
    const auto parameters = parametersFor({kAttributes, kIntersection, kWeeks}, arguments.threads);
    auto reader = predictions::LogReader::open(path);
    must(reader);
    writeFile(arguments.values, computed::writeComputed(must(computed::computeLog(*std::move(reader), bench::benchMapping(), parameters))));
}

json::Object timesObject(std::uint64_t rows, const std::filesystem::path &path, const Times &t)
{
    json::Object object{{"rows", rows}, {"log", path.string()}};
    const std::initializer_list<std::pair<const char *, double>> seconds{
        {"read", t.read}, {"table", t.table}, {"overall", t.overall}, {"attributes", t.attributes}, {"intersection", t.intersection}, {"weeks", t.weeks},
        {"all", t.all}, {"whole", t.whole}, {"cpu", t.processor}, {"draws", t.bootstrap}, {"threshold", t.threshold}, {"prepare", t.prepare},
        {"moved", t.moved}, {"brush", t.brush}, {"brush_all", t.brushAll}, {"peak_mib", t.peak / 1048576}, {"cells", t.cells}};
    for (const auto &[name, value] : seconds)
        object.set(name, json::Value(json::Number{number::ecmaScript(value)}));
    return object;
}

void printTable(const Arguments &arguments)
{
    json::Array results;
    std::printf("%10s %7s %7s %8s %7s %7s %7s %7s %7s %8s %8s %8s %8s %8s %8s %8s %7s %6s\n", "rows", "read", "table", "overall", "3 attr", "inters.",
                "weeks", "all", "whole", "cpu", "draws", "thresh.", "prepare", "moved", "brush", "br.all", "MiB", "cells");
    for (const std::uint64_t rows : arguments.rows) {
        std::filesystem::create_directories(arguments.folder);
        const auto path = arguments.folder / ("log-" + std::to_string(rows) + ".csv");
        if (!std::filesystem::exists(path))
            must(bench::writeLog(path, rows, 1));
        const Times t = best(path, arguments);
        std::printf("%10llu %7.3f %7.3f %8.3f %7.3f %7.3f %7.3f %7.3f %7.3f %8.3f %8.3f %8.5f %8.3f %8.4f %8.4f %8.4f %7.0f %6.0f\n",
                    static_cast<unsigned long long>(rows), t.read, t.table, t.overall, t.attributes, t.intersection, t.weeks, t.all, t.whole,
                    t.processor, t.bootstrap, t.threshold, t.prepare, t.moved, t.brush, t.brushAll, t.peak / 1048576, t.cells);
        std::fflush(stdout);
        results.emplace_back(timesObject(rows, path, t));
    }
    if (!arguments.json.empty())
        writeFile(arguments.json, must(json::canonical(results)));
    if (!arguments.values.empty())
        writeValues(arguments.folder / ("log-" + std::to_string(arguments.rows.back()) + ".csv"), arguments);
    std::printf("Seconds, best of %d runs each in a process of its own; \"whole\" is file to all cells with closed-form intervals.\n", arguments.runs);
}

struct StreamTimes {
    double seconds = 0;
    double peak = 0;
    double rows = 0;
    double step = 0;
    double bytes = 0;
    double error = 0; ///< bound of the overall AUC
    bool isCancelled = false;
    double stopped = 0; ///< seconds from the wish to the end
};

/// A log of so many gigabytes through a pipe in bounded mode, by week and the three attributes.
StreamTimes streamOnce(const Arguments &arguments)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        std::exit(1);
    const pid_t writer = ::fork();
    if (writer == 0) {
        ::close(ends[0]);
        ::_exit(bench::streamLog(ends[1], static_cast<std::uint64_t>(arguments.streamGigabytes * 1e9), 1, arguments.scoresDiffer) ? 0 : 1);
    }
    ::close(ends[1]);
    StreamTimes times;
    const double start = now();
    auto source = predictions::ByteSource::fromDescriptor(ends[0], "pipe");
    must(source);
    auto reader = predictions::LogReader::open(*std::move(source));
    must(reader);
    auto parameters = parametersFor({kAttributes, kWeeks}, arguments.threads);
    predictions::ReadOptions options;
    options.threads = arguments.threads;
    std::atomic<bool> isCancelled = false;
    std::atomic<double> cancelledAt = 0;
    options.progress.cancel = &isCancelled;
    std::thread stopper([&] {
        if (arguments.cancelAfter <= 0)
            return;
        std::this_thread::sleep_for(std::chrono::duration<double>(arguments.cancelAfter));
        cancelledAt = now();
        isCancelled = true;
    });
    const auto set = computed::computeBounded(*std::move(reader), bench::benchMapping(), parameters, options);
    times.seconds = now() - start;
    times.stopped = now() - cancelledAt;
    stopper.join();
    if (!set && set.error().kind == ErrorKind::Cancelled) {
        times.isCancelled = true;
        return times;
    }
    times.peak = static_cast<double>(peakBytes());
    times.rows = static_cast<double>(must(set).log.rows);
    times.bytes = static_cast<double>(set->log.bytes);
    times.step = set->scoreStep;
    for (const auto &named : set->cells.front().metrics)
        if (named.name == "auc")
            times.error = named.bound.value_or(0);
    ::waitpid(writer, nullptr, 0);
    return times;
}

void printStream(const Arguments &arguments)
{
    const StreamTimes t = inChild<StreamTimes>([&] { return streamOnce(arguments); });
    if (t.isCancelled) {
        std::printf("stream: cancelled after %.1f s, over %.3f s later\n", t.seconds - t.stopped, t.stopped);
        return;
    }
    std::printf("stream: %.2f GB, %.0f rows through a pipe in %.1f s = %.0f MB/s, %.0f MiB at most; score step %g, AUC within %g\n", t.bytes / 1e9,
                t.rows, t.seconds, t.bytes / 1e6 / t.seconds, t.peak / 1048576, t.step, t.error);
}

Arguments parseArguments(int count, char **values)
{
    Arguments arguments;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = values[i];
        const char *value = values[i + 1];
        if (name == "--rows")
            arguments.rows.push_back(std::strtoull(value, nullptr, 10));
        else if (name == "--runs")
            arguments.runs = std::max(1, std::atoi(value));
        else if (name == "--threads")
            arguments.threads = static_cast<unsigned>(std::atoi(value));
        else if (name == "--folder")
            arguments.folder = value;
        else if (name == "--stream")
            arguments.streamGigabytes = std::atof(value);
        else if (name == "--cancel")
            arguments.cancelAfter = std::atof(value);
        else if (name == "--scores")
            arguments.scoresDiffer = std::string_view(value) == "differ";
        else if (name == "--json")
            arguments.json = value;
        else if (name == "--values")
            arguments.values = value;
        else if (name == "--skip")
            arguments.isWithoutDrift = std::string_view(value) == "drift";
        else if (name == "--only")
            (std::string_view(value) == "drift" ? arguments.isOnlyDrift : arguments.isOnlyWhole) = true;
    }
    if (arguments.rows.empty())
        arguments.rows = {100'000, 1'000'000, 10'000'000};
    return arguments;
}

} // namespace

int main(int count, char **values)
{
    const Arguments arguments = parseArguments(count, values);
    if (arguments.streamGigabytes > 0)
        printStream(arguments);
    else if (!arguments.isOnlyDrift)
        printTable(arguments);
    if (arguments.streamGigabytes <= 0 && !arguments.isWithoutDrift && !arguments.isOnlyWhole)
        bench::printDrift(arguments.rows, arguments.threads, arguments.runs);
    return 0;
}
