#include "app/cli/text/whatiftext.h"

#include "app/cli/text/columns.h"
#include "app/cli/text/figuretext.h"
#include "models/base/csv.h"
#include "models/base/number.h"

#include <array>

namespace countersign::cli {

namespace {

using computed::FrontierPoint;
using computed::ScoreSource;
using computed::WhatIf;
using computed::WhatIfSide;
using metrics::Figure;

constexpr auto kShownOfGroups = std::to_array<std::string_view>({"selection_rate", "recall", "fpr", "precision", "accuracy"});

// A side may lack a figure that the other one has.
std::string valueText(const Figure *figure) { return figure ? cli::valueText(*figure) : "n/a"; }
std::string intervalText(const Figure *figure) { return figure ? cli::intervalText(*figure) : ""; }

std::string thresholdText(const std::optional<double> &threshold)
{
    if (!threshold)
        return "as logged";
    return std::isinf(*threshold) ? "nobody" : number::shortest(*threshold);
}

const Figure *figureOf(const computed::WhatIfGroup &group, std::string_view name)
{
    const auto found = std::ranges::find(group.figures, name, &computed::NamedFigure::name);
    return found == group.figures.end() ? nullptr : &found->figure;
}

std::string head(const ScoreSource &source, const WhatIf &whatIf)
{
    std::string text = whatIfSummary(source, whatIf) + "\n";
    if (!source.isExact())
        text += "Scores are known in steps; thresholds are the steps' ends.\n";
    return text;
}

std::string overall(const WhatIf &whatIf, const Terminal &terminal)
{
    Columns columns({{"Metric"}, {"Before", Columns::Side::Right}, {"Interval"}, {"After", Columns::Side::Right}, {"Interval"}});
    for (const auto &named : whatIf.before.figures) {
        const Figure *after = whatIf.after.find(named.name);
        columns.add({named.name, valueText(&named.figure), intervalText(&named.figure), valueText(after), intervalText(after)});
    }
    if (whatIf.before.cost && whatIf.after.cost)
        columns.add({"cost", number::shortest(*whatIf.before.cost), "", number::shortest(*whatIf.after.cost), ""});
    return "\nEverybody: " + std::to_string(whatIf.before.counts.rows) + " cases\n" + columns.text(terminal);
}

std::string groups(const ScoreSource &source, const WhatIf &whatIf, const Terminal &terminal)
{
    std::vector<Columns::Heading> headings{{"Group"}, {"n", Columns::Side::Right}, {"When"}, {"Threshold", Columns::Side::Right}};
    for (const char *count : {"tp", "fp", "fn", "tn"})
        headings.push_back({count, Columns::Side::Right});
    for (const auto &name : kShownOfGroups) {
        headings.push_back({std::string(name), Columns::Side::Right});
        headings.push_back({""});
    }
    Columns columns(headings);
    for (std::size_t g = 0; g < source.groups().size(); ++g)
        for (const WhatIfSide *side : {&whatIf.before, &whatIf.after}) {
            const computed::WhatIfGroup &group = side->groups[g];
            const bool isBefore = side == &whatIf.before;
            std::vector<std::string> row{isBefore ? groupText(source.groups()[g].group) : "", isBefore ? std::to_string(group.counts.rows) : "",
                                         isBefore ? "before" : "after", thresholdText(group.threshold)};
            for (const double count : {group.counts.tp, group.counts.fp, group.counts.fn, group.counts.tn})
                row.push_back(number::shortest(count));
            for (const auto &name : kShownOfGroups) {
                row.push_back(valueText(figureOf(group, name)));
                row.push_back(intervalText(figureOf(group, name)));
            }
            columns.add(std::move(row));
        }
    return "\n" + columns.text(terminal);
}

std::string disparities(const ScoreSource &source, const WhatIf &whatIf, const Terminal &terminal)
{
    Columns columns({{"Between groups"}, {"Before", Columns::Side::Right}, {"Interval"}, {"After", Columns::Side::Right}, {"Interval"}, {"Highest"}, {"Lowest"}});
    for (const auto &before : whatIf.before.disparities) {
        const auto *after = whatIf.after.disparity(before.name);
        if (!after)
            continue;
        const auto nameOf = [&](const std::optional<std::size_t> &group) { return group ? groupText(source.groups()[*group].group) : std::string(); };
        columns.add({before.name, valueText(&before.figure), intervalText(&before.figure), valueText(&after->figure), intervalText(&after->figure),
                     nameOf(after->highest), nameOf(after->lowest)});
    }
    std::string text = "\n" + columns.text(terminal);
    for (const auto &left : whatIf.leftOut)
        text += groupText(source.groups()[left.group].group) + " takes no part in the constraint"
                + (left.isMissing ? std::string(": no value is known.") : ": " + std::string(metrics::reasonText(left.reason))) + "\n";
    return text;
}

std::string frontier(const WhatIf &whatIf, const Terminal &terminal)
{
    Columns columns({{"Best accuracy for a difference"}, {"Difference", Columns::Side::Right}, {"Accuracy", Columns::Side::Right}, {"Threshold", Columns::Side::Right}});
    for (const auto &[points, name] : {std::pair(&whatIf.frontierOfOne, "one threshold"), std::pair(&whatIf.frontierPerGroup, "one per group")})
        for (const FrontierPoint &point : *points)
            columns.add({name, fourDigits(point.disparity), fourDigits(point.accuracy), point.rule.byGroup.empty() ? thresholdText(point.rule.threshold) : ""});
    return columns.isEmpty() ? std::string() : "\n" + columns.text(terminal);
}

std::string csvLine(const char *side, const char *kind, const std::string &metric, const std::string &group, const std::optional<double> &threshold,
                    const Figure &figure)
{
    const auto numberOf = [](std::optional<double> value) { return value ? number::shortest(*value) : std::string(); };
    const auto &interval = figure.interval;
    return std::string(side) + "," + kind + "," + csv::cell(metric) + "," + csv::cell(group) + "," + (threshold ? number::shortest(*threshold) : "") + ","
           + std::to_string(figure.n) + "," + numberOf(figure.isDefined() ? std::optional(figure.value) : std::nullopt) + ","
           + numberOf(interval ? std::optional(interval->lower) : std::nullopt) + "," + numberOf(interval ? std::optional(interval->upper) : std::nullopt) + ","
           + (interval ? std::string(metrics::methodKey(interval->method)) : "") + "," + std::string(metrics::reasonKey(figure.reason)) + "\r\n";
}

std::string sideCsv(const char *name, const ScoreSource &source, const WhatIfSide &side)
{
    std::string text;
    const std::optional<double> common = side.rule.isPerGroup() ? std::nullopt : side.rule.threshold;
    for (const auto &named : side.figures)
        text += csvLine(name, "everybody", named.name, "", common, named.figure);
    for (std::size_t g = 0; g < side.groups.size(); ++g)
        for (const auto &named : side.groups[g].figures)
            text += csvLine(name, "group", named.name, sliceText(source.groups()[g].group), side.groups[g].threshold, named.figure);
    for (const auto &disparity : side.disparities)
        text += csvLine(name, "disparity", disparity.name, "", common, disparity.figure);
    return text;
}

} // namespace

std::string whatIfTable(const ScoreSource &source, const WhatIf &whatIf, const Terminal &terminal)
{
    std::string text = head(source, whatIf) + overall(whatIf, terminal) + groups(source, whatIf, terminal) + disparities(source, whatIf, terminal)
                       + frontier(whatIf, terminal);
    if (whatIf.before.rule.isPerGroup() || whatIf.after.rule.isPerGroup())
        text += "\n" + std::string(computed::legalNote()) + "\n";
    return text;
}

std::string whatIfCsv(const ScoreSource &source, const WhatIf &whatIf)
{
    std::string text = "side,kind,metric,group,threshold,n,value,lower,upper,method,reason\r\n";
    text += sideCsv("before", source, whatIf.before) + sideCsv("after", source, whatIf.after);
    const auto addFrontier = [&](const char *kind, const std::vector<FrontierPoint> &points) {
        for (const FrontierPoint &point : points) {
            const std::optional<double> threshold = point.rule.byGroup.empty() ? point.rule.threshold : std::nullopt;
            text += csvLine("frontier", kind, "difference", "", threshold, Figure::of(point.disparity, 0));
            text += csvLine("frontier", kind, "accuracy", "", threshold, Figure::of(point.accuracy, 0));
        }
    };
    addFrontier("one", whatIf.frontierOfOne);
    addFrontier("per_group", whatIf.frontierPerGroup);
    return text;
}

} // namespace countersign::cli
