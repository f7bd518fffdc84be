#pragma once

#include "models/database/connection.h"
#include "models/domain/inventory.h"
#include "models/domain/metrics.h"

#include <string>
#include <vector>

/// Reads over every model at once, for what is judged across the whole inventory.
namespace countersign::store {

struct PortfolioVersion {
    MlModel model; ///< id, name and tier
    VersionId version;
    std::string label;
};
/// Every version, by model and version id.
Result<std::vector<PortfolioVersion>> portfolioVersions(database::Connection &connection);

struct NewestValue {
    VersionId version;
    std::string metric;
    Slice slice;
    Observation newest;
};
/// The newest value of each version's series of these metrics; of several runs that recorded the same, the one whose window ends last.
/// By version, metric and slice.
Result<std::vector<NewestValue>> newestValues(database::Connection &connection, const std::vector<std::string> &metrics);

} // namespace countersign::store
