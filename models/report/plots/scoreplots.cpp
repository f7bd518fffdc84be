#include "models/report/plots/scoreplots.h"

#include "models/policy/evaluator.h"
#include "models/report/plots/words.h"

#include <algorithm>
#include <numeric>

namespace countersign::report {

namespace {

PlotAxis axisOf(const std::string &title, int decimals = 3)
{
    PlotAxis axis;
    axis.title = title;
    axis.format = {decimals};
    return axis;
}

PlotAxis shareAxis(const std::string &title)
{
    PlotAxis axis = axisOf(title);
    axis.low = 0;
    axis.high = 1;
    return axis;
}

/// `finding` is the title where the input has none of its own.
template<class Input>
PlotSpec specFor(const Input &input, const std::string &finding, const std::string &subtitle, PlotRows rows)
{
    PlotSpec spec;
    spec.id = input.id;
    spec.title = input.title.empty() ? finding : input.title;
    spec.subtitle = subtitle;
    spec.rows = rows;
    return spec;
}

/// The threshold, between the ends of the scores; its axis shows just these.
template<class Input>
PlotHandle &addHandle(PlotPanel &panel, const Input &input, double low, double high)
{
    panel.x.low = low;
    panel.x.high = high;
    PlotHandle handle;
    handle.low = low;
    handle.high = high;
    handle.step = input.step;
    handle.at = std::clamp(input.threshold, low, high);
    handle.isMovable = input.isMovable;
    panel.handle = handle;
    return *panel.handle;
}

SeriesRole roleOf(bool isReference)
{
    return isReference ? SeriesRole::Reference : SeriesRole::Main;
}

/// The point in force at a threshold: the last one, by descending threshold, that is not below it.
std::size_t operatingPoint(const std::vector<RocPoint> &points, double threshold)
{
    std::size_t found = points.size();
    for (std::size_t i = 0; i < points.size() && points[i].threshold >= threshold; ++i)
        found = i;
    return found;
}

PlotSeries curveOf(const RocGroup &group, CurveKind kind)
{
    PlotSeries series;
    series.name = group.name;
    series.role = roleOf(group.isReference);
    series.slot = group.slot;
    if (group.area.isDefined()) {
        PlotSummary summary{.name = kind == CurveKind::Roc ? "AUC" : "average precision", .value = group.area.value};
        if (group.area.interval) {
            summary.lower = group.area.interval->lower;
            summary.upper = group.area.interval->upper;
        }
        series.summary = std::move(summary);
    }
    const std::size_t marked = group.threshold ? operatingPoint(group.points, *group.threshold) : group.points.size();
    series.points.reserve(group.points.size());
    for (std::size_t i = 0; i < group.points.size(); ++i) {
        PlotPoint point;
        point.at = group.points[i].x;
        point.value = group.points[i].y;
        point.lower = group.points[i].lower;
        point.upper = group.points[i].upper;
        point.threshold = group.points[i].threshold;
        if (group.n > 0) {
            point.n = group.n;
            point.events = group.positives;
        }
        if (i == marked) {
            point.isMarked = true;
            point.label = "cut " + policy::valueText(*group.threshold);
            point.note = "The operating point.";
        }
        if (point.hasInterval() && series.intervalName.empty())
            series.intervalName = "pointwise interval";
        series.points.push_back(std::move(point));
    }
    // Precision–recall points come by rising recall already; where they do not, the line still runs along the curve.
    return series;
}

std::string areaText(const RocGroup &group)
{
    std::string text = figureText(group.area.value);
    if (group.area.interval)
        text += " [" + policy::valueText(group.area.interval->lower) + ", " + policy::valueText(group.area.interval->upper) + "]";
    return text;
}

std::string curveTitle(const RocInput &input)
{
    const std::string curve = input.kind == CurveKind::Roc ? "ROC curve" : "Precision and recall";
    const std::string area = input.kind == CurveKind::Roc ? "AUC" : "average precision";
    if (input.groups.size() == 1 && input.groups.front().area.isDefined())
        return curve + ": " + area + " " + areaText(input.groups.front());
    const RocGroup *lowest = nullptr;
    const RocGroup *highest = nullptr;
    for (const auto &group : input.groups) {
        if (!group.area.isDefined())
            continue;
        lowest = !lowest || group.area.value < lowest->area.value ? &group : lowest;
        highest = !highest || group.area.value > highest->area.value ? &group : highest;
    }
    if (!lowest || lowest == highest)
        return curve;
    return curve + ": " + area + " from " + figureText(lowest->area.value) + " " + inBrackets(lowest->name) + " to " + figureText(highest->area.value) + " " + inBrackets(highest->name);
}

} // namespace

std::vector<RocPoint> rocPoints(std::span<const metrics::CurvePoint> points, double positives, double negatives, CurveKind kind)
{
    std::vector<RocPoint> made;
    const bool isRoc = kind == CurveKind::Roc;
    if (!(positives > 0) || (isRoc && !(negatives > 0)))
        return made;
    made.reserve(points.size() + 1);
    if (isRoc)
        made.push_back({std::numeric_limits<double>::infinity(), 0, 0, {}, {}});
    for (const auto &point : points) {
        const double recall = point.tp / positives;
        const double decided = point.tp + point.fp;
        if (isRoc)
            made.push_back({point.threshold, point.fp / negatives, recall, {}, {}});
        else if (decided > 0)
            made.push_back({point.threshold, recall, point.tp / decided, {}, {}});
    }
    return made;
}

PlotSpec rocPlot(const RocInput &input)
{
    const bool isRoc = input.kind == CurveKind::Roc;
    PlotSpec spec = specFor(input, curveTitle(input), "every threshold; the cursor names it", PlotRows::Points);
    PlotPanel panel;
    panel.x = shareAxis(isRoc ? "False positive rate" : "Recall");
    panel.y = shareAxis(isRoc ? "True positive rate" : "Precision");
    panel.isEqualAspect = true;
    panel.hasDiagonal = isRoc;
    panel.diagonalName = isRoc ? "chance" : "";
    if (!isRoc && input.baseRate)
        panel.rules.push_back({Along::Y, *input.baseRate, "base rate " + figureText(*input.baseRate), RuleStyle::Reference});
    for (const auto &group : input.groups) {
        panel.series.push_back(curveOf(group, input.kind));
        std::string sentence = group.name + ": ";
        if (group.area.isDefined())
            sentence += (isRoc ? "AUC " : "average precision ") + areaText(group);
        else
            sentence += undefinedText(group.area);
        if (group.n > 0)
            sentence += ", n " + grouped(static_cast<std::uint64_t>(group.n)) + ", " + grouped(static_cast<std::uint64_t>(group.positives)) + " positive";
        spec.sentences.push_back(sentence + ".");
    }
    spec.panels.push_back(std::move(panel));
    spec.emptyText = "A curve needs scores and rows of both classes.";
    return spec;
}

namespace {

/// Of all points together.
std::int64_t countOf(const PlotSeries &series)
{
    return std::accumulate(series.points.begin(), series.points.end(), std::int64_t{0}, [](std::int64_t all, const PlotPoint &point) { return all + point.n.value_or(0); });
}

} // namespace

PlotSpec calibrationPlot(const CalibrationInput &input)
{
    PlotSpec spec = specFor(input, "Mean score against observed rate", "bins of equal count; on the diagonal a score is as often right as it says", PlotRows::Points);
    spec.hollowName = "n below " + grouped(input.minimumN);
    PlotPanel panel;
    panel.x = shareAxis("Mean score of the bin");
    panel.y = shareAxis("Observed rate");
    panel.isEqualAspect = true;
    panel.hasDiagonal = true;
    panel.diagonalName = "perfectly calibrated";
    for (const auto &group : input.groups) {
        PlotSeries series;
        series.name = group.name;
        series.role = roleOf(group.isReference);
        series.slot = group.slot;
        series.hasMarks = true;
        series.hasCaps = true;
        std::vector<metrics::Figure> figures;
        for (const auto &bin : group.bins) {
            figures.push_back(bin.observed);
            PlotPoint point;
            point.at = bin.meanScore;
            point.value = bin.observed.isDefined() ? bin.observed.value : point.value;
            if (bin.observed.isDefined() && bin.observed.interval) {
                point.lower = bin.observed.interval->lower;
                point.upper = bin.observed.interval->upper;
            }
            point.n = static_cast<std::int64_t>(bin.observed.n);
            point.isHollow = bin.observed.n < input.minimumN;
            series.points.push_back(std::move(point));
        }
        series.intervalName = intervalName(figures);
        series.summary = PlotSummary{.n = countOf(series)};
        panel.series.push_back(std::move(series));
    }
    if (!input.histogram.empty()) {
        PlotStrip strip;
        strip.title = "Cases per score";
        for (const auto &bin : input.histogram) {
            PlotPoint bar;
            bar.at = bin.from;
            bar.from = bin.from;
            bar.to = bin.to;
            bar.value = bin.count;
            strip.bars.push_back(std::move(bar));
        }
        panel.strip = std::move(strip);
    }
    if (input.error)
        spec.sentences.push_back(input.error->isDefined() ? "Expected calibration error " + figureText(input.error->value) + "." : "The calibration error is " + undefinedText(*input.error) + ".");
    spec.panels.push_back(std::move(panel));
    spec.emptyText = "Calibration needs scores from 0 to 1 and labels.";
    return spec;
}

namespace {

PlotSeries densityOf(const DensityInput &input, const DensityGroup &group)
{
    PlotSeries series;
    series.name = group.name;
    series.role = roleOf(group.isReference);
    series.slot = group.slot;
    series.mark = PlotMark::Step;
    series.isFilled = input.groups.size() <= 3;
    if (group.n > 0)
        series.summary = PlotSummary{.n = group.n};
    double total = 0;
    for (const double count : group.counts)
        total += count;
    const std::size_t bins = std::min(group.counts.size(), input.edges.empty() ? 0 : input.edges.size() - 1);
    for (std::size_t i = 0; i < bins && total > 0; ++i) {
        PlotPoint point;
        point.at = input.edges[i];
        point.from = input.edges[i];
        point.to = input.edges[i + 1];
        const double width = input.edges[i + 1] - input.edges[i];
        point.value = width > 0 ? group.counts[i] / total / width : 0;
        point.n = std::llround(group.counts[i]);
        point.isHollow = group.n < static_cast<std::int64_t>(input.minimumN);
        series.points.push_back(std::move(point));
    }
    if (!series.points.empty()) {
        PlotPoint closing;
        closing.at = input.edges[bins];
        closing.value = series.points.back().value;
        closing.isHollow = series.points.back().isHollow;
        series.points.push_back(std::move(closing));
    }
    return series;
}

} // namespace

PlotSpec densityPlot(const DensityInput &input)
{
    PlotSpec spec = specFor(input, "How " + input.scoreName + "s are spread", "density: the area below every outline is 1", PlotRows::Positions);
    spec.placeTitle = input.scoreName;
    if (!spec.placeTitle.empty() && spec.placeTitle[0] >= 'a' && spec.placeTitle[0] <= 'z')
        spec.placeTitle[0] = static_cast<char>(spec.placeTitle[0] - 'a' + 'A');
    spec.hollowName = "n below " + grouped(input.minimumN);
    PlotPanel panel;
    panel.x = axisOf(spec.placeTitle);
    panel.y = axisOf("Density", 2);
    panel.y.low = 0;
    for (const auto &group : input.groups)
        panel.series.push_back(densityOf(input, group));
    if (input.edges.size() > 1) {
        PlotHandle &handle = addHandle(panel, input, input.edges.front(), input.edges.back());
        handle.step = input.step > 0 ? input.step : input.edges[1] - input.edges[0];
        handle.reading = HandleReading::Shares;
        const auto readings = readingsAt(panel, handle.at);
        for (const auto &reading : readings) {
            if (std::isfinite(reading.value))
                spec.sentences.push_back(panel.series[reading.series].name + ": " + percentText(reading.right) + " at or above " + policy::valueText(handle.at) + ".");
        }
    }
    spec.panels.push_back(std::move(panel));
    spec.emptyText = "There are no scores.";
    return spec;
}

PlotSpec thresholdPlot(const ThresholdInput &input)
{
    PlotSpec spec = specFor(input, "What another threshold would change", "a score at or above the threshold is decided positive", PlotRows::Positions);
    spec.placeTitle = "Threshold";
    PlotPanel panel;
    panel.x = axisOf("Threshold");
    panel.y = axisOf({});
    panel.y.low = 0;
    double low = 1;
    double high = 0;
    double largest = 1;
    for (const auto &line : input.lines) {
        PlotSeries series;
        series.name = line.name;
        for (const auto &[threshold, value] : line.values) {
            PlotPoint point;
            point.at = threshold;
            point.value = value;
            low = std::min(low, threshold);
            high = std::max(high, threshold);
            if (std::isfinite(value))
                largest = std::max(largest, value);
            series.points.push_back(std::move(point));
        }
        panel.series.push_back(std::move(series));
        const std::string of = input.lines.size() > 1 ? line.name + ": " : "";
        if (line.lowerLimit)
            panel.rules.push_back({Along::Y, *line.lowerLimit, of + "at least " + policy::valueText(*line.lowerLimit), RuleStyle::Limit});
        if (line.upperLimit)
            panel.rules.push_back({Along::Y, *line.upperLimit, of + "at most " + policy::valueText(*line.upperLimit), RuleStyle::Limit});
        if (input.lines.size() == 1 && line.lowerLimit)
            panel.bands.push_back({Along::Y, {}, line.lowerLimit, "outside the limit", BandStyle::Breach});
        if (input.lines.size() == 1 && line.upperLimit)
            panel.bands.push_back({Along::Y, line.upperLimit, {}, "outside the limit", BandStyle::Breach});
    }
    panel.y.high = largest;
    if (low < high)
        addHandle(panel, input, low, high);
    if (input.chosen && *input.chosen != input.threshold)
        panel.rules.push_back({Along::X, *input.chosen, "in use: " + policy::valueText(*input.chosen), RuleStyle::Reference});
    for (const auto &reading : readingsAt(panel, input.threshold)) {
        if (std::isfinite(reading.value))
            spec.sentences.push_back(panel.series[reading.series].name + " is " + figureText(reading.value) + " at " + policy::valueText(input.threshold) + ".");
    }
    spec.panels.push_back(std::move(panel));
    spec.emptyText = "There are no scores to put a threshold on.";
    return spec;
}

PlotSpec frontierPlot(const FrontierInput &input)
{
    PlotSpec spec = specFor(input, "What equality costs", "every point is a choice of thresholds", PlotRows::Points);
    PlotPanel panel;
    panel.x = axisOf(input.disparityName);
    panel.x.low = 0;
    panel.y = axisOf(input.performanceName);
    PlotSeries best{.name = "best for its disparity", .mark = PlotMark::Step, .hasMarks = true};
    PlotSeries rest{.name = "another choice does better", .mark = PlotMark::Points};
    for (const auto &choice : input.points) {
        PlotPoint point;
        point.at = choice.disparity;
        point.value = choice.performance;
        point.threshold = choice.threshold;
        point.note = choice.note;
        point.isHollow = !choice.isOnFrontier;
        point.isMarked = choice.isChosen || choice.isCurrent;
        point.label = choice.isChosen ? "chosen" : choice.isCurrent ? "in use" : "";
        if (point.isMarked) {
            const std::string sentence = (choice.isChosen ? "Chosen: " : "In use: ") + input.performanceName + " " + figureText(choice.performance) + " with " + input.disparityName + " "
                + figureText(choice.disparity) + ".";
            spec.sentences.push_back(sentence);
        }
        (choice.isOnFrontier ? best : rest).points.push_back(std::move(point));
    }
    std::ranges::stable_sort(best.points, {}, &PlotPoint::at);
    panel.series.push_back(std::move(best));
    if (!rest.points.empty())
        panel.series.push_back(std::move(rest));
    if (input.disparityLimit) {
        panel.rules.push_back({Along::X, *input.disparityLimit, "limit " + policy::valueText(*input.disparityLimit), RuleStyle::Limit});
        panel.bands.push_back({Along::X, input.disparityLimit, {}, "outside the limit", BandStyle::Breach});
    }
    spec.panels.push_back(std::move(panel));
    spec.emptyText = "No choice of thresholds was tried.";
    return spec;
}

} // namespace countersign::report
