#pragma once

#include "models/base/bytes.h"

namespace countersign::store {

/// zlib (RFC 1950). The same bytes give the same bytes with one zlib and level; digests are over what is stored.
/// Level 1 is three times as fast as the usual 6 for a fifth more bytes.
Result<Bytes> compressed(BytesView bytes, int level);
/// Tampered: not such a stream, anything after its end, or more than `most` bytes.
Result<Bytes> expanded(BytesView bytes, std::size_t most);

} // namespace countersign::store
