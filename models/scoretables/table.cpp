#include "models/scoretables/table.h"

#include "models/base/parallel.h"
#include "models/scoretables/build/hugepages.h"
#include "models/scoretables/build/leafsums.h"

namespace countersign::scoretables {

namespace {

constexpr std::size_t kCheckpointBytes = 32U << 20;
constexpr std::size_t kLeastStep = 4096;

} // namespace

LeftOut &LeftOut::operator+=(const LeftOut &other)
{
    noLabel += other.noLabel;
    noScore += other.noScore;
    notFinite += other.notFinite;
    noPrediction += other.noPrediction;
    noWeight += other.noWeight;
    return *this;
}

Table::Table(TableParts parts, unsigned threads) : m_parts(std::move(parts)), m_sums(sumLeaves(m_parts, threads)) { placeCheckpoints(threads); }

std::uint64_t Table::memory() const
{
    return m_parts.scores.capacity() * 8 + m_parts.codes.capacity() * 4 + m_parts.weights.capacity() * 8 + m_parts.counts.capacity() * 4
           + m_parts.squares.capacity() * 8 + m_checkpoints.capacity() * 8 + m_sums.size() * (sizeof(LeafSums) + 2 * kCalibrationBins * sizeof(metrics::CalibrationBin));
}

/// Weights of entries by leaf × 2 + label.
void Table::addEntries(std::size_t begin, std::size_t end, double *above) const
{
    for (std::size_t i = begin; i < end; ++i) {
        const std::uint32_t code = m_parts.codes[i];
        above[leafOf(code) * 2U + (code & 1U)] += weightOf(i);
    }
}

void Table::placeCheckpoints(unsigned threads)
{
    const std::size_t slots = m_parts.leaves.size() * 2;
    const std::size_t most = std::max<std::size_t>(1, kCheckpointBytes / (sizeof(double) * std::max<std::size_t>(1, slots)));
    m_checkpointStep = std::max(kLeastStep, size() / most + 1);
    const std::size_t places = (size() + m_checkpointStep - 1) / m_checkpointStep;
    resizeLarge(m_checkpoints, places * slots);
    std::vector<double> all(slots);
    const auto above = [&](std::size_t place) { return place < places ? m_checkpoints.data() + place * slots : all.data(); };
    const auto stepOf = [&](std::size_t place) { return std::pair(place * m_checkpointStep, std::min(size(), (place + 1) * m_checkpointStep)); };
    // Whole numbers may be added in any order: each step by itself, then one upon the other. Weights are added entry by entry.
    const bool areWhole = m_parts.weights.empty();
    if (areWhole)
        forEachTask(places, threads, [&](std::size_t place, unsigned) { addEntries(stepOf(place).first, stepOf(place).second, above(place + 1)); });
    for (std::size_t place = 0; place < places; ++place) {
        double *next = above(place + 1);
        if (areWhole) {
            for (std::size_t slot = 0; slot < slots; ++slot)
                next[slot] += above(place)[slot];
        } else {
            std::copy_n(above(place), slots, next);
            addEntries(stepOf(place).first, stepOf(place).second, next);
        }
    }
    for (std::size_t leaf = 0; leaf < m_sums.size(); ++leaf) {
        m_sums[leaf].negatives = all[leaf * 2];
        m_sums[leaf].positives = all[leaf * 2 + 1];
    }
}

std::size_t Table::entriesFrom(double threshold) const
{
    const auto &scores = m_parts.scores;
    const auto at = std::partition_point(scores.begin(), scores.end(), [threshold](double score) { return score >= threshold; });
    return static_cast<std::size_t>(at - scores.begin());
}

std::vector<metrics::Counts> Table::countsAt(double threshold) const
{
    const std::size_t end = entriesFrom(threshold);
    const std::size_t slots = m_parts.leaves.size() * 2;
    std::vector<double> above(slots);
    std::size_t begin = 0;
    if (end > 0) {
        const std::size_t checkpoint = (end - 1) / m_checkpointStep;
        begin = checkpoint * m_checkpointStep;
        std::copy_n(m_checkpoints.begin() + static_cast<std::ptrdiff_t>(checkpoint * slots), slots, above.begin());
    }
    addEntries(begin, end, above.data());
    std::vector<metrics::Counts> counts(m_sums.size());
    for (std::size_t leaf = 0; leaf < counts.size(); ++leaf) {
        counts[leaf].tp = above[leaf * 2 + 1];
        counts[leaf].fp = above[leaf * 2];
        counts[leaf].fn = m_sums[leaf].positives - counts[leaf].tp;
        counts[leaf].tn = m_sums[leaf].negatives - counts[leaf].fp;
        counts[leaf].squares = m_sums[leaf].squares;
        counts[leaf].rows = m_sums[leaf].rows;
    }
    return counts;
}

} // namespace countersign::scoretables
