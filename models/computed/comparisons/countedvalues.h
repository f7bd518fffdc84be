#pragma once

#include "models/metrics/drift/numberreference.h"

#include <algorithm>
#include <vector>

/// Internal to models/computed: drift of numbers that are counted by value, not listed.
namespace countersign::computed {

/// Ascending values, each once, and how many rows have it or a smaller one.
struct CountedValues {
    std::vector<double> values;
    std::vector<std::uint64_t> upTo;
    double step = 0;           ///< > 0: values were rounded down to multiples of this, a power of two
    std::uint64_t missing = 0; ///< infinite ones included
    std::uint64_t infinite = 0;

    std::uint64_t size() const { return upTo.empty() ? 0 : upTo.back(); }
    double at(std::size_t rank) const { return values[static_cast<std::size_t>(std::ranges::upper_bound(upTo, rank) - upTo.begin())]; }
    std::uint64_t below(double value) const { return before(static_cast<std::size_t>(std::ranges::lower_bound(values, value) - values.begin())); }
    std::uint64_t notAbove(double value) const { return before(static_cast<std::size_t>(std::ranges::upper_bound(values, value) - values.begin())); }

private:
    std::uint64_t before(std::size_t place) const { return place == 0 ? 0 : upTo[place - 1]; }
};

/// metrics::referenceEdges() of counted values. Of rounded ones, bins begin at multiples of the step, where rounding has moved nothing from one to the next.
metrics::BinEdges edgesOf(const CountedValues &reference);

/// metrics::countSorted() of counted values.
metrics::BinCounts countsOf(const metrics::BinEdges &edges, const CountedValues &sample);

/// metrics::NumberReference::to() of counted values, and how far the figures of exact values can be from those of rounded ones.
struct CountedDistances {
    metrics::NumberReference::Distances figures;
    double ksBound = 0;
    double wassersteinBound = 0;
};
/// Both have one step.
CountedDistances distancesOf(const CountedValues &reference, const CountedValues &sample);

} // namespace countersign::computed
