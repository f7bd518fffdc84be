#include "models/policy/findings.h"

#include "models/base/text.h"
#include "models/policy/authority.h"

#include <algorithm>
#include <array>

namespace countersign::policy {

namespace {

// Whoever answers for a model, or works on it, deals with its findings; validators and compliance officers judge.
constexpr std::array kWorkers{Role::Owner, Role::Developer, Role::ItOperator};
constexpr std::array kJudges{Role::Validator, Role::ComplianceOfficer};
constexpr std::array kOpeners{Role::Validator, Role::ComplianceOfficer, Role::Auditor, Role::Owner, Role::Developer, Role::Approver, Role::ItOperator, Role::ModelUser};
constexpr std::array kReopeners{Role::Validator, Role::ComplianceOfficer, Role::Auditor};
constexpr std::array kClosers{Role::Validator};
constexpr std::array kChangers{Role::Validator, Role::ComplianceOfficer, Role::Owner, Role::Developer, Role::ItOperator};

struct Step {
    FindingAct act;
    std::vector<FindingState> from;
    std::span<const Role> roles;
    const char *what;      ///< "Findings are closed"
    const char *wants;     ///< what its text shall say
};

const Step &stepOf(FindingAct act)
{
    using enum FindingState;
    static const std::array<Step, 6> steps{{
        {FindingAct::Challenge, {Open}, kWorkers, "Findings are challenged", "Say what speaks against the finding."},
        {FindingAct::Answer, {Challenged}, kJudges, "Challenges are answered", "Say what the answer to the challenge is."},
        {FindingAct::Remediate, {Open}, kWorkers, "Findings are remediated", "Say what was done about the finding."},
        {FindingAct::Retest, {Remediated}, kJudges, "Findings are retested", "Say how it was tested, and with what result."},
        {FindingAct::Close, {Open, Challenged, Remediated, Retested}, kClosers, "Findings are closed", "Say why the finding is closed."},
        {FindingAct::Reopen, {Closed}, kReopeners, "Findings are opened again", "Say why the finding is opened again."},
    }};
    return steps[static_cast<std::size_t>(act)];
}

Error conflict(const Finding &finding, const std::string &why)
{
    return {ErrorKind::Conflict, finding.number() + " is " + std::string(findingStateKey(finding.state)) + "; " + why, {}};
}

} // namespace

Result<Role> mayStep(const Person &person, const Finding &finding, const FindingStep &step)
{
    const Step &rule = stepOf(step.act);
    if (std::ranges::find(rule.from, finding.state) == rule.from.end()) {
        static constexpr const char *kNeeds[] = {"an open finding can be challenged.", "only a challenge can be answered.", "an open finding can be remediated.",
                                                 "what was remediated can be retested.", "it needs no closing.", "only a closed finding can be opened again."};
        return conflict(finding, kNeeds[static_cast<std::size_t>(step.act)]);
    }
    const auto role = actingRole(person, rule.roles, rule.what);
    if (!role)
        return role;
    const auto denied = [&](const std::string &why) { return Error{ErrorKind::Denied, why, {}}; };
    if (step.act == FindingAct::Answer && finding.challengedBy == person.id)
        return denied("Whoever challenged a finding does not answer the challenge: somebody else has to.");
    if ((step.act == FindingAct::Retest || step.act == FindingAct::Close) && finding.remediatedBy == person.id)
        return denied("Whoever remediated a finding neither retests nor closes it: somebody else has to.");
    if (step.act == FindingAct::Close && finding.owner == person.id)
        return denied("Nobody closes a finding that they answer for: somebody else has to.");
    if (step.act == FindingAct::Close && step.resolution == Resolution::Remediated && finding.state != FindingState::Retested)
        return conflict(finding, "it closes as remediated once a retest has passed.");
    if (text::isBlank(step.text))
        return Error{ErrorKind::Invalid, rule.wants, {}};
    return role;
}

FindingState stateAfter(const FindingStep &step)
{
    switch (step.act) {
    case FindingAct::Challenge: return FindingState::Challenged;
    case FindingAct::Remediate: return FindingState::Remediated;
    case FindingAct::Retest: return step.hasPassed ? FindingState::Retested : FindingState::Open;
    case FindingAct::Close: return FindingState::Closed;
    case FindingAct::Answer:
    case FindingAct::Reopen: break;
    }
    return FindingState::Open;
}

Result<Role> mayOpenFinding(const Person &person) { return actingRole(person, kOpeners, "Findings are opened"); }

Result<Role> mayChange(const Person &person, const Finding &finding, Severity severity)
{
    if (!finding.isOpen())
        return conflict(finding, "open it again to change it.");
    if (severity < finding.severity)
        return actingRole(person, kJudges, "The severity of a finding is lowered");
    return actingRole(person, kChangers, "Findings are changed");
}

} // namespace countersign::policy
