#pragma once

#include "models/domain/people.h"
#include "models/policy/packs/pack.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace countersign::policy {

/// Answers to a pack's questions: factor and level, by their ids.
using TierAnswers = std::vector<std::pair<std::string, std::string>>;

/// What answers add up to.
struct Scored {
    int points = 0;
    std::optional<int> tier;      ///< none: the pack computes none
    std::vector<std::string> why; ///< a sentence for each answer, and one where an answer alone decides
};
/// Invalid: a question without an answer, or an answer to none; the sentence names the choices.
Result<Scored> scoreTier(const Scoring &scoring, const TierAnswers &answers);

/// Whether another tier than the computed one may be chosen, and whether a second person has to confirm it.
/// Invalid: the pack lets nobody, no reason, a tier that the pack does not have.
Result<bool> mayOverride(const Pack &pack, const Scored &scored, int tier, const std::string &reason);

/// The role in which a person may assess, or confirm what another chose.
Result<Role> mayAssessTier(const Person &person);
Result<Role> mayConfirmTier(const Person &person, const PersonId &assessor);

} // namespace countersign::policy
