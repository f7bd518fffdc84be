#pragma once

#include "models/policy/packs/pack.h"
#include "models/yaml/fault.h"
#include "models/yaml/node.h"

#include <vector>

namespace countersign::policy {

/// The members of a pack as values: each there, of its type, and known. Whether they fit together is packcheck.h's matter. Lists keep their
/// places, so that an element of the pack is found again in the tree.
Pack readShape(const yaml::Node &root, std::vector<yaml::Fault> &faults);

} // namespace countersign::policy
