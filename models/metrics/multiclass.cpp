#include "models/metrics/multiclass.h"

#include "models/metrics/intervals/intervals.h"
#include "models/metrics/ranking/calibration.h"
#include "models/metrics/ranking/classranking.h"
#include "models/metrics/ranking/meanloss.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace countersign::metrics {

namespace {

/// All rows as one cell.
ClassAucs allAucs(const ClassScores &scores, const Options &options)
{
    const auto classes = static_cast<std::size_t>(scores.classes);
    std::vector<std::vector<RankedRow>> orders(classes);
    for (std::size_t k = 0; k < classes; ++k) {
        const auto score = [&](const RankedRow &row) { return scores.scores[row.row * classes + k]; };
        for (std::size_t row = 0; row < scores.actual.size(); ++row)
            orders[k].push_back({static_cast<std::uint32_t>(row), 0});
        std::ranges::sort(orders[k], [&](const RankedRow &a, const RankedRow &b) { return score(a) != score(b) ? score(a) > score(b) : a.row < b.row; });
        for (std::size_t i = 1; i < orders[k].size(); ++i)
            orders[k][i].block = orders[k][i - 1].block + (score(orders[k][i]) != score(orders[k][i - 1]) ? 1U : 0U);
    }
    const std::vector<std::span<const RankedRow>> descending(orders.begin(), orders.end());
    return classAucs({scores.classes, scores.actual, scores.weights, descending}, options);
}

/// Slopes of a one-vs-rest metric (a share, or F1) by the shares of tp, fp, fn, tn: part and whole are linear in them.
struct Slopes {
    double value = 0;
    std::array<double, 4> byShare{};
};
Slopes slopesOf(const Counts &counts, BinaryMetric metric)
{
    const auto part = [metric](const Counts &of) { return metric == BinaryMetric::F1 ? Share{2 * of.tp, 2 * of.tp + of.fp + of.fn, Reason::NothingPositive} : share(of, metric); };
    const Share all = part(counts);
    Slopes slopes;
    slopes.value = all.part / all.whole;
    const std::array<Counts, 4> units{Counts::of(1, 0, 0, 0), Counts::of(0, 1, 0, 0), Counts::of(0, 0, 1, 0), Counts::of(0, 0, 0, 1)};
    for (std::size_t i = 0; i < units.size(); ++i) {
        const Share unit = part(units[i]);
        slopes.byShare[i] = (unit.part - slopes.value * unit.whole) * counts.total() / all.whole;
    }
    return slopes;
}

/// An interval from the slopes of a figure by each cell's share of the matrix; nothing where no variance is left.
std::optional<Interval> fromSlopes(const ConfusionMatrix &matrix, double value, const std::vector<double> &slopes, double lowest, const Options &options)
{
    const double total = matrix.total();
    double mean = 0;
    double square = 0;
    for (int i = 0; i < matrix.classes(); ++i)
        for (int j = 0; j < matrix.classes(); ++j) {
            const double slope = slopes[static_cast<std::size_t>(i * matrix.classes() + j)];
            mean += matrix.at(i, j) / total * slope;
            square += matrix.at(i, j) / total * slope * slope;
        }
    const double variance = (square - mean * mean) / effectiveSize(matrix.against(0), total);
    if (!(variance > 1e-18))
        return std::nullopt;
    Interval interval = normalTheory(value, std::sqrt(variance), options.level, lowest, 1);
    interval.method = IntervalMethod::DeltaMethod;
    return interval;
}

/// Of an average over classes: what a matrix cell (i, j) does to every class's metric, and to the weights.
std::optional<Interval> averageInterval(const ConfusionMatrix &matrix, BinaryMetric metric, Averaging averaging, double value,
                                        const std::vector<int> &used, const Options &options)
{
    const double total = matrix.total();
    const auto classes = static_cast<std::size_t>(matrix.classes());
    double weights = 0;
    for (const int k : used)
        weights += averaging == Averaging::Weighted ? matrix.actual(k) / total : 1;
    std::vector<double> slopes(classes * classes);
    for (const int k : used) {
        const Slopes own = slopesOf(matrix.against(k), metric);
        const double weight = averaging == Averaging::Weighted ? matrix.actual(k) / total : 1;
        for (int i = 0; i < matrix.classes(); ++i)
            for (int j = 0; j < matrix.classes(); ++j) {
                const std::size_t kind = i == k ? (j == k ? 0U : 2U) : (j == k ? 1U : 3U);
                const double byWeight = averaging == Averaging::Weighted && i == k ? own.value - value : 0;
                slopes[static_cast<std::size_t>(i) * classes + static_cast<std::size_t>(j)] += (weight * own.byShare[kind] + byWeight) / weights;
            }
    }
    return fromSlopes(matrix, value, slopes, 0, options);
}

/// Mean of shares of disjoint sets of rows (recall: by truth, precision: by decision), so independent: their Wilson limits combined.
std::optional<Interval> meanOfShares(const ConfusionMatrix &matrix, BinaryMetric metric, double value, const std::vector<int> &used, const Options &options)
{
    double below = 0;
    double above = 0;
    for (const int k : used) {
        const Figure one = figure(matrix.against(k), metric, {Convention::Countersign, options.level, true});
        if (!one.interval)
            return std::nullopt; // the convention's zero
        below += (one.value - one.interval->lower) * (one.value - one.interval->lower);
        above += (one.interval->upper - one.value) * (one.interval->upper - one.value);
    }
    const auto count = static_cast<double>(used.size());
    return Interval{value - std::sqrt(below) / count, value + std::sqrt(above) / count, options.level, IntervalMethod::SquareAndAdd};
}

} // namespace

