#include "ui/audit/payloadtext.h"

namespace countersign::pages {

namespace {

std::string oneLineJson(const json::Value &value)
{
    const auto bytes = json::canonical(value);
    return bytes ? std::string(bytes->begin(), bytes->end()) : std::string("?");
}

std::string indent(int level)
{
    return "\n" + std::string(static_cast<std::size_t>(level) * 2, ' ');
}

} // namespace

std::string indentedJson(const json::Value &value, int level)
{
    std::string text;
    if (const json::Object *object = value.object(); object && !object->isEmpty()) {
        for (const auto &[key, member] : object->members())
            text += (text.empty() ? "" : ",") + indent(level + 1) + oneLineJson(key) + ": " + indentedJson(member, level + 1);
        return "{" + text + indent(level) + "}";
    }
    if (const json::Array *array = value.array(); array && !array->empty()) {
        for (const json::Value &element : *array)
            text += (text.empty() ? "" : ",") + indent(level + 1) + indentedJson(element, level + 1);
        return "[" + text + indent(level) + "]";
    }
    return oneLineJson(value);
}

} // namespace countersign::pages
