#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace countersign::importers {

/// Text of a foreign source as well-formed UTF-8 without NUL: every maximal ill-formed sequence and every NUL becomes U+FFFD, and
/// `replaced` counts them, so that nobody is told that the text is as the source has it when it isn't.
std::string wellFormed(std::string_view bytes, std::uint64_t &replaced);

/// The first `characters` characters of well-formed text.
std::string shortened(std::string_view utf8, std::size_t characters);

} // namespace countersign::importers
