#include "models/base/text.h"

#include "models/base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utf8proc.h>

namespace countersign::text {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// Written out, not asked from the Unicode library: what may stand in signed text must not change with a library's version.
// Categories Cc, Cf, Zl and Zp of Unicode 15, and letters and marks that are invisible by design.
constexpr std::array kForbidden{
    Range{0x0000, 0x001F},   Range{0x007F, 0x009F},   Range{0x00AD, 0x00AD},   Range{0x034F, 0x034F},   Range{0x0600, 0x0605},
    Range{0x061C, 0x061C},   Range{0x06DD, 0x06DD},   Range{0x070F, 0x070F},   Range{0x0890, 0x0891},   Range{0x08E2, 0x08E2},
    Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},   Range{0x180B, 0x180F},   Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
    Range{0x2060, 0x206F},   Range{0x3164, 0x3164},   Range{0xFEFF, 0xFEFF},   Range{0xFFA0, 0xFFA0},   Range{0xFFF9, 0xFFFB},
    Range{0x110BD, 0x110BD}, Range{0x110CD, 0x110CD}, Range{0x13430, 0x1343F}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF},
};

std::uint8_t byteAt(std::string_view bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

/// The length of the well-formed sequence at `i` (Unicode table 3-7), or 0.
std::size_t sequenceLength(std::string_view bytes, std::size_t i)
{
    const std::uint8_t lead = byteAt(bytes, i);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF ? 2 : (lead & 0xF0) == 0xE0 ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    if (!length || bytes.size() - i < length)
        return 0;
    const std::uint8_t second = byteAt(bytes, i + 1);
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high)
        return 0;
    for (std::size_t j = 2; j < length; ++j)
        if ((byteAt(bytes, i + j) & 0xC0) != 0x80)
            return 0;
    return length;
}

/// The code point at `i` of well-formed text; advances `i`. A malformed byte stands for U+FFFD.
char32_t takeCodePoint(std::string_view utf8, std::size_t &i)
{
    const std::size_t length = sequenceLength(utf8, i);
    const std::uint8_t lead = byteAt(utf8, i);
    if (length < 2) {
        ++i;
        return length ? lead : 0xFFFD;
    }
    char32_t codePoint = lead & (0x7FU >> length);
    for (std::size_t j = 1; j < length; ++j)
        codePoint = codePoint << 6 | (byteAt(utf8, i + j) & 0x3FU);
    i += length;
    return codePoint;
}

void appendEscape(std::string &out, char32_t codePoint)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string digits;
    do {
        digits.insert(digits.begin(), hex[codePoint & 15]);
        codePoint >>= 4;
    } while (codePoint);
    out += "\\u{" + digits + "}";
}

std::string escaped(std::string_view utf8, bool everyNonAscii)
{
    std::string out;
    out.reserve(utf8.size() + 8);
    for (std::size_t i = 0; i < utf8.size();) {
        const std::size_t start = i;
        const char32_t c = takeCodePoint(utf8, i);
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (isForbidden(c) || (everyNonAscii && c >= 0x80))
            appendEscape(out, c);
        else
            out += utf8.substr(start, i - start);
    }
    return out;
}

/// Reads "{200F}" after "\u"; advances past it. No value for anything appendEscape does not write.
bool takeBraced(std::string_view clean, std::size_t &i, char32_t &codePoint)
{
    const auto close = clean.find('}', i);
    if (i >= clean.size() || clean[i] != '{' || close == std::string_view::npos || close == i + 1 || close > i + 7)
        return false;
    codePoint = 0;
    for (std::size_t j = i + 1; j < close; ++j) {
        const char c = clean[j];
        const bool isDigit = c >= '0' && c <= '9';
        if (!isDigit && !(c >= 'A' && c <= 'F'))
            return false;
        codePoint = codePoint << 4 | static_cast<char32_t>(isDigit ? c - '0' : c - 'A' + 10);
    }
    i = close + 1;
    return codePoint <= 0x10FFFF && (codePoint < 0xD800 || codePoint > 0xDFFF);
}

} // namespace

bool isUtf8(std::string_view bytes)
{
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t length = sequenceLength(bytes, i);
        if (!length)
            return false;
        i += length;
    }
    return true;
}

bool isNfc(std::string_view utf8)
{
    // Everything below U+0300 is a starter that nothing before it can combine with: most text needs no table.
    const bool isSimple = std::ranges::all_of(utf8, [](char c) { return static_cast<std::uint8_t>(c) < 0xCC; });
    return isSimple || toNfc(utf8) == utf8;
}

std::string toNfc(std::string_view utf8)
{
    utf8proc_uint8_t *normal = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t *>(utf8.data()), static_cast<utf8proc_ssize_t>(utf8.size()), &normal,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    if (size < 0)
        return std::string(utf8); // malformed: isUtf8 is the caller's check
    std::string out(reinterpret_cast<const char *>(normal), static_cast<std::size_t>(size));
    explicit_bzero(normal, static_cast<std::size_t>(size)); // passphrases come through here
    std::free(normal);
    return out;
}

bool isForbidden(char32_t codePoint)
{
    if (codePoint >= 0x20 && codePoint < 0x7F)
        return false;
    const auto range = std::ranges::lower_bound(kForbidden, codePoint, {}, &Range::last);
    return range != kForbidden.end() && range->first <= codePoint;
}

bool isClean(std::string_view utf8)
{
    for (std::size_t i = 0; i < utf8.size();) {
        if (!sequenceLength(utf8, i) || isForbidden(takeCodePoint(utf8, i)))
            return false;
    }
    return isNfc(utf8);
}

std::string escape(std::string_view utf8)
{
    if (isNfc(utf8)) {
        std::string out = escaped(utf8, false);
        if (isNfc(out)) // a combining mark after a line feed would join the "n" of its escape
            return out;
    }
    return escaped(utf8, true);
}

Result<std::string> unescape(std::string_view clean)
{
    const Error bad{ErrorKind::Invalid, "The text holds an escape that is not \\\\, \\n, \\t or \\u{…} in its one right form.", {}};
    std::string out;
    out.reserve(clean.size());
    for (std::size_t i = 0; i < clean.size();) {
        const char c = clean[i++];
        if (c != '\\') {
            out.push_back(c);
            continue;
        }
        const char kind = i < clean.size() ? clean[i++] : '\0';
        char32_t codePoint = kind == '\\' ? U'\\' : kind == 'n' ? U'\n' : kind == 't' ? U'\t' : U'\0';
        if (kind == 'u' ? !takeBraced(clean, i, codePoint) : !codePoint)
            return bad;
        appendUtf8(out, codePoint);
    }
    // One text, one spelling: whatever escape() would not have written is refused.
    if (!isUtf8(out) || escape(out) != clean)
        return bad;
    return out;
}

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::string shortened(std::string_view utf8, std::size_t bytes)
{
    constexpr std::string_view ellipsis = "\u2026";
    if (utf8.size() <= bytes)
        return std::string(utf8);
    std::size_t end = bytes - ellipsis.size();
    while (end > 0 && (static_cast<unsigned char>(utf8[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string(utf8.substr(0, end)) + std::string(ellipsis);
}

std::string visible(std::string_view utf8)
{
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size();) {
        const std::size_t start = i;
        const char32_t c = takeCodePoint(utf8, i);
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (isForbidden(c))
            appendEscape(out, c);
        else if (c == 0xFFFD)
            appendUtf8(out, c);
        else
            out += utf8.substr(start, i - start);
    }
    return out;
}

} // namespace countersign::text
