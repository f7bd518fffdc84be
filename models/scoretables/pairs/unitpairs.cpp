#include "models/scoretables/pairs/unitpairs.h"

#include "models/base/parallel.h"
#include "models/scoretables/pairs/scoreparts.h"

namespace countersign::scoretables {

namespace {

constexpr std::size_t kLanes = 4; ///< doubles that are added at once
constexpr std::size_t kMostBytes = 64U << 20;
constexpr std::size_t kMostPairwise = 512; ///< pairs of different entries within a score that are taken one by one

/// to += weight × from, all of a width.
void addTo(double *to, const double *from, double weight, std::size_t width)
{
    for (std::size_t i = 0; i < width; i += kLanes)
        for (std::size_t k = 0; k < kLanes; ++k)
            to[i + k] += weight * from[i + k];
}

/// Entries that are alike but for their number.
struct Run {
    std::uint32_t cell = 0;
    std::uint32_t unit = 0;
    bool isPositive = false;
    double weight = 0;
};

/// A range of scores of one family on its way down.
class Part
{
public:
    Part(std::size_t cells, std::size_t width) : m_width(width), m_positives(cells * width), m_negatives(cells * width), m_pairs(cells * width * width) {}

    /// Where a leaf's rows go: cell × width + unit; kNowhere: not counted (rows without a time).
    static constexpr std::uint32_t kNowhere = 0xffffffffU;

    void run(const Table &table, const std::vector<std::uint32_t> &place, std::size_t begin, std::size_t end, const Progress &progress)
    {
        const double *scores = table.scores().data();
        const std::uint32_t *codes = table.codes().data();
        const double *weights = table.weights().empty() ? nullptr : table.weights().data();
        const std::uint32_t *counts = table.counts().empty() ? nullptr : table.counts().data();
        constexpr std::size_t kBetweenQuestions = 1U << 20U;
        std::size_t asked = begin;
        for (std::size_t i = begin; i < end;) {
            const double score = scores[i];
            m_runs.clear();
            for (; i < end && scores[i] == score; ++i) {
                const std::uint32_t at = place[leafOf(codes[i])];
                if (at == kNowhere)
                    continue;
                const double weight = weights ? weights[i] : counts ? counts[i] : 1.0;
                const bool positive = isPositive(codes[i]);
                const auto cell = static_cast<std::uint32_t>(at / m_width);
                const auto unit = static_cast<std::uint32_t>(at % m_width);
                if (!m_runs.empty() && m_runs.back().cell == cell && m_runs.back().unit == unit && m_runs.back().isPositive == positive)
                    m_runs.back().weight += weight;
                else
                    m_runs.push_back({cell, unit, positive, weight});
            }
            close();
            if (i - asked > kBetweenQuestions) {
                asked = i;
                if (progress.isCancelled())
                    return;
            }
        }
    }

    /// The next lower range: its negatives are below all positives so far.
    void merge(const Part &below)
    {
        for (std::size_t i = 0; i < m_pairs.size(); ++i)
            m_pairs[i] += below.m_pairs[i];
        for (std::size_t at = 0; at < m_negatives.size(); ++at) {
            const std::size_t cell = at / m_width;
            if (below.m_negatives[at] > 0)
                addTo(&m_pairs[at * m_width], &m_positives[cell * m_width], below.m_negatives[at], m_width);
            m_negatives[at] += below.m_negatives[at];
        }
        for (std::size_t at = 0; at < m_positives.size(); ++at)
            m_positives[at] += below.m_positives[at];
    }
    const std::vector<double> &pairs() const { return m_pairs; }

private:
    /// Everything of one score is there.
    void close()
    {
        std::size_t positives = 0;
        for (const Run &run : m_runs) {
            if (run.isPositive) {
                ++positives;
                continue;
            }
            const std::size_t at = run.cell * m_width + run.unit;
            addTo(&m_pairs[at * m_width], &m_positives[run.cell * m_width], run.weight, m_width);
            m_negatives[at] += run.weight;
        }
        const std::size_t negatives = m_runs.size() - positives;
        if (positives > 0 && negatives > 0)
            positives * negatives <= kMostPairwise ? addTies() : addManyTies();
        for (const Run &run : m_runs)
            if (run.isPositive)
                m_positives[run.cell * m_width + run.unit] += run.weight;
    }

