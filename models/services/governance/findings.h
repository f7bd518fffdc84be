#pragma once

#include "models/domain/findings.h"
#include "models/policy/findings.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <string>
#include <vector>

/// Findings: recorded weaknesses, with who answers for them, by when, and every step until a validator closes them. They are never deleted.
/// Whoever works here acts, and this computer signs.
namespace countersign::services {

struct FindingRequest {
    ModelId model;
    std::optional<VersionId> version;
    std::string title;                ///< one line
    std::string text;
    Severity severity = Severity::Medium;
    PersonId owner;                   ///< may be empty
    std::optional<Instant> due;
    Finding::Origin origin;
};

/// The verdict, where it is none that is met or waived. NotFound: nothing is judged by that limit for that slice. Conflict: it is no breach.
Result<Verdict> breachOf(Session &session, const VersionId &version, const RuleId &rule, const Slice &slice);

/// What a finding from a breach would say: the limit's severity, the version, the value with its window and count as they are now.
/// NotFound, Conflict: breachOf.
Result<FindingRequest> findingFromBreach(Session &session, const VersionId &version, const RuleId &rule, const Slice &slice);

/// Denied: nobody works here, or not in a role that opens findings. Invalid: no title; a due date that is past.
Result<Finding> openFinding(Session &session, const FindingRequest &request);

/// What shall be otherwise; absent: as it is.
struct FindingChange {
    std::optional<std::string> title;
    std::optional<std::string> text;
    std::optional<Severity> severity;
    std::optional<PersonId> owner;             ///< present and empty: nobody
    std::optional<std::optional<Instant>> due; ///< present and empty: no date
    std::optional<std::string> plan;
    std::string reason;                        ///< needed to lower the severity or to move the due date away
};
/// Invalid: nothing would change, or a reason is missing. Denied and Conflict: policy::mayChange.
Result<Finding> changeFinding(Session &session, const FindingId &finding, const FindingChange &change);

/// Denied, Conflict and Invalid: policy::mayStep.
Result<Finding> stepFinding(Session &session, const FindingId &finding, const policy::FindingStep &step);

/// "F-12", "f:0c3f…" or the beginning of an id. NotFound; Invalid when it fits several.
Result<Finding> findFinding(Session &session, const std::string &text);

} // namespace countersign::services
