#pragma once

#include "models/scoretables/families.h"

namespace countersign::scoretables {

/// The rows of a log with their leaf, for figures that need the rows themselves.
struct RowFrame {
    Table table;                     ///< leaves and attributes; without entries
    std::vector<std::uint32_t> leaf; ///< of each row, in the order of the log
    std::vector<double> weights;     ///< empty: all 1
};
/// Invalid: see LeafKeys::make.
Result<RowFrame> frameOf(const predictions::PredictionLog &log, WindowUnit unit);

/// A number column of all rows.
std::vector<double> numbersOf(const predictions::PredictionLog &log, int column);
/// A code column of all rows, in global codes.
std::vector<std::uint32_t> codesOf(const predictions::PredictionLog &log, int column);

/// Rows sorted by cell, in the order of the log within a cell: those of cell c are [first[c], first[c + 1]) of `rows`.
struct RowsByCell {
    std::vector<std::size_t> first;
    std::vector<std::uint32_t> rows;
};
/// `isUsable`: rows that take part; by leaf because every row of a leaf is in the same cells.
RowsByCell rowsByCell(const RowFrame &frame, const FamilyCells &cells, const std::vector<std::uint8_t> &isUsable);

} // namespace countersign::scoretables
