#pragma once

#include "models/computed/computedset.h"

namespace countersign::computed {

/// Fills in disparities over groups (with bootstrap intervals on the counts) and comparisons with a reference group, for every
/// attribute and combination whose cells the set has, over the whole log and by window.
/// Invalid: a reference names an attribute or value that is not there.
Status addDisparities(const Table &table, ComputedSet &set, unsigned threads);

} // namespace countersign::computed
