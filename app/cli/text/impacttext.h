#pragma once

#include "app/cli/terminal/terminal.h"
#include "models/computed/computedset.h"

#include <string>

/// Selection and scoring rates with impact ratios of a computed set as text; empty where the set has none.
namespace countersign::cli {

/// One table: a line a category, by decisions and by scores above the median side by side; of pairs of attributes those with the lowest ratios.
std::string impactTable(const computed::ComputedSet &set, const Terminal &terminal);
/// "impact" lines as computedCsv() has them, all of them: "selection_rate/sex", "impact_ratio/sex", "scoring_rate/sex", "scoring_impact_ratio/sex".
std::string impactLines(const computed::ComputedSet &set);

} // namespace countersign::cli
