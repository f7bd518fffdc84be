#pragma once

#include "models/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace countersign::pushdown {

/// How an engine writes names and texts.
enum class Sql : std::uint8_t { Postgres, ClickHouse, DuckDb };

/// A name in the engine's quotes, whatever it holds. Precondition: no NUL.
std::string quotedName(Sql sql, std::string_view name);

/// A table, by its name and what it stands in: "predictions", "risk.predictions", or with quotes around parts that hold dots or quotes,
/// "risk.\"my.table\"". Case counts: nothing is folded.
struct TableName {
    std::vector<std::string> parts;

    /// Invalid: an empty part, an open quote, more than three parts, a NUL.
    static Result<TableName> parse(std::string_view text);
    std::string quoted(Sql sql) const;
    bool operator==(const TableName &) const = default;
};

} // namespace countersign::pushdown
