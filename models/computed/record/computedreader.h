#pragma once

#include "models/computed/computedset.h"

namespace countersign::computed {

/// Reads what writeComputed() writes, and nothing else: the bytes written again are the bytes read. Every figure comes back with the same bits
/// (but for the sign of a zero, which JSON does not keep), in the same order. What only the computing had is not there: Parameters::threads.
/// Invalid names the path ("$.cells[3].metrics.auc.value") of the first member that is unknown, missing or not of its kind.
/// Unsupported: a newer schema. `rows` gets the digest of writeComputedRows().
Result<ComputedSet> readComputed(BytesView text, Digest *rows = nullptr);

/// The digest of writeComputedRows(), if writeComputed() gives exactly this text.
std::optional<Digest> digestIfWritten(const ComputedSet &set, BytesView text);

} // namespace countersign::computed
