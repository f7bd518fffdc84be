#pragma once

#include "models/computed/computedset.h"

/// The prediction log of the sample portfolio: fictional applicants for credit, the same every time.
namespace countersign::services {

struct SampleLog {
    computed::ComputedSet set;
    Bytes scores; ///< writeScores() of its table
};

/// A year of applications to credit-pd-retail 3, made up from a seed, and everything that the engine computes from them: months, sex, age band
/// and region with their pairs, drift against the first quarter, the worst groups. People of 65 and over are found less often; one region is
/// too small to be judged; incomes rise and a new kind of employment appears.
Result<SampleLog> sampleLog();

} // namespace countersign::services
