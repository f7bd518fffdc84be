#pragma once

#include "tests/faults/workplace.h"

namespace countersign::faults {

/// Adds to a fresh workplace what fills every table of a workspace with a few rows: a registry imported twice, people
/// and their keys, limits, sign-offs fresh and stale, a report, computed figures and a check of them, change requests,
/// an import that was undone, checkpoints.
Status enrich(const Workplace &place);

} // namespace countersign::faults
