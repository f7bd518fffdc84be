#pragma once

#include "models/base/bytes.h"

#include <array>
#include <cstdint>

namespace countersign {

/// A SHA-256 value (32 bytes). Written as 64 hexadecimal digits; inside events and reports as "sha256:" and those digits.
struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    BytesView view() const { return {reinterpret_cast<const char *>(bytes.data()), bytes.size()}; }
    std::string hex() const { return toHex(view()); }
    /// "sha256:9f2c…", all digits.
    std::string text() const { return "sha256:" + hex(); }
    /// The first eight digits, for lists.
    std::string shortHex() const { return hex().substr(0, 8); }

    /// Invalid unless exactly 32 bytes.
    static Result<Digest> fromBytes(BytesView raw);
    /// Reads "sha256:…"; Invalid otherwise.
    static Result<Digest> parse(std::string_view text);

    auto operator<=>(const Digest &) const = default;
};

} // namespace countersign
