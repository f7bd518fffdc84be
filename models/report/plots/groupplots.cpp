#include "models/report/plots/groupplots.h"

#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"

#include <algorithm>
#include <numeric>

namespace countersign::report {

namespace {

using metrics::Figure;

std::uint64_t rowsOf(std::uint64_t n, const Figure &figure)
{
    return n > 0 ? n : figure.n;
}

/// What sorting and counting need to know of a group, whichever chart it is in.
struct GroupKey {
    std::string name;
    std::optional<double> value;
    double distance = 0;
    std::uint64_t n = 0;
};

std::vector<std::size_t> orderOf(const std::vector<GroupKey> &groups, GroupOrder order)
{
    std::vector<std::size_t> indices(groups.size());
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    const auto by = [&](const auto &key) {
        std::ranges::stable_sort(indices, {}, [&](std::size_t i) { return key(groups[i]); });
    };
    switch (order) {
    case GroupOrder::AsGiven: break;
    case GroupOrder::ByName: by([](const GroupKey &group) { return group.name; }); break;
    case GroupOrder::ByValue: by([](const GroupKey &group) { return std::pair(!group.value, group.value.value_or(0)); }); break;
    case GroupOrder::ByDistance: by([](const GroupKey &group) { return std::pair(!group.value, -group.distance); }); break;
    case GroupOrder::BySize: by([](const GroupKey &group) { return -static_cast<double>(group.n); }); break;
    }
    return indices;
}

/// What both charts of groups begin with.
PlotSpec groupSpec(const GroupChoice &choice, const std::string &finding)
{
    PlotSpec spec;
    spec.id = choice.id;
    spec.title = choice.title.empty() ? finding : choice.title;
    spec.rows = PlotRows::Positions;
    spec.placeTitle = choice.attribute;
    spec.hollowName = "n below " + grouped(choice.minimumN);
    return spec;
}

/// Groups that are drawn without being judged, by name.
struct Unjudged {
    std::vector<std::string> small;
    std::vector<std::string> undefined;
};

/// What both charts of groups say beside their values.
void addGroupSentences(PlotSpec &spec, const GroupChoice &choice, const Unjudged &unjudged)
{
    const auto &[small, undefined] = unjudged;
    const PlotAxis &names = spec.panels.front().y;
    if (!small.empty())
        spec.sentences.push_back("Too small to judge (fewer than " + grouped(choice.minimumN) + " rows): " + listed(small) + ".");
    if (!undefined.empty())
        spec.sentences.push_back("Without a value: " + listed(undefined) + ".");
    if (names.drawn() < names.categories.size())
        spec.sentences.push_back(counted(names.categories.size() - names.drawn(), "more group") + " not drawn; the table lists all " + grouped(names.categories.size()) + ".");
    if (names.categories.size() > 5)
        spec.sentences.push_back(counted(names.categories.size(), "group") + " compared: with more than 5, one may differ by chance.");
}

PlotAxis nameAxis(const GroupChoice &choice)
{
    PlotAxis axis;
    axis.title = choice.attribute;
    axis.scale = AxisScale::Categories;
    axis.drawnCategories = choice.most;
    return axis;
}

PlotCategory categoryOf(const std::string &name, std::uint64_t n, bool isReference, std::optional<VerdictState> state)
{
    PlotCategory category;
    category.name = name;
    category.n = static_cast<std::int64_t>(n);
    category.detail = isReference ? "reference" : "";
    category.isStrong = isReference || state == VerdictState::Fail || state == VerdictState::Watch;
    return category;
}

PlotPoint pointOf(const Figure &figure, std::size_t row)
{
    PlotPoint point;
    point.at = static_cast<double>(row);
    if (figure.isDefined())
        point.value = figure.value;
    if (figure.interval && figure.isDefined()) {
        point.lower = figure.interval->lower;
        point.upper = figure.interval->upper;
    }
    point.text = undefinedText(figure);
    return point;
}

template<class Group>
std::vector<std::string> namesIn(const std::vector<Group> &groups, VerdictState state)
{
    std::vector<std::string> names;
    for (const Group &group : groups) {
        if (group.state == state)
            names.push_back(group.name);
    }
    return names;
}

/// What the groups' states come to: "Recall is outside its limit for 65 and over"; empty when nothing was judged.
template<class Group>
std::string judgedFinding(const std::string &title, const std::vector<Group> &groups)
{
    if (const auto failed = namesIn(groups, VerdictState::Fail); !failed.empty())
        return title + " is outside its limit for " + listed(failed);
    if (const auto watched = namesIn(groups, VerdictState::Watch); !watched.empty())
        return title + " is close to its limit for " + listed(watched);
    if (!namesIn(groups, VerdictState::Pass).empty())
        return title + " meets its limit in every judged group";
    return {};
}

const ForestGroup *extreme(const ForestInput &input, bool isLowest)
{
    const ForestGroup *found = nullptr;
    for (const auto &group : input.groups) {
        if (!group.figure.isDefined() || rowsOf(group.n, group.figure) < input.choice.minimumN)
            continue;
        if (!found || (isLowest ? group.figure.value < found->figure.value : group.figure.value > found->figure.value))
            found = &group;
    }
    return found;
}

std::string forestFinding(const ForestInput &input)
{
    const std::string title = metrics::define(input.choice.metric).title;
    if (std::string judged = judgedFinding(title, input.groups); !judged.empty())
        return judged;
    const ForestGroup *lowest = extreme(input, true);
    const ForestGroup *highest = extreme(input, false);
    if (!lowest)
        return title + " by " + input.choice.attribute;
    if (lowest == highest)
        return title + ": " + figureText(lowest->figure.value) + " for " + lowest->name;
    return title + " runs from " + figureText(lowest->figure.value) + " " + inBrackets(lowest->name) + " to " + figureText(highest->figure.value) + " " + inBrackets(highest->name);
}

void addForestLines(PlotPanel &panel, const ForestInput &input)
{
    if (input.overall && input.overall->isDefined())
        panel.rules.push_back({Along::X, input.overall->value, "overall " + figureText(input.overall->value), RuleStyle::Reference});
    if (input.lowerLimit) {
        panel.rules.push_back({Along::X, *input.lowerLimit, "at least " + policy::valueText(*input.lowerLimit), RuleStyle::Limit});
        panel.bands.push_back({Along::X, {}, input.lowerLimit, "outside the limit", BandStyle::Breach});
    }
    if (input.upperLimit) {
        panel.rules.push_back({Along::X, *input.upperLimit, "at most " + policy::valueText(*input.upperLimit), RuleStyle::Limit});
        panel.bands.push_back({Along::X, input.upperLimit, {}, "outside the limit", BandStyle::Breach});
    }
}

} // namespace

PlotSpec forestPlot(const ForestInput &input)
{
    PlotSpec spec = groupSpec(input.choice, forestFinding(input));
    std::vector<GroupKey> keys;
    std::vector<Figure> figures;
    const double centre = input.overall && input.overall->isDefined() ? input.overall->value : 0;
    for (const auto &group : input.groups) {
        const bool hasValue = group.figure.isDefined();
        keys.push_back({group.name, hasValue ? std::optional(group.figure.value) : std::nullopt, std::fabs(group.figure.value - centre), rowsOf(group.n, group.figure)});
        figures.push_back(group.figure);
    }

    PlotPanel panel;
    panel.x.title = axisTitle(input.choice.metric);
    panel.x.format = input.choice.format;
    panel.y = nameAxis(input.choice);
    PlotSeries series;
    series.name = metrics::define(input.choice.metric).title;
    series.mark = PlotMark::Points;
    series.intervalName = input.intervalName.empty() ? intervalName(figures) : input.intervalName;
    Unjudged unjudged;
    for (const std::size_t i : orderOf(keys, input.choice.order)) {
        const ForestGroup &group = input.groups[i];
        PlotPoint point = pointOf(group.figure, panel.y.categories.size());
        point.n = static_cast<std::int64_t>(keys[i].n);
        point.isHollow = keys[i].n < input.choice.minimumN;
        point.isReference = group.isReference;
        point.state = group.state;
        point.note = group.note;
        if (!group.figure.isDefined())
            unjudged.undefined.push_back(group.name);
        else if (point.isHollow)
            unjudged.small.push_back(group.name);
        series.points.push_back(std::move(point));
        panel.y.categories.push_back(categoryOf(group.name, keys[i].n, group.isReference, group.state));
    }
    spec.subtitle = series.intervalName.empty() ? "" : "point and " + series.intervalName;
    panel.series.push_back(std::move(series));
    addForestLines(panel, input);
    spec.panels.push_back(std::move(panel));
    if (input.overall && input.overall->isDefined())
        spec.sentences.push_back("Over all groups " + metrics::define(input.choice.metric).title + " is " + figureText(input.overall->value) + ".");
    addGroupSentences(spec, input.choice, unjudged);
    return spec;
}

namespace {

constexpr double kGuidelineLow = 0.80; // of the four-fifths guideline (29 CFR 1607.4 D) and its inverse
constexpr double kGuidelineHigh = 1.25;

std::string disparityFinding(const DisparityInput &input)
{
    const std::string title = metrics::define(input.choice.metric).title;
    if (std::string judged = judgedFinding(title + " compared with " + input.reference, input.groups); !judged.empty())
        return judged;
    const DisparityGroup *worst = nullptr;
    for (const auto &group : input.groups) {
        const bool isJudgeable = group.ratio.isDefined() && !group.isReference && rowsOf(group.n, group.ratio) >= input.choice.minimumN;
        if (isJudgeable && (!worst || group.ratio.value < worst->ratio.value))
            worst = &group;
    }
    if (!worst)
        return title + " compared with " + input.reference;
    return title + " of " + worst->name + " is " + figureText(worst->ratio.value) + " times that of " + input.reference;
}

PlotPanel ratioPanel(const DisparityInput &input)
{
    PlotPanel panel;
    panel.title = "Ratio to " + input.reference;
    panel.subtitle = "logarithmic";
    panel.x.title = "Ratio, 1 is equal";
    panel.x.scale = AxisScale::Log;
    panel.x.format = {2};
    panel.y = nameAxis(input.choice);
    panel.bands.push_back({Along::X, kGuidelineLow, kGuidelineHigh, "0.80 to 1.25: four-fifths guideline, not law", BandStyle::Accepted});
    panel.rules.push_back({Along::X, 1, "equal", RuleStyle::Reference});
    if (input.ratioLimit)
        panel.rules.push_back({Along::X, *input.ratioLimit, "limit " + policy::valueText(*input.ratioLimit), RuleStyle::Limit});
    return panel;
}

PlotPanel differencePanel(const DisparityInput &input)
{
    PlotPanel panel;
    panel.title = "Difference from " + input.reference;
    panel.x.title = "Difference, 0 is equal";
    panel.x.format = {input.choice.format.decimals, input.choice.format.isPercent, input.choice.format.unit};
    panel.y = nameAxis(input.choice);
    panel.rules.push_back({Along::X, 0, "equal", RuleStyle::Reference});
    if (input.differenceLimit) {
        const double limit = std::fabs(*input.differenceLimit);
        panel.rules.push_back({Along::X, -limit, "limit \u2212" + policy::valueText(limit), RuleStyle::Limit});
        panel.rules.push_back({Along::X, limit, "limit " + policy::valueText(limit), RuleStyle::Limit});
    }
    return panel;
}

PlotSeries pSeries(const std::string &name)
{
    PlotSeries series;
    series.name = name;
    series.mark = PlotMark::TableOnly;
    series.format = pValueFormat();
    return series;
}

/// One group's figures as points of both panels.
struct DisparityRow {
    PlotPoint ratio;
    PlotPoint difference;
};

DisparityRow rowOf(const DisparityGroup &group, std::size_t row, bool isHollow)
{
    DisparityRow made{pointOf(group.ratio, row), pointOf(group.difference, row)};
    if (group.isReference) {
        made.ratio.value = 1;
        made.difference.value = 0;
    }
    for (PlotPoint *point : {&made.ratio, &made.difference}) {
        if (group.isReference) {
            point->lower.reset(); // by definition equal to itself
            point->upper.reset();
            point->text.clear();
        }
        point->n = static_cast<std::int64_t>(rowsOf(group.n, group.ratio));
        point->isHollow = isHollow && !group.isReference;
        point->isReference = group.isReference;
        point->state = group.state;
    }
    made.ratio.note = group.note;
    return made;
}

PlotPoint numberAt(std::size_t row, std::optional<double> value)
{
    PlotPoint point;
    point.at = static_cast<double>(row);
    if (value)
        point.value = *value;
    return point;
}

} // namespace

PlotSpec disparityPlot(const DisparityInput &input)
{
    PlotSpec spec = groupSpec(input.choice, disparityFinding(input));
    std::vector<GroupKey> keys;
    std::vector<Figure> ratios;
    std::vector<Figure> differences;
    for (const auto &group : input.groups) {
        const bool hasValue = group.isReference || group.ratio.isDefined();
        const double value = group.isReference ? 1 : group.ratio.value;
        keys.push_back({group.name, hasValue ? std::optional(value) : std::nullopt, value > 0 ? std::fabs(std::log(value)) : 1e9, rowsOf(group.n, group.ratio)});
        ratios.push_back(group.ratio);
        differences.push_back(group.difference);
    }

    PlotPanel ratioSide = ratioPanel(input);
    PlotPanel differenceSide = differencePanel(input);
    PlotSeries ratio{.name = "ratio", .intervalName = intervalName(ratios), .mark = PlotMark::Points};
    PlotSeries difference{.name = "difference", .intervalName = intervalName(differences), .mark = PlotMark::Points, .slot = 0};
    PlotSeries pValue = pSeries("p");
    PlotSeries adjusted = pSeries("p, adjusted for many groups");
    Unjudged unjudged;
    for (const std::size_t i : orderOf(keys, input.choice.order)) {
        const DisparityGroup &group = input.groups[i];
        const std::size_t row = ratioSide.y.categories.size();
        const bool isHollow = keys[i].n < input.choice.minimumN;
        DisparityRow points = rowOf(group, row, isHollow);
        if (isHollow)
            unjudged.small.push_back(group.name);
        else if (!keys[i].value)
            unjudged.undefined.push_back(group.name);
        ratio.points.push_back(std::move(points.ratio));
        difference.points.push_back(std::move(points.difference));
        pValue.points.push_back(numberAt(row, group.pValue));
        adjusted.points.push_back(numberAt(row, group.adjustedPValue));
        ratioSide.y.categories.push_back(categoryOf(group.name, keys[i].n, group.isReference, group.state));
    }
    differenceSide.y = ratioSide.y;
    ratioSide.series.push_back(std::move(ratio));
    differenceSide.series.push_back(std::move(difference));
    for (PlotSeries *numbers : {&pValue, &adjusted}) {
        if (std::ranges::any_of(numbers->points, &PlotPoint::hasValue))
            differenceSide.series.push_back(std::move(*numbers));
    }
    spec.panels = {std::move(ratioSide), std::move(differenceSide)};
    spec.sentences.push_back("Compared with " + input.reference + ". The band from 0.80 to 1.25 is the four-fifths guideline, not law.");
    addGroupSentences(spec, input.choice, unjudged);
    return spec;
}

} // namespace countersign::report
