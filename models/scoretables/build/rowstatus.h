#pragma once

#include "models/predictions/log.h"

#include <array>
#include <cstdint>

namespace countersign::scoretables {

/// What a row of a binary log is to a table: bit 0 the label, bit 1 the log's decision; from kFirstLeftOut on, why it is left out.
enum RowStatus : std::uint8_t { kFirstLeftOut = 4, kNoLabel = 4, kNoScore = 5, kNotFinite = 6, kNoPrediction = 7, kNoWeight = 8 };
inline constexpr std::size_t kLeftOutReasons = 5;

/// Of the rows [first, first + count) of a chunk. Without a label column every row counts as negative.
void statusOf(const predictions::Chunk &chunk, const predictions::Schema &schema, std::size_t first, std::size_t count, std::uint8_t *status);

} // namespace countersign::scoretables
