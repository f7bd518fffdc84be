#pragma once

#include "models/base/json.h"
#include "models/services/workspace/session.h"

/// Findings and waivers as frozen documents and reports tell them.
namespace countersign::services {

/// The open findings about the version or its model as such, the gravest first: {"entry", "number", "owner", "severity", "state", "title"}, and "due" where
/// there is one.
Result<json::Array> findingFacts(Session &session, const VersionId &version);

/// The waivers that hold now, those that end first, first: {"by", "control", "entry", "misses", "number", "reason", "until"}; `by`: who granted it.
Result<json::Array> waiverFacts(Session &session, const VersionId &version);

} // namespace countersign::services
