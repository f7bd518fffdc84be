#pragma once

#include "models/domain/judgement.h"
#include "models/report/chartspec.h"
#include "models/report/numberformat.h"
#include "models/report/pieces.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// A chart of anything but time series as a value: forest, disparity, ROC, calibration, density, ranking, bins, frontier. The builders
/// in models/report/plots make them; the window, the PDF, the table beside the chart and the description for screen readers all
/// come from the same PlotSpec. All text is UTF-8 and is shown literally.
namespace countersign::report {

enum class AxisScale {
    Linear,
    Log,        ///< values of zero and below stand at the edge, marked as outside
    Categories, ///< rows from above, on the y axis only
    Time        ///< milliseconds of Unix time, UTC; on the x axis only
};

/// A row of a forest, a bar's name. Value i of a category axis is the middle of categories[i].
struct PlotCategory {
    std::string name;
    std::optional<std::int64_t> n; ///< shown with the name
    std::string detail;            ///< after n: "reference", "new category"
    bool isStrong = false;         ///< the reference, a new category, what is judged badly
    bool operator==(const PlotCategory &) const = default;
};

/// A mark of an axis where round numbers do not do: `value` is what is written at `at` (the edge between two bins).
struct PlotTick {
    double at = 0;
    double value = 0;
    bool operator==(const PlotTick &) const = default;
};

struct PlotAxis {
    std::string title; ///< with unit and direction: "True positive rate, higher is better"
    AxisScale scale = AxisScale::Linear;
    NumberFormat format;
    std::optional<double> low; ///< ends of the axis; unset: from all values
    std::optional<double> high;
    std::vector<PlotTick> ticks; ///< empty: round numbers
    std::vector<PlotCategory> categories;
    std::size_t drawnCategories = 0; ///< > 0: only so many are drawn, the table has all
    bool operator==(const PlotAxis &) const = default;

    std::size_t drawn() const { return drawnCategories > 0 && drawnCategories < categories.size() ? drawnCategories : categories.size(); }
};

/// One value. `at` is its place on the axis of places (x; where the y axis has categories, the number of the row), `value` its place on
/// the other. A value that is not finite is no value: a line stops there, nothing is drawn but `text`.
struct PlotPoint {
    double at = 0;
    double value = std::numeric_limits<double>::quiet_NaN();
    std::optional<double> lower; ///< interval of the value; both ends or none
    std::optional<double> upper;
    std::optional<std::int64_t> n;
    std::optional<std::int64_t> events; ///< of those, with the event
    std::optional<double> threshold;    ///< that leads here; +∞: above every score
    std::optional<double> from;         ///< the bin this stands for, [from, to); infinite at an open end
    std::optional<double> to;
    bool isHollow = false;    ///< n below the minimum, not final: drawn hollow and dashed
    bool isReference = false; ///< what the others are compared with: a square in text colour
    bool isMarked = false;    ///< on a line without marks: it has one, with its `label`
    std::optional<VerdictState> state; ///< as judged; none where no rule applies
    std::string label;     ///< drawn beside the mark: "chosen: 0.42"
    std::string text;      ///< drawn where there is no value: "undefined (0 positives)"
    std::string note;      ///< more for the cursor and the table

