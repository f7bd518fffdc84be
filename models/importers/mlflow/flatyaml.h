#pragma once

#include "models/base/result.h"

#include <map>
#include <string>

namespace countersign::importers {

/// The scalars of a small YAML file whose top is a mapping, as MLflow writes meta.yaml; null is the empty text. Nested values are passed
/// over without being built. Made for hostile files: at most 1 MiB, nesting of 16, no aliases and anchors, one document.
Result<std::map<std::string, std::string>> parseFlatYaml(const std::string &bytes);

} // namespace countersign::importers
