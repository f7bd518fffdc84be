#pragma once

#include "models/predictions/bytes/bytesource.h"
#include "models/predictions/formats/csvparser.h"
#include "models/predictions/formats/dialect.h"

#include <string>
#include <string_view>
#include <vector>

namespace countersign::predictions {

/// A piece of a log: whole records, the last one with its line end, kPadding bytes behind.
struct Piece {
    std::vector<char> buffer;
    std::size_t size = 0;
    std::uint64_t index = 0;  ///< 0 is the first
    bool isLongLine = false;  ///< instead of text: the beginning of one line that is longer than kMaxRecord and was passed over

    std::string_view text() const { return {buffer.data(), size}; }
};

/// Cuts a text at record ends, in order. Where a record ends inside quotes depends on everything before, so one thread at a time
/// looks for quotes (a memchr where there are none) and the threads parse what it cut: exact for any text, with nothing to verify.
class Cutter
{
public:
    static constexpr std::size_t kPieceSize = 1U << 20;

    /// `head`: text already read from the source, from the first record on; `isWhole`: the source has no more.
    Cutter(ByteSource &source, const Dialect &dialect, std::string head, bool isWhole);

    /// The next piece, into a buffer that is used again; false at the end. Io, Cancelled.
    Result<bool> next(Piece &piece, const Progress &progress);

private:
    Status fill(Piece &piece, std::size_t upTo, const Progress &progress);
    const char *cut(const Piece &piece) const;
    Result<bool> passOverLine(Piece &piece, const Progress &progress);

    ByteSource &m_source;
    Dialect m_dialect;
    std::string m_rest; ///< read, not given out
    bool m_isAtEnd = false;
    std::uint64_t m_index = 0;
};

} // namespace countersign::predictions