ConfusionMatrix::ConfusionMatrix(int classes)
    : m_classes(classes)
    , m_cells(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes))
{
}

ConfusionMatrix::ConfusionMatrix(int classes, std::vector<double> cells, double squares, std::uint64_t rows)
    : m_classes(classes), m_rows(rows), m_squares(squares), m_cells(std::move(cells))
{
}

void ConfusionMatrix::add(int actual, int predicted, double weight)
{
    m_cells[static_cast<std::size_t>(actual) * static_cast<std::size_t>(m_classes) + static_cast<std::size_t>(predicted)] += weight;
    m_squares += weight * weight;
    m_rows += weight > 0 ? 1U : 0U;
}

void ConfusionMatrix::merge(const ConfusionMatrix &other)
{
    for (std::size_t i = 0; i < m_cells.size(); ++i)
        m_cells[i] += other.m_cells[i];
    m_squares += other.m_squares;
    m_rows += other.m_rows;
}

double ConfusionMatrix::at(int actual, int predicted) const
{
    return m_cells[static_cast<std::size_t>(actual) * static_cast<std::size_t>(m_classes) + static_cast<std::size_t>(predicted)];
}

double ConfusionMatrix::total() const
{
    return std::accumulate(m_cells.begin(), m_cells.end(), 0.0);
}

double ConfusionMatrix::actual(int classIndex) const
{
    double sum = 0;
    for (int k = 0; k < m_classes; ++k)
        sum += at(classIndex, k);
    return sum;
}

double ConfusionMatrix::predicted(int classIndex) const
{
    double sum = 0;
    for (int k = 0; k < m_classes; ++k)
        sum += at(k, classIndex);
    return sum;
}

Counts ConfusionMatrix::against(int classIndex) const
{
    Counts counts;
    for (int i = 0; i < m_classes; ++i)
        for (int j = 0; j < m_classes; ++j)
            (i == classIndex ? (j == classIndex ? counts.tp : counts.fn) : (j == classIndex ? counts.fp : counts.tn)) += at(i, j);
    counts.squares = m_squares;
    counts.rows = m_rows;
    return counts;
}

Figure accuracy(const ConfusionMatrix &matrix, const Options &options)
{
    Counts counts = matrix.classes() > 0 ? matrix.against(0) : Counts{};
    double right = 0;
    for (int k = 0; k < matrix.classes(); ++k)
        right += matrix.at(k, k);
    // Right and wrong are all that accuracy asks for.
    counts.fp = matrix.total() - right;
    counts.tp = right;
    counts.fn = counts.tn = 0;
    return figure(counts, BinaryMetric::Accuracy, options);
}

