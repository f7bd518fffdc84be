#pragma once

#include "models/database/connection.h"
#include "models/domain/lifecycle.h"

#include <vector>

namespace countersign::store {

/// How a model got its tier, newest first.
Result<std::vector<TierAssessment>> tierAssessments(database::Connection &connection, const ModelId &model);

/// The moves of a version through its stages, oldest first.
Result<std::vector<StageMove>> stageMoves(database::Connection &connection, const VersionId &version);

/// Which version of a model stood in this stage at a moment, by the ledger; as it was moved there last. Empty: none.
Result<std::vector<VersionId>> versionsInStageAt(database::Connection &connection, const ModelId &model, Stage stage, Instant when);

} // namespace countersign::store
