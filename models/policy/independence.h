#pragma once

#include "models/domain/contribution.h"
#include "models/domain/people.h"

#include <optional>
#include <span>
#include <string>

namespace countersign::policy {

/// Why this person is not independent of a version: a sentence that names what they wrote and where it is recorded; nothing when they are.
/// `contributions`: all about the version's model, oldest first. With `months` they must also have written nothing of the model's other versions for so long
/// (a month is 30 days). Reviews, findings, their answers and figures that were computed from a log are the work of who is independent.
std::optional<std::string> dependence(const Person &person, std::span<const Contribution> contributions, const VersionId &version, std::optional<int> months, Instant now);

} // namespace countersign::policy
