#include "app/cli/text/impacttext.h"

#include "app/cli/text/columns.h"
#include "app/cli/text/figuretext.h"

#include <algorithm>

namespace countersign::cli {

namespace {

using computed::ComputedImpact;
using computed::ComputedSet;
using computed::ImpactRow;
using metrics::Figure;

constexpr std::size_t kOfOne = 12;  ///< categories of an attribute that are shown
constexpr std::size_t kOfPairs = 8; ///< the same of a pair of attributes

/// One attribute or pair: by decisions and, where there are scores, by those above the median; their rows are the same categories.
struct Family {
    const ComputedImpact *selected = nullptr;
    const ComputedImpact *scored = nullptr;

    const ComputedImpact &any() const { return selected ? *selected : *scored; }
};

std::vector<Family> familiesOf(const ComputedSet &set)
{
    std::vector<Family> families;
    for (const ComputedImpact &impact : set.impacts) {
        if (families.empty() || families.back().any().attributes != impact.attributes)
            families.emplace_back();
        (impact.isScored ? families.back().scored : families.back().selected) = &impact;
    }
    return families;
}

double ratioOf(const ComputedImpact *impact, std::size_t row)
{
    const Figure *ratio = impact ? &impact->rows[row].impact.impactRatio : nullptr;
    return ratio && ratio->isDefined() ? ratio->value : 2; // beyond every ratio
}

/// Places of the rows that are shown, in the order of the set: those with the lowest ratios, categories of 2 % or more before the others, whose ratios
/// are those of a handful of people.
std::vector<std::size_t> shownOf(const Family &family)
{
    std::vector<std::size_t> rows(family.any().rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = i;
    const std::size_t most = family.any().attributes.size() < 2 ? kOfOne : kOfPairs;
    if (rows.size() <= most)
        return rows;
    std::ranges::stable_sort(rows, {}, [&](std::size_t row) {
        return std::pair(family.any().rows[row].impact.isSmall, std::min(ratioOf(family.selected, row), ratioOf(family.scored, row)));
    });
    rows.resize(most);
    std::ranges::sort(rows);
    return rows;
}

/// What is said of a category beside its figures.
std::string remark(const ImpactRow &row)
{
    const auto &own = row.impact;
    if (own.impactRatio.reason == metrics::Reason::GroupUndefined)
        return "unknown";
    if (own.isSmall)
        return "below 2 %";
    const bool isOther = own.withoutSmall.isDefined() && own.withoutSmall.value != own.impactRatio.value;
    return isOther ? "without those below 2 %: " + valueText(own.withoutSmall) : std::string();
}

void addRows(const Family &family, bool hasScores, Columns &columns)
{
    const auto shown = shownOf(family);
    const auto add = [](const ComputedImpact *impact, std::size_t place, std::vector<std::string> &cells) {
        if (!impact) {
            cells.insert(cells.end(), 4, "");
            return;
        }
        const ImpactRow &row = impact->rows[place];
        cells.push_back(std::to_string(row.impact.rate.n));
        cells.push_back(boundedText(row.impact.rate, row.rateBound));
        cells.push_back(boundedText(row.impact.impactRatio, row.ratioBound));
        cells.push_back(intervalText(row.impact.impactRatio));
    };
    for (const std::size_t place : shown) {
        std::vector<std::string> cells{groupText(family.any().rows[place].group)};
        add(family.selected, place, cells);
        if (hasScores)
            add(family.scored, place, cells);
        cells.push_back(remark(family.any().rows[place]));
        columns.add(std::move(cells));
    }
    if (const std::size_t rest = family.any().rows.size() - shown.size(); rest > 0) {
        std::vector<std::string> cells(hasScores ? 10 : 6);
        cells.front() = joined(family.any().attributes) + ": " + std::to_string(rest) + " more";
        columns.add(std::move(cells));
    }
}

} // namespace

std::string impactTable(const ComputedSet &set, const Terminal &terminal)
{
    const auto families = familiesOf(set);
    if (families.empty())
        return {};
    const auto scored = std::ranges::find_if(families, [](const Family &family) { return family.scored != nullptr; });
    const bool hasScores = scored != families.end();
    std::vector<Columns::Heading> headings{{"Impact ratios"}, {"People", Columns::Side::Right}, {"Selected", Columns::Side::Right}, {"Ratio", Columns::Side::Right}, {"Interval"}};
    if (hasScores)
        for (Columns::Heading heading : {Columns::Heading{"Scored", Columns::Side::Right}, {"Above", Columns::Side::Right}, {"Ratio", Columns::Side::Right}, {"Interval"}})
            headings.push_back(std::move(heading));
    headings.push_back({""});
    Columns columns(std::move(headings));
    std::string unknown;
    for (const Family &family : families) {
        addRows(family, hasScores, columns);
        if (family.any().unknown > 0)
            unknown += (unknown.empty() ? "" : ", ") + joined(family.any().attributes) + " " + std::to_string(family.any().unknown);
    }
    std::string head = "\nShares of people selected" + std::string(hasScores ? ", and scored above the median of everybody (" + boundedText(scored->scored->median, scored->scored->medianBound) + ")" : "")
                       + ", against the highest share of " + std::to_string(families.front().any().applicants) + " people";
    if (!unknown.empty())
        head += "; in unknown categories: " + unknown;
    const bool areAll = std::ranges::all_of(families, [](const Family &family) { return shownOf(family).size() == family.any().rows.size(); });
    return head + "\n" + columns.text(terminal) + (areAll ? "" : "The lowest ratios are shown, of categories of 2 % or more first. --csv and --json have all.\n");
}

std::string impactLines(const ComputedSet &set)
{
    std::string text;
    for (const ComputedImpact &impact : set.impacts) {
        const std::string tail = "/" + joined(impact.attributes);
        for (const auto &row : impact.rows) {
            text += csvLine("impact", (impact.isScored ? "scoring_rate" : "selection_rate") + tail, {}, sliceText(row.group), row.impact.rate);
            text += csvLine("impact", (impact.isScored ? "scoring_impact_ratio" : "impact_ratio") + tail, {}, sliceText(row.group), row.impact.impactRatio);
        }
    }
    return text;
}

} // namespace countersign::cli
