#pragma once

#include "models/base/json.h"
#include "models/domain/judgement.h"

namespace countersign::policy {

/// A revision of a limit as events, review bundles and reports hold it (FORMAT.md, `policy.set`): restricted JSON, with its sentence.
json::Object ruleDocument(const Rule &rule);

/// Reads it again. Invalid: a member is missing, or is not what it should be. The sentence is not read.
Result<Rule> readRule(const json::Object &document);

} // namespace countersign::policy
