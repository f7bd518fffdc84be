#pragma once

#include "models/policy/packs/faultlist.h"
#include "models/policy/packs/pack.h"

namespace countersign::policy {

/// The part of checkPack() about stages, the moves between them and their gates. `root`: the pack's place.
void checkLifecycle(const Pack &pack, const Place &root, FaultList &faults);

} // namespace countersign::policy
