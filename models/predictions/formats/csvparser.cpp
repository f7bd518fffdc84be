#include "models/predictions/formats/csvparser.h"

#include <bit>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace countersign::predictions {

namespace {

/// Finds delimiters and line ends 64 bytes at a time: a bit for each, taken off one after another.
class Marks
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

/// Instead of a number of columns: the line is blank; the record was refused and reading goes on at its second line.
constexpr std::size_t kBlank = static_cast<std::size_t>(-1);
constexpr std::size_t kRefused = static_cast<std::size_t>(-2);

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view withoutSpaces(const char *begin, const char *end)
{
    while (begin < end && isSpace(*begin))
        ++begin;
    while (begin < end && isSpace(end[-1]))
        --end;
    return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace

std::uint64_t CsvParser::parse(std::string_view text)
{
    m_line = 0;
    const char *at = text.data();
    const char *end = at + text.size();
    Marks marks(m_rules, at);
    while (at < end) {
        const char *record = at;
        const std::uint64_t line = m_line;
        std::size_t column = 0;
        m_rows.beginRow();
        for (;;) {
            const char *mark = nullptr;
            if (*at == '"') [[unlikely]] {
                const QuotedField field = scanQuoted(at, std::min(end, record + kMaxRecord), m_rules);
                if (field.outcome != QuoteOutcome::Closed) {
                    at = refuseFirstLine(field.outcome == QuoteOutcome::Unclosed ? RowProblem::OpenQuote : RowProblem::TextAfterQuote, record, end);
                    m_line = line;
                    marks.moveTo(at);
                    column = kRefused;
                    break;
                }
                if (column < m_columns && m_rows.isUsed(column))
                    m_rows.put(column, unquoted(at, field));
                m_line += static_cast<std::uint64_t>(std::count(at, field.after, m_rules.lineEnd));
                marks.moveTo(field.after);
                mark = marks.next();
            } else {
                mark = marks.next();
                if (column < m_columns && m_rows.isUsed(column)) {
                    const bool hasSpaces = mark > at && (static_cast<unsigned char>(*at) <= ' ' || static_cast<unsigned char>(mark[-1]) <= ' ');
                    m_rows.put(column, hasSpaces ? withoutSpaces(at, mark) : std::string_view(at, static_cast<std::size_t>(mark - at)));
                }
            }
            ++column;
            const bool isLast = *mark == m_rules.lineEnd;
            if (isLast && column == 1 && withoutSpaces(at, mark).empty())
                column = kBlank;
            at = mark + 1;
            if (isLast)
                break;
        }
        ++m_line;
        if (column == kBlank) [[unlikely]]
            continue;
        if (static_cast<std::size_t>(at - record) > kMaxRecord + 1 && column != kRefused) [[unlikely]] {
            at = refuseFirstLine(RowProblem::TooLong, record, end);
            m_line = line + 1;
            marks.moveTo(at);
        }
        if (column != m_columns && column != kRefused) [[unlikely]]
            m_rows.refuse(RowProblem::FieldCount, RowBuilder::kWholeRow, withoutSpaces(record, at - 1));
        m_rows.endRow(line);
    }
    return m_line;
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
