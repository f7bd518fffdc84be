#pragma once

#include "models/base/bytes.h"

#include <cstdint>

/// Internal to models/ledger: whole numbers as the formats hold them, the greatest byte first.
namespace countersign::ledger {

inline Bytes bigEndian(std::uint64_t number, int bytes)
{
    Bytes text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        text += static_cast<char>(number >> shift);
    return text;
}

/// Precondition: at most 8 bytes.
inline std::uint64_t fromBigEndian(BytesView bytes)
{
    std::uint64_t number = 0;
    for (const char c : bytes)
        number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

} // namespace countersign::ledger
