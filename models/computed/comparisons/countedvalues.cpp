#include "models/computed/comparisons/countedvalues.h"

#include "models/metrics/sums.h"

#include <algorithm>

namespace countersign::computed {

using metrics::BinCounts;
using metrics::Figure;

metrics::BinEdges edgesOf(const CountedValues &reference)
{
    constexpr std::size_t kPerValueUpTo = 20;
    constexpr int kBins = 10;
    metrics::BinEdges edges;
    if (reference.values.empty())
        return edges;
    edges.lowest = reference.values.front();
    edges.highest = reference.values.back();
    edges.isPerValue = reference.values.size() <= kPerValueUpTo;
    if (edges.isPerValue) {
        edges.inner.assign(reference.values.begin() + 1, reference.values.end());
        return edges;
    }
    edges.inner = metrics::innerQuantilesOf(reference.size(), kBins, [&](std::size_t rank) { return reference.at(rank); });
    if (reference.step > 0) { // between two order statistics
        for (double &edge : edges.inner)
            edge = std::floor(edge / reference.step) * reference.step;
        edges.inner.erase(std::unique(edges.inner.begin(), edges.inner.end()), edges.inner.end());
        std::erase_if(edges.inner, [&](double edge) { return edge <= edges.lowest; });
    }
    return edges;
}

BinCounts countsOf(const metrics::BinEdges &edges, const CountedValues &sample)
{
    BinCounts counts(edges.bins());
    counts.rows = sample.size();
    counts.missing = sample.missing;
    std::uint64_t before = 0;
    for (std::size_t bin = 0; bin < counts.counts.size(); ++bin) {
        const std::uint64_t end = bin < edges.inner.size() ? sample.below(edges.inner[bin]) : sample.size();
        counts.counts[bin] = static_cast<double>(end - before);
        before = end;
    }
    counts.under = static_cast<double>(sample.below(edges.lowest));
    counts.over = static_cast<double>(sample.size() - sample.notAbove(edges.highest));
    return counts;
}

CountedDistances distancesOf(const CountedValues &reference, const CountedValues &sample)
{
    const std::uint64_t rows = reference.size() + sample.size();
    if (reference.size() == 0 || sample.size() == 0) {
        const Figure none = Figure::undefined(metrics::Reason::EmptySample, rows);
        return {{{none, none}, none}, 0, 0};
    }
    const auto n = static_cast<double>(reference.size());
    const auto m = static_cast<double>(sample.size());
    double gap = 0;
    double at = reference.values.front();
    double mostGap = 0;
    metrics::Sum area;
    double height = 0;
    double previous = 0;
    double ours = 0; // rows up to the value, times the other's size
    double theirs = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < reference.values.size() || j < sample.values.size()) {
        const bool isReference = j == sample.values.size() || (i < reference.values.size() && reference.values[i] <= sample.values[j]);
        const double value = isReference ? reference.values[i] : sample.values[j];
        area.add(height * (value - previous));
        i += i < reference.values.size() && reference.values[i] == value ? 1U : 0U;
        j += j < sample.values.size() && sample.values[j] == value ? 1U : 0U;
        const double oursBefore = ours;
        const double theirsBefore = theirs;
        ours = i == 0 ? 0 : static_cast<double>(reference.upTo[i - 1]) * m;
        theirs = j == 0 ? 0 : static_cast<double>(sample.upTo[j - 1]) * n;
        height = std::abs(ours - theirs); // whole numbers: no rounding below 2^53
        previous = value;
        if (height > gap) {
            gap = height;
            at = value;
        }
        // Within a step all of the one may come before all of the other. At its end both are what they are, so the gap is no smaller than this one.
        mostGap = std::max({mostGap, ours - theirsBefore, theirs - oursBefore});
    }
    CountedDistances distances{{metrics::kolmogorovSmirnovOf(gap, at, reference.size(), sample.size()), Figure::of(area.value() / n / m, rows)}, 0, 0};
    if (reference.step > 0) {
        distances.ksBound = (mostGap - gap) / n / m;
        // Values lie half a step from the middles of their steps at most, and so do both distributions from those of the middles.
        distances.wassersteinBound = reference.step;
    }
    return distances;
}

} // namespace countersign::computed
