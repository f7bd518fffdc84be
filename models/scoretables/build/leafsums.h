#pragma once

#include "models/scoretables/table.h"

namespace countersign::scoretables {

/// The sums of every leaf but for positives and negatives (which the table's checkpoints give). Added up in the order of entries
/// within ranges of score that depend on the scores alone, so that the last digit is the same for any number of threads, and for
/// equal rows counted one by one or together.
std::vector<LeafSums> sumLeaves(const TableParts &parts, unsigned threads);

} // namespace countersign::scoretables
