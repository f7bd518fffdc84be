#include "models/base/number.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace countersign::number {

namespace {

Error notANumber(std::string_view text)
{
    return {ErrorKind::Invalid, "\"" + std::string(text.substr(0, 60)) + "\" is not a number. Write it like 0.913 or 1e-7.", {}};
}

/// The named values that measured data brings; no other spelling (std::from_chars would take "nan(1)" too).
bool readNamed(std::string_view text, double &value)
{
    if (text == "NaN" || text == "nan" || text == "NAN")
        value = std::numeric_limits<double>::quiet_NaN();
    else if (text == "inf" || text == "Inf" || text == "INF" || text == "Infinity" || text == "infinity")
        value = std::numeric_limits<double>::infinity();
    else
        return false;
    return true;
}

/// Whether decimal text that left the range of binary64 did so towards zero. Its first non-zero digit and its exponent tell.
bool isTiny(std::string_view text)
{
    const auto mark = text.find_first_of("eE");
    const std::string_view digits = text.substr(0, mark);
    const auto first = digits.find_first_of("123456789");
    if (first == std::string_view::npos)
        return true;
    const auto point = std::min(digits.find('.'), digits.size());
    const double magnitude = first < point ? static_cast<double>(point - first) : -static_cast<double>(first - point);
    double exponent = 0;
    if (mark != std::string_view::npos) {
        for (const char c : text.substr(mark + 1))
            if (c >= '0' && c <= '9')
                exponent = std::min(exponent * 10 + (c - '0'), 1e9);
        if (text[mark + 1] == '-')
            exponent = -exponent;
    }
    return magnitude + exponent < 0;
}

bool startsLikeDecimal(std::string_view text)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return !text.empty() && (isDigit(text[0]) || (text[0] == '.' && text.size() > 1 && isDigit(text[1])));
}

} // namespace

std::string shortest(double value)
{
    if (std::isnan(value))
        return "NaN";
    if (std::isinf(value))
        return value < 0 ? "-Infinity" : "Infinity";
    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

std::string ecmaScript(double value)
{
    if (value == 0)
        return "0"; // -0 too
    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::scientific).ptr;
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    const auto mark = text.find('e');
    std::string digits(text.substr(0, 1));
    if (mark > 1)
        digits += text.substr(2, mark - 2);
    int exponent = 0;
    std::from_chars(text.data() + mark + (text[mark + 1] == '+' ? 2 : 1), end, exponent);

    // ECMA-262 Number::toString with its names: the value is 0.digits times ten to the power n.
    const int n = exponent + 1;
    const int k = static_cast<int>(digits.size());
    std::string out = value < 0 ? "-" : "";
    if (k <= n && n <= 21)
        return out + digits + std::string(static_cast<std::size_t>(n - k), '0');
    if (0 < n && n <= 21)
        return out + digits.insert(static_cast<std::size_t>(n), 1, '.');
    if (-6 < n && n <= 0)
        return out + "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
    if (k > 1)
        digits.insert(1, 1, '.');
    return out + digits + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
}

Result<double> parse(std::string_view text)
{
    std::string_view rest = text;
    const bool isNegative = rest.starts_with('-');
    if (isNegative || rest.starts_with('+'))
        rest.remove_prefix(1);
    double value = 0;
    if (readNamed(rest, value))
        return isNegative ? -value : value;
    if (!startsLikeDecimal(rest))
        return notANumber(text);
    const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), value, std::chars_format::general);
    if (end != rest.data() + rest.size() || code == std::errc::invalid_argument)
        return notANumber(text);
    if (code == std::errc::result_out_of_range) {
        if (!isTiny(rest))
            return Error{ErrorKind::Invalid, "\"" + std::string(text.substr(0, 60)) + "\" is larger than a number here can be (1.8e308).", {}};
        value = 0;
    }
    return isNegative ? -value : value;
}

std::string ieeeHex(double value)
{
    constexpr std::string_view hex = "0123456789abcdef";
    const std::uint64_t bits = std::isnan(value) ? 0x7ff8000000000000ULL : std::bit_cast<std::uint64_t>(value);
    std::string out(16, '0');
    for (std::size_t i = 0; i < 16; ++i)
        out[i] = hex[bits >> (60 - 4 * i) & 15];
    return out;
}

} // namespace countersign::number
