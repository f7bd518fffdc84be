#include "models/metrics/classranking.h"

#include "models/metrics/intervals.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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

} // namespace

/// What is known of the cell, and its AUCs as they come.
struct ClassRanker::Cell {
    std::size_t classes = 0;
    std::uint64_t rows = 0;
    double total = 0;
    double squares = 0;
    std::vector<double> weight;        ///< by class
    std::vector<double> weightSquares; ///< by class
    std::vector<double> pair;          ///< A(k | j) at k × classes + j
    std::vector<Figure> against;

    double share(std::size_t k) const { return weight[k] / total; }
    double pairMean(std::size_t k, std::size_t j) const { return (pair[k * classes + j] + pair[j * classes + k]) / 2; }
};

std::vector<std::uint32_t> descendingRows(const ClassScores &scores, int classIndex)
{
    struct Scored {
        double score;
        std::uint32_t row;
    };
    std::vector<Scored> scored(scores.actual.size());
    for (std::size_t row = 0; row < scored.size(); ++row)
        scored[row] = {scores.scores[row * static_cast<std::size_t>(scores.classes) + static_cast<std::size_t>(classIndex)], static_cast<std::uint32_t>(row)};
    std::ranges::sort(scored, [](const Scored &a, const Scored &b) { return a.score > b.score || (a.score == b.score && a.row < b.row); });
    std::vector<std::uint32_t> rows(scored.size());
    std::ranges::transform(scored, rows.begin(), &Scored::row);
    return rows;
}

ClassRanker::ClassRanker(const ClassScores &scores) : m_scores(scores), m_influence(scores.actual.size()) {}

ClassAucs ClassRanker::rank(std::span<const std::span<const std::uint32_t>> descending, const Options &options)
{
    Cell cell;
    cell.classes = static_cast<std::size_t>(m_scores.classes);
    cell.pair.resize(cell.classes * cell.classes);
    const std::span<const std::uint32_t> rows = descending.empty() ? std::span<const std::uint32_t>() : descending.front();
    countRows(rows, cell);
    for (const std::uint32_t row : rows)
        m_influence[row].fill(0);
    for (std::size_t k = 0; k < cell.classes; ++k)
        rankClass(k, descending[k], cell, options);

    ClassAucs aucs;
    aucs.against = cell.against;
    const auto undefined = std::ranges::find_if_not(cell.against, &Figure::isDefined);
    if (undefined != cell.against.end() || cell.classes < 2) {
        const Reason reason = cell.against.empty() ? Reason::NoRows : undefined != cell.against.end() ? undefined->reason : Reason::NoNegatives;
        aucs.restMacro = aucs.restWeighted = aucs.pairsMacro = aucs.pairsWeighted = Figure::undefined(reason, cell.rows);
        return aucs;
    }
    std::array<double, kAverages> values{};
    const double pairs = static_cast<double>(cell.classes * (cell.classes - 1)) / 2;
    for (std::size_t k = 0; k < cell.classes; ++k) {
        values[0] += cell.against[k].value / static_cast<double>(cell.classes);
        values[1] += cell.against[k].value * cell.share(k);
        for (std::size_t j = k + 1; j < cell.classes; ++j) {
            values[2] += cell.pairMean(k, j) / pairs;
            values[3] += cell.pairMean(k, j) * (cell.share(k) + cell.share(j)) / static_cast<double>(cell.classes - 1);
        }
    }
    const auto spread = options.intervals ? variances(rows, cell) : std::vector<double>();
    const std::array<Figure *, kAverages> figures{&aucs.restMacro, &aucs.restWeighted, &aucs.pairsMacro, &aucs.pairsWeighted};
    for (std::size_t i = 0; i < kAverages; ++i)
        *figures[i] = withInterval(values[i], cell.rows, spread.empty() ? 0 : spread[i], !spread.empty(), IntervalMethod::Influence, options);
    return aucs;
}

void ClassRanker::countRows(std::span<const std::uint32_t> rows, Cell &cell) const
{
    cell.weight.resize(cell.classes);
    cell.weightSquares.resize(cell.classes);
    for (const std::uint32_t row : rows) {
        const double weight = weightOf(row);
        const auto actual = static_cast<std::size_t>(m_scores.actual[row]);
        cell.weight[actual] += weight;
        cell.weightSquares[actual] += weight * weight;
        cell.total += weight;
        cell.squares += weight * weight;
        cell.rows += weight > 0 ? 1U : 0U;
    }
}

