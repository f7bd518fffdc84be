#pragma once

#include "models/computed/computedset.h"
#include "models/metrics/ranking/calibration.h"
#include "models/metrics/ranking/ranking.h"
#include "models/scoretables/families.h"

/// Internal to models/computed: from sums of a cell to its figures, for whoever has the sums.
namespace countersign::computed {

/// What does not depend on a threshold.
struct CellSums {
    LeftOut leftOut;
    metrics::Losses losses;
    std::vector<metrics::CalibrationBin> bins = std::vector<metrics::CalibrationBin>(scoretables::kCalibrationBins);
    std::vector<metrics::CalibrationBin> massBins; ///< empty where nobody asked for them, or there are none
    std::uint64_t rows = 0;

    void add(const scoretables::LeafSums &leaf);
};
/// By cell of the family. `isLeafIn` (empty: all): only these leaves.
std::vector<CellSums> addUpSums(const Table &table, const scoretables::FamilyCells &cells, std::span<const std::uint8_t> isLeafIn = {});

/// The bins of equal mass, which are those of all scores of the table.
void addMassBins(const Table &table, const scoretables::FamilyCells &cells, std::vector<CellSums> &sums);

/// What only the order of scores gives; a member that was not computed is left out of the figures.
struct RankFigures {
    metrics::Figure auc;
    std::optional<double> aucError; ///< standard error of the AUC
    std::optional<metrics::Figure> ks;
    std::optional<metrics::Figure> averagePrecision;

    static RankFigures of(const metrics::Ranking &ranking, const metrics::Options &options);
};

/// "auc", "gini", "ks", "average_precision", "log_loss", "brier", "brier_skill", "ece", "mce", "ece_quantile", "calibration_in_the_large",
/// "mean_score". Without bins of equal mass there is no "ece_quantile".
void addScoreFigures(const RankFigures &ranks, const CellSums &sums, const metrics::Options &options, std::vector<NamedFigure> &figures);

} // namespace countersign::computed
