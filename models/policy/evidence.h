#pragma once

#include "models/domain/evidence.h"
#include "models/domain/inventory.h"
#include "models/domain/people.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace countersign::policy {

/// The role in which a person may add evidence. Denied: only an administrator.
Result<Role> mayAddEvidence(const Person &person);
/// The role in which a person may accept or reject it now, also after an earlier decision. Denied: neither a validator nor a compliance officer, or
/// whoever added it. Conflict: it was withdrawn, stands like that already, or expired and would be accepted. Invalid: no reason, where one is needed:
/// to reject, and to decide otherwise than before.
Result<Role> mayReviewEvidence(const Person &person, const Exhibit &exhibit, bool isAccepted, const std::string &reason, Instant now);
/// Whoever added it, and those who review. Conflict: it was withdrawn. Invalid: no reason.
Result<Role> mayWithdrawEvidence(const Person &person, const Exhibit &exhibit, const std::string &reason);

/// Everybody who may add evidence may ask for it. Denied.
Result<Role> mayRequestEvidence(const Person &person);
/// Only who was asked. Conflict: it waits for nothing. Invalid: no reason.
Status mayDeclineRequest(const Person &person, const EvidenceRequest &request, const std::string &reason);
/// Who asked, and those who review. Conflict: it waits for nothing. Invalid: no reason.
Status mayCancelRequest(const Person &person, const EvidenceRequest &request, const std::string &reason);

/// A kind of evidence that a policy asks for.
struct EvidenceRequirement {
    std::string id;                  ///< as evidence names it: "PACK/EVIDENCE-ID"
    std::string title;               ///< "Independent validation report"
    std::vector<int> tiers;          ///< only for models of these tiers; empty: for all
    std::optional<int> validityDays; ///< counts for so long from the end of the time it is about, or from when it was added; none: until it expires itself
    std::optional<Stage> stage;      ///< needed for this stage and those after it; none: for every stage
    bool operator==(const EvidenceRequirement &) const = default;
};

struct Pack;
/// What a pack asks for, in its order, by the names that evidence uses. A requirement without a stage is for every stage.
std::vector<EvidenceRequirement> evidenceRequirements(const Pack &pack);

/// How a requirement stands. Ordered from what is furthest from being met.
enum class EvidenceStanding { Missing, Rejected, Expired, Superseded, Awaiting, Expiring, Accepted };
std::string_view evidenceStandingKey(EvidenceStanding standing);   ///< "missing"
std::string_view evidenceStandingTitle(EvidenceStanding standing); ///< "Missing"

/// One requirement, with the evidence that meets it, or comes nearest to that.
struct RequiredEvidence {
    EvidenceRequirement requirement;
    EvidenceStanding standing = EvidenceStanding::Missing;
    std::optional<ExhibitId> exhibit; ///< none: nothing was added
    std::optional<Instant> until;     ///< it counts, or counted, until then
    std::string sentence;             ///< "“Validation report” (E-5) awaits review."

    bool isMet() const { return standing >= EvidenceStanding::Expiring; }
};

/// What is asked for a version, item by item in the order of the policy.
struct Completeness {
    std::vector<RequiredEvidence> items;
    int undecided = 0; ///< further requirements that depend on the model's tier, which is not set

    int met() const;
    bool isComplete() const { return undecided == 0 && met() == static_cast<int>(items.size()); }
    /// "7 of 9 required items".
    std::string sentence() const;
};

/// For what evidence is asked.
struct EvidenceQuestion {
    std::optional<int> tier;    ///< of the model
    std::optional<Stage> stage; ///< that shall be entered, or is; none: whatever the stage
    Instant now{};
    int soonDays = 30;          ///< what ends within so many days is told to be expiring
};

/// `exhibits`: all that are about the version, and about its model as such. Evidence counts once it is accepted, until it expires, is withdrawn, or an
/// accepted one takes its place.
Completeness completeness(std::span<const EvidenceRequirement> required, std::span<const Exhibit> exhibits, const EvidenceQuestion &question);

} // namespace countersign::policy
