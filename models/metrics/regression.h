#pragma once

#include "models/metrics/figure.h"
#include "models/metrics/sums.h"

/// Errors of predicted amounts. Intervals by normal theory of a weighted mean where nothing else is said.
namespace countersign::metrics {

/// Sums of a cell; any order, mergeable. Values are finite (the reader excludes and counts others).
struct Regression {
    Sum weight;
    Sum errors;          ///< predicted − actual
    Sum absoluteErrors;
    Sum squaredErrors;
    Sum relativeErrors;  ///< |error| / |actual|, rows with actual = 0 left out
    Sum zeroTruthErrors; ///< |error| of those rows
    Sum symmetricErrors; ///< 2 |error| / (|actual| + |predicted|), both 0: 0
    Sum absoluteActuals;
    double mean = 0;     ///< of the actual values so far (West 1979)
    double spread = 0;   ///< Σ w (actual − mean)²
    double squaredErrorSquares = 0;
    double weightSquares = 0;
    double relativeErrorSquares = 0;   ///< Σ w (|error| / |actual|)², rows with actual = 0 left out
    double symmetricErrorSquares = 0;
    double actualSquares = 0;          ///< Σ w actual²
    double absoluteProducts = 0;       ///< Σ w |error| |actual|
    double cubes = 0;                  ///< Σ w (actual − mean)³
    double fourths = 0;                ///< Σ w (actual − mean)⁴
    double errorsBySpread = 0;         ///< Σ w error² (actual − mean)
    double errorsBySquares = 0;        ///< Σ w error² (actual − mean)²
    double lowest = 0;   ///< of the actual values; equal to highest means that they do not vary
    double highest = 0;
    std::uint64_t rows = 0;
    std::uint64_t zeroTruths = 0;

    void add(double actual, double predicted, double rowWeight = 1);
    void merge(const Regression &other);

private:
    void addSpread(double actual, double squaredError, double rowWeight);
    void shiftMean(double step);
};

Figure rmse(const Regression &sums, const Options &options = {});      ///< interval from that of the mean squared error
Figure mae(const Regression &sums, const Options &options = {});
Figure meanError(const Regression &sums, const Options &options = {}); ///< predicted − actual: positive means too high
/// 1 − SSE / SST. Interval: delta method on the mean squared error and the variance with their covariance, on the scale of
/// ln(1 − R²), which keeps it below 1. Fewer than 2 rows or a constant truth: undefined (Fairlearn convention, as scikit-learn: 1 if perfect, else 0).
Figure rSquared(const Regression &sums, const Options &options = {});
/// Any actual value of 0: undefined, `excluded` counts them (Fairlearn convention: scikit-learn's division by 2^-52).
Figure mape(const Regression &sums, const Options &options = {});
/// Σ|error| / Σ|actual|. Interval: delta method of a ratio of two means (Cochran 1977, § 6.4).
Figure wape(const Regression &sums, const Options &options = {});
Figure smape(const Regression &sums, const Options &options = {}); ///< mean of 2 |error| / (|actual| + |predicted|), 0 … 2

} // namespace countersign::metrics