Figure average(const ConfusionMatrix &matrix, BinaryMetric metric, Averaging averaging, const Options &options)
{
    if (matrix.rows() == 0)
        return Figure::undefined(Reason::NoRows);
    Counts pooled;
    double sum = 0;
    double weights = 0;
    std::uint64_t excluded = 0;
    Reason reason = Reason::NoRows;
    std::vector<int> used;
    bool isByConvention = false;
    for (int k = 0; k < matrix.classes(); ++k) {
        const double support = matrix.actual(k);
        if (support + matrix.predicted(k) <= 0)
            continue; // a class that does not occur at all
        const Counts counts = matrix.against(k);
        pooled += counts;
        const Figure one = figure(counts, metric, {options.convention, options.level, false});
        if (!one.isDefined()) {
            ++excluded;
            reason = one.reason;
            continue;
        }
        isByConvention = isByConvention || !figure(counts, metric, {Convention::Countersign, options.level, false}).isDefined();
        const double weight = averaging == Averaging::Weighted ? support : 1;
        sum += weight * one.value;
        weights += weight;
        used.push_back(k);
    }
    if (averaging == Averaging::Micro) {
        pooled.squares = pooled.total(); // one row appears once per class, so no interval can be built on these counts
        Figure figure = metrics::figure(pooled, metric, {options.convention, options.level, false});
        figure.n = matrix.rows();
        // Every row has one decision: precision, recall and F1 of all classes together are the share decided rightly.
        if (metric == BinaryMetric::Precision || metric == BinaryMetric::Recall || metric == BinaryMetric::F1)
            figure.interval = accuracy(matrix, options).interval;
        return figure;
    }
    Figure result = weights > 0 ? Figure::of(sum / weights, matrix.rows()) : Figure::undefined(reason, matrix.rows());
    result.excluded = excluded;
    if (!options.intervals || !result.isDefined() || isByConvention || (!isShare(metric) && metric != BinaryMetric::F1))
        return result;
    if (averaging == Averaging::Macro && (metric == BinaryMetric::Recall || metric == BinaryMetric::Precision))
        result.interval = meanOfShares(matrix, metric, result.value, used, options);
    else
        result.interval = averageInterval(matrix, metric, averaging, result.value, used, options);
    return result;
}

Figure balancedAccuracy(const ConfusionMatrix &matrix, const Options &options)
{
    if (matrix.rows() == 0)
        return Figure::undefined(Reason::NoRows);
    double sum = 0;
    double below = 0;
    double above = 0;
    int present = 0;
    std::uint64_t absent = 0;
    for (int k = 0; k < matrix.classes(); ++k) {
        const Figure recall = figure(matrix.against(k), BinaryMetric::Recall, {Convention::Countersign, options.level, true});
        if (!recall.isDefined()) {
            absent += matrix.predicted(k) > 0 ? 1U : 0U;
            continue;
        }
        ++present;
        sum += recall.value;
        below += (recall.value - recall.interval->lower) * (recall.value - recall.interval->lower);
        above += (recall.interval->upper - recall.value) * (recall.interval->upper - recall.value);
    }
    Figure result = Figure::of(sum / present, matrix.rows());
    result.excluded = absent;
    if (options.intervals)
        result.interval = Interval{result.value - std::sqrt(below) / present, result.value + std::sqrt(above) / present, options.level,
                                   IntervalMethod::SquareAndAdd};
    return result;
}

Figure matthews(const ConfusionMatrix &matrix, const Options &options)
{
    const double total = matrix.total();
    if (total <= 0)
        return Figure::undefined(Reason::NoRows);
    double right = 0;
    double chance = 0;
    double truths = 1;
    double decisions = 1;
    for (int k = 0; k < matrix.classes(); ++k) {
        const double t = matrix.actual(k) / total;
        const double p = matrix.predicted(k) / total;
        if (t >= 1 || p >= 1) // one class only, in truth or in the decisions
            return options.convention == Convention::Fairlearn ? Figure::of(0, matrix.rows())
                                                               : Figure::undefined(Reason::ZeroMargin, matrix.rows());
        right += matrix.at(k, k) / total;
        chance += t * p;
        truths -= t * t;
        decisions -= p * p;
    }
    const double root = std::sqrt(truths * decisions);
    Figure result = Figure::of(std::clamp((right - chance) / root, -1.0, 1.0), matrix.rows());
    if (!options.intervals)
        return result;
    std::vector<double> slopes;
    for (int i = 0; i < matrix.classes(); ++i)
        for (int j = 0; j < matrix.classes(); ++j)
            slopes.push_back(((i == j ? 1 : 0) - (matrix.predicted(i) + matrix.actual(j)) / total) / root
                             + result.value * (matrix.actual(i) / truths + matrix.predicted(j) / decisions) / total);
    result.interval = fromSlopes(matrix, result.value, slopes, -1, options);
    return result;
}

