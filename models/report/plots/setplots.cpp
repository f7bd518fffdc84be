#include "models/report/plots/setplots.h"

#include "models/report/plots/words.h"

#include <algorithm>

namespace countersign::report {

namespace {

using computed::ComputedSet;
using computed::GroupValues;

std::string_view nameOf(const std::optional<computed::ComputedWindow> &window)
{
    return window ? std::string_view(window->name) : std::string_view();
}

bool isOf(const GroupValues &group, const std::vector<std::string> &attributes)
{
    return group.size() == attributes.size() && std::ranges::all_of(attributes, [&](const std::string &attribute) {
               return std::ranges::any_of(group, [&](const auto &value) { return value.first == attribute; });
           });
}

std::vector<std::string> sorted(std::vector<std::string> names)
{
    std::ranges::sort(names);
    return names;
}

const computed::ComputedComparison *comparisonOf(const ComputedSet &set, const SetChoice &choice)
{
    const auto attributes = sorted(choice.attributes);
    const auto found = std::ranges::find_if(set.comparisons, [&](const computed::ComputedComparison &one) {
        return one.metric == choice.metric && nameOf(one.window) == choice.window && sorted(one.attributes) == attributes;
    });
    return found == set.comparisons.end() ? nullptr : &*found;
}

GroupChoice groupChoice(const ComputedSet &set, const SetChoice &choice)
{
    GroupChoice made;
    made.id = choice.id;
    made.metric = choice.metric;
    made.minimumN = set.smallestGroup;
    made.order = choice.order;
    for (const auto &attribute : choice.attributes)
        made.attribute += (made.attribute.empty() ? "" : " × ") + attribute;
    return made;
}

std::optional<VerdictState> stateOf(const GroupJudge &judge, const GroupValues &group, const metrics::Figure &figure)
{
    return judge ? judge(group, figure) : std::nullopt;
}

std::optional<VerdictState> driftState(const metrics::Figure &figure, std::optional<double> watch, std::optional<double> limit)
{
    if (!figure.isDefined() || (!watch && !limit))
        return {};
    if (limit && figure.value > *limit)
        return VerdictState::Fail;
    return watch && figure.value > *watch ? VerdictState::Watch : VerdictState::Pass;
}

std::string statisticOf(const SetChoice &choice)
{
    return choice.metric.empty() ? "psi" : choice.metric;
}

} // namespace

std::string groupText(const GroupValues &group)
{
    if (group.empty())
        return "everybody";
    std::string text;
    for (const auto &[attribute, value] : group)
        text += (text.empty() ? "" : " × ") + value;
    return text;
}

PlotSpec forestOf(const ComputedSet &set, const SetChoice &choice, const GroupJudge &judge)
{
    ForestInput input;
    input.choice = groupChoice(set, choice);
    const auto *comparison = comparisonOf(set, choice);
    for (const auto &cell : set.cells) {
        if (nameOf(cell.window) != choice.window)
            continue;
        const metrics::Figure *figure = cell.find(choice.metric);
        if (cell.group.empty() && figure)
            input.overall = *figure;
        if (!isOf(cell.group, choice.attributes) || cell.group.empty())
            continue;
        ForestGroup group;
        group.name = groupText(cell.group);
        group.figure = figure ? *figure : metrics::Figure::undefined(metrics::Reason::NoRows, cell.n);
        group.n = cell.n;
        group.isReference = comparison && comparison->reference == cell.group;
        group.state = figure ? stateOf(judge, cell.group, *figure) : std::nullopt;
        input.groups.push_back(std::move(group));
    }
    return forestPlot(input);
}

PlotSpec disparityOf(const ComputedSet &set, const SetChoice &choice, const GroupJudge &judge)
{
    DisparityInput input;
    input.choice = groupChoice(set, choice);
    const auto *comparison = comparisonOf(set, choice);
    if (!comparison) {
        PlotSpec empty = disparityPlot(input);
        empty.emptyText = "The groups of " + input.choice.attribute + " were not compared on this metric.";
        return empty;
    }
    input.reference = groupText(comparison->reference);
    const auto rowsOf = [&](const GroupValues &group) {
        const auto *cell = set.find(group, choice.window);
        return cell ? cell->n : 0;
    };
    DisparityGroup reference;
    reference.name = input.reference;
    reference.n = rowsOf(comparison->reference);
    reference.isReference = true;
    input.groups.push_back(std::move(reference));
    for (const auto &pair : comparison->pairs) {
        DisparityGroup group;
        group.name = groupText(pair.group);
        group.ratio = pair.ratio;
        group.difference = pair.difference;
        group.n = rowsOf(pair.group);
        group.state = stateOf(judge, pair.group, pair.ratio);
        if (pair.pValue.isDefined())
            group.pValue = pair.pValue.value;
        group.adjustedPValue = pair.adjustedPValue;
        input.groups.push_back(std::move(group));
    }
    return disparityPlot(input);
}

PlotSpec driftRankingOf(const ComputedSet &set, const SetChoice &choice, std::optional<double> watch, std::optional<double> limit)
{
    DriftRankingInput input;
    input.id = choice.id;
    input.statistic = statisticOf(choice);
    input.watch = watch;
    input.limit = limit;
    input.isAdjusted = true;
    for (const auto &drift : set.drifts) {
        const metrics::Figure *figure = drift.find(input.statistic);
        if (nameOf(drift.window) != choice.window || !figure)
            continue; // chi-square has no number columns, KS no categories
        RankedDrift column;
        column.column = drift.column;
        column.figure = *figure;
        column.adjustedPValue = drift.adjustedPValue;
        column.state = driftState(*figure, watch, limit);
        if (drift.appeared > 0)
            column.note = counted(static_cast<std::uint64_t>(drift.appeared), "category value") + " new.";
        input.columns.push_back(std::move(column));
    }
    return driftRankingPlot(input);
}

PlotSpec binsOf(const ComputedSet &set, const SetChoice &choice, const std::string &column)
{
    BinsInput input;
    input.id = choice.id;
    input.column = column;
    if (!choice.window.empty())
        input.currentName = choice.window;
    const auto reference = std::ranges::find(set.referenceColumns, column, &computed::ReferenceColumn::column);
    const auto drift = std::ranges::find_if(set.drifts, [&](const computed::ComputedDrift &one) { return one.column == column && nameOf(one.window) == choice.window; });
    if (reference != set.referenceColumns.end() && drift != set.drifts.end()) {
        input.edges = reference->edges;
        input.categories = reference->categories;
        input.reference = reference->counts.counts;
        input.current = drift->counts.counts;
        // Categories that only later windows have are counted behind those of the reference.
        const std::size_t bins = std::max({input.reference.size(), input.current.size(), input.categories.size()});
        input.reference.resize(bins, 0.0);
        input.current.resize(bins, 0.0);
        if (const metrics::Figure *psi = drift->find("psi"))
            input.psi = *psi;
    }
    return binsPlot(input);
}

HeatGrid driftGridOf(const ComputedSet &set, const SetChoice &choice, std::optional<double> watch, std::optional<double> limit)
{
    const std::string statistic = statisticOf(choice);
    std::vector<DriftCell> cells;
    for (const auto &drift : set.drifts) {
        const metrics::Figure *figure = drift.find(statistic);
        if (drift.window && figure)
            cells.push_back({drift.column, drift.window->name, *figure, driftState(*figure, watch, limit)});
    }
    return driftGrid(statistic, cells);
}

} // namespace countersign::report
