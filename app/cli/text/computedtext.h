#pragma once

#include "app/cli/terminal/terminal.h"
#include "models/computed/computedset.h"

#include <string>
#include <vector>

/// A computed set as text: for people, and as comma-separated values.
namespace countersign::cli {

/// Everybody's figures, then a line a group with the figures that a reviewer asks for first, then what groups differ by, selection and
/// scoring rates with impact ratios, drift, and what the set lacks.
std::string computedTable(const computed::ComputedSet &set, const Terminal &terminal);

/// A line a figure: kind, metric, window_start, window_end, slice, n, value, lower, upper, method, reason. The names are those that
/// `import metrics` reads.
std::string computedCsv(const computed::ComputedSet &set);

/// What figures lack, one sentence each.
std::vector<std::string> notesOf(const computed::ComputedSet &set);

} // namespace countersign::cli
