#include "models/computed/comparisons/driftparts.h"

#include "models/computed/cells/cellnames.h"
#include "models/computed/comparisons/drifts.h"
#include "models/scoretables/families.h"

#include <map>

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::BinCounts;
using metrics::Figure;

std::string namesOf(const std::vector<ComputedCell> &windows)
{
    constexpr std::size_t kNamed = 12;
    std::string text;
    for (std::size_t i = 0; i < windows.size() && i < kNamed; ++i)
        text += (i > 0 ? ", " : "") + windows[i].window->name;
    return windows.size() > kNamed ? text + " and " + std::to_string(windows.size() - kNamed) + " more, the last " + windows.back().window->name : text;
}

/// First and last unit that "NAME" or "FIRST..LAST" means.
Result<WindowKey> referenceKey(const FamilyCells &cells, const std::vector<ComputedCell> &windows, const std::string &reference)
{
    const auto find = [&](const std::string &name) -> Result<WindowKey> {
        for (std::size_t w = 0; w < windows.size(); ++w)
            if (windows[w].window->name == name)
                return *cells.cells[w].window;
        return Error{ErrorKind::Invalid, "The log has no window \"" + name.substr(0, 60) + "\" to be the reference. There are " + namesOf(windows) + ".", {}};
    };
    const std::size_t dots = reference.find("..");
    if (dots == std::string::npos)
        return find(reference);
    const auto first = find(reference.substr(0, dots));
    const auto last = find(reference.substr(dots + 2));
    if (!first || !last)
        return !first ? first.error() : last.error();
    if (!first->hasTime || !last->hasTime || first->lastUnit > last->lastUnit)
        return Error{ErrorKind::Invalid, "The reference \"" + reference.substr(0, 60) + "\" ends before it begins.", {}};
    return WindowKey{first->lastUnit, last->lastUnit, true};
}

void add(ComputedDrift &drift, const char *name, Figure figure) { drift.figures.push_back({name, std::move(figure), {}}); }

void addMissing(const BinCounts &reference, std::uint64_t infinite, const metrics::Options &options, ComputedDrift &drift)
{
    const auto rowsOf = [](const BinCounts &counts) { return static_cast<double>(counts.rows + counts.missing); };
    auto change = metrics::missingChange(static_cast<double>(reference.missing), rowsOf(reference), static_cast<double>(drift.counts.missing),
                                         rowsOf(drift.counts), options);
    change.current.excluded = infinite;
    add(drift, "missing_rate", change.current);
    add(drift, "missing_rate_change", change.change);
    add(drift, "missing_rate_change_p", change.pValue);
}

} // namespace

std::vector<DriftColumn> driftColumnsOf(const predictions::Schema &schema)
{
    std::vector<DriftColumn> columns;
    const auto add = [&columns](const std::vector<std::string> &names, int index, DriftRole role) {
        if (index < 0)
            return;
        const std::string &name = names[static_cast<std::size_t>(index)];
        const bool isCategory = role == DriftRole::Category;
        if (std::ranges::none_of(columns, [&](const DriftColumn &c) { return c.name == name && (c.role == DriftRole::Category) == isCategory; }))
            columns.push_back({name, role, index, -1});
    };
    for (const int number : {schema.score, schema.predictionNumber, schema.labelNumber})
        add(schema.numberNames, number, DriftRole::Score);
    for (const int number : schema.classScores)
        add(schema.numberNames, number, DriftRole::Score);
    for (const int code : {schema.prediction, schema.label})
        add(schema.codeNames, code, DriftRole::Category);
    for (const int code : schema.attributes)
        add(schema.codeNames, code, DriftRole::Category);
    for (const int number : schema.numberFeatures)
        add(schema.numberNames, number, DriftRole::Number);
    for (const int code : schema.categoryFeatures)
        add(schema.codeNames, code, DriftRole::Category);
    return columns;
}

Result<std::vector<DriftColumn>> chosenColumns(const predictions::Schema &schema, const std::vector<std::string> &names)
{
    const std::vector<DriftColumn> all = driftColumnsOf(schema);
    if (names.empty())
        return all;
    std::vector<DriftColumn> chosen;
    for (const std::string &name : names) {
        const std::size_t before = chosen.size();
        std::ranges::copy_if(all, std::back_inserter(chosen), [&](const DriftColumn &column) { return column.name == name; });
        if (chosen.size() == before)
            return Error{ErrorKind::Invalid, "The mapping has no column \"" + predictions::shownSample(name) + "\" to look for drift in.", {}};
    }
    return chosen;
}

Status findInReference(const predictions::Schema &reference, std::vector<DriftColumn> &columns)
{
    const std::vector<DriftColumn> all = driftColumnsOf(reference);
    for (DriftColumn &column : columns) {
        const bool isCategory = column.role == DriftRole::Category;
        const auto own = std::ranges::find_if(all, [&](const DriftColumn &other) { return other.name == column.name && (other.role == DriftRole::Category) == isCategory; });
        if (own == all.end())
            return Error{ErrorKind::Invalid, "There is no column \"" + predictions::shownSample(column.name) + "\" to look for drift in.", {}};
        column.inReference = own->index;
    }
    return {};
}

