#include "app/cli/text/drifttext.h"

#include "app/cli/text/columns.h"
#include "app/cli/text/figuretext.h"

namespace countersign::cli {

namespace {

using computed::ComputedDrift;
using computed::ComputedSet;
using computed::DriftRole;
using metrics::Figure;

/// What the set says of one column: all rows, and the window that is furthest from the reference.
struct ColumnDrift {
    const ComputedDrift *all = nullptr;
    const ComputedDrift *worst = nullptr;
};

double psiOf(const ComputedDrift *drift)
{
    const Figure *psi = drift ? drift->find("psi") : nullptr;
    return psi && psi->isDefined() ? psi->value : -1; // undefined ones come last
}

std::vector<ColumnDrift> columnsOf(const ComputedSet &set)
{
    std::vector<ColumnDrift> columns;
    for (const ComputedDrift &drift : set.drifts) {
        if (!drift.window) { // every column begins with all rows
            columns.push_back({&drift, nullptr});
            continue;
        }
        ColumnDrift &column = columns.back();
        if (!drift.isReference && psiOf(&drift) > psiOf(column.worst))
            column.worst = &drift;
    }
    std::ranges::stable_sort(columns, [](const ColumnDrift &a, const ColumnDrift &b) { return psiOf(a.all) > psiOf(b.all); });
    return columns;
}

std::string named(const ComputedDrift &drift, std::string_view name)
{
    const auto figure = std::ranges::find(drift.figures, name, &computed::NamedFigure::name);
    return figure != drift.figures.end() ? boundedText(figure->figure, figure->bound) : std::string();
}

std::string referenceText(const ComputedSet &set)
{
    if (set.referenceLog)
        return predictions::shownSample(set.referenceLog->name) + " (" + set.referenceLog->digest.text() + ")";
    return set.parameters.reference;
}

} // namespace

std::string driftTable(const ComputedSet &set, const Terminal &terminal)
{
    if (set.drifts.empty())
        return {};
    Columns columns({{"Column"}, {"Kind"}, {"n", Columns::Side::Right}, {"Missing", Columns::Side::Right}, {"PSI", Columns::Side::Right},
                     {"KS or V", Columns::Side::Right}, {"Wasserstein", Columns::Side::Right}, {"p, adjusted", Columns::Side::Right}, {"Worst window"},
                     {"PSI", Columns::Side::Right}, {"Why not"}});
    for (const auto &[all, worst] : columnsOf(set)) {
        const Figure *psi = all->find("psi");
        columns.add({all->column, std::string(driftRoleKey(all->role)), std::to_string(all->counts.rows), named(*all, "missing_rate"), named(*all, "psi"),
                     named(*all, all->role == DriftRole::Category ? "cramers_v" : "ks"), named(*all, "wasserstein"),
                     all->adjustedPValue ? fourDigits(*all->adjustedPValue) : "n/a", worst ? worst->window->name : "", worst ? named(*worst, "psi") : "",
                     psi ? std::string(metrics::reasonText(psi->reason)) : ""});
    }
    return "\nDrift against " + referenceText(set) + "\n" + columns.text(terminal);
}

std::string driftLines(const ComputedSet &set)
{
    std::string text;
    for (const ComputedDrift &drift : set.drifts) {
        if (drift.isReference)
            continue;
        for (const auto &own : drift.figures)
            text += csvLine("drift", own.name + "/" + drift.column, drift.window, "", own.figure);
        text += csvLine("drift", "p/" + drift.column, drift.window, "", drift.pValue);
        if (drift.adjustedPValue)
            text += csvLine("drift", "p_adjusted/" + drift.column, drift.window, "", Figure::of(*drift.adjustedPValue, drift.pValue.n));
    }
    return text;
}

} // namespace countersign::cli
