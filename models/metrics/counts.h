#pragma once

#include "models/metrics/figure.h"

#include <array>

/// The confusion matrix of a binary decision, and every metric that is a function of it (metrics.md part 1).
/// Weighted sums are doubles: exact for unweighted rows up to 2^53.
namespace countersign::metrics {

struct Counts {
    double tp = 0;
    double fp = 0;
    double fn = 0;
    double tn = 0;
    double squares = 0;     ///< sum of squared weights, for the effective size behind intervals; = rows when unweighted
    std::uint64_t rows = 0; ///< unweighted rows with a weight above zero

    /// Weights are finite and >= 0 (the reader refuses others); a weight of 0 leaves no trace.
    void add(bool actual, bool predicted, double weight = 1)
    {
        (actual ? (predicted ? tp : fn) : (predicted ? fp : tn)) += weight;
        squares += weight * weight;
        rows += weight > 0 ? 1U : 0U;
    }
    /// Unweighted counts, everything else filled to match.
    static Counts of(double tp, double fp, double fn, double tn);
    Counts &operator+=(const Counts &other);

    double total() const { return tp + fp + fn + tn; }
    double positives() const { return tp + fn; }
    double negatives() const { return fp + tn; }
    double selected() const { return tp + fp; }
    double rejected() const { return fn + tn; }

    bool operator==(const Counts &) const = default;
};

/// Names in files are `key()`: "accuracy", "error_rate", "precision", "recall", "specificity", "fpr", "fnr", "fdr", "for", "npv",
/// "selection_rate", "prevalence", "f1", "mcc", "balanced_accuracy", "cohen_kappa", "jaccard".
enum class BinaryMetric : std::uint8_t {
    Accuracy, ErrorRate, Precision, Recall, Specificity,
    FalsePositiveRate, FalseNegativeRate, FalseDiscoveryRate, FalseOmissionRate, NegativePredictiveValue,
    SelectionRate, Prevalence, Jaccard,                       // up to here: shares, part / whole
    F1, Mcc, BalancedAccuracy, Kappa,
};
inline constexpr std::array kBinaryMetrics{
    BinaryMetric::Accuracy, BinaryMetric::ErrorRate, BinaryMetric::Precision, BinaryMetric::Recall, BinaryMetric::Specificity,
    BinaryMetric::FalsePositiveRate, BinaryMetric::FalseNegativeRate, BinaryMetric::FalseDiscoveryRate,
    BinaryMetric::FalseOmissionRate, BinaryMetric::NegativePredictiveValue, BinaryMetric::SelectionRate,
    BinaryMetric::Prevalence, BinaryMetric::Jaccard, BinaryMetric::F1, BinaryMetric::Mcc, BinaryMetric::BalancedAccuracy,
    BinaryMetric::Kappa};

std::string_view key(BinaryMetric metric);
std::optional<BinaryMetric> binaryMetric(std::string_view key);
inline bool isShare(BinaryMetric metric) { return metric <= BinaryMetric::Jaccard; }

/// A share before the division; `whenEmpty` says why it has no value when whole is 0.
struct Share {
    double part = 0;
    double whole = 0;
    Reason whenEmpty = Reason::NoRows;
};
/// Only for metrics with isShare().
Share share(const Counts &counts, BinaryMetric metric);

/// The size that an unweighted sample would need to be as precise: whole × Σw / Σw² (Kish 1965); = whole when unweighted.
double effectiveSize(const Counts &counts, double whole);

/// Any of the metrics, with its interval: Wilson for shares (on effective sizes when weighted), Wilson carried over for F1,
/// square-and-add for balanced accuracy, the delta method for MCC and kappa (Fleiss, Cohen and Everitt 1969).
Figure figure(const Counts &counts, BinaryMetric metric, const Options &options = {});

/// (1 + b²) TP / ((1 + b²) TP + b² FN + FP), beta > 0; van Rijsbergen 1979. Delta-method interval.
Figure fBeta(const Counts &counts, double beta, const Options &options = {});

} // namespace countersign::metrics
