#pragma once

#include "models/scoretables/families.h"

namespace countersign::scoretables {

/// Pairs of a positive and a negative row of a cell in which the positive one has the higher score, ties one half: the AUC times
/// positives times negatives, and nothing else of Ranking. For all cells of several families in one pass on all cores, so that a
/// brush over time can follow the hand; `isLeafIn` (empty: all) says which leaves are under the brush.
struct Area {
    double positives = 0;
    double negatives = 0;
    double pairs = 0;

    /// Undefined with one class only, as metrics::auc is; without an interval.
    metrics::Figure auc() const;
};
/// By family, by cell.
std::vector<std::vector<Area>> areasOf(const Table &table, std::span<const FamilyCells> families, std::span<const std::uint8_t> isLeafIn,
                                       unsigned threads);

} // namespace countersign::scoretables
