#pragma once

#include "models/base/progress.h"
#include "models/store/ledgerstore.h"
#include "models/store/projection/lastwriters.h"

#include <set>
#include <span>
#include <vector>

namespace countersign::services {

/// The entries that a replay took.
struct ReplayedEntries {
    std::uint64_t size = 0;
    const std::set<std::uint64_t> &skipped; ///< no part of the record: not validly signed, or without their evidence
};

/// Which entry last wrote each of the rows that differ, by a second replay that watches them. `replayed` is the first one. Reads only.
/// Invalid, NotFound, Tampered: entries do not replay one change at a time; then nothing can be said of the rows' authors.
Result<std::vector<store::RowAuthor>> rowAuthors(store::LedgerStore &ledger, const ReplayedEntries &entries, database::Connection &replayed,
                                                 std::span<const store::TableDifference> rows, const Progress &progress);

} // namespace countersign::services
