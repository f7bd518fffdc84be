#include "models/base/random.h"
#include "models/computed/scores/scorecurves.h"
#include "models/computed/scores/whatif.h"
#include "models/scoretables/tablefile.h"

#include <chrono>
#include <cstdio>
#include <filesystem>

/// Times of what a what-if does, on a table of its own making: sex(2), race(5), age_band(6), 52 weeks, scores all different.

using namespace countersign;
using namespace countersign::scoretables;

namespace {

TableParts madeUp(std::size_t rows)
{
    TableParts parts;
    parts.attributes = {{"sex", {"", "F", "M"}}, {"race", {"", "A", "B", "C", "D", "E"}}, {"age_band", {"", "1", "2", "3", "4", "5", "6"}}};
    parts.unit = WindowUnit::Week;
    parts.hasScores = parts.hasLabels = true;
    for (std::int64_t week = 0; week < 52; ++week)
        for (std::uint32_t sex = 1; sex <= 2; ++sex)
            for (std::uint32_t race = 1; race <= 5; ++race)
                for (std::uint32_t age = 1; age <= 6; ++age)
                    parts.leaves.push_back({2800 + week, true, {sex, race, age}});
    parts.leftOut.resize(parts.leaves.size());
    SeededRandomness random(7);
    for (std::size_t i = 0; i < rows; ++i) {
        parts.scores.push_back(1 - (static_cast<double>(i) + random.unit()) / static_cast<double>(rows));
        const std::size_t leaf = random.next() % parts.leaves.size();
        const double tilt = parts.leaves[leaf].codes[0] == 1 ? 0.8 : 1.0;
        parts.codes.push_back(codeOf(leaf, false, random.unit() < tilt * parts.scores.back()));
    }
    return parts;
}

template<class Work>
void timed(const char *what, int times, const Work &work)
{
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i)
        work(i);
    const double each = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / times;
    std::printf("%-66s %10.2f ms\n", what, each);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t rows = argc > 1 ? std::stoul(argv[1]) : 10'000'000;
    std::printf("%zu rows\n", rows);
    const auto table = std::make_shared<const Table>(madeUp(rows), 2);
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / "countersign-bench-tables";
    const TableCache cache(folder);
    const TableKey key;
    timed("keep the table", 1, [&](int) { static_cast<void>(cache.save(key, *table)); });
    std::printf("%-66s %10.1f MB\n", "its file", static_cast<double>(std::filesystem::file_size(folder / key.fileName())) / 1e6);
    timed("load the table", 3, [&](int) { static_cast<void>(cache.load(key).ok()); });
    std::filesystem::remove_all(folder);

    Result<computed::ScoreSummary> summary = Error{};
    timed("kept scores from the table", 3, [&](int) { summary = computed::summarizeScores(*table); });
    Bytes bytes;
    timed("their bytes", 3, [&](int) { bytes = computed::writeScores(*summary); });
    std::printf("%-66s %10.1f KB in %zu groups\n", "", static_cast<double>(bytes.size()) / 1e3, summary->groups.size());
    timed("read them", 3, [&](int) { static_cast<void>(computed::readScores(bytes).ok()); });
    const auto kept = std::make_shared<const computed::ScoreSummary>(*summary);

    for (const auto &attributes : {std::vector<std::string>{"sex"}, {"race"}, {"race", "age_band"}}) {
        std::printf("by %s%s\n", attributes.front().c_str(), attributes.size() > 1 ? " x age_band" : "");
        Result<std::shared_ptr<const computed::ScoreSource>> exact = Error{};
        timed("  groups of the table", 1, [&](int) { exact = computed::scoreSource(table, attributes); });
        for (const auto &[source, name] : {std::pair(*exact, "every score"), std::pair(*computed::scoreSource(kept, attributes), "kept scores")}) {
            std::printf(" from %s, %zu groups\n", name, source->groups().size());
            computed::WhatIfOptions options;
            options.bootstrapDraws = 0;
            timed("  slider moved: every figure with intervals, disparities without", 20, [&](int i) { static_cast<void>(computed::decideBy(*source, {0.31 + i * 0.017, {}}, options)); });
            options.bootstrapDraws = 1000;
            timed("  slider let go: with 1,000 redraws", 3, [&](int i) { static_cast<void>(computed::decideBy(*source, {0.31 + i * 0.017, {}}, options)); });
            timed("  lines over 200 thresholds", 1, [&](int) {
                for (const double threshold : source->sweepThresholds(200))
                    for (std::size_t g = 0; g < source->groups().size(); ++g)
                        static_cast<void>(source->countsAt(g, threshold));
            });
            for (const auto constraint : {metrics::Constraint::DemographicParity, metrics::Constraint::EqualizedOdds})
                for (const bool isPerGroup : {false, true}) {
                    const std::string what = "  best thresholds, " + std::string(metrics::key(constraint)) + (isPerGroup ? ", per group" : ", one");
                    timed(what.c_str(), 1, [&](int) { static_cast<void>(computed::findThresholds(*source, {0.5, {}}, {constraint, 0.02, isPerGroup}, options)); });
                }
            timed("  frontier, demographic parity, per group", 1, [&](int) { static_cast<void>(computed::accuracyFrontier(*source, {0.5, {}}, metrics::Constraint::DemographicParity, true, 50, options)); });
        }
    }
}
