#include "models/computed/cells/cellfigures.h"

#include "models/computed/compute.h"
#include "models/metrics/fairness/inequality.h"

#include <cmath>

namespace countersign::computed {

using namespace scoretables;
using metrics::Figure;

namespace {

/// 2 AUC − 1.
Figure giniOf(Figure auc)
{
    if (!auc.isDefined())
        return auc;
    auc.value = 2 * auc.value - 1;
    if (auc.interval) {
        auc.interval->lower = 2 * auc.interval->lower - 1;
        auc.interval->upper = 2 * auc.interval->upper - 1;
    }
    return auc;
}

} // namespace

void CellSums::add(const LeafSums &leaf)
{
    leftOut += leaf.leftOut;
    losses.merge(leaf.losses);
    rows += leaf.rows;
    for (std::size_t b = 0; b < bins.size(); ++b)
        bins[b].merge(leaf.bins[b]);
}

std::vector<CellSums> addUpSums(const Table &table, const FamilyCells &cells, std::span<const std::uint8_t> isLeafIn)
{
    std::vector<CellSums> sums(cells.cells.size());
    for (std::size_t leaf = 0; leaf < table.leaves().size(); ++leaf)
        for (std::uint32_t m = cells.first[leaf]; m < cells.first[leaf + 1] && (isLeafIn.empty() || isLeafIn[leaf]); ++m)
            sums[cells.members[m]].add(table.sums()[leaf]);
    return sums;
}

void addMassBins(const Table &table, const FamilyCells &cells, std::vector<CellSums> &sums)
{
    for (std::size_t leaf = 0; leaf < table.leaves().size(); ++leaf) {
        const auto &bins = table.sums()[leaf].massBins;
        for (std::uint32_t m = cells.first[leaf]; m < cells.first[leaf + 1]; ++m) {
            auto &own = sums[cells.members[m]].massBins;
            own.resize(bins.size());
            for (std::size_t b = 0; b < bins.size(); ++b)
                own[b].merge(bins[b]);
        }
    }
}

RankFigures RankFigures::of(const metrics::Ranking &ranking, const metrics::Options &options)
{
    RankFigures figures;
    figures.auc = metrics::auc(ranking, options);
    if (const Figure variance = metrics::aucVariance(ranking); variance.isDefined())
        figures.aucError = std::sqrt(variance.value);
    figures.ks = metrics::kolmogorovSmirnov(ranking, options);
    figures.averagePrecision = metrics::averagePrecision(ranking, options);
    return figures;
}

void addScoreFigures(const RankFigures &ranks, const CellSums &sums, const metrics::Options &options, std::vector<NamedFigure> &figures)
{
    const metrics::Losses &losses = sums.losses;
    const double share = losses.effectiveShare();
    figures.push_back({"auc", ranks.auc, {}});
    figures.push_back({"gini", giniOf(ranks.auc), {}});
    if (ranks.ks)
        figures.push_back({"ks", *ranks.ks, {}});
    if (ranks.averagePrecision)
        figures.push_back({"average_precision", *ranks.averagePrecision, {}});
    figures.push_back({"log_loss", metrics::logLoss(losses, options), {}});
    figures.push_back({"brier", metrics::brier(losses, options), {}});
    figures.push_back({"brier_skill", metrics::brierSkill(losses, options), {}});
    figures.push_back({"ece", metrics::calibrationError(sums.bins, losses.outside, options, share), {}});
    figures.push_back({"mce", metrics::maximumCalibrationError(sums.bins, losses.outside, options, share), {}});
    if (!sums.massBins.empty())
        figures.push_back({"ece_quantile", metrics::calibrationError(sums.massBins, losses.outside, options, share), {}});
    figures.push_back({"calibration_in_the_large", metrics::calibrationInTheLarge(losses, options), {}});
    figures.push_back({"mean_score", metrics::meanScore(losses, options), {}});
}

std::vector<NamedFigure> countFigures(const metrics::Counts &counts, const metrics::Options &options, bool hasLabels)
{
    std::vector<NamedFigure> figures;
    for (const metrics::BinaryMetric metric : metrics::kBinaryMetrics)
        if (hasLabels || metric == metrics::BinaryMetric::SelectionRate)
            figures.push_back({std::string(metrics::key(metric)), metrics::figure(counts, metric, options), {}});
    if (hasLabels) {
        const auto f1 = std::ranges::find(figures, "f1", &NamedFigure::name);
        figures.insert(f1 + 1, {{"f2", metrics::fBeta(counts, 2, options), {}}, {"f05", metrics::fBeta(counts, 0.5, options), {}}});
        figures.push_back({"theil_index", metrics::theilIndex(counts, options), {}});
        figures.push_back({"generalized_entropy_index", metrics::generalizedEntropy(counts, 2, options), {}});
    }
    return figures;
}

} // namespace countersign::computed
