#pragma once

#include "models/domain/lifecycle.h"
#include "models/policy/tiering.h"
#include "models/services/workspace/session.h"

/// A model's tier, from the answers to a pack's questions; another one only with a reason, and where the pack says so only once a second person
/// confirmed it.
namespace countersign::services {

struct TierRequest {
    ModelId model;
    policy::TierAnswers answers;
    std::optional<int> tier; ///< chosen; none: as computed
    std::string reason;      ///< of another tier than computed
};

/// The pack by which a model is tiered: the first that governs it and has tiers. NotFound: none.
Result<policy::Pack> tieringPack(Session &session, const ModelId &model);

/// Invalid: policy::scoreTier, mayOverride; no tier where the pack computes none. NotFound: no pack governs the model. Denied: the role.
Result<TierAssessment> assessTier(Session &session, const TierRequest &request);
/// The last assessment of the model, which awaits it. Conflict: none does.
Result<TierAssessment> confirmTier(Session &session, const ModelId &model);

} // namespace countersign::services
