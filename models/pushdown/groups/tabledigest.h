#pragma once

#include "models/base/digest.h"
#include "models/predictions/rejects.h"
#include "models/scoretables/table.h"

namespace countersign::pushdown {

/// What stands for "the bytes of the file" where there is no file: SHA-256 over everything that figures can depend on, in one order whatever the
/// order of the rows: attributes, leaves by window and values, rows left out by reason, and every distinct combination of score, leaf, decision,
/// label and weight with how often it occurs; then rejected rows by problem. Equal for equal rows on any engine, and for the table of the file
/// that they are exported to. Other windows or another mapping of the same rows have another digest.
Digest tableDigest(const scoretables::Table &table, const predictions::Rejects &rejects);

} // namespace countersign::pushdown
