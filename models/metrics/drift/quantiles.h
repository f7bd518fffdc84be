#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

/// Sorting and quantiles of plain numbers.
namespace countersign::metrics {

/// Quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7), rounded as NumPy rounds it.
/// `ascending` is not empty; 0 <= share <= 1.
double quantile(std::span<const double> ascending, double share);
/// The same of `size` values of which `at(i)` is the i-th smallest, counted from 0: for values that are counted, not listed.
template<class At>
double quantileOf(std::size_t size, double share, const At &at)
{
    const double position = static_cast<double>(size - 1) * share;
    const double floor = std::floor(position);
    const auto index = static_cast<std::size_t>(floor);
    if (index + 1 >= size)
        return at(size - 1);
    const double low = at(index);
    const double high = at(index + 1);
    const double part = position - floor;
    return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part;
}

/// Quantiles at 0, 1/bins, … 1, duplicates merged, the outer two dropped: the inner edges of bins of about equal mass.
std::vector<double> innerQuantiles(std::span<const double> ascending, int bins);
/// The same of values that are counted, as in quantileOf(). size > 0.
template<class At>
std::vector<double> innerQuantilesOf(std::size_t size, int bins, const At &at)
{
    std::vector<double> edges;
    const double step = 1.0 / bins;
    for (int k = 1; k < bins; ++k) {
        const double edge = quantileOf(size, k * step, at);
        if (edge > at(0) && edge < at(size - 1) && (edges.empty() || edge > edges.back()))
            edges.push_back(edge);
    }
    return edges;
}

/// Drops NaN and sorts ascending (radix on the bits for long samples, about 10 ns a value); returns how many NaN there were.
/// −0 becomes 0, so that equal values are equal bits.
std::uint64_t sortSample(std::vector<double> &values);

/// Sorts ascending where there is no NaN and no −0. `room` grows as needed and may be used again.
void sortNumbers(std::span<double> values, std::vector<std::uint64_t> &room);

} // namespace countersign::metrics