    void addTies()
    {
        for (const Run &own : m_runs)
            for (const Run &other : m_runs)
                if (own.isPositive && !other.isPositive && own.cell == other.cell)
                    m_pairs[(other.cell * m_width + other.unit) * m_width + own.unit] += 0.5 * own.weight * other.weight;
    }

    /// By unit first: one line of positives a cell, added for each negative unit.
    void addManyTies()
    {
        m_tied.assign(m_positives.size(), 0);
        for (const Run &run : m_runs)
            if (run.isPositive)
                m_tied[run.cell * m_width + run.unit] += run.weight;
        for (const Run &run : m_runs)
            if (!run.isPositive)
                addTo(&m_pairs[(run.cell * m_width + run.unit) * m_width], &m_tied[run.cell * m_width], 0.5 * run.weight, m_width);
    }

    std::size_t m_width;
    std::vector<double> m_positives; ///< so far, by cell and unit
    std::vector<double> m_negatives;
    std::vector<double> m_pairs;
    std::vector<Run> m_runs;
    std::vector<double> m_tied;
};

} // namespace

std::optional<UnitPairs> UnitPairs::of(const Table &table, std::span<const FamilyCells> families, unsigned threads, const Progress &progress)
{
    UnitPairs result;
    for (const Leaf &leaf : table.leaves())
        if (leaf.hasTime)
            result.m_units.push_back(leaf.unit);
    std::ranges::sort(result.m_units);
    result.m_units.erase(std::unique(result.m_units.begin(), result.m_units.end()), result.m_units.end());
    result.m_width = (result.m_units.size() + kLanes - 1) / kLanes * kLanes;
    std::size_t cells = 0;
    for (const FamilyCells &family : families) {
        result.m_begins.push_back(cells);
        cells += family.cells.size();
    }
    if (result.m_width > 4096 || cells * result.m_width * result.m_width * sizeof(double) > kMostBytes)
        return std::nullopt;
    result.m_pairs.resize(cells * result.m_width * result.m_width);

    const std::vector<std::size_t> starts = scoreParts(table, std::max(1U, threads));
    std::vector<std::uint32_t> unitOfLeaf;
    for (const Leaf &leaf : table.leaves())
        unitOfLeaf.push_back(leaf.hasTime ? static_cast<std::uint32_t>(std::ranges::lower_bound(result.m_units, leaf.unit) - result.m_units.begin())
                                          : Part::kNowhere);
    for (std::size_t f = 0; f < families.size(); ++f) {
        const FamilyCells &family = families[f];
        std::vector<std::uint32_t> place(unitOfLeaf.size(), Part::kNowhere);
        for (std::size_t leaf = 0; leaf < place.size(); ++leaf)
            if (unitOfLeaf[leaf] != Part::kNowhere && family.first[leaf] < family.first[leaf + 1])
                place[leaf] = family.members[family.first[leaf]] * static_cast<std::uint32_t>(result.m_width) + unitOfLeaf[leaf];
        std::vector<std::optional<Part>> parts(starts.size() - 1);
        forEachTask(parts.size(), threads, [&](std::size_t part, unsigned) {
            parts[part].emplace(family.cells.size(), result.m_width);
            parts[part]->run(table, place, starts[part], starts[part + 1], progress);
        });
        if (progress.isCancelled())
            return std::nullopt;
        for (std::size_t part = 1; part < parts.size(); ++part)
            parts[0]->merge(*parts[part]);
        std::ranges::copy(parts[0]->pairs(), result.m_pairs.begin() + static_cast<std::ptrdiff_t>(result.m_begins[f] * result.m_width * result.m_width));
        progress(f + 1, families.size(), "preparing spans of time");
    }
    return result;
}

double UnitPairs::pairs(std::size_t family, std::size_t cell, std::int64_t firstUnit, std::int64_t lastUnit) const
{
    const auto first = static_cast<std::size_t>(std::ranges::lower_bound(m_units, firstUnit) - m_units.begin());
    const auto end = static_cast<std::size_t>(std::ranges::upper_bound(m_units, lastUnit) - m_units.begin());
    const double *own = m_pairs.data() + (m_begins[family] + cell) * m_width * m_width;
    double sum = 0;
    for (std::size_t negative = first; negative < end; ++negative)
        for (std::size_t positive = first; positive < end; ++positive)
            sum += own[negative * m_width + positive];
    return sum;
}

} // namespace countersign::scoretables
