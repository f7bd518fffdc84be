#include "models/computed/scores/scoresummary.h"

#include "models/base/parallel.h"

#include <unordered_set>

namespace countersign::computed {

using scoretables::Attribute;
using scoretables::Leaf;
using scoretables::LeafSums;

namespace {

constexpr std::uint32_t kNotKept = std::numeric_limits<std::uint32_t>::max();

/// Scores as edges, lowest first. `most` of them with equally many rows from one to the next, ties kept together.
std::vector<double> scoreEdges(const Table &table, std::size_t most)
{
    const auto rowsOf = [&](std::size_t i) { return static_cast<double>(table.rowsOf(i)); };
    double total = 0;
    for (std::size_t i = 0; i < table.size(); ++i)
        total += rowsOf(i);
    std::vector<double> edges;
    double below = 0;
    for (std::size_t i = table.size(); i-- > 0;) {
        const double score = table.scores()[i];
        const bool isNew = i + 1 == table.size() || score != table.scores()[i + 1];
        if (isNew && (edges.empty() || below * static_cast<double>(most) >= total * static_cast<double>(edges.size())))
            edges.push_back(score);
        below += rowsOf(i);
    }
    return edges;
}

/// Different scores, counted up to one more than `most`.
std::size_t differentScores(const Table &table, std::size_t most)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < table.size() && count <= most; ++i)
        count += i == 0 || table.scores()[i] != table.scores()[i - 1] ? 1U : 0U;
    return count;
}

void cutIntoBins(const Table &table, ScoreSummary &summary)
{
    const double lowest = table.scores().back();
    summary.highest = table.scores().front();
    if (lowest >= 0 && summary.highest <= 1) {
        summary.binning = Binning::EqualWidth;
        summary.highest = 1;
        for (std::size_t i = 0; i < kScoreBins; ++i)
            summary.edges.push_back(static_cast<double>(i) / static_cast<double>(kScoreBins));
        return;
    }
    const bool isEveryValue = differentScores(table, kScoreBins) <= kScoreBins;
    summary.binning = isEveryValue ? Binning::EveryValue : Binning::Quantiles;
    summary.edges = scoreEdges(table, isEveryValue ? table.size() : kScoreBins);
}

/// Which group of the summary a leaf belongs to, for everybody, an attribute or a pair.
struct Cut {
    std::vector<std::uint32_t> groupOfLeaf;
};

/// A leaf's values of some attributes; missing ones sort last.
std::uint64_t orderOf(const Leaf &leaf, std::span<const std::size_t> attributes)
{
    std::uint64_t order = 0;
    for (const std::size_t attribute : attributes)
        order = order << 32U | (leaf.codes[attribute] - 1U);
    return order;
}

class Cuts
{
public:
    Cuts(const Table &table, ScoreSummary &summary) : m_table(table), m_summary(summary)
    {
        addCut({});
        const std::size_t count = table.attributes().size();
        for (std::size_t a = 0; a < count; ++a)
            addCut(std::array{a});
        for (std::size_t a = 0; a < count; ++a)
            for (std::size_t b = a + 1; b < count; ++b)
                addCut(std::array{a, b});
    }
    const std::vector<Cut> &cuts() const { return m_cuts; }

private:
    void addCut(std::span<const std::size_t> attributes)
    {
        const std::size_t most = m_summary.isWeighted ? kMostWeightedScoreGroups : kMostScoreGroups;
        const std::size_t room = most - m_summary.groups.size();
        std::unordered_set<std::uint64_t> different;
        const auto &leaves = m_table.leaves();
        for (std::size_t leaf = 0; leaf < leaves.size() && different.size() <= room; ++leaf)
            if (m_table.sums()[leaf].rows > 0)
                different.insert(orderOf(leaves[leaf], attributes));
        if (different.size() > room) {
            std::vector<std::string> names;
            for (const std::size_t attribute : attributes)
                names.push_back(m_table.attributes()[attribute].name);
            m_summary.leftOut.push_back(std::move(names));
            return;
        }
        std::vector<std::uint64_t> orders(different.begin(), different.end());
        std::ranges::sort(orders);
        const std::size_t first = m_summary.groups.size();
        for (const std::uint64_t order : orders)
            m_summary.groups.push_back(groupFor(order, attributes));
        Cut cut{std::vector<std::uint32_t>(leaves.size(), kNotKept)};
        for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf)
            if (m_table.sums()[leaf].rows > 0) {
                const auto place = std::ranges::lower_bound(orders, orderOf(leaves[leaf], attributes)) - orders.begin();
                cut.groupOfLeaf[leaf] = static_cast<std::uint32_t>(first + static_cast<std::size_t>(place));
                addSums(m_table.sums()[leaf], m_summary.groups[cut.groupOfLeaf[leaf]]);
            }
        m_cuts.push_back(std::move(cut));
    }

    ScoreGroup groupFor(std::uint64_t order, std::span<const std::size_t> attributes) const
    {
        ScoreGroup group;
        for (std::size_t i = 0; i < attributes.size(); ++i) {
            const auto code = static_cast<std::uint32_t>(order >> (32U * (attributes.size() - 1 - i))) + 1U;
            const Attribute &attribute = m_table.attributes()[attributes[i]];
            group.isMissing = group.isMissing || code == 0;
            group.group.emplace_back(attribute.name, code == 0 ? std::string(kMissingName) : attribute.values[code]);
        }
        group.positives.resize(m_summary.edges.size());
        group.negatives.resize(m_summary.edges.size());
        if (m_table.hasPredictions())
            group.logged.emplace();
        return group;
    }

    static void addSums(const LeafSums &sums, ScoreGroup &group)
    {
        group.rows += sums.rows;
        group.squares += sums.squares;
        if (group.logged)
            *group.logged += sums.logged;
    }

    const Table &m_table;
    ScoreSummary &m_summary;
    std::vector<Cut> m_cuts;
};

