#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace countersign::computed {

/// Finite values, ascending.
using Run = std::span<const double>;

/// A column of a log in ascending runs: sorted once, so that any union of units is a merge of what is sorted already.
class SortedRuns
{
public:
    /// Values of unit u are [first[u], first[u + 1]) of `values`, which is reordered and borrowed.
    SortedRuns(std::vector<double> &values, const std::vector<std::size_t> &first, unsigned threads);

    struct Unit {
        std::vector<Run> runs;
        std::uint64_t absent = 0;   ///< NaN
        std::uint64_t infinite = 0;
    };
    const std::vector<Unit> &units() const { return m_units; }

private:
    std::vector<Unit> m_units;
};

/// Runs as one run. The only run there is is given back as it is; else the union is made in `to`.
Run unionOf(std::span<const Run> runs, unsigned threads, std::vector<double> &to, std::vector<std::uint64_t> &room);

} // namespace countersign::computed
