#pragma once

#include "models/predictions/formats/rowbuilder.h"
#include "models/pushdown/engines/engine.h"

namespace countersign::pushdown {

/// Groups of equal rows on their way into chunks, each row as often as it is told: every cell goes through the reader's RowBuilder, which knows what values
/// mean.
class GroupedRows
{
public:
    /// `trimsTexts`: outer spaces of a cell count for nothing, as in an unquoted cell of a file. Borrows both.
    GroupedRows(const predictions::Plan &plan, const Statement &statement, bool trimsTexts, std::size_t keepRejected);

    /// How many rows a group stands for, which its last cell says. Io: it does not, or with those before there are more than kMostRows.
    Result<std::uint64_t> rowsOf(std::span<const Cell> cells);
    /// One row of a chunk that stands for `rows` of them.
    void put(std::span<const Cell> cells, std::uint64_t rows);
    bool isFull() const { return m_builder.rowsTaken() >= kRowsAChunk; }

    /// What was put since the last time, and for how many rows each one stands.
    struct Taken {
        predictions::Chunk chunk;
        std::vector<std::uint64_t> counts;
        std::vector<predictions::RejectedRow> rejected; ///< rows that could not be taken, some of them
    };
    Taken take();
    const predictions::RowBuilder &builder() const { return m_builder; }

    static constexpr std::uint32_t kRowsAChunk = 16'384;
    static constexpr std::uint64_t kMostRows = std::uint64_t(1) << 53U; ///< counts up to here are exact in figures, and sums of them never run over

private:
    const Statement &m_statement;
    bool m_trimsTexts;
    std::uint64_t m_told = 0; ///< rows, by rowsOf()
    predictions::RowBuilder m_builder;
    std::vector<std::uint64_t> m_counts;
};

/// Rows told in groups, one by one again as a log in memory, up to a number of them: what a group takes is decided by a number that a server tells.
class RowsAgain
{
public:
    explicit RowsAgain(std::uint64_t most) : m_most(most) {}
    void add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts);
    /// False: there were more, and none are held.
    bool areAll() const { return m_rows <= m_most; }
    std::vector<predictions::Chunk> takeChunks() { return std::move(m_chunks); }

private:
    void take(const predictions::Chunk &chunk, std::span<const std::uint32_t> rows);

    std::uint64_t m_most;
    std::uint64_t m_rows = 0;
    std::vector<predictions::Chunk> m_chunks;
};

/// How the columns of a statement become those of chunks.
Result<predictions::Plan> planOf(const Statement &statement);

} // namespace countersign::pushdown
