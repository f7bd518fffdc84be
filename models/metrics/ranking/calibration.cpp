#include "models/metrics/ranking/calibration.h"

#include "models/metrics/drift/distributions.h"
#include "models/metrics/drift/quantiles.h"
#include "models/metrics/intervals/intervals.h"
#include "models/metrics/ranking/meanloss.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace countersign::metrics {

namespace {

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

/// A bin's rows as a sample of a proportion.
Proportion rateOf(const CalibrationBin &bin, double effectiveShare)
{
    const double size = std::max(1.0, static_cast<double>(bin.rows) * effectiveShare);
    return {bin.positives / bin.weight * size, size};
}

/// Interval of the calibration error; see the header.
Interval foldedInterval(std::span<const CalibrationBin> bins, double value, double weight, const Options &options, double effectiveShare)
{
    constexpr double kSignIsKnown = 3;
    double folded = 0;
    double lowerVariance = 0;
    double upperVariance = 0;
    for (const CalibrationBin &bin : bins) {
        if (bin.weight <= 0)
            continue;
        const Proportion rate = rateOf(bin, effectiveShare);
        const double p = (rate.successes + 0.5) / (rate.size + 1);
        const double error = std::sqrt(p * (1 - p) / rate.size);
        const double gap = std::abs(bin.positives - bin.scores) / bin.weight;
        const double own = bin.weight / weight * error;
        upperVariance += own * own;
        const bool isSignKnown = gap > kSignIsKnown * error;
        folded += isSignKnown ? 0 : own * std::sqrt(2 / std::numbers::pi);
        lowerVariance += own * own * (isSignKnown ? 1 : 1 - 2 / std::numbers::pi);
    }
    const double z = normalCritical(options.level);
    return {std::max(0.0, value - folded - z * std::sqrt(lowerVariance)), std::min(1.0, value + z * std::sqrt(upperVariance)), options.level,
            IntervalMethod::FoldedNormal};
}

/// How near 0 and how far from it a signed gap with these limits can be.
std::pair<double, double> sizes(const Interval &limits)
{
    const double nearest = limits.lower > 0 ? limits.lower : limits.upper < 0 ? -limits.upper : 0;
    return {nearest, std::max(std::abs(limits.lower), std::abs(limits.upper))};
}

Interval largestInterval(std::span<const CalibrationBin> bins, const Options &options, double effectiveShare)
{
    const auto used = std::ranges::count_if(bins, [](const CalibrationBin &bin) { return bin.weight > 0; });
    const double together = std::pow(options.level, 1 / std::max(1.0, static_cast<double>(used)));
    Interval result{0, 0, options.level, IntervalMethod::Simultaneous};
    for (const CalibrationBin &bin : bins) {
        if (bin.weight <= 0)
            continue;
        const double mean = bin.scores / bin.weight;
        const auto limits = [&](double level) {
            Interval interval = wilson(rateOf(bin, effectiveShare), level);
            interval.lower -= mean;
            interval.upper -= mean;
            return sizes(interval);
        };
        result.lower = std::max(result.lower, limits(together).first);
        result.upper = std::max(result.upper, limits(options.level).second);
    }
    return result;
}

/// Variance of a mean of effective size n whose rows have these first two moments.
double varianceOfMean(double mean, double secondMoment, double effective) { return std::max(0.0, secondMoment - mean * mean) / (effective - 1); }

double effectiveRows(const Losses &losses)
{
    const double weight = losses.weight.value();
    return losses.weightSquares > 0 ? weight * (weight / losses.weightSquares) : 0;
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
    scoreSquares += other.scoreSquares;
    squaredErrorOfPositives += other.squaredErrorOfPositives;
    rows += other.rows;
    outside += other.outside;
}

Losses Losses::without(const Losses &part) const
{
    const auto less = [](const Sum &sum, const Sum &own) {
        Sum rest = sum;
        rest.add(Sum{-own.high, -own.low});
        return rest;
    };
    Losses rest = *this;
    rest.weight = less(weight, part.weight);
    rest.positives = less(positives, part.positives);
    rest.logLoss = less(logLoss, part.logLoss);
    rest.squaredError = less(squaredError, part.squaredError);
    rest.scores = less(scores, part.scores);
    rest.logLossSquares -= part.logLossSquares;
    rest.squaredErrorSquares -= part.squaredErrorSquares;
    rest.weightSquares -= part.weightSquares;
    rest.scoreSquares -= part.scoreSquares;
    rest.squaredErrorOfPositives -= part.squaredErrorOfPositives;
    rest.rows -= part.rows;
    rest.outside -= part.outside;
    return rest;
}

double Losses::effectiveShare() const { return rows > 0 ? effectiveRows(*this) / static_cast<double>(rows) : 1; }

Figure logLoss(const Losses &losses, const Options &options)
{
    return meanLoss(losses, losses.logLoss, losses.logLossSquares, std::numeric_limits<double>::infinity(), options);
}

Figure brier(const Losses &losses, const Options &options)
{
    return meanLoss(losses, losses.squaredError, losses.squaredErrorSquares, 1, options);
}

Figure brierSkill(const Losses &losses, const Options &options)
{
    const Figure score = brier(losses, {Convention::Countersign, 0.95, false});
    if (!score.isDefined())
        return score;
    const double weight = losses.weight.value();
    const double positives = losses.positives.value();
    if (positives <= 0 || positives >= weight)
        return Figure::undefined(positives <= 0 ? Reason::NoPositives : Reason::NoNegatives, losses.rows);
    const double prevalence = positives / weight;
    const double baseline = prevalence * (1 - prevalence);
    Figure figure = Figure::of(1 - score.value / baseline, losses.rows);
    const double effective = effectiveRows(losses);
    if (!options.intervals || effective <= 1 || score.value <= 0)
        return figure;
    // ln(Brier / baseline): slopes 1 / Brier and −(1 − 2 prevalence) / baseline.
    const double byError = 1 / score.value;
    const double byPrevalence = -(1 - 2 * prevalence) / baseline;
    const double covariance = losses.squaredErrorOfPositives / weight - score.value * prevalence;
    const double variance = byError * byError * std::max(0.0, losses.squaredErrorSquares / weight - score.value * score.value)
        + byPrevalence * byPrevalence * baseline + 2 * byError * byPrevalence * covariance;
    const double factor = std::exp(normalCritical(options.level) * std::sqrt(std::max(0.0, variance) / (effective - 1)));
    figure.interval = Interval{1 - (1 - figure.value) * factor, 1 - (1 - figure.value) / factor, options.level, IntervalMethod::DeltaMethod};
    return figure;
}

Figure calibrationInTheLarge(const Losses &losses, const Options &options)
{
    const Figure score = brier(losses, {Convention::Countersign, 0.95, false});
    if (!score.isDefined())
        return score;
    const double weight = losses.weight.value();
    Figure figure = Figure::of((losses.scores.value() - losses.positives.value()) / weight, losses.rows);
    if (const double effective = effectiveRows(losses); options.intervals && effective > 1)
        figure.interval = normalTheory(figure.value, std::sqrt(varianceOfMean(figure.value, score.value, effective)), options.level, -1, 1);
    return figure;
}

Figure meanScore(const Losses &losses, const Options &options)
{
    const double weight = losses.weight.value();
    if (weight <= 0)
        return Figure::undefined(Reason::NoRows, losses.rows);
    Figure figure = Figure::of(losses.scores.value() / weight, losses.rows);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (const double effective = effectiveRows(losses); options.intervals && effective > 1)
        figure.interval = normalTheory(figure.value, std::sqrt(varianceOfMean(figure.value, losses.scoreSquares / weight, effective)), options.level,
                                       losses.outside > 0 ? -kInfinity : 0, losses.outside > 0 ? kInfinity : 1);
    return figure;
}

std::vector<double> massEdges(std::span<const double> ascending, int bins)
{
    return innerQuantiles(ascending, bins);
}

int edgeBin(double score, std::span<const double> innerEdges)
{
    return static_cast<int>(std::ranges::upper_bound(innerEdges, score) - innerEdges.begin());
}

Figure calibrationError(std::span<const CalibrationBin> bins, std::uint64_t outside, const Options &options, double effectiveShare)
{
    Figure figure = overBins(bins, outside, [](double sum, double gap, double, double total) { return sum + gap / total; });
    if (!options.intervals || !figure.isDefined())
        return figure;
    double weight = 0;
    for (const CalibrationBin &bin : bins)
        weight += bin.weight;
    figure.interval = foldedInterval(bins, figure.value, weight, options, effectiveShare);
    return figure;
}

Figure maximumCalibrationError(std::span<const CalibrationBin> bins, std::uint64_t outside, const Options &options, double effectiveShare)
{
    Figure figure = overBins(bins, outside, [](double most, double gap, double weight, double) { return std::max(most, gap / weight); });
    if (!options.intervals || !figure.isDefined())
        return figure;
    figure.interval = largestInterval(bins, options, effectiveShare);
    figure.interval->lower = std::min(figure.interval->lower, figure.value);
    figure.interval->upper = std::max(figure.interval->upper, figure.value);
    return figure;
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
