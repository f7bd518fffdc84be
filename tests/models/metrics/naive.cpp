#include "naive.h"

#include "models/metrics/intervals/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace countersign::metrics::naive {

namespace {

double total(const Sample &sample, bool actual)
{
    double sum = 0;
    for (std::size_t row = 0; row < sample.size(); ++row)
        sum += sample.actual[row] == actual ? sample.weight(row) : 0;
    return sum;
}

/// Weight of rows with this label and score >= threshold.
double reached(const Sample &sample, bool actual, double threshold)
{
    double sum = 0;
    for (std::size_t row = 0; row < sample.size(); ++row)
        sum += sample.actual[row] == actual && sample.scores[row] >= threshold ? sample.weight(row) : 0;
    return sum;
}

std::vector<double> thresholds(const Sample &sample)
{
    std::set<double, std::greater<>> distinct;
    for (std::size_t row = 0; row < sample.size(); ++row)
        if (sample.weight(row) > 0)
            distinct.insert(sample.scores[row]);
    return {distinct.begin(), distinct.end()};
}

double variance(const std::vector<double> &values)
{
    double mean = 0;
    for (const double value : values)
        mean += value / static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values)
        sum += (value - mean) * (value - mean);
    return sum / static_cast<double>(values.size() - 1);
}

double share(const std::vector<double> &values, double upTo)
{
    return static_cast<double>(std::ranges::count_if(values, [&](double value) { return value <= upTo; })) / static_cast<double>(values.size());
}

} // namespace

Sample randomSample(std::uint64_t seed, int rows, int grid, bool weighted)
{
    Random random(seed);
    Sample sample;
    for (int row = 0; row < rows; ++row) {
        const double score = std::floor(random.uniform() * grid) / grid;
        sample.scores.push_back(score);
        sample.actual.push_back(random.uniform() < 0.15 + 0.7 * score);
        sample.predicted.push_back(score >= 0.5);
        if (weighted)
            sample.weights.push_back(std::floor(random.uniform() * 4));
    }
    return sample;
}

Sample duplicated(const Sample &sample)
{
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < sample.size(); ++row)
        rows.insert(rows.end(), static_cast<std::size_t>(sample.weight(row)), row);
    Sample result = sample.subset(rows);
    result.weights.clear();
    return result;
}

Sample shuffled(const Sample &sample, std::uint64_t seed)
{
    Random random(seed);
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < sample.size(); ++row)
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(random.next() % (row + 1)), row);
    return sample.subset(rows);
}

double auc(const Sample &sample)
{
    double won = 0;
    for (std::size_t i = 0; i < sample.size(); ++i)
        for (std::size_t j = 0; j < sample.size(); ++j)
            if (sample.actual[i] && !sample.actual[j]) {
                const double points = sample.scores[i] > sample.scores[j] ? 1 : sample.scores[i] == sample.scores[j] ? 0.5 : 0;
                won += points * sample.weight(i) * sample.weight(j);
            }
    return won / total(sample, true) / total(sample, false);
}

double aucVariance(const Sample &sample)
{
    std::vector<double> ofPositives;
    std::vector<double> ofNegatives;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        double points = 0;
        for (std::size_t j = 0; j < sample.size(); ++j)
            if (sample.actual[j] != sample.actual[i]) {
                const double ahead = sample.actual[i] ? sample.scores[i] - sample.scores[j] : sample.scores[j] - sample.scores[i];
                points += ahead > 0 ? 1 : ahead == 0 ? 0.5 : 0;
            }
        (sample.actual[i] ? ofPositives : ofNegatives).push_back(points / total(sample, !sample.actual[i]));
    }
    return variance(ofPositives) / static_cast<double>(ofPositives.size()) + variance(ofNegatives) / static_cast<double>(ofNegatives.size());
}

double averagePrecision(const Sample &sample)
{
    double sum = 0;
    double before = 0;
    for (const double threshold : thresholds(sample)) {
        const double tp = reached(sample, true, threshold);
        const double fp = reached(sample, false, threshold);
        const double recall = tp / total(sample, true);
        sum += (recall - before) * (tp / (tp + fp));
        before = recall;
    }
    return sum;
}

