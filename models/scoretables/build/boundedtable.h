#pragma once

#include "models/scoretables/table.h"

namespace countersign::scoretables {

struct BoundedOptions {
    WindowUnit unit = WindowUnit::None;
    /// Decisions at this threshold are counted row by row, exactly, whatever becomes of the scores. None: the log's own.
    std::optional<double> threshold;
    /// Round scores down to multiples of this from the start; a power of two. 0: exact for as long as memory allows.
    double scoreStep = 0;
    std::uint64_t entryBytes = 64U << 20; ///< that the threads' tallies of (score, leaf, label) may take together
    predictions::ReadOptions read;
    /// Sees every chunk as it passes, on the reading threads, for what a table does not count.
    std::function<void(unsigned thread, const predictions::Chunk &chunk)> pass = {};
};

struct BoundedTable {
    Table table;
    predictions::LogFacts facts;
    predictions::MergedDictionaries texts = {}; ///< of the chunks that passed
};

/// A table of a log that is larger than memory, or comes through a pipe: rows are counted by score, leaf, decision and label as they
/// pass, never kept. Exact while the different combinations fit; when they do not, scores are rounded down to multiples of a power
/// of two, four times coarser each time they fill up, and Table::scoreStep() says so. Counts of decisions, log loss, Brier score and
/// calibration stay exact; what follows from the order of scores (AUC, KS, average precision) has an error bound beside it.
/// Weights cost nothing of this: of rows that are counted together their sum and the sum of their squares are kept.
/// Give the recorded step again to compute the same figures again. Memory: about 100 MiB for 64 MiB of tallies and two threads.
/// Invalid: more than 200,000 leaves.
Result<BoundedTable> buildBoundedTable(predictions::LogReader &reader, const predictions::Mapping &mapping, const BoundedOptions &options = {});

} // namespace countersign::scoretables
