#include "models/base/json.h"
#include "models/base/text.h"
#include "models/base/utf8.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace countersign::json {

namespace {

/// Bytes that stand for themselves inside a string: ASCII but for quote, backslash and control characters.
constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0x20; c < 0x80; ++c)
        plain[c] = c != '"' && c != '\\';
    return plain;
}();

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// A key as part of a path for people: ".key", or quoted where it is not a plain name.
std::string pathStep(const std::string &key)
{
    const bool isName = !key.empty() && key.size() <= 60
        && std::ranges::all_of(key, [](char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; });
    return isName ? "." + key : "[\"" + text::visible(std::string_view(key).substr(0, 60)) + "\"]";
}

/// Few texts have more digits than this and are still integers up to 2^53 - 1.
constexpr std::string_view kLargestInteger = "9007199254740991";

} // namespace

/// One pass over the text. In restricted form every rule of the canonical form is checked while reading, so that text which is
/// read has exactly one spelling and need not be written again for comparison.
class Reader
{
public:
    Reader(BytesView text, const Limits &limits, bool isRestricted)
        : m_begin(text.data()), m_at(text.data()), m_end(text.data() + text.size()), m_limits(limits), m_isRestricted(isRestricted)
    {
    }

    Result<Value> read()
    {
        Value value;
        if (static_cast<std::size_t>(m_end - m_begin) > m_limits.bytes)
            return Error{ErrorKind::Invalid, "The JSON text is longer than " + std::to_string(m_limits.bytes) + " bytes.", {}};
        if (!readValue(value, 0))
            return error();
        skipSpace();
        if (m_at != m_end) {
            fail("Nothing may follow the JSON value.");
            return error();
        }
        return value;
    }

private:
    bool fail(std::string message)
    {
        m_message = std::move(message);
        return false;
    }

