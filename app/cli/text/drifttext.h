#pragma once

#include "app/cli/terminal/terminal.h"
#include "models/computed/computedset.h"

#include <string>

/// Drift of a computed set as text; empty where the set has none.
namespace countersign::cli {

/// A line a column, the one that moved most (by PSI) first.
std::string driftTable(const computed::ComputedSet &set, const Terminal &terminal);
/// "drift" lines as computedCsv() has them: "psi/income", "p/income", "p_adjusted/income".
std::string driftLines(const computed::ComputedSet &set);

} // namespace countersign::cli
