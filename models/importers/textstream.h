#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace countersign::importers {

enum class Encoding { Utf8, Utf16LittleEndian, Utf16BigEndian };
std::string_view encodingName(Encoding encoding); ///< "UTF-8", "UTF-16LE"

/// A file read forward in large pieces, as UTF-8 without a byte order mark. UTF-16 is told by its mark and converted on the way;
/// an unpaired surrogate or half a unit at the end comes out as the byte 0xFF, which is never UTF-8: readers refuse it as such.
class TextSource
{
public:
    /// NotFound, or Io when the file can't be read or isn't a regular file.
    static Result<TextSource> open(const std::filesystem::path &file);

    /// Up to `room` bytes to `to`; 0 at the end. Precondition: room ≥ 8.
    Result<std::size_t> read(char *to, std::size_t room);
    Encoding encoding() const { return m_encoding; }
    std::uint64_t bytesDone() const { return m_done; } ///< of the file, not of the text
    std::uint64_t bytesTotal() const { return m_total; }

private:
    TextSource() = default;
    Result<std::size_t> readRaw(char *to, std::size_t room);
    Result<std::size_t> readUtf16(char *to, std::size_t room);

    std::unique_ptr<std::FILE, int (*)(std::FILE *)> m_file{nullptr, &std::fclose};
    std::string m_name;
    std::string m_pending; ///< raw bytes read, not yet given out
    char16_t m_high = 0;   ///< the first half of a surrogate pair whose second half is still in the file
    Encoding m_encoding = Encoding::Utf8;
    std::uint64_t m_done = 0;
    std::uint64_t m_total = 0;
};

/// The part of a text that a reader looks at: bytes from `begin()` to `end()`, moved forward by consume(). Never holds more than
/// kMaxBytes, however the text is made.
class TextWindow
{
public:
    static constexpr std::size_t kMaxBytes = 4U << 20;

    explicit TextWindow(TextSource source);

    char *begin() { return m_buffer.data() + m_begin; }
    char *end() { return m_buffer.data() + m_end; }
    std::size_t size() const { return m_end - m_begin; }
    bool isAtEnd() const { return m_atEnd; } ///< nothing follows end()
    bool isFull() const { return size() >= kMaxBytes; }
    void consume(std::size_t bytes) { m_begin += bytes; }
    /// More text at the end; begin() and end() move. Nothing happens when full or at the end.
    Status fill();
    /// Consumes up to and including the next line end (LF, CRLF or CR), however far that is. False where there was none.
    Result<bool> skipLine(const Progress &progress);
    const TextSource &source() const { return m_source; }

private:
    TextSource m_source;
    std::string m_buffer;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    bool m_atEnd = false;
};

/// Plain ASCII without NUL: what most cells are, told eight bytes at a time.
bool isPlainAscii(std::string_view text);

} // namespace countersign::importers
