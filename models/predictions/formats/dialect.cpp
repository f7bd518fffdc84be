#include "models/predictions/formats/dialect.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "models/predictions/formats/numbers.h"

#include <algorithm>
#include <array>
#include <map>

namespace countersign::predictions {

namespace {

constexpr std::size_t kSampleRows = 500;
constexpr std::array kDelimiters{',', ';', '\t', '|'};

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\r'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// A number with `decimal` as its only separator, and at least one digit on either side of it.
bool isDecimal(std::string_view text, char decimal)
{
    text = trimmed(text);
    if (!text.empty() && (text.front() == '-' || text.front() == '+'))
        text.remove_prefix(1);
    const std::size_t point = text.find(decimal);
    if (point == std::string_view::npos || point == 0 || point + 1 == text.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i != point && !isDigit(text[i]))
            return false;
    return true;
}

/// "1.234" or "1,234": a decimal that could as well be a number of thousands.
bool couldBeThousands(std::string_view text, char separator)
{
    text = trimmed(text);
    const std::size_t at = text.find(separator);
    return isDecimal(text, separator) && text.size() - at == 4 && at <= 4 && text[text.front() == '-' ? 1 : 0] != '0';
}

/// "1.234,5" or "1,234.5": both separators in one number.
bool hasBothSeparators(std::string_view text)
{
    text = trimmed(text);
    bool hasPoint = false;
    bool hasComma = false;
    for (const char c : text) {
        if (!isDigit(c) && c != '.' && c != ',' && c != '-' && c != '+')
            return false;
        hasPoint = hasPoint || c == '.';
        hasComma = hasComma || c == ',';
    }
    return hasPoint && hasComma && isDigit(text.back());
}

Error ambiguous(std::string_view example, const char *why)
{
    return {ErrorKind::Invalid,
            std::string("Numbers in this file can be read in two ways, for example \"") + text::visible(std::string(example.substr(0, 40)))
                + "\": " + why + " Say which character is the decimal separator, and write numbers without thousands separators.",
            {}};
}

Result<char> findDecimal(const std::vector<std::vector<std::string>> &rows, char delimiter)
{
    std::size_t points = 0;
    std::size_t commas = 0;
    std::size_t doubtful = 0;
    std::string_view doubt;
    for (const auto &row : rows)
        for (const auto &cell : row) {
            if (!trimmed(cell).empty() && hasBothSeparators(cell))
                return ambiguous(cell, "it holds both a point and a comma.");
            points += isDecimal(cell, '.') ? 1U : 0U;
            if (isDecimal(cell, ',')) {
                ++commas;
                doubt = cell;
                doubtful += couldBeThousands(cell, ',') ? 1U : 0U;
            }
        }
    if (commas == 0)
        return '.';
    if (points > 0)
        return ambiguous(doubt, "other numbers in the file have a point.");
    if (doubtful == commas)
        return ambiguous(doubt, delimiter == ';' ? "the comma may separate decimals or thousands." : "the comma may separate thousands.");
    return ',';
}

/// How well a delimiter explains the text: the columns that most records agree on; 0 when they do not agree or have one column only.
std::size_t columnsAgreed(const std::vector<SampleRecord> &records)
{
    std::map<std::size_t, std::size_t> counts;
    for (const auto &record : records)
        ++counts[record.fields.size()];
    std::size_t best = 0;
    for (const auto &[columns, times] : counts)
        if (columns > 1 && times * 5 >= records.size() * 4)
            best = columns;
    return best;
}

char findDelimiter(std::string_view head, char lineEnd)
{
    char found = ',';
    std::size_t most = 0;
    for (const char delimiter : kDelimiters) {
        const std::size_t columns = columnsAgreed(sampleRecords(head, {delimiter, lineEnd}, 100));
        if (columns > most) {
            most = columns;
            found = delimiter;
        }
    }
    return found;
}

bool looksLikeData(std::string_view cell)
{
    double value = 0;
    const auto text = trimmed(cell);
    return parseNumber(text, '.', value) || parseNumber(text, ',', value);
}

/// A header has no numbers in it. In doubt, yes.
bool isHeader(const std::vector<std::string> &fields)
{
    return std::ranges::none_of(fields, [](const std::string &cell) { return looksLikeData(cell); });
}

Status checkHeader(const std::vector<std::string> &columns)
{
    if (columns.size() > kMaxColumns)
        return Error{ErrorKind::Invalid,
                     "The log has " + std::to_string(columns.size()) + " columns; " + std::to_string(kMaxColumns)
                         + " are the most. Write a log with the columns that metrics need.", "header"};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!text::isUtf8(columns[i]) || columns[i].find('\0') != std::string::npos)
            return Error{ErrorKind::Invalid, "The column's name is not UTF-8 text. Save the log as UTF-8 or UTF-16.",
                         "line 1, column " + std::to_string(i + 1)};
        if (columns[i].size() > 1024)
            return Error{ErrorKind::Invalid, "The column's name is longer than 1024 bytes. Is a quote missing?",
                         "line 1, column " + std::to_string(i + 1)};
    }
    return {};
}

