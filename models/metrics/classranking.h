#pragma once

#include "models/metrics/multiclass.h"

/// AUCs of a decision among several classes, all of them with intervals, from each class's scores sorted once.
namespace countersign::metrics {

/// Rows in descending order of one class's score.
std::vector<std::uint32_t> descendingRows(const ClassScores &scores, int classIndex);

/// Reason and figures of one cell. One class against the rest, by class (DeLong's interval), averaged plainly and by prevalence; one
/// class against one other, averaged over pairs (Hand and Till 2001) plainly and by the pair's share of rows.
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

/// Room that cells use one after the other; one per thread.
class ClassRanker
{
public:
    /// `scores` outlives the ranker.
    explicit ClassRanker(const ClassScores &scores);
    /// `descending`: the cell's rows by class, in descending order of that class's score (equal scores in any order).
    ClassAucs rank(std::span<const std::span<const std::uint32_t>> descending, const Options &options = {});

private:
    static constexpr std::size_t kAverages = 4;
    struct Cell;
    void countRows(std::span<const std::uint32_t> rows, Cell &cell) const;
    void rankClass(std::size_t classIndex, std::span<const std::uint32_t> rows, Cell &cell, const Options &options);
    std::vector<double> variances(std::span<const std::uint32_t> rows, const Cell &cell) const;
    double weightOf(std::uint32_t row) const { return m_scores.weights.empty() ? 1.0 : m_scores.weights[row]; }

    ClassScores m_scores;
    std::vector<std::array<double, kAverages>> m_influence; ///< of each row, but for what is the same for all of its class
};

} // namespace countersign::metrics
