#pragma once

#include "models/computed/comparisons/worst.h"
#include "models/metrics/ranking/ranking.h"

/// Internal to models/computed: what is known of the slices of a table, one choice of attributes at a time.
namespace countersign::computed {

/// A slice's own rows as the AUC needs them, and where they stand among all rows.
struct SliceRanks {
    metrics::Ranking ranking;
    double placements = 0; ///< Σ over its rows: rows of the other label on the right side of it, ties half

    /// Of the rows outside. Σ of placements counts pairs within the slice twice; what is left after taking it off is of rows outside alone.
    double restArea(double allArea) const { return allArea - placements + ranking.area; }
};

/// Everything of the slices of one choice of attributes, by slice. Counts, means and ranks where the search goes by them.
struct Slices {
    std::vector<std::uint32_t> sliceOf; ///< by combination; kNone: of no slice that is looked at
    std::vector<std::vector<std::uint32_t>> codes;
    std::vector<std::uint64_t> rows;
    std::vector<metrics::Counts> counts;
    std::vector<LeafMean> means;
    std::vector<SliceRanks> ranks;

    static constexpr std::uint32_t kNone = 0xffffffffU;
};

/// Sums of the combinations of values that occur, whatever their time, from which those of every choice of attributes are added up.
/// Table and source have to outlive it. of() may be called from several threads at once.
class SliceSums
{
public:
    using Attributes = std::vector<std::size_t>; ///< places in Table::attributes()

    /// Of all rows.
    struct Everybody {
        std::uint64_t rows = 0;
        metrics::Counts counts;
        LeafMean mean;
        metrics::Ranking ranking;
    };

    SliceSums(const Table &table, const WorstSource &source);

    const Everybody &everybody() const { return m_all; }

    /// The slices of `smallest` rows or more that leave as many outside; without a value of all attributes only where `includeMissing`.
    Slices of(const Attributes &attributes, std::uint64_t smallest, bool includeMissing) const;
    /// Variance of the AUC of rows with these counts, when their placements vary as everybody's do.
    double aucVariance(const metrics::Counts &counts) const;

private:
    void addUpLeaves();
    void placeEntries();
    void addEntry(metrics::Ranking &ranking, std::size_t i) const;
    void numberSlices(const Attributes &attributes, std::uint64_t smallest, bool includeMissing, Slices &slices) const;
    bool isMissing(const Attributes &attributes, std::size_t combination) const;
    void addUp(Slices &slices) const;
    void rankSlices(Slices &slices) const;
    void addPlacements(const std::vector<std::uint32_t> &sliceOfLeaf, const std::vector<std::uint8_t> &isIn, std::vector<SliceRanks> &ranks) const;

    const Table &m_table;
    const WorstSource &m_source;
    std::vector<std::uint32_t> m_ofLeaf;             ///< its combination
    std::vector<std::vector<std::uint32_t>> m_codes; ///< [attribute][combination]
    std::vector<std::uint64_t> m_rows;               ///< by combination, as the next two
    std::vector<metrics::Counts> m_counts;
    std::vector<LeafMean> m_means;
    std::vector<double> m_placements; ///< by entry
    std::vector<double> m_placementsOfLeaf;
    double m_ofPositives = 0; ///< variances of everybody's placements
    double m_ofNegatives = 0;
    Everybody m_all;
};

} // namespace countersign::computed
