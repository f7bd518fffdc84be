#pragma once

#include "models/metrics/counts.h"

#include <span>
#include <vector>

/// Intervals of "largest minus smallest" and "smallest over largest" across groups, by parametric bootstrap:
/// each draw replaces a cell's four counts by a multinomial sample of the same size, so the cost does not depend on rows.
/// Equal in distribution to resampling rows within groups (Efron and Tibshirani 1993, ch. 6 and 8).
///
/// Not by percentiles of the redrawn spread. Max − min of noisy values is too high: five equal groups differ in any sample, and in
/// a redraw of that sample they differ more, so that the percentiles can lie wholly above the value, and never reach the truth
/// when groups are equal. Reflecting them (the "basic" interval) or taking off the bias that redraws show corrects about half of
/// it. Instead redraws say how far errors of any two groups are apart at most, in standard deviations of the pair; their quantile
/// at the level is the critical value at which the limits of all pairs' differences (Newcombe's, from Wilson limits; for ratios
/// the same on the log scale) hold at once. Lower limit of max − min: the largest lower limit of a pair, for whatever the
/// furthest pair truly is, it is no less. Upper limit: the largest upper limit of a pair at the plain critical value, since the pair that
/// is truly furthest apart is one pair, and not chosen by the data. So the value is always inside, equal groups are covered, and
/// far from equality the limits are those of the deciding pair, a little wider below.
namespace countersign::metrics {

/// xoshiro256++ (Blackman and Vigna 2019), seeded by splitmix64. Same seed, same numbers, on every machine and library.
class Random
{
public:
    explicit Random(std::uint64_t seed);
    std::uint64_t next();
    /// In (0, 1), 53 bits, never an end.
    double uniform();

private:
    std::uint64_t m_state[4];
};

/// Binomial(trials, chance): inversion for small means, transformed rejection above (Hörmann 1993, BTRS).
std::int64_t binomial(Random &random, std::int64_t trials, double chance);

/// One redraw of a cell, in the order tp, fp, fn, tn by conditional binomials. Weighted cells are drawn at their
/// effective size and scaled back.
Counts redraw(Random &random, const Counts &cell);

enum class Spread : std::uint8_t {
    Difference,     ///< max − min
    Ratio,          ///< min / max
};

/// A disparity over some of the cells. With `second` set, the combined one of equalized odds: the worse of the two
/// (max of differences, min of ratios), or their mean.
struct SpreadRequest {
    BinaryMetric metric = BinaryMetric::SelectionRate; ///< a share
    std::optional<BinaryMetric> second;
    bool mean = false;
    Spread spread = Spread::Difference;
    std::vector<int> cells; ///< indexes into the cells given; those that take part (already without too small groups)
};

struct BootstrapOptions {
    std::uint64_t seed = 20210101;
    int draws = 1000;
    double level = 0.95;
    int threads = 1; ///< the result does not depend on it: every cell has its own stream, seeded by (seed, cell)
};

/// Intervals in the order of the requests; nothing where fewer than two cells have a value of the metric (of each of the two). A cell
/// whose share is undefined in a draw has no error there. Beyond 64 cells pairs are bounded instead of looked at, which widens the
/// interval a little and keeps the cost linear.
std::vector<std::optional<Interval>> bootstrap(std::span<const Counts> cells, std::span<const SpreadRequest> requests,
                                               const BootstrapOptions &options = {});

} // namespace countersign::metrics
