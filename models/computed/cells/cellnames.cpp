#include "models/computed/cells/cellnames.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

ComputedWindow windowOf(const Table &table, const WindowKey &key)
{
    if (!key.hasTime)
        return {{}, {}, "(no time)", false};
    return {unitStart(table.unit(), key.firstUnit), unitStart(table.unit(), key.lastUnit + 1), unitName(table.unit(), key.lastUnit), true};
}

GroupValues groupOf(const Table &table, const FamilyCells &cells, const CellKey &key)
{
    GroupValues group;
    for (std::size_t a = 0; a < key.codes.size(); ++a) {
        const Attribute &attribute = table.attributes()[cells.family.attributes[a]];
        group.emplace_back(attribute.name, key.codes[a] == 0 ? std::string(kMissingName) : attribute.values[key.codes[a]]);
    }
    return group;
}

} // namespace

Result<std::vector<Family>> familiesFor(const Table &table, const Parameters &parameters)
{
    const bool hasWindows = table.unit() != WindowUnit::None;
    if (parameters.families.empty())
        return familiesUpTo(table.attributes().size(), parameters.depth, hasWindows, parameters.windowDepth);
    std::vector<Family> families{Family{}};
    for (const auto &[names, byWindow] : parameters.families) {
        Family family{{}, byWindow && hasWindows};
        for (const auto &name : names) {
            const auto found = std::ranges::find(table.attributes(), name, &Attribute::name);
            if (found == table.attributes().end())
                return Error{ErrorKind::Invalid, "The log has no attribute \"" + name.substr(0, 60) + "\".", {}};
            family.attributes.push_back(static_cast<std::size_t>(found - table.attributes().begin()));
        }
        std::ranges::sort(family.attributes);
        if (std::ranges::find(families, family) == families.end())
            families.push_back(std::move(family));
    }
    return families;
}

std::vector<ComputedCell> namedCells(const Table &table, const FamilyCells &cells)
{
    std::vector<ComputedCell> named(cells.cells.size());
    for (std::size_t c = 0; c < named.size(); ++c) {
        const CellKey &key = cells.cells[c];
        if (key.window)
            named[c].window = windowOf(table, *key.window);
        named[c].group = groupOf(table, cells, key);
    }
    return named;
}

} // namespace countersign::computed
