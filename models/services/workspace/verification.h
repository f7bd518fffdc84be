#pragma once

#include "models/base/progress.h"
#include "models/ledger/verifier.h"
#include "models/services/workspace/session.h"
#include "models/store/projection/comparison.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::services {

/// One thing that is not as the ledger has it, with the entry it points to.
struct Discrepancy {
    std::string sentence;
    std::int64_t entry = -1;     ///< the entry concerned, or that last wrote the row
    std::string entryKind;       ///< its kind, "metrics.import"
    std::string entryAt;         ///< its time, UTC
    std::string entryBy;         ///< printed name of its author
    std::optional<store::TableDifference> row; ///< where a table says something else
    bool isRemoval = false;      ///< that entry took the row away

    /// "Last written by entry 12 (policy.set) at 2026-03-02T08:00:12.000Z by Ada Sample." Empty when there is nothing to add. English.
    std::string provenance() const;
};

/// What checking everything found.
struct Verification {
    std::uint64_t entries = 0;
    std::uint64_t signatures = 0;
    std::uint64_t evidence = 0;      ///< documents re-hashed
    std::uint64_t rows = 0;          ///< table rows compared
    ledger::TreeHead head;
    ledger::EntryState worst = ledger::EntryState::Valid;
    bool isTreeAsRecorded = false;   ///< the recomputed root is the one kept beside the entries
    std::optional<std::uint64_t> checkpointSize; ///< newest checkpoint that was kept and is consistent
    std::optional<std::uint64_t> provedEntries;  ///< entries before the first wrong one; none when all are right
    std::uint64_t problems = 0;      ///< all of them
    std::vector<Discrepancy> findings;   ///< the first hundred, entries first
    double seconds = 0;              ///< wall time of it all
    std::string origin;

    bool isIntact() const { return problems == 0; }
    /// "The trail is intact: …" or "The trail is not intact: …". English.
    std::string sentence() const;
};

/// Replays every entry into a scratch database and compares its tables with the workspace's; checks canonical form, signatures, keys,
/// places in the tree, evidence and kept checkpoints. Reads only. Works on a workspace that Session::open calls damaged.
Result<Verification> verifyWorkspace(database::Connection &connection, const Progress &progress);

} // namespace countersign::services
