#pragma once

#include "models/domain/metrics.h"
#include "models/store/observations/observationblock.h"

#include <span>
#include <string>
#include <vector>

/// By what time was cut: the same metric may be on record by week and by month, and a line through both would lead back and forth.
namespace countersign::pages {

/// "hour", "day", "week" (from Monday), "month", "quarter" (any three), "year", "4 weeks", "2 months", all in UTC. Empty: a moment, or a
/// window of no such unit; those of a source that counts its own days are no units, or each month would have another.
std::string unitOf(const Window &window);

/// Shortest first; those that at least two values have. Fewer than two of them leave nothing to choose.
std::vector<std::string> unitsOf(std::span<const std::vector<store::ObservationRow>> lines);

/// The unit of most values, the shorter of two; empty where there is none.
std::string commonestUnit(std::span<const std::vector<store::ObservationRow>> lines);

} // namespace countersign::pages
