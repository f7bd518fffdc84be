#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

/// Cuts the line to PostgreSQL after every byte of a sign-off, either way: reset, closed, or silent. A run is one
/// place; the long form tries all of them.
Tally cutSocket(const Plan &plan);

} // namespace countersign::faults
