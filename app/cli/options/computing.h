#pragma once

#include "app/cli/context.h"
#include "models/computed/compute.h"

namespace countersign::cli {

/// What is computed from the log that the first argument names, as its options (metricoptions.h) say: in memory, or bounded. Tells rejected rows.
/// `use` gets the table of a log of two outcomes while it is at hand.
Result<computed::ComputedSet> computeNamed(Context &context, const computed::TableUse &use = {});

} // namespace countersign::cli
