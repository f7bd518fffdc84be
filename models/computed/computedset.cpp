#include "models/computed/computedset.h"

#include "models/base/number.h"
#include "models/base/text.h"

#include <cmath>
#include <cstdlib>

namespace countersign::computed {

using namespace scoretables;

namespace {

using json::Array;
using json::Object;
using json::Value;

Value numberValue(double value)
{
    return std::isfinite(value) ? Value(json::Number{number::ecmaScript(value)}) : Value(nullptr);
}

/// JSON text has to be UTF-8; a path may be anything.
std::string anyText(const std::string &bytes) { return text::isUtf8(bytes) ? bytes : predictions::shownSample(bytes); }

/// The five members that say what a figure is worth are always there; null is "there is none".
Object figureObject(const metrics::Figure &figure)
{
    const auto &interval = figure.interval;
    Object object{{"value", figure.isDefined() ? numberValue(figure.value) : Value(nullptr)},
                  {"lower", interval ? numberValue(interval->lower) : Value(nullptr)},
                  {"upper", interval ? numberValue(interval->upper) : Value(nullptr)},
                  {"method", interval ? Value(metrics::methodKey(interval->method)) : Value(nullptr)},
                  {"reason", figure.isDefined() ? Value(nullptr) : Value(metrics::reasonKey(figure.reason))},
                  {"n", static_cast<std::uint64_t>(figure.n)}};
    if (figure.excluded > 0)
        object.set("excluded", figure.excluded);
    if (figure.at)
        object.set("at", numberValue(*figure.at));
    return object;
}

Value windowValue(const std::optional<ComputedWindow> &window)
{
    if (!window)
        return nullptr;
    Object object{{"name", window->name}};
    if (window->hasTime) {
        object.set("start", formatUtc(window->start));
        object.set("end", formatUtc(window->end));
    }
    return object;
}

Object groupObject(const GroupValues &group)
{
    Object object;
    for (const auto &[attribute, value] : group)
        object.set(attribute, value);
    return object;
}

Object leftOutObject(const LeftOut &leftOut)
{
    Object object;
    const auto set = [&object](const char *name, std::uint64_t rows) {
        if (rows > 0)
            object.set(name, rows);
    };
    set("no_label", leftOut.noLabel);
    set("no_score", leftOut.noScore);
    set("not_finite", leftOut.notFinite);
    set("no_prediction", leftOut.noPrediction);
    set("no_weight", leftOut.noWeight);
    return object;
}

/// One list a class of the label.
Array confusionArray(const std::vector<double> &confusion)
{
    const auto classes = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(confusion.size()))));
    Array rows;
    for (std::size_t a = 0; a < classes; ++a) {
        Array row;
        for (std::size_t p = 0; p < classes; ++p)
            row.emplace_back(numberValue(confusion[a * classes + p]));
        rows.emplace_back(std::move(row));
    }
    return rows;
}

Object cellObject(const ComputedCell &cell, predictions::Task task)
{
    Object metricsObject;
    for (const auto &[name, figure, bound] : cell.metrics) {
        Object own = figureObject(figure);
        if (bound)
            own.set("error_bound", numberValue(*bound));
        metricsObject.set(name, std::move(own));
    }
    Object object{{"window", windowValue(cell.window)},
                  {"group", groupObject(cell.group)},
                  {"n", cell.n},
                  {"metrics", std::move(metricsObject)}};
    if (task == predictions::Task::Binary)
        object.set("counts", Object{{"tp", numberValue(cell.counts.tp)}, {"fp", numberValue(cell.counts.fp)},
                                    {"fn", numberValue(cell.counts.fn)}, {"tn", numberValue(cell.counts.tn)}});
    if (!cell.confusion.empty())
        object.set("confusion", confusionArray(cell.confusion));
    if (cell.leftOut.total() > 0)
        object.set("left_out", leftOutObject(cell.leftOut));
    return object;
}

Array textArray(const std::vector<std::string> &texts)
{
    Array array;
    for (const auto &entry : texts)
        array.emplace_back(entry);
    return array;
}

Object disparityObject(const ComputedDisparity &disparity)
{
    Object object = figureObject(disparity.figure);
    object.set("window", windowValue(disparity.window));
    object.set("attributes", textArray(disparity.attributes));
    object.set("name", disparity.name);
    object.set("metric", disparity.metric);
    if (!disparity.highest.empty())
        object.set("highest", groupObject(disparity.highest));
    if (!disparity.lowest.empty())
        object.set("lowest", groupObject(disparity.lowest));
    object.set("groups", Object{{"used", disparity.used}, {"small", disparity.small}, {"missing", disparity.missing}, {"undefined", disparity.undefined}});
    return object;
}

Object comparisonObject(const ComputedComparison &comparison)
{
    Array pairs;
    for (const auto &pair : comparison.pairs) {
        Object object{{"group", groupObject(pair.group)}, {"difference", figureObject(pair.difference)}, {"ratio", figureObject(pair.ratio)},
                      {"p", figureObject(pair.pValue)}};
        if (pair.adjustedPValue)
            object.set("p_adjusted", numberValue(*pair.adjustedPValue));
        pairs.emplace_back(std::move(object));
    }
    return {{"window", windowValue(comparison.window)},
            {"attributes", textArray(comparison.attributes)},
            {"metric", comparison.metric},
            {"reference", groupObject(comparison.reference)},
            {"pairs", std::move(pairs)}};
}

