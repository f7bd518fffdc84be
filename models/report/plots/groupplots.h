#pragma once

#include "models/metrics/figure.h"
#include "models/report/plots/words.h"
#include "models/report/plotspec.h"

/// Groups beside each other: a metric's forest (C3) and the two disparities (C5).
namespace countersign::report {

/// In which order groups stand, from above.
enum class GroupOrder {
    AsGiven,
    ByName,
    ByValue,    ///< lowest value first; without a value last
    ByDistance, ///< furthest from overall (forest) or from no difference (disparity) first
    BySize      ///< largest n first
};

/// More groups than this are not drawn; the table has them all and a sentence says so.
inline constexpr std::size_t kMaxDrawnGroups = 40;

/// How a chart of groups is made up.
struct GroupChoice {
    std::string id;
    std::string attribute;       ///< "Age band": head of the names
    std::string metric;          ///< key of models/metrics: "recall"
    std::string title;           ///< empty: the finding in words
    std::uint64_t minimumN = 0;  ///< groups with fewer rows are hollow
    GroupOrder order = GroupOrder::AsGiven;
    std::size_t most = kMaxDrawnGroups;
    NumberFormat format;
};

struct ForestGroup {
    std::string name;
    metrics::Figure figure;
    std::uint64_t n = 0; ///< rows of the group; 0: the figure's
    bool isReference = false;
    std::optional<VerdictState> state;
    std::string note;
};

struct ForestInput {
    GroupChoice choice;
    std::vector<ForestGroup> groups;
    std::optional<metrics::Figure> overall;
    std::optional<double> lowerLimit; ///< values must stay at or above …
    std::optional<double> upperLimit; ///< … and at or below
    std::string intervalName;         ///< empty: named after the figures' method
};

PlotSpec forestPlot(const ForestInput &input);

struct DisparityGroup {
    std::string name;
    metrics::Figure ratio;      ///< group / reference
    metrics::Figure difference; ///< group − reference
    std::uint64_t n = 0;
    bool isReference = false;   ///< drawn at 1 and 0
    std::optional<VerdictState> state;
    std::optional<double> pValue;
    std::optional<double> adjustedPValue;
    std::string note;
};

struct DisparityInput {
    GroupChoice choice;
    std::string reference; ///< the group that others are compared with
    std::vector<DisparityGroup> groups;
    std::optional<double> ratioLimit;      ///< of a rule: its lower limit on the ratio
    std::optional<double> differenceLimit; ///< of a rule: its limit on the absolute difference
};

/// Ratio on a logarithmic axis and difference on a linear one, row by row. The band 0.80 to 1.25 is drawn as what it is: a guideline.
PlotSpec disparityPlot(const DisparityInput &input);

} // namespace countersign::report
