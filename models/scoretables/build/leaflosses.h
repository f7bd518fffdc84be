#pragma once

#include "models/metrics/ranking/calibration.h"
#include "models/scoretables/table.h"

#include <array>

namespace countersign::scoretables {

/// Losses and calibration of a leaf's rows in whatever order they come: every sum keeps its remainder, so that the last digit does not depend on which
/// thread added what when. A log that passes again gives the same figures.
struct LeafLosses {
    metrics::Losses whole; ///< whose plain sums are not used
    metrics::Sum logLossSquares;
    metrics::Sum squaredErrorSquares;
    metrics::Sum weightSquares;
    metrics::Sum scoreSquares;
    metrics::Sum squaredErrorOfPositives;
    struct Bin {
        metrics::Sum weight;
        metrics::Sum positives;
        metrics::Sum scores;
        std::uint64_t rows = 0;
    };
    std::array<Bin, kCalibrationBins> bins{};

    /// As Losses::addRows().
    void addRows(const metrics::RowLoss &loss, double score, bool isPositive, double weights, double squares, std::uint64_t count)
    {
        const double logLoss = weights * loss.logLoss;
        const double squaredError = weights * loss.squaredError;
        const double weighted = weights * score;
        const double positives = isPositive ? weights : 0.0;
        whole.weight.add(weights);
        whole.positives.add(positives);
        whole.logLoss.add(logLoss);
        whole.squaredError.add(squaredError);
        whole.scores.add(weighted);
        logLossSquares.add(logLoss * loss.logLoss);
        squaredErrorSquares.add(squaredError * loss.squaredError);
        weightSquares.add(squares);
        scoreSquares.add(weighted * score);
        squaredErrorOfPositives.add(isPositive ? squaredError : 0.0);
        whole.rows += count;
        if (!loss.isProbability) {
            whole.outside += count;
            return;
        }
        Bin &bin = bins[static_cast<std::size_t>(metrics::widthBin(score, kCalibrationBins))];
        bin.weight.add(weights);
        bin.positives.add(positives);
        bin.scores.add(weighted);
        bin.rows += count;
    }
    void merge(const LeafLosses &other)
    {
        whole.merge(other.whole);
        logLossSquares.add(other.logLossSquares);
        squaredErrorSquares.add(other.squaredErrorSquares);
        weightSquares.add(other.weightSquares);
        scoreSquares.add(other.scoreSquares);
        squaredErrorOfPositives.add(other.squaredErrorOfPositives);
        for (std::size_t b = 0; b < bins.size(); ++b) {
            bins[b].weight.add(other.bins[b].weight);
            bins[b].positives.add(other.bins[b].positives);
            bins[b].scores.add(other.bins[b].scores);
            bins[b].rows += other.bins[b].rows;
        }
    }

    metrics::Losses losses() const
    {
        metrics::Losses result = whole;
        for (metrics::Sum *sum : {&result.weight, &result.positives, &result.logLoss, &result.squaredError, &result.scores})
            *sum = {sum->value(), 0}; // its two halves depend on the order, their sum does not
        result.logLossSquares = logLossSquares.value();
        result.squaredErrorSquares = squaredErrorSquares.value();
        result.weightSquares = weightSquares.value();
        result.scoreSquares = scoreSquares.value();
        result.squaredErrorOfPositives = squaredErrorOfPositives.value();
        return result;
    }
    std::vector<metrics::CalibrationBin> calibration() const
    {
        std::vector<metrics::CalibrationBin> result;
        for (const Bin &bin : bins)
            result.push_back({bin.weight.value(), bin.positives.value(), bin.scores.value(), bin.rows});
        return result;
    }
};

} // namespace countersign::scoretables
