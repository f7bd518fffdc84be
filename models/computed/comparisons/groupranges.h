#pragma once

#include "models/computed/computedset.h"

/// Internal to models/computed: which cells of a set are groups of one attribute or combination.
namespace countersign::computed {

/// Cells [begin, end) of the set: the groups of one attribute or combination in one window.
struct GroupRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};
/// Cells come family by family, window by window.
std::vector<GroupRange> groupRanges(const std::vector<ComputedCell> &cells);

std::vector<std::string> attributesOf(const ComputedCell &cell);
bool isMissing(const ComputedCell &cell);

/// The named reference where its values are all there, else the largest known group.
std::size_t referenceIn(const ComputedSet &set, const GroupRange &range);
/// Invalid: a reference's value is that of no group.
Status checkReferences(const ComputedSet &set);

} // namespace countersign::computed
