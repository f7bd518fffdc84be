#pragma once

#include "models/computed/cells/labels.h"
#include "models/pushdown/engines/engine.h"
#include "models/scoretables/table.h"

namespace countersign::pushdown {

struct GatherOptions {
    scoretables::WindowUnit unit = scoretables::WindowUnit::None;
    /// Distinct combinations that may be held; a power of two. Beyond it: an error, or coarser scores when `mayRound`.
    std::size_t entries = std::size_t(1) << 26U;
    bool mayRound = false;
    std::optional<double> threshold; ///< with `mayRound`: decisions at it are counted before anything is rounded
    unsigned threads = 0;
    bool trimsTexts = true;          ///< outer spaces of a cell count for nothing, as in an unquoted cell of a file
    std::size_t keepRejected = 100;
    std::uint64_t memoryLimit = 0;   ///< bytes of columns that rows with weights may take; 0: half of the machine's memory
    Progress progress;
    /// Sees every chunk as it is taken, and how many equal rows each of its rows stands for (empty: one).
    std::function<void(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts)> pass = {};
};

struct Gathered {
    scoretables::Table table;
    predictions::Rejects rejects;
    std::uint64_t rows = 0;
    std::optional<Instant> firstTime; ///< to the unit of the windows
    std::optional<Instant> lastTime;
    predictions::MergedDictionaries texts; ///< of the chunks that passed
    computed::SeenLabels labels;
};

/// Makes the table out of groups of equal rows, by the same steps as out of a file: every distinct row goes through the reader's RowBuilder,
/// which knows what values mean, and counts as often as it occurs. So the table is that of the rows read one by one.
class Gatherer
{
public:
    static Result<Gatherer> make(const Statement &statement, const GatherOptions &options);
    Gatherer(Gatherer &&) noexcept;
    Gatherer &operator=(Gatherer &&) noexcept;
    ~Gatherer();

    /// How chunks are laid out.
    const predictions::Schema &schema() const;
    /// A cell for each field of the statement, then the number of rows. Invalid: the rows do not fit into memory, or too many leaves. Io: not
    /// what was asked for.
    Status add(std::span<const Cell> cells);
    Result<Gathered> finish();

private:
    struct Private;
    explicit Gatherer(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

} // namespace countersign::pushdown
