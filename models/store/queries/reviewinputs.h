#pragma once

#include "models/base/json.h"
#include "models/database/connection.h"
#include "models/domain/inventory.h"

#include <string>
#include <vector>

namespace countersign::store {

/// Everything about a version that a reviewer judges and signs, as restricted JSON ("countersign.inputs/1"): model and version facts,
/// source run and parameters, limits in force with their verdicts, and every series with its points (at most kShownPoints, thinned to
/// extremes above; the digest covers all of them). Stage and aliases are left out: a sign-off moves them. Texts are escaped.
/// The same state gives the same bytes; `today` matters only where a limit asks for the age of a value.
Result<json::Value> reviewInputs(database::Connection &connection, const VersionId &version, Instant today);

inline constexpr std::size_t kShownPoints = 2000;

/// What differs between two inputs, one English sentence each, in the order of the page: facts, parameters, limits, verdicts, series.
/// Empty when they are equal.
std::vector<std::string> describeChanges(const json::Value &before, const json::Value &after);

} // namespace countersign::store
