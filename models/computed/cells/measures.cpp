#include "models/computed/comparisons/disparities.h"

#include <map>

namespace countersign::computed {

using metrics::BinaryMetric;
using metrics::Estimate;
using metrics::Figure;

namespace {

constexpr std::array kShares{BinaryMetric::SelectionRate, BinaryMetric::Recall,    BinaryMetric::FalsePositiveRate,
                             BinaryMetric::Precision,     BinaryMetric::Accuracy,  BinaryMetric::ErrorRate,
                             BinaryMetric::Specificity,   BinaryMetric::FalseNegativeRate,
                             BinaryMetric::NegativePredictiveValue, BinaryMetric::FalseDiscoveryRate, BinaryMetric::FalseOmissionRate};

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A figure that is a mean over rows of something that the sums have.
using MeanFigure = Figure (*)(const metrics::Losses &, const metrics::Options &);
struct MeanMeasure {
    const char *name;
    MeanFigure figure;
    metrics::Range range;
};

/// The largest level that limits are not cut at: what estimates are taken from.
EstimateMeasure meanMeasure(const MeanMeasure &kind, const ComputedSet &set, std::span<const CellSums> sums,
                            const std::vector<std::optional<std::size_t>> &everybody)
{
    const metrics::Options options{metrics::Convention::Countersign, set.parameters.options.level, true};
    EstimateMeasure measure{kind.name, kind.range, {}, {}, {}};
    for (std::size_t c = 0; c < sums.size(); ++c) {
        measure.cells.push_back(Estimate::of(kind.figure(sums[c].losses, options)));
        if (!set.parameters.isReferenceOverall)
            continue;
        const metrics::Losses rest = everybody[c] ? sums[*everybody[c]].losses.without(sums[c].losses) : metrics::Losses();
        measure.rests.push_back(rest.rows > 0 ? Estimate::of(kind.figure(rest, options)) : Estimate());
        const double all = everybody[c] ? sums[*everybody[c]].losses.weight.value() : 0;
        measure.parts.push_back(all > 0 ? sums[c].losses.weight.value() / all : 0);
    }
    return measure;
}

EstimateMeasure countsMeasure(const ComputedSet &set, BinaryMetric metric, const metrics::Range &range)
{
    EstimateMeasure measure{std::string(metrics::key(metric)), range, {}, {}, {}};
    metrics::Options options = set.parameters.options;
    options.intervals = true;
    for (const ComputedCell &cell : set.cells)
        measure.cells.push_back(Estimate::of(metrics::figure(cell.counts, metric, options)));
    return measure;
}

} // namespace

std::vector<std::optional<std::size_t>> everybodyOf(const ComputedSet &set)
{
    std::map<std::string, std::size_t> byWindow;
    const auto keyOf = [](const ComputedCell &cell) { return cell.window ? "w" + cell.window->name : std::string(); };
    for (std::size_t c = 0; c < set.cells.size(); ++c)
        if (set.cells[c].group.empty())
            byWindow.emplace(keyOf(set.cells[c]), c);
    std::vector<std::optional<std::size_t>> result;
    for (const ComputedCell &cell : set.cells) {
        const auto found = byWindow.find(keyOf(cell));
        result.push_back(found == byWindow.end() ? std::nullopt : std::optional(found->second));
    }
    return result;
}

Measures binaryMeasures(const ComputedSet &set, bool hasLabels, std::span<const CellSums> sums, std::span<const RankFigures> ranks)
{
    Measures measures;
    CountMeasure counts;
    for (const ComputedCell &cell : set.cells)
        counts.cells.push_back(cell.counts);
    if (hasLabels)
        counts.metrics.assign(kShares.begin(), kShares.end());
    else
        counts.metrics = {BinaryMetric::SelectionRate};
    counts.hasOdds = counts.hasBenefits = hasLabels;
    measures.counts.push_back(std::move(counts));
    if (!hasLabels)
        return measures;
    measures.estimates.push_back(countsMeasure(set, BinaryMetric::F1, {1, true}));
    measures.estimates.push_back(countsMeasure(set, BinaryMetric::BalancedAccuracy, {1, true}));
    if (ranks.empty())
        return measures;
    EstimateMeasure auc{"auc", {1, true}, {}, {}, {}};
    EstimateMeasure averagePrecision{"average_precision", {1, true}, {}, {}, {}};
    EstimateMeasure calibration{"ece", {1, true}, {}, {}, {}};
    const metrics::Options options{metrics::Convention::Countersign, set.parameters.options.level, true};
    for (std::size_t c = 0; c < ranks.size(); ++c) {
        auc.cells.push_back(ranks[c].aucError ? Estimate::of(ranks[c].auc, *ranks[c].aucError) : Estimate::of(ranks[c].auc));
        if (ranks[c].averagePrecision)
            averagePrecision.cells.push_back(Estimate::of(*ranks[c].averagePrecision));
        calibration.cells.push_back(Estimate::of(metrics::calibrationError(sums[c].bins, sums[c].losses.outside, options, sums[c].losses.effectiveShare())));
    }
    measures.estimates.push_back(std::move(auc));
    if (!averagePrecision.cells.empty())
        measures.estimates.push_back(std::move(averagePrecision));
    const auto everybody = everybodyOf(set);
    const std::array kMeans{MeanMeasure{"log_loss", &metrics::logLoss, {kInfinity, true}}, MeanMeasure{"brier", &metrics::brier, {1, true}},
                            MeanMeasure{"calibration_in_the_large", &metrics::calibrationInTheLarge, {2, false}},
                            MeanMeasure{"mean_score", &metrics::meanScore, {kInfinity, false}}};
    for (const MeanMeasure &kind : kMeans)
        measures.estimates.push_back(meanMeasure(kind, set, sums, everybody));
    measures.estimates.push_back(std::move(calibration));
    // A score that is a probability cannot be negative.
    const bool areProbabilities = std::ranges::all_of(sums, [](const CellSums &own) { return own.losses.outside == 0; });
    for (EstimateMeasure &measure : measures.estimates)
        if (measure.name == "mean_score" && areProbabilities)
            measure.range = {1, true};
    return measures;
}

} // namespace countersign::computed
