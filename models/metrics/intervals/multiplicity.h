#pragma once

#include <span>
#include <vector>

/// When hundreds of cells are tested, some look alarming by chance.
namespace countersign::metrics {

/// Benjamini and Hochberg 1995: adjusted p-values in the order given; reject where adjusted <= the accepted false-discovery rate.
/// p-values lie in [0, 1]; undefined tests are not passed in.
std::vector<double> benjaminiHochberg(std::span<const double> pValues);

} // namespace countersign::metrics
