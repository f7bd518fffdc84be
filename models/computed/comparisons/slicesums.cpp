#include "models/computed/comparisons/slicesums.h"

#include "models/scoretables/pairs/rankings.h"

#include <map>
#include <unordered_map>

namespace countersign::computed {

using namespace scoretables;
using metrics::Counts;

namespace {

constexpr std::uint64_t kMostDense = 1U << 20U; ///< keys of slices that are looked up in an array

} // namespace

SliceSums::SliceSums(const Table &table, const WorstSource &source)
    : m_table(table), m_source(source)
{
    std::map<std::vector<std::uint32_t>, std::uint32_t> places;
    m_codes.resize(table.attributes().size());
    for (const Leaf &leaf : table.leaves()) {
        const auto [place, isNew] = places.emplace(leaf.codes, static_cast<std::uint32_t>(places.size()));
        for (std::size_t a = 0; isNew && a < m_codes.size(); ++a)
            m_codes[a].push_back(leaf.codes[a]);
        m_ofLeaf.push_back(place->second);
    }
    m_rows.resize(places.size());
    addUpLeaves();
    if (source.isRanked)
        placeEntries();
}

void SliceSums::addUpLeaves()
{
    m_counts.resize(m_source.counts.empty() ? 0 : m_rows.size());
    m_means.resize(m_source.means.empty() ? 0 : m_rows.size());
    for (std::size_t leaf = 0; leaf < m_ofLeaf.size(); ++leaf) {
        const std::uint32_t place = m_ofLeaf[leaf];
        if (!m_counts.empty()) {
            m_counts[place] += m_source.counts[leaf];
            m_all.counts += m_source.counts[leaf];
            m_rows[place] += m_source.counts[leaf].rows;
        }
        if (!m_means.empty()) {
            m_means[place].add(m_source.means[leaf]);
            m_all.mean.add(m_source.means[leaf]);
            m_rows[place] += m_source.means[leaf].rows;
        }
    }
    for (const std::uint64_t rows : m_rows)
        m_all.rows += rows;
}

/// Where every entry stands among all, and the AUC of all.
void SliceSums::placeEntries()
{
    m_placements.resize(m_table.size());
    m_all.ranking.begin(m_all.counts.positives(), m_all.counts.negatives());
    const auto scores = m_table.scores();
    double above = 0;
    double below = 0;
    for (std::size_t begin = 0; begin < scores.size();) {
        double positives = 0;
        double negatives = 0;
        std::size_t end = begin;
        for (; end < scores.size() && scores[end] == scores[begin]; ++end)
            (isPositive(m_table.codes()[end]) ? positives : negatives) += m_table.weightOf(end);
        for (; begin < end; ++begin)
            m_placements[begin] = isPositive(m_table.codes()[begin]) ? m_all.counts.negatives() - below - negatives / 2 : above + positives / 2;
        above += positives;
        below += negatives;
    }
    m_placementsOfLeaf.resize(m_ofLeaf.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        addEntry(m_all.ranking, i);
        m_placementsOfLeaf[leafOf(m_table.codes()[i])] += m_table.weightOf(i) * m_placements[i];
    }
    m_all.ranking.finish();
    const double positives = m_all.counts.positives();
    const double negatives = m_all.counts.negatives();
    if (positives > 0 && negatives > 0) {
        const double auc = m_all.ranking.area / positives / negatives;
        m_ofPositives = m_all.ranking.squaresOfPositives / positives / negatives / negatives - (1 - auc) * (1 - auc);
        m_ofNegatives = m_all.ranking.squaresOfNegatives / negatives / positives / positives - auc * auc;
    }
}

void SliceSums::addEntry(metrics::Ranking &ranking, std::size_t i) const
{
    ranking.addRows(m_table.scores()[i], isPositive(m_table.codes()[i]), m_table.weightOf(i), m_table.squaresOf(i), m_table.rowsOf(i));
}

Slices SliceSums::of(const Attributes &attributes, std::uint64_t smallest, bool includeMissing) const
{
    Slices slices;
    numberSlices(attributes, smallest, includeMissing, slices);
    if (slices.rows.empty())
        return slices;
    addUp(slices);
    if (m_source.isRanked)
        rankSlices(slices);
    return slices;
}

double SliceSums::aucVariance(const Counts &counts) const
{
    const double variance = m_ofPositives / metrics::effectiveSize(counts, counts.positives()) + m_ofNegatives / metrics::effectiveSize(counts, counts.negatives());
    return std::max(0.0, variance);
}

/// Numbers the slices that are large enough, and not too large.
void SliceSums::numberSlices(const Attributes &attributes, std::uint64_t smallest, bool includeMissing, Slices &slices) const
{
    std::vector<std::uint64_t> keys(m_rows.size());
    std::uint64_t size = 1;
    for (const std::size_t a : attributes) {
        const std::uint64_t values = m_table.attributes()[a].values.size();
        for (std::size_t c = 0; c < keys.size(); ++c)
            keys[c] = keys[c] * values + m_codes[a][c];
        size = size > kMostDense / values ? kMostDense + 1 : size * values;
    }
    std::vector<std::uint64_t> dense(size <= kMostDense ? size : 0);
    std::unordered_map<std::uint64_t, std::uint64_t> sparse;
    for (std::size_t c = 0; c < keys.size(); ++c)
        (dense.empty() ? sparse[keys[c]] : dense[keys[c]]) += m_rows[c];
    std::unordered_map<std::uint64_t, std::uint32_t> numbers;
    std::vector<std::uint32_t> denseNumbers(dense.size(), Slices::kNone);
    slices.sliceOf.assign(keys.size(), Slices::kNone);
    for (std::size_t c = 0; c < keys.size(); ++c) {
        const std::uint64_t rows = dense.empty() ? sparse[keys[c]] : dense[keys[c]];
        if (rows < smallest || m_all.rows - rows < smallest || rows == 0 || (!includeMissing && isMissing(attributes, c)))
            continue;
        std::uint32_t &number = dense.empty() ? numbers.try_emplace(keys[c], Slices::kNone).first->second : denseNumbers[keys[c]];
        if (number == Slices::kNone) {
            number = static_cast<std::uint32_t>(slices.rows.size());
            slices.rows.push_back(rows);
            slices.codes.emplace_back();
            for (const std::size_t a : attributes)
                slices.codes.back().push_back(m_codes[a][c]);
        }
        slices.sliceOf[c] = number;
    }
}

bool SliceSums::isMissing(const Attributes &attributes, std::size_t combination) const
{
    return std::ranges::any_of(attributes, [&](std::size_t a) { return m_codes[a][combination] == 0; });
}

void SliceSums::addUp(Slices &slices) const
{
    slices.counts.resize(m_counts.empty() ? 0 : slices.rows.size());
    slices.means.resize(m_means.empty() ? 0 : slices.rows.size());
    for (std::size_t c = 0; c < slices.sliceOf.size(); ++c) {
        const std::uint32_t slice = slices.sliceOf[c];
        if (slice == Slices::kNone)
            continue;
        if (!m_counts.empty())
            slices.counts[slice] += m_counts[c];
        if (!m_means.empty())
            slices.means[slice].add(m_means[c]);
    }
}

void SliceSums::rankSlices(Slices &slices) const
{
    slices.ranks.resize(slices.rows.size());
    FamilyCells cells;
    cells.cells.resize(slices.rows.size());
    std::vector<std::uint8_t> isIn;
    for (const std::uint32_t combination : m_ofLeaf) {
        const std::uint32_t slice = slices.sliceOf[combination];
        cells.first.push_back(static_cast<std::uint32_t>(cells.members.size()));
        cells.members.push_back(slice == Slices::kNone ? 0 : slice);
        isIn.push_back(slice == Slices::kNone ? 0 : 1);
    }
    cells.first.push_back(static_cast<std::uint32_t>(cells.members.size()));
    const auto rankings = rank(m_table, cells, slices.counts, isIn);
    for (std::size_t slice = 0; slice < rankings.size(); ++slice)
        slices.ranks[slice].ranking = rankings[slice];
    addPlacements(cells.members, isIn, slices.ranks);
}

/// Placements of rows without weights are halves of whole numbers, so that leaves may be added up beforehand.
void SliceSums::addPlacements(const std::vector<std::uint32_t> &sliceOfLeaf, const std::vector<std::uint8_t> &isIn, std::vector<SliceRanks> &ranks) const
{
    if (m_table.weights().empty()) {
        for (std::size_t leaf = 0; leaf < sliceOfLeaf.size(); ++leaf)
            if (isIn[leaf])
                ranks[sliceOfLeaf[leaf]].placements += m_placementsOfLeaf[leaf];
        return;
    }
    for (std::size_t i = 0; i < m_table.size(); ++i)
        if (const std::uint32_t leaf = leafOf(m_table.codes()[i]); isIn[leaf])
            ranks[sliceOfLeaf[leaf]].placements += m_table.weightOf(i) * m_placements[i];
}

} // namespace countersign::computed
