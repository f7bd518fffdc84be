#pragma once

#include "models/metrics/multiclass.h"

/// AUCs of a decision among several classes, all of them with intervals, from rows ranked once by each class's score.
namespace countersign::metrics {

/// A row of a cell in the order of one class's score.
struct RankedRow {
    std::uint32_t row = 0;   ///< in the cell's actual and weights
    std::uint32_t block = 0; ///< equal for equal scores
};

struct RankedClasses {
    int classes = 0;
    std::span<const int> actual;     ///< of the cell's rows
    std::span<const double> weights; ///< or empty: all 1
    std::span<const std::span<const RankedRow>> descending; ///< by class: all rows, from the highest score of that class down
};

/// One class against the rest, by class (DeLong's interval), averaged plainly and by prevalence; one class against one other,
/// averaged over pairs (Hand and Till 2001) plainly and by the pair's share of rows. A class without rows: the averages are undefined.
/// Interval of an average: variance of what each row adds to it (its influence: the shares of other classes' rows that it is ranked
/// above or below, over all the AUCs that it takes part in), class by class, and for averages by prevalence the variance of
/// prevalences too. For one AUC this is DeLong's variance.
struct ClassAucs {
    std::vector<Figure> against; ///< by class
    Figure restMacro;
    Figure restWeighted;
    Figure pairsMacro;
    Figure pairsWeighted;
};
ClassAucs classAucs(const RankedClasses &cell, const Options &options = {});

} // namespace countersign::metrics
