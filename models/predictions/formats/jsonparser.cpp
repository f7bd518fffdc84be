#include "models/predictions/formats/jsonparser.h"

#include "models/base/utf8.h"
#include "models/predictions/formats/csvgrammar.h"

#include <cstring>

namespace countersign::predictions {

namespace {

constexpr int kMaxDepth = 64;

void skipSpaces(const char *&at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        ++at;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool skipDigits(const char *&at, const char *end)
{
    const char *from = at;
    while (at < end && isDigit(*at))
        ++at;
    return at > from;
}

/// A number by JSON's grammar.
bool skipNumber(const char *&at, const char *end)
{
    if (at < end && *at == '-')
        ++at;
    if (at < end && *at == '0')
        ++at;
    else if (!skipDigits(at, end))
        return false;
    if (at < end && *at == '.' && !skipDigits(++at, end))
        return false;
    if (at < end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at < end && (*at == '+' || *at == '-'))
            ++at;
        return skipDigits(at, end);
    }
    return true;
}

bool skipWord(const char *&at, const char *end, std::string_view word)
{
    if (static_cast<std::size_t>(end - at) < word.size() || std::memcmp(at, word.data(), word.size()) != 0)
        return false;
    at += word.size();
    return true;
}

bool fourHex(const char *&at, const char *end, std::uint32_t &value)
{
    if (end - at < 4)
        return false;
    value = 0;
    for (int i = 0; i < 4; ++i, ++at) {
        const char c = *at;
        const int digit = isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return false;
        value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
}

/// "\u0041" with its second half where it needs one; a lone half is an error.
bool readUnicodeEscape(const char *&at, const char *end, std::string &to)
{
    std::uint32_t value = 0;
    if (!fourHex(at, end, value))
        return false;
    if (value >= 0xDC00 && value < 0xE000)
        return false;
    if (value >= 0xD800 && value < 0xDC00) {
        std::uint32_t low = 0;
        if (!skipWord(at, end, "\\u") || !fourHex(at, end, low) || low < 0xDC00 || low >= 0xE000)
            return false;
        value = 0x10000U + ((value - 0xD800U) << 10U) + (low - 0xDC00U);
    }
    text::appendUtf8(to, value);
    return true;
}

/// `at` on the opening quote. Well-formed UTF-8 is the dictionary's business.
bool readString(const char *&at, const char *end, std::string &to)
{
    to.clear();
    ++at;
    while (at < end) {
        const char *from = at;
        while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20)
            ++at;
        to.append(from, at);
        if (at == end || static_cast<unsigned char>(*at) < 0x20)
            return false;
        if (*at++ == '"')
            return true;
        if (at == end)
            return false;
        constexpr std::string_view escapes = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        const char escape = *at++;
        const std::size_t known = escapes.find(escape);
        if (known != std::string_view::npos)
            to += meanings[known];
        else if (escape != 'u' || !readUnicodeEscape(at, end, to))
            return false;
    }
    return false;
}

/// Any value of a key that nobody asked for.
bool skipValue(const char *&at, const char *end, std::string &scratch, int depth);

bool skipContainer(const char *&at, const char *end, std::string &scratch, int depth)
{
    const bool isObject = *at == '{';
    const char close = isObject ? '}' : ']';
    if (depth >= kMaxDepth)
        return false;
    ++at;
    skipSpaces(at, end);
    if (at < end && *at == close)
        return ++at, true;
    for (;;) {
        skipSpaces(at, end);
        if (isObject) {
            if (at == end || *at != '"' || !readString(at, end, scratch))
                return false;
            skipSpaces(at, end);
            if (at == end || *at++ != ':')
                return false;
            skipSpaces(at, end);
        }
        if (!skipValue(at, end, scratch, depth + 1))
            return false;
        skipSpaces(at, end);
        if (at == end || (*at != ',' && *at != close))
            return false;
        if (*at++ == close)
            return true;
    }
}

bool skipValue(const char *&at, const char *end, std::string &scratch, int depth)
{
    if (at == end)
        return false;
    switch (*at) {
    case '{':
    case '[': return skipContainer(at, end, scratch, depth);
    case '"': return readString(at, end, scratch);
    case 't': return skipWord(at, end, "true");
    case 'f': return skipWord(at, end, "false");
    case 'n': return skipWord(at, end, "null");
    default: return skipNumber(at, end);
    }
}

constexpr std::size_t kNotMapped = static_cast<std::size_t>(-1);

} // namespace

JsonLineParser::JsonLineParser(const std::vector<std::string> &columns, RowBuilder &rows) : m_rows(rows)
{
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (rows.isUsed(i))
            m_used.emplace_back(columns[i], i);
    m_seen.resize(m_used.size());
}

std::uint64_t JsonLineParser::parse(std::string_view text)
{
    std::uint64_t lines = 0;
    const char *at = text.data();
    const char *end = at + text.size();
    while (at < end) {
        const auto *lineEnd = static_cast<const char *>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
        const char *stop = lineEnd ? lineEnd : end;
        const char *first = at;
        skipSpaces(first, stop);
        if (first < stop) {
            m_rows.beginRow();
            if (static_cast<std::size_t>(stop - at) > kMaxRecord)
                m_rows.refuse(RowProblem::TooLong, RowBuilder::kWholeRow, {first, static_cast<std::size_t>(stop - first)});
            else
                parseLine({first, static_cast<std::size_t>(stop - first)});
            m_rows.endRow(lines);
        }
        ++lines;
        at = lineEnd ? lineEnd + 1 : end;
    }
    return lines;
}

void JsonLineParser::parseLine(std::string_view line)
{
    m_rows.clearRow();
    std::fill(m_seen.begin(), m_seen.end(), false);
    m_expected = 0;
    const char *at = line.data();
    const char *end = at + line.size();
    bool isGood = parseObject(at, end);
    skipSpaces(at, end);
    isGood = isGood && at == end;
    if (!isGood)
        m_rows.refuse(RowProblem::BadJson, RowBuilder::kWholeRow, line);
}

bool JsonLineParser::parseObject(const char *&at, const char *end)
{
    if (at == end || *at++ != '{')
        return false;
    skipSpaces(at, end);
    if (at < end && *at == '}')
        return ++at, true;
    for (;;) {
        skipSpaces(at, end);
        if (!parseMember(at, end))
            return false;
        skipSpaces(at, end);
        if (at == end || (*at != ',' && *at != '}'))
            return false;
        if (*at++ == '}')
            return true;
    }
}

bool JsonLineParser::parseMember(const char *&at, const char *end)
{
    if (at == end || *at != '"' || !readString(at, end, m_key))
        return false;
    skipSpaces(at, end);
    if (at == end || *at++ != ':')
        return false;
    skipSpaces(at, end);
    const std::size_t used = columnOf(m_key);
    if (used == kNotMapped)
        return skipValue(at, end, m_value, 1);
    const std::size_t column = m_used[used].second;
    if (m_seen[used])
        m_rows.refuse(RowProblem::RepeatedKey, column, m_key);
    m_seen[used] = true;
    return putValue(column, at, end);
}

std::size_t JsonLineParser::columnOf(std::string_view key)
{
    if (m_expected < m_used.size() && m_used[m_expected].first == key)
        return m_expected++;
    for (std::size_t i = 0; i < m_used.size(); ++i)
        if (m_used[i].first == key) {
            m_expected = i + 1;
            return i;
        }
    return kNotMapped;
}

bool JsonLineParser::putValue(std::size_t column, const char *&at, const char *end)
{
    const char *from = at;
    if (at < end && *at == '"') {
        if (!readString(at, end, m_value))
            return false;
        m_rows.put(column, m_value);
        return true;
    }
    if (at < end && (*at == '{' || *at == '[')) {
        if (!skipValue(at, end, m_value, 1))
            return false;
        m_rows.refuse(RowProblem::NestedValue, column, {from, static_cast<std::size_t>(at - from)});
        return true;
    }
    if (!skipValue(at, end, m_value, 1))
        return false;
    const std::string_view word(from, static_cast<std::size_t>(at - from));
    m_rows.put(column, word == "null" ? std::string_view() : word);
    return true;
}

} // namespace countersign::predictions
