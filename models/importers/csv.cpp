#include "models/importers/csv.h"

#include "models/base/text.h"

#include <algorithm>
#include <cstring>

namespace countersign::importers {

namespace {

constexpr std::size_t kSample = 200;

std::size_t index(char c) { return static_cast<unsigned char>(c); }

std::array<bool, 256> specials(char delimiter)
{
    std::array<bool, 256> table{};
    table[index(delimiter)] = table[index('\n')] = table[index('\r')] = true;
    return table;
}

/// LF, CRLF and a lone CR each end one line.
std::uint64_t countLines(std::string_view text)
{
    std::uint64_t lines = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        lines += text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) ? 1 : 0;
    return lines;
}

/// Doubled quotes become single ones, in place; gives the new length.
std::size_t unescapeQuotes(char *text, std::size_t size)
{
    std::size_t to = 0;
    for (std::size_t from = 0; from < size; ++from) {
        text[to++] = text[from];
        if (text[from] == '"')
            ++from;
    }
    return to;
}

} // namespace

CsvReader::CsvReader(TextSource source, char delimiter) : m_window(std::move(source)), m_delimiter(delimiter) {}

void CsvReader::setDelimiter(char delimiter) { m_delimiter = delimiter; }

CsvReader::Outcome CsvReader::scanQuoted(std::size_t &at, Extent &field, const std::array<bool, 256> &special)
{
    const char *const text = m_window.begin();
    const std::size_t size = m_window.size();
    field.from = ++at;
    for (;;) {
        const void *quote = at < size ? std::memchr(text + at, '"', size - at) : nullptr;
        const std::size_t stop = quote ? static_cast<std::size_t>(static_cast<const char *>(quote) - text) : size;
        if (stop - field.from > kMaxField)
            return Outcome::TooLong;
        at = stop;
        if (!quote || (stop + 1 == size && !m_window.isAtEnd()))
            return Outcome::NeedsMore;
        if (stop + 1 < size && text[stop + 1] == '"') {
            field.hasEscapes = true;
            at = stop + 2;
            continue;
        }
        field.to = stop;
        at = stop + 1;
        const bool isEnd = at == size || special[index(text[at])];
        return isEnd ? Outcome::Complete : Outcome::TextAfterQuote;
    }
}

CsvReader::Scan CsvReader::scan(char delimiter, std::vector<Extent> &fields)
{
    const std::array<bool, 256> special = specials(delimiter);
    const char *const text = m_window.begin();
    const std::size_t size = m_window.size();
    Scan record;
    std::size_t at = 0;
    fields.clear();
    for (;;) {
        Extent field{at, at, false};
        if (at < size && text[at] == '"') {
            record.hasQuotes = true;
            record.outcome = scanQuoted(at, field, special);
            if (record.outcome != Outcome::Complete)
                return record;
        } else {
            while (at < size && !special[index(text[at])])
                ++at;
            field.to = at;
            if (field.to - field.from > kMaxField) {
                record.outcome = Outcome::TooLong;
                return record;
            }
        }
        if (fields.size() == kMaxFields) {
            record.outcome = Outcome::TooMany;
            return record;
        }
        fields.push_back(field);
        if (at < size && text[at] == delimiter) {
            ++at;
            continue;
        }
        const bool mayPair = at + 1 == size && text[at] == '\r';
        if ((at == size || mayPair) && !m_window.isAtEnd()) {
            record.outcome = Outcome::NeedsMore;
            return record;
        }
        record.outcome = Outcome::Complete;
        record.end = at;
        if (at < size)
            at += text[at] == '\r' && at + 1 < size && text[at + 1] == '\n' ? 2 : 1;
        record.next = at;
        return record;
    }
}

Result<std::vector<std::string>> CsvReader::peek(char delimiter)
{
    std::vector<Extent> extents;
    for (;;) {
        const Scan record = scan(delimiter, extents);
        if (record.outcome == Outcome::Complete)
            break;
        if (record.outcome != Outcome::NeedsMore || m_window.isFull() || m_window.isAtEnd())
            return std::vector<std::string>();
        if (const auto filled = m_window.fill(); !filled)
            return filled.error();
    }
    std::vector<std::string> fields;
    for (const Extent &extent : extents) {
        std::string field(m_window.begin() + extent.from, extent.to - extent.from);
        if (extent.hasEscapes)
            field.resize(unescapeQuotes(field.data(), field.size()));
        fields.push_back(std::move(field));
    }
    return fields;
}

