#pragma once

#include "models/base/result.h"

#include <string>
#include <string_view>

/// Text from outside: checks and the escaping that lets any text travel inside restricted JSON, visibly and reversibly.
namespace countersign::text {

bool isUtf8(std::string_view bytes);       ///< well-formed, no surrogates, at most U+10FFFF
bool isNfc(std::string_view utf8);         ///< Unicode Normalization Form C (UAX 15)
std::string toNfc(std::string_view utf8);

/// Control characters (Cc), bidirectional formatting, zero-width and other invisible format characters (Cf), line and paragraph
/// separators: what may not stand in signed text as itself.
bool isForbidden(char32_t codePoint);
/// NFC and free of forbidden characters.
bool isClean(std::string_view utf8);

/// Any well-formed text as clean text: a backslash becomes "\\", a line feed "\n", a tab "\t", every other forbidden character
/// "\u{200F}" (upper-case hexadecimal, no padding). In text that is not NFC every non-ASCII character is written "\u{…}".
/// unescape(escape(x)) == x. Precondition: isUtf8(x).
std::string escape(std::string_view utf8);
/// Invalid for an escape that escape() does not write.
Result<std::string> unescape(std::string_view clean);

/// Nothing but spaces, tabs and ends of lines.
bool isBlank(std::string_view text);

/// At most so many bytes of it, cut between characters, with an ellipsis where something was cut. Precondition: isUtf8, bytes ≥ 3.
std::string shortened(std::string_view utf8, std::size_t bytes);

/// The text with each forbidden character shown as its escape, for lists and titles of one line. No backslash doubling.
std::string visible(std::string_view utf8);

} // namespace countersign::text
