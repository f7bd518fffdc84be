#pragma once

#include "models/domain/judgement.h"
#include "models/report/chartspec.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::report {

/// What is known of a value besides its figures.
struct ValueFacts {
    std::optional<double> labelledShare; ///< of the cases of its window, those whose label has arrived; of values that change with them only
    std::string source;                  ///< "log.csv, SHA-256 9f2c6e41ab03…, engine 1, I-41"; empty: not computed here
    bool isImmature() const;             ///< too few labels for a final value (computed::kMatureShare)
};

/// The metric that says of how many cases of a window the label has arrived.
inline constexpr std::string_view kLabelledShare = "labelled_share";
/// Whether a metric's value changes as labels arrive: not the drift of a column, nor what is said of the labels themselves.
bool waitsForLabels(const std::string &metric);

/// One line of a metric's chart: a version, a run or a group.
struct MetricLine {
    std::string name;
    Slice slice;
    bool isReference = false;
    std::vector<Observation> observations; ///< ascending window end
    std::vector<ValueFacts> facts;         ///< beside the observations; empty where nothing is known of any
};

/// "2 values of v3 are hollow, because labels are still arriving (62.4 % on 1 Apr 2026).", the newest of those named; empty for none.
std::string immatureSentence(const MetricLine &line);

/// The revisions of the rule that judges this metric on this slice, ascending; empty when none does. `rules` holds all revisions of
/// all rules that concern the model.
std::vector<Rule> revisionsFor(std::span<const Rule> rules, const std::string &metric, const Slice &slice);

/// A metric over time as the window, the review and the PDF draw it: lines with intervals, the limit as it changed, every value judged
/// by the revision that was in force when its window ended (policy::judge). Hollow are values that are not final: of too few cases for
/// their limit, or of a window whose labels are still arriving. The title is the finding, in words.
ChartSpec metricChart(const std::string &id, const std::string &metric, std::span<const MetricLine> lines, std::span<const Rule> rules,
                      std::vector<ChartMarker> markers);

/// "Jan 2026" for a month, "2 Mar 2026" for a shorter window or a moment.
std::string windowText(const Window &window);
/// "[.681, .705]", empty without an interval.
std::string intervalText(const Observation &observation);

} // namespace countersign::report
