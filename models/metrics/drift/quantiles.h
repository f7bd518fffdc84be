#pragma once

#include <cstdint>
#include <span>
#include <vector>

/// Sorting and quantiles of plain numbers.
namespace countersign::metrics {

/// Quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7), rounded as NumPy rounds it.
/// `ascending` is not empty; 0 <= share <= 1.
double quantile(std::span<const double> ascending, double share);

/// Quantiles at 0, 1/bins, … 1, duplicates merged, the outer two dropped: the inner edges of bins of about equal mass.
std::vector<double> innerQuantiles(std::span<const double> ascending, int bins);

/// Drops NaN and sorts ascending (radix on the bits for long samples, about 10 ns a value); returns how many NaN there were.
/// −0 becomes 0, so that equal values are equal bits.
std::uint64_t sortSample(std::vector<double> &values);

/// Sorts ascending where there is no NaN and no −0. `room` grows as needed and may be used again.
void sortNumbers(std::span<double> values, std::vector<std::uint64_t> &room);

} // namespace countersign::metrics
