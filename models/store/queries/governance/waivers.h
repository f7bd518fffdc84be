#pragma once

#include "models/database/connection.h"
#include "models/domain/waivers.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::store {

struct WaiverFilter {
    std::optional<ModelId> model{};
    std::optional<VersionId> version{};
    std::optional<Instant> inForceAt{}; ///< only those that hold then
    std::optional<std::int64_t> no{};
    std::string idPrefix{};             ///< "w:0c3f"
};

/// Those that end first, first.
Result<std::vector<Waiver>> listWaivers(database::Connection &connection, const WaiverFilter &filter = {});

} // namespace countersign::store
