#pragma once

#include "models/policy/packs/impact.h"
#include "models/services/workspace/session.h"

#include <vector>

namespace countersign::services {

/// What a pack's rules would change in this workspace.
struct PackImpact {
    struct Version {
        MlModel model; ///< id, name and tier
        VersionId version;
        std::string label;
    };
    std::vector<Version> versions; ///< every version; subjects of the impact are places in this list
    policy::Impact impact;
};

/// The rules of a pack that limits in force follow: what a new version of it would replace.
Result<std::vector<policy::PackRule>> rulesInForce(Session &session, const std::string &pack);

/// Every version judged by both lists of rules, on what is recorded now. Nothing is written.
Result<PackImpact> impactOfRules(Session &session, const std::vector<policy::PackRule> &before, const std::vector<policy::PackRule> &after);

/// What publishing this pack would change: its rules against those of it that are in force.
Result<PackImpact> packImpact(Session &session, const policy::Pack &pack);

} // namespace countersign::services
