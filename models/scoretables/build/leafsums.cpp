#include "models/scoretables/build/leafsums.h"

#include "models/base/parallel.h"
#include "models/scoretables/build/massbins.h"
#include "models/scoretables/build/two.h"

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

/// Two sums side by side, each as metrics::Sum adds.
struct TwoSums {
    Two high{0, 0};
    Two low{0, 0};

    void add(Two term)
    {
        const Two sum = high + term;
        const Two back = sum - high;
        low += (high - (sum - back)) + (term - back);
        high = sum;
    }
};

/// A Partial of rows without weights: what is whole is counted, the rest is added in pairs.
struct PlainPartial {
    struct Bin {
        double scores = 0;
        std::array<std::uint64_t, 2> byLabel{};
    };
    TwoSums losses;        ///< log loss, squared error
    Two lossSquares{0, 0};
    Two otherSquares{0, 0}; ///< of scores; squared errors of positives
    metrics::Sum scores;
    std::array<std::uint64_t, 4> byCode{}; ///< by decision × 2 + label
    std::uint64_t outside = 0;
    std::array<Bin, kCalibrationBins> bins{};
};

/// What all rows of one score have in common.
struct RowLosses {
    RowLosses() = default;
    explicit RowLosses(double itsScore)
        : score(itsScore), losses{metrics::rowLoss(score, false), metrics::rowLoss(score, true)},
          pairs{Two{losses[0].logLoss, losses[0].squaredError}, Two{losses[1].logLoss, losses[1].squaredError}},
          bin(losses[0].isProbability ? static_cast<std::size_t>(metrics::widthBin(score, kCalibrationBins)) : 0)
    {
    }
    double score = 0;
    metrics::RowLoss losses[2]; ///< by label
    Two pairs[2]{};
    std::size_t bin = 0;
};

/// Where ranges begin: equal steps from the highest score to the lowest. Of scores that hardly differ the bounds are rounded to either side of
/// them, so that a range begins no earlier than the one before.
std::vector<std::size_t> rangeStarts(const TableParts &parts, std::size_t ranges)
{
    const auto &scores = parts.scores;
    std::vector<std::size_t> starts{0};
    for (std::size_t i = 1; i < ranges && !scores.empty(); ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(ranges);
        const double bound = scores.front() * (1 - share) + scores.back() * share;
        const auto at = std::partition_point(scores.begin(), scores.end(), [bound](double score) { return score > bound; });
        starts.push_back(std::max(starts.back(), static_cast<std::size_t>(at - scores.begin())));
    }
    starts.push_back(scores.size());
    return starts;
}

/// Rows of an entry, or of several that are alike.
struct Alike {
    double weight = 0;
    double squares = 0;
    std::uint64_t rows = 0;
};

void addTo(Partial &partial, const RowLosses &row, std::uint32_t code, const Alike &alike)
{
    const metrics::RowLoss &loss = row.losses[code & 1U];
    partial.losses.addRows(loss, row.score, isPositive(code), alike.weight, alike.squares, alike.rows);
    partial.squares += alike.squares;
    partial.rows += alike.rows;
    partial.logged[code & 3U] += alike.weight;
    if (!loss.isProbability)
        return;
    metrics::CalibrationBin &bin = partial.bins[row.bin];
    bin.add(row.score, isPositive(code), alike.weight);
    bin.rows += alike.rows - 1;
}

void addTo(PlainPartial &partial, const RowLosses &row, std::uint32_t code, const Alike &alike)
{
    const std::uint64_t count = alike.rows;
    const auto n = static_cast<double>(count);
    const Two losses = row.pairs[code & 1U];
    const Two terms = n * losses;
    const double score = n * row.score;
    partial.losses.add(terms);
    partial.lossSquares += terms * losses;
    partial.scores.add(score);
    partial.otherSquares += Two{score * row.score, isPositive(code) ? terms[1] : 0.0};
    partial.byCode[code & 3U] += count;
    if (!row.losses[0].isProbability) {
        partial.outside += count;
        return;
    }
    PlainPartial::Bin &bin = partial.bins[row.bin];
    bin.scores += score;
    bin.byLabel[code & 1U] += count;
}

