#pragma once

#include "models/computed/computedset.h"
#include "models/scoretables/families.h"

namespace countersign::computed {

using scoretables::Family;
using scoretables::FamilyCells;

/// The families that parameters ask for, everybody first. Invalid: an attribute that the log does not have.
Result<std::vector<Family>> familiesFor(const Table &table, const Parameters &parameters);

/// The cells of a family with their windows and groups as people call them, and nothing in them yet.
std::vector<ComputedCell> namedCells(const Table &table, const FamilyCells &cells);

} // namespace countersign::computed