/// Adds the entries of one bin to every group that they belong to. Every bin has its own places, so bins can be filled at once.
class BinFiller
{
public:
    BinFiller(const Table &table, const std::vector<Cut> &cuts, ScoreSummary &summary)
        : m_table(table)
        , m_cuts(cuts)
        , m_summary(summary)
    {
    }
    /// `scratch` is empty or all zero, and so it is left.
    void fill(std::size_t bin, std::vector<double> &scratch) const
    {
        const std::size_t begin = bin + 1 < m_summary.edges.size() ? m_table.entriesFrom(m_summary.edges[bin + 1]) : 0;
        const std::size_t end = m_table.entriesFrom(m_summary.edges[bin]);
        const std::size_t leaves = m_table.leaves().size();
        if (end - begin < leaves) { // few rows for many leaves: row by row
            for (std::size_t i = begin; i < end; ++i) {
                const std::uint32_t code = m_table.codes()[i];
                add(scoretables::leafOf(code), scoretables::isPositive(code), m_table.weightOf(i), bin);
            }
            return;
        }
        scratch.resize(leaves * 2);
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint32_t code = m_table.codes()[i];
            scratch[scoretables::leafOf(code) * std::size_t{2} + (code & 1U)] += m_table.weightOf(i);
        }
        for (std::size_t slot = 0; slot < scratch.size(); ++slot)
            if (scratch[slot] > 0)
                add(slot / 2, slot % 2 == 1, std::exchange(scratch[slot], 0.0), bin);
    }

private:
    void add(std::size_t leaf, bool isPositive, double weight, std::size_t bin) const
    {
        for (const Cut &cut : m_cuts) {
            if (cut.groupOfLeaf[leaf] == kNotKept)
                continue;
            ScoreGroup &group = m_summary.groups[cut.groupOfLeaf[leaf]];
            (isPositive ? group.positives : group.negatives)[bin] += weight;
        }
    }

    const Table &m_table;
    const std::vector<Cut> &m_cuts;
    ScoreSummary &m_summary;
};

} // namespace

std::string_view binningKey(Binning binning)
{
    switch (binning) {
    case Binning::EqualWidth: return "equal_width";
    case Binning::EveryValue: return "every_value";
    case Binning::Quantiles: return "quantiles";
    }
    return "";
}

const ScoreGroup *ScoreSummary::find(const GroupValues &group) const
{
    GroupValues wanted = group;
    std::ranges::sort(wanted);
    const auto found = std::ranges::find_if(groups, [&](const ScoreGroup &own) {
        if (own.group.size() != wanted.size())
            return false;
        GroupValues sorted = own.group;
        std::ranges::sort(sorted);
        return sorted == wanted;
    });
    return found == groups.end() ? nullptr : &*found;
}

std::vector<const ScoreGroup *> ScoreSummary::groupsOf(const std::vector<std::string> &attributes) const
{
    std::vector<const ScoreGroup *> found;
    for (const ScoreGroup &group : groups)
        if (group.group.size() == attributes.size()
            && std::ranges::all_of(group.group, [&](const auto &value) { return std::ranges::find(attributes, value.first) != attributes.end(); }))
            found.push_back(&group);
    return found;
}

Result<ScoreSummary> summarizeScores(const Table &table, unsigned threads, const Progress &progress)
{
    if (!table.hasScores())
        return Error{ErrorKind::Invalid, "The log has no score column, so there is nothing to move a threshold over.", {}};
    if (table.size() == 0)
        return Error{ErrorKind::Invalid, "No row of the log has all that figures need, so there are no scores to keep.", {}};
    ScoreSummary summary;
    summary.hasLabels = table.hasLabels();
    summary.isWeighted = !table.weights().empty();
    summary.scoreStep = table.scoreStep();
    cutIntoBins(table, summary);
    const Cuts cuts(table, summary);
    const BinFiller filler(table, cuts.cuts(), summary);
    const unsigned own = predictions::threadCount(threads);
    std::vector<std::vector<double>> scratch(own);
    forEachTask(summary.edges.size(), own, [&](std::size_t bin, unsigned thread) {
        if (!progress.isCancelled())
            filler.fill(bin, scratch[thread]);
    });
    if (progress.isCancelled())
        return Error{ErrorKind::Cancelled, "Adding up the scores was stopped.", {}};
    progress(summary.edges.size(), summary.edges.size(), "adding up scores");
    return summary;
}

} // namespace countersign::computed
