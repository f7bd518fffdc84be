#pragma once

#include "models/policy/packs/builtin.h"
#include "models/services/governance/evidence.h"
#include "models/services/governance/lifecycle.h"
#include "models/services/governance/packs.h"
#include "models/services/governance/tiers.h"
#include "models/services/review/review.h"
#include "tests/models/services/governance/team.h"

/// A team under the general pack, and what its members do on the way of credit-pd 1 to its use.
namespace countersign::test {

inline policy::Pack general() { return *policy::builtInPack("general"); }

inline Result<PublishedPack> publish(Team &team, const policy::Pack &pack = general(), std::optional<Instant> from = {})
{
    services::PublishRequest request;
    request.pack = pack;
    request.isDefault = true;
    request.effectiveFrom = from;
    return services::publishPack(team.session(), request, team.person("ada"), team.key("ada"));
}
inline Status facts(Team &team)
{
    team.as("olga");
    services::FactsRequest facts;
    facts.model = team.model();
    facts.owner = "Olga Sample";
    facts.purpose = "Credit decisions";
    facts.useCase = "Consumer loans";
    const auto set = services::setFacts(team.session(), facts);
    return set ? team.import("1,psi/score,0.04,1000,,,2026-02-28") : Status(set.error());
}
/// The answers that give a tier, of all there are.
inline std::optional<policy::TierAnswers> answersFor(const policy::Pack &pack, int tier)
{
    std::vector<policy::TierAnswers> all{{}};
    for (const auto &factor : pack.scoring.factors) {
        std::vector<policy::TierAnswers> longer;
        for (const auto &answers : all)
            for (const auto &level : factor.levels) {
                longer.push_back(answers);
                longer.back().emplace_back(factor.id, level.id);
            }
        all = std::move(longer);
    }
    for (const auto &answers : all)
        if (const auto scored = policy::scoreTier(pack.scoring, answers); scored && scored->tier == tier)
            return answers;
    return {};
}
inline Result<TierAssessment> assess(Team &team, int tier)
{
    const auto answers = answersFor(general(), tier);
    return answers ? services::assessTier(team.session(), {team.model(), *answers, {}, {}}) : Result<TierAssessment>(Error{ErrorKind::NotFound, "No answers give it.", {}});
}
inline Status evidence(Team &team, const std::string &id)
{
    team.as("dora");
    services::ExhibitRequest request;
    request.model = team.model();
    request.version = team.version();
    request.title = id;
    request.requirement = "general/" + id;
    request.reference = "Shelf 4";
    const auto added = services::addExhibit(team.session(), request);
    if (!added)
        return added.error();
    team.as("ada");
    const auto reviewed = services::reviewExhibit(team.session(), added->id, true, {});
    return reviewed ? Status() : Status(reviewed.error());
}
inline Result<services::SignReceipt> sign(Team &team, const std::string &login, Role role, const std::string &meaning, Decision decision = Decision::Approve)
{
    team.as(login);
    const auto bundle = services::freezeReview(team.session(), team.version());
    if (!bundle)
        return bundle.error();
    services::SignRequest request;
    request.id = team.environment().randomness->uuid();
    request.bundle = bundle->id;
    request.role = role;
    request.decision = decision;
    request.meaning = meaning;
    request.comment = decision == Decision::Reject ? "Not yet." : "";
    return services::sign(team.session(), request, team.person(login), team.key(login));
}

/// Everything that the pack asks of a model of the lowest risk until it may be used; the version then stands in "approved".
inline Status approve(Team &team)
{
    const auto published = publish(team);
    if (!published)
        return published.error();
    if (const auto status = facts(team); !status)
        return status;
    if (const auto assessed = assess(team, 3); !assessed)
        return assessed.error();
    for (const char *id : {"documentation", "data-description", "validation-report", "monitoring-plan"})
        if (const auto status = evidence(team, id); !status)
            return status;
    team.as("dora");
    if (const auto moved = services::moveVersion(team.session(), team.version(), "submit", {}); !moved)
        return moved.error();
    if (const auto signedBy = sign(team, "vera", Role::Validator, general().meaning("validation")->title); !signedBy)
        return signedBy.error();
    if (const auto signedBy = sign(team, "axel", Role::Approver, general().meaning("approval")->title); !signedBy)
        return signedBy.error();
    team.as("olga");
    const auto moved = services::moveVersion(team.session(), team.version(), "approved", {});
    return moved ? Status() : Status(moved.error());
}

} // namespace countersign::test
