#pragma once

#include "models/duckdb/connection.h"

namespace countersign::duckdb {

/// Kinds by DuckDB's number of a type. Internal to models/duckdb.
Kind kindOf(int type);

/// Appends the value at `row` of a column's data as Rows::appendText says. Precondition: it is not NULL, and its kind is neither Nested nor Other.
void appendCell(int type, const void *data, std::size_t row, std::string &to);

} // namespace countersign::duckdb
