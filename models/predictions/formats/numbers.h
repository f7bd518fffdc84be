#pragma once

#include "models/base/time.h"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

/// Cells as numbers and times, the same in every locale.
namespace countersign::predictions {

/// The nearest binary64 of decimal text, by std::from_chars alone: "0.913", "1e-7", "+3", ".5", also "nan" and "inf", which the
/// caller judges. With decimal ',' a point is refused, and the other way round: no thousands separators, no guessing.
/// False: not a number, text after it, beyond the range of binary64.
inline bool parseNumber(std::string_view text, char decimal, double &value)
{
    const char *begin = text.data();
    const char *end = begin + text.size();
    if (begin != end && *begin == '+') {
        ++begin;
        if (begin != end && *begin == '-')
            return false;
    }
    if (decimal == '.') [[likely]] {
        const auto [at, code] = std::from_chars(begin, end, value);
        return code == std::errc() && at == end && begin != end;
    }
    char copy[64];
    const auto length = static_cast<std::size_t>(end - begin);
    if (length == 0 || length > sizeof copy)
        return false;
    for (std::size_t i = 0; i < length; ++i) {
        if (begin[i] == '.')
            return false;
        copy[i] = begin[i] == decimal ? '.' : begin[i];
    }
    const auto [at, code] = std::from_chars(copy, copy + length, value);
    return code == std::errc() && at == copy + length;
}

enum class TimeFormat : std::uint8_t { Auto, Iso, EpochSeconds, EpochMilliseconds };

/// Times as `countersign::parseTime` reads them, and "2025" and "2025-03" for their first moment. Auto: whole numbers of more than
/// eight digits are seconds since 1970, from 10^11 on milliseconds. Iso: no bare numbers but years. The epoch formats read a number, whole or
/// with a fraction (of seconds; what is below a millisecond is cut off), and nothing else.
std::optional<Instant> parseMoment(std::string_view text, TimeFormat format);

/// Reads many times; remembers the last day, which is nearly always the next one's too.
class MomentParser
{
public:
    explicit MomentParser(TimeFormat format = TimeFormat::Auto) : m_format(format) {}

    std::optional<Instant> parse(std::string_view text)
    {
        // "2025-01-31T23:59:59", 'T' or a space, with or without Z.
        const bool isUsual = text.size() == 19 || (text.size() == 20 && text[19] == 'Z');
        if (isUsual && m_format <= TimeFormat::Iso && std::memcmp(text.data(), m_day, sizeof m_day) == 0
            && (text[10] == 'T' || text[10] == ' ') && text[13] == ':' && text[16] == ':') {
            const int hour = twoDigits(text.data() + 11);
            const int minute = twoDigits(text.data() + 14);
            const int second = twoDigits(text.data() + 17);
            if (hour <= 23 && minute <= 59 && second <= 59)
                return fromMillis(m_midnight + (hour * 3600LL + minute * 60LL + second) * 1000);
        }
        return parseSlowly(text);
    }

private:
    /// 100 or more when they are not digits.
    static int twoDigits(const char *at)
    {
        const auto tens = static_cast<unsigned>(at[0] - '0');
        const auto ones = static_cast<unsigned>(at[1] - '0');
        return tens <= 9 && ones <= 9 ? static_cast<int>(tens * 10 + ones) : 100;
    }
    std::optional<Instant> parseSlowly(std::string_view text);

    TimeFormat m_format;
    char m_day[10] = {};
    std::int64_t m_midnight = 0;
};

} // namespace countersign::predictions
