#include "models/metrics/ranking/classranking.h"

#include "models/metrics/intervals/intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace countersign::metrics {

namespace {

double square(double value) { return value * value; }

Figure withInterval(double value, std::uint64_t rows, double variance, bool hasVariance, IntervalMethod method, const Options &options)
{
    Figure figure = Figure::of(value, rows);
    if (options.intervals && hasVariance) {
        figure.interval = normalTheory(value, std::sqrt(std::max(0.0, variance)), options.level, 0, 1);
        figure.interval->method = method;
    }
    return figure;
}

/// First and second moment of what rows of one side add to an AUC.
struct Moments {
    double weight = 0;
    double squares = 0; ///< Σ w²
    double sum = 0;
    double second = 0;

    void add(double value, double rowWeight)
    {
        weight += rowWeight;
        squares += rowWeight * rowWeight;
        sum += rowWeight * value;
        second += rowWeight * value * value;
    }
    double mean() const { return sum / weight; }
    double effective() const { return weight * (weight / squares); }
    double varianceOfMean() const { return std::max(0.0, second / weight - square(mean())) / (effective() - 1); }
};

constexpr std::size_t kAverages = 4;

/// A cell on its way to its AUCs.
class Ranker
{
public:
    Ranker(const RankedClasses &cell, const Options &options)
        : m_cell(cell), m_options(options), m_classes(static_cast<std::size_t>(cell.classes)), m_weight(m_classes), m_weightSquares(m_classes),
          m_pair(m_classes * m_classes), m_influence(cell.actual.size())
    {
        for (std::size_t row = 0; row < cell.actual.size(); ++row) {
            const double weight = weightOf(row);
            m_weight[classOf(row)] += weight;
            m_weightSquares[classOf(row)] += weight * weight;
            m_total += weight;
            m_squares += weight * weight;
            m_rows += weight > 0 ? 1U : 0U;
        }
    }

    ClassAucs rank()
    {
        for (std::size_t k = 0; k < m_classes; ++k)
            rankClass(k);
        ClassAucs aucs;
        aucs.against = m_against;
        const auto undefined = std::ranges::find_if_not(m_against, &Figure::isDefined);
        if (undefined != m_against.end() || m_classes < 2) {
            const Reason reason = m_against.empty() ? Reason::NoRows : undefined != m_against.end() ? undefined->reason : Reason::NoNegatives;
            aucs.restMacro = aucs.restWeighted = aucs.pairsMacro = aucs.pairsWeighted = Figure::undefined(reason, m_rows);
            return aucs;
        }
        const auto values = averages();
        const auto spread = m_options.intervals ? variances() : std::vector<double>();
        const std::array<Figure *, kAverages> figures{&aucs.restMacro, &aucs.restWeighted, &aucs.pairsMacro, &aucs.pairsWeighted};
        for (std::size_t i = 0; i < kAverages; ++i)
            *figures[i] = withInterval(values[i], m_rows, spread.empty() ? 0 : spread[i], !spread.empty(), IntervalMethod::Influence, m_options);
        return aucs;
    }

private:
    double weightOf(std::size_t row) const { return m_cell.weights.empty() ? 1.0 : m_cell.weights[row]; }
    std::size_t classOf(std::size_t row) const { return static_cast<std::size_t>(m_cell.actual[row]); }
    double share(std::size_t k) const { return m_weight[k] / m_total; }
    double pairMean(std::size_t k, std::size_t j) const { return (m_pair[k * m_classes + j] + m_pair[j * m_classes + k]) / 2; }

    std::array<double, kAverages> averages() const
    {
        std::array<double, kAverages> values{};
        const double pairs = static_cast<double>(m_classes * (m_classes - 1)) / 2;
        for (std::size_t k = 0; k < m_classes; ++k) {
            values[0] += m_against[k].value / static_cast<double>(m_classes);
            values[1] += m_against[k].value * share(k);
            for (std::size_t j = k + 1; j < m_classes; ++j) {
                values[2] += pairMean(k, j) / pairs;
                values[3] += pairMean(k, j) * (share(k) + share(j)) / static_cast<double>(m_classes - 1);
            }
        }
        return values;
    }

    /// One pass down the scores of class k: its rows against those of every other class.
    void rankClass(std::size_t k)
    {
        const double own = m_weight[k];
        const double rest = m_total - own;
        if (own <= 0 || rest <= 0) {
            m_against.push_back(Figure::undefined(m_total <= 0 ? Reason::NoRows : own <= 0 ? Reason::NoPositives : Reason::NoNegatives, m_rows));
            return;
        }
        Pass pass = passOf(k);
        const double perOwn = 1 / (static_cast<double>(m_classes) * share(k)); // in the plain average
        const double perRest = 1 / (static_cast<double>(m_classes) * (1 - share(k)));
        const auto rows = m_cell.descending[k];
        for (std::size_t begin = 0; begin < rows.size();) {
            std::size_t end = begin;
            for (; end < rows.size() && rows[end].block == rows[begin].block; ++end)
                pass.block[classOf(rows[end].row)] += weightOf(rows[end].row);
            for (std::size_t j = 0; j < m_classes; ++j)
                pass.half[j] = pass.above[j] + pass.block[j] / 2;
            for (; begin < end; ++begin)
                addRow(rows[begin].row, perOwn, perRest, pass);
            for (std::size_t j = 0; j < m_classes; ++j)
                pass.above[j] += std::exchange(pass.block[j], 0.0);
        }
        const bool hasVariance = pass.ofOwn.effective() > 1 && pass.ofRest.effective() > 1;
        m_against.push_back(withInterval(pass.ofOwn.mean(), m_rows, hasVariance ? pass.ofOwn.varianceOfMean() + pass.ofRest.varianceOfMean() : 0,
                                         hasVariance, IntervalMethod::DeLong, m_options));
    }

