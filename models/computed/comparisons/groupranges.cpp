#include "models/computed/comparisons/groupranges.h"

namespace countersign::computed {

std::vector<GroupRange> groupRanges(const std::vector<ComputedCell> &cells)
{
    std::vector<GroupRange> groups;
    for (std::size_t begin = 0; begin < cells.size();) {
        std::size_t end = begin + 1;
        while (end < cells.size() && cells[end].window == cells[begin].window && attributesOf(cells[end]) == attributesOf(cells[begin]))
            ++end;
        if (!cells[begin].group.empty())
            groups.push_back({begin, end});
        begin = end;
    }
    return groups;
}

std::vector<std::string> attributesOf(const ComputedCell &cell)
{
    std::vector<std::string> names;
    for (const auto &[attribute, value] : cell.group)
        names.push_back(attribute);
    return names;
}

bool isMissing(const ComputedCell &cell)
{
    return std::ranges::any_of(cell.group, [](const auto &part) { return part.second == kMissingName; });
}

std::size_t referenceIn(const ComputedSet &set, const GroupRange &range)
{
    std::size_t largest = range.begin;
    std::uint64_t most = 0;
    for (std::size_t c = range.begin; c < range.end; ++c) {
        const ComputedCell &cell = set.cells[c];
        const bool isNamed = std::ranges::all_of(cell.group, [&](const auto &part) {
            return std::ranges::find(set.parameters.references, part) != set.parameters.references.end();
        });
        if (isNamed)
            return c;
        if (!isMissing(cell) && cell.n > most) {
            most = cell.n;
            largest = c;
        }
    }
    return largest;
}

Status checkReferences(const ComputedSet &set)
{
    for (const auto &part : set.parameters.references) {
        const bool isThere = std::ranges::any_of(set.cells, [&](const ComputedCell &cell) {
            return std::ranges::find(cell.group, part) != cell.group.end();
        });
        if (!isThere)
            return Error{ErrorKind::Invalid, "The reference " + part.first.substr(0, 60) + "=" + part.second.substr(0, 60)
                             + " is no group of this log.", {}};
    }
    return {};
}

} // namespace countersign::computed
