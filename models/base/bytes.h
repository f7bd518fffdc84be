#pragma once

#include "models/base/result.h"

#include <string>
#include <string_view>

namespace countersign {

/// Raw bytes. A std::string, because signed payloads are UTF-8 text and SQL, files and sockets all speak it.
using Bytes = std::string;
using BytesView = std::string_view;

/// Lower-case hexadecimal.
std::string toHex(BytesView bytes);
/// Invalid: an odd length or a character outside 0-9a-f (upper case is refused: one value, one spelling).
Result<Bytes> fromHex(std::string_view text);

/// RFC 4648 section 4, with padding.
std::string toBase64(BytesView bytes);
/// Strict: Invalid on wrong padding, stray characters or non-zero trailing bits.
Result<Bytes> fromBase64(std::string_view text);

} // namespace countersign
