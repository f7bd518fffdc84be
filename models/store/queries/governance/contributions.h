#pragma once

#include "models/database/connection.h"
#include "models/domain/contribution.h"

#include <vector>

namespace countersign::store {

/// Who wrote what about a model and its versions, as the ledger has it, oldest first.
Result<std::vector<Contribution>> listContributions(database::Connection &connection, const ModelId &model);

} // namespace countersign::store
