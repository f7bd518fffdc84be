#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

/// Puts older copies, copies with a cut-off end, and other continuations in the place of a workspace, and asks
/// everybody who kept a head.
Tally rollBack(const Plan &plan);

} // namespace countersign::faults
