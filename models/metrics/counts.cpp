#include "models/metrics/counts.h"

#include "models/metrics/drift/distributions.h"
#include "models/metrics/intervals/intervals.h"

#include <algorithm>
#include <cmath>

namespace countersign::metrics {

namespace {

using Gradient = std::array<double, 4>; ///< by the shares of tp, fp, fn, tn

/// First-order variance of a function of multinomial shares, turned into an interval.
Interval deltaInterval(const Counts &counts, double value, const Gradient &gradient, double level, double lowest, double highest)
{
    const double total = counts.total();
    const std::array<double, 4> shares{counts.tp / total, counts.fp / total, counts.fn / total, counts.tn / total};
    double mean = 0;
    for (std::size_t i = 0; i < 4; ++i)
        mean += shares[i] * gradient[i];
    double variance = 0; // around the mean: where nothing varies, nothing is left but 0
    for (std::size_t i = 0; i < 4; ++i)
        variance += shares[i] * (gradient[i] - mean) * (gradient[i] - mean);
    Interval interval = normalTheory(value, std::sqrt(variance / effectiveSize(counts, total)), level, lowest, highest);
    interval.method = IntervalMethod::DeltaMethod;
    return interval;
}

/// A value that the metric does not have: the zero of the peer whose conventions are asked for, or the reason.
/// An empty cell has none anywhere. AIF360 has zeros for what nobody was selected or rejected for, but none for absent classes.
Figure without(const Counts &counts, Reason reason, const Options &options)
{
    if (counts.total() <= 0)
        return Figure::undefined(Reason::NoRows, counts.rows);
    const bool isDecisionMissing = reason == Reason::NoPredictedPositives || reason == Reason::NoPredictedNegatives;
    if (options.convention == Convention::Fairlearn || (options.convention == Convention::Aif360 && isDecisionMissing))
        return Figure::of(0, counts.rows);
    return Figure::undefined(reason, counts.rows);
}

Proportion effective(const Counts &counts, const Share &share)
{
    const double scale = effectiveSize(counts, 1);
    return {share.part * scale, share.whole * scale};
}

Figure shareFigure(const Counts &counts, BinaryMetric metric, const Options &options)
{
    const Share value = share(counts, metric);
    if (value.whole <= 0)
        return without(counts, value.whenEmpty, options);
    Figure figure = Figure::of(value.part / value.whole, counts.rows);
    figure.part = value.part;
    figure.whole = value.whole;
    if (options.intervals)
        figure.interval = wilson(effective(counts, value), options.level);
    return figure;
}

Figure f1(const Counts &counts, const Options &options)
{
    const Share jaccard = share(counts, BinaryMetric::Jaccard);
    if (jaccard.whole <= 0)
        return without(counts, jaccard.whenEmpty, options);
    Figure figure = Figure::of(2 * counts.tp / (2 * counts.tp + counts.fp + counts.fn), counts.rows);
    if (options.intervals) {
        // F1 = 2 J / (1 + J) rises with Jaccard's index J, which is a plain proportion.
        const Interval limits = wilson(effective(counts, jaccard), options.level);
        figure.interval = Interval{2 * limits.lower / (1 + limits.lower), 2 * limits.upper / (1 + limits.upper), options.level,
                                   IntervalMethod::WilsonTransformed};
    }
    return figure;
}

Figure mcc(const Counts &counts, const Options &options)
{
    // Shares instead of counts: the product of four margins leaves int64 from about 10^5 rows on.
    const double total = counts.total();
    if (total <= 0 || counts.selected() <= 0 || counts.positives() <= 0 || counts.negatives() <= 0 || counts.rejected() <= 0)
        return without(counts, Reason::ZeroMargin, options);
    const double a = counts.selected() / total;
    const double b = counts.positives() / total;
    const double c = counts.negatives() / total;
    const double d = counts.rejected() / total;
    const double root = std::sqrt(a * b) * std::sqrt(c * d);
    const double top = (counts.tp / total) * (counts.tn / total) - (counts.fp / total) * (counts.fn / total);
    Figure figure = Figure::of(std::clamp(top / root, -1.0, 1.0), counts.rows);
    if (options.intervals) {
        const double m = figure.value / 2;
        const Gradient gradient{counts.tn / total / root - m * (1 / a + 1 / b), -counts.fn / total / root - m * (1 / a + 1 / c),
                                -counts.fp / total / root - m * (1 / b + 1 / d), counts.tp / total / root - m * (1 / c + 1 / d)};
        figure.interval = deltaInterval(counts, figure.value, gradient, options.level, -1, 1);
    }
    return figure;
}

Figure balancedAccuracy(const Counts &counts, const Options &options)
{
    const Share recall = share(counts, BinaryMetric::Recall);
    const Share specificity = share(counts, BinaryMetric::Specificity);
    if (recall.whole <= 0 || specificity.whole <= 0) {
        // Only one class is present in the truth: the mean over present classes is that class's recall.
        Figure figure = shareFigure(counts, recall.whole > 0 ? BinaryMetric::Recall : BinaryMetric::Specificity,
                                    {Convention::Countersign, options.level, options.intervals});
        if (!figure.isDefined())
            return Figure::undefined(Reason::NoRows, counts.rows);
        figure.excluded = 1;
        return figure;
    }
    Figure figure = Figure::of((recall.part / recall.whole + specificity.part / specificity.whole) / 2, counts.rows);
    if (options.intervals)
        figure.interval = squareAndAddMean(effective(counts, recall), effective(counts, specificity), options.level);
    return figure;
}

Figure kappa(const Counts &counts, const Options &options)
{
    const double total = counts.total();
    if (total <= 0)
        return Figure::undefined(Reason::NoRows, counts.rows);
    const double positive = counts.positives() / total;
    const double selected = counts.selected() / total;
    const double observed = (counts.tp + counts.tn) / total;
    const double expected = positive * selected + (1 - positive) * (1 - selected);
    // scikit-learn has no value here either, so no convention gives one.
    const bool oneClass = (counts.positives() <= 0 && counts.selected() <= 0) || (counts.negatives() <= 0 && counts.rejected() <= 0);
    if (oneClass)
        return Figure::undefined(Reason::ChanceIsCertain, counts.rows);
    // (observed − expected) / (1 − expected) without subtracting near numbers: 0 for decisions that ignore the case.
    const double apart = 2 * (counts.tp * counts.tn - counts.fn * counts.fp);
    Figure figure = Figure::of(apart / (counts.selected() * counts.negatives() + counts.positives() * counts.rejected()), counts.rows);
    // With every case decided or labelled alike it is 0 in any such sample: nothing varies, so that there is no interval.
    const bool varies = counts.positives() > 0 && counts.negatives() > 0 && counts.selected() > 0 && counts.rejected() > 0;
    if (options.intervals && varies) {
        const double byObserved = 1 / (1 - expected);
        const double byExpected = (observed - 1) / ((1 - expected) * (1 - expected));
        const double negative = 1 - positive;
        const double rejected = 1 - selected;
        const Gradient gradient{byObserved + byExpected * (selected + positive), byExpected * (rejected + positive),
                                byExpected * (negative + selected), byObserved + byExpected * (rejected + negative)};
        figure.interval = deltaInterval(counts, figure.value, gradient, options.level, -1, 1);
    }
    return figure;
}

constexpr std::array<std::string_view, kBinaryMetrics.size()> kKeys{
    "accuracy", "error_rate", "precision", "recall", "specificity", "fpr", "fnr", "fdr", "for", "npv", "selection_rate", "prevalence",
    "jaccard", "f1", "mcc", "balanced_accuracy", "cohen_kappa"};

} // namespace

Counts Counts::of(double tp, double fp, double fn, double tn)
{
    const double total = tp + fp + fn + tn;
    return {tp, fp, fn, tn, total, static_cast<std::uint64_t>(total)};
}

Counts &Counts::operator+=(const Counts &other)
{
    tp += other.tp;
    fp += other.fp;
    fn += other.fn;
    tn += other.tn;
    squares += other.squares;
    rows += other.rows;
    return *this;
}

std::string_view key(BinaryMetric metric)
{
    return kKeys[static_cast<std::size_t>(metric)];
}

std::optional<BinaryMetric> binaryMetric(std::string_view name)
{
    for (const BinaryMetric metric : kBinaryMetrics)
        if (key(metric) == name)
            return metric;
    return std::nullopt;
}

Share share(const Counts &counts, BinaryMetric metric)
{
    const double total = counts.total();
    switch (metric) {
    case BinaryMetric::Accuracy: return {counts.tp + counts.tn, total, Reason::NoRows};
    case BinaryMetric::ErrorRate: return {counts.fp + counts.fn, total, Reason::NoRows};
    case BinaryMetric::Precision: return {counts.tp, counts.selected(), Reason::NoPredictedPositives};
    case BinaryMetric::Recall: return {counts.tp, counts.positives(), Reason::NoPositives};
    case BinaryMetric::Specificity: return {counts.tn, counts.negatives(), Reason::NoNegatives};
    case BinaryMetric::FalsePositiveRate: return {counts.fp, counts.negatives(), Reason::NoNegatives};
    case BinaryMetric::FalseNegativeRate: return {counts.fn, counts.positives(), Reason::NoPositives};
    case BinaryMetric::FalseDiscoveryRate: return {counts.fp, counts.selected(), Reason::NoPredictedPositives};
    case BinaryMetric::FalseOmissionRate: return {counts.fn, counts.rejected(), Reason::NoPredictedNegatives};
    case BinaryMetric::NegativePredictiveValue: return {counts.tn, counts.rejected(), Reason::NoPredictedNegatives};
    case BinaryMetric::SelectionRate: return {counts.selected(), total, Reason::NoRows};
    case BinaryMetric::Prevalence: return {counts.positives(), total, Reason::NoRows};
    case BinaryMetric::Jaccard: return {counts.tp, counts.tp + counts.fp + counts.fn, Reason::NothingPositive};
    case BinaryMetric::F1:
    case BinaryMetric::Mcc:
    case BinaryMetric::BalancedAccuracy:
    case BinaryMetric::Kappa: break;
    }
    return {};
}

double effectiveSize(const Counts &counts, double whole)
{
    return counts.squares > 0 ? whole * (counts.total() / counts.squares) : whole;
}

Figure figure(const Counts &counts, BinaryMetric metric, const Options &options)
{
    switch (metric) {
    case BinaryMetric::F1: return f1(counts, options);
    case BinaryMetric::Mcc: return mcc(counts, options);
    case BinaryMetric::BalancedAccuracy: return balancedAccuracy(counts, options);
    case BinaryMetric::Kappa: return kappa(counts, options);
    default: return shareFigure(counts, metric, options);
    }
}

Figure fBeta(const Counts &counts, double beta, const Options &options)
{
    const double square = beta * beta;
    const double top = (1 + square) * counts.tp;
    const double whole = top + square * counts.fn + counts.fp;
    if (whole <= 0)
        return without(counts, Reason::NothingPositive, options);
    Figure figure = Figure::of(top / whole, counts.rows);
    if (options.intervals) {
        const double scale = counts.total() / whole;
        const Gradient gradient{(1 + square) * (1 - figure.value) * scale, -figure.value * scale, -square * figure.value * scale, 0};
        figure.interval = deltaInterval(counts, figure.value, gradient, options.level, 0, 1);
    }
    return figure;
}

} // namespace countersign::metrics