Result<DriftSpans> spansOf(const Table &table, const Parameters &parameters, bool hasReferenceLog)
{
    const auto units = static_cast<std::uint32_t>(table.leaves().size());
    const bool hasWindows = table.unit() != WindowUnit::None && !table.leaves().empty();
    DriftSpans result;
    std::vector<std::uint8_t> isReference(units);
    const FamilyCells cells = hasWindows ? cellsOf(table, Family{{}, true}, parameters.window) : FamilyCells();
    const std::vector<ComputedCell> windows = namedCells(table, cells);
    if (!hasReferenceLog) {
        if (!hasWindows)
            return Error{ErrorKind::Invalid, "A window can be the reference only where the log is cut into windows: name the column of the time, and a window.", {}};
        const auto key = referenceKey(cells, windows, parameters.reference);
        if (!key)
            return key.error();
        for (std::uint32_t unit = 0; unit < units; ++unit) {
            const Leaf &leaf = table.leaves()[unit];
            isReference[unit] = leaf.hasTime == key->hasTime && (!leaf.hasTime || (leaf.unit >= key->firstUnit && leaf.unit <= key->lastUnit)) ? 1 : 0;
            if (isReference[unit])
                result.reference.push_back(unit);
        }
    }
    result.spans.resize(windows.size() + 1);
    for (std::uint32_t unit = 0; unit < units; ++unit) {
        if (!isReference[unit])
            result.spans.front().units.push_back(unit);
        for (std::uint32_t m = hasWindows ? cells.first[unit] : 0; hasWindows && m < cells.first[unit + 1]; ++m)
            result.spans[cells.members[m] + 1].units.push_back(unit);
    }
    for (std::size_t w = 0; w < windows.size(); ++w) {
        DriftSpan &span = result.spans[w + 1];
        span.window = windows[w].window;
        span.isReference = std::ranges::all_of(span.units, [&](std::uint32_t unit) { return isReference[unit] != 0; });
    }
    return result;
}

Categories Categories::of(const std::vector<std::string> &own, const std::vector<std::string> &other,
                          const std::function<std::vector<std::uint64_t>(const Categories &all)> &countAll)
{
    Categories all;
    all.names.assign(own.begin() + 1, own.end());
    if (own != other) { // never so for bands and for positive and negative, which have an order of their own
        all.names.insert(all.names.end(), other.begin() + 1, other.end());
        std::ranges::sort(all.names);
        all.names.erase(std::unique(all.names.begin(), all.names.end()), all.names.end());
    }
    if (all.names.size() <= kMostCategories)
        return all;
    const std::vector<std::uint64_t> counts = countAll(all);
    std::vector<std::size_t> order(all.names.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
    order.resize(kMostCategories - 1);
    std::ranges::sort(order);
    Categories kept;
    for (const std::size_t i : order)
        kept.names.push_back(std::move(all.names[i]));
    kept.names.emplace_back("(all others)");
    kept.hasRest = true;
    return kept;
}

std::vector<std::uint32_t> Categories::binsOf(const std::vector<std::string> &texts) const
{
    const std::size_t told = names.size() - (hasRest ? 1 : 0);
    std::map<std::string_view, std::uint32_t> bins;
    for (std::size_t bin = 0; bin < told; ++bin)
        bins.emplace(names[bin], static_cast<std::uint32_t>(bin));
    std::vector<std::uint32_t> result{static_cast<std::uint32_t>(names.size())};
    for (std::size_t code = 1; code < texts.size(); ++code) {
        const auto found = bins.find(texts[code]);
        result.push_back(found == bins.end() ? static_cast<std::uint32_t>(told) : found->second);
    }
    return result;
}

std::vector<ComputedDrift> startedDrifts(const DriftSpans &spans, const DriftColumn &column)
{
    std::vector<ComputedDrift> drifts(spans.spans.size());
    for (std::size_t s = 0; s < drifts.size(); ++s) {
        drifts[s].window = spans.spans[s].window;
        drifts[s].isReference = spans.spans[s].isReference;
        drifts[s].column = column.name;
        drifts[s].role = column.role;
    }
    return drifts;
}

void addNumberFigures(const BinCounts &reference, const metrics::NumberReference::Distances &distances, std::uint64_t infinite, const metrics::Options &options,
                      ComputedDrift &drift)
{
    add(drift, "psi", metrics::psi(reference, drift.counts));
    add(drift, "js_divergence", metrics::jensenShannonDivergence(reference, drift.counts));
    add(drift, "js_distance", metrics::jensenShannonDistance(reference, drift.counts));
    add(drift, "ks", distances.ks.statistic);
    add(drift, "wasserstein", distances.wasserstein);
    addMissing(reference, infinite, options, drift);
    drift.pValue = distances.ks.pValue;
}

void addCategoryFigures(const BinCounts &reference, const metrics::Options &options, ComputedDrift &drift)
{
    std::vector<double> before;
    std::vector<double> now;
    for (std::size_t bin = 0; bin < drift.counts.counts.size(); ++bin) {
        const double old = reference.counts[bin];
        const double current = drift.counts.counts[bin];
        if (old <= 0 && current <= 0)
            continue;
        before.push_back(old);
        now.push_back(current);
        drift.appeared += old <= 0 ? 1 : 0;
        drift.vanished += current <= 0 ? 1 : 0;
    }
    const auto chi = metrics::chiSquare(before, now);
    add(drift, "psi", metrics::psi(before, now));
    add(drift, "js_divergence", metrics::jensenShannonDivergence(before, now));
    add(drift, "js_distance", metrics::jensenShannonDistance(before, now));
    add(drift, "chi_square", chi.statistic);
    add(drift, "cramers_v", chi.cramersV);
    addMissing(reference, 0, options, drift);
    drift.pValue = chi.pValue;
    drift.isLowExpected = chi.isLowExpected;
}

} // namespace countersign::computed
