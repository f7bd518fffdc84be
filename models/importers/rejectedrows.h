#pragma once

#include "models/importers/metricsfile.h"

#include <string>

namespace countersign::importers {

/// The file that rejected rows are saved to: RFC 4180, its first line, then a line a row. A cell that a spreadsheet would take for a
/// formula gets an apostrophe in front.
std::string rejectedCsvHead();
std::string rejectedCsvLine(const RejectedRow &row);

} // namespace countersign::importers
