#pragma once

#include "models/base/digest.h"
#include "models/predictions/reader.h"
#include "models/pushdown/engines/engine.h"

namespace countersign::pushdown {

/// One column of a table: which values it has in which window, and how often. What figures of one column alone need, however many rows there are.
struct ColumnGroups {
    struct Group {
        std::int32_t hour = 0;   ///< as in Chunk::hours
        std::uint64_t value = 0; ///< a number's bits, or a code: place in `texts`
        std::uint64_t rows = 0;
        auto operator<=>(const Group &) const = default;
    };
    std::string name;
    bool isNumber = true;
    bool hasTime = false;
    std::vector<Group> groups;      ///< in their order, each value once
    std::vector<std::string> texts; ///< by code; [0] is missing
    std::uint64_t rows = 0;         ///< refused ones included
    std::uint64_t refused = 0;      ///< a cell of theirs is no value of its column

    /// The rows as a log of this one column; each is held, so that `rows` is what it takes.
    predictions::PredictionLog log() const;
    /// How that log, and chunk(), are laid out.
    predictions::Schema schema() const;
    predictions::MergedDictionaries dictionaries() const;
    /// The groups as rows of a chunk with one column, and how often each occurs.
    predictions::Chunk chunk() const;
    std::vector<std::uint64_t> counts() const;
};

struct ColumnOptions {
    bool trimsTexts = true;
    std::size_t mostGroups = 0;
    Progress progress;
};

/// Runs a statement of one column (statement.h); of delays, the numbers are days. Nothing: there are more groups than allowed.
Result<std::optional<ColumnGroups>> groupsOf(Engine &engine, const Statement &statement, std::string name, bool areDelays, const ColumnOptions &options);

/// What stands for the bytes of the file where columns were counted besides the table: SHA-256 over the table's digest and every group.
Digest digestWith(const Digest &table, const std::vector<ColumnGroups> &columns);

} // namespace countersign::pushdown
