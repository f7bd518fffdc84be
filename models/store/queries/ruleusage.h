#pragma once

#include "models/database/connection.h"
#include "models/domain/judgement.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace countersign::store {

/// How a limit stands with the versions it judges now. A version counts once, in its worst state.
struct RuleUsage {
    std::int64_t versions = 0; ///< judged at all
    std::int64_t fail = 0;
    std::int64_t watch = 0;
    std::int64_t notEnough = 0;
};
/// By limit; limits that judge nothing are left out.
Result<std::map<RuleId, RuleUsage>> ruleUsage(database::Connection &connection);

/// Names of the metrics that anything was recorded for, by bytes.
Result<std::vector<std::string>> recordedMetrics(database::Connection &connection);

} // namespace countersign::store
