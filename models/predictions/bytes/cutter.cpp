#include "models/predictions/bytes/cutter.h"

namespace countersign::predictions {

namespace {

constexpr std::size_t kCapacity = Cutter::kPieceSize + 2 * kMaxRecord;
constexpr std::size_t kShown = 100; ///< of a line passed over

} // namespace

Cutter::Cutter(ByteSource &source, const Dialect &dialect, std::string head, bool isWhole)
    : m_source(source), m_dialect(dialect), m_rest(std::move(head)), m_isAtEnd(isWhole)
{
}

Status Cutter::fill(Piece &piece, std::size_t upTo, const Progress &progress)
{
    while (!m_isAtEnd && piece.size < upTo) {
        const auto got = m_source.read(piece.buffer.data() + piece.size, upTo - piece.size + 64, progress);
        if (!got)
            return got.error();
        piece.size += *got;
        m_isAtEnd = *got == 0;
    }
    return {};
}

const char *Cutter::cut(const Piece &piece) const
{
    const char *begin = piece.buffer.data();
    const char *end = begin + piece.size;
    if (m_dialect.format != Format::JsonLines)
        return lastRecordEnd(begin, end, m_isAtEnd, m_dialect.rules());
    if (m_isAtEnd)
        return end;
    const auto *lineEnd = static_cast<const char *>(::memrchr(begin, '\n', piece.size));
    return lineEnd ? lineEnd + 1 : begin;
}

Result<bool> Cutter::next(Piece &piece, const Progress &progress)
{
    piece.buffer.resize(kCapacity + kPadding + 64);
    piece.isLongLine = false;
    piece.size = std::min(m_rest.size(), kCapacity - 64);
    std::memcpy(piece.buffer.data(), m_rest.data(), piece.size);
    m_rest.erase(0, piece.size);
    for (std::size_t upTo = kPieceSize;; upTo += kPieceSize) {
        const auto filled = fill(piece, upTo, progress);
        if (!filled)
            return filled.error();
        if (piece.size == 0)
            return false;
        const char *end = cut(piece);
        const auto kept = static_cast<std::size_t>(end - piece.buffer.data());
        if (kept > 0) {
            m_rest.insert(0, end, piece.size - kept);
            piece.size = kept;
            if (end[-1] != m_dialect.lineEnd)
                piece.buffer[piece.size++] = m_dialect.lineEnd; // the log's last line needs none, the parsers do
            piece.index = m_index++;
            return true;
        }
        if (piece.size > kMaxRecord)
            return passOverLine(piece, progress);
    }
}

Result<bool> Cutter::passOverLine(Piece &piece, const Progress &progress)
{
    const std::string shown(piece.buffer.data(), kShown);
    for (;;) {
        const auto *lineEnd = static_cast<const char *>(std::memchr(piece.buffer.data(), m_dialect.lineEnd, piece.size));
        if (lineEnd) {
            m_rest.insert(0, lineEnd + 1, piece.size - static_cast<std::size_t>(lineEnd + 1 - piece.buffer.data()));
            break;
        }
        piece.size = 0;
        const auto filled = fill(piece, kPieceSize, progress);
        if (!filled)
            return filled.error();
        if (piece.size == 0)
            break;
    }
    std::memcpy(piece.buffer.data(), shown.data(), kShown);
    piece.size = kShown;
    piece.isLongLine = true;
    piece.index = m_index++;
    return true;
}

} // namespace countersign::predictions
