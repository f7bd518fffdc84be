#pragma once

#include "models/computed/computedset.h"
#include "models/report/plots/driftplots.h"
#include "models/report/plots/groupplots.h"

#include <functional>

/// Plots of what was computed from a log.
namespace countersign::report {

/// What to show of a set.
struct SetChoice {
    std::string id;
    std::vector<std::string> attributes; ///< one, or those that are crossed
    std::string metric;                  ///< "recall"; of drift: "psi"
    std::string window;                  ///< name; empty: the whole log
    GroupOrder order = GroupOrder::AsGiven;
};

/// Judges a group's figure, where a rule applies; may be empty.
using GroupJudge = std::function<std::optional<VerdictState>(const computed::GroupValues &group, const metrics::Figure &figure)>;

PlotSpec forestOf(const computed::ComputedSet &set, const SetChoice &choice, const GroupJudge &judge = {});
PlotSpec disparityOf(const computed::ComputedSet &set, const SetChoice &choice, const GroupJudge &judge = {});
/// `watch` and `limit` only where a policy has them.
PlotSpec driftRankingOf(const computed::ComputedSet &set, const SetChoice &choice, std::optional<double> watch = {},
                        std::optional<double> limit = {});
PlotSpec binsOf(const computed::ComputedSet &set, const SetChoice &choice, const std::string &column);
HeatGrid driftGridOf(const computed::ComputedSet &set, const SetChoice &choice, std::optional<double> watch = {},
                     std::optional<double> limit = {});

/// "18–24", "female × 65 and over"; "everybody" for no value.
std::string groupText(const computed::GroupValues &group);

} // namespace countersign::report
