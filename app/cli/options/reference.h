#pragma once

#include "app/cli/commandline.h"
#include "models/predictions/reader.h"
#include "models/scoretables/windows.h"

namespace countersign::cli {

/// What drift is measured from: windows of the log itself, or another log. Neither without --reference.
struct Reference {
    std::string windows;
    std::optional<predictions::LogReader> log;
};

/// The value of --reference: a file that is there is a log, "2025-01" or "2025-01..2025-03" are windows. Invalid: it is both, or neither.
Result<Reference> referenceOf(const CommandLine &line, const predictions::DialectChoice &dialect);

/// The windows that a name of windows is one of ("2025-01": months); weeks for a date, which may be a day's as well. None: no such name.
std::optional<scoretables::WindowUnit> unitNamed(std::string_view reference);

} // namespace countersign::cli
