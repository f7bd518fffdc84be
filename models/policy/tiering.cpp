#include "models/policy/tiering.h"

#include "models/base/text.h"
#include "models/policy/authority.h"

#include <algorithm>
#include <array>

namespace countersign::policy {

namespace {

constexpr std::array kAssessors{Role::Owner, Role::Developer, Role::Validator, Role::ComplianceOfficer};
constexpr std::array kConfirmers{Role::ComplianceOfficer, Role::Validator};

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

template<class Item>
std::string idsOf(const std::vector<Item> &items)
{
    std::string text;
    for (const Item &item : items)
        text += (text.empty() ? "" : ", ") + item.id;
    return text;
}

} // namespace

Result<Scored> scoreTier(const Scoring &scoring, const TierAnswers &answers)
{
    for (const auto &[factor, level] : answers)
        if (std::ranges::find(scoring.factors, factor, &Scoring::Factor::id) == scoring.factors.end())
            return invalid("The pack asks no question \"" + factor + "\". It asks: " + idsOf(scoring.factors) + ".");
    Scored scored;
    scored.points = scoring.combine == Scoring::Combine::Product && !scoring.factors.empty() ? 1 : 0;
    std::optional<int> atLeast;
    for (const Scoring::Factor &factor : scoring.factors) {
        const auto answer = std::ranges::find(answers, factor.id, &TierAnswers::value_type::first);
        if (answer == answers.end())
            return invalid("The question \"" + factor.id + "\" has no answer: " + factor.question + " It is one of: " + idsOf(factor.levels) + ".");
        const auto level = std::ranges::find(factor.levels, answer->second, &Scoring::Level::id);
        if (level == factor.levels.end())
            return invalid("\"" + answer->second + "\" is no answer to \"" + factor.id + "\". It is one of: " + idsOf(factor.levels) + ".");
        scored.points = scoring.combine == Scoring::Combine::Product ? scored.points * level->points : scored.points + level->points;
        scored.why.push_back(factor.title + ": " + level->title + ", " + std::to_string(level->points) + (level->points == 1 ? " point." : " points."));
        if (level->atLeast && (!atLeast || *level->atLeast < *atLeast)) {
            atLeast = level->atLeast;
            scored.why.push_back(factor.title + " alone makes it tier " + std::to_string(*level->atLeast) + (*level->atLeast == 1 ? "." : " or a higher risk."));
        }
    }
    for (const Scoring::Band &band : scoring.bands)
        if (scored.points >= band.from && scored.points <= band.to)
            scored.tier = band.tier;
    if (scored.tier && atLeast)
        scored.tier = std::min(*scored.tier, *atLeast); // 1 is the highest risk
    return scored;
}

Result<bool> mayOverride(const Pack &pack, const Scored &scored, int tier, const std::string &reason)
{
    if (!pack.tier(tier))
        return invalid(pack.title + " has no tier " + std::to_string(tier) + ".");
    if (!scored.tier || *scored.tier == tier)
        return false;
    if (pack.scoring.override == Scoring::Override::Never)
        return invalid("The answers give tier " + std::to_string(*scored.tier) + ", and " + pack.title + " lets nobody choose another.");
    if (text::isBlank(reason))
        return invalid("The answers give tier " + std::to_string(*scored.tier) + ". Say why it shall be tier " + std::to_string(tier) + ".");
    return pack.scoring.override == Scoring::Override::WithSecondPerson;
}

Result<Role> mayAssessTier(const Person &person) { return actingRole(person, kAssessors, "Tiers are assessed"); }

Result<Role> mayConfirmTier(const Person &person, const PersonId &assessor)
{
    const auto role = actingRole(person, kConfirmers, "Tiers that were chosen otherwise than computed are confirmed");
    if (role && person.id == assessor)
        return Error{ErrorKind::Denied, "Whoever chose the tier does not confirm it: somebody else has to.", {}};
    return role;
}

} // namespace countersign::policy
