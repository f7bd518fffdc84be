#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace countersign::predictions {

/// The cells of some consecutive rows, column by column, as pieces of the text that they stand in: a column at a time, what is done to
/// a cell is one short loop. Only columns that are used have a place.
class CellBlock
{
public:
    static constexpr std::size_t kRows = 128; ///< the cells of ten columns stay in the first-level cache

    /// `isUsed`: by column of the log.
    explicit CellBlock(const std::vector<bool> &isUsed)
    {
        for (std::size_t column = 0; column < isUsed.size(); ++column)
            if (isUsed[column])
                m_columns.push_back(column);
        m_places.assign(isUsed.size(), m_columns.size() * kRows); // what is not used goes to one place behind the others
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            m_places[m_columns[i]] = i * kRows;
        m_cells.resize((m_columns.size() + 1) * kRows);
    }

    std::size_t rows = 0;

    void set(std::size_t column, std::string_view cell) { m_cells[m_places[column] + rows] = cell; } ///< of the row `rows`
    const std::vector<std::size_t> &columns() const { return m_columns; }                             ///< used ones, ascending
    const std::string_view *cellsOf(std::size_t column) const { return m_cells.data() + m_places[column]; }

private:
    std::vector<std::size_t> m_columns;
    std::vector<std::size_t> m_places;
    std::vector<std::string_view> m_cells;
};

} // namespace countersign::predictions
