#pragma once

#include "models/domain/judgement.h"
#include "models/report/chartspec.h"

#include <span>
#include <string>
#include <vector>

namespace countersign::report {

/// One line of a metric's chart: a version, a run or a group.
struct MetricLine {
    std::string name;
    Slice slice;
    bool isReference = false;
    std::vector<Observation> observations; ///< ascending window end
};

/// The revisions of the rule that judges this metric on this slice, ascending; empty when none does. `rules` holds all revisions of
/// all rules that concern the model.
std::vector<Rule> revisionsFor(std::span<const Rule> rules, const std::string &metric, const Slice &slice);

/// A metric over time as the window, the review and the PDF draw it: lines with intervals, the limit as it changed, every value judged
/// by the revision that was in force when its window ended (policy::judge). The title is the finding, in words.
ChartSpec metricChart(const std::string &id, const std::string &metric, std::span<const MetricLine> lines, std::span<const Rule> rules,
                      std::vector<ChartMarker> markers);

/// "Jan 2026" for a month, "2 Mar 2026" for a shorter window or a moment.
std::string windowText(const Window &window);
/// "[.681, .705]", empty without an interval.
std::string intervalText(const Observation &observation);

} // namespace countersign::report
