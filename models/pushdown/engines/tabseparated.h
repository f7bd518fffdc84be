#pragma once

#include "models/pushdown/engines/engine.h"

namespace countersign::pushdown {

/// Takes ClickHouse's TabSeparated apart as it comes: cells by tabs, rows by line feeds, both and the backslash escaped within cells, \N for
/// NULL; an empty line before the line of totals.
class TabSeparatedReader
{
public:
    explicit TabSeparatedReader(bool hasTotals) : m_hasTotals(hasTotals) {}

    Status add(std::string_view bytes, const RowSink &sink);
    /// After the last bytes: false when a line or the totals are missing.
    bool isWhole() const { return m_rest.empty() && m_failure.empty() && (!m_hasTotals || m_state == State::Totals); }
    /// What a server wrote into the middle of its answer when it failed; else what came last and is no line yet.
    const std::string &failure() const { return m_failure.empty() ? m_rest : m_failure; }
    std::uint64_t rows() const { return m_rows; }

private:
    enum class State : std::uint8_t { Rows, Blank, Totals };
    Status line(std::string_view text, const RowSink &sink);

    bool m_hasTotals;
    State m_state = State::Rows;
    std::string m_rest;     ///< of a line that is not complete
    std::string m_failure;
    std::string m_unescaped;
    std::vector<Cell> m_cells;
    std::uint64_t m_rows = 0;
};

} // namespace countersign::pushdown
