#include "ui/model/metrics/windowunits.h"

#include <algorithm>
#include <map>

namespace countersign::pages {

namespace {

using namespace std::chrono;

/// Months from one first of a month, 00:00, to another; 0 where they are no such moments.
int monthsBetween(Instant start, Instant end)
{
    const year_month_day from(floor<days>(start));
    const year_month_day to(floor<days>(end));
    const bool areFirsts = from.day() == day(1) && to.day() == day(1) && start == Instant(sys_days(from)) && end == Instant(sys_days(to));
    return areFirsts ? static_cast<int>((to.year() / to.month() - from.year() / from.month()).count()) : 0;
}

bool isMidnight(Instant t) { return t == Instant(floor<days>(t)); }

struct Unit {
    std::size_t values = 0;
    Instant::duration length{};
};

std::map<std::string, Unit> countUnits(std::span<const std::vector<store::ObservationRow>> lines)
{
    std::map<std::string, Unit> units;
    for (const auto &line : lines)
        for (const auto &row : line) {
            const Window window{fromMillis(row.windowStart), fromMillis(row.windowEnd)};
            const std::string name = unitOf(window);
            if (name.empty())
                continue;
            Unit &unit = units[name];
            ++unit.values;
            unit.length = window.end - window.start;
        }
    return units;
}

} // namespace

std::string unitOf(const Window &window)
{
    const auto length = window.end - window.start;
    if (length <= Instant::duration::zero())
        return {};
    if (length == hours(1) && window.start == Instant(floor<hours>(window.start)))
        return "hour";
    if (!isMidnight(window.start) || !isMidnight(window.end))
        return {};
    if (const int months = monthsBetween(window.start, window.end); months > 0)
        return months == 1 ? "month" : months == 3 ? "quarter" : months == 12 ? "year" : std::to_string(months) + " months";
    const auto count = duration_cast<days>(length).count();
    if (count == 1)
        return "day";
    if (count % 7 != 0 || weekday(floor<days>(window.start)) != Monday)
        return {};
    return count == 7 ? "week" : std::to_string(count / 7) + " weeks";
}

std::vector<std::string> unitsOf(std::span<const std::vector<store::ObservationRow>> lines)
{
    const auto counted = countUnits(lines);
    std::vector<std::pair<Instant::duration, std::string>> sorted;
    for (const auto &[name, unit] : counted)
        if (unit.values > 1)
            sorted.emplace_back(unit.length, name);
    std::ranges::sort(sorted);
    std::vector<std::string> names;
    for (auto &[length, name] : sorted)
        names.push_back(std::move(name));
    return names;
}

std::string commonestUnit(std::span<const std::vector<store::ObservationRow>> lines)
{
    const auto counted = countUnits(lines);
    const auto most = std::ranges::max_element(counted, [](const auto &a, const auto &b) {
        return std::pair(a.second.values, b.second.length) < std::pair(b.second.values, a.second.length);
    });
    return most == counted.end() ? std::string() : most->first;
}

} // namespace countersign::pages
