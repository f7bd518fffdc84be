#include "models/base/members.h"

#include "models/base/number.h"
#include "models/base/text.h"

namespace countersign::json {

std::optional<std::string> plainText(const Value *value)
{
    const std::string *text = value ? value->string() : nullptr;
    if (!text)
        return {};
    if (text->find('\\') == std::string::npos)
        return *text;
    const auto plain = text::unescape(*text);
    return plain ? std::optional(*plain) : std::nullopt;
}

void MemberReader::fail(std::string_view key, const char *what) const
{
    if (!m_failure)
        m_failure = Error{ErrorKind::Invalid, "The member \"" + std::string(key) + "\" " + what + ".", {}};
}

std::string MemberReader::text(std::string_view key) const
{
    const auto value = plainText(m_object.find(key));
    if (!value)
        fail(key, "is not a text");
    return value.value_or(std::string());
}

std::string MemberReader::textOr(std::string_view key) const { return m_object.find(key) ? text(key) : std::string(); }

std::int64_t MemberReader::integer(std::string_view key) const
{
    const auto value = integerOrNone(key);
    if (!value)
        fail(key, "is not a whole number");
    return value.value_or(0);
}

std::optional<std::int64_t> MemberReader::integerOrNone(std::string_view key) const
{
    const Value *value = m_object.find(key);
    if (!value || value->isNull())
        return {};
    const auto number = value->integer();
    if (!number) {
        fail(key, "is not a whole number");
        return {};
    }
    return *number;
}

bool MemberReader::flag(std::string_view key) const
{
    const Value *value = m_object.find(key);
    return value && value->boolean() && *value->boolean();
}

double MemberReader::real(std::string_view key) const
{
    const auto value = realOrNone(key);
    if (!value)
        fail(key, "is not a measured number");
    return value.value_or(0);
}

std::optional<double> MemberReader::realOrNone(std::string_view key) const
{
    const Value *value = m_object.find(key);
    if (!value || value->isNull())
        return {};
    const auto number = readMeasured(*value);
    if (!number) {
        fail(key, "is not a measured number");
        return {};
    }
    return *number;
}

Instant MemberReader::time(std::string_view key) const
{
    const auto value = timeOrNone(key);
    if (!value)
        fail(key, "is not a time");
    return value.value_or(Instant{});
}

std::optional<Instant> MemberReader::timeOrNone(std::string_view key) const
{
    const Value *value = m_object.find(key);
    if (!value || value->isNull())
        return {};
    const auto time = value->string() ? parseUtc(*value->string()) : Result<Instant>(Error{});
    if (!time) {
        fail(key, "is not a time");
        return {};
    }
    return *time;
}

std::vector<std::string> MemberReader::texts(std::string_view key) const
{
    std::vector<std::string> result;
    const Value *value = m_object.find(key);
    if (!value)
        return result;
    if (!value->array()) {
        fail(key, "is not a list");
        return result;
    }
    for (const auto &item : *value->array()) {
        const auto plain = plainText(&item);
        if (!plain)
            fail(key, "holds something that is not a text");
        result.push_back(plain.value_or(std::string()));
    }
    return result;
}

std::vector<std::pair<std::string, std::string>> MemberReader::pairs(std::string_view key) const
{
    std::vector<std::pair<std::string, std::string>> result;
    const Value *value = m_object.find(key);
    if (!value)
        return result;
    if (!value->array()) {
        fail(key, "is not a list");
        return result;
    }
    for (const auto &item : *value->array()) {
        const auto *pair = item.array();
        const auto first = pair && pair->size() == 2 ? plainText(&(*pair)[0]) : std::nullopt;
        const auto second = pair && pair->size() == 2 ? plainText(&(*pair)[1]) : std::nullopt;
        if (!first || !second)
            fail(key, "holds something that is not a pair of texts");
        else
            result.emplace_back(*first, *second);
    }
    return result;
}

Value textValue(std::string_view plain) { return Value(text::escape(plain)); }

Value textArray(const std::vector<std::string> &plain)
{
    Array array;
    for (const auto &item : plain)
        array.push_back(textValue(item));
    return Value(std::move(array));
}

Value pairArray(const std::vector<std::pair<std::string, std::string>> &plain)
{
    Array array;
    array.reserve(plain.size());
    for (const auto &[key, value] : plain)
        array.push_back(Value(Array{textValue(key), textValue(value)}));
    return Value(std::move(array));
}

Value timeValue(Instant t) { return Value(formatUtc(t)); }

Value measured(double value, const std::string &lexeme)
{
    const auto read = number::parse(lexeme);
    const bool isSame = read && number::ieeeHex(*read) == number::ieeeHex(value);
    return Object{{"f", number::ieeeHex(value)}, {"t", isSame ? lexeme : number::shortest(value)}};
}

Result<double> readMeasured(const Value &value)
{
    const auto bits = value.text("f");
    const auto text = value.text("t");
    if (!bits || !text || value.object()->size() != 2)
        return Error{ErrorKind::Invalid, "A measured number has the members \"f\" and \"t\".", {}};
    const auto number = number::parse(*text);
    if (!number)
        return number.error();
    if (number::ieeeHex(*number) != *bits)
        return Error{ErrorKind::Tampered, "The number " + *text + " and its stored bits " + *bits + " are not the same.", {}};
    return number;
}

} // namespace countersign::json
