#include "models/base/bytes.h"

#include <array>
#include <cstdint>

namespace countersign {

namespace {
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint8_t byteAt(BytesView bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

int base64Value(char c)
{
    const auto at = kBase64.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}
} // namespace

std::string toHex(BytesView bytes)
{
    std::string text;
    text.reserve(bytes.size() * 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text.push_back(kHex[byteAt(bytes, i) >> 4]);
        text.push_back(kHex[byteAt(bytes, i) & 15]);
    }
    return text;
}

Result<Bytes> fromHex(std::string_view text)
{
    if (text.size() % 2)
        return Error{ErrorKind::Invalid, "Hexadecimal text needs an even number of digits.", {}};
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = kHex.find(text[i]);
        const auto low = kHex.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return Error{ErrorKind::Invalid, "Not a lower-case hexadecimal digit.", "character " + std::to_string(i + 1)};
        bytes.push_back(static_cast<char>(high << 4 | low));
    }
    return bytes;
}

std::string toBase64(BytesView bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const unsigned group = static_cast<unsigned>(byteAt(bytes, i)) << 16
            | (left > 1 ? static_cast<unsigned>(byteAt(bytes, i + 1)) << 8 : 0U)
            | (left > 2 ? static_cast<unsigned>(byteAt(bytes, i + 2)) : 0U);
        text.push_back(kBase64[group >> 18]);
        text.push_back(kBase64[group >> 12 & 63]);
        text.push_back(left > 1 ? kBase64[group >> 6 & 63] : '=');
        text.push_back(left > 2 ? kBase64[group & 63] : '=');
    }
    return text;
}

Result<Bytes> fromBase64(std::string_view text)
{
    const Error bad{ErrorKind::Invalid, "Not base64 text (RFC 4648, with padding).", {}};
    if (text.size() % 4)
        return bad;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const bool last = i + 4 == text.size();
        const int padding = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
        std::array<int, 4> values{};
        for (int j = 0; j < 4; ++j) {
            values[static_cast<std::size_t>(j)] = j >= 4 - padding ? 0 : base64Value(text[i + static_cast<std::size_t>(j)]);
            if (values[static_cast<std::size_t>(j)] < 0)
                return bad;
        }
        const unsigned group = static_cast<unsigned>(values[0]) << 18 | static_cast<unsigned>(values[1]) << 12
            | static_cast<unsigned>(values[2]) << 6 | static_cast<unsigned>(values[3]);
        if ((padding == 2 && (group & 0xffffU)) || (padding == 1 && (group & 0xffU)))
            return bad;
        bytes.push_back(static_cast<char>(group >> 16 & 0xff));
        if (padding < 2)
            bytes.push_back(static_cast<char>(group >> 8 & 0xff));
        if (padding < 1)
            bytes.push_back(static_cast<char>(group & 0xff));
    }
    return bytes;
}

} // namespace countersign
