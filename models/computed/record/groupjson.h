#pragma once

#include "models/computed/computedset.h"
#include "models/computed/record/jsonnodes.h"

#include <algorithm>

/// Internal to models/computed: a group as an object of attributes and values, written and read.
namespace countersign::computed {

/// Members of an object have no order: the place of a name in the list that does.
using Places = std::map<std::string, std::size_t, std::less<>>;

inline json::Object groupObject(const GroupValues &group)
{
    json::Object object;
    for (const auto &[attribute, value] : group)
        object.set(attribute, value);
    return object;
}

/// Attributes in the order of the mapping.
inline GroupValues readGroup(const Node &node, const Places &attributes)
{
    std::vector<std::pair<std::size_t, std::pair<std::string, std::string>>> found;
    node.eachMember([&](const std::string &name, const Node &value) {
        const auto place = attributes.find(name);
        if (place == attributes.end())
            return value.complain("The mapping has no attribute of this name.");
        found.emplace_back(place->second, std::pair(name, value.text()));
    });
    std::ranges::sort(found);
    GroupValues values;
    for (auto &[place, value] : found)
        values.push_back(std::move(value));
    return values;
}

} // namespace countersign::computed