Result<Sample> lookAtCsv(std::string_view head, const DialectChoice &choice)
{
    Sample sample;
    Dialect &dialect = sample.dialect;
    dialect.lineEnd = head.find('\n') == std::string_view::npos && head.find('\r') != std::string_view::npos ? '\r' : '\n';
    dialect.delimiter = choice.delimiter ? *choice.delimiter : findDelimiter(head, dialect.lineEnd);
    const auto records = sampleRecords(head, dialect.rules(), kSampleRows + 1);
    if (records.empty())
        return Error{ErrorKind::Invalid, "The log's beginning holds no record.", {}};
    const SampleRecord &first = records.front();
    if (!first.isGood)
        return Error{ErrorKind::Invalid, "A quote that the first line opens is not closed, or text follows the closing quote.", "line 1"};
    dialect.hasHeader = choice.hasHeader ? *choice.hasHeader : isHeader(first.fields);
    sample.headerBytes = dialect.hasHeader ? first.end : 0;
    for (std::size_t i = 0; i < first.fields.size(); ++i)
        sample.columns.push_back(dialect.hasHeader ? std::string(trimmed(first.fields[i])) : "column " + std::to_string(i + 1));
    const auto checked = checkHeader(sample.columns);
    if (!checked)
        return checked.error();
    for (std::size_t i = dialect.hasHeader ? 1 : 0; i < records.size(); ++i)
        if (records[i].fields.size() == sample.columns.size())
            sample.rows.push_back(records[i].fields);
    const auto decimal = choice.decimal ? Result<char>(*choice.decimal) : findDecimal(sample.rows, dialect.delimiter);
    if (!decimal)
        return decimal.error();
    dialect.decimal = *decimal;
    return sample;
}

std::string cellText(const json::Value &value)
{
    if (const auto *text = value.string())
        return *text;
    if (const auto *number = value.number())
        return number->lexeme;
    if (const auto *flag = value.boolean())
        return *flag ? "true" : "false";
    return {};
}

Result<Sample> lookAtJson(std::string_view head)
{
    Sample sample;
    sample.dialect = {Format::JsonLines, ',', '.', '\n', false};
    std::vector<json::Object> objects;
    std::map<std::string, std::size_t> columns;
    std::optional<Error> firstError;
    while (!head.empty() && objects.size() < kSampleRows) {
        const std::size_t end = std::min(head.find('\n'), head.size());
        const std::string_view line = trimmed(head.substr(0, end));
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.empty())
            continue;
        auto parsed = json::parse(line);
        if (!parsed || !parsed->object()) {
            if (!firstError)
                firstError = parsed ? Error{ErrorKind::Invalid, "Every line of the log has to be a JSON object.", "line 1"} : parsed.error();
            continue;
        }
        for (const auto &[key, value] : parsed->object()->members())
            if (columns.emplace(key, sample.columns.size()).second)
                sample.columns.push_back(key);
        objects.push_back(std::move(*parsed->object()));
    }
    if (objects.empty())
        return firstError.value_or(Error{ErrorKind::Invalid, "The log holds no line.", {}});
    const auto checked = checkHeader(sample.columns);
    if (!checked)
        return checked.error();
    for (const auto &object : objects) {
        std::vector<std::string> row(sample.columns.size());
        for (const auto &[key, value] : object.members())
            row[columns[key]] = cellText(value);
        sample.rows.push_back(std::move(row));
    }
    return sample;
}

