#pragma once

#include "models/base/result.h"
#include "models/store/queries/inventoryquery.h"

#include <string>

namespace countersign::cli {

/// Reads a filter as a person types it: words to be found in name or owner, and "tier:1", "stage:inUse", "verdict:fail", "owner:Risk",
/// "signed:stale" with several choices after commas; "tier:none" and "owner:" are the models without. All must hold.
/// Invalid names the word and the choices there are.
Result<store::InventoryFilter> parseInventoryFilter(const std::string &text);

} // namespace countersign::cli
