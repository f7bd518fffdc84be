#pragma once

#include "models/scoretables/table.h"

/// Cells: the groups of rows that figures are for. A family is a way to cut all rows (by sex; by sex and race; by week and sex).
namespace countersign::scoretables {

struct Family {
    std::vector<std::size_t> attributes; ///< indexes into Table::attributes(), ascending; empty: everybody
    bool byWindow = false;
    bool operator==(const Family &) const = default;
};

/// Consecutive units, as many as the window spec says, ending with `lastUnit`.
struct WindowKey {
    std::int64_t firstUnit = 0;
    std::int64_t lastUnit = 0;
    bool hasTime = true; ///< false: the rows without a time
    auto operator<=>(const WindowKey &) const = default;
};

struct CellKey {
    std::optional<WindowKey> window;  ///< none: all of time
    std::vector<std::uint32_t> codes; ///< values of the family's attributes
    bool operator==(const CellKey &) const = default;
};

/// The cells of a family and which leaves they are made of.
struct FamilyCells {
    Family family;
    std::vector<CellKey> cells;               ///< by window, then by values in the order of the attributes
    /// Cells of a leaf: [first[leaf], first[leaf + 1]) in `members`. One, but for rolling windows.
    std::vector<std::uint32_t> first;
    std::vector<std::uint32_t> members;
};

/// Everybody; each attribute; combinations up to `depth`; the same by window up to `windowDepth` (0: everybody by window).
std::vector<Family> familiesUpTo(std::size_t attributes, std::size_t depth, bool hasWindows, std::size_t windowDepth);

/// Cells that nobody belongs to are listed while all combinations of values that occur are no more than this.
inline constexpr std::size_t kMostCellsListed = 20'000;
FamilyCells cellsOf(const Table &table, const Family &family, const WindowSpec &window);

/// Leaves added up by cell.
std::vector<metrics::Counts> addUp(const FamilyCells &cells, const std::vector<metrics::Counts> &byLeaf);

} // namespace countersign::scoretables
