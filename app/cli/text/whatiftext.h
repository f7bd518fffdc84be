#pragma once

#include "app/cli/terminal/terminal.h"
#include "models/computed/scores/whatif.h"

#include <string>

/// A what-if as text: for people, and as comma-separated values.
namespace countersign::cli {

/// What is compared, everybody's figures before and after, a line a group, disparities, the frontier, and the legal note where it belongs.
std::string whatIfTable(const computed::ScoreSource &source, const computed::WhatIf &whatIf, const Terminal &terminal);

/// A line a figure: side, kind, metric, group, threshold, n, value, lower, upper, method, reason.
std::string whatIfCsv(const computed::ScoreSource &source, const computed::WhatIf &whatIf);

} // namespace countersign::cli
