#pragma once

#include "models/database/connection.h"
#include "models/domain/lifecycle.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace countersign::store {

/// Every published version of every pack, by pack, the newest first.
Result<std::vector<PublishedPack>> listPacks(database::Connection &connection);

/// The packs that were chosen for models, in their order; models without a choice are not in it.
Result<std::map<ModelId, std::vector<std::string>>> chosenPacks(database::Connection &connection);

/// The version of a pack that is in force at a moment: the newest that had begun, unless the pack is retired. nullopt: none.
std::optional<PublishedPack> packInForce(const std::vector<PublishedPack> &packs, const std::string &pack, Instant now);

} // namespace countersign::store
