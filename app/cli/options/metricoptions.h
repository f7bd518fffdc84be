#pragma once

#include "app/cli/commandline.h"
#include "models/computed/computedset.h"

#include <vector>

/// What is computed from a log, as the command line says it. Shared by every verb that computes: a new parameter is added here once, to both
/// functions, and all of them have it.
namespace countersign::cli {

/// The options of a log (logoptions.h), then --threshold, --window, … as a table.
std::vector<Option> metricOptions();

/// Those of metricOptions() that hold for drift alone, and --reference, --feature.
std::vector<Option> driftOptions();

/// Those of metricOptions() that hold for what-ifs, and what they ask: --attribute, --constraint, …
std::vector<Option> whatIfOptions();

/// Invalid: a value that an option does not take.
Result<computed::Parameters> parametersOf(const CommandLine &line);

} // namespace countersign::cli
