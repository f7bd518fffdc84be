#pragma once

#include "models/database/connection.h"
#include "models/domain/releases.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::store {

/// The files of a version, in the order in which they were added.
Result<std::vector<Artifact>> listArtifacts(database::Connection &connection, const VersionId &version);

struct ReleaseFilter {
    std::optional<VersionId> version{};
    std::optional<std::int64_t> no{};
    std::string idPrefix{}; ///< "z:0c3f"
};
/// The newest first.
Result<std::vector<IssuedRelease>> listReleases(database::Connection &connection, const ReleaseFilter &filter = {});

} // namespace countersign::store
