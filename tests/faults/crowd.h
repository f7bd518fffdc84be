#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

Tally signersTogether(const Plan &plan);
Tally programsOnOneFile(const Plan &plan);

} // namespace countersign::faults
