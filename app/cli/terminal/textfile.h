#pragma once

#include "models/base/result.h"

#include <string>

namespace countersign::cli {

/// Writes a file that an option names, in the place of one that was there. Io: "`what` cannot be written.", with the path.
Status writeTextFile(const std::string &path, std::string_view text, std::string_view what);

/// The text of a file that an argument names, at most `largest` bytes of it. NotFound: "`what` cannot be read.", with the path.
Result<std::string> readTextFile(const std::string &path, std::size_t largest, std::string_view what);

} // namespace countersign::cli
