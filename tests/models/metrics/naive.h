#pragma once

#include "goldens.h"

/// The definitions of metrics.md, written down as slowly and plainly as they read. Second opinions for the tests.
namespace countersign::metrics::naive {

/// Rows with scores on a coarse grid (so that many tie) and labels that follow them loosely.
Sample randomSample(std::uint64_t seed, int rows, int grid, bool weighted);
/// Every row repeated as often as its whole-number weight says.
Sample duplicated(const Sample &sample);
Sample shuffled(const Sample &sample, std::uint64_t seed);

double auc(const Sample &sample);          ///< every pair
double aucVariance(const Sample &sample);  ///< DeLong's structural components, row by row; unweighted
double averagePrecision(const Sample &sample);
std::pair<double, double> kolmogorovSmirnov(const Sample &sample); ///< value and threshold
double logLoss(const Sample &sample);
double brier(const Sample &sample);
double calibrationError(const Sample &sample, int bins);

double correlation(const Sample &sample);             ///< of label and decision as 0 and 1, row by row: MCC
double kappa(const Sample &sample);                   ///< agreement by chance from every pair of a label and another row's decision
double fBeta(const Sample &sample, double beta);      ///< from precision and recall
double entropy(const Sample &sample, double alpha);   ///< of every row's benefit: decision − label + 1
double massCalibrationError(const Sample &sample, int bins); ///< bins between quantiles of the sorted scores; unweighted

double psi(const std::vector<double> &reference, const std::vector<double> &current); ///< of counts by bin
double jensenShannon(const std::vector<double> &reference, const std::vector<double> &current); ///< as entropy of the mixture less the mean entropy
double kolmogorovSmirnov(const std::vector<double> &reference, const std::vector<double> &current);
double wasserstein(const std::vector<double> &reference, const std::vector<double> &current);

} // namespace countersign::metrics::naive
