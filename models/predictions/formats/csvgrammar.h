#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

/// The rules of comma-separated text, once, for everyone who has to agree on where a record ends: the splitter, which cuts a log
/// into chunks in order, and the parsers, which read the chunks at the same time.
///
/// RFC 4180, and what people write: a quote opens a field only at its beginning; inside an unquoted field it is a character. A
/// quoted field ends at a quote that is not doubled; a delimiter, a line end or the end of the text must follow. A record in which
/// that fails, or which is longer than kMaxRecord, is wrong, and costs its first line only: reading goes on at the line after the
/// one in which it began, so that one forgotten quote does not swallow a log.
namespace countersign::predictions {

inline constexpr std::size_t kMaxRecord = 1U << 20;

/// How records are told apart.
struct CsvRules {
    char delimiter = ',';
    char lineEnd = '\n'; ///< '\n' also ends with "\r\n"; '\r' for old files that have no line feed
};

enum class QuoteOutcome : std::uint8_t {
    Closed,     ///< after = the first byte behind the closing quote
    TextAfter,  ///< something that is neither delimiter nor line end follows the closing quote
    Unclosed,   ///< no closing quote before `limit`
};

struct QuotedField {
    QuoteOutcome outcome = QuoteOutcome::Unclosed;
    const char *after = nullptr;
    bool hasDoubledQuotes = false;
};

/// `open` points at the opening quote, the text ends at `limit`.
inline QuotedField scanQuoted(const char *open, const char *limit, const CsvRules &rules)
{
    QuotedField field;
    const char *at = open + 1;
    while (at < limit) {
        at = static_cast<const char *>(std::memchr(at, '"', static_cast<std::size_t>(limit - at)));
        if (!at)
            return field;
        ++at;
        if (at < limit && *at == '"') {
            field.hasDoubledQuotes = true;
            ++at;
            continue;
        }
        field.after = at;
        const bool isClean = at == limit || *at == rules.delimiter || *at == rules.lineEnd
                             || (*at == '\r' && (at + 1 == limit || at[1] == '\n'));
        field.outcome = isClean ? QuoteOutcome::Closed : QuoteOutcome::TextAfter;
        return field;
    }
    return field;
}

/// The end of the last complete record in [begin, end): where the text may be cut. `begin` begins a record. Returns `begin` when
/// no record is complete. `isFinal`: nothing follows `end`, so the last record needs no line end.
const char *lastRecordEnd(const char *begin, const char *end, bool isFinal, const CsvRules &rules);

} // namespace countersign::predictions
