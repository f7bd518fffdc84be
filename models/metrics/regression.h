#pragma once

#include "models/metrics/figure.h"
#include "models/metrics/sums.h"

/// Errors of predicted amounts.
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
    double lowest = 0;   ///< of the actual values; equal to highest means that they do not vary
    double highest = 0;
    std::uint64_t rows = 0;
    std::uint64_t zeroTruths = 0;

    void add(double actual, double predicted, double rowWeight = 1);
    void merge(const Regression &other);
};

Figure rmse(const Regression &sums, const Options &options = {});      ///< interval from that of the mean squared error
Figure mae(const Regression &sums, const Options &options = {});
Figure meanError(const Regression &sums, const Options &options = {}); ///< predicted − actual: positive means too high
/// 1 − SSE / SST. Fewer than 2 rows or a constant truth: undefined (Fairlearn convention, as scikit-learn: 1 if perfect, else 0).
Figure rSquared(const Regression &sums, const Options &options = {});
/// Any actual value of 0: undefined, `excluded` counts them (Fairlearn convention: scikit-learn's division by 2^-52).
Figure mape(const Regression &sums, const Options &options = {});
Figure wape(const Regression &sums);  ///< Σ|error| / Σ|actual|
Figure smape(const Regression &sums); ///< mean of 2 |error| / (|actual| + |predicted|), 0 … 2

} // namespace countersign::metrics
