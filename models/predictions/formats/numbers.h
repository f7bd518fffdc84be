#pragma once

#include "models/base/time.h"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

/// Cells as numbers and times, the same in every locale.
namespace countersign::predictions {

/// "0.123456": a digit, a point, one to eight digits. The number is a whole one below 2^53 divided by a power of ten that binary64 has
/// exactly, so that the one rounding of the division gives the nearest, as std::from_chars does. False: something else.
inline bool parseShortDecimal(const char *text, std::size_t size, double &value)
{
    if (size - 3 > 7 || text[1] != '.')
        return false;
    // The last eight bytes, or as many as there are, with zeros for what stands before the fraction.
    std::uint64_t digits = 0;
    if (size >= 8) {
        std::memcpy(&digits, text + size - 8, 8);
    } else {
        char last[8] = {};
        std::memcpy(last + 8 - size, text, size);
        std::memcpy(&digits, last, 8);
    }
    if constexpr (std::endian::native == std::endian::big)
        return false;
    const std::size_t fraction = size - 2;
    constexpr std::uint64_t zeros = 0x3030303030303030ULL;
    const unsigned before = static_cast<unsigned>(8 * (8 - fraction));
    digits = (digits ^ zeros) >> before << before; // each byte now is its digit
    const std::uint64_t isTooLarge = ((digits + 0x7676767676767676ULL) | digits) & 0x8080808080808080ULL;
    const auto first = static_cast<unsigned>(text[0] - '0');
    if (isTooLarge != 0 || first > 9)
        return false;
    // Neighbours are added up to twos, fours and all eight.
    digits = (digits * 10 + (digits >> 8)) & 0x00FF00FF00FF00FFULL;
    digits = (digits * 100 + (digits >> 16)) & 0x0000FFFF0000FFFFULL;
    digits = (digits * 10'000 + (digits >> 32)) & 0xFFFFFFFFULL;
    constexpr double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    value = (first * powers[fraction] + static_cast<double>(digits)) / powers[fraction];
    return true;
}

/// The nearest binary64 of decimal text, as std::from_chars reads it: "0.913", "1e-7", "+3", ".5", also "nan" and "inf", which the
/// caller judges. With decimal ',' a point is refused, and the other way round: no thousands separators, no guessing.
/// False: not a number, text after it, beyond the range of binary64.
inline bool parseNumber(std::string_view text, char decimal, double &value)
{
    const char *begin = text.data();
    const char *end = begin + text.size();
    if (decimal == '.' && parseShortDecimal(begin, text.size(), value))
        return true;
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