/// One pass down the scores of class k: its rows against those of every other class.
void ClassRanker::rankClass(std::size_t k, std::span<const std::uint32_t> rows, Cell &cell, const Options &options)
{
    const std::size_t classes = cell.classes;
    const double own = cell.weight[k];
    const double rest = cell.total - own;
    if (own <= 0 || rest <= 0) {
        cell.against.push_back(Figure::undefined(cell.total <= 0 ? Reason::NoRows : own <= 0 ? Reason::NoPositives : Reason::NoNegatives, cell.rows));
        return;
    }
    // What one unit of a row's share adds to the averages.
    const double perClass = 1 / static_cast<double>(classes);
    const double ownShare = cell.share(k);
    const double perPair = 1 / static_cast<double>(classes * (classes - 1));
    std::vector<double> pairWeight(classes); // of A(k | j) in the average by share of rows
    for (std::size_t j = 0; j < classes; ++j)
        pairWeight[j] = (ownShare + cell.share(j)) / static_cast<double>(2 * (classes - 1));

    std::vector<double> above(classes);
    std::vector<double> block(classes);
    Moments ofOwn;
    Moments ofRest;
    const auto scoreOf = [&](std::uint32_t row) { return m_scores.scores[row * classes + k]; };
    const auto classOf = [&](std::uint32_t row) { return static_cast<std::size_t>(m_scores.actual[row]); };
    for (std::size_t begin = 0; begin < rows.size();) {
        const double score = scoreOf(rows[begin]);
        std::size_t end = begin;
        for (; end < rows.size() && scoreOf(rows[end]) == score; ++end)
            block[classOf(rows[end])] += weightOf(rows[end]);
        double allAbove = 0; // of the other classes, ties half
        for (std::size_t j = 0; j < classes; ++j)
            allAbove += j == k ? 0 : above[j] + block[j] / 2;
        for (; begin < end; ++begin) {
            const std::uint32_t row = rows[begin];
            const std::size_t actual = classOf(row);
            const double weight = weightOf(row);
            auto &influence = m_influence[row];
            if (actual == k) {
                const double part = 1 - allAbove / rest;
                ofOwn.add(part, weight);
                influence[0] += perClass * part / ownShare;
                influence[1] += part;
                for (std::size_t j = 0; j < classes; ++j) {
                    if (j == k || cell.weight[j] <= 0)
                        continue;
                    const double pairPart = 1 - (above[j] + block[j] / 2) / cell.weight[j];
                    cell.pair[k * classes + j] += weight * pairPart / own;
                    influence[2] += perPair * pairPart / ownShare;
                    influence[3] += pairWeight[j] * pairPart / ownShare;
                }
            } else {
                const double part = (above[k] + block[k] / 2) / own;
                ofRest.add(part, weight);
                influence[0] += perClass * part / (1 - ownShare);
                influence[1] += ownShare * part / (1 - ownShare);
                influence[2] += perPair * part / cell.share(actual);
                influence[3] += pairWeight[actual] * part / cell.share(actual);
            }
        }
        for (std::size_t j = 0; j < classes; ++j)
            above[j] += std::exchange(block[j], 0.0);
    }
    const bool hasVariance = ofOwn.effective() > 1 && ofRest.effective() > 1;
    cell.against.push_back(withInterval(ofOwn.mean(), cell.rows, hasVariance ? ofOwn.varianceOfMean() + ofRest.varianceOfMean() : 0, hasVariance,
                                        IntervalMethod::DeLong, options));
}

/// Within classes what rows add beyond their class's mean; for averages by prevalence also between classes.
std::vector<double> ClassRanker::variances(std::span<const std::uint32_t> rows, const Cell &cell) const
{
    const std::size_t classes = cell.classes;
    std::vector<std::array<double, kAverages>> means(classes);
    std::vector<std::array<double, kAverages>> seconds(classes);
    for (const std::uint32_t row : rows) {
        const auto actual = static_cast<std::size_t>(m_scores.actual[row]);
        for (std::size_t i = 0; i < kAverages; ++i) {
            means[actual][i] += weightOf(row) / cell.weight[actual] * m_influence[row][i];
            seconds[actual][i] += weightOf(row) / cell.weight[actual] * square(m_influence[row][i]);
        }
    }
    std::vector<double> result(kAverages);
    std::array<Moments, kAverages> between;
    for (std::size_t k = 0; k < classes; ++k) {
        const double effective = cell.weight[k] * (cell.weight[k] / cell.weightSquares[k]);
        if (effective <= 1)
            return {};
        for (std::size_t i = 0; i < kAverages; ++i)
            result[i] += square(cell.share(k)) * std::max(0.0, seconds[k][i] - square(means[k][i])) / (effective - 1);
        double pairs = 0;
        for (std::size_t j = 0; j < classes; ++j)
            pairs += j == k ? 0 : cell.pairMean(k, j) / static_cast<double>(classes - 1);
        between[1].add(cell.against[k].value, cell.weight[k]);
        between[3].add(pairs, cell.weight[k]);
    }
    const double effective = cell.total * (cell.total / cell.squares);
    for (const std::size_t i : {1U, 3U})
        result[i] += std::max(0.0, between[i].second / between[i].weight - square(between[i].mean())) / effective;
    return result;
}

} // namespace countersign::metrics
