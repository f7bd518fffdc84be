#pragma once

#include "models/domain/lifecycle.h"
#include "models/policy/gate.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <string>
#include <vector>

/// The life of a version: which moves there are from where it stands, what each asks for and how that stands now, and the move itself.
namespace countersign::services {

/// A move that a version can make, with its gate as it stands.
struct VersionMove {
    policy::Transition transition;
    policy::PackStage to;
    policy::GateVerdict gate;
};

struct VersionLife {
    MlModel model;
    ModelVersion version;
    policy::Pack pack;               ///< whose stages it moves through
    std::optional<policy::PackStage> stage; ///< none: the pack has no stage for where it stands
    std::vector<VersionMove> moves;
};

/// NotFound: no pack governs the model; its stage is then a fact that anybody who keeps facts may set.
Result<VersionLife> lifeOf(Session &session, const VersionId &version);

/// Everything that gates ask about a version, as it is now.
Result<policy::GateFacts> gateFacts(Session &session, const VersionId &version);

/// The move to a stage, or by a transition's id, as who works here. Conflict: the gate is closed; the message has a line for every check that keeps
/// it so. Denied: the role. Invalid: there is no such move from here, or it needs a reason.
Result<StageMove> moveVersion(Session &session, const VersionId &version, const std::string &where, const std::string &reason);

/// The checks of a gate as a document: what a move's event carries as evidence.
json::Object gateDocument(const policy::GateVerdict &gate);

} // namespace countersign::services
