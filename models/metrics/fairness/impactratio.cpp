#include "models/metrics/fairness/impactratio.h"

#include <algorithm>

namespace countersign::metrics {

namespace {

/// rate / highest rate with a Katz interval; the category with the highest rate is 1 by definition and has none.
Figure ratioTo(const Category &category, const Category &highest, const Options &options)
{
    const double top = static_cast<double>(category.selected) / static_cast<double>(category.applicants);
    const double bottom = static_cast<double>(highest.selected) / static_cast<double>(highest.applicants);
    Figure figure = Figure::of(top / bottom, category.applicants);
    if (options.intervals && &category != &highest)
        figure.interval = katz({static_cast<double>(category.selected), static_cast<double>(category.applicants)},
                               {static_cast<double>(highest.selected), static_cast<double>(highest.applicants)}, options.level);
    return figure;
}

/// Compared as whole-number products, so that equal rates are equal.
bool isHigher(const Category &a, const Category &b)
{
    return static_cast<double>(a.selected) * static_cast<double>(b.applicants)
        > static_cast<double>(b.selected) * static_cast<double>(a.applicants);
}

template<class TakesPart>
const Category *highestRate(std::span<const Category> categories, TakesPart takesPart)
{
    const Category *highest = nullptr;
    for (std::size_t i = 0; i < categories.size(); ++i) {
        const Category &category = categories[i];
        if (category.isUnknown || category.applicants == 0 || !takesPart(i))
            continue;
        if (!highest || isHigher(category, *highest))
            highest = &category;
    }
    return highest;
}

Figure impact(const Category &category, const Category *highest, const Options &options)
{
    if (category.applicants == 0)
        return Figure::undefined(Reason::NoRows);
    if (!highest || highest->selected == 0)
        return Figure::undefined(Reason::AllZero, category.applicants);
    return ratioTo(category, *highest, options);
}

} // namespace

ImpactTable impactRatios(std::span<const Category> categories, double smallestShare, const Options &options)
{
    ImpactTable table;
    for (const Category &category : categories) {
        table.applicants += category.applicants;
        table.unknown += category.isUnknown ? category.applicants : 0;
    }
    for (const Category &category : categories) {
        CategoryImpact row;
        row.share = table.applicants > 0 ? static_cast<double>(category.applicants) / static_cast<double>(table.applicants) : 0;
        row.isSmall = row.share < smallestShare;
        const Counts counts = Counts::of(static_cast<double>(category.selected), 0,
                                         static_cast<double>(category.applicants - category.selected), 0);
        row.rate = figure(counts, BinaryMetric::SelectionRate, options);
        table.categories.push_back(row);
    }
    const Category *highest = highestRate(categories, [](std::size_t) { return true; });
    const Category *highestLarge = highestRate(categories, [&](std::size_t i) { return !table.categories[i].isSmall; });
    for (std::size_t i = 0; i < categories.size(); ++i) {
        CategoryImpact &row = table.categories[i];
        const Category &category = categories[i];
        const bool counts = !category.isUnknown;
        row.impactRatio = counts ? impact(category, highest, options) : Figure::undefined(Reason::GroupUndefined, category.applicants);
        row.withoutSmall = counts && !row.isSmall ? impact(category, highestLarge, options)
                                                  : Figure::undefined(counts ? Reason::TooFewRows : Reason::GroupUndefined, category.applicants);
    }
    return table;
}

Figure sampleMedian(std::span<double> scores)
{
    if (scores.empty())
        return Figure::undefined(Reason::NoRows);
    const auto middle = scores.begin() + static_cast<std::ptrdiff_t>(scores.size() / 2);
    std::ranges::nth_element(scores, middle);
    const double upper = *middle;
    if (scores.size() % 2 != 0)
        return Figure::of(upper, scores.size());
    const double lower = *std::max_element(scores.begin(), middle);
    return Figure::of(lower + (upper - lower) / 2, scores.size());
}

} // namespace countersign::metrics
