#pragma once

#include "models/base/bytes.h"
#include "models/base/digest.h"
#include "models/domain/metrics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace countersign::store {

/// One row of the observation table, as an import recorded it.
struct ObservationRow {
    std::int64_t series = 0;
    std::int64_t windowEnd = 0;
    std::int64_t windowStart = 0;
    std::int64_t step = 0;
    std::int64_t revision = 0;
    std::optional<double> value;  ///< none: the source's NaN
    std::string lexeme;           ///< empty when it is number::shortest(value)
    std::optional<std::int64_t> n;
    std::optional<double> lower;
    std::optional<double> upper;
    std::int64_t import = 0;      ///< number of the import that brought it, as the store's reads tell; 0 in blocks, which are part of one

    Observation observation() const;
    bool operator==(const ObservationRow &) const = default;
};

struct SeriesDefinition {
    std::int64_t id = 0;
    SeriesKey key;
    bool operator==(const SeriesDefinition &) const = default;
};

/// Observations as evidence: what a metrics.import event's digests stand for. The bytes are zlib-compressed text (models/ledger/FORMAT.md,
/// "Observation blocks"), self-contained: every series that has rows in the block is defined in it.
struct ObservationBlock {
    std::vector<SeriesDefinition> series; ///< ascending id
    std::vector<ObservationRow> rows;     ///< sorted by series, window end, window start, step, revision
};

inline constexpr const char *kObservationMedia = "application/vnd.countersign.observations.v1+zlib";

Result<Bytes> encodeBlock(const ObservationBlock &block);
/// Invalid for anything that encodeBlock does not write, also for more than 256 MiB of text.
Result<ObservationBlock> decodeBlock(BytesView bytes);

} // namespace countersign::store
