#pragma once

#include "models/domain/judgement.h"
#include "models/services/workspace/session.h"

#include <optional>

namespace countersign::services {

/// Sets a limit: a new one when `rule.id` is empty, otherwise the next revision of that one. A new limit judges everything recorded
/// unless `inForceFrom` says otherwise; a changed one counts from `inForceFrom` (default now) for the line in charts, and judges the
/// newest values at once. Every version concerned is judged again in the same transaction.
/// Denied: the signer is neither compliance officer, validator nor administrator. Invalid: policy::check, a start in the future,
/// another metric than the limit had. NotFound: no such limit.
Result<Rule> setRule(Session &session, Rule rule, std::optional<Instant> inForceFrom, const Person &person, const crypto::SigningKey &key);

/// A limit that no longer judges anything. Its history stays.
Status retireRule(Session &session, const RuleId &rule, const Person &person, const crypto::SigningKey &key);

/// By id, or by a beginning of it that fits one limit only.
Result<Rule> findRule(Session &session, const std::string &text);

} // namespace countersign::services