Object logObject(const predictions::LogFacts &log)
{
    Array problems;
    for (const auto &count : log.rejects.counts)
        problems.emplace_back(Object{{"column", count.column}, {"problem", std::string(problemKey(count.problem))}, {"rows", count.rows}});
    Array first;
    for (const auto &row : log.rejects.first)
        first.emplace_back(Object{{"row", row.row}, {"line", row.line}, {"column", row.column},
                                  {"problem", std::string(problemKey(row.problem))}, {"sample", row.sample}});
    return {{"path", anyText(log.name)},
            {"digest", log.digest.text()},
            {"bytes", log.bytes},
            {"rows", log.rows},
            {"rejected", log.rejects.total},
            {"problems", std::move(problems)},
            {"rejected_rows", std::move(first)},
            {"encoding", std::string(encodingName(log.encoding))},
            {"compression", std::string(compressionName(log.compression))},
            {"dialect", log.dialect.text()}};
}

std::string_view conventionKey(metrics::Convention convention)
{
    switch (convention) {
    case metrics::Convention::Countersign: return "countersign";
    case metrics::Convention::Fairlearn: return "fairlearn";
    case metrics::Convention::Aif360: return "aif360";
    }
    return "";
}

Object parametersObject(const ComputedSet &set)
{
    const Parameters &parameters = set.parameters;
    Object object{{"window", windowSpecText(parameters.window)},
                  {"intersections", static_cast<std::uint64_t>(parameters.depth)},
                  {"window_intersections", static_cast<std::uint64_t>(parameters.windowDepth)},
                  {"convention", std::string(conventionKey(parameters.options.convention))},
                  {"level", numberValue(parameters.options.level)},
                  {"intervals", parameters.options.intervals},
                  {"smallest_group", set.smallestGroup},
                  {"include_missing", parameters.includeMissing},
                  {"calibration_bins", kCalibrationBins},
                  {"bootstrap_draws", parameters.bootstrapDraws},
                  {"seed", parameters.seed},
                  {"references", groupObject(parameters.references)}};
    if (set.mapping.task == predictions::Task::Binary)
        object.set("decision", set.isThresholdApplied ? "score >= threshold" : "as logged");
    if (!set.classes.empty())
        object.set("classes", textArray(set.classes));
    if (set.isThresholdApplied)
        object.set("threshold", numberValue(set.threshold));
    if (set.scoreStep > 0)
        object.set("score_step", numberValue(set.scoreStep));
    if (set.uncertainRows > 0)
        object.set("uncertain_rows", set.uncertainRows);
    Array families;
    for (const auto &[attributes, byWindow] : parameters.families)
        families.emplace_back(Object{{"attributes", textArray(attributes)}, {"by_window", byWindow}});
    if (!families.empty())
        object.set("families", std::move(families));
    const auto mapping = json::parse(predictions::writeMapping(set.mapping));
    if (mapping)
        object.set("mapping", *mapping);
    return object;
}

void setRows(Object &object, const ComputedSet &set)
{
    Array cells;
    for (const auto &cell : set.cells)
        cells.emplace_back(cellObject(cell, set.mapping.task));
    Array disparities;
    for (const auto &disparity : set.disparities)
        disparities.emplace_back(disparityObject(disparity));
    Array comparisons;
    for (const auto &comparison : set.comparisons)
        comparisons.emplace_back(comparisonObject(comparison));
    object.set("cells", std::move(cells));
    object.set("disparities", std::move(disparities));
    object.set("comparisons", std::move(comparisons));
}

Bytes written(const Object &object)
{
    auto bytes = json::canonical(object);
    if (!bytes)
        std::abort(); // numberValue() lets no number through that JSON does not have
    return *std::move(bytes);
}

} // namespace

const metrics::Figure *ComputedCell::find(std::string_view name) const
{
    const auto found = std::ranges::find(metrics, name, &NamedFigure::name);
    return found == metrics.end() ? nullptr : &found->figure;
}

const ComputedCell *ComputedSet::find(const GroupValues &group, std::string_view window) const
{
    GroupValues sorted = group;
    std::ranges::sort(sorted);
    for (const auto &cell : cells) {
        if ((cell.window ? std::string_view(cell.window->name) : std::string_view()) != window || cell.group.size() != sorted.size())
            continue;
        GroupValues own = cell.group;
        std::ranges::sort(own);
        if (own == sorted)
            return &cell;
    }
    return nullptr;
}

const metrics::Figure *ComputedDrift::find(std::string_view name) const
{
    const auto found = std::ranges::find(figures, name, &NamedFigure::name);
    return found == figures.end() ? nullptr : &found->figure;
}

std::string_view driftRoleKey(DriftRole role)
{
    switch (role) {
    case DriftRole::Score: return "score";
    case DriftRole::Number: return "number";
    case DriftRole::Category: return "category";
    }
    return "";
}

Bytes writeComputed(const ComputedSet &set)
{
    Object object{{"schema", kComputedSchema}, {"log", logObject(set.log)}, {"parameters", parametersObject(set)}};
    setRows(object, set);
    return written(object);
}

Bytes writeComputedRows(const ComputedSet &set)
{
    Object object;
    setRows(object, set);
    return written(object);
}

} // namespace countersign::computed
