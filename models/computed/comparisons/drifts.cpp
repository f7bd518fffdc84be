#include "models/computed/comparisons/drifts.h"

#include "models/base/parallel.h"
#include "models/computed/cells/sortedruns.h"
#include "models/computed/cells/unitlayout.h"
#include "models/computed/comparisons/driftparts.h"
#include "models/metrics/intervals/multiplicity.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::BinCounts;
using metrics::Figure;
using predictions::PredictionLog;

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
        auto columns = chosenColumns(m_log.schema, names);
        if (!columns)
            return columns.error().in(m_log.facts.name);
        auto layout = UnitLayout::make(m_log, m_parameters.window.unit, m_threads);
        if (!layout)
            return layout.error();
        auto spans = spansOf(layout->table(), m_parameters, m_referenceLog != nullptr);
        if (!spans)
            return spans.error().in(m_log.facts.name);
        m_layout = *std::move(layout);
        m_spans = *std::move(spans);
        if (m_referenceLog) {
            auto other = UnitLayout::make(*m_referenceLog, WindowUnit::None, m_threads);
            if (!other)
                return other.error();
            m_referenceLayout = *std::move(other);
            if (const auto found = findInReference(m_referenceLog->schema, *columns); !found)
                return found.error().in("reference");
        }
        std::size_t done = 0;
        for (const DriftColumn &column : *columns) {
            m_progress(done++, columns->size(), "comparing columns");
            if (m_progress.isCancelled())
                return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
            column.role == DriftRole::Category ? compareCategory(column) : compareNumber(column);
        }
        adjustPValues(m_result.drifts);
        return std::move(m_result);
    }

private:
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
    Sample referenceSample(const DriftColumn &column, const SortedRuns &own, std::vector<double> &values, Room &room) const
    {
        if (!m_referenceLog)
            return sampleOf(own, m_spans.reference, m_threads, room);
        m_referenceLayout.layOut(column.inReference, values);
        const SortedRuns runs(values, m_referenceLayout.first(), m_threads);
        std::vector<std::uint32_t> all(m_referenceLayout.units());
        return sampleOf(runs, all, m_threads, room);
    }

    void compareNumber(const DriftColumn &column)
    {
        m_layout.layOut(column.index, m_values);
        const SortedRuns runs(m_values, m_layout.first(), m_threads);
        const Sample sample = referenceSample(column, runs, m_referenceValues, m_referenceRoom);
        const metrics::NumberReference reference(sample.values);
        ReferenceColumn described{column.name, column.role, metrics::referenceEdges(sample.values), {}, {}};
        described.counts = countsOf(described.edges, sample);
        std::vector<ComputedDrift> drifts = startedDrifts(m_spans, column);
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
        addNumberFigures(described.counts, reference.to(sample.values), sample.infinite, m_parameters.options, drift);
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
    void compareCategory(const DriftColumn &column)
    {
        const auto &own = namesIn(m_log, column.index);
        const auto &other = m_referenceLog ? namesIn(*m_referenceLog, column.inReference) : own;
        const UnitLayout &referenceLayout = m_referenceLog ? m_referenceLayout : m_layout;
        const std::vector<std::uint32_t> referenceUnits = m_referenceLog ? std::vector<std::uint32_t>(m_referenceLayout.units()) : m_spans.reference;
        const auto countReference = [&](const Categories &categories) {
            const std::size_t bins = categories.names.size();
            return addUpUnits(countUnits(referenceLayout, m_referenceLog ? column.inReference : column.index, categories.binsOf(other), bins, m_threads, m_codes),
                              referenceUnits, bins);
        };
        const Categories categories = Categories::of(own, other, countReference);
        const std::size_t size = categories.names.size();
        ReferenceColumn described{column.name, column.role, {}, categories.names, {}};
        const UnitCounts counts = countUnits(m_layout, column.index, categories.binsOf(own), size, m_threads, m_codes);
        described.counts = binCounts(m_referenceLog ? countReference(categories) : addUpUnits(counts, referenceUnits, size));
        std::vector<ComputedDrift> drifts = startedDrifts(m_spans, column);
        forEachTask(drifts.size(), m_threads, [&](std::size_t s, unsigned) {
            drifts[s].counts = binCounts(addUpUnits(counts, m_spans.spans[s].units, size));
            addCategoryFigures(described.counts, m_parameters.options, drifts[s]);
        });
        take(std::move(described), std::move(drifts));
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
    DriftSpans m_spans;
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
