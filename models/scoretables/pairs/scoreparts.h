#pragma once

#include "models/scoretables/table.h"

namespace countersign::scoretables {

/// Where `count` parts of about equal size begin, each with a new score, and where the last one ends. Parts of one score are empty.
std::vector<std::size_t> scoreParts(const Table &table, std::size_t count);

} // namespace countersign::scoretables
