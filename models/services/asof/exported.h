#pragma once

#include "models/base/progress.h"
#include "models/services/workspace/session.h"

#include <filesystem>
#include <memory>

namespace countersign::services {

/// Whether the file is an exported ledger (FORMAT.md, "Ledger file") by its first bytes.
bool isExportedLedger(const std::filesystem::path &file);

/// Entries, evidence and checkpoints of an exported ledger as a workspace in a scratch database, without rows to list: what openAsOf() looks
/// back from. So every past state can be had again without the database that it came from. Nothing can be written.
/// Invalid: the file breaks the format. NotFound, Io: it cannot be read. Cancelled.
Result<std::unique_ptr<Session>> openExported(const std::filesystem::path &file, Environment environment, const Progress &progress);

} // namespace countersign::services