std::pair<double, double> kolmogorovSmirnov(const Sample &sample)
{
    std::pair<double, double> best{0, 0};
    for (const double threshold : thresholds(sample)) {
        const double gap = std::abs(reached(sample, true, threshold) / total(sample, true) - reached(sample, false, threshold) / total(sample, false));
        if (gap > best.first + 1e-13)
            best = {gap, threshold};
    }
    return best;
}

double logLoss(const Sample &sample)
{
    double sum = 0;
    for (std::size_t row = 0; row < sample.size(); ++row) {
        const double p = std::clamp(sample.scores[row], std::pow(2.0, -52), 1 - std::pow(2.0, -52));
        sum -= sample.weight(row) * std::log(sample.actual[row] ? p : 1 - p);
    }
    return sum / (total(sample, true) + total(sample, false));
}

double brier(const Sample &sample)
{
    double sum = 0;
    for (std::size_t row = 0; row < sample.size(); ++row)
        sum += sample.weight(row) * std::pow(sample.scores[row] - (sample.actual[row] ? 1 : 0), 2);
    return sum / (total(sample, true) + total(sample, false));
}

double calibrationError(const Sample &sample, int bins)
{
    double sum = 0;
    for (int bin = 0; bin < bins; ++bin) {
        double weight = 0;
        double labels = 0;
        double scores = 0;
        for (std::size_t row = 0; row < sample.size(); ++row)
            if (std::min(static_cast<int>(std::floor(bins * sample.scores[row])), bins - 1) == bin) {
                weight += sample.weight(row);
                labels += sample.actual[row] ? sample.weight(row) : 0;
                scores += sample.weight(row) * sample.scores[row];
            }
        if (weight > 0)
            sum += weight * std::abs(labels / weight - scores / weight);
    }
    return sum / (total(sample, true) + total(sample, false));
}

double correlation(const Sample &sample)
{
    double all = 0;
    double labels = 0;
    double decisions = 0;
    for (std::size_t row = 0; row < sample.size(); ++row) {
        all += sample.weight(row);
        labels += sample.actual[row] ? sample.weight(row) : 0;
        decisions += sample.predicted[row] ? sample.weight(row) : 0;
    }
    double both = 0;
    double ofLabels = 0;
    double ofDecisions = 0;
    for (std::size_t row = 0; row < sample.size(); ++row) {
        const double label = (sample.actual[row] ? 1 : 0) - labels / all;
        const double decision = (sample.predicted[row] ? 1 : 0) - decisions / all;
        both += sample.weight(row) * label * decision;
        ofLabels += sample.weight(row) * label * label;
        ofDecisions += sample.weight(row) * decision * decision;
    }
    return both / std::sqrt(ofLabels * ofDecisions);
}

double kappa(const Sample &sample)
{
    double all = 0;
    double agreed = 0;
    double byChance = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        all += sample.weight(i);
        agreed += sample.actual[i] == sample.predicted[i] ? sample.weight(i) : 0;
        for (std::size_t j = 0; j < sample.size(); ++j)
            byChance += sample.actual[i] == sample.predicted[j] ? sample.weight(i) * sample.weight(j) : 0;
    }
    return (agreed / all - byChance / all / all) / (1 - byChance / all / all);
}

double fBeta(const Sample &sample, double beta)
{
    double found = 0;
    double decided = 0;
    for (std::size_t row = 0; row < sample.size(); ++row) {
        decided += sample.predicted[row] ? sample.weight(row) : 0;
        found += sample.predicted[row] && sample.actual[row] ? sample.weight(row) : 0;
    }
    const double precision = found / decided;
    const double recall = found / total(sample, true);
    return (1 + beta * beta) * precision * recall / (beta * beta * precision + recall);
}

