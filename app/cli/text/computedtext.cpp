#include "app/cli/text/computedtext.h"

#include "app/cli/text/columns.h"
#include "app/cli/text/drifttext.h"
#include "app/cli/text/figuretext.h"
#include "app/cli/text/impacttext.h"
#include "models/base/number.h"

#include <array>

namespace countersign::cli {

namespace {

using metrics::Figure;
using computed::ComputedCell;
using computed::ComputedSet;

/// Figures of a group's line, in this order, where the set has them.
constexpr auto kShownOfGroups = std::to_array<std::string_view>({"selection_rate", "accuracy", "recall", "fpr", "precision", "auc", "ece", "f1_macro", "rmse", "mae", "r2"});

std::string countText(const Figure &figure, const ComputedCell &cell)
{
    return figure.n == cell.n ? std::string() : std::to_string(figure.n);
}

std::string overall(const ComputedSet &set, const Terminal &terminal)
{
    if (set.cells.empty())
        return {};
    const ComputedCell &cell = set.cells.front();
    Columns columns({{"Metric"}, {"Value", Columns::Side::Right}, {"Interval"}, {"n", Columns::Side::Right}, {"Why not"}});
    for (const auto &named : cell.metrics)
        columns.add({named.name, boundedText(named.figure, named.bound), intervalText(named.figure), countText(named.figure, cell), whyNot(named.figure)});
    return "Everybody: " + std::to_string(cell.n) + " cases\n" + columns.text(terminal);
}

std::string groups(const ComputedSet &set, const Terminal &terminal)
{
    const bool hasWindows = std::ranges::any_of(set.cells, [](const ComputedCell &cell) { return cell.window.has_value(); });
    std::vector<Columns::Heading> headings;
    if (hasWindows)
        headings.push_back({"Window"});
    headings.push_back({"Group"});
    headings.push_back({"n", Columns::Side::Right});
    std::vector<std::string_view> shown;
    for (const auto &name : kShownOfGroups)
        if (!set.cells.empty() && set.cells.front().find(name))
            shown.push_back(name);
    for (const auto &name : shown) {
        headings.push_back({std::string(name), Columns::Side::Right});
        headings.push_back({""});
    }
    Columns columns(headings);
    for (const ComputedCell &cell : set.cells) {
        if (!cell.window && cell.group.empty())
            continue;
        std::vector<std::string> row;
        if (hasWindows)
            row.push_back(cell.window ? cell.window->name : "all");
        row.push_back(groupText(cell.group));
        row.push_back(std::to_string(cell.n));
        for (const auto &name : shown) {
            const auto named = std::ranges::find(cell.metrics, name, &computed::NamedFigure::name);
            row.push_back(named != cell.metrics.end() ? boundedText(named->figure, named->bound) : "n/a");
            row.push_back(named != cell.metrics.end() ? intervalText(named->figure) : "");
        }
        columns.add(std::move(row));
    }
    return columns.isEmpty() ? std::string() : "\n" + columns.text(terminal);
}

std::string disparities(const ComputedSet &set, const Terminal &terminal)
{
    Columns columns({{"Disparity"}, {"Of"}, {"Window"}, {"Value", Columns::Side::Right}, {"Interval"}, {"Highest"}, {"Lowest"}, {"Why not"}});
    for (const auto &disparity : set.disparities) {
        std::string attributes;
        for (const auto &attribute : disparity.attributes)
            attributes += (attributes.empty() ? "" : " x ") + attribute;
        columns.add({disparity.name, attributes, disparity.window ? disparity.window->name : "all", valueText(disparity.figure), intervalText(disparity.figure),
                     disparity.highest.empty() ? "" : groupText(disparity.highest), disparity.lowest.empty() ? "" : groupText(disparity.lowest),
                     whyNot(disparity.figure)});
    }
    return columns.isEmpty() ? std::string()
                             : "\nDifferences between groups of " + std::to_string(set.smallestGroup) + " cases or more\n" + columns.text(terminal);
}

std::string worst(const ComputedSet &set, const Terminal &terminal)
{
    Columns columns({{"Worst by " + set.parameters.worstMetric}, {"n", Columns::Side::Right}, {"Value", Columns::Side::Right}, {"Interval"},
                     {"Against the rest", Columns::Side::Right}, {"Interval"}, {"p, adjusted", Columns::Side::Right}});
    for (const auto &slice : set.worst)
        columns.add({groupText(slice.group), std::to_string(slice.figure.n), valueText(slice.figure), intervalText(slice.figure), valueText(slice.difference),
                     intervalText(slice.difference), slice.adjustedPValue ? fourDigits(*slice.adjustedPValue) : "n/a"});
    if (set.parameters.worstMetric.empty())
        return {};
    const std::string searched = std::to_string(set.slicesSearched) + " combinations of " + std::to_string(set.smallestGroup) + " cases or more were searched";
    return columns.isEmpty() ? "\n" + searched + "; none does worse than all others.\n" : "\n" + searched + "\n" + columns.text(terminal);
}

std::string notes(const ComputedSet &set)
{
    std::string text;
    for (const std::string &note : notesOf(set))
        text += (text.empty() ? "\nNote: " : "Note: ") + note + "\n";
    return text;
}

} // namespace

std::vector<std::string> notesOf(const ComputedSet &set)
{
    std::vector<std::string> notes;
    if (set.scoreStep > 0)
        notes.push_back("Scores were rounded down to multiples of " + number::shortest(set.scoreStep) + ", so that AUC and its relatives have an error bound.");
    if (set.uncertainRows > 0)
        notes.push_back(std::to_string(set.uncertainRows) + " rows lie in the step of scores that the threshold divides.");
    notes.insert(notes.end(), set.notes.begin(), set.notes.end());
    return notes;
}

std::string computedTable(const ComputedSet &set, const Terminal &terminal)
{
    return overall(set, terminal) + groups(set, terminal) + disparities(set, terminal) + worst(set, terminal) + impactTable(set, terminal) + driftTable(set, terminal) + notes(set);
}

std::string computedCsv(const ComputedSet &set)
{
    std::string text = kFigureHead;
    for (const ComputedCell &cell : set.cells)
        for (const auto &named : cell.metrics)
            text += csvLine("cell", named.name, cell.window, cell.group.empty() ? "" : sliceText(cell.group), named.figure);
    for (const auto &disparity : set.disparities) {
        std::string attributes;
        for (const auto &attribute : disparity.attributes)
            attributes += (attributes.empty() ? "" : " x ") + attribute;
        text += csvLine("disparity", disparity.name + "/" + attributes, disparity.window, "", disparity.figure);
    }
    text += impactLines(set) + driftLines(set);
    return text;
}

} // namespace countersign::cli
