#pragma once

#include "models/base/progress.h"
#include "models/database/connection.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace countersign::store {

/// Names a row of a projection: the values of its key columns, in their order.
using RowKey = std::vector<std::variant<std::int64_t, std::string>>;

/// A place where the tables that panes read say something else than the ledger.
struct TableDifference {
    enum class Kind { Changed, Missing, Extra };
    Kind kind = Kind::Changed;
    std::string table;
    std::string row;      ///< "series 12, window_end 2026-03-02T00:00:00.000Z …": the key as people read it
    std::string column;   ///< for Changed
    std::string recorded; ///< the value that follows from the ledger
    std::string found;    ///< the value that stands in the table
    RowKey key;           ///< the same for programs

    /// "Table observation, row …: value is 0.71, the ledger says 0.61." English.
    std::string sentence() const;
};

struct Comparison {
    std::uint64_t rows = 0;
    std::uint64_t differences = 0;          ///< all of them
    std::vector<TableDifference> first;     ///< the first hundred
};

/// Compares every projection of `live` with those of `replayed`, row by row, both streamed in key order.
Result<Comparison> compareProjections(database::Connection &live, database::Connection &replayed, const Progress &progress);

} // namespace countersign::store