double entropy(const Sample &sample, double alpha)
{
    const auto benefit = [&](std::size_t row) { return (sample.predicted[row] ? 1.0 : 0.0) - (sample.actual[row] ? 1.0 : 0.0) + 1; };
    double all = 0;
    double mean = 0;
    for (std::size_t row = 0; row < sample.size(); ++row) {
        all += sample.weight(row);
        mean += sample.weight(row) * benefit(row);
    }
    mean /= all;
    double sum = 0;
    for (std::size_t row = 0; row < sample.size(); ++row) {
        const double share = benefit(row) / mean;
        const double term = alpha == 1 ? (share > 0 ? share * std::log(share) : 0) : (std::pow(share, alpha) - 1) / (alpha * (alpha - 1));
        sum += sample.weight(row) * term;
    }
    return sum / all;
}

double massCalibrationError(const Sample &sample, int bins)
{
    std::vector<double> scores = sample.scores;
    std::ranges::sort(scores);
    std::vector<double> edges{scores.front()};
    for (int k = 1; k < bins; ++k) {
        const double position = static_cast<double>(k) / bins * static_cast<double>(scores.size() - 1);
        const auto below = static_cast<std::size_t>(position);
        const double edge = scores[below] + (scores[below + 1] - scores[below]) * (position - static_cast<double>(below));
        if (edge > edges.back() && edge < scores.back())
            edges.push_back(edge);
    }
    edges.push_back(2); // beyond every probability
    double sum = 0;
    for (std::size_t bin = 0; bin + 1 < edges.size(); ++bin) {
        double gap = 0;
        for (std::size_t row = 0; row < sample.size(); ++row)
            if (sample.scores[row] >= edges[bin] && sample.scores[row] < edges[bin + 1])
                gap += (sample.actual[row] ? 1 : 0) - sample.scores[row];
        sum += std::abs(gap);
    }
    return sum / static_cast<double>(sample.size());
}

double psi(const std::vector<double> &reference, const std::vector<double> &current)
{
    const auto shareOf = [](const std::vector<double> &counts, std::size_t bin) {
        double all = 0;
        for (const double count : counts)
            all += count;
        return counts[bin] > 0 ? counts[bin] / all : 1e-4;
    };
    double sum = 0;
    for (std::size_t bin = 0; bin < reference.size(); ++bin)
        sum += (shareOf(current, bin) - shareOf(reference, bin)) * std::log(shareOf(current, bin) / shareOf(reference, bin));
    return sum;
}

double jensenShannon(const std::vector<double> &reference, const std::vector<double> &current)
{
    const auto sharesOf = [](std::vector<double> counts) {
        double all = 0;
        for (const double count : counts)
            all += count;
        for (double &count : counts)
            count /= all;
        return counts;
    };
    const auto bits = [](const std::vector<double> &shares) {
        double sum = 0;
        for (const double own : shares)
            sum -= own > 0 ? own * std::log2(own) : 0;
        return sum;
    };
    const std::vector<double> before = sharesOf(reference);
    const std::vector<double> after = sharesOf(current);
    std::vector<double> mixture;
    for (std::size_t bin = 0; bin < before.size(); ++bin)
        mixture.push_back((before[bin] + after[bin]) / 2);
    return bits(mixture) - (bits(before) + bits(after)) / 2;
}

double kolmogorovSmirnov(const std::vector<double> &reference, const std::vector<double> &current)
{
    double largest = 0;
    for (const auto *sample : {&reference, &current})
        for (const double value : *sample)
            largest = std::max(largest, std::abs(share(reference, value) - share(current, value)));
    return largest;
}

double wasserstein(const std::vector<double> &reference, const std::vector<double> &current)
{
    std::set<double> values(reference.begin(), reference.end());
    values.insert(current.begin(), current.end());
    double area = 0;
    for (auto at = values.begin(); std::next(at) != values.end(); ++at)
        area += (*std::next(at) - *at) * std::abs(share(reference, *at) - share(current, *at));
    return area;
}

} // namespace countersign::metrics::naive
