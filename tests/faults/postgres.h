#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

Tally crashPostgres(const Plan &plan);
Tally killBackends(const Plan &plan);

} // namespace countersign::faults
