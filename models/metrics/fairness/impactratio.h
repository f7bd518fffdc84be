#pragma once

#include "models/metrics/intervals/intervals.h"

#include <span>
#include <vector>

/// Selection and scoring rates with impact ratios as New York City's rules for automated employment decision tools ask
/// (Local Law 144 of 2021; 6 RCNY § 5-300 ff.). Not legal advice; the window says so.
namespace countersign::metrics {

/// A category: how many applicants, how many of them selected, or scored above the median of the whole sample.
struct Category {
    std::uint64_t applicants = 0;
    std::uint64_t selected = 0;
    bool isUnknown = false; ///< no value given: counted and stated, outside the ratios
};

struct CategoryImpact {
    Figure rate;              ///< selected / applicants, Wilson
    Figure impactRatio;       ///< rate / highest rate over all known categories; Katz interval
    Figure withoutSmall;      ///< the same among categories of at least the smallest share; undefined (TooFewRows) for smaller ones
    double share = 0;         ///< of all applicants, unknown ones included
    bool isSmall = false;     ///< below the smallest share; may be left out of the ratio, is listed all the same
};

struct ImpactTable {
    std::vector<CategoryImpact> categories; ///< in the order given; unknown ones have a rate and no ratio
    std::uint64_t applicants = 0;           ///< all, unknown included
    std::uint64_t unknown = 0;
};

/// `smallestShare` is the 2 % of § 5-301. Nobody selected anywhere: ratios undefined.
ImpactTable impactRatios(std::span<const Category> categories, double smallestShare = 0.02, const Options &options = {});

/// Median of all scores (mean of the two middle ones for an even number). A row counts as selected when its score is
/// strictly above it: ties at the median are not selected. `scores` is reordered.
Figure sampleMedian(std::span<double> scores);

} // namespace countersign::metrics
