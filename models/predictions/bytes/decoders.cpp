#include "models/predictions/bytes/decoders.h"

#include "models/base/utf8.h"

#include <cstdlib>
#include <zlib.h>
#include <zstd.h>

namespace countersign::predictions {

namespace {

constexpr std::size_t kMaxStep = 1U << 30; // zlib counts in unsigned int

Error damaged(const char *format, const std::string &detail)
{
    return {ErrorKind::Io, std::string("The ") + format + " data are damaged (" + detail + "). Get a fresh copy of the file.", {}};
}

class GzipDecompressor final : public Decompressor
{
public:
    GzipDecompressor()
    {
        if (inflateInit2(&m_stream, 15 + 16) != Z_OK) // 16: gzip's header and checksum
            std::abort();                             // only for want of memory
    }
    ~GzipDecompressor() override { inflateEnd(&m_stream); }
    GzipDecompressor(const GzipDecompressor &) = delete;
    GzipDecompressor &operator=(const GzipDecompressor &) = delete;

    Result<std::size_t> decompress(BytesView &input, char *to, std::size_t room) override
    {
        while (!input.empty()) {
            if (m_isBetweenMembers && !startMember(input))
                return std::size_t(0);
            const std::size_t given = std::min(input.size(), kMaxStep);
            const std::size_t wanted = std::min(room, kMaxStep);
            m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(input.data())); // zlib's interface; it only reads
            m_stream.avail_in = static_cast<uInt>(given);
            m_stream.next_out = reinterpret_cast<Bytef *>(to);
            m_stream.avail_out = static_cast<uInt>(wanted);
            const int code = inflate(&m_stream, Z_NO_FLUSH);
            input.remove_prefix(given - m_stream.avail_in);
            const std::size_t made = wanted - m_stream.avail_out;
            if (code == Z_STREAM_END)
                m_isBetweenMembers = true;
            else if (code != Z_OK && code != Z_BUF_ERROR)
                return damaged("gzip", m_stream.msg ? m_stream.msg : "zlib error " + std::to_string(code));
            if (made > 0)
                return made;
        }
        return std::size_t(0);
    }
    bool isComplete() const override { return m_isBetweenMembers; }

private:
    /// False when only zero padding (tapes, block devices) was left.
    bool startMember(BytesView &input)
    {
        if (!m_isFirst) {
            const std::size_t start = input.find_first_not_of('\0');
            input.remove_prefix(std::min(start, input.size()));
            if (input.empty())
                return false;
            inflateReset(&m_stream);
        }
        m_isFirst = false;
        m_isBetweenMembers = false;
        return true;
    }

    z_stream m_stream{};
    bool m_isBetweenMembers = true;
    bool m_isFirst = true;
};

class ZstdDecompressor final : public Decompressor
{
public:
    ZstdDecompressor() : m_context(ZSTD_createDCtx())
    {
        if (!m_context)
            std::abort();
        ZSTD_DCtx_setParameter(m_context, ZSTD_d_windowLogMax, 27); // a hostile frame may not ask for gigabytes
    }
    ~ZstdDecompressor() override { ZSTD_freeDCtx(m_context); }
    ZstdDecompressor(const ZstdDecompressor &) = delete;
    ZstdDecompressor &operator=(const ZstdDecompressor &) = delete;

    Result<std::size_t> decompress(BytesView &input, char *to, std::size_t room) override
    {
        for (;;) {
            ZSTD_inBuffer in{input.data(), input.size(), 0};
            ZSTD_outBuffer out{to, room, 0};
            const std::size_t left = ZSTD_decompressStream(m_context, &out, &in);
            if (ZSTD_isError(left))
                return damaged("zstd", ZSTD_getErrorName(left));
            const bool moved = in.pos > 0 || out.pos > 0;
            input.remove_prefix(in.pos);
            if (moved)
                m_isComplete = left == 0;
            if (out.pos > 0 || input.empty())
                return out.pos;
        }
    }
    bool isComplete() const override { return m_isComplete; }

private:
    ZSTD_DCtx *m_context;
    bool m_isComplete = false;
};

constexpr char kNotText = '\xFF';

} // namespace

std::unique_ptr<Decompressor> makeGzipDecompressor() { return std::make_unique<GzipDecompressor>(); }
std::unique_ptr<Decompressor> makeZstdDecompressor() { return std::make_unique<ZstdDecompressor>(); }

void Utf16Decoder::unit(std::uint16_t value, std::string &to)
{
    const bool isHigh = value >= 0xD800 && value < 0xDC00;
    const bool isLow = value >= 0xDC00 && value < 0xE000;
    if (m_highSurrogate != 0) {
        const std::uint16_t high = std::exchange(m_highSurrogate, std::uint16_t(0));
        if (isLow) {
            text::appendUtf8(to, 0x10000U + ((static_cast<char32_t>(high) - 0xD800U) << 10) + (value - 0xDC00U));
            return;
        }
        to.push_back(kNotText);
    }
    if (isHigh)
        m_highSurrogate = value;
    else if (isLow)
        to.push_back(kNotText);
    else
        text::appendUtf8(to, value);
}

void Utf16Decoder::decode(BytesView units, std::string &to)
{
    for (const char c : units) {
        const auto byte = static_cast<unsigned char>(c);
        if (!m_hasHalfUnit) {
            m_halfUnit = byte;
            m_hasHalfUnit = true;
            continue;
        }
        m_hasHalfUnit = false;
        unit(static_cast<std::uint16_t>(m_isBigEndian ? (m_halfUnit << 8) | byte : (byte << 8) | m_halfUnit), to);
    }
}

void Utf16Decoder::finish(std::string &to)
{
    if (m_highSurrogate != 0 || m_hasHalfUnit)
        to.push_back(kNotText);
    m_highSurrogate = 0;
    m_hasHalfUnit = false;
}

} // namespace countersign::predictions
