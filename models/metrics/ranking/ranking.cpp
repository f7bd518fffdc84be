#include "models/metrics/ranking/ranking.h"

#include "models/metrics/drift/distributions.h"
#include "models/metrics/intervals/intervals.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace countersign::metrics {

static_assert(std::is_trivially_copyable_v<Ranking> && sizeof(Ranking) == 128);

namespace {

/// Why ranking says nothing about these rows, or Defined.
Reason missingClass(const Ranking &ranking)
{
    if (ranking.above + ranking.below <= 0)
        return Reason::NoRows;
    if (ranking.above <= 0)
        return Reason::NoPositives;
    return ranking.below <= 0 ? Reason::NoNegatives : Reason::Defined;
}

double effectiveRows(double weight, double squares)
{
    return weight * (weight / squares);
}

/// Appends the first and last point of every step, plus what `keep` wants between them; input order is kept.
class Thinner
{
public:
    explicit Thinner(std::vector<CurvePoint> &result) : m_result(result) {}

    void add(const CurvePoint &point, long step, double height)
    {
        if (m_size > 0 && step != m_step)
            flush();
        if (m_size == 0) {
            m_step = step;
            m_first = m_lowest = m_highest = point;
            m_low = m_high = height;
        }
        if (height < m_low) {
            m_low = height;
            m_lowest = point;
        }
        if (height > m_high) {
            m_high = height;
            m_highest = point;
        }
        m_last = point;
        ++m_size;
    }
    void flush()
    {
        std::vector<CurvePoint> kept{m_first, m_lowest, m_highest, m_last};
        std::ranges::stable_sort(kept, [](const CurvePoint &a, const CurvePoint &b) { return a.threshold > b.threshold; });
        for (const CurvePoint &point : kept)
            if (m_result.empty() || !(m_result.back() == point))
                m_result.push_back(point);
        m_size = 0;
    }

private:
    std::vector<CurvePoint> &m_result;
    CurvePoint m_first;
    CurvePoint m_last;
    CurvePoint m_lowest;
    CurvePoint m_highest;
    double m_low = 0;
    double m_high = 0;
    long m_step = 0;
    int m_size = 0;
};

} // namespace

Figure aucVariance(const Ranking &ranking)
{
    if (const Reason reason = missingClass(ranking); reason != Reason::Defined)
        return Figure::undefined(reason, ranking.rows);
    const double positives = ranking.above;
    const double negatives = ranking.below;
    const double effectivePositives = effectiveRows(positives, ranking.weightsOfPositives);
    const double effectiveNegatives = effectiveRows(negatives, ranking.weightsOfNegatives);
    if (effectivePositives <= 1 || effectiveNegatives <= 1)
        return Figure::undefined(Reason::TooFewRows, ranking.rows);
    const double value = ranking.area / positives / negatives;
    const double ofPositives = ranking.squaresOfPositives / positives / negatives / negatives - (1 - value) * (1 - value);
    const double ofNegatives = ranking.squaresOfNegatives / negatives / positives / positives - value * value;
    return Figure::of(std::max(0.0, ofPositives) / (effectivePositives - 1) + std::max(0.0, ofNegatives) / (effectiveNegatives - 1),
                      ranking.rows);
}

Figure auc(const Ranking &ranking, const Options &options)
{
    if (const Reason reason = missingClass(ranking); reason != Reason::Defined)
        return Figure::undefined(reason, ranking.rows);
    Figure figure = Figure::of(ranking.area / ranking.above / ranking.below, ranking.rows);
    if (!options.intervals)
        return figure;
    if (const Figure variance = aucVariance(ranking); variance.isDefined()) {
        figure.interval = normalTheory(figure.value, std::sqrt(variance.value), options.level, 0, 1);
        figure.interval->method = IntervalMethod::DeLong;
    }
    return figure;
}

Figure gini(const Ranking &ranking, const Options &options)
{
    Figure figure = auc(ranking, options);
    if (!figure.isDefined())
        return figure;
    figure.value = 2 * figure.value - 1;
    if (figure.interval) {
        figure.interval->lower = 2 * figure.interval->lower - 1;
        figure.interval->upper = 2 * figure.interval->upper - 1;
    }
    return figure;
}

