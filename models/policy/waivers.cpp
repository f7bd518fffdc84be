#include "models/policy/waivers.h"

#include "models/policy/authority.h"

#include <algorithm>
#include <array>

namespace countersign::policy {

namespace {

constexpr std::array kAskers{Role::Owner, Role::Developer, Role::ItOperator, Role::Validator, Role::ComplianceOfficer};
constexpr std::array kDeciders{Role::Approver, Role::ComplianceOfficer};
constexpr std::array kEnders{Role::Approver, Role::ComplianceOfficer, Role::Validator};

Error conflict(const Waiver &waiver, const std::string &why) { return {ErrorKind::Conflict, waiver.number() + " " + why, {}}; }

} // namespace

Result<Role> mayRequestWaiver(const Person &person) { return actingRole(person, kAskers, "Waivers are asked for"); }

Status checkWaiverEnd(Instant until, Instant now)
{
    if (until <= now)
        return Error{ErrorKind::Invalid, "A waiver ends on a day to come; " + formatDate(until) + " is past.", {}};
    if (until > now + std::chrono::days(kLongestWaiverDays))
        return Error{ErrorKind::Invalid, "A waiver holds for a year at most. Give a nearer day; it can be asked for again.", {}};
    return {};
}

Result<Role> mayDecideWaiver(const Person &person, const Waiver &waiver, Instant now)
{
    if (waiver.state != WaiverState::Requested)
        return conflict(waiver, "is " + std::string(waiverStateKey(waiver.state)) + " already.");
    if (now >= waiver.until)
        return conflict(waiver, "was asked for until " + formatDate(waiver.until) + ", which is past. Ask for a new one.");
    const auto role = actingRole(person, kDeciders, "Waivers are granted or declined");
    if (role && waiver.requestedBy == person.id)
        return Error{ErrorKind::Denied, "Nobody decides on a waiver that they asked for: somebody else has to.", {}};
    return role;
}

Result<Role> mayEndWaiver(const Person &person, const Waiver &waiver, Instant now)
{
    if (waiver.state == WaiverState::Declined || waiver.state == WaiverState::Ended || now >= waiver.until)
        return conflict(waiver, "does not hold: " + waiver.standing(now) + ".");
    if (waiver.requestedBy == person.id && !person.roles.empty())
        return person.roles.front();
    return actingRole(person, kEnders, "Waivers of others are ended");
}

std::string waiverSentence(const Waiver &waiver, const Person &person, Role role)
{
    return "I, " + person.name + " (" + person.login + "), " + std::string(roleTitle(role)) + ", allow " + waiver.modelName + " version " + waiver.versionLabel + " to miss this until "
        + formatUtc(waiver.until) + ": " + waiver.requirement.sentence + " Reason: " + waiver.reason + " Compensating control: " + waiver.control;
}

void applyWaivers(Verdict &verdict, std::span<const Waiver> waivers, Instant now)
{
    if (verdict.state != VerdictState::Fail && verdict.state != VerdictState::NotEnoughData)
        return;
    const auto waives = [&](const Waiver &waiver) {
        return waiver.requirement.kind == WaivedRequirement::Kind::Limit && waiver.version == verdict.version && waiver.requirement.id == verdict.rule.text()
            && waiver.requirement.revision == verdict.ruleRevision && waiver.requirement.slice == verdict.slice && waiver.isInForce(now);
    };
    const auto found = std::ranges::find_if(waivers, waives);
    if (found == waivers.end())
        return;
    verdict.state = VerdictState::Waived;
    verdict.sentence = "Waived until " + formatDate(found->until) + " (" + found->number() + "): " + verdict.sentence;
}

} // namespace countersign::policy
