#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

/// Changes one field, one bit or one row of a small and rich workspace behind the program's back, verifies, and puts it
/// back; every table in turn.
Tally tamper(const Plan &plan);

} // namespace countersign::faults
