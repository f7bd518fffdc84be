#include "models/importers/textstream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace countersign::importers {

namespace {

constexpr std::size_t kFirstBuffer = 256U << 10;
constexpr std::size_t kRawPiece = 64U << 10;
constexpr char kNeverUtf8 = '\xff';

bool isHighSurrogate(char16_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool isLowSurrogate(char16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

char *putUtf8(char *to, char32_t c)
{
    const auto put = [&to](char32_t byte) { *to++ = static_cast<char>(static_cast<unsigned char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | (c >> 6));
        put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        put(0xE0U | (c >> 12));
        put(0x80U | ((c >> 6) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | (c >> 18));
        put(0x80U | ((c >> 12) & 0x3FU));
        put(0x80U | ((c >> 6) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
    return to;
}

} // namespace

std::string_view encodingName(Encoding encoding)
{
    switch (encoding) {
    case Encoding::Utf16LittleEndian:
        return "UTF-16LE";
    case Encoding::Utf16BigEndian:
        return "UTF-16BE";
    case Encoding::Utf8:
        break;
    }
    return "UTF-8";
}

Result<TextSource> TextSource::open(const std::filesystem::path &file)
{
    TextSource source;
    source.m_name = file.string();
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found)
        return Error{ErrorKind::NotFound, "There is no such file. Check the path.", source.m_name};
    if (error || !std::filesystem::is_regular_file(status))
        return Error{ErrorKind::Io, "This is not a file that can be read. Choose a file.", source.m_name};
    source.m_total = std::filesystem::file_size(file, error);
    source.m_file.reset(std::fopen(file.c_str(), "rb"));
    if (!source.m_file)
        return Error{ErrorKind::Io, std::string("The file can't be opened: ") + std::strerror(errno) + ".", source.m_name};
    std::setvbuf(source.m_file.get(), nullptr, _IONBF, 0); // we read large pieces ourselves

    std::string mark(3, '\0');
    const auto got = source.readRaw(mark.data(), mark.size());
    if (!got)
        return got.error();
    mark.resize(*got);
    if (mark.starts_with("\xEF\xBB\xBF")) {
        mark.erase(0, 3);
    } else if (mark.starts_with("\xFF\xFE")) {
        source.m_encoding = Encoding::Utf16LittleEndian;
        mark.erase(0, 2);
    } else if (mark.starts_with("\xFE\xFF")) {
        source.m_encoding = Encoding::Utf16BigEndian;
        mark.erase(0, 2);
    }
    source.m_pending = mark;
    return source;
}

Result<std::size_t> TextSource::readRaw(char *to, std::size_t room)
{
    const std::size_t got = std::fread(to, 1, room, m_file.get());
    if (got == 0 && std::ferror(m_file.get()))
        return Error{ErrorKind::Io, std::string("The file can't be read any further: ") + std::strerror(errno) + ".", m_name};
    m_done += got;
    return got;
}

Result<std::size_t> TextSource::read(char *to, std::size_t room)
{
    if (m_encoding != Encoding::Utf8)
        return readUtf16(to, room);
    if (m_pending.empty())
        return readRaw(to, room);
    const std::size_t taken = std::min(room, m_pending.size());
    std::memcpy(to, m_pending.data(), taken);
    m_pending.erase(0, taken);
    return taken;
}

Result<std::size_t> TextSource::readUtf16(char *to, std::size_t room)
{
    const std::size_t units = std::min(kRawPiece, room / 4); // one unit becomes at most four bytes with what is pending
    const std::size_t old = m_pending.size();
    m_pending.resize(old + units * 2);
    const auto got = readRaw(m_pending.data() + old, units * 2);
    if (!got)
        return got;
    m_pending.resize(old + *got);

    char *out = to;
    const char *const limit = to + room - 4;
    std::size_t at = 0;
    for (; at + 1 < m_pending.size() && out <= limit; at += 2) {
        const auto first = static_cast<unsigned char>(m_pending[at]);
        const auto second = static_cast<unsigned char>(m_pending[at + 1]);
        const auto unit = static_cast<char16_t>(m_encoding == Encoding::Utf16LittleEndian ? first | second << 8 : second | first << 8);
        if (m_high && isLowSurrogate(unit)) {
            out = putUtf8(out, 0x10000U + ((m_high - 0xD800U) << 10) + (unit - 0xDC00U));
            m_high = 0;
            continue;
        }
        if (m_high)
            *out++ = kNeverUtf8;
        m_high = 0;
        if (isHighSurrogate(unit))
            m_high = unit;
        else if (isLowSurrogate(unit))
            *out++ = kNeverUtf8;
        else
            out = putUtf8(out, unit);
    }
    m_pending.erase(0, at);
    if (*got == 0 && m_pending.size() <= 1 && out <= limit && (m_high || !m_pending.empty())) {
        *out++ = kNeverUtf8;
        m_high = 0;
        m_pending.clear();
    }
    // A piece that was only half a pair gives nothing yet; 0 would mean the end.
    if (out == to && *got > 0)
        return readUtf16(to, room);
    return static_cast<std::size_t>(out - to);
}

TextWindow::TextWindow(TextSource source) : m_source(std::move(source)), m_buffer(kFirstBuffer, '\0') {}

Status TextWindow::fill()
{
    if (m_atEnd || isFull())
        return {};
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, size());
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_buffer.size() - m_end < 16)
        m_buffer.resize(std::min(m_buffer.size() * 2, kMaxBytes + 16)); // 16 more, so that the last bytes always have room
    const std::size_t room = std::min(m_buffer.size() - m_end, std::max<std::size_t>(kMaxBytes - m_end, 8));
    const auto got = m_source.read(m_buffer.data() + m_end, room);
    if (!got)
        return got.error();
    m_end += *got;
    m_atEnd = *got == 0;
    return {};
}

Result<bool> TextWindow::skipLine(const Progress &progress)
{
    for (;;) {
        char *const stop = std::find_if(begin(), end(), [](char c) { return c == '\n' || c == '\r'; });
        const bool waitsForFeed = stop != end() && *stop == '\r' && stop + 1 == end() && !m_atEnd;
        if (stop != end() && !waitsForFeed) {
            const bool isPair = *stop == '\r' && stop + 1 != end() && stop[1] == '\n';
            consume(static_cast<std::size_t>(stop - begin()) + (isPair ? 2 : 1));
            return true;
        }
        consume(waitsForFeed ? size() - 1 : size());
        if (m_atEnd)
            return false;
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading was stopped.", {}};
        if (const auto filled = fill(); !filled)
            return filled.error();
    }
}

bool isPlainAscii(std::string_view text)
{
    constexpr std::uint64_t lows = 0x0101010101010101U;
    constexpr std::uint64_t highs = 0x8080808080808080U;
    const char *at = text.data();
    std::size_t left = text.size();
    for (; left >= 8; left -= 8, at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        if ((word | (word - lows)) & highs) // a byte above 0x7F, or a zero that borrowed
            return false;
    }
    return std::all_of(at, at + left, [](char c) { return static_cast<signed char>(c) > 0; });
}

} // namespace countersign::importers
