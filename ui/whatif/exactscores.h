#pragma once

#include "models/services/computed/whatif.h"

#include <filesystem>
#include <memory>

/// Every score instead of the steps that a recorded set has kept: long work, for a thread of its own.
namespace countersign::pages {

using TablePointer = std::shared_ptr<const scoretables::Table>;

/// What an earlier session has kept on this computer. NotFound: nothing.
Result<TablePointer> keptTable(const std::filesystem::path &folder, const services::ScoredSet &set, const Progress &progress);

/// Reads the log that the set was computed from, and keeps its table in the folder for the next time. Invalid: the file is another log.
Result<TablePointer> tableOfLog(const std::filesystem::path &log, const std::filesystem::path &folder, const services::ScoredSet &set,
                                const Progress &progress);

} // namespace countersign::pages