    Error error() const
    {
        const std::string_view before(m_begin, static_cast<std::size_t>(m_at - m_begin));
        const auto line = 1 + std::ranges::count(before, '\n');
        const auto lineStart = before.rfind('\n');
        const std::string_view inLine = lineStart == std::string_view::npos ? before : before.substr(lineStart + 1);
        const auto column = 1 + std::ranges::count_if(inLine, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
        return {ErrorKind::Invalid, m_message, "line " + std::to_string(line) + ", column " + std::to_string(column) + ", at $" + m_path};
    }

    /// Restricted text has no space to skip; what is there then fails as an unexpected character.
    void skipSpace()
    {
        while (!m_isRestricted && m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
    }

    bool take(char c)
    {
        if (m_at == m_end || *m_at != c)
            return false;
        ++m_at;
        return true;
    }

    bool count() { return ++m_values <= m_limits.members || fail("The JSON text holds too many values."); }

    bool readValue(Value &out, int depth)
    {
        skipSpace();
        if (!count())
            return false;
        if (m_at == m_end)
            return fail("The JSON text ends where a value should begin.");
        switch (*m_at) {
        case '{':
            return readObject(out, depth + 1);
        case '[':
            return readArray(out, depth + 1);
        case '"': {
            std::string text;
            if (!readString(text))
                return false;
            out = Value(std::move(text));
            return true;
        }
        case 't':
            return readWord("true", out, Value(true));
        case 'f':
            return readWord("false", out, Value(false));
        case 'n':
            return readWord("null", out, Value());
        default:
            return readNumber(out);
        }
    }

    bool readWord(std::string_view word, Value &out, Value value)
    {
        if (!std::string_view(m_at, static_cast<std::size_t>(m_end - m_at)).starts_with(word))
            return fail("Expected a JSON value.");
        m_at += word.size();
        out = std::move(value);
        return true;
    }

    bool readArray(Value &out, int depth)
    {
        if (depth > m_limits.depth)
            return fail("The JSON text is nested too deeply.");
        ++m_at;
        Array items;
        skipSpace();
        if (!take(']')) {
            do {
                if (!readValue(items.emplace_back(), depth)) {
                    m_path.insert(0, "[" + std::to_string(items.size() - 1) + "]");
                    return false;
                }
                skipSpace();
            } while (take(','));
            if (!take(']'))
                return fail("Expected \",\" or \"]\".");
        }
        out = Value(std::move(items));
        return true;
    }

    bool readObject(Value &out, int depth)
    {
        if (depth > m_limits.depth)
            return fail("The JSON text is nested too deeply.");
        ++m_at;
        Object object;
        skipSpace();
        if (!take('}')) {
            object.m_members.reserve(4);
            if (!readMembers(object.m_members, depth))
                return false;
            if (!take('}'))
                return fail("Expected \",\" or \"}\".");
        }
        out = Value(std::move(object));
        return true;
    }

    bool readMembers(std::vector<Member> &members, int depth)
    {
        // Keys that ascend cannot repeat; only where they do not is a search needed. Long objects are searched at their end.
        constexpr std::size_t searched = 16;
        bool ascends = true;
        std::vector<const char *> places;
        do {
            skipSpace();
            const char *const place = m_at;
            Member &member = members.emplace_back();
            if (!count() || !readKey(member.first))
                return false;
            const auto before = members.end() - 1;
            if (ascends && members.size() > 1 && !((before - 1)->first < member.first)) {
                if (m_isRestricted) {
                    m_at = place;
                    return fail("Keys must be in ascending order and unique.");
                }
                ascends = false;
            }
            const auto isSame = [&member](const Member &other) { return other.first == member.first; };
            if (members.size() > searched)
                places.push_back(place);
            else if (!ascends && std::any_of(members.begin(), before, isSame))
                return failTwice(member.first, place);
            if (!readValue(member.second, depth)) {
                m_path.insert(0, pathStep(member.first));
                return false;
            }
            skipSpace();
        } while (take(','));
        return ascends || members.size() <= searched || checkUnique(members, places, searched);
    }

    bool checkUnique(const std::vector<Member> &members, const std::vector<const char *> &places, std::size_t searched)
    {
        std::vector<std::size_t> order(members.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
            const int difference = members[a].first.compare(members[b].first);
            return difference ? difference < 0 : a < b;
        });
        const auto twice = std::ranges::adjacent_find(order, [&](std::size_t a, std::size_t b) { return members[a].first == members[b].first; });
        if (twice == order.end())
            return true;
        const std::size_t second = *(twice + 1); // at or after `searched`: pairs before were found on the way
        return failTwice(members[second].first, places[second - searched]);
    }

    bool failTwice(const std::string &key, const char *place)
    {
        m_at = place;
        m_path.insert(0, pathStep(key));
        return fail("The key \"" + text::visible(std::string_view(key).substr(0, 60)) + "\" stands twice in one object.");
    }

    bool readKey(std::string &key)
    {
        if (m_at == m_end || *m_at != '"')
            return fail("Expected a key in quotes.");
        const char *const place = m_at;
        if (!readString(key))
            return false;
        if (m_isRestricted && std::ranges::any_of(key, [](char c) { return static_cast<signed char>(c) < 0; })) {
            m_at = place;
            return fail("Keys must be ASCII here.");
        }
        skipSpace();
        return take(':') || fail("Expected \":\" after the key.");
    }

    bool readString(std::string &out)
    {
        const char *const opening = m_at++;
        bool isAscii = true;
        for (;;) {
            const char *run = m_at;
            while (run != m_end && kPlain[static_cast<unsigned char>(*run)])
                ++run;
            out.append(m_at, run);
            m_at = run;
            if (m_at == m_end)
                return fail("The text has no closing quote.");
            if (*m_at == '"')
                break;
            if (*m_at == '\\') {
                if (!readEscape(out))
                    return false;
            } else if (static_cast<unsigned char>(*m_at) < 0x20) {
                return fail("Control characters must be escaped inside text.");
            } else {
                isAscii = false;
                if (!readNonAscii(out))
                    return false;
            }
        }
        ++m_at;
        if (m_isRestricted && ((isAscii && out.find('\x7f') != std::string::npos) || (!isAscii && !text::isClean(out)))) {
            m_at = opening;
            return fail("The text is not in Unicode form NFC or holds a control or invisible character.");
        }
        return true;
    }

    /// Copies a run of bytes of 0x80 and more, well-formed or not at all.
    bool readNonAscii(std::string &out)
    {
        const char *run = m_at;
        while (run != m_end && static_cast<signed char>(*run) < 0)
            ++run;
        if (!text::isUtf8({m_at, static_cast<std::size_t>(run - m_at)}))
            return fail("The text is not well-formed UTF-8.");
        out.append(m_at, run);
        m_at = run;
        return true;
    }

    bool readEscape(std::string &out)
    {
        const char kind = m_end - m_at > 1 ? m_at[1] : '\0';
        if (kind == '"' || kind == '\\') {
            out.push_back(kind);
            m_at += 2;
            return true;
        }
        if (m_isRestricted)
            return fail("Only \\\" and \\\\ are escapes here.");
        constexpr std::string_view names = "/bfnrt";
        constexpr std::string_view meanings = "/\b\f\n\r\t";
        const auto name = names.find(kind);
        if (kind != '\0' && name != std::string_view::npos) {
            out.push_back(meanings[name]);
            m_at += 2;
            return true;
        }
        return kind == 'u' ? readUnicodeEscape(out) : fail("Not an escape of JSON.");
    }

    /// The value of "\uXXXX" at `place`, or -1.
    int unitAt(const char *place) const
    {
        if (m_end - place < 6 || place[0] != '\\' || place[1] != 'u')
            return -1;
        int unit = 0;
        for (int i = 2; i < 6; ++i) {
            const char c = place[i];
            const int digit = isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0)
                return -1;
            unit = unit * 16 + digit;
        }
        return unit;
    }

