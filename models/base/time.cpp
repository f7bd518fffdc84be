#include "models/base/time.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>

namespace countersign {

using namespace std::chrono;

namespace {

/// Takes exactly `count` digits off the front.
std::optional<int> takeDigits(std::string_view &text, std::size_t count)
{
    if (text.size() < count)
        return {};
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return {};
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view &text, char c)
{
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<sys_days> takeDate(std::string_view &text)
{
    const auto y = takeDigits(text, 4);
    if (!y || !take(text, '-'))
        return {};
    const auto m = takeDigits(text, 2);
    if (!m || !take(text, '-'))
        return {};
    const auto d = takeDigits(text, 2);
    if (!d)
        return {};
    const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
    if (!date.ok())
        return {};
    return sys_days(date);
}

/// Hours, minutes, and seconds with a fraction where given. 24:00 and leap seconds are refused: they name another moment's clock.
std::optional<milliseconds> takeTimeOfDay(std::string_view &text)
{
    const auto h = takeDigits(text, 2);
    if (!h || *h > 23 || !take(text, ':'))
        return {};
    const auto m = takeDigits(text, 2);
    if (!m || *m > 59)
        return {};
    milliseconds time = hours(*h) + minutes(*m);
    if (!take(text, ':'))
        return time;
    const auto s = takeDigits(text, 2);
    if (!s || *s > 59)
        return {};
    time += seconds(*s);
    if (take(text, '.') || take(text, ',')) {
        int scale = 100;
        std::size_t digits = 0;
        for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
            time += milliseconds((text[digits] - '0') * scale);
            scale /= 10;
        }
        if (!digits)
            return {};
        text.remove_prefix(digits);
    }
    return time;
}

std::optional<minutes> takeZone(std::string_view &text)
{
    if (text.empty() || take(text, 'Z') || take(text, 'z'))
        return minutes(0);
    const bool behind = text.front() == '-';
    if (!take(text, '+') && !take(text, '-'))
        return {};
    const auto h = takeDigits(text, 2);
    if (!h || *h > 14)
        return {};
    take(text, ':');
    const auto m = text.empty() ? std::optional<int>(0) : takeDigits(text, 2);
    if (!m || *m > 59)
        return {};
    const minutes offset = hours(*h) + minutes(*m);
    return behind ? -offset : offset;
}

Error notATime(std::string_view text)
{
    return {ErrorKind::Invalid,
            "\"" + std::string(text.substr(0, 60)) + "\" is not a time. Write it like 2026-11-23 or 2026-11-23T06:01:02Z.", {}};
}

} // namespace

std::string formatDate(Instant t)
{
    const year_month_day date(floor<days>(t));
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
    return buffer.data();
}

std::string formatUtc(Instant t)
{
    const auto midnight = floor<days>(t);
    const hh_mm_ss time(t - midnight);
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d.%03dZ", int(time.hours().count()), int(time.minutes().count()),
                  int(time.seconds().count()), int(time.subseconds().count()));
    return formatDate(t) + buffer.data();
}

Result<Instant> parseUtc(std::string_view text)
{
    const auto time = parseTime(text);
    if (!time || formatUtc(*time) != text)
        return Error{ErrorKind::Invalid, "\"" + std::string(text.substr(0, 60)) + "\" is not a time of the form 2026-11-23T06:01:02.123Z.", {}};
    return time;
}

Result<Instant> parseTime(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code == std::errc() && end == text.data() + text.size() && text.size() > 8) {
        constexpr std::int64_t firstMillis = 100'000'000'000;
        constexpr std::int64_t lastMillis = 253'402'300'799'999; // 9999-12-31
        const std::int64_t ms = number >= firstMillis || number <= -firstMillis ? number : number * 1000;
        if (ms > lastMillis || ms < -lastMillis)
            return notATime(text);
        return fromMillis(ms);
    }
    std::string_view rest = text;
    const auto date = takeDate(rest);
    if (!date)
        return notATime(text);
    if (rest.empty())
        return Instant(*date);
    if (!take(rest, 'T') && !take(rest, 't') && !take(rest, ' '))
        return notATime(text);
    const auto time = takeTimeOfDay(rest);
    if (!time)
        return notATime(text);
    const auto zone = takeZone(rest);
    if (!zone || !rest.empty())
        return notATime(text);
    return Instant(*date) + *time - *zone;
}

std::string formatOffset(int minutesAhead)
{
    const int size = minutesAhead < 0 ? -minutesAhead : minutesAhead;
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%c%02d:%02d", minutesAhead < 0 ? '-' : '+', size / 60, size % 60);
    return buffer.data();
}

Result<int> parseOffset(std::string_view text)
{
    std::string_view rest = text;
    const auto zone = text.size() == 6 ? takeZone(rest) : std::nullopt;
    if (!zone || !rest.empty() || formatOffset(static_cast<int>(zone->count())) != text)
        return Error{ErrorKind::Invalid, "A time zone offset is written like +01:00.", {}};
    return static_cast<int>(zone->count());
}

Instant SystemClock::now() const { return floor<milliseconds>(system_clock::now()); }

int SystemClock::utcOffsetMinutes(Instant t) const
{
    const std::time_t seconds = system_clock::to_time_t(t);
    std::tm local{};
    localtime_r(&seconds, &local);
    return static_cast<int>(local.tm_gmtoff / 60);
}

} // namespace countersign
