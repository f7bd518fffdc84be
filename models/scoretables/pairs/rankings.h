#pragma once

#include "models/scoretables/families.h"

/// What the order of scores says of cells: AUC and its relatives, from one pass over the entries of a table.
namespace countersign::scoretables {

/// Of all cells of a family, one thread; figures as from metrics::Ranking fed row by row. `totals`: confusion counts of the cells.
/// `isLeafIn` (empty: all): only these leaves.
std::vector<metrics::Ranking> rank(const Table &table, const FamilyCells &cells, const std::vector<metrics::Counts> &totals,
                                   std::span<const std::uint8_t> isLeafIn = {});

/// How far ranking figures of rounded scores can be from those of exact ones.
struct RankBounds {
    double auc = 0;
    double ks = 0;
    double averagePrecision = 0;
};
std::vector<RankBounds> rankBounds(const Table &table, const FamilyCells &cells, const std::vector<metrics::Counts> &totals);

} // namespace countersign::scoretables
