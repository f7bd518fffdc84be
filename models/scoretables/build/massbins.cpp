#include "models/scoretables/build/massbins.h"

#include "models/base/parallel.h"
#include "models/metrics/drift/quantiles.h"

#include <numeric>

namespace countersign::scoretables {

namespace {

std::vector<double> edgesOf(const TableParts &parts)
{
    const auto &scores = parts.scores; // descending
    if (parts.counts.empty())
        return metrics::innerQuantilesOf(scores.size(), kCalibrationBins, [&](std::size_t i) { return scores[scores.size() - 1 - i]; });
    std::vector<std::uint64_t> upTo(scores.size()); // rows from the lowest score on
    std::inclusive_scan(parts.counts.rbegin(), parts.counts.rend(), upTo.begin(), std::plus<>(), std::uint64_t(0));
    const auto at = [&](std::size_t i) {
        const auto entry = std::ranges::upper_bound(upTo, std::uint64_t(i)) - upTo.begin();
        return scores[scores.size() - 1 - static_cast<std::size_t>(entry)];
    };
    return metrics::innerQuantilesOf(upTo.back(), kCalibrationBins, at);
}

/// The entries [begin, end) are one bin. Equal rows are added at once, so that the last digit is the same whether they are told one by one or together.
void addBin(const TableParts &parts, std::size_t begin, std::size_t end, std::size_t bin, std::vector<LeafSums> &sums)
{
    std::vector<metrics::CalibrationBin> byLeaf(sums.size());
    for (std::size_t i = begin; i < end;) {
        const std::uint32_t code = parts.codes[i];
        const double score = parts.scores[i];
        std::uint64_t rows = 0;
        for (; i < end && parts.codes[i] == code && parts.scores[i] == score; ++i)
            rows += rowsOf(parts, i);
        const auto weight = static_cast<double>(rows);
        metrics::CalibrationBin &own = byLeaf[leafOf(code)];
        own.weight += weight;
        own.positives += isPositive(code) ? weight : 0;
        own.scores += weight * score;
        own.rows += rows;
    }
    for (std::size_t leaf = 0; leaf < sums.size(); ++leaf)
        sums[leaf].massBins[bin] = byLeaf[leaf];
}

} // namespace

void addMassBins(const TableParts &parts, unsigned threads, std::vector<LeafSums> &sums)
{
    if (!parts.hasScores || !parts.hasLabels || parts.scores.empty() || !parts.weights.empty() || parts.scoreStep > 0)
        return;
    const std::vector<double> edges = edgesOf(parts);
    for (LeafSums &leaf : sums)
        leaf.massBins.resize(edges.size() + 1);
    std::vector<std::size_t> starts{parts.scores.size()}; // of bins from the lowest scores up, where each begins and the one below it ends
    for (const double edge : edges) {
        const auto below = std::ranges::partition_point(parts.scores, [edge](double score) { return score >= edge; });
        starts.push_back(static_cast<std::size_t>(below - parts.scores.begin()));
    }
    starts.push_back(0);
    forEachTask(starts.size() - 1, threads, [&](std::size_t bin, unsigned) { addBin(parts, starts[bin + 1], starts[bin], bin, sums); });
}

} // namespace countersign::scoretables
