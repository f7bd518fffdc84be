#include "models/scoretables/build/tallymerge.h"

#include "models/scoretables/build/leafkeys.h"

#include <map>

namespace countersign::scoretables {

namespace {

class Merger
{
public:
    Merger(const predictions::Schema &schema, const predictions::MergedDictionaries &log, std::vector<Tally> &tallies)
        : m_schema(schema), m_log(log), m_tallies(tallies)
    {
    }

    TableParts merge()
    {
        describe();
        findLeaves();
        double step = 0;
        for (const Tally &tally : m_tallies)
            step = std::max(step, tally.step());
        m_parts.scoreStep = step;
        for (Tally &tally : m_tallies)
            if (tally.step() < step)
                tally.coarsenTo(step);
        if (m_tallies.front().isWeighted())
            takeAll<Tally::Entry>(&Tally::takeEntries);
        else
            takeAll<Tally::Slot>(&Tally::takeSlots);
        return std::move(m_parts);
    }

private:
    template<class Own>
    void takeAll(std::vector<Own> (Tally::*take)())
    {
        std::vector<Own> entries;
        for (std::size_t t = 0; t < m_tallies.size(); ++t)
            for (Own entry : (m_tallies[t].*take)()) {
                entry.code = (m_leafOf[t][leafOf(entry.code)] << 2U) | (entry.code & 3U);
                entries.push_back(entry);
            }
        std::ranges::sort(entries, [](const auto &a, const auto &b) { return a.score != b.score ? a.score > b.score : a.code < b.code; });
        Tally::Weights open; // of the last entry
        for (const Own &entry : entries) {
            const bool isSame = !m_parts.codes.empty() && m_parts.codes.back() == entry.code && m_parts.scores.back() == entry.score;
            if (isSame && m_parts.counts.back() <= std::numeric_limits<std::uint32_t>::max() - entry.count) {
                m_parts.counts.back() += entry.count;
            } else {
                m_parts.scores.push_back(entry.score);
                m_parts.codes.push_back(entry.code);
                m_parts.counts.push_back(entry.count);
                open = {};
            }
            if constexpr (std::is_same_v<Own, Tally::Entry>) {
                open.add(entry.weights);
                m_parts.weights.resize(m_parts.codes.size());
                m_parts.squares.resize(m_parts.codes.size());
                m_parts.weights.back() = open.sum.value();
                m_parts.squares.back() = open.squares.value();
            }
        }
    }

    void describe()
    {
        m_parts.hasScores = m_schema.score >= 0;
        m_parts.hasLabels = m_schema.label >= 0;
        m_parts.hasPredictions = m_schema.prediction >= 0;
        for (const int column : m_schema.attributes) {
            const auto index = static_cast<std::size_t>(column);
            m_parts.attributes.push_back({m_schema.codeNames[index], m_log.dictionaries[static_cast<std::size_t>(m_schema.codeDictionary[index])]});
        }
    }

    Leaf globalLeaf(const Tally::LeafTally &own, std::size_t thread) const
    {
        Leaf leaf{own.unit, own.hasTime, {}};
        for (std::size_t a = 0; a < own.codes.size(); ++a) {
            const auto dictionary = static_cast<std::size_t>(m_schema.codeDictionary[static_cast<std::size_t>(m_schema.attributes[a])]);
            leaf.codes.push_back(m_log.localToGlobal[thread][dictionary][own.codes[a]]);
        }
        return leaf;
    }

    void findLeaves()
    {
        std::map<Leaf, std::uint32_t, LeafOrder> index;
        for (std::size_t t = 0; t < m_tallies.size(); ++t)
            for (const auto &own : m_tallies[t].leaves())
                index.emplace(globalLeaf(own, t), 0);
        for (auto &[leaf, number] : index) {
            number = static_cast<std::uint32_t>(m_parts.leaves.size());
            m_parts.leaves.push_back(leaf);
        }
        m_parts.leftOut.resize(index.size());
        m_leafOf.resize(m_tallies.size());
        std::vector<std::vector<const Tally::LeafTally *>> parts(index.size());
        for (std::size_t t = 0; t < m_tallies.size(); ++t)
            for (const auto &own : m_tallies[t].leaves()) {
                const std::uint32_t leaf = index.at(globalLeaf(own, t));
                m_leafOf[t].push_back(leaf);
                m_parts.leftOut[leaf] += LeftOut{own.leftOut[0], own.leftOut[1], own.leftOut[2], own.leftOut[3], own.leftOut[4]};
                parts[leaf].push_back(&own);
            }
        for (const auto &ofLeaf : parts) {
            LeafLosses sum;
            for (const Tally::LeafTally *own : ofLeaf)
                sum.merge(own->losses);
            m_parts.givenLosses.push_back(sum.losses());
            m_parts.givenBins.push_back(sum.calibration());
        }
    }

    const predictions::Schema &m_schema;
    const predictions::MergedDictionaries &m_log;
    std::vector<Tally> &m_tallies;
    TableParts m_parts;
    std::vector<std::vector<std::uint32_t>> m_leafOf; ///< [thread][its leaf]
};

} // namespace

TableParts mergeTallies(const predictions::Schema &schema, const predictions::MergedDictionaries &dictionaries, std::vector<Tally> &tallies)
{
    return Merger(schema, dictionaries, tallies).merge();
}

double leastStepOf(const TableParts &parts, std::size_t most)
{
    if (parts.scores.size() <= most)
        return parts.scoreStep;
    std::vector<std::pair<std::uint32_t, double>> all;
    for (std::size_t i = 0; i < parts.scores.size(); ++i)
        all.emplace_back(parts.codes[i], parts.scores[i]);
    return leastStep(std::move(all), most);
}

} // namespace countersign::scoretables
