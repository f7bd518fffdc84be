#pragma once

#include "models/ledger/proof.h"

#include <filesystem>

namespace countersign::gui {

/// Checks a report PDF or a bare proof bundle without any workspace. Any thread.
/// Io: unreadable or too large. NotFound: a PDF without a proof inside. Invalid, Unsupported: not a proof bundle we know.
Result<ledger::ProofReport> checkProofFile(const std::filesystem::path &file);

} // namespace countersign::gui
