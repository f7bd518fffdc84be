#pragma once

#include "tests/faults/runner.h"

namespace countersign::faults {

/// A sign-off and an import are recorded step by step as SQLite asks the disk; every state that a power cut may leave
/// is opened and judged.
Tally cutPower(const Plan &plan);
/// The same on a disk that does not sync: the judge must see loss, or it can see nothing.
Tally cutPowerUnsynced(const Plan &plan);
/// The k-th call to the disk fails, in a sign-off and in an import, for every k.
Tally failDisk(const Plan &plan);

} // namespace countersign::faults
