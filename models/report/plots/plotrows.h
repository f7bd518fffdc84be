#pragma once

#include "models/report/plotspec.h"

#include <string>
#include <vector>

namespace countersign::report {

/// All numbers of a plot for a file, heads first: one row a point of a series, in full precision with a decimal point, empty where there is
/// none. Names are as they came: whoever writes a spreadsheet protects it from formulas.
std::vector<std::vector<std::string>> plotRows(const PlotSpec &spec);

} // namespace countersign::report
