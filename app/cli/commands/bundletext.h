#pragma once

#include "models/services/review/review.h"

#include <string>

namespace countersign::cli {

/// A frozen review as sections of plain text, rendered from the bytes whose digest is signed and from nothing else.
std::string bundleText(const services::FrozenBundle &bundle);

} // namespace countersign::cli
