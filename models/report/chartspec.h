#pragma once

#include "models/base/time.h"
#include "models/domain/judgement.h"
#include "models/report/numberformat.h"
#include "models/report/pieces.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// A chart as a value: everything that is drawn, and nothing about how. The window, the PDF, the table beside the chart and the
/// description for screen readers all come from the same ChartSpec.
/// All text is UTF-8 and is shown literally; all times are UTC.
namespace countersign::report {

/// One value of a series. A NaN value is a period that should have one and has none: the line stops there. So it does at an infinite
/// value, which no axis can show; the table beside the chart writes it.
struct ChartPoint {
    Instant time{};
    double value = std::numeric_limits<double>::quiet_NaN();
    std::optional<double> lower; ///< interval; both ends or none
    std::optional<double> upper;
    std::optional<std::int64_t> n;      ///< cases behind the value
    std::optional<std::int64_t> events; ///< of those, cases with the event
    bool isHollow = false; ///< not final: labels still arriving, or n below the minimum
    bool isBreach = false; ///< outside the limit that was in force at that time
    std::optional<VerdictState> state; ///< as judged; none when no rule applies
    std::string note;      ///< more for the tooltip: the rule, the data set

    bool hasValue() const { return std::isfinite(value); }
    bool hasInterval() const { return hasValue() && lower && upper && std::isfinite(*lower) && std::isfinite(*upper); }
    bool operator==(const ChartPoint &) const = default;
};

/// How a series is drawn. Reference is the thick neutral line that the others are compared with.
enum class SeriesRole { Main, Reference };

/// A line. Points ascend in time.
struct ChartSeries {
    std::string name;
    std::string shortName;    ///< at the end of the line; empty is `name`
    SeriesRole role = SeriesRole::Main;
    std::string intervalName; ///< "95 % DeLong interval"; empty when no point has one
    std::vector<ChartPoint> points;
    std::optional<std::size_t> slot{}; ///< colour, dash and marker; unset: its number in the chart
    bool operator==(const ChartSeries &) const = default;
};

/// How many colours there are for series, each with a dash and a marker of its own.
inline constexpr std::size_t kSlots = 6;
/// Colours for the groups that a chart draws, given their places among all groups: a group has the same colour in every chart, and no two in one
/// chart are alike as long as there are enough.
std::vector<std::size_t> slotsOf(std::span<const std::size_t> places);

/// The limit from a moment on, until the next step. Values must stay at or above `lower` and at or below `upper`.
/// A step with neither says that no limit is in force from there on.
struct LimitStep {
    Instant from{};
    std::optional<double> lower;
    std::optional<double> upper;
    std::string label; ///< "limit raised to .70 (R-4 v3)"
    bool operator==(const LimitStep &) const = default;
};

/// Something that happened: a release, a change of a rule.
struct ChartMarker {
    Instant time{};
    std::string label;
    bool operator==(const ChartMarker &) const = default;
};

struct ChartSpec {
    std::string id;       ///< the same chart after a refresh has the same id; zoom and cursor survive then
    std::string title;    ///< the finding: "v3.2: lower bound below the limit since February 2026"
    std::string subtitle; ///< direction and window: "higher is better · monthly windows, UTC"
    std::string yTitle;   ///< "AUC, higher is better"
    NumberFormat format;
    std::vector<ChartSeries> series;
    std::vector<LimitStep> limits; ///< ascending in `from`
    std::vector<ChartMarker> markers;
    std::string breachName;        ///< legend of a breach: "lower bound below limit"
    std::string hollowName;        ///< legend of a hollow point: "labels immature"
    bool showsCounts = false;      ///< a strip of n below, of the last series that has n
    std::string countsTitle;       ///< "Labelled cases n"
    std::optional<std::int64_t> minimumN;
    std::vector<std::string> sentences; ///< below the chart and as its description
    std::optional<std::pair<double, double>> valueRange{};  ///< what both axes show, where several charts share them; unset: all of this one
    std::optional<std::pair<Instant, Instant>> timeSpan{};
    std::uint64_t totalPoints = 0; ///< the points measured, where `series` holds a selection of them; 0 when it holds all

    bool isEmpty() const; ///< no series has a value
    bool operator==(const ChartSpec &) const = default;
};

/// [first, last] over all points with a time, limits and markers left out, or timeSpan where it is set. Nothing when there is no point.
std::optional<std::pair<Instant, Instant>> timeRange(const ChartSpec &spec);

/// What a layout must know of all points, found in one pass.
struct ChartFacts {
    std::optional<std::pair<double, double>> values; ///< smallest and largest of finite values, intervals and limits
    bool hasBreach = false;
    bool hasHollow = false;
    std::int64_t largestN = 0;
    std::uint64_t points = 0;
};
ChartFacts factsOf(const ChartSpec &spec);

/// The spans in which no series has a value although at least one has a point there. Each reaches half-way to the neighbouring
/// values, and never beyond the first or the last point.
std::vector<std::pair<Instant, Instant>> noDataSpans(const ChartSpec &spec);

/// The points with one NaN point put into every hole: where two neighbours are more than 1.8 times the median distance apart.
/// A hole in a series of fewer than four points can't be told from an irregular rhythm; those come back as they are.
std::vector<ChartPoint> withGaps(const std::vector<ChartPoint> &points);

/// The labels of the markers that a point stands for: those after the point before it, up to its own time. The first moment of the
/// chart also stands for all before it, the last one for all after it: cursor and table name every marker, also where its flag has no room.
std::vector<std::string> markersAt(const ChartSpec &spec, const ChartSeries &series, Instant time);

/// The limit step in force at `time`; nullptr before the first one.
const LimitStep *limitAt(const ChartSpec &spec, Instant time);

} // namespace countersign::report