    bool readUnicodeEscape(std::string &out)
    {
        int code = unitAt(m_at);
        if (code < 0)
            return fail("\\u must be followed by four hexadecimal digits.");
        int used = 6;
        if (code >= 0xD800 && code <= 0xDFFF) {
            const int low = code < 0xDC00 ? unitAt(m_at + 6) : -1;
            if (low < 0xDC00 || low > 0xDFFF)
                return fail("The escape is half of a surrogate pair.");
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            used = 12;
        }
        text::appendUtf8(out, static_cast<char32_t>(code));
        m_at += used;
        return true;
    }

    bool skipDigits()
    {
        const char *const first = m_at;
        while (m_at != m_end && isDigit(*m_at))
            ++m_at;
        return m_at != first;
    }

    bool readNumber(Value &out)
    {
        const char *const first = m_at;
        take('-');
        const char *const digits = m_at;
        if (!take('0') && !skipDigits())
            return fail("Expected a JSON value.");
        bool isInteger = true;
        if (take('.')) {
            isInteger = false;
            if (!skipDigits())
                return fail("A decimal point needs digits after it.");
        }
        if (take('e') || take('E')) {
            isInteger = false;
            if (!take('+'))
                take('-');
            if (!skipDigits())
                return fail("An exponent needs digits.");
        }
        const std::string_view magnitude(digits, static_cast<std::size_t>(m_at - digits));
        const bool isSmall = magnitude.size() < kLargestInteger.size() || (magnitude.size() == kLargestInteger.size() && magnitude <= kLargestInteger);
        if (m_isRestricted && (!isInteger || !isSmall || (magnitude == "0" && first != digits))) {
            m_at = first;
            return fail("Numbers must be whole and at most 2^53 - 1 here.");
        }
        out = Value(Number{std::string(first, m_at)});
        return true;
    }

    const char *m_begin;
    const char *m_at;
    const char *m_end;
    const Limits &m_limits;
    bool m_isRestricted;
    std::size_t m_values = 0;
    std::string m_message;
    std::string m_path; // grows from its end while the recursion unwinds
};

Result<Value> parse(BytesView text, const Limits &limits) { return Reader(text, limits, false).read(); }

Result<Value> readRestricted(BytesView bytes, std::size_t maxBytes, int maxDepth)
{
    const Limits limits{maxDepth, maxBytes, Limits{}.members};
    return Reader(bytes, limits, true).read();
}

} // namespace countersign::json
