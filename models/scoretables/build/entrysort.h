#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace countersign::scoretables {

/// A scored row: its score, its leaf and label (leaf × 2 + label), its weight.
struct Entry {
    double score = 0;
    std::uint32_t code = 0;
};
struct WeightedEntry {
    double score = 0;
    std::uint32_t code = 0;
    double weight = 1;
};

/// Sorts by descending score, then ascending code, then ascending weight: one order for one set of rows, however they came.
/// `scratch` is as large as `entries`. Linear for any distribution that occurs: each level spreads entries evenly between their
/// smallest and largest score. Scores are finite and not -0.
void sortEntries(std::span<Entry> entries, std::span<Entry> scratch);
void sortEntries(std::span<WeightedEntry> entries, std::span<WeightedEntry> scratch);

/// Maps scores in [lowest, highest] to 0 … buckets − 1 so that a higher score never gets a higher number.
class ScoreBuckets
{
public:
    ScoreBuckets(double lowest, double highest, std::size_t buckets)
        : m_highest(highest), m_last(static_cast<double>(buckets - 1))
    {
        // Scores that span more than half of all doubles overflow the difference: then all fall into one bucket, which the
        // sort takes apart by halving.
        const double range = highest - lowest;
        m_scale = range > 0 && range < 1e300 ? static_cast<double>(buckets) / range : 0;
    }
    std::size_t operator()(double score) const
    {
        const double place = (m_highest - score) * m_scale;
        return static_cast<std::size_t>(place < m_last ? place : m_last);
    }

private:
    double m_highest;
    double m_last;
    double m_scale;
};

} // namespace countersign::scoretables
