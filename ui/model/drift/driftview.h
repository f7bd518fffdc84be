#pragma once

#include "models/computed/computedset.h"

#include <QString>

#include <string>
#include <vector>

/// What there is to choose from on the Drift tab: pure functions of a computed set.
namespace countersign::pages {

std::vector<std::string> driftStatisticsOf(const computed::ComputedSet &set); ///< in the order of what people ask for first
QString driftStatisticTitle(const std::string &key);
std::vector<std::string> driftWindowsOf(const computed::ComputedSet &set);    ///< newest first; "" is the whole log
/// Columns of a window, furthest first.
std::vector<std::string> driftColumnsOf(const computed::ComputedSet &set, const std::string &statistic, const std::string &window);
/// Replaces what the set does not have by the nearest that it has.
void settleDrift(const computed::ComputedSet &set, std::string &statistic, std::string &window, std::string &column);
/// "income has moved furthest: PSI .240. 3 of 9 columns differ (p adjusted below .05)."
QString driftFinding(const computed::ComputedSet &set, const std::string &statistic, const std::string &window);
/// "2025-01", "another log, ref.csv".
QString driftReferenceText(const computed::ComputedSet &set);

} // namespace countersign::pages
