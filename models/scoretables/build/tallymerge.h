#pragma once

#include "models/predictions/reader.h"
#include "models/scoretables/build/tally.h"

namespace countersign::scoretables {

/// Several tallies as one table's parts: leaves in the order that all tables have, scores rounded to the coarsest step of them, equal
/// combinations counted together. Takes the tallies' entries. The unit and `decidedAt` are for the caller to say.
/// The same parts whatever order the rows came in, and whichever tally they went to.
TableParts mergeTallies(const predictions::Schema &schema, const predictions::MergedDictionaries &dictionaries, std::vector<Tally> &tallies);

/// The step that leaves no more than `most` combinations of what Rounding::Least counted: for one tally or for many the same. 0: exact. Scores are to be
/// rounded down to it.
double leastStepOf(const TableParts &parts, std::size_t most);

} // namespace countersign::scoretables
