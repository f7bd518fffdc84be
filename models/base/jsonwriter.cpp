#include "models/base/json.h"
#include "models/base/number.h"
#include "models/base/text.h"

#include <algorithm>
#include <cmath>

namespace countersign::json {

namespace {

/// UTF-16 code unit order over UTF-8: as bytes, but for surrogates (lead bytes F0 to F4), which sort before U+E000 to U+FFFF.
bool isBeforeInUtf16(const std::string &a, const std::string &b)
{
    const auto [i, j] = std::ranges::mismatch(a, b);
    if (i == a.end() || j == b.end())
        return i == a.end() && j != b.end();
    const auto x = static_cast<unsigned char>(*i);
    const auto y = static_cast<unsigned char>(*j);
    if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0))
        return x >= 0xF0;
    return x < y;
}

bool isAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<signed char>(c) >= 0; });
}

/// Whether the text is a JSON number; values made by programs may hold anything.
bool isNumberText(std::string_view text)
{
    const auto skipDigits = [&text] {
        const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
        text.remove_prefix(end);
        return end > 0;
    };
    const auto skip = [&text](char c) {
        const bool found = text.starts_with(c);
        text.remove_prefix(found ? 1 : 0);
        return found;
    };
    skip('-');
    if (!skip('0') && !skipDigits())
        return false;
    if (skip('.') && !skipDigits())
        return false;
    if (skip('e') || skip('E')) {
        if (!skip('+'))
            skip('-');
        if (!skipDigits())
            return false;
    }
    return text.empty();
}

/// Up to 15 digits: written by ECMAScript as they stand.
bool isPlainInteger(std::string_view text)
{
    if (text.starts_with('-') && text != "-0")
        text.remove_prefix(1);
    return !text.empty() && text.size() <= 15 && text.find_first_not_of("0123456789") == std::string_view::npos
        && (text.size() == 1 || text[0] != '0');
}

class Writer
{
public:
    Writer(bool isRestricted, int maxDepth) : m_isRestricted(isRestricted), m_maxDepth(maxDepth) {}

    Result<Bytes> write(const Value &value)
    {
        if (!writeValue(value, 0))
            return Error{ErrorKind::Invalid, m_message, "at $" + m_path};
        return std::move(m_out);
    }

private:
    bool fail(const char *message)
    {
        m_message = message;
        return false;
    }

    bool writeValue(const Value &value, int depth)
    {
        if (const auto *text = value.string())
            return writeString(*text);
        if (const auto *object = value.object())
            return writeObject(*object, depth + 1);
        if (const auto *array = value.array())
            return writeArray(*array, depth + 1);
        if (const auto *number = value.number())
            return writeNumber(number->lexeme);
        const bool *flag = value.boolean();
        m_out += !flag ? "null" : *flag ? "true" : "false";
        return true;
    }

    bool writeArray(const Array &array, int depth)
    {
        if (depth > m_maxDepth)
            return fail("The value is nested too deeply.");
        m_out.push_back('[');
        for (std::size_t i = 0; i < array.size(); ++i) {
            if (i)
                m_out.push_back(',');
            if (!writeValue(array[i], depth)) {
                m_path.insert(0, "[" + std::to_string(i) + "]");
                return false;
            }
        }
        m_out.push_back(']');
        return true;
    }

    bool writeObject(const Object &object, int depth)
    {
        if (depth > m_maxDepth)
            return fail("The value is nested too deeply.");
        std::vector<const Member *> members;
        members.reserve(object.size());
        for (const Member &member : object.members())
            members.push_back(&member);
        const auto isBefore = [](const Member *a, const Member *b) { return isBeforeInUtf16(a->first, b->first); };
        if (!std::ranges::is_sorted(members, isBefore))
            std::ranges::sort(members, isBefore);
        m_out.push_back('{');
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (i)
                m_out.push_back(',');
            if (!writeMember(*members[i], i ? members[i - 1] : nullptr, depth)) {
                m_path.insert(0, "." + text::visible(members[i]->first));
                return false;
            }
        }
        m_out.push_back('}');
        return true;
    }

    bool writeMember(const Member &member, const Member *before, int depth)
    {
        if (before && before->first == member.first)
            return fail("The key stands twice in one object.");
        if (m_isRestricted && !isAscii(member.first))
            return fail("Keys must be ASCII here.");
        if (!writeString(member.first))
            return false;
        m_out.push_back(':');
        return writeValue(member.second, depth);
    }

    bool writeString(std::string_view text)
    {
        if (m_isRestricted ? !text::isClean(text) : !text::isUtf8(text))
            return fail(m_isRestricted ? "The text is not in Unicode form NFC or holds a control or invisible character."
                                       : "The text is not well-formed UTF-8.");
        m_out.push_back('"');
        std::size_t copied = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto c = static_cast<unsigned char>(text[i]);
            if (c >= 0x20 && c != '"' && c != '\\')
                continue;
            m_out.append(text, copied, i - copied);
            copied = i + 1;
            writeEscape(c);
        }
        m_out.append(text, copied);
        m_out.push_back('"');
        return true;
    }

    void writeEscape(unsigned char c)
    {
        constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
        constexpr std::string_view names = "\"\\bfnrt";
        constexpr std::string_view hex = "0123456789abcdef";
        m_out.push_back('\\');
        const auto named = escaped.find(static_cast<char>(c));
        if (named != std::string_view::npos) {
            m_out.push_back(names[named]);
            return;
        }
        m_out += "u00";
        m_out.push_back(hex[c >> 4]);
        m_out.push_back(hex[c & 15]);
    }

    bool writeNumber(const std::string &lexeme)
    {
        if (isPlainInteger(lexeme)) {
            m_out += lexeme;
            return true;
        }
        if (!isNumberText(lexeme))
            return fail("The number is not written as JSON writes numbers.");
        if (m_isRestricted)
            return writeLongInteger(lexeme);
        const auto value = number::parse(lexeme);
        if (!value)
            return fail("The number is beyond what JSON readers hold (1.8e308).");
        m_out += number::ecmaScript(*value);
        return true;
    }

    /// Sixteen digits, at most 2^53 - 1; anything else is no integer of the restricted form.
    bool writeLongInteger(const std::string &lexeme)
    {
        const auto value = Value(Number{lexeme}).integer();
        constexpr std::int64_t largest = (std::int64_t{1} << 53) - 1;
        if (!value || *value > largest || *value < -largest || std::to_string(*value) != lexeme)
            return fail("Numbers must be whole and at most 2^53 - 1 here.");
        m_out += lexeme;
        return true;
    }

    bool m_isRestricted;
    int m_maxDepth;
    Bytes m_out;
    std::string m_message;
    std::string m_path;
};

} // namespace

Result<Bytes> canonical(const Value &value) { return Writer(false, 10'000).write(value); }

Result<Bytes> writeRestricted(const Value &value, int maxDepth) { return Writer(true, maxDepth).write(value); }

} // namespace countersign::json
