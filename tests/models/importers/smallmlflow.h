#pragma once

#include "replayserver.h"

namespace countersign::importers {

inline const std::string kApi = "/api/2.0/mlflow/";

/// A small MLflow in memory, for ReplayServer: four models, three versions, two runs, a history with all that is odd about them.
/// Hands out at most `mostAPage` entries whatever is asked for.
struct SmallMlflow {
    std::size_t mostAPage = 2;
    std::string prefix = {};       ///< before the API
    std::string wantedHeader = {}; ///< "authorization" must be this, if anything
    json::Array models = smallModels();
    json::Array versions = smallVersions();
    json::Array experiments = smallExperiments();
    json::Array runs = smallRuns();
    json::Array points = smallPoints();

    ReplayAnswer operator()(const ReplayRequest &request) const;

    static json::Array smallModels();
    static json::Array smallVersions();
    static json::Array smallExperiments();
    static json::Array smallRuns();
    static json::Array smallPoints();
};

} // namespace countersign::importers
