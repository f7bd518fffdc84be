#pragma once

#include "models/domain/findings.h"
#include "models/domain/people.h"

namespace countersign::policy {

/// What is needed for a step beside who takes it.
struct FindingStep {
    FindingAct act = FindingAct::Challenge;
    std::string text{};                             ///< the challenge, the answer, what was done, why
    bool hasPassed = false;                         ///< Retest
    Resolution resolution = Resolution::Remediated; ///< Close
};

/// The role in which a person may take this step now. Conflict: the finding stands elsewhere. Denied: another role is needed, or somebody else:
/// who challenged does not answer, who remediated neither retests nor closes, and nobody closes what they answer for. Invalid: no text.
Result<Role> mayStep(const Person &person, const Finding &finding, const FindingStep &step);

/// Where the finding stands after it.
FindingState stateAfter(const FindingStep &step);

/// The role in which a person may open findings, and change owner, due date or plan of this one. Lowering the severity is for who may close it.
Result<Role> mayOpenFinding(const Person &person);
Result<Role> mayChange(const Person &person, const Finding &finding, Severity severity);

} // namespace countersign::policy
