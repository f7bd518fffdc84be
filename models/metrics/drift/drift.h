#pragma once

#include "models/metrics/drift/quantiles.h"
#include "models/metrics/figure.h"

#include <span>
#include <string>
#include <vector>

/// How far a column has moved from its reference. Two ways: exact on sorted values (KS, Wasserstein), and on bins whose edges
/// come from the reference once, so that any window is a row of counts (PSI, Jensen–Shannon, chi-square).
/// Missing values are left out of all of it and have a figure of their own.
namespace countersign::metrics {

/// Where a numeric column is cut. Bins are left-closed, the outer ones open-ended: value x falls into bin
/// "number of inner edges <= x". Not Sturges over both samples: yesterday's figure must not change with today's data.
struct BinEdges {
    std::vector<double> inner;  ///< ascending, distinct
    double lowest = 0;          ///< of the reference: below it is underflow for Jensen–Shannon
    double highest = 0;
    bool isPerValue = false;    ///< few distinct values: one bin a value; `inner` holds all values but the first

    int bins() const { return static_cast<int>(inner.size()) + 1; }
    int bin(double value) const;
};

/// Quantile edges: numpy's linear quantiles at 0, 1/bins, … 1, duplicates merged, the outer two dropped.
/// `perValueUpTo` distinct values or fewer: one bin a value (0 turns that off). Empty reference: no edges, EmptySample later.
BinEdges referenceEdges(std::span<const double> ascending, int bins = 10, int perValueUpTo = 20);

/// Counts of one window in the bins of a reference. `under` and `over` are those values of the outer bins that lie outside
/// the reference's range. Mergeable by addition.
struct BinCounts {
    std::vector<double> counts;
    double under = 0;
    double over = 0;
    std::uint64_t rows = 0;    ///< values counted
    std::uint64_t missing = 0; ///< NaN or absent

    BinCounts() = default;
    explicit BinCounts(int bins) : counts(static_cast<std::size_t>(bins), 0.0) {}
    double total() const;
    void merge(const BinCounts &other);
    bool operator==(const BinCounts &) const = default;
};

/// Counts values in any order; NaN goes to `missing`. An index of a first guess per bin keeps it at a few ns a value.
BinCounts countBins(const BinEdges &edges, std::span<const double> values);
/// Many windows at once: `window[i]` in 0 … windows − 1 (or < 0: skip) says where value i belongs.
std::vector<BinCounts> countBins(const BinEdges &edges, std::span<const double> values, std::span<const std::int32_t> window,
                                 int windows);

/// The same of ascending values, none of them NaN: looks for the edges instead of the values.
BinCounts countSorted(const BinEdges &edges, std::span<const double> ascending);

/// Share put in the place of zero in PSI.
inline constexpr double kZeroShare = 1e-4;

/// Σ (a − e) ln(a / e) over bins, zero shares := 1e-4 (Siddiqi 2006); `at` = number of bins. Fewer than two bins: OneBin.
Figure psi(std::span<const double> reference, std::span<const double> current);
inline Figure psi(const BinCounts &reference, const BinCounts &current) { return psi(reference.counts, current.counts); }

/// Jensen–Shannon divergence in bits, 0 … 1; zero shares stay 0 (Lin 1991). The distance is its square root.
Figure jensenShannonDivergence(std::span<const double> reference, std::span<const double> current);
Figure jensenShannonDistance(std::span<const double> reference, std::span<const double> current);
/// On the bins plus an underflow and an overflow bin taken out of the outer ones.
Figure jensenShannonDivergence(const BinCounts &reference, const BinCounts &current);
Figure jensenShannonDistance(const BinCounts &reference, const BinCounts &current);

/// Pearson's chi-square of the 2 × K table, no Yates correction; categories absent from both are dropped.
struct ChiSquare {
    Figure statistic;
    Figure pValue;
    Figure cramersV;
    int degreesOfFreedom = 0;
    double smallestExpected = 0;
    bool isLowExpected = false; ///< an expected count is below 5: the p-value is rough
};
ChiSquare chiSquare(std::span<const double> reference, std::span<const double> current);

/// Counts by category name → aligned counts over the union of names, reference's order first.
struct CategoryCount {
    std::string name;
    double count = 0;
};
struct AlignedCategories {
    std::vector<std::string> names;
    std::vector<double> reference;
    std::vector<double> current;
    int appeared = 0; ///< categories only in current
    int vanished = 0; ///< categories only in the reference
};
AlignedCategories alignCategories(std::span<const CategoryCount> reference, std::span<const CategoryCount> current);

/// Two-sample Kolmogorov–Smirnov, exact on ascending samples without NaN; `at` of the statistic is where the gap is.
/// p-value: the one-sample distribution at the rounded effective size n m / (n + m), which is what SciPy calls "asymp".
struct KolmogorovSmirnov {
    Figure statistic;
    Figure pValue;
};
KolmogorovSmirnov kolmogorovSmirnov(std::span<const double> ascendingReference, std::span<const double> ascendingCurrent);

/// The same from the largest gap between the distribution functions, times both sizes, and where it is. Neither sample is empty.
KolmogorovSmirnov kolmogorovSmirnovOf(double gap, double at, std::uint64_t referenceRows, std::uint64_t currentRows);

/// Area between the two distribution functions, in the column's unit. Ascending, no NaN.
Figure wassersteinDistance(std::span<const double> ascendingReference, std::span<const double> ascendingCurrent);

/// current − reference share of missing values with Newcombe interval; p by two-proportion z without Yates.
struct MissingChange {
    Figure change;
    Figure reference;
    Figure current;
    Figure pValue;
};
MissingChange missingChange(double missingReference, double rowsReference, double missingCurrent, double rowsCurrent,
                            const Options &options = {});

} // namespace countersign::metrics
