#include "tests/faults/runner.h"

#include <chrono>
#include <cstdio>

namespace countersign::faults {

namespace {

constexpr std::size_t kMostFailures = 20;

/// Columns of the table: what, and how wide.
struct Column {
    const char *title;
    int width;
    std::string (*cell)(const Tally &tally);
};

std::string orDash(std::int64_t number)
{
    return number ? std::to_string(number) : "-";
}

constexpr Column kColumns[] = {
    {"runs", 7, [](const Tally &tally) { return std::to_string(tally.runs); }},
    {"acked", 7, [](const Tally &tally) { return orDash(tally.acknowledged); }},
    {"lost", 6, [](const Tally &tally) { return std::to_string(tally.lost); }},
    {"doubled", 7, [](const Tally &tally) { return std::to_string(tally.doubled); }},
    {"unknown: found/absent", 21,
     [](const Tally &tally) {
         return tally.foundLater + tally.absentLater
                    ? std::to_string(tally.foundLater) + "/" + std::to_string(tally.absentLater)
                    : std::string("-");
     }},
    {"refused", 7, [](const Tally &tally) { return orDash(tally.refused); }},
    {"detected", 8, [](const Tally &tally) { return orDash(tally.detected); }},
    {"missed", 6, [](const Tally &tally) { return orDash(tally.undetected + tally.misnamed); }},
};

std::string right(const std::string &text, int width)
{
    const auto wanted = static_cast<std::size_t>(width);
    return "  " + std::string(text.size() < wanted ? wanted - text.size() : 0, ' ') + text;
}

std::string left(std::string text, std::size_t width)
{
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

constexpr std::size_t kNameWidth = 14;

} // namespace

void Tally::fail(const Plan &plan, int run, const std::string &what)
{
    if (failures.size() < kMostFailures)
        failures.push_back("run " + std::to_string(run) + " (--seed " + std::to_string(plan.seed) + " --first " +
                           std::to_string(run) + "): " + what);
    else if (failures.size() == kMostFailures)
        failures.emplace_back("… and more");
}

json::Value toJson(const Fault &fault, const Plan &plan, const Tally &tally, double seconds)
{
    const auto texts = [](const std::vector<std::string> &list) {
        json::Array array;
        for (const auto &text : list)
            array.emplace_back(text);
        return json::Value(std::move(array));
    };
    return json::Value(json::Object{{"absent", tally.absentLater},
                                    {"acknowledged", tally.acknowledged},
                                    {"detected", tally.detected},
                                    {"doubled", tally.doubled},
                                    {"failures", texts(tally.failures)},
                                    {"fault", fault.name},
                                    {"first", plan.first},
                                    {"found", tally.foundLater},
                                    {"good", tally.isGood()},
                                    {"lost", tally.lost},
                                    {"misnamed", tally.misnamed},
                                    {"mustLose", tally.mustLose},
                                    {"notes", texts(tally.notes)},
                                    {"refused", tally.refused},
                                    {"runs", tally.runs},
                                    {"seconds", static_cast<std::int64_t>(seconds + 0.5)},
                                    {"seed", plan.seed},
                                    {"undetected", tally.undetected}});
}

std::string tableHead()
{
    std::string line = left("fault", kNameWidth);
    for (const auto &column : kColumns)
        line += right(column.title, column.width);
    return line + right("seconds", 7) + "  verdict\n";
}

std::string tableLine(const Fault &fault, const Tally &tally, double seconds)
{
    std::string text = left(fault.name, kNameWidth);
    for (const auto &column : kColumns)
        text += right(column.cell(tally), column.width);
    char time[32];
    std::snprintf(time, sizeof time, "%.1f", seconds);
    text += right(time, 7) +
            (tally.isGood() ? tally.mustLose ? "  good (loss was seen, as it must be)\n" : "  good\n" : "  WRONG\n");
    for (const auto &note : tally.notes)
        text += "    " + note + "\n";
    for (const auto &failure : tally.failures)
        text += "    WRONG: " + failure + "\n";
    return text;
}

void sayProgress(const Plan &plan, int run, const Tally &tally)
{
    using Clock = std::chrono::steady_clock;
    static auto last = Clock::now();
    if (Clock::now() - last < std::chrono::seconds(10))
        return;
    last = Clock::now();
    std::fprintf(stderr, "  run %d of %d..%d, %zu wrong\n", run, plan.first, plan.end(), tally.failures.size());
}

} // namespace countersign::faults
