#pragma once

#include "models/computed/computedset.h"
#include "models/predictions/reader.h"
#include "models/pushdown/engines/engine.h"

/// Figures of rows that stay where they are: the engine groups equal rows and counts them, and what differs travels. The table that comes out is
/// the one that reading the same rows from a file gives, and so are the figures, to the last digit.
namespace countersign::pushdown {

struct PushOptions {
    /// Round scores when their combinations with groups are too many for memory, as computeBounded() does; otherwise that is an error.
    bool isBounded = false;
    std::size_t entries = std::size_t(1) << 26U; ///< distinct combinations that may be held, a power of two; 16 bytes each
    unsigned threads = 0;
    std::size_t keepRejected = 100;
    std::uint64_t comparedRows = std::uint64_t(1) << 26U; ///< drift: the values of so many rows are held one by one; of more, and with isBounded, they are counted
    std::size_t columnGroups = std::size_t(1) << 24U;     ///< different values and windows of one column (a feature, the delay of labels)
    Progress progress;
};

struct Pushed {
    scoretables::Table table;
    /// name: place and table; digest: tableDigest(); query: the statement; format Table; bytes 0. Rejected rows have no number.
    predictions::LogFacts facts;
    predictions::Mapping mapping; ///< as it was used: without features and the time of the label
};

/// The statement for a question, asked of a table that nobody has looked at: numbers are taken for binary64, times for timestamps. For a table
/// that is so, it is the one that pushDown() runs.
Result<Statement> statementFor(const Location &location, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit);

/// That statement, then those of delays of labels and, with `isDrift`, of features, as computePushed() runs them for rows that are all good.
Result<std::vector<Statement>> statementsFor(const Location &location, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                                             bool isDrift);

/// Looks at the table's columns, groups, and takes the groups. `threshold` matters with isBounded only.
Result<Pushed> pushDown(Engine &engine, const TableName &table, const predictions::Mapping &mapping, scoretables::WindowUnit unit,
                        const PushOptions &options = {}, std::optional<double> threshold = {});

/// The same, to figures: all of computeLog() for a file with the same rows. Drift and delays of labels take a further statement for each
/// feature and for the delays; what cannot be had is a sentence in ComputedSet::notes. `reference`: a log that drift is against, read here; without it, drift
/// is against windows, where the parameters name some.
/// A cell of a feature, or of the time of the label, that is no value of its column does not refuse its row, as it does in a file; that is noted.
Result<computed::ComputedSet> computePushed(Engine &engine, const TableName &table, const predictions::Mapping &mapping,
                                            const computed::Parameters &parameters, const PushOptions &options = {},
                                            std::optional<predictions::LogReader> reference = {});

} // namespace countersign::pushdown