/// Reads one record; the position behind its line end.
const char *readRecord(const char *begin, const char *end, const CsvRules &rules, SampleRecord &record)
{
    for (const char *at = begin;;) {
        std::string field;
        if (at < end && *at == '"') {
            const QuotedField quoted = scanQuoted(at, std::min(end, begin + kMaxRecord), rules);
            if (quoted.outcome != QuoteOutcome::Closed) {
                record.isGood = false;
                record.fields.clear();
                const char *line = std::find(begin, end, rules.lineEnd);
                return line == end ? end : line + 1;
            }
            for (const char *c = at + 1; c < quoted.after - 1; ++c) {
                field += *c;
                c += *c == '"' ? 1 : 0;
            }
            at = quoted.after;
            at += at < end && *at == '\r' && rules.lineEnd == '\n' ? 1 : 0;
        } else {
            const char *from = at;
            while (at < end && *at != rules.delimiter && *at != rules.lineEnd)
                ++at;
            field.assign(from, at);
        }
        const bool isLast = at == end || *at == rules.lineEnd;
        at += at < end ? 1 : 0;
        if (isLast && !field.empty() && field.back() == '\r')
            field.pop_back();
        record.fields.push_back(std::move(field));
        if (isLast)
            return at;
    }
}

} // namespace

std::string Dialect::text() const
{
    if (format == Format::JsonLines)
        return "JSON lines";
    if (format == Format::Parquet)
        return "Parquet";
    if (format == Format::Table)
        return "table, grouped where it is";
    return std::string("CSV, delimiter ") + (delimiter == '\t' ? std::string("tab") : std::string{'\'', delimiter, '\''}) + ", decimal '" + decimal
           + (hasHeader ? "', header" : "', no header") + (lineEnd == '\r' ? ", lines end with CR" : "");
}

std::vector<SampleRecord> sampleRecords(std::string_view text, const CsvRules &rules, std::size_t limit)
{
    std::vector<SampleRecord> records;
    const char *end = text.data() + text.size();
    for (const char *at = text.data(); at < end && records.size() < limit;) {
        SampleRecord record;
        record.begin = static_cast<std::size_t>(at - text.data());
        at = readRecord(at, end, rules, record);
        record.end = static_cast<std::size_t>(at - text.data());
        const bool isBlank = record.isGood && record.fields.size() == 1 && trimmed(record.fields.front()).empty();
        if (!isBlank)
            records.push_back(std::move(record));
    }
    return records;
}

Result<Sample> lookAt(std::string_view head, bool isWhole, const DialectChoice &choice)
{
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return Error{ErrorKind::Invalid, "The log is empty.", {}};
    if (head[first] == '[' && !choice.format)
        return Error{ErrorKind::Invalid, "This is a JSON array. Write one JSON object a line, without brackets and commas around them.", "line 1"};
    const bool isJson = choice.format ? *choice.format == Format::JsonLines : head[first] == '{';
    if (!isWhole) { // the last record is probably cut
        const char lineEnd = head.find('\n') == std::string_view::npos ? '\r' : '\n';
        const std::size_t last = head.rfind(lineEnd);
        if (last == std::string_view::npos)
            return Error{ErrorKind::Invalid, "The first line is longer than 1 MiB. Is this a log with one case a line?", {}};
        head = head.substr(0, last + 1);
    }
    return isJson ? lookAtJson(head) : lookAtCsv(head, choice);
}

} // namespace countersign::predictions
