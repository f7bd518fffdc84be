#pragma once

#include "models/database/connection.h"

#include <span>
#include <string>
#include <vector>

namespace countersign::store {

/// The numbered steps of resources/sql for one backend, ascending. Scripts are written once in common types; a step has a .sqlite
/// and a .postgres file only where the two really differ.
std::vector<database::Migration> migrations(database::Backend backend);

/// A table that only the projector writes, as verification compares it.
struct ProjectionTable {
    std::string name;
    std::vector<std::string> keys;    ///< columns that name a row, in their order
    std::vector<std::string> columns; ///< the others
};
std::span<const ProjectionTable> projectionTables();

} // namespace countersign::store
