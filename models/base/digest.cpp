#include "models/base/digest.h"

#include <algorithm>

namespace countersign {

Result<Digest> Digest::fromBytes(BytesView raw)
{
    Digest digest;
    if (raw.size() != digest.bytes.size())
        return Error{ErrorKind::Invalid, "A SHA-256 digest has 32 bytes, not " + std::to_string(raw.size()) + ".", {}};
    std::ranges::transform(raw, digest.bytes.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return digest;
}

Result<Digest> Digest::parse(std::string_view text)
{
    constexpr std::string_view prefix = "sha256:";
    if (!text.starts_with(prefix))
        return Error{ErrorKind::Invalid, "A digest is written \"sha256:\" and 64 hexadecimal digits.", {}};
    const auto raw = fromHex(text.substr(prefix.size()));
    if (!raw)
        return raw.error();
    return fromBytes(*raw);
}

} // namespace countersign
