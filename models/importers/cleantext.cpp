#include "models/importers/cleantext.h"

#include "models/base/text.h"

#include <algorithm>

namespace countersign::importers {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool isContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// How many bytes a character that begins with this byte has; 1 for bytes that begin none.
std::size_t lengthAfter(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte >= 0xF0 && byte < 0xF5 ? 4 : byte >= 0xE0 && byte < 0xF0 ? 3 : byte >= 0xC2 && byte < 0xE0 ? 2 : 1;
}

/// The bytes at the front that belong to one character, whole or broken off.
std::size_t sequenceLength(std::string_view bytes)
{
    const std::size_t longest = std::min(lengthAfter(bytes.front()), bytes.size());
    std::size_t length = 1;
    while (length < longest && isContinuation(bytes[length]))
        ++length;
    return length;
}

} // namespace

std::string wellFormed(std::string_view bytes, std::uint64_t &replaced)
{
    if (bytes.find('\0') == std::string_view::npos && text::isUtf8(bytes))
        return std::string(bytes);
    std::string out;
    while (!bytes.empty()) {
        const std::string_view sequence = bytes.substr(0, sequenceLength(bytes));
        if (sequence.front() != '\0' && text::isUtf8(sequence)) {
            out += sequence;
        } else {
            out += kReplacement;
            ++replaced;
        }
        bytes.remove_prefix(sequence.size());
    }
    return out;
}

std::string shortened(std::string_view utf8, std::size_t characters)
{
    std::size_t at = 0;
    for (; at < utf8.size() && characters > 0; --characters) {
        ++at;
        while (at < utf8.size() && isContinuation(utf8[at]))
            ++at;
    }
    return std::string(utf8.substr(0, at));
}

} // namespace countersign::importers
