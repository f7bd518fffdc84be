#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"
#include "models/report/chartspec.h"

#include <QString>

namespace countersign::pages {

/// Writes all points of a chart as CSV (RFC 4180, UTF-8): time, series, value, lower, upper, n, state, note. Numbers as they are, without
/// rounding; cells that a spreadsheet would read as a formula are protected. The file is complete or not there.
Status writeChartCsv(const QString &path, const report::ChartSpec &spec, const Progress &progress);
/// The same, tab-separated, for the clipboard.
QString chartAsText(const report::ChartSpec &spec);

} // namespace countersign::pages
