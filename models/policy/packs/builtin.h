#pragma once

#include "models/policy/packs/pack.h"

#include <span>
#include <string_view>

namespace countersign::policy {

/// A pack that the program brings along (resources/packs), as its file.
struct BuiltInPack {
    std::string_view id;
    std::string_view text; ///< YAML
};

/// All of them, by id.
std::span<const BuiltInPack> builtInPacks();

/// The JSON Schema of a pack's file, for editors that complete and check.
std::string_view packSchema();

/// NotFound: there is none; the sentence names those there are.
Result<Pack> builtInPack(std::string_view id);

} // namespace countersign::policy
