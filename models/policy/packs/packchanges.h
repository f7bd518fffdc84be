#pragma once

#include "models/policy/packs/pack.h"

#include <string>
#include <vector>

namespace countersign::policy {

/// What two packs say differently in one of their parts (packtext.h), as complete sentences: those of the first alone, and those of the second alone.
struct PackChange {
    std::string title; ///< "Rules"; "Head" for what stands before the parts
    std::vector<std::string> removed;
    std::vector<std::string> added;
};

/// Part by part, in their order; empty when they say the same. The order within a part is no difference.
std::vector<PackChange> packChanges(const Pack &before, const Pack &after);

} // namespace countersign::policy
