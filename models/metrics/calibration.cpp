#include "models/metrics/calibration.h"

#include "models/metrics/intervals.h"
#include "models/metrics/quantiles.h"

#include <algorithm>
#include <limits>

namespace countersign::metrics {

namespace {

/// Mean of a loss with the normal-theory interval of a weighted mean.
Figure meanLoss(const Losses &losses, const Sum &sum, double squares, double highest, const Options &options)
{
    const double weight = losses.weight.value();
    if (weight <= 0)
        return Figure::undefined(Reason::NoRows, losses.rows);
    if (losses.outside > 0) {
        Figure figure = Figure::undefined(Reason::NotAProbability, losses.rows);
        figure.excluded = losses.outside;
        return figure;
    }
    Figure figure = Figure::of(sum.value() / weight, losses.rows);
    const double effective = weight * (weight / losses.weightSquares);
    if (options.intervals && effective > 1) {
        const double variance = std::max(0.0, squares / weight - figure.value * figure.value) / (effective - 1);
        figure.interval = normalTheory(figure.value, std::sqrt(variance), options.level, 0, highest);
    }
    return figure;
}

template<class Combine>
Figure overBins(std::span<const CalibrationBin> bins, std::uint64_t outside, Combine combine)
{
    std::uint64_t rows = 0;
    double weight = 0;
    for (const CalibrationBin &bin : bins) {
        rows += bin.rows;
        weight += bin.weight;
    }
    Figure figure = Figure::undefined(weight <= 0 && outside == 0 ? Reason::NoRows : Reason::NotAProbability, rows + outside);
    figure.excluded = outside;
    if (weight <= 0 || outside > 0)
        return figure;
    figure.reason = Reason::Defined;
    figure.at = static_cast<double>(bins.size());
    for (const CalibrationBin &bin : bins)
        if (bin.weight > 0)
            figure.value = combine(figure.value, std::abs(bin.positives - bin.scores), bin.weight, weight);
    return figure;
}

} // namespace

void Losses::merge(const Losses &other)
{
    weight.add(other.weight);
    positives.add(other.positives);
    logLoss.add(other.logLoss);
    squaredError.add(other.squaredError);
    scores.add(other.scores);
    logLossSquares += other.logLossSquares;
    squaredErrorSquares += other.squaredErrorSquares;
    weightSquares += other.weightSquares;
    rows += other.rows;
    outside += other.outside;
}

Figure logLoss(const Losses &losses, const Options &options)
{
    return meanLoss(losses, losses.logLoss, losses.logLossSquares, std::numeric_limits<double>::infinity(), options);
}

Figure brier(const Losses &losses, const Options &options)
{
    return meanLoss(losses, losses.squaredError, losses.squaredErrorSquares, 1, options);
}

Figure brierSkill(const Losses &losses)
{
    const Figure score = brier(losses, {Convention::Countersign, 0.95, false});
    if (!score.isDefined())
        return score;
    const double weight = losses.weight.value();
    const double positives = losses.positives.value();
    if (positives <= 0 || positives >= weight)
        return Figure::undefined(positives <= 0 ? Reason::NoPositives : Reason::NoNegatives, losses.rows);
    const double prevalence = positives / weight;
    return Figure::of(1 - score.value / (prevalence * (1 - prevalence)), losses.rows);
}

Figure calibrationInTheLarge(const Losses &losses)
{
    const Figure score = brier(losses, {Convention::Countersign, 0.95, false});
    if (!score.isDefined())
        return score;
    return Figure::of((losses.scores.value() - losses.positives.value()) / losses.weight.value(), losses.rows);
}

std::vector<double> massEdges(std::span<const double> ascending, int bins)
{
    return innerQuantiles(ascending, bins);
}

int edgeBin(double score, std::span<const double> innerEdges)
{
    return static_cast<int>(std::ranges::upper_bound(innerEdges, score) - innerEdges.begin());
}

Figure calibrationError(std::span<const CalibrationBin> bins, std::uint64_t outside)
{
    return overBins(bins, outside, [](double sum, double gap, double, double total) { return sum + gap / total; });
}

Figure maximumCalibrationError(std::span<const CalibrationBin> bins, std::uint64_t outside)
{
    return overBins(bins, outside, [](double most, double gap, double weight, double) { return std::max(most, gap / weight); });
}

std::vector<ReliabilityPoint> reliability(std::span<const CalibrationBin> bins, const Options &options)
{
    std::vector<ReliabilityPoint> points;
    for (const CalibrationBin &bin : bins) {
        if (bin.weight <= 0)
            continue;
        ReliabilityPoint point{bin.scores / bin.weight, Figure::of(bin.positives / bin.weight, bin.rows)};
        point.observed.part = bin.positives;
        point.observed.whole = bin.weight;
        if (options.intervals) {
            // A bin keeps no squared weights; its rows stand for its size, which is exact without weights.
            const double size = static_cast<double>(bin.rows);
            point.observed.interval = wilson({point.observed.value * size, size}, options.level);
        }
        points.push_back(point);
    }
    return points;
}

} // namespace countersign::metrics
