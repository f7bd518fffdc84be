#pragma once

#include "models/importers/source.h"

#include <filesystem>
#include <memory>

namespace countersign::importers {

/// An MLflow file store, the folder "mlruns" (or one that holds it): experiments with their runs, those in ".trash" as deleted, and the
/// registry under "models". Hostile content is expected: links are not followed, YAML is read flat, files that are too large or
/// broken are left out and counted in a note. A damaged line in a metric file is Invalid and names the line: half a history is none.
///
/// NotFound: no such folder. Invalid: not a file store.
Result<std::unique_ptr<Registry>> openMlflowFolder(const std::filesystem::path &folder);

} // namespace countersign::importers
