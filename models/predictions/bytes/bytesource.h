#pragma once

#include "models/base/digest.h"
#include "models/base/progress.h"
#include "models/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::predictions {

enum class Encoding : std::uint8_t { Utf8, Utf16LittleEndian, Utf16BigEndian };
enum class Compression : std::uint8_t { None, Gzip, Zstd };
std::string_view encodingName(Encoding encoding);          ///< "UTF-8", "UTF-16LE", "UTF-16BE"
std::string_view compressionName(Compression compression); ///< "none", "gzip", "zstd"

/// A log read forward once, as UTF-8 text without a byte order mark: a file, a named pipe, or standard input. A Parquet file comes as
/// comma-separated text (parquettext.h).
///
/// Compression and encoding are told by the first bytes, never by a name. Bytes are read in blocks, not mapped: a file that
/// another program cuts short while we read then is an error, not a SIGBUS, and memory stays bounded; on files in the page cache
/// it costs 0.1 s a gigabyte. The SHA-256 is of the bytes as stored (before decompression), taken on the same pass.
/// A UTF-16 half pair or odd last byte comes out as the byte 0xFF, which is never UTF-8: readers refuse it as such.
/// One thread at a time.
class ByteSource
{
public:
    /// NotFound, Io. A named pipe waits for its writer.
    static Result<ByteSource> open(const std::filesystem::path &path);
    /// Takes over the descriptor (standard input, a pipe). `name` is what errors and results call it.
    static Result<ByteSource> fromDescriptor(int descriptor, std::string name);

    ByteSource(ByteSource &&) noexcept;
    ByteSource &operator=(ByteSource &&) noexcept;
    ~ByteSource();

    /// The next text, up to `room` bytes (room ≥ 64); 0 only at the end. Cancelled is noticed within 0.2 s even when a pipe's writer
    /// sleeps. Io: a read failed, the compressed data are damaged or end early, the file changed while it was read.
    /// Unsupported: Parquet, and DuckDB's library is not installed, or it comes through a pipe.
    Result<std::size_t> read(char *to, std::size_t room, const Progress &progress = {});

    const std::string &name() const;
    Encoding encoding() const;       ///< known after the first read
    Compression compression() const; ///< known after the first read
    bool hasByteOrderMark() const;
    bool isParquet() const;          ///< known after the first read
    /// Columns of a Parquet file that are no plain values and are not in the text.
    const std::vector<std::string> &columnsLeftOut() const;
    std::uint64_t bytesDone() const;  ///< as stored
    std::uint64_t bytesTotal() const; ///< as stored; 0 when unknown (pipe)
    /// Of everything read so far; the log's digest once read() gave 0.
    Digest digest() const;

private:
    struct Private;
    explicit ByteSource(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

} // namespace countersign::predictions
