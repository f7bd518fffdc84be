#include "tests/bench/metrics/drift.h"

#include "models/base/random.h"
#include "models/computed/comparisons/drifts.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>

namespace countersign::bench {

namespace {

using computed::Parameters;
using predictions::Chunk;
using predictions::PredictionLog;

constexpr std::uint32_t kChunkRows = 16'384;
constexpr std::int32_t kFirstHour = 482'256; // 2025-01-06T00Z, a Monday
constexpr std::int32_t kHours = 52 * 7 * 24;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// A score with six decimals, an amount, a count, a temperature with gaps, and something as large as a time stamp; all of them move
/// a little over the year. Or a score and four columns of few texts, which is what the generator's log has.
PredictionLog logOf(std::uint64_t rows, std::uint64_t seed, bool isNumbers)
{
    SeededRandomness random(seed);
    PredictionLog log;
    log.mapping.time = "ts";
    log.schema.hasTime = true;
    log.schema.numberNames = isNumbers ? std::vector<std::string>{"score", "amount", "count", "temperature", "stamp"} : std::vector<std::string>{"score"};
    log.schema.score = 0;
    for (int column = 1; column < static_cast<int>(log.schema.numberNames.size()); ++column)
        log.schema.numberFeatures.push_back(column);
    log.localToGlobal.resize(1);
    for (const std::uint32_t values : isNumbers ? std::vector<std::uint32_t>() : std::vector<std::uint32_t>{2, 5, 6, 10}) {
        std::vector<std::string> texts{""};
        std::vector<std::uint32_t> codes{0};
        for (std::uint32_t v = 1; v <= values; ++v) {
            texts.push_back("value " + std::to_string(v));
            codes.push_back(v);
        }
        log.schema.codeNames.push_back("category " + std::to_string(values));
        log.schema.codeDictionary.push_back(static_cast<int>(log.dictionaries.size()));
        log.schema.categoryFeatures.push_back(static_cast<int>(log.dictionaries.size()));
        log.dictionaries.push_back(std::move(texts));
        log.localToGlobal[0].push_back(std::move(codes));
    }
    for (std::uint64_t first = 0; first < rows; first += kChunkRows) {
        Chunk chunk;
        chunk.position = first;
        chunk.rows = static_cast<std::uint32_t>(std::min<std::uint64_t>(kChunkRows, rows - first));
        chunk.numbers.assign(log.schema.numberNames.size(), std::vector<double>(chunk.rows));
        chunk.codes.assign(log.schema.codeNames.size(), std::vector<std::uint8_t>(chunk.rows));
        chunk.hours.resize(chunk.rows);
        for (std::uint32_t row = 0; row < chunk.rows; ++row) {
            const double place = static_cast<double>(first + row) / static_cast<double>(rows);
            chunk.hours[row] = kFirstHour + static_cast<std::int32_t>(place * kHours);
            const double bell = random.unit() + random.unit() + random.unit() - 1.5 + 0.1 * place;
            chunk.numbers[0][row] = std::floor(1e6 / (1 + std::exp(-3 * bell))) / 1e6;
            for (std::size_t c = 0; c < chunk.codes.size(); ++c)
                std::get<std::vector<std::uint8_t>>(chunk.codes[c])[row] =
                    static_cast<std::uint8_t>(1 + random.next() % (log.dictionaries[c].size() - 1));
            if (!isNumbers)
                continue;
            chunk.numbers[1][row] = std::exp(7 + bell) * random.unit();
            chunk.numbers[2][row] = static_cast<double>(random.next() % 40) + std::floor(3 * place);
            chunk.numbers[3][row] = random.next() % 20 == 0 ? std::nan("") : 15 + 12 * std::sin(6 * place) + 8 * bell;
            chunk.numbers[4][row] = 1.7e9 + 3e7 * place + 1e5 * bell;
        }
        log.chunks.push_back(std::move(chunk));
    }
    return log;
}

double bestOf(int runs, const std::function<void()> &work)
{
    double best = 1e9;
    for (int run = 0; run < runs; ++run) {
        const double start = now();
        work();
        best = std::min(best, now() - start);
    }
    return best;
}

double timed(const PredictionLog &log, const PredictionLog *reference, const char *window, const std::string &name, unsigned threads, int runs)
{
    Parameters parameters;
    parameters.window = *scoretables::parseWindowSpec(window);
    parameters.reference = name;
    parameters.threads = threads;
    return bestOf(runs, [&] {
        if (const auto drifts = computed::driftOf(log, reference, parameters); !drifts) {
            std::fprintf(stderr, "%s\n", drifts.error().text().c_str());
            std::exit(1);
        }
    });
}

} // namespace

void printDrift(const std::vector<std::uint64_t> &rows, unsigned threads, int runs)
{
    std::printf("%10s %10s %10s %10s %10s %12s   weekly drift, seconds\n", "rows", "4 weeks", "1 thread", "categories", "rolling 4", "another log");
    for (const std::uint64_t count : rows) {
        const std::string weeks = "2025-01-06..2025-01-27";
        const double categories = timed(logOf(count, 1, false), nullptr, "week", weeks, threads, runs);
        const PredictionLog numbers = logOf(count, 1, true);
        const double plain = timed(numbers, nullptr, "week", weeks, threads, runs);
        const double alone = timed(numbers, nullptr, "week", weeks, 1, runs);
        const double rolling = timed(numbers, nullptr, "4 weeks", weeks, threads, runs);
        const PredictionLog other = logOf(count, 2, true);
        std::printf("%10llu %10.3f %10.3f %10.3f %10.3f %12.3f\n", static_cast<unsigned long long>(count), plain, alone, categories, rolling,
                    timed(numbers, &other, "week", "", threads, runs));
        std::fflush(stdout);
    }
    std::printf("Five number columns against their first four weeks; on one thread; a score and four columns of texts; rolling windows of four weeks; against\n"
                "another log of as many rows. Bins, PSI, Jensen-Shannon, exact KS with its p-value, exact Wasserstein-1, missing rate with intervals, of 52 weeks\n"
                "and all rows, p-values adjusted. From columns in memory; best of %d runs.\n", runs);
}

} // namespace countersign::bench
