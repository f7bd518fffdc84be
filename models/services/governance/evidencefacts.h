#pragma once

#include "models/base/json.h"
#include "models/services/workspace/session.h"

#include <cstdint>
#include <set>

/// Evidence as reports tell it.
namespace countersign::services {

/// What is recorded about the version and its model as such, the oldest first: {"by", "entry", "number", "state", "title"}, where there are any "digest", "expires",
/// "from", "name", "reason", "reference", "replacedBy", "requirement", "to", and "expired" true once it is.
Result<json::Array> evidenceFacts(Session &session, const VersionId &version);

/// The ledger numbers of every step of it: whoever has these entries sees which digest was added by whom, and who accepted it.
Result<std::set<std::uint64_t>> evidenceEntries(Session &session, const VersionId &version);

} // namespace countersign::services