namespace {

/// Of two shares p and p − distance, the largest variance of their difference over all p.
double largestVariance(double distance, double positives, double negatives)
{
    const double perPositive = 1 / positives;
    const double perNegative = 1 / negatives;
    const double top = (perPositive + (1 + 2 * distance) * perNegative) / (2 * (perPositive + perNegative));
    const double p = std::clamp(top, distance, 1.0);
    const double q = p - distance;
    return p * (1 - p) * perPositive + q * (1 - q) * perNegative;
}

/// The same level is asked for by every cell.
double bandCritical(double level)
{
    thread_local std::pair<double, double> last{0, 0};
    if (last.first != level)
        last = {level, kolmogorovCritical(1 - level)};
    return last.second;
}

} // namespace

Figure kolmogorovSmirnov(const Ranking &ranking, const Options &options)
{
    if (const Reason reason = missingClass(ranking); reason != Reason::Defined)
        return Figure::undefined(reason, ranking.rows);
    Figure figure = Figure::of(ranking.gap / ranking.positives / ranking.negatives, ranking.rows);
    if (ranking.gap > 0)
        figure.at = ranking.gapAt;
    if (!options.intervals)
        return figure;
    const double positives = effectiveRows(ranking.above, ranking.weightsOfPositives);
    const double negatives = effectiveRows(ranking.below, ranking.weightsOfNegatives);
    const double band = bandCritical(options.level) * std::sqrt(1 / positives + 1 / negatives);
    const double error = std::sqrt(largestVariance(std::min(1.0, figure.value), positives, negatives));
    figure.interval = Interval{std::max(0.0, figure.value - band), std::min(1.0, figure.value + normalCritical(options.level) * error),
                               options.level, IntervalMethod::Kolmogorov};
    return figure;
}

Figure averagePrecision(const Ranking &ranking, const Options &options)
{
    const Reason reason = missingClass(ranking);
    if (reason == Reason::NoRows || reason == Reason::NoPositives)
        return Figure::undefined(reason, ranking.rows);
    Figure figure = Figure::of(ranking.precisions / ranking.above, ranking.rows);
    if (!options.intervals)
        return figure;
    const double positives = effectiveRows(ranking.above, ranking.weightsOfPositives);
    const double value = figure.value;
    if (value <= 0 || value >= 1) {
        figure.interval = wilson({value * positives, positives}, options.level);
        return figure;
    }
    const double half = normalCritical(options.level) / std::sqrt(positives * value * (1 - value));
    const double logit = std::log(value / (1 - value));
    figure.interval = Interval{1 / (1 + std::exp(half - logit)), 1 / (1 + std::exp(-half - logit)), options.level, IntervalMethod::Logit};
    return figure;
}

void Curve::add(double score, bool positive, double weight)
{
    if (weight <= 0)
        return;
    if (m_points.empty() || m_points.back().threshold != score)
        m_points.push_back({score, m_points.empty() ? 0 : m_points.back().tp, m_points.empty() ? 0 : m_points.back().fp});
    (positive ? m_points.back().tp : m_points.back().fp) += weight;
}

std::vector<CurvePoint> Curve::rocPoints(int steps) const
{
    std::vector<CurvePoint> result;
    Thinner thinner(result);
    const double up = positives() > 0 ? positives() : 1;
    const double right = negatives() > 0 ? negatives() : 1;
    for (const CurvePoint &point : m_points)
        thinner.add(point, static_cast<long>((point.tp / up + point.fp / right) * steps), 0);
    if (!m_points.empty())
        thinner.flush();
    return result;
}

std::vector<CurvePoint> Curve::precisionRecallPoints(int steps) const
{
    std::vector<CurvePoint> result;
    Thinner thinner(result);
    const double up = positives() > 0 ? positives() : 1;
    for (const CurvePoint &point : m_points)
        thinner.add(point, static_cast<long>(point.tp / up * steps), point.tp / (point.tp + point.fp));
    if (!m_points.empty())
        thinner.flush();
    return result;
}

} // namespace countersign::metrics
