#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

Tally fullDisk(const Plan &plan);
Tally readOnlyPlaces(const Plan &plan);

} // namespace countersign::faults
