#include "models/store/eventbody.h"

#include "models/base/text.h"

namespace countersign::store {

namespace {

std::optional<std::string> plainText(const json::Value *value)
{
    const std::string *text = value ? value->string() : nullptr;
    if (!text)
        return {};
    if (text->find('\\') == std::string::npos)
        return *text;
    const auto plain = text::unescape(*text);
    return plain ? std::optional(*plain) : std::nullopt;
}

json::Value optionalText(const std::optional<std::string> &plain) { return plain ? textValue(*plain) : json::Value(); }

} // namespace

void BodyReader::fail(std::string_view key, const char *what) const
{
    if (!m_failure)
        m_failure = Error{ErrorKind::Invalid, "The member \"" + std::string(key) + "\" of an event " + what + ".", {}};
}

std::string BodyReader::text(std::string_view key) const
{
    const auto value = plainText(m_body.find(key));
    if (!value)
        fail(key, "is not a text");
    return value.value_or(std::string());
}

std::string BodyReader::textOr(std::string_view key) const { return m_body.find(key) ? text(key) : std::string(); }

std::int64_t BodyReader::integer(std::string_view key) const
{
    const auto value = integerOrNone(key);
    if (!value)
        fail(key, "is not a whole number");
    return value.value_or(0);
}

std::optional<std::int64_t> BodyReader::integerOrNone(std::string_view key) const
{
    const json::Value *value = m_body.find(key);
    if (!value || value->isNull())
        return {};
    const auto number = value->integer();
    if (!number) {
        fail(key, "is not a whole number");
        return {};
    }
    return *number;
}

bool BodyReader::flag(std::string_view key) const
{
    const json::Value *value = m_body.find(key);
    return value && value->boolean() && *value->boolean();
}

double BodyReader::real(std::string_view key) const
{
    const auto value = realOrNone(key);
    if (!value)
        fail(key, "is not a measured number");
    return value.value_or(0);
}

std::optional<double> BodyReader::realOrNone(std::string_view key) const
{
    const json::Value *value = m_body.find(key);
    if (!value || value->isNull())
        return {};
    const auto number = ledger::readMeasured(*value);
    if (!number) {
        fail(key, "is not a measured number");
        return {};
    }
    return *number;
}

Instant BodyReader::time(std::string_view key) const
{
    const auto value = timeOrNone(key);
    if (!value)
        fail(key, "is not a time");
    return value.value_or(Instant{});
}

std::optional<Instant> BodyReader::timeOrNone(std::string_view key) const
{
    const json::Value *value = m_body.find(key);
    if (!value || value->isNull())
        return {};
    const auto time = value->string() ? parseUtc(*value->string()) : Result<Instant>(Error{});
    if (!time) {
        fail(key, "is not a time");
        return {};
    }
    return *time;
}

std::vector<std::string> BodyReader::texts(std::string_view key) const
{
    std::vector<std::string> result;
    const json::Value *value = m_body.find(key);
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

std::vector<std::pair<std::string, std::string>> BodyReader::pairs(std::string_view key) const
{
    std::vector<std::pair<std::string, std::string>> result;
    const json::Value *value = m_body.find(key);
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

json::Value textValue(std::string_view plain) { return json::Value(text::escape(plain)); }

json::Value textArray(const std::vector<std::string> &plain)
{
    json::Array array;
    for (const auto &item : plain)
        array.push_back(textValue(item));
    return json::Value(std::move(array));
}

json::Value pairArray(const std::vector<std::pair<std::string, std::string>> &plain)
{
    json::Array array;
    array.reserve(plain.size());
    for (const auto &[key, value] : plain)
        array.push_back(json::Value(json::Array{textValue(key), textValue(value)}));
    return json::Value(std::move(array));
}

json::Value changeArray(const std::vector<FieldChange> &changes)
{
    json::Array array;
    for (const auto &change : changes)
        array.push_back(json::Value(json::Object{{"field", textValue(change.field)}, {"new", optionalText(change.after)}, {"old", optionalText(change.before)}}));
    return json::Value(std::move(array));
}

json::Value timeValue(Instant t) { return json::Value(formatUtc(t)); }

std::vector<FieldChange> readChanges(const BodyReader &body)
{
    std::vector<FieldChange> changes;
    const json::Value *value = body.find("changes");
    const json::Array *array = value ? value->array() : nullptr;
    for (const auto &item : array ? *array : json::Array()) {
        FieldChange change;
        change.field = plainText(item.find("field")).value_or(std::string());
        change.before = plainText(item.find("old"));
        change.after = plainText(item.find("new"));
        changes.push_back(std::move(change));
    }
    return changes;
}

} // namespace countersign::store