void CsvReader::takeFields(const Scan &record)
{
    char *const text = m_window.begin();
    m_fields.clear();
    for (const Extent &extent : m_extents) {
        std::size_t size = extent.to - extent.from;
        if (extent.hasEscapes)
            size = unescapeQuotes(text + extent.from, size);
        m_fields.emplace_back(text + extent.from, size);
    }
    m_line += record.hasQuotes ? countLines({text, record.next}) : 1;
    m_window.consume(record.next); // the bytes stay where they are until the next fill
}

void CsvReader::checkText(std::size_t end)
{
    if (isPlainAscii({m_window.begin(), end}))
        return;
    for (std::size_t i = 0; i < m_extents.size(); ++i) {
        const Extent &extent = m_extents[i];
        const std::string_view field(m_window.begin() + extent.from, extent.to - extent.from);
        const bool hasNul = field.find('\0') != std::string_view::npos;
        if (!hasNul && text::isUtf8(field))
            continue;
        m_problem = hasNul ? "The text holds a NUL character." : "The text is not valid UTF-8. Save the file as UTF-8.";
        m_badField = static_cast<int>(i);
        m_sample = field.substr(0, kSample);
        return;
    }
}

Result<bool> CsvReader::giveProblem(std::string problem, int field, const Progress &progress)
{
    m_problem = std::move(problem);
    m_badField = field;
    m_sample.assign(m_window.begin(), std::min(m_window.size(), kSample));
    const auto skipped = m_window.skipLine(progress);
    if (!skipped)
        return skipped.error();
    ++m_line;
    return true;
}

Result<bool> CsvReader::next(const Progress &progress)
{
    m_problem.clear();
    m_badField = -1;
    for (;;) {
        if (m_window.size() == 0 && m_window.isAtEnd())
            return false;
        const Scan record = scan(m_delimiter, m_extents);
        m_recordLine = m_line;
        switch (record.outcome) {
        case Outcome::Complete:
            if (record.next == 0)
                return false;
            if (record.end == 0) { // a blank line
                ++m_line;
                m_window.consume(record.next);
                continue;
            }
            checkText(record.end);
            takeFields(record);
            return true;
        case Outcome::TooLong:
            return giveProblem("A field is longer than 1 MiB. Is a closing quote missing?", static_cast<int>(m_extents.size()), progress);
        case Outcome::TooMany:
            return giveProblem("The row has more than 4096 fields.", -1, progress);
        case Outcome::TextAfterQuote:
            return giveProblem("There is text after a closing quote. A quote inside a quoted field is written twice.",
                               static_cast<int>(m_extents.size()), progress);
        case Outcome::NeedsMore:
            break;
        }
        if (m_window.isAtEnd())
            return giveProblem("A quoted field is never closed.", static_cast<int>(m_extents.size()), progress);
        if (m_window.isFull())
            return giveProblem("The row is longer than 4 MiB.", -1, progress);
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading was stopped.", {}};
        if (const auto filled = m_window.fill(); !filled)
            return filled.error();
    }
}

Result<bool> LineReader::next(const Progress &progress)
{
    m_isTooLong = false;
    for (;;) {
        const std::string_view rest(m_window.begin(), m_window.size());
        const std::size_t stop = rest.find_first_of("\r\n");
        const bool mayPair = stop != std::string_view::npos && rest[stop] == '\r' && stop + 1 == rest.size();
        const bool isWhole = stop != std::string_view::npos && (!mayPair || m_window.isAtEnd());
        const std::size_t length = std::min(stop, rest.size());
        if (length > CsvReader::kMaxField) {
            m_sample.assign(rest.substr(0, kSample));
            m_text = m_sample;
            m_isTooLong = true;
            ++m_line;
            const auto skipped = m_window.skipLine(progress);
            return skipped ? Result<bool>(true) : skipped;
        }
        if (isWhole || m_window.isAtEnd()) {
            if (rest.empty())
                return false;
            m_text = rest.substr(0, length);
            const bool isPair = isWhole && rest[stop] == '\r' && stop + 1 < rest.size() && rest[stop + 1] == '\n';
            m_window.consume(length + (isWhole ? (isPair ? 2 : 1) : 0));
            ++m_line;
            return true;
        }
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading was stopped.", {}};
        if (const auto filled = m_window.fill(); !filled)
            return filled.error();
    }
}

} // namespace countersign::importers
