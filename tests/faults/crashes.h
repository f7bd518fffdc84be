#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

Tally crashSignOff(const Plan &plan);
Tally crashImport(const Plan &plan);

} // namespace countersign::faults
