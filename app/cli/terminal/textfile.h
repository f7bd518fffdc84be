#pragma once

#include "models/base/result.h"

#include <string>

namespace countersign::cli {

/// Writes a file that an option names, in the place of one that was there. Io: "`what` cannot be written.", with the path.
Status writeTextFile(const std::string &path, std::string_view text, std::string_view what);

} // namespace countersign::cli
