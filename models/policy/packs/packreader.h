#pragma once

#include "models/policy/packs/pack.h"
#include "models/yaml/fault.h"

#include <string_view>
#include <vector>

namespace countersign::policy {

/// A pack as it came out of its file, or everything that is wrong with it.
struct PackReading {
    std::optional<Pack> pack;         ///< none where there are faults
    std::vector<yaml::Fault> faults;  ///< by line; all of them, not the first
};

/// Reads a pack's file (YAML, models/yaml) and checks it (packcheck.h). Made for files of strangers.
PackReading readPackFile(std::string_view text);

/// The same as a value. Invalid: the message has a line for every fault, "line 14: …".
Result<Pack> readPack(std::string_view text);

} // namespace countersign::policy
