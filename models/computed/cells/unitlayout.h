#pragma once

#include "models/scoretables/table.h"

#include <cstdint>
#include <vector>

namespace countersign::computed {

/// Where the rows of a log go so that those of a window's unit stand together, column after column. Within a unit rows are in no
/// particular order: what is computed from it must not depend on one.
class UnitLayout
{
public:
    /// Borrows the log. Without windows, or without times, all rows are one unit. Invalid: windows too fine for the span of time.
    static Result<UnitLayout> make(const predictions::PredictionLog &log, scoretables::WindowUnit unit, unsigned threads);

    /// A leaf a unit that occurs; no attributes and no entries.
    const scoretables::Table &table() const { return m_table; }
    std::size_t units() const { return m_first.size() - 1; }
    /// Rows of unit u are [first()[u], first()[u + 1]) of a column laid out.
    const std::vector<std::size_t> &first() const { return m_first; }
    std::size_t rows() const { return m_first.back(); }

    /// A number column. `to` is used again when it is large enough.
    void layOut(int numberColumn, std::vector<double> &to) const;
    /// A code column, its codes replaced: `byCode` is indexed by global code.
    void layOut(int codeColumn, const std::vector<std::uint32_t> &byCode, std::vector<std::uint32_t> &to) const;

private:
    template<class Work>
    void forEachChunk(const Work &work) const;
    Status place(scoretables::WindowUnit unit);

    const predictions::PredictionLog *m_log = nullptr;
    unsigned m_threads = 1;
    std::vector<std::size_t> m_chunkBegins;
    std::vector<std::uint32_t> m_places; ///< of each row; empty: rows stay where they are
    std::vector<std::size_t> m_first;
    scoretables::Table m_table;
};

} // namespace countersign::computed
