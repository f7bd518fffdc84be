#include "models/scoretables/build/leafsums.h"

#include "models/base/parallel.h"

namespace countersign::scoretables {

namespace {

constexpr std::size_t kMostRanges = 16;
constexpr std::size_t kRangeBytes = 64U << 20; ///< that all ranges together may take

/// A leaf's sums within a range of scores.
struct Partial {
    double squares = 0;
    std::uint64_t rows = 0;
    double logged[4] = {0, 0, 0, 0}; ///< by decision × 2 + label
    metrics::Losses losses;
    std::array<metrics::CalibrationBin, kCalibrationBins> bins{};
};

/// Where ranges begin: equal steps from the highest score to the lowest.
std::vector<std::size_t> rangeStarts(const TableParts &parts, std::size_t ranges)
{
    const auto &scores = parts.scores;
    std::vector<std::size_t> starts{0};
    for (std::size_t i = 1; i < ranges && !scores.empty(); ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(ranges);
        const double bound = scores.front() * (1 - share) + scores.back() * share;
        const auto at = std::partition_point(scores.begin(), scores.end(), [bound](double score) { return score > bound; });
        starts.push_back(static_cast<std::size_t>(at - scores.begin()));
    }
    starts.push_back(scores.size());
    return starts;
}

/// `count` equal rows, or one of weight `weight`.
void addTo(Partial &partial, const metrics::RowLoss &loss, double score, std::uint32_t code, double weight, std::uint64_t count)
{
    const auto n = static_cast<double>(count);
    const double total = weight * n;
    metrics::Losses &losses = partial.losses;
    losses.add(loss, score, isPositive(code), total);
    losses.rows += count - 1;
    losses.outside += loss.isProbability ? 0 : count - 1;
    losses.weightSquares += n * weight * weight - total * total; // Losses took it for one row
    partial.squares += n * weight * weight;
    partial.rows += count;
    partial.logged[code & 3U] += total;
    if (!loss.isProbability)
        return;
    metrics::CalibrationBin &bin = partial.bins[static_cast<std::size_t>(metrics::widthBin(score, kCalibrationBins))];
    bin.add(score, isPositive(code), total);
    bin.rows += count - 1;
}

void sumRange(const TableParts &parts, std::size_t begin, std::size_t end, std::vector<Partial> &partials)
{
    metrics::RowLoss losses[2];
    double lossesOf = 0;
    bool hasLosses = false;
    for (std::size_t i = begin; i < end;) {
        const double score = parts.scores[i];
        const std::uint32_t code = parts.codes[i];
        if (!hasLosses || score != lossesOf) {
            losses[0] = metrics::rowLoss(score, false);
            losses[1] = metrics::rowLoss(score, true);
            lossesOf = score;
            hasLosses = true;
        }
        const double weight = parts.weights.empty() ? 1.0 : parts.weights[i];
        std::uint64_t count = parts.counts.empty() ? 1 : parts.counts[i];
        for (++i; i < end && parts.codes[i] == code && parts.scores[i] == score && (parts.weights.empty() || parts.weights[i] == weight); ++i)
            count += parts.counts.empty() ? 1 : parts.counts[i];
        addTo(partials[leafOf(code)], losses[code & 1U], score, code, weight, count);
    }
}

void merge(LeafSums &sums, const Partial &partial)
{
    sums.squares += partial.squares;
    sums.rows += partial.rows;
    sums.logged.tn += partial.logged[0];
    sums.logged.fn += partial.logged[1];
    sums.logged.fp += partial.logged[2];
    sums.logged.tp += partial.logged[3];
    sums.losses.merge(partial.losses);
    for (std::size_t b = 0; b < partial.bins.size(); ++b) {
        sums.bins[b].weight += partial.bins[b].weight;
        sums.bins[b].positives += partial.bins[b].positives;
        sums.bins[b].scores += partial.bins[b].scores;
        sums.bins[b].rows += partial.bins[b].rows;
    }
}

} // namespace

std::vector<LeafSums> sumLeaves(const TableParts &parts, unsigned threads)
{
    const std::size_t leaves = parts.leaves.size();
    const std::size_t ranges = std::clamp<std::size_t>(kRangeBytes / (sizeof(Partial) * std::max<std::size_t>(1, leaves)), 1, kMostRanges);
    const std::vector<std::size_t> starts = rangeStarts(parts, ranges);
    std::vector<std::vector<Partial>> partials(ranges);
    forEachTask(starts.size() - 1, threads, [&](std::size_t range, unsigned) {
        if (starts[range] == starts[range + 1])
            return;
        partials[range].resize(leaves);
        sumRange(parts, starts[range], starts[range + 1], partials[range]);
    });
    std::vector<LeafSums> sums(leaves);
    for (std::size_t leaf = 0; leaf < leaves; ++leaf) {
        sums[leaf].bins.resize(kCalibrationBins);
        sums[leaf].leftOut = parts.leftOut[leaf];
        for (const auto &range : partials)
            if (!range.empty())
                merge(sums[leaf], range[leaf]);
        if (!parts.givenLosses.empty()) {
            sums[leaf].losses = parts.givenLosses[leaf];
            sums[leaf].bins = parts.givenBins[leaf];
        }
        sums[leaf].logged.squares = sums[leaf].squares;
        sums[leaf].logged.rows = sums[leaf].rows;
    }
    return sums;
}

} // namespace countersign::scoretables
