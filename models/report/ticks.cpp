#include "models/report/ticks.h"

#include <algorithm>
#include <cmath>

namespace countersign::report {

namespace {

using namespace std::chrono;

struct Division {
    CalendarUnit unit;
    int every;
    double seconds; ///< about how long one is
};

constexpr double kDay = 86400;
constexpr Division kDivisions[] = {
    {CalendarUnit::Second, 1, 1},          {CalendarUnit::Second, 5, 5},          {CalendarUnit::Second, 15, 15},
    {CalendarUnit::Second, 30, 30},        {CalendarUnit::Minute, 1, 60},         {CalendarUnit::Minute, 5, 300},
    {CalendarUnit::Minute, 15, 900},       {CalendarUnit::Minute, 30, 1800},      {CalendarUnit::Hour, 1, 3600},
    {CalendarUnit::Hour, 3, 10800},        {CalendarUnit::Hour, 6, 21600},        {CalendarUnit::Hour, 12, 43200},
    {CalendarUnit::Day, 1, kDay},          {CalendarUnit::Day, 2, 2 * kDay},      {CalendarUnit::Week, 1, 7 * kDay},
    {CalendarUnit::Week, 2, 14 * kDay},    {CalendarUnit::Month, 1, 30.4 * kDay}, {CalendarUnit::Quarter, 1, 91.3 * kDay},
    {CalendarUnit::Quarter, 2, 182 * kDay}, {CalendarUnit::Year, 1, 365 * kDay},   {CalendarUnit::Year, 2, 730 * kDay},
    {CalendarUnit::Year, 5, 1826 * kDay},  {CalendarUnit::Year, 10, 3652 * kDay}, {CalendarUnit::Year, 50, 18262 * kDay},
    {CalendarUnit::Year, 100, 36524 * kDay}, {CalendarUnit::Year, 1000, 365243 * kDay}};

std::int64_t floorTo(std::int64_t value, std::int64_t unit)
{
    const std::int64_t rest = value % unit;
    return value - (rest < 0 ? rest + unit : rest);
}

/// Boundaries that lie evenly: seconds to weeks.
std::vector<Instant> evenTicks(Instant from, Instant to, std::int64_t step, std::int64_t origin)
{
    std::vector<Instant> ticks;
    for (std::int64_t t = floorTo(toMillis(from) - origin, step) + origin; t <= toMillis(to); t += step) {
        if (t >= toMillis(from))
            ticks.push_back(fromMillis(t));
    }
    return ticks;
}

std::vector<Instant> monthTicks(Instant from, Instant to, int months)
{
    const year_month_day start{floor<days>(from)};
    // Months since year 0, so that quarters and decades fall on their own multiples.
    std::int64_t month = floorTo(int(start.year()) * 12 + int(unsigned(start.month())) - 1, months);
    std::vector<Instant> ticks;
    for (;; month += months) {
        const year_month_day day = year(int(floorTo(month, 12) / 12)) / std::chrono::month(unsigned(month - floorTo(month, 12)) + 1) / 1;
        const Instant tick = time_point_cast<milliseconds>(sys_days(day));
        if (tick > to)
            return ticks;
        if (tick >= from)
            ticks.push_back(tick);
    }
}

std::vector<Instant> ticksOf(const Division &division, Instant from, Instant to)
{
    constexpr std::int64_t kSecondMs = 1000;
    constexpr std::int64_t kMondayMs = 4 * 86400 * kSecondMs; // 5 January 1970
    switch (division.unit) {
    case CalendarUnit::Month:
        return monthTicks(from, to, division.every);
    case CalendarUnit::Quarter:
        return monthTicks(from, to, 3 * division.every);
    case CalendarUnit::Year:
        return monthTicks(from, to, 12 * division.every);
    case CalendarUnit::Week:
        return evenTicks(from, to, static_cast<std::int64_t>(division.seconds) * kSecondMs, kMondayMs);
    default:
        return evenTicks(from, to, static_cast<std::int64_t>(division.seconds) * kSecondMs, 0);
    }
}

} // namespace

CalendarTicks calendarTicks(Instant from, Instant to, int maxCount)
{
    const double span = std::max(0.0, static_cast<double>((to - from).count()) / 1000);
    for (const Division &division : kDivisions) {
        if (span / division.seconds > maxCount + 1)
            continue; // not worth listing
        std::vector<Instant> ticks = ticksOf(division, from, to);
        if (static_cast<int>(ticks.size()) <= maxCount)
            return {division.unit, division.every, std::move(ticks)};
    }
    return {CalendarUnit::Year, 1000, {}};
}

ValueTicks valueTicks(double low, double high, int count)
{
    if (!(std::isfinite(low) && std::isfinite(high))) {
        low = 0;
        high = 1;
    }
    if (high <= low) {
        const double middle = low;
        const double half = middle == 0 ? 0.5 : std::fabs(middle) * 0.1;
        low = middle - half;
        high = middle + half;
    }
    const double rough = (high - low) / std::max(1, count - 1);
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    ValueTicks ticks;
    int extraDecimals = 0;
    for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        ticks.step = factor * power;
        extraDecimals = factor == 2.5 ? 1 : 0;
        if (ticks.step >= rough * 0.999)
            break;
    }
    constexpr double kSlack = 1e-9; // so that 0.70 / 0.02 = 34.999… stays on its own multiple
    const double first = std::floor(low / ticks.step + kSlack);
    const double last = std::ceil(high / ticks.step - kSlack);
    ticks.low = first * ticks.step;
    ticks.high = last * ticks.step;
    for (double i = first; i <= last; ++i)
        ticks.at.push_back(i * ticks.step);
    ticks.decimals = std::max(0, extraDecimals - static_cast<int>(std::floor(std::log10(ticks.step) + kSlack)));
    return ticks;
}

} // namespace countersign::report
