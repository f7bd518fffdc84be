#include "models/computed/computedset.h"

namespace countersign::computed {

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

} // namespace countersign::computed