Figure kappa(const ConfusionMatrix &matrix, const Options &options)
{
    const double total = matrix.total();
    if (total <= 0)
        return Figure::undefined(Reason::NoRows);
    double observed = 0;
    double expected = 0;
    bool varies = true;
    for (int k = 0; k < matrix.classes(); ++k) {
        const double t = matrix.actual(k) / total;
        const double p = matrix.predicted(k) / total;
        if (t >= 1 && p >= 1)
            return Figure::undefined(Reason::ChanceIsCertain, matrix.rows());
        varies = varies && t < 1 && p < 1;
        observed += matrix.at(k, k) / total;
        expected += t * p;
    }
    Figure result = Figure::of((observed - expected) / (1 - expected), matrix.rows());
    // With one class only, in truth or in the decisions, it is 0 in any such sample: nothing varies, so that there is no interval.
    if (!options.intervals || !varies)
        return result;
    // Fleiss, Cohen and Everitt 1969 as a delta method: the slope by each cell's share.
    const double byObserved = 1 / (1 - expected);
    const double byExpected = (observed - 1) / ((1 - expected) * (1 - expected));
    double mean = 0;
    double square = 0;
    for (int i = 0; i < matrix.classes(); ++i)
        for (int j = 0; j < matrix.classes(); ++j) {
            const double slope = (i == j ? byObserved : 0) + byExpected * (matrix.predicted(i) + matrix.actual(j)) / total;
            mean += matrix.at(i, j) / total * slope;
            square += matrix.at(i, j) / total * slope * slope;
        }
    const double size = effectiveSize(matrix.against(0), total);
    result.interval = normalTheory(result.value, std::sqrt(std::max(0.0, square - mean * mean) / size), options.level, -1, 1);
    result.interval->method = IntervalMethod::DeltaMethod;
    return result;
}

Figure oneVersusRestAuc(const ClassScores &scores, int classIndex, const Options &options)
{
    return allAucs(scores, options).against[static_cast<std::size_t>(classIndex)];
}

Figure oneVersusRestAuc(const ClassScores &scores, Averaging averaging, const Options &options)
{
    const ClassAucs aucs = allAucs(scores, options);
    return averaging == Averaging::Weighted ? aucs.restWeighted : aucs.restMacro;
}

Figure oneVersusOneAuc(const ClassScores &scores, Averaging averaging, const Options &options)
{
    const ClassAucs aucs = allAucs(scores, options);
    return averaging == Averaging::Weighted ? aucs.pairsWeighted : aucs.pairsMacro;
}

ClassRowLoss classRowLoss(std::span<const double> scores, int actual)
{
    constexpr double kRoundingOfSum = 1e-4;
    const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
    const bool isInside = std::ranges::all_of(scores, [](double score) { return score >= 0 && score <= 1; });
    if (!isInside || !(std::abs(sum - 1) <= kRoundingOfSum))
        return {0, 0, false};
    double distance = 0;
    for (std::size_t k = 0; k < scores.size(); ++k) {
        const double miss = scores[k] / sum - (static_cast<int>(k) == actual ? 1 : 0);
        distance += miss * miss;
    }
    const double p = std::clamp(scores[static_cast<std::size_t>(actual)] / sum, kProbabilityClip, 1 - kProbabilityClip);
    return {-std::log(p), distance, true};
}

void ClassLosses::add(const ClassRowLoss &loss, double rowWeight)
{
    if (rowWeight <= 0)
        return;
    weight.add(rowWeight);
    weightSquares += rowWeight * rowWeight;
    ++rows;
    if (!loss.isProbability) {
        ++outside;
        return;
    }
    logLoss.add(rowWeight * loss.logLoss);
    squaredError.add(rowWeight * loss.squaredError);
    logLossSquares += rowWeight * loss.logLoss * loss.logLoss;
    squaredErrorSquares += rowWeight * loss.squaredError * loss.squaredError;
}

void ClassLosses::merge(const ClassLosses &other)
{
    weight.add(other.weight);
    logLoss.add(other.logLoss);
    squaredError.add(other.squaredError);
    logLossSquares += other.logLossSquares;
    squaredErrorSquares += other.squaredErrorSquares;
    weightSquares += other.weightSquares;
    rows += other.rows;
    outside += other.outside;
}

Figure logLoss(const ClassLosses &losses, const Options &options)
{
    return meanLoss(losses, losses.logLoss, losses.logLossSquares, std::numeric_limits<double>::infinity(), options);
}

Figure brier(const ClassLosses &losses, const Options &options)
{
    return meanLoss(losses, losses.squaredError, losses.squaredErrorSquares, 2, options);
}

} // namespace countersign::metrics
