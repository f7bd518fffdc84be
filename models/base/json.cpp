#include "models/base/json.h"

#include "models/base/number.h"

#include <algorithm>
#include <charconv>

namespace countersign::json {

namespace {

Error missing(std::string_view key, const char *kind)
{
    return {ErrorKind::Invalid, "The member \"" + std::string(key) + "\" is missing or is not " + kind + ".", {}};
}

} // namespace

Object &Object::set(std::string key, Value value)
{
    const auto member = std::ranges::find(m_members, key, &Member::first);
    if (member != m_members.end())
        member->second = std::move(value);
    else
        m_members.push_back({std::move(key), std::move(value)});
    return *this;
}

const Value *Object::find(std::string_view key) const
{
    const auto member = std::ranges::find(m_members, key, &Member::first);
    return member == m_members.end() ? nullptr : &member->second;
}

bool Object::operator==(const Object &other) const { return m_members == other.m_members; }

Value::Value(std::int64_t number) : m_data(Number{std::to_string(number)}) {}
Value::Value(std::uint64_t number) : m_data(Number{std::to_string(number)}) {}

Result<std::int64_t> Value::integer() const
{
    std::int64_t value = 0;
    const Number *written = number();
    if (written) {
        const char *const end = written->lexeme.data() + written->lexeme.size();
        const auto [stop, code] = std::from_chars(written->lexeme.data(), end, value);
        if (code == std::errc() && stop == end)
            return value;
    }
    return Error{ErrorKind::Invalid, "The value is not a whole number of 64 bits.", {}};
}

Result<double> Value::real() const
{
    const Number *written = number();
    if (!written)
        return Error{ErrorKind::Invalid, "The value is not a number.", {}};
    return number::parse(written->lexeme);
}

const Value *Value::find(std::string_view key) const
{
    const Object *members = object();
    return members ? members->find(key) : nullptr;
}

Result<std::string> Value::text(std::string_view key) const
{
    const Value *member = find(key);
    if (!member || !member->string())
        return missing(key, "text");
    return *member->string();
}

Result<std::int64_t> Value::integer(std::string_view key) const
{
    const Value *member = find(key);
    const auto value = member ? member->integer() : Result<std::int64_t>(Error{});
    return value ? value : missing(key, "a whole number");
}

std::string Value::textOr(std::string_view key, std::string_view otherwise) const
{
    const Value *member = find(key);
    return member && member->string() ? *member->string() : std::string(otherwise);
}

std::int64_t Value::integerOr(std::string_view key, std::int64_t otherwise) const
{
    const Value *member = find(key);
    const auto value = member ? member->integer() : Result<std::int64_t>(Error{});
    return value ? *value : otherwise;
}

} // namespace countersign::json