    bool hasValue() const { return std::isfinite(value) && std::isfinite(at); }
    bool hasInterval() const { return hasValue() && lower && upper && std::isfinite(*lower) && std::isfinite(*upper); }
    bool operator==(const PlotPoint &) const = default;
};

enum class PlotMark {
    Line,     ///< straight from point to point, interval as a band
    Step,     ///< level from a point's `at` to the next one's; the last point only closes the outline
    Points,   ///< marks, interval with caps; the state's glyph where there is a state
    Bars,     ///< from zero; several series stand side by side
    TableOnly ///< not drawn: a column of the table and a part of what the cursor says
};

/// What sums a series up, in the legend: "AUC 0.812 [0.790, 0.834], n 1,529".
struct PlotSummary {
    std::string name{}; ///< empty: no number, but how many there are
    double value = 0;
    std::optional<double> lower{}; ///< interval; both ends or none
    std::optional<double> upper{};
    std::optional<std::int64_t> n{};
    bool operator==(const PlotSummary &) const = default;
};

struct PlotSeries {
    std::string name{};
    std::string shortName{};    ///< at the end of the line; empty is `name`
    std::string intervalName{}; ///< "95 % Wilson interval"
    PlotMark mark = PlotMark::Line;
    SeriesRole role = SeriesRole::Main;
    std::optional<std::size_t> slot{}; ///< colour, dash, marker and pattern; unset: its number in the panel
    bool hasMarks = false;    ///< Line and Step: a mark at every point
    bool hasCaps = false;     ///< Line: intervals with caps instead of a band
    bool isFilled = false;    ///< Step: lightly filled down to zero
    std::optional<PlotSummary> summary{};
    std::optional<NumberFormat> format{}; ///< unset: the axis's
    std::vector<PlotPoint> points{};      ///< Line and Step: ascending in `at`; ROC curves along the curve
    bool operator==(const PlotSeries &) const = default;
};

enum class Along { X, Y }; ///< which axis a number is on: a rule at x = 3 is upright

/// How a rule or band is meant.
enum class RuleStyle {
    Limit,     ///< dashed, text colour: a rule's limit
    Reference, ///< thin and solid: no difference, overall, base rate
    Chosen     ///< the accent: what was chosen
};

/// A straight line through the plot.
struct PlotRule {
    Along along = Along::X;
    double at = 0;
    std::string label; ///< on the line
    RuleStyle style = RuleStyle::Reference;
    bool operator==(const PlotRule &) const = default;
};

enum class BandStyle {
    Accepted, ///< quiet tint: inside a guideline
    Breach    ///< hatched: outside a limit
};

/// A part of the plot. An end that is unset is the edge of the plot.
struct PlotBand {
    Along along = Along::X;
    std::optional<double> from;
    std::optional<double> to;
    std::string label; ///< in the legend: "0.80 to 1.25: four-fifths guideline, not law"
    BandStyle style = BandStyle::Accepted;
    bool operator==(const PlotBand &) const = default;
};

/// What is read off where the handle stands.
enum class HandleReading {
    Values, ///< each line's value
    Shares  ///< each step outline's area on the left and from the handle on to the right
};

/// An upright line that the person moves: a threshold. PlotView::thresholdMoved says where to.
struct PlotHandle {
    double at = 0.5;
    double low = 0;
    double high = 1;
    double step = 0.01; ///< of ←/→; Shift takes ten. Places are multiples of it from `low`
    std::string name = "threshold";
    HandleReading reading = HandleReading::Values;
    bool isMovable = true;
    bool operator==(const PlotHandle &) const = default;
};

/// Bars below the plot on the same x axis.
struct PlotStrip {
    std::string title; ///< "Cases per score"
    std::vector<PlotPoint> bars; ///< `from`, `to` and `value`
    bool operator==(const PlotStrip &) const = default;
};

/// One plot with its axes.
struct PlotPanel {
    std::string title; ///< where there are several panels
    std::string subtitle;
    PlotAxis x;
    PlotAxis y;
    std::vector<PlotSeries> series;
    std::vector<PlotBand> bands;
    std::vector<PlotRule> rules;
    bool hasDiagonal = false; ///< y = x
    std::string diagonalName; ///< in the legend: "chance", "perfectly calibrated"
    bool isEqualAspect = false; ///< one unit is as long on both axes
    std::optional<PlotHandle> handle;
    std::optional<PlotStrip> strip;
    bool operator==(const PlotPanel &) const = default;

    bool isSideways() const { return y.scale == AxisScale::Categories; } ///< places run down, values to the right
    const PlotAxis &placeAxis() const { return isSideways() ? y : x; }
    const PlotAxis &valueAxis() const { return isSideways() ? x : y; }
    const NumberFormat &formatOf(const PlotSeries &of) const { return of.format ? *of.format : valueAxis().format; }
};

/// What a row of the table, and a stop of the cursor, is.
enum class PlotRows {
    Points,   ///< one point of one series: ROC, calibration, frontier
    Positions ///< one place with the values of all series of all panels: groups, bins, thresholds
};

struct PlotSpec {
    std::string id;       ///< the same chart after a refresh has the same id; zoom and cursor survive then
    std::string title;    ///< the finding
    std::string subtitle; ///< how to read it
    std::vector<PlotPanel> panels; ///< side by side; all with the same categories where y has categories
    PlotRows rows = PlotRows::Points;
    std::string placeTitle; ///< head of the first column with Positions: "Age band", "Threshold"
    std::string hollowName; ///< "n below 100"
    std::vector<std::string> sentences;
    std::string emptyText; ///< where nothing can be drawn: why; empty: "No values."
    bool operator==(const PlotSpec &) const = default;

    bool isEmpty() const; ///< no series that is drawn has a value
    /// Panels stand in one row and name their categories once.
    bool sharesRows() const { return panels.size() > 1 && panels.front().isSideways(); }
};

/// The panel with the handle; nullptr when there is none.
const PlotPanel *handlePanel(const PlotSpec &spec);

/// The nearest place that a handle can take.
double snapped(const PlotHandle &handle, double at);

/// What one series says at a handle's place. Values: `value`. Shares: `left` and `right` of one.
struct Reading {
    std::size_t series = 0;
    double value = std::numeric_limits<double>::quiet_NaN();
    double left = 0;
    double right = 0;
};
/// For every drawn Line (linear between points) or Step series of the panel; NaN where it has no value there. Empty without a handle.
std::vector<Reading> readingsAt(const PlotPanel &panel, double at);

/// The places that a cursor stops at and the rows of the table with PlotRows::Positions: distinct `at` of all series of all panels,
/// ascending. The closing point of a Step outline is no place of its own.
std::vector<double> placesOf(const PlotSpec &spec);
/// The point of a series at a place; nullptr when it has none.
const PlotPoint *pointAt(const PlotSeries &series, double at);

/// At most about `maxPoints` points that draw the same curve: each point dropped lies between its neighbours' pixels. First, last,
/// extremes per column and gaps are kept; order and fields too.
std::vector<PlotPoint> decimated(const std::vector<PlotPoint> &points, std::size_t maxPoints);

} // namespace countersign::report
