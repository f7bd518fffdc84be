#pragma once

#include <cstdint>
#include <vector>

namespace countersign::bench {

/// Prints what weekly drift of five number columns takes, all figures of metrics::drift included (exact KS and Wasserstein-1), and of the
/// columns of the generator's log. From columns in memory to figures; reading is not in it.
void printDrift(const std::vector<std::uint64_t> &rows, unsigned threads, int runs);

} // namespace countersign::bench
