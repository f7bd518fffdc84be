#pragma once

#include "models/base/json.h"
#include "models/policy/packs/pack.h"

namespace countersign::policy {

/// A pack as events and bundles carry it: restricted JSON with the member names of its file. What stands for nothing is left out, so that
/// a pack has one document.
json::Object packDocument(const Pack &pack);

/// Reads it again, as strictly as a file: parsePackDocument(packDocument(p)) == p. Whether its parts fit together was asked before it was
/// recorded and is not asked again: a later program that asks for more still reads it.
Result<Pack> parsePackDocument(const json::Object &document);

} // namespace countersign::policy
