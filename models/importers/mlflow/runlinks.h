#pragma once

#include "models/importers/source.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace countersign::importers {

/// Tags of a run that say which registered version it is about (a monitoring run, a validation run): name and version together.
struct LinkTags {
    std::string_view model;
    std::string_view version;
};
inline constexpr LinkTags kLinkTags[] = {{"governance.model_name", "governance.model_version"}};

/// Where a version stands in an Inventory: models[model].versions[version].
struct VersionIndex {
    std::size_t model = 0;
    std::size_t version = 0;
    bool operator==(const VersionIndex &) const = default;
};

/// Which version each run belongs to, by run id. A run that a version names as its source belongs to that version (to the first one
/// that names it); any other run to the version that its tags name, in the run's own workspace. Runs of neither kind are absent.
std::unordered_map<std::string, VersionIndex> linkRuns(const Inventory &inventory);

} // namespace countersign::importers
