#pragma once

#include "models/computed/computedset.h"
#include "models/items/computed/groupfigurestable.h"
#include "models/report/chartspec.h"

#include <QString>

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// What the Fairness tab shows of a computed set: pure functions of the set and what is chosen. Comparisons are made anew from the
/// counts of the cells, so another reference needs neither the log nor the workspace.
namespace countersign::pages {

enum class ReferenceKind { Largest, Group, Overall };

struct FairnessChoice {
    std::vector<std::string> attributes; ///< one, or two that are crossed
    std::string metric = "recall";
    ReferenceKind reference = ReferenceKind::Largest;
    computed::GroupValues group; ///< with ReferenceKind::Group
    std::string window;          ///< name; empty: the whole log
    bool operator==(const FairnessChoice &) const = default;
};

/// What there is to choose from.
std::vector<std::vector<std::string>> familiesOf(const computed::ComputedSet &set); ///< attributes, then pairs, as computed
std::vector<std::string> windowsOf(const computed::ComputedSet &set);               ///< oldest first
std::vector<std::string> metricsOf(const computed::ComputedSet &set);               ///< of everybody, in their order
/// The choice where it exists, else the nearest that does. Nothing where the set has no groups.
std::optional<FairnessChoice> settled(const computed::ComputedSet &set, FairnessChoice choice);

/// Judges a group's figure, where a limit applies.
using FigureJudge = std::function<std::optional<VerdictState>(const computed::GroupValues &group, const metrics::Figure &figure)>;

struct FairnessView {
    FairnessChoice choice;
    computed::GroupValues reference;        ///< empty: everybody
    std::optional<metrics::Figure> overall; ///< of everybody in the window
    std::vector<items::GroupFigure> rows;   ///< by group, in the order of the set
    std::vector<computed::ComputedDisparity> disparities; ///< over these groups, in the window
    bool isComparable = false; ///< the metric follows from counts: differences and ratios have intervals
    int small = 0;
    int undefined = 0;
    QString finding; ///< "65+ is found less often: recall ratio .82 [.76, .88] to 35–49."
    VerdictState state = VerdictState::NotJudged; ///< of the finding
    QString caption; ///< "One group is too small to judge (n 38 of 100). 6 groups compared …"
};
FairnessView fairnessOf(const computed::ComputedSet &set, const FairnessChoice &choice, const FigureJudge &judge = {});

/// A copy with the comparisons of the view in the place of those that the set has, for the plots of a set.
computed::ComputedSet withComparison(const computed::ComputedSet &set, const FairnessView &view);

/// The chosen metric over time, a line a group, the reference thick.
report::ChartSpec groupsOverTime(const computed::ComputedSet &set, const FairnessView &view);
inline constexpr std::size_t kMostGroupLines = 6;
/// The number of a group among those of its attributes in the whole log: what its colour goes by in every chart.
std::size_t placeOf(const computed::ComputedSet &set, const computed::GroupValues &group);

} // namespace countersign::pages
