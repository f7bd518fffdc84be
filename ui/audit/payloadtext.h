#pragma once

#include "models/base/json.h"

#include <string>

namespace countersign::pages {

/// The value over several lines, two spaces a level; strings and numbers exactly as their canonical form has them.
std::string indentedJson(const json::Value &value, int level = 0);

} // namespace countersign::pages
