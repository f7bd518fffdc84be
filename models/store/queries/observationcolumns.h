#pragma once

#include "models/database/query.h"
#include "models/store/observations/observationblock.h"

#include <string>

namespace countersign::store {

/// The columns of the table observation that readObservation() reads, each after `prefix` ("o.").
inline std::string observationColumns(const std::string &prefix = {})
{
    std::string columns;
    for (const char *column : {"window_end", "window_start", "step", "revision", "value", "lexeme", "n", "lower", "upper", "import"})
        columns += (columns.empty() ? "" : ", ") + prefix + column;
    return columns;
}

/// Reads them from the column `first` on.
inline ObservationRow readObservation(const database::Query &row, std::int64_t series, int first = 0)
{
    ObservationRow result;
    result.series = series;
    result.windowEnd = row.integer(first);
    result.windowStart = row.integer(first + 1);
    result.step = row.integer(first + 2);
    result.revision = row.integer(first + 3);
    result.value = row.realOrNull(first + 4);
    if (!row.isNull(first + 5))
        result.lexeme = row.text(first + 5);
    result.n = row.integerOrNull(first + 6);
    result.lower = row.realOrNull(first + 7);
    result.upper = row.realOrNull(first + 8);
    result.import = row.integer(first + 9);
    return result;
}

} // namespace countersign::store
