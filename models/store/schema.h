#pragma once

#include "models/database/connection.h"

#include <string>
#include <vector>

namespace countersign::store {

/// The numbered steps of resources/sql for one backend, ascending. Scripts are written once in common types; a step has a .sqlite
/// and a .postgres file only where the two really differ.
std::vector<database::Migration> migrations(database::Backend backend);

/// A table that only the projector writes, as verification compares it.
struct ProjectionTable {
    enum class Kind { Integer, Real, Text, Blob };
    struct Column {
        std::string name;
        Kind kind;
    };
    std::string name;
    std::vector<Column> columns; ///< the first `keyCount` name a row, in their order
    std::size_t keyCount = 1;
};
const std::vector<ProjectionTable> &projectionTables();

/// Makes a fresh scratch database ready for a replay: the tables, without the indexes that only lists on the screen read and without the triggers
/// that guard a workspace. Returns the statements that make those indexes, for who wants to read lists from it.
Result<std::vector<std::string>> prepareReplay(database::Connection &connection);

} // namespace countersign::store
