#include "models/scoretables/windows.h"

#include <array>
#include <charconv>

namespace countersign::scoretables {

using namespace std::chrono;

namespace {

constexpr std::array<std::pair<std::string_view, WindowUnit>, 5> kUnits{{
    {"hour", WindowUnit::Hour}, {"day", WindowUnit::Day}, {"week", WindowUnit::Week}, {"month", WindowUnit::Month},
    {"quarter", WindowUnit::Quarter}}};
constexpr int kMaxLength = 400;
constexpr int kMondayOffset = 3; // 1970-01-01 was a Thursday

std::int64_t floorDivide(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }

sys_days monthStart(std::int64_t month)
{
    const auto yearNumber = static_cast<int>(1970 + floorDivide(month, 12));
    const auto monthOfYear = static_cast<unsigned>(month - floorDivide(month, 12) * 12 + 1);
    return sys_days(year(yearNumber) / std::chrono::month(monthOfYear) / 1);
}

} // namespace

std::string windowSpecText(const WindowSpec &spec)
{
    for (const auto &[name, unit] : kUnits)
        if (unit == spec.unit)
            return spec.isRolling() ? std::to_string(spec.length) + " " + std::string(name) + "s" : std::string(name);
    return "none";
}

Result<WindowSpec> parseWindowSpec(std::string_view text)
{
    if (text.empty() || text == "none")
        return WindowSpec{};
    WindowSpec spec;
    std::string_view word = text;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), spec.length);
    const bool hasLength = code == std::errc();
    if (hasLength) {
        word.remove_prefix(static_cast<std::size_t>(end - text.data()));
        while (word.starts_with(' '))
            word.remove_prefix(1);
    }
    const bool isLengthGood = !hasLength || (spec.length >= 2 && spec.length <= kMaxLength);
    for (const auto &[name, unit] : kUnits)
        if (isLengthGood && (word == name || (hasLength && word.ends_with('s') && word.substr(0, word.size() - 1) == name))) {
            spec.unit = unit;
            return spec;
        }
    return Error{ErrorKind::Invalid,
                 "\"" + std::string(text.substr(0, 40)) + "\" is no window. Write hour, day, week, month or quarter, or a number of them (\"4 weeks\", 2 to 400) for rolling windows.", {}};
}

std::int64_t unitOfDay(WindowUnit unit, std::int64_t dayNumber)
{
    if (unit == WindowUnit::Day)
        return dayNumber;
    if (unit == WindowUnit::Week)
        return floorDivide(dayNumber + kMondayOffset, 7);
    const year_month_day date{sys_days(days(dayNumber))};
    const std::int64_t month = (static_cast<int>(date.year()) - 1970) * 12LL + static_cast<unsigned>(date.month()) - 1;
    return unit == WindowUnit::Month ? month : floorDivide(month, 3);
}

Instant unitStart(WindowUnit unit, std::int64_t number)
{
    switch (unit) {
    case WindowUnit::Hour: return Instant(hours(number));
    case WindowUnit::Day: return Instant(hours(24 * number));
    case WindowUnit::Week: return Instant(hours(24 * (7 * number - kMondayOffset)));
    case WindowUnit::Month: return monthStart(number);
    case WindowUnit::Quarter: return monthStart(3 * number);
    case WindowUnit::None: break;
    }
    return {};
}

std::string unitName(WindowUnit unit, std::int64_t number)
{
    const Instant start = unitStart(unit, number);
    const std::string date = formatDate(start);
    switch (unit) {
    case WindowUnit::Hour: return formatUtc(start).substr(0, 13);
    case WindowUnit::Month: return date.substr(0, 7);
    case WindowUnit::Quarter: return date.substr(0, 5) + "Q" + std::to_string(number - floorDivide(number, 4) * 4 + 1);
    case WindowUnit::Day:
    case WindowUnit::Week: return date;
    case WindowUnit::None: break;
    }
    return {};
}

} // namespace countersign::scoretables