/// The same as Partial has it: sums of whole numbers are exact either way.
Partial spelledOut(const PlainPartial &plain)
{
    Partial partial;
    for (std::size_t i = 0; i < plain.byCode.size(); ++i) {
        partial.logged[i] = static_cast<double>(plain.byCode[i]);
        partial.rows += plain.byCode[i];
    }
    const auto rows = static_cast<double>(partial.rows);
    partial.squares = rows;
    metrics::Losses &losses = partial.losses;
    losses.weight = {rows, 0};
    losses.positives = {partial.logged[1] + partial.logged[3], 0};
    losses.logLoss = {plain.losses.high[0], plain.losses.low[0]};
    losses.squaredError = {plain.losses.high[1], plain.losses.low[1]};
    losses.scores = plain.scores;
    losses.logLossSquares = plain.lossSquares[0];
    losses.squaredErrorSquares = plain.lossSquares[1];
    losses.weightSquares = rows;
    losses.scoreSquares = plain.otherSquares[0];
    losses.squaredErrorOfPositives = plain.otherSquares[1];
    losses.rows = partial.rows;
    losses.outside = plain.outside;
    for (std::size_t b = 0; b < plain.bins.size(); ++b) {
        const PlainPartial::Bin &bin = plain.bins[b];
        const std::uint64_t own = bin.byLabel[0] + bin.byLabel[1];
        partial.bins[b] = {static_cast<double>(own), static_cast<double>(bin.byLabel[1]), bin.scores, own};
    }
    return partial;
}
const Partial &spelledOut(const Partial &partial) { return partial; }

template<class P>
void sumRange(const TableParts &parts, std::size_t begin, std::size_t end, std::vector<P> &partials)
{
    RowLosses row;
    for (std::size_t i = begin; i < end;) {
        const double score = parts.scores[i];
        const std::uint32_t code = parts.codes[i];
        if (i == begin || score != row.score)
            row = RowLosses(score);
        if (!parts.squares.empty()) {
            addTo(partials[leafOf(code)], row, code, {parts.weights[i], parts.squares[i], rowsOf(parts, i)});
            ++i;
            continue;
        }
        const double weight = parts.weights.empty() ? 1.0 : parts.weights[i];
        std::uint64_t count = rowsOf(parts, i);
        for (++i; i < end && parts.codes[i] == code && parts.scores[i] == score && (parts.weights.empty() || parts.weights[i] == weight); ++i)
            count += rowsOf(parts, i);
        const auto n = static_cast<double>(count);
        addTo(partials[leafOf(code)], row, code, {weight * n, n * weight * weight, count});
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
    for (std::size_t b = 0; b < partial.bins.size(); ++b)
        sums.bins[b].merge(partial.bins[b]);
}

template<class P>
std::vector<LeafSums> sumUp(const TableParts &parts, unsigned threads)
{
    const std::size_t leaves = parts.leaves.size();
    // By the size of Partial for either kind: ranges decide the last digit.
    const std::size_t ranges = std::clamp<std::size_t>(kRangeBytes / (sizeof(Partial) * std::max<std::size_t>(1, leaves)), 1, kMostRanges);
    const std::vector<std::size_t> starts = rangeStarts(parts, ranges);
    std::vector<std::vector<P>> partials(ranges);
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
                merge(sums[leaf], spelledOut(range[leaf]));
        if (!parts.givenLosses.empty()) {
            sums[leaf].losses = parts.givenLosses[leaf];
            sums[leaf].bins = parts.givenBins[leaf];
        }
        sums[leaf].logged.squares = sums[leaf].squares;
        sums[leaf].logged.rows = sums[leaf].rows;
    }
    return sums;
}

} // namespace

std::vector<LeafSums> sumLeaves(const TableParts &parts, unsigned threads)
{
    std::vector<LeafSums> sums = parts.weights.empty() ? sumUp<PlainPartial>(parts, threads) : sumUp<Partial>(parts, threads);
    addMassBins(parts, threads, sums);
    return sums;
}

} // namespace countersign::scoretables
