#pragma once

#include "models/computed/record/groupjson.h"

/// Internal to models/computed: what was asked for and how it was decided, written and read.
namespace countersign::computed {

/// Without the mapping.
json::Object parametersObject(const ComputedSet &set);
/// With the mapping: parameters, and all that follows from them, into `set`; its attributes' places into `attributes`.
void readParameters(const Node &node, ComputedSet &set, Places &attributes);

} // namespace countersign::computed
