#include "models/computed/comparisons/drifts.h"

#include "models/base/parallel.h"
#include "models/computed/cells/cellnames.h"
#include "models/computed/cells/sortedruns.h"
#include "models/computed/cells/unitlayout.h"
#include "models/metrics/intervals/multiplicity.h"

#include <map>

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::BinCounts;
using metrics::Figure;
using predictions::PredictionLog;

struct Column {
    std::string name;
    DriftRole role = DriftRole::Number;
    int index = 0; ///< of Chunk::codes for categories, else of Chunk::numbers
};

std::vector<Column> columnsOf(const predictions::Schema &schema)
{
    std::vector<Column> columns;
    const auto add = [&columns](const std::vector<std::string> &names, int index, DriftRole role) {
        if (index < 0)
            return;
        const std::string &name = names[static_cast<std::size_t>(index)];
        const bool isCategory = role == DriftRole::Category;
        if (std::ranges::none_of(columns, [&](const Column &c) { return c.name == name && (c.role == DriftRole::Category) == isCategory; }))
            columns.push_back({name, role, index});
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

Result<std::vector<Column>> chosenColumns(const predictions::Schema &schema, const std::vector<std::string> &names)
{
    const std::vector<Column> all = columnsOf(schema);
    if (names.empty())
        return all;
    std::vector<Column> chosen;
    for (const std::string &name : names) {
        const std::size_t before = chosen.size();
        std::ranges::copy_if(all, std::back_inserter(chosen), [&](const Column &column) { return column.name == name; });
        if (chosen.size() == before)
            return Error{ErrorKind::Invalid, "The mapping has no column \"" + name.substr(0, 60) + "\" to look for drift in.", {}};
    }
    return chosen;
}

/// A window, or all rows that are not the reference: which units it is made of.
struct Span {
    std::optional<ComputedWindow> window;
    std::vector<std::uint32_t> units;
    bool isReference = false;
};

/// The windows of a log, and the units that are the reference.
struct Spans {
    std::vector<Span> spans;
    std::vector<std::uint32_t> reference; ///< empty: another log is
};

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

Result<Spans> spansOf(const UnitLayout &layout, const Parameters &parameters, bool hasReferenceLog)
{
    const Table &table = layout.table();
    const bool hasWindows = table.unit() != WindowUnit::None && !table.leaves().empty();
    Spans result;
    std::vector<std::uint8_t> isReference(layout.units());
    const FamilyCells cells = hasWindows ? cellsOf(table, Family{{}, true}, parameters.window) : FamilyCells();
    const std::vector<ComputedCell> windows = namedCells(table, cells);
    if (!hasReferenceLog) {
        if (!hasWindows)
            return Error{ErrorKind::Invalid, "A window can be the reference only where the log is cut into windows: name the column of the time, and a window.", {}};
        const auto key = referenceKey(cells, windows, parameters.reference);
        if (!key)
            return key.error();
        for (std::uint32_t unit = 0; unit < layout.units(); ++unit) {
            const Leaf &leaf = table.leaves()[unit];
            isReference[unit] = leaf.hasTime == key->hasTime && (!leaf.hasTime || (leaf.unit >= key->firstUnit && leaf.unit <= key->lastUnit)) ? 1 : 0;
            if (isReference[unit])
                result.reference.push_back(unit);
        }
    }
    result.spans.resize(windows.size() + 1);
    for (std::uint32_t unit = 0; unit < layout.units(); ++unit) {
        if (!isReference[unit])
            result.spans.front().units.push_back(unit);
        for (std::uint32_t m = hasWindows ? cells.first[unit] : 0; hasWindows && m < cells.first[unit + 1]; ++m)
            result.spans[cells.members[m] + 1].units.push_back(unit);
    }
    for (std::size_t w = 0; w < windows.size(); ++w) {
        Span &span = result.spans[w + 1];
        span.window = windows[w].window;
        span.isReference = std::ranges::all_of(span.units, [&](std::uint32_t unit) { return isReference[unit] != 0; });
    }
    return result;
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

/// Works through the columns of a log; keeps one of them in memory at a time.
class Comparer
{
public:
    Comparer(const PredictionLog &log, const PredictionLog *reference, const Parameters &parameters, const Progress &progress)
        : m_log(log), m_referenceLog(reference), m_parameters(parameters), m_progress(progress), m_threads(predictions::threadCount(parameters.threads))
    {
    }

    Result<Drifts> compare(const std::vector<std::string> &names)
    {
        const auto columns = chosenColumns(m_log.schema, names);
        if (!columns)
            return columns.error().in(m_log.facts.name);
        auto layout = UnitLayout::make(m_log, m_parameters.window.unit, m_threads);
        if (!layout)
            return layout.error();
        auto spans = spansOf(*layout, m_parameters, m_referenceLog != nullptr);
        if (!spans)
            return spans.error().in(m_log.facts.name);
        m_layout = *std::move(layout);
        m_spans = *std::move(spans);
        if (m_referenceLog) {
            auto other = UnitLayout::make(*m_referenceLog, WindowUnit::None, m_threads);
            if (!other)
                return other.error();
            m_referenceLayout = *std::move(other);
        }
        std::size_t done = 0;
        for (const Column &column : *columns) {
            m_progress(done++, columns->size(), "comparing columns");
            if (m_progress.isCancelled())
                return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
            column.role == DriftRole::Category ? compareCategory(column) : compareNumber(column);
        }
        adjustPValues(m_result.drifts);
        return std::move(m_result);
    }

private:
    std::vector<ComputedDrift> started(const Column &column) const
    {
        std::vector<ComputedDrift> drifts(m_spans.spans.size());
        for (std::size_t s = 0; s < drifts.size(); ++s) {
            drifts[s].window = m_spans.spans[s].window;
            drifts[s].isReference = m_spans.spans[s].isReference;
            drifts[s].column = column.name;
            drifts[s].role = column.role;
        }
        return drifts;
    }

    // ---- numbers

    /// Values of some units as one run, and what is missing there.
    struct Sample {
        Run values;
        std::uint64_t missing = 0;
        std::uint64_t infinite = 0;
    };
    struct Room {
        std::vector<double> values;
        std::vector<std::uint64_t> keys;
    };
    static Sample sampleOf(const SortedRuns &runs, const std::vector<std::uint32_t> &units, unsigned threads, Room &room)
    {
        Sample sample;
        std::vector<Run> all;
        for (const std::uint32_t unit : units) {
            const SortedRuns::Unit &own = runs.units()[unit];
            all.insert(all.end(), own.runs.begin(), own.runs.end());
            sample.missing += own.absent + own.infinite;
            sample.infinite += own.infinite;
        }
        sample.values = unionOf(all, threads, room.values, room.keys);
        return sample;
    }
    static BinCounts countsOf(const metrics::BinEdges &edges, const Sample &sample)
    {
        BinCounts counts = metrics::countSorted(edges, sample.values);
        counts.missing = sample.missing;
        return counts;
    }

    /// The reference's values; `values` and `room` hold what they are made of.
    Sample referenceSample(const Column &column, const SortedRuns &own, std::vector<double> &values, Room &room) const
    {
        if (!m_referenceLog)
            return sampleOf(own, m_spans.reference, m_threads, room);
        m_referenceLayout.layOut(column.index, values);
        const SortedRuns runs(values, m_referenceLayout.first(), m_threads);
        std::vector<std::uint32_t> all(m_referenceLayout.units());
        return sampleOf(runs, all, m_threads, room);
    }

    void compareNumber(const Column &column)
    {
        m_layout.layOut(column.index, m_values);
        const SortedRuns runs(m_values, m_layout.first(), m_threads);
        const Sample sample = referenceSample(column, runs, m_referenceValues, m_referenceRoom);
        const metrics::NumberReference reference(sample.values);
        ReferenceColumn described{column.name, column.role, metrics::referenceEdges(sample.values), {}, {}};
        described.counts = countsOf(described.edges, sample);
        std::vector<ComputedDrift> drifts = started(column);
        std::vector<Room> rooms(m_threads);
        // All rows at once are as many as all windows together: made on all threads, then measured first.
        const Sample all = sampleOf(runs, m_spans.spans.front().units, m_threads, m_allRoom);
        forEachTask(drifts.size(), m_threads, [&](std::size_t s, unsigned thread) {
            if (!m_progress.isCancelled())
                measure(reference, described, s == 0 ? all : sampleOf(runs, m_spans.spans[s].units, 1, rooms[thread]), drifts[s]);
        });
        take(std::move(described), std::move(drifts));
    }

    void measure(const metrics::NumberReference &reference, const ReferenceColumn &described, const Sample &sample, ComputedDrift &drift) const
    {
        drift.counts = countsOf(described.edges, sample);
        const auto distances = reference.to(sample.values);
        add(drift, "psi", metrics::psi(described.counts, drift.counts));
        add(drift, "js_divergence", metrics::jensenShannonDivergence(described.counts, drift.counts));
        add(drift, "js_distance", metrics::jensenShannonDistance(described.counts, drift.counts));
        add(drift, "ks", distances.ks.statistic);
        add(drift, "wasserstein", distances.wasserstein);
        addMissing(described.counts, sample.infinite, m_parameters.options, drift);
        drift.pValue = distances.ks.pValue;
    }

    // ---- categories

    /// Rows by unit and bin; the last bin is "missing".
    using UnitCounts = std::vector<std::vector<std::uint64_t>>;
    static UnitCounts countUnits(const UnitLayout &layout, int column, const std::vector<std::uint32_t> &binOfCode, std::size_t bins, unsigned threads,
                                 std::vector<std::uint32_t> &codes)
    {
        layout.layOut(column, binOfCode, codes);
        UnitCounts counts(layout.units(), std::vector<std::uint64_t>(bins + 1));
        forEachTask(layout.units(), threads, [&](std::size_t unit, unsigned) {
            for (std::size_t i = layout.first()[unit]; i < layout.first()[unit + 1]; ++i)
                ++counts[unit][codes[i]];
        });
        return counts;
    }
    static std::vector<std::uint64_t> addUpUnits(const UnitCounts &counts, const std::vector<std::uint32_t> &units, std::size_t bins)
    {
        std::vector<std::uint64_t> sum(bins + 1);
        for (const std::uint32_t unit : units)
            for (std::size_t bin = 0; bin <= bins; ++bin)
                sum[bin] += counts[unit][bin];
        return sum;
    }
    static BinCounts binCounts(std::span<const std::uint64_t> sums)
    {
        BinCounts counts(static_cast<int>(sums.size()) - 1);
        for (std::size_t bin = 0; bin < counts.counts.size(); ++bin) {
            counts.counts[bin] = static_cast<double>(sums[bin]);
            counts.rows += sums[bin];
        }
        counts.missing = sums.back();
        return counts;
    }
    static const std::vector<std::string> &namesIn(const PredictionLog &log, int column)
    {
        return log.dictionaries[static_cast<std::size_t>(log.schema.codeDictionary[static_cast<std::size_t>(column)])];
    }
    /// Bins of a log's codes; what has no bin of its own goes to `rest`, missing (code 0) to the one after the last.
    static std::vector<std::uint32_t> binsOfCodes(const std::vector<std::string> &texts, const std::map<std::string, std::uint32_t, std::less<>> &bins,
                                                  std::uint32_t rest, std::uint32_t missing)
    {
        std::vector<std::uint32_t> result{missing};
        for (std::size_t code = 1; code < texts.size(); ++code) {
            const auto found = bins.find(texts[code]);
            result.push_back(found == bins.end() ? rest : found->second);
        }
        return result;
    }

    void compareCategory(const Column &column)
    {
        const auto &own = namesIn(m_log, column.index);
        const auto &other = m_referenceLog ? namesIn(*m_referenceLog, column.index) : own;
        std::vector<std::string> names(own.begin() + 1, own.end());
        if (own != other) { // never so for bands and for positive and negative, which have an order of their own
            names.insert(names.end(), other.begin() + 1, other.end());
            std::ranges::sort(names);
            names.erase(std::unique(names.begin(), names.end()), names.end());
        }
        const bool hasRest = names.size() > kMostCategories;
        if (hasRest)
            names = mostFrequent(column, names);
        std::map<std::string, std::uint32_t, std::less<>> bins;
        for (const std::string &name : names)
            bins.emplace(name, static_cast<std::uint32_t>(bins.size()));
        const auto rest = static_cast<std::uint32_t>(names.size());
        if (hasRest)
            names.emplace_back("(all others)");
        const std::size_t size = names.size();
        const auto missing = static_cast<std::uint32_t>(size);
        const UnitCounts counts = countUnits(m_layout, column.index, binsOfCodes(own, bins, rest, missing), size, m_threads, m_codes);
        ReferenceColumn described{column.name, column.role, {}, std::move(names), {}};
        if (m_referenceLog) {
            const UnitCounts all = countUnits(m_referenceLayout, column.index, binsOfCodes(other, bins, rest, missing), size, m_threads, m_codes);
            described.counts = binCounts(addUpUnits(all, std::vector<std::uint32_t>(all.size()), size));
        } else {
            described.counts = binCounts(addUpUnits(counts, m_spans.reference, size));
        }
        std::vector<ComputedDrift> drifts = started(column);
        forEachTask(drifts.size(), m_threads, [&](std::size_t s, unsigned) {
            drifts[s].counts = binCounts(addUpUnits(counts, m_spans.spans[s].units, size));
            measure(described, drifts[s]);
        });
        take(std::move(described), std::move(drifts));
    }

    /// All but one of the categories that are told apart: the reference's most frequent ones, in the order of names.
    std::vector<std::string> mostFrequent(const Column &column, const std::vector<std::string> &names)
    {
        std::map<std::string, std::uint32_t, std::less<>> bins;
        for (const std::string &name : names)
            bins.emplace(name, static_cast<std::uint32_t>(bins.size()));
        const auto missing = static_cast<std::uint32_t>(names.size());
        const UnitLayout &layout = m_referenceLog ? m_referenceLayout : m_layout;
        layout.layOut(column.index, binsOfCodes(namesIn(m_referenceLog ? *m_referenceLog : m_log, column.index), bins, missing, missing), m_codes);
        std::vector<std::uint64_t> counts(names.size() + 1);
        const auto countIn = [&](std::size_t unit) {
            for (std::size_t i = layout.first()[unit]; i < layout.first()[unit + 1]; ++i)
                ++counts[m_codes[i]];
        };
        if (m_referenceLog) {
            for (std::size_t unit = 0; unit < layout.units(); ++unit)
                countIn(unit);
        } else {
            for (const std::uint32_t unit : m_spans.reference)
                countIn(unit);
        }
        std::vector<std::size_t> order(names.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
        order.resize(kMostCategories - 1);
        std::ranges::sort(order);
        std::vector<std::string> kept;
        for (const std::size_t i : order)
            kept.push_back(names[i]);
        return kept;
    }

    /// On the categories that reference or window have: what only other windows have says nothing about these two.
    void measure(const ReferenceColumn &described, ComputedDrift &drift) const
    {
        std::vector<double> before;
        std::vector<double> now;
        for (std::size_t bin = 0; bin < drift.counts.counts.size(); ++bin) {
            const double old = described.counts.counts[bin];
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
        addMissing(described.counts, 0, m_parameters.options, drift);
        drift.pValue = chi.pValue;
        drift.isLowExpected = chi.isLowExpected;
    }

    // ---- all of it

    void take(ReferenceColumn column, std::vector<ComputedDrift> drifts)
    {
        m_result.references.push_back(std::move(column));
        std::ranges::move(drifts, std::back_inserter(m_result.drifts));
    }
    const PredictionLog &m_log;
    const PredictionLog *m_referenceLog;
    const Parameters &m_parameters;
    const Progress &m_progress;
    unsigned m_threads;
    UnitLayout m_layout;
    UnitLayout m_referenceLayout;
    Spans m_spans;
    std::vector<double> m_values; ///< the column at hand, as are the next ones
    std::vector<double> m_referenceValues;
    Room m_referenceRoom;
    Room m_allRoom;
    std::vector<std::uint32_t> m_codes;
    Drifts m_result;
};

} // namespace

Result<Drifts> driftOf(const PredictionLog &log, const PredictionLog *reference, const Parameters &parameters, const std::vector<std::string> &columns,
                       const Progress &progress)
{
    if ((reference != nullptr) != parameters.reference.empty())
        return Error{ErrorKind::Invalid, "The reference of drift is a window of the log or another log: name one of them.", log.facts.name};
    return Comparer(log, reference, parameters, progress).compare(columns);
}

void adjustPValues(std::vector<ComputedDrift> &drifts)
{
    std::vector<ComputedDrift *> tested;
    std::vector<double> pValues;
    for (ComputedDrift &drift : drifts)
        if (!drift.isReference && drift.pValue.isDefined()) {
            tested.push_back(&drift);
            pValues.push_back(drift.pValue.value);
        }
    const std::vector<double> adjusted = metrics::benjaminiHochberg(pValues);
    for (std::size_t i = 0; i < tested.size(); ++i)
        tested[i]->adjustedPValue = adjusted[i];
}

predictions::Mapping referenceMapping(const predictions::Mapping &mapping)
{
    predictions::Mapping own = mapping;
    own.time.clear();
    own.labelTime.clear();
    own.weight.clear();
    return own;
}

Status addDrift(const PredictionLog &log, std::optional<predictions::LogReader> reference, const Parameters &parameters,
                const predictions::ReadOptions &options, ComputedSet &set, const std::vector<std::string> &columns)
{
    std::optional<PredictionLog> other;
    if (reference) {
        auto read = reference->read(referenceMapping(log.mapping), options);
        if (!read)
            return read.error().in("reference");
        other = *std::move(read);
        set.referenceLog = other->facts;
    }
    auto drifts = driftOf(log, other ? &*other : nullptr, parameters, columns, options.progress);
    if (!drifts)
        return drifts.error();
    set.referenceColumns = std::move(drifts->references);
    set.drifts = std::move(drifts->drifts);
    return {};
}

Result<ComputedSet> computeDrift(predictions::LogReader reader, std::optional<predictions::LogReader> reference, const predictions::Mapping &mapping,
                                 const Parameters &parameters, const std::vector<std::string> &columns, const predictions::ReadOptions &options)
{
    auto log = reader.read(mapping, options);
    if (!log)
        return log.error();
    ComputedSet set;
    if (const auto compared = addDrift(*log, std::move(reference), parameters, options, set, columns); !compared)
        return compared.error();
    set.log = std::move(log->facts);
    set.mapping = mapping;
    set.parameters = parameters;
    return set;
}

} // namespace countersign::computed