    struct Pass {
        std::size_t own;
        std::vector<double> above; ///< weight with a higher score, by class
        std::vector<double> block; ///< weight with this score
        std::vector<double> half;  ///< above, and half of the block
        std::vector<double> perWeight; ///< 1 / weight of a class, 0 where it has none
        /// What a row's share of pairs with the other class counts for in averages over pairs, of rows of the pass's class and of the other.
        std::vector<double> pairOfOwn;
        std::vector<double> pairOfOther;
        std::vector<double> weightedOfOwn;
        std::vector<double> weightedOfOther;
        Moments ofOwn;
        Moments ofRest;
        Pass(std::size_t k, std::size_t classes)
            : own(k), above(classes), block(classes), half(classes), perWeight(classes), pairOfOwn(classes), pairOfOther(classes), weightedOfOwn(classes), weightedOfOther(classes)
        {
        }
    };

    Pass passOf(std::size_t k) const
    {
        Pass pass(k, m_classes);
        const double perPair = 1 / static_cast<double>(m_classes * (m_classes - 1));
        for (std::size_t j = 0; j < m_classes; ++j) {
            if (m_weight[j] <= 0)
                continue;
            const double pairWeight = (share(k) + share(j)) / static_cast<double>(2 * (m_classes - 1)); // of A(k | j), by share of rows
            pass.perWeight[j] = 1 / m_weight[j];
            pass.pairOfOwn[j] = perPair / share(k);
            pass.pairOfOther[j] = perPair / share(j);
            pass.weightedOfOwn[j] = pairWeight / share(k);
            pass.weightedOfOther[j] = pairWeight / share(j);
        }
        return pass;
    }

    /// What the row adds to AUCs of the pass's class, and by them to the averages.
    void addRow(std::size_t row, double perOwn, double perRest, Pass &pass)
    {
        const std::size_t k = pass.own;
        const std::size_t actual = classOf(row);
        const double weight = weightOf(row);
        auto &influence = m_influence[row];
        if (actual != k) {
            const double part = pass.half[k] * pass.perWeight[k];
            pass.ofRest.add(part, weight);
            influence[0] += perRest * part;
            influence[1] += perRest * part * (share(k) * static_cast<double>(m_classes));
            influence[2] += pass.pairOfOther[actual] * part;
            influence[3] += pass.weightedOfOther[actual] * part;
            return;
        }
        double restAbove = 0;
        double pairs = 0;
        double weighted = 0;
        for (std::size_t j = 0; j < m_classes; ++j) {
            if (j == k || m_weight[j] <= 0)
                continue;
            restAbove += pass.half[j];
            const double part = 1 - pass.half[j] * pass.perWeight[j];
            m_pair[k * m_classes + j] += weight * part * pass.perWeight[k];
            pairs += pass.pairOfOwn[j] * part;
            weighted += pass.weightedOfOwn[j] * part;
        }
        influence[2] += pairs;
        influence[3] += weighted;
        const double part = 1 - restAbove / (m_total - m_weight[k]);
        pass.ofOwn.add(part, weight);
        influence[0] += perOwn * part;
        influence[1] += part;
    }

    /// Within classes what rows add beyond their class's mean; for averages by prevalence also between classes.
    std::vector<double> variances() const
    {
        std::vector<std::array<double, kAverages>> means(m_classes);
        std::vector<std::array<double, kAverages>> seconds(m_classes);
        for (std::size_t row = 0; row < m_influence.size(); ++row) {
            const double part = weightOf(row) / m_weight[classOf(row)];
            for (std::size_t i = 0; i < kAverages; ++i) {
                means[classOf(row)][i] += part * m_influence[row][i];
                seconds[classOf(row)][i] += part * square(m_influence[row][i]);
            }
        }
        std::vector<double> result(kAverages);
        std::array<Moments, kAverages> between;
        for (std::size_t k = 0; k < m_classes; ++k) {
            const double effective = m_weight[k] * (m_weight[k] / m_weightSquares[k]);
            if (effective <= 1)
                return {};
            for (std::size_t i = 0; i < kAverages; ++i)
                result[i] += square(share(k)) * std::max(0.0, seconds[k][i] - square(means[k][i])) / (effective - 1);
            double pairs = 0;
            for (std::size_t j = 0; j < m_classes; ++j)
                pairs += j == k ? 0 : pairMean(k, j) / static_cast<double>(m_classes - 1);
            between[1].add(m_against[k].value, m_weight[k]);
            between[3].add(pairs, m_weight[k]);
        }
        const double effective = m_total * (m_total / m_squares);
        for (const std::size_t i : {1U, 3U})
            result[i] += std::max(0.0, between[i].second / between[i].weight - square(between[i].mean())) / effective;
        return result;
    }

    const RankedClasses &m_cell;
    const Options &m_options;
    std::size_t m_classes;
    std::uint64_t m_rows = 0;
    double m_total = 0;
    double m_squares = 0;
    std::vector<double> m_weight;        ///< by class
    std::vector<double> m_weightSquares; ///< by class
    std::vector<double> m_pair;          ///< A(k | j) at k × classes + j
    std::vector<Figure> m_against;
    std::vector<std::array<double, kAverages>> m_influence; ///< of each row, but for what is the same for all of its class
};

} // namespace

ClassAucs classAucs(const RankedClasses &cell, const Options &options) { return Ranker(cell, options).rank(); }

} // namespace countersign::metrics
