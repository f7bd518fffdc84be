#pragma once

#include "models/base/members.h"
#include "models/ledger/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::store {

/// The members of event bodies, read and made.
using BodyReader = json::MemberReader;
using json::pairArray;
using json::plainText;
using json::textArray;
using json::textValue;
using json::timeValue;

/// One field that an event changed.
struct FieldChange {
    std::string field;
    std::optional<std::string> before;
    std::optional<std::string> after;
    bool operator==(const FieldChange &) const = default;
};

json::Value changeArray(const std::vector<FieldChange> &changes);
std::vector<FieldChange> readChanges(const BodyReader &body); ///< member "changes"

} // namespace countersign::store
