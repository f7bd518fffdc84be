#include "models/predictions/formats/csvgrammar.h"

#include <algorithm>

namespace countersign::predictions {

namespace {

const char *find(const char *from, const char *end, char c)
{
    return from < end ? static_cast<const char *>(std::memchr(from, c, static_cast<std::size_t>(end - from))) : nullptr;
}

/// Behind the last `c` in [from, end), or `otherwise`.
const char *behindLast(const char *from, const char *end, char c, const char *otherwise)
{
    const auto *at = from < end ? static_cast<const char *>(::memrchr(from, c, static_cast<std::size_t>(end - from))) : nullptr;
    return at ? at + 1 : otherwise;
}

/// A record that is longer than allowed although it ends, and has a line end inside quotes: reading goes on at its second line.
/// `at`: behind its last quoted field. nullptr where that is not so.
const char *secondLineOfLongRecord(const char *record, const char *at, const char *end, char lineEnd)
{
    if (static_cast<std::size_t>(end - record) <= kMaxRecord)
        return nullptr;
    const char *last = find(at, end, lineEnd);
    if (static_cast<std::size_t>((last ? last : end) - record) <= kMaxRecord)
        return nullptr;
    const char *first = find(record, at, lineEnd);
    return first ? first + 1 : nullptr;
}

} // namespace

const char *lastRecordEnd(const char *begin, const char *end, bool isFinal, const CsvRules &rules)
{
    const char *record = begin; // where the record around `at` begins
    const char *at = begin;
    for (;;) {
        const char *quote = find(at, end, '"');
        if (const char *second = secondLineOfLongRecord(record, at, quote ? quote : end, rules.lineEnd)) {
            record = at = second;
            continue;
        }
        if (!quote)
            return isFinal ? end : behindLast(at, end, rules.lineEnd, record);
        record = behindLast(at, quote, rules.lineEnd, record);
        if (quote != record && quote[-1] != rules.delimiter) {
            at = quote + 1;
            continue;
        }
        const std::size_t reach = std::min(kMaxRecord, static_cast<std::size_t>(end - record));
        const QuotedField field = scanQuoted(quote, record + reach, rules);
        // What follows the quote, or whether it is doubled, may still be unread.
        const bool isUndecided = !isFinal && reach < kMaxRecord && (field.outcome == QuoteOutcome::Unclosed || field.after + 1 >= end);
        if (isUndecided)
            return record;
        if (field.outcome == QuoteOutcome::Closed) {
            at = field.after;
            continue;
        }
        const char *firstLineEnd = find(record, end, rules.lineEnd);
        if (!firstLineEnd)
            return isFinal ? end : record;
        record = at = firstLineEnd + 1;
    }
}

} // namespace countersign::predictions
