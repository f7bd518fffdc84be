#include "models/scoretables/pairs/areas.h"

#include "models/base/parallel.h"
#include "models/scoretables/pairs/scoreparts.h"

namespace countersign::scoretables {

namespace {

/// A cell on its way down the scores: what is above the block of equal scores, and what is in it.
struct Running {
    double score = 0;
    double blockPositives = 0;
    double blockNegatives = 0;
    double positives = 0;
    double negatives = 0;
    double pairs = 0;

    void close()
    {
        pairs += blockNegatives * (positives + 0.5 * blockPositives);
        positives += blockPositives;
        negatives += blockNegatives;
        blockPositives = blockNegatives = 0;
    }
    void add(double rowScore, bool isPositiveRow, double weight)
    {
        if (rowScore != score) {
            close();
            score = rowScore;
        }
        (isPositiveRow ? blockPositives : blockNegatives) += weight;
    }
};

/// All families side by side: cells are numbered through.
struct Numbering {
    std::vector<std::uint32_t> first; ///< by leaf, into members; leaves that are not asked for have none
    std::vector<std::uint32_t> members;
    std::vector<std::size_t> begins;  ///< of each family's cells
    std::size_t cells = 0;
};

Numbering numbered(const Table &table, std::span<const FamilyCells> families, std::span<const std::uint8_t> isLeafIn)
{
    Numbering numbering;
    for (const FamilyCells &family : families) {
        numbering.begins.push_back(numbering.cells);
        numbering.cells += family.cells.size();
    }
    for (std::size_t leaf = 0; leaf < table.leaves().size(); ++leaf) {
        numbering.first.push_back(static_cast<std::uint32_t>(numbering.members.size()));
        if (!isLeafIn.empty() && !isLeafIn[leaf])
            continue;
        for (std::size_t f = 0; f < families.size(); ++f)
            for (std::uint32_t m = families[f].first[leaf]; m < families[f].first[leaf + 1]; ++m)
                numbering.members.push_back(static_cast<std::uint32_t>(numbering.begins[f] + families[f].members[m]));
    }
    numbering.first.push_back(static_cast<std::uint32_t>(numbering.members.size()));
    return numbering;
}

void run(const Table &table, const Numbering &numbering, std::size_t begin, std::size_t end, std::vector<Running> &cells)
{
    const double *scores = table.scores().data();
    const std::uint32_t *codes = table.codes().data();
    const double *weights = table.weights().empty() ? nullptr : table.weights().data();
    const std::uint32_t *counts = table.counts().empty() ? nullptr : table.counts().data();
    for (std::size_t i = begin; i < end; ++i) {
        const std::uint32_t leaf = leafOf(codes[i]);
        const std::uint32_t last = numbering.first[leaf + 1];
        std::uint32_t m = numbering.first[leaf];
        if (m == last)
            continue;
        const double weight = weights ? weights[i] : counts ? counts[i] : 1.0;
        for (; m < last; ++m)
            cells[numbering.members[m]].add(scores[i], isPositive(codes[i]), weight);
    }
    for (Running &cell : cells)
        cell.close();
}

} // namespace

metrics::Figure Area::auc() const
{
    const auto rows = static_cast<std::uint64_t>(positives + negatives);
    if (rows == 0)
        return metrics::Figure::undefined(metrics::Reason::NoRows);
    if (positives <= 0 || negatives <= 0)
        return metrics::Figure::undefined(positives <= 0 ? metrics::Reason::NoPositives : metrics::Reason::NoNegatives, rows);
    return metrics::Figure::of(pairs / (positives * negatives), rows);
}

std::vector<std::vector<Area>> areasOf(const Table &table, std::span<const FamilyCells> families, std::span<const std::uint8_t> isLeafIn,
                                       unsigned threads)
{
    const Numbering numbering = numbered(table, families, isLeafIn);
    const std::vector<std::size_t> starts = scoreParts(table, threads);
    std::vector<std::vector<Running>> parts(threads, std::vector<Running>(numbering.cells));
    forEachTask(threads, threads, [&](std::size_t part, unsigned) { run(table, numbering, starts[part], starts[part + 1], parts[part]); });
    std::vector<std::vector<Area>> areas;
    for (std::size_t f = 0; f < families.size(); ++f) {
        areas.emplace_back(families[f].cells.size());
        for (std::size_t c = 0; c < areas[f].size(); ++c) {
            Area &area = areas[f][c];
            for (const auto &part : parts) { // from the highest scores down: negatives of a part lie below the positives of those before
                const Running &own = part[numbering.begins[f] + c];
                area.pairs += own.pairs + area.positives * own.negatives;
                area.positives += own.positives;
                area.negatives += own.negatives;
            }
        }
    }
    return areas;
}

} // namespace countersign::scoretables
