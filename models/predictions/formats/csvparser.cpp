#include "models/predictions/formats/csvparser.h"

#include <bit>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace countersign::predictions {

/// Finds delimiters and line ends 64 bytes at a time: a bit for each, taken off one after another.
class CsvParser::Marks
{
public:
    Marks(const CsvRules &rules, const char *at) : m_delimiter(rules.delimiter), m_lineEnd(rules.lineEnd) { moveTo(at); }

    void moveTo(const char *at)
    {
        m_base = at;
        m_mask = look(at);
    }
    /// The next mark. Precondition: there is one.
    const char *next()
    {
        while (m_mask == 0) [[unlikely]]
            moveTo(m_base + 64);
        const char *mark = m_base + std::countr_zero(m_mask);
        m_mask &= m_mask - 1;
        return mark;
    }

private:
    std::uint64_t look(const char *at) const
    {
#if defined(__SSE2__)
        const __m128i delimiter = _mm_set1_epi8(m_delimiter);
        const __m128i lineEnd = _mm_set1_epi8(m_lineEnd);
        std::uint64_t mask = 0;
        for (int i = 0; i < 4; ++i) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at + 16 * i));
            const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, delimiter), _mm_cmpeq_epi8(bytes, lineEnd));
            mask |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(hits))) << (16 * i);
        }
        return mask;
#else
        std::uint64_t mask = 0;
        for (int i = 0; i < 64; ++i)
            mask |= static_cast<std::uint64_t>(at[i] == m_delimiter || at[i] == m_lineEnd) << i;
        return mask;
#endif
    }

    char m_delimiter;
    char m_lineEnd;
    const char *m_base = nullptr;
    std::uint64_t m_mask = 0;
};

namespace {

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view withoutSpaces(const char *begin, const char *end)
{
    while (begin < end && isSpace(*begin))
        ++begin;
    while (begin < end && isSpace(end[-1]))
        --end;
    return {begin, static_cast<std::size_t>(end - begin)};
}

/// Of an unquoted field.
std::string_view cellOf(const char *begin, const char *end)
{
    const bool hasSpaces = end > begin && (static_cast<unsigned char>(*begin) <= ' ' || static_cast<unsigned char>(end[-1]) <= ' ');
    return hasSpaces ? withoutSpaces(begin, end) : std::string_view(begin, static_cast<std::size_t>(end - begin));
}

} // namespace

std::uint64_t CsvParser::parse(std::string_view text)
{
    m_line = 0;
    const char *at = text.data();
    const char *end = at + text.size();
    while (at < end) {
        if (m_rows.takesBlocks()) {
            at = cutRows(at, end);
            m_rows.putRows(m_block, m_line);
            m_line += m_block.rows;
            if (at == end || m_block.rows == CellBlock::kRows)
                continue;
        }
        at = parseRecord(at, end);
    }
    return m_line;
}

/// Fills the block with rows of one line each that have the right number of cells. Where the next row begins.
const char *CsvParser::cutRows(const char *at, const char *end)
{
    Marks marks(m_rules, at);
    m_block.rows = 0;
    while (at < end && m_block.rows < CellBlock::kRows) {
        const char *record = at;
        if (!cutRow(marks, at, end) || static_cast<std::size_t>(at - record) > kMaxRecord + 1) [[unlikely]]
            return record;
        ++m_block.rows;
    }
    return at;
}

/// False for what parseRecord() has to look at.
bool CsvParser::cutRow(Marks &marks, const char *&at, const char *end)
{
    const char *record = at;
    for (std::size_t column = 0; column < m_columns; ++column) {
        const char *mark = nullptr;
        if (*at == '"') [[unlikely]] {
            const QuotedField field = scanQuoted(at, std::min(end, record + kMaxRecord), m_rules);
            if (field.outcome != QuoteOutcome::Closed || field.hasDoubledQuotes)
                return false;
            const std::string_view inner(at + 1, static_cast<std::size_t>(field.after - at - 2));
            if (inner.find(m_rules.lineEnd) != std::string_view::npos)
                return false;
            m_block.set(column, inner);
            marks.moveTo(field.after);
            mark = marks.next();
        } else {
            mark = marks.next();
            m_block.set(column, cellOf(at, mark));
        }
        at = mark + 1;
        if ((*mark == m_rules.lineEnd) != (column + 1 == m_columns)) [[unlikely]]
            return false;
    }
    return m_columns > 1 || !m_block.cellsOf(0)[m_block.rows].empty(); // a blank line is no row
}

/// One record, whatever it is. Where the next one begins.
const char *CsvParser::parseRecord(const char *record, const char *end)
{
    const char *at = record;
    Marks marks(m_rules, at);
    const std::uint64_t line = m_line;
    std::size_t column = 0;
    m_rows.beginRow();
    for (bool isLast = false; !isLast; ++column) {
        const char *mark = nullptr;
        if (*at == '"') {
            const QuotedField field = scanQuoted(at, std::min(end, record + kMaxRecord), m_rules);
            if (field.outcome != QuoteOutcome::Closed) {
                at = refuseFirstLine(field.outcome == QuoteOutcome::Unclosed ? RowProblem::OpenQuote : RowProblem::TextAfterQuote, record, end);
                m_line = line + 1;
                m_rows.endRow(line);
                return at;
            }
            if (column < m_columns && m_rows.isUsed(column))
                m_rows.put(column, unquoted(at, field));
            m_line += static_cast<std::uint64_t>(std::count(at, field.after, m_rules.lineEnd));
            marks.moveTo(field.after);
            mark = marks.next();
        } else {
            mark = marks.next();
            if (column < m_columns && m_rows.isUsed(column))
                m_rows.put(column, cellOf(at, mark));
        }
        isLast = *mark == m_rules.lineEnd;
        if (isLast && column == 0 && withoutSpaces(at, mark).empty()) { // a blank line
            ++m_line;
            return mark + 1;
        }
        at = mark + 1;
    }
    ++m_line;
    if (static_cast<std::size_t>(at - record) > kMaxRecord + 1) {
        at = refuseFirstLine(RowProblem::TooLong, record, end);
        m_line = line + 1;
    }
    if (column != m_columns)
        m_rows.refuse(RowProblem::FieldCount, RowBuilder::kWholeRow, withoutSpaces(record, at - 1));
    m_rows.endRow(line);
    return at;
}

const char *CsvParser::refuseFirstLine(RowProblem problem, const char *begin, const char *end)
{
    const auto *lineEnd = static_cast<const char *>(std::memchr(begin, m_rules.lineEnd, static_cast<std::size_t>(end - begin)));
    const char *next = lineEnd ? lineEnd + 1 : end;
    m_rows.refuse(problem, RowBuilder::kWholeRow, withoutSpaces(begin, lineEnd ? lineEnd : end));
    return next;
}

std::string_view CsvParser::unquoted(const char *open, const QuotedField &field)
{
    const std::string_view inner(open + 1, static_cast<std::size_t>(field.after - open - 2));
    if (!field.hasDoubledQuotes)
        return inner;
    m_scratch.clear();
    for (std::size_t i = 0; i < inner.size(); ++i) {
        m_scratch += inner[i];
        i += inner[i] == '"' ? 1U : 0U;
    }
    return m_scratch;
}

} // namespace countersign::predictions
