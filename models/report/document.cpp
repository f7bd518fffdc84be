#include "models/report/document.h"

#include <array>
#include <chrono>

namespace countersign::report {

Mark markOf(VerdictState state)
{
    switch (state) {
    case VerdictState::Fail: return Mark::Fail;
    case VerdictState::NotEnoughData: return Mark::NotEnoughData;
    case VerdictState::Watch: return Mark::Watch;
    case VerdictState::Waived: return Mark::Waived;
    case VerdictState::Pass: return Mark::Pass;
    case VerdictState::NotJudged: return Mark::None;
    }
    return Mark::None;
}

Block &Document::add(Content content)
{
    blocks.push_back(Block{std::move(content), false, false, false});
    return blocks.back();
}

std::vector<std::string> blockNumbers(const Document &document)
{
    std::vector<std::string> numbers;
    std::array<int, 3> counts{};
    int tables = 0;
    int figures = 0;
    const auto inSection = [&](int count) {
        return counts[0] == 0 ? std::to_string(count) : std::to_string(counts[0]) + "." + std::to_string(count);
    };
    for (const Block &block : document.blocks) {
        std::string number;
        if (const auto *heading = std::get_if<Heading>(&block.content); heading && heading->isNumbered) {
            const auto level = static_cast<std::size_t>(heading->level < 1 ? 1 : heading->level > 3 ? 3 : heading->level) - 1;
            ++counts[level];
            for (std::size_t below = level + 1; below < counts.size(); ++below)
                counts[below] = 0;
            if (level == 0)
                tables = figures = 0;
            for (std::size_t i = 0; i <= level; ++i)
                number += (i > 0 ? "." : "") + std::to_string(counts[i]);
        } else if (const auto *table = std::get_if<Table>(&block.content); table && !table->caption.empty()) {
            number = inSection(++tables);
        } else if (const auto *chart = std::get_if<Chart>(&block.content); chart && !chart->caption.empty()) {
            number = inSection(++figures);
        } else if (const auto *plot = std::get_if<Plot>(&block.content); plot && !plot->caption.empty()) {
            number = inSection(++figures);
        }
        numbers.push_back(number);
    }
    return numbers;
}

namespace {

std::string clockTime(Instant t)
{
    return formatUtc(t).substr(11, 8);
}

} // namespace

std::string longDate(Instant t)
{
    constexpr const char *kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(t)};
    return std::to_string(unsigned(date.day())) + " " + kMonths[unsigned(date.month()) - 1] + " " + std::to_string(int(date.year()));
}

std::string longTime(Instant t, int utcOffsetMinutes, const std::string &zoneName)
{
    const Instant local = t + std::chrono::minutes(utcOffsetMinutes);
    std::string zone = zoneName;
    if (zone.empty())
        zone = utcOffsetMinutes == 0 ? "UTC" : "UTC" + formatOffset(utcOffsetMinutes);
    return longDate(local) + " " + clockTime(local) + " " + zone;
}

std::string signatureTime(const SignatureBlock &block)
{
    const std::string local = longTime(block.signedAt, block.utcOffsetMinutes, block.zoneName);
    const std::string clock = block.clock.empty() ? "" : block.clock;
    if (block.utcOffsetMinutes == 0)
        return clock.empty() ? local : local + " (" + clock + ")";
    const bool isSameDay = longDate(block.signedAt) == longDate(block.signedAt + std::chrono::minutes(block.utcOffsetMinutes));
    const std::string utc = (isSameDay ? "" : longDate(block.signedAt) + " ") + clockTime(block.signedAt) + " UTC";
    return local + " (" + utc + (clock.empty() ? "" : ", " + clock) + ")";
}

} // namespace countersign::report
