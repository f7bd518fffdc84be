#pragma once

#include "models/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>

namespace countersign::services {

/// Why a workspace whose entry `number` has these bytes may only be read here: the entry is of a kind or a version that this program does not know,
/// so that what follows from it is not in its tables. Nothing for every other entry, also for one that is malformed: that is for the verification to say.
/// Looks at a few bytes of an entry that is known; opening asks it of all of them.
std::optional<std::string> newerThanKnown(std::uint64_t number, BytesView entry);

} // namespace countersign::services
