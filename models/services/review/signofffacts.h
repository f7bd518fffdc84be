#pragma once

#include "models/base/json.h"
#include "models/store/queries/queries.h"

namespace countersign::services {

/// A signature as frozen documents and reports tell it. {"bundle", "changes", "comment", "decision", "entry", "fingerprint", "meaning", "name", "role",
/// "sentence", "stale", "time", "utcOffset"}, and "withdrawn" {"entry", "reason", "time"} once it was taken back.
json::Value signOffFacts(const store::SignOffRow &row);

} // namespace countersign::services
