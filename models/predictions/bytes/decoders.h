#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"

#include <cstdint>
#include <memory>
#include <string>

namespace countersign::predictions {

/// Undoes a compression piece by piece.
class Decompressor
{
public:
    virtual ~Decompressor() = default;
    /// Takes bytes off the front of `input` and writes at most `room` bytes to `to`; how many. 0 with input left never happens;
    /// 0 with no input left means: more, please.
    virtual Result<std::size_t> decompress(BytesView &input, char *to, std::size_t room) = 0;
    /// Whether the input may end here.
    virtual bool isComplete() const = 0;
};

/// gzip (RFC 1952), several members one after another, zero padding at the end.
std::unique_ptr<Decompressor> makeGzipDecompressor();
/// Zstandard (RFC 8878), several frames; windows up to 128 MiB.
std::unique_ptr<Decompressor> makeZstdDecompressor();

/// UTF-16 as UTF-8, unit by unit; what is not UTF-16 becomes the byte 0xFF.
class Utf16Decoder
{
public:
    explicit Utf16Decoder(bool isBigEndian) : m_isBigEndian(isBigEndian) {}
    void decode(BytesView units, std::string &to);
    void finish(std::string &to); ///< at the end of the input: a half left over is an error byte

private:
    void unit(std::uint16_t value, std::string &to);
    bool m_isBigEndian;
    bool m_hasHalfUnit = false;
    unsigned char m_halfUnit = 0;
    std::uint16_t m_highSurrogate = 0;
};

} // namespace countersign::predictions
