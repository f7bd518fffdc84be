#pragma once

#include "models/base/id.h"
#include "models/base/time.h"
#include "models/database/query.h"

#include <optional>

/// What columns of the tables of governance hold: a time in milliseconds or none, a person or nobody.
namespace countersign::store {

inline std::optional<Instant> timeOrNone(const database::Query &row, int column)
{
    const auto millis = row.integerOrNull(column);
    return millis ? std::optional(fromMillis(*millis)) : std::nullopt;
}

inline PersonId personOrNone(const database::Query &row, int column)
{
    const std::string text = row.text(column);
    return text.empty() ? PersonId() : PersonId::of(text);
}

} // namespace countersign::store
