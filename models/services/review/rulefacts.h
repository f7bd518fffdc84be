#pragma once

#include "models/base/json.h"
#include "models/domain/inventory.h"
#include "models/services/workspace/session.h"

namespace countersign::services {

/// Every revision of the limits that concern a model, as reports and review bundles carry them under "rules", so that their pages draw
/// the limit lines and judge old windows without the database. Texts are escaped.
Result<json::Value> ruleFacts(Session &session, const MlModel &model);

} // namespace countersign::services
