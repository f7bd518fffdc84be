#include "models/computed/comparisons/worst.h"

namespace countersign::computed {

using metrics::BinaryMetric;
using metrics::Counts;
using scoretables::LeafSums;

namespace {

/// Means that leaves have the sums of.
std::optional<LeafMean> meanOfLosses(const metrics::Losses &losses, const std::string &metric)
{
    LeafMean mean{losses.weight.value(), 0, 0, losses.weightSquares, losses.rows};
    if (metric == "log_loss") {
        mean.sum = losses.logLoss.value();
        mean.squares = losses.logLossSquares;
    } else if (metric == "brier") {
        mean.sum = losses.squaredError.value();
        mean.squares = losses.squaredErrorSquares;
    } else if (metric == "calibration_in_the_large") {
        mean.sum = losses.scores.value() - losses.positives.value();
        mean.squares = losses.squaredError.value();
    } else if (metric == "mean_score") {
        mean.sum = losses.scores.value();
        mean.squares = losses.scoreSquares;
    } else {
        return std::nullopt;
    }
    return mean;
}

} // namespace

void LeafMean::add(double value, double rowWeight)
{
    weight += rowWeight;
    sum += rowWeight * value;
    squares += rowWeight * value * value;
    weightSquares += rowWeight * rowWeight;
    rows += rowWeight > 0 ? 1U : 0U;
}

void LeafMean::add(const LeafMean &other)
{
    weight += other.weight;
    sum += other.sum;
    squares += other.squares;
    weightSquares += other.weightSquares;
    rows += other.rows;
}

LeafMean LeafMean::without(const LeafMean &part) const
{
    return {weight - part.weight, sum - part.sum, squares - part.squares, weightSquares - part.weightSquares, rows - part.rows};
}

Result<WorstSource> worstSource(const Table &table, const std::vector<Counts> &byLeaf, const std::string &metric)
{
    WorstSource source;
    const auto binary = metrics::binaryMetric(metric);
    if (binary && (table.hasLabels() || *binary == BinaryMetric::SelectionRate)) {
        source.counts = byLeaf;
        return source;
    }
    if (!table.hasLabels() || (!table.hasScores() && !binary))
        return Error{ErrorKind::Invalid, "Slices cannot be searched by \"" + metric.substr(0, 60) + "\": the log has no label or no score.", {}};
    if (metric == "auc") {
        source.counts = byLeaf;
        source.isRanked = true;
        return source;
    }
    for (const LeafSums &sums : table.sums()) {
        if (const auto mean = meanOfLosses(sums.losses, metric)) {
            if (sums.losses.outside > 0 && metric != "mean_score")
                return Error{ErrorKind::Invalid, "Slices cannot be searched by \"" + metric + "\": some scores are no probabilities.", {}};
            source.means.push_back(*mean);
        }
    }
    if (source.means.empty() && !table.sums().empty())
        return Error{ErrorKind::Invalid, "Slices cannot be searched by \"" + metric.substr(0, 60)
                         + "\". Metrics of decisions (accuracy, recall, f1 …), auc, log_loss, brier, calibration_in_the_large and mean_score can.", {}};
    return source;
}

} // namespace countersign::computed
