#pragma once

#include "models/policy/packs/pack.h"
#include "models/yaml/fault.h"
#include "models/yaml/node.h"

#include <vector>

namespace countersign::policy {

/// Whether a pack's parts fit together: ids unique and defined, metrics and limits possible, every possible score in one band, every stage
/// reachable and on a way to retirement, no way back but rework, no signature that cannot be given. All faults, by line where `file` is the tree
/// that the pack was read from, otherwise without.
std::vector<yaml::Fault> checkPack(const Pack &pack, const yaml::Node *file = nullptr);

} // namespace countersign::policy
