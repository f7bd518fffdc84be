#pragma once

#include "models/store/projection/comparison.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace countersign::store {

/// What a replay knows of a row: the entry that last gave it the values it has, or that took it away.
struct RowAuthor {
    std::optional<std::uint64_t> entry; ///< none: no entry ever wrote such a row
    bool isRemoval = false;
};

/// Watches some rows while the ledger is replayed into a scratch database: which entry wrote them last? Exact where an entry writes rows itself.
/// What is settled (verdicts, headlines, stale marks) counts as written by the entry that ended the change it follows from.
class LastWriters
{
public:
    /// Borrows a database that store::prepareReplay made. Memory grows with the rows watched, not with the ledger.
    LastWriters(database::Connection &scratch, std::span<const TableDifference> rows);

    /// Before the replay. `replayed` is an earlier one of the same entries: it tells which versions the rows belong to.
    Status watch(database::Connection &replayed);
    /// What is written from now on is this entry's.
    Status begin(std::uint64_t entry);
    /// Settling any of these may write a row that is watched.
    const std::set<std::string> &versions() const { return m_versions; }
    /// In the order of the rows given.
    Result<std::vector<RowAuthor>> authors();

private:
    Status watchTable(const std::string &name);

    database::Connection &m_scratch;
    std::vector<TableDifference> m_rows;
    std::set<std::string> m_versions;
};

} // namespace countersign::store
