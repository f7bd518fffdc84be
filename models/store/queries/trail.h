#pragma once

#include "models/store/eventbody.h"

#include <string>
#include <string_view>

namespace countersign::store {

/// Names that an event's ids stood for when it happened.
struct TrailContext {
    std::string model;
    std::string version;
    std::string person;
};

/// What an event says, as one line for the audit trail: "approved credit-pd 3.2: Validated". English, the actor left out.
std::string trailSummary(std::string_view kind, const BodyReader &body, const TrailContext &context);

} // namespace countersign::store
