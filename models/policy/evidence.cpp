#include "models/policy/evidence.h"

#include "models/base/text.h"
#include "models/domain/names.h"
#include "models/policy/authority.h"
#include "models/policy/packs/pack.h"

#include <algorithm>
#include <array>

namespace countersign::policy {

namespace {

// Everybody but who only manages people and keys knows something that proves something.
constexpr std::array kAdders{Role::Owner, Role::Developer, Role::Validator, Role::ComplianceOfficer, Role::Approver, Role::ItOperator, Role::ModelUser, Role::Auditor};
constexpr std::array kReviewers{Role::Validator, Role::ComplianceOfficer};

constexpr std::array<std::string_view, 7> kStandings{"missing", "rejected", "expired", "superseded", "awaiting", "expiring", "accepted"};
constexpr std::array<std::string_view, 7> kStandingTitles{"Missing", "Rejected", "Expired", "Superseded", "Awaits review", "Expires soon", "Accepted"};

Error conflict(const Exhibit &exhibit, const std::string &why) { return {ErrorKind::Conflict, exhibit.number() + " " + why, {}}; }

Error waitsForNothing(const EvidenceRequest &request)
{
    const std::string how = request.state == EvidenceRequestState::Answered ? "answered by " + request.answer : std::string(evidenceRequestStateKey(request.state));
    return {ErrorKind::Conflict, request.number() + " is " + how + "; it waits for nothing.", {}};
}

std::optional<Instant> countsUntil(const Exhibit &exhibit, const EvidenceRequirement &requirement)
{
    std::optional<Instant> until = exhibit.expires;
    if (requirement.validityDays) {
        const Instant end = exhibit.to.value_or(exhibit.addedAt) + std::chrono::days(*requirement.validityDays);
        until = until ? std::min(*until, end) : end;
    }
    return until;
}

std::string daysText(std::int64_t days) { return std::to_string(days) + (days == 1 ? " day" : " days"); }

RequiredEvidence judged(const EvidenceRequirement &requirement, const Exhibit &exhibit, const EvidenceQuestion &question)
{
    RequiredEvidence item{requirement, EvidenceStanding::Awaiting, exhibit.id, countsUntil(exhibit, requirement), "“" + requirement.title + "” (" + exhibit.number() + ") "};
    const Instant now = question.now;
    const auto stand = [&item](EvidenceStanding standing, const std::string &words) {
        item.standing = standing;
        item.sentence += words;
        return item;
    };
    if (exhibit.state == ExhibitState::Rejected)
        return stand(EvidenceStanding::Rejected, "was rejected: " + exhibit.reason);
    if (exhibit.isSuperseded())
        return stand(EvidenceStanding::Superseded, "was superseded by " + exhibit.replacedBy + ", which is not for this requirement.");
    if (item.until && now >= *item.until)
        return stand(EvidenceStanding::Expired, "expired on " + formatDate(*item.until) + ".");
    if (exhibit.state == ExhibitState::Awaiting)
        return stand(EvidenceStanding::Awaiting, "awaits review.");
    if (!item.until || *item.until - now > std::chrono::days(question.soonDays))
        return stand(EvidenceStanding::Accepted, "is accepted" + (item.until ? ", until " + formatDate(*item.until) : std::string()) + ".");
    const auto days = std::chrono::ceil<std::chrono::days>(*item.until - now).count();
    return stand(EvidenceStanding::Expiring, "expires in " + daysText(days) + ", on " + formatDate(*item.until) + ".");
}

RequiredEvidence standing(const EvidenceRequirement &requirement, std::span<const Exhibit> exhibits, const EvidenceQuestion &question)
{
    std::optional<RequiredEvidence> best;
    std::string withdrawn;
    std::int64_t no = 0;
    for (const Exhibit &exhibit : exhibits) {
        if (exhibit.requirement != requirement.id)
            continue;
        if (exhibit.state == ExhibitState::Withdrawn) {
            withdrawn = exhibit.number();
            continue;
        }
        auto item = judged(requirement, exhibit, question);
        // Of two that stand alike the one that counts longer, and otherwise the later one.
        const auto rank = [](const RequiredEvidence &one, std::int64_t number) { return std::tuple(one.standing, !one.until, one.until.value_or(Instant{}), number); };
        if (!best || rank(item, exhibit.no) > rank(*best, no)) {
            best = std::move(item);
            no = exhibit.no;
        }
    }
    if (best)
        return *std::move(best);
    return {requirement, EvidenceStanding::Missing, {}, {}, "“" + requirement.title + "” is missing" + (withdrawn.empty() ? "." : "; " + withdrawn + " was withdrawn.")};
}

} // namespace

Result<Role> mayAddEvidence(const Person &person) { return actingRole(person, kAdders, "Evidence is added"); }

Result<Role> mayReviewEvidence(const Person &person, const Exhibit &exhibit, bool isAccepted, const std::string &reason, Instant now)
{
    if (exhibit.state == ExhibitState::Withdrawn)
        return conflict(exhibit, "was withdrawn; there is nothing to review.");
    if (exhibit.state == (isAccepted ? ExhibitState::Accepted : ExhibitState::Rejected))
        return conflict(exhibit, isAccepted ? "is accepted already." : "is rejected already.");
    const auto role = actingRole(person, kReviewers, "Evidence is reviewed");
    if (!role)
        return role;
    if (exhibit.addedBy == person.id)
        return Error{ErrorKind::Denied, "Nobody reviews evidence that they added: somebody else has to.", {}};
    if (isAccepted && exhibit.isExpired(now))
        return conflict(exhibit, "expired on " + formatDate(*exhibit.expires) + "; what has expired is not accepted.");
    if (text::isBlank(reason) && (!isAccepted || exhibit.state != ExhibitState::Awaiting))
        return Error{ErrorKind::Invalid, isAccepted ? "Say why it is accepted after all." : "Say why it is rejected.", {}};
    return role;
}

Result<Role> mayWithdrawEvidence(const Person &person, const Exhibit &exhibit, const std::string &reason)
{
    if (exhibit.state == ExhibitState::Withdrawn)
        return conflict(exhibit, "is withdrawn already.");
    const auto role = exhibit.addedBy == person.id ? mayAddEvidence(person) : actingRole(person, kReviewers, "Evidence is withdrawn by whoever added it, or");
    if (role && text::isBlank(reason))
        return Error{ErrorKind::Invalid, "Say why it is withdrawn.", {}};
    return role;
}

Result<Role> mayRequestEvidence(const Person &person) { return actingRole(person, kAdders, "Evidence is asked for"); }

Status mayDeclineRequest(const Person &person, const EvidenceRequest &request, const std::string &reason)
{
    if (!request.isWaiting())
        return waitsForNothing(request);
    if (request.asked != person.id)
        return Error{ErrorKind::Denied, request.number() + " is for " + request.askedName + " to decline. Whoever asked can cancel it.", {}};
    return text::isBlank(reason) ? Status(Error{ErrorKind::Invalid, "Say why it is declined.", {}}) : Status();
}

Status mayCancelRequest(const Person &person, const EvidenceRequest &request, const std::string &reason)
{
    if (!request.isWaiting())
        return waitsForNothing(request);
    if (request.requestedBy != person.id)
        if (const auto role = actingRole(person, kReviewers, "A request is cancelled by whoever asked, or"); !role)
            return role.error();
    return text::isBlank(reason) ? Status(Error{ErrorKind::Invalid, "Say why it is cancelled.", {}}) : Status();
}

std::vector<EvidenceRequirement> evidenceRequirements(const Pack &pack)
{
    std::vector<EvidenceRequirement> requirements;
    for (const EvidenceNeed &need : pack.evidence) {
        const PackStage *stage = pack.stage(need.stage);
        requirements.push_back({pack.id + "/" + need.id, need.title, need.tiers, need.validDays, stage ? std::optional(stage->stage) : std::nullopt});
    }
    return requirements;
}

std::string_view evidenceStandingKey(EvidenceStanding standing) { return nameOf(standing, kStandings); }
std::string_view evidenceStandingTitle(EvidenceStanding standing) { return nameOf(standing, kStandingTitles); }

int Completeness::met() const { return static_cast<int>(std::ranges::count_if(items, &RequiredEvidence::isMet)); }

std::string Completeness::sentence() const
{
    std::string text = items.empty() ? "No item is required" : std::to_string(met()) + " of " + std::to_string(items.size()) + (items.size() == 1 ? " required item" : " required items");
    if (undecided > 0)
        text += "; " + std::to_string(undecided) + (undecided == 1 ? " more depends" : " more depend") + " on the model's tier, which is not set";
    return text;
}

Completeness completeness(std::span<const EvidenceRequirement> required, std::span<const Exhibit> exhibits, const EvidenceQuestion &question)
{
    Completeness result;
    for (const EvidenceRequirement &requirement : required) {
        if (question.stage && requirement.stage && *requirement.stage > *question.stage)
            continue;
        if (!requirement.tiers.empty() && !question.tier)
            ++result.undecided;
        else if (requirement.tiers.empty() || std::ranges::find(requirement.tiers, *question.tier) != requirement.tiers.end())
            result.items.push_back(standing(requirement, exhibits, question));
    }
    return result;
}

} // namespace countersign::policy
