#include "models/cards/readingjson.h"

namespace countersign::cards {

namespace {

std::string scalar(const json::Value &value)
{
    if (value.string())
        return *value.string();
    return value.number() ? value.number()->lexeme : std::string();
}

std::string itemText(const json::Value &value, const std::vector<std::string_view> &inside)
{
    for (const std::string_view member : inside)
        if (auto text = textAt(&value, member); !text.empty())
            return text;
    return scalar(value);
}

} // namespace

const json::Value *memberAt(const json::Value *object, std::string_view member) { return object ? object->find(member) : nullptr; }

std::string textAt(const json::Value *object, std::string_view member)
{
    const json::Value *value = memberAt(object, member);
    return value ? scalar(*value) : std::string();
}

const json::Array &itemsAt(const json::Value *object, std::string_view member)
{
    static const json::Array none;
    const json::Value *value = memberAt(object, member);
    return value && value->array() ? *value->array() : none;
}

std::vector<std::string> textsAt(const json::Value *object, std::string_view member, const std::vector<std::string_view> &inside)
{
    std::vector<std::string> texts;
    const auto take = [&](const json::Value &value) {
        if (auto text = itemText(value, inside); !text.empty())
            texts.push_back(std::move(text));
    };
    const json::Value *value = memberAt(object, member);
    if (value && value->array())
        for (const json::Value &item : *value->array())
            take(item);
    else if (value)
        take(*value);
    return texts;
}

} // namespace countersign::cards
