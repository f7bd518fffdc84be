#include "models/store/eventbody.h"

namespace countersign::store {

namespace {

json::Value optionalText(const std::optional<std::string> &plain) { return plain ? textValue(*plain) : json::Value(); }

} // namespace

json::Value changeArray(const std::vector<FieldChange> &changes)
{
    json::Array array;
    for (const auto &change : changes)
        array.push_back(json::Value(json::Object{{"field", textValue(change.field)}, {"new", optionalText(change.after)}, {"old", optionalText(change.before)}}));
    return json::Value(std::move(array));
}

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
