#include "models/scoretables/families.h"

#include <map>
#include <set>
#include <tuple>

namespace countersign::scoretables {

namespace {

/// The windows of a family: for each unit that occurs the one that ends with it.
std::vector<WindowKey> windowsOf(const Table &table, const WindowSpec &spec)
{
    std::set<WindowKey> windows;
    for (const Leaf &leaf : table.leaves()) {
        if (leaf.hasTime)
            windows.insert({leaf.unit - spec.length + 1, leaf.unit, true});
        else
            windows.insert({0, 0, false});
    }
    // Rows without a time come last.
    std::vector<WindowKey> sorted(windows.begin(), windows.end());
    std::stable_partition(sorted.begin(), sorted.end(), [](const WindowKey &window) { return window.hasTime; });
    return sorted;
}

std::vector<std::uint32_t> codesOf(const Leaf &leaf, const Family &family)
{
    std::vector<std::uint32_t> codes;
    for (const std::size_t attribute : family.attributes)
        codes.push_back(leaf.codes[attribute]);
    return codes;
}

/// Values in the order of people: as the dictionary has them, the missing one last.
std::vector<std::uint32_t> shownOrder(const std::vector<std::uint32_t> &codes)
{
    std::vector<std::uint32_t> order = codes;
    for (auto &code : order)
        code -= 1; // missing (0) becomes the largest
    return order;
}

/// Every combination of values that occur, one attribute with the other; nothing when they are too many.
std::vector<std::vector<std::uint32_t>> allCombinations(const Table &table, const Family &family, std::size_t windows)
{
    std::vector<std::set<std::uint32_t>> values(family.attributes.size());
    for (const Leaf &leaf : table.leaves())
        for (std::size_t a = 0; a < family.attributes.size(); ++a)
            values[a].insert(leaf.codes[family.attributes[a]]);
    std::size_t size = std::max<std::size_t>(1, windows);
    for (const auto &own : values)
        size = size > kMostCellsListed ? size : size * own.size();
    if (size > kMostCellsListed || size == 0)
        return {};
    std::vector<std::vector<std::uint32_t>> combinations{{}};
    for (const auto &own : values) {
        std::vector<std::vector<std::uint32_t>> longer;
        for (const auto &combination : combinations)
            for (const std::uint32_t value : own) {
                longer.push_back(combination);
                longer.back().push_back(value);
            }
        combinations = std::move(longer);
    }
    return combinations;
}

/// Calls use(window index) for each window that a leaf belongs to.
template<class Use>
void forEachWindow(const Leaf &leaf, const std::vector<WindowKey> &windows, const Use &use)
{
    if (!leaf.hasTime) {
        use(windows.size() - 1);
        return;
    }
    auto window = std::ranges::lower_bound(windows.begin(), windows.end() - (windows.back().hasTime ? 0 : 1), leaf.unit, {}, &WindowKey::lastUnit);
    for (; window != windows.end() && window->hasTime && window->firstUnit <= leaf.unit; ++window)
        use(static_cast<std::size_t>(window - windows.begin()));
}

void addSubsets(std::size_t attributes, std::size_t size, bool byWindow, std::vector<Family> &families)
{
    std::vector<std::size_t> chosen(size);
    const auto choose = [&](auto &self, std::size_t at, std::size_t from) -> void {
        if (at == size) {
            families.push_back({chosen, byWindow});
            return;
        }
        for (std::size_t a = from; a < attributes; ++a) {
            chosen[at] = a;
            self(self, at + 1, a + 1);
        }
    };
    choose(choose, 0, 0);
}

} // namespace

std::vector<Family> familiesUpTo(std::size_t attributes, std::size_t depth, bool hasWindows, std::size_t windowDepth)
{
    std::vector<Family> families;
    for (std::size_t size = 0; size <= std::min(depth, attributes); ++size)
        addSubsets(attributes, size, false, families);
    for (std::size_t size = 0; hasWindows && size <= std::min(windowDepth, attributes); ++size)
        addSubsets(attributes, size, true, families);
    return families;
}

FamilyCells cellsOf(const Table &table, const Family &family, const WindowSpec &spec)
{
    FamilyCells result;
    result.family = family;
    const std::vector<WindowKey> windows = family.byWindow ? windowsOf(table, spec) : std::vector<WindowKey>();
    // A cell's place: window, then values in shown order.
    using Place = std::pair<std::size_t, std::vector<std::uint32_t>>;
    std::map<Place, std::uint32_t> places;
    const auto forEachPlace = [&](const Leaf &leaf, const auto &use) {
        const auto order = shownOrder(codesOf(leaf, family));
        if (!family.byWindow)
            use(Place{0, order});
        else
            forEachWindow(leaf, windows, [&](std::size_t window) { use(Place{window, order}); });
    };
    for (const Leaf &leaf : table.leaves())
        forEachPlace(leaf, [&](const Place &place) { places.emplace(place, 0); });
    const std::size_t cuts = family.byWindow ? windows.size() : 1; // none where there are windows and no rows
    for (const auto &codes : allCombinations(table, family, windows.size()))
        for (std::size_t window = 0; window < cuts; ++window)
            places.emplace(Place{window, shownOrder(codes)}, 0);
    if (family.attributes.empty() && !family.byWindow)
        places.emplace(Place{}, 0); // everybody is there even when nobody is
    for (auto &[place, index] : places) {
        index = static_cast<std::uint32_t>(result.cells.size());
        CellKey cell;
        if (family.byWindow)
            cell.window = windows[place.first];
        for (const std::uint32_t shown : place.second)
            cell.codes.push_back(shown + 1);
        result.cells.push_back(std::move(cell));
    }
    for (const Leaf &leaf : table.leaves()) {
        result.first.push_back(static_cast<std::uint32_t>(result.members.size()));
        forEachPlace(leaf, [&](const Place &place) { result.members.push_back(places.at(place)); });
    }
    result.first.push_back(static_cast<std::uint32_t>(result.members.size()));
    return result;
}

std::vector<metrics::Counts> addUp(const FamilyCells &cells, const std::vector<metrics::Counts> &byLeaf)
{
    std::vector<metrics::Counts> counts(cells.cells.size());
    for (std::size_t leaf = 0; leaf < byLeaf.size(); ++leaf)
        for (std::uint32_t m = cells.first[leaf]; m < cells.first[leaf + 1]; ++m)
            counts[cells.members[m]] += byLeaf[leaf];
    return counts;
}

} // namespace countersign::scoretables
