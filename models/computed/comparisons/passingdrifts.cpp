#include "models/computed/comparisons/passingdrifts.h"

#include "models/base/number.h"
#include "models/computed/comparisons/countedvalues.h"
#include "models/computed/comparisons/driftparts.h"
#include "models/scoretables/build/tallymerge.h"

#include <map>

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::BinCounts;

BinCounts binsOf(const std::vector<std::vector<std::uint64_t>> &byUnit, const std::vector<std::uint32_t> &units, std::size_t categories)
{
    BinCounts counts(static_cast<int>(categories));
    for (const std::uint32_t unit : units) {
        counts.missing += byUnit[unit][categories];
        for (std::size_t c = 0; c < categories; ++c) {
            counts.counts[c] += static_cast<double>(byUnit[unit][c]);
            counts.rows += byUnit[unit][c];
        }
    }
    return counts;
}

} // namespace

DriftTally::DriftTally(const predictions::Schema &schema, WindowUnit unit, const Room &room)
{
    for (const DriftColumn &column : driftColumnsOf(schema)) {
        predictions::Schema own = schema;
        own.label = own.prediction = own.weight = own.score = -1;
        own.attributes.clear();
        if (column.role == DriftRole::Category)
            own.attributes = {column.index};
        else
            own.score = column.index;
        Counted &counted = m_columns.emplace_back();
        counted.schema = std::make_unique<const predictions::Schema>(std::move(own));
        const std::size_t entries = column.role == DriftRole::Number ? room.numbers : room.scores;
        counted.tally.emplace_back(*counted.schema, schema.hasTime ? unit : WindowUnit::None, std::nullopt, 0, entries, Rounding::Least);
        counted.most = Tally::mostIn(entries); // of one tally: figures must not depend on how many there are
    }
}

void DriftTally::add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts)
{
    for (Counted &column : m_columns)
        column.isFull = column.isFull || !column.tally.front().add(chunk, counts);
}

Result<PassedLog> passLog(predictions::LogReader reader, const predictions::Mapping &mapping, WindowUnit unit, const predictions::ReadOptions &options)
{
    const auto schema = reader.schemaOf(mapping);
    if (!schema)
        return schema.error();
    PassedLog passed;
    passed.schema = *schema;
    for (unsigned thread = 0; thread < predictions::threadCount(options.threads); ++thread)
        passed.tallies.emplace_back(*schema, unit, DriftTally::Room());
    auto streamed = reader.stream(
        mapping,
        [&passed](unsigned thread, const predictions::Chunk &chunk) {
            passed.tallies[thread].add(chunk);
            return true;
        },
        options);
    if (!streamed)
        return streamed.error();
    passed.facts = std::move(streamed->facts);
    passed.texts = std::move(streamed->texts);
    return passed;
}

Result<PassedLog> passReference(predictions::LogReader reader, const predictions::Mapping &mapping, const predictions::ReadOptions &options)
{
    auto passed = passLog(std::move(reader), referenceMapping(mapping), WindowUnit::None, options);
    return passed ? std::move(passed) : passed.error().in("reference");
}

/// One column after the other, from counts to figures.
class PassingComparer
{
public:
    PassingComparer(PassedLog &log, PassedLog *reference, const Parameters &parameters, std::vector<std::string> &notes)
        : m_log(log), m_reference(reference), m_parameters(parameters), m_notes(notes)
    {
    }

    Result<Drifts> compare(const std::vector<std::string> &names)
    {
        const auto columns = chosenColumns(m_log.schema, names);
        if (!columns)
            return columns.error();
        for (const DriftColumn &column : *columns) {
            const bool isCategory = column.role == DriftRole::Category;
            const auto parts = merged(m_log, column);
            const auto others = m_reference ? merged(*m_reference, column) : std::optional(TableParts());
            if (!parts || !others) {
                m_notes.push_back("Drift of the column " + shown(column) + " was not computed: it has more different " + (isCategory ? "values" : "windows")
                                  + " than are counted in bounded mode.");
                continue;
            }
            if (const auto found = findSpans(*parts); !found)
                return found.error();
            isCategory ? compareCategory(column, *parts, *others) : compareNumber(column, *parts, *others);
        }
        adjustPValues(m_result.drifts);
        return std::move(m_result);
    }

private:
    using UnitKey = std::pair<bool, std::int64_t>;
    static UnitKey keyOf(const Leaf &leaf) { return {leaf.hasTime, leaf.unit}; }
    static std::string shown(const DriftColumn &column) { return "\"" + predictions::shownSample(column.name) + "\""; }

    /// Both logs are read by one mapping, so that their columns are listed alike.
    static std::size_t placeIn(const PassedLog &log, const DriftColumn &column)
    {
        const auto all = driftColumnsOf(log.schema);
        const auto own = std::ranges::find_if(all, [&](const DriftColumn &other) { return other.name == column.name && other.role == column.role; });
        return static_cast<std::size_t>(own - all.begin());
    }

    static std::optional<TableParts> merged(PassedLog &log, const DriftColumn &column)
    {
        const std::size_t place = placeIn(log, column);
        std::vector<Tally> all;
        for (DriftTally &own : log.tallies) {
            if (own.m_columns[place].isFull)
                return {};
            std::ranges::move(own.m_columns[place].tally, std::back_inserter(all));
        }
        const DriftTally::Counted &first = log.tallies.front().m_columns[place];
        TableParts parts = mergeTallies(*first.schema, log.texts, all);
        if (parts.leaves.size() > std::min(Tally::kMostLeaves, first.most / 2)) // two: below 0 and not
            return {};
        parts.scoreStep = leastStepOf(parts, first.most);
        return parts;
    }

    /// The same for every column: each counts all rows.
    Status findSpans(const TableParts &parts)
    {
        if (!m_units.empty())
            return {};
        for (const Leaf &leaf : parts.leaves)
            m_units.emplace(keyOf(leaf), 0);
        TableParts units;
        units.unit = m_log.schema.hasTime ? m_parameters.window.unit : WindowUnit::None;
        for (auto &[key, number] : m_units) {
            number = static_cast<std::uint32_t>(units.leaves.size());
            units.leaves.push_back({key.second, key.first, {}});
        }
        units.leftOut.resize(units.leaves.size());
        auto spans = spansOf(Table(std::move(units), 1), m_parameters, m_reference != nullptr);
        if (!spans)
            return spans.error();
        m_spans = *std::move(spans);
        return {};
    }
    std::uint32_t unitOf(const Leaf &leaf) const { return m_units.at(keyOf(leaf)); }
    /// Of the other log, which is one.
    static std::uint32_t onlyUnit(const Leaf &) { return 0; }

    // ---- numbers

    class NumberUnits
    {
    public:
        template<class UnitOf>
        NumberUnits(const TableParts &parts, std::size_t units, double step, const UnitOf &unitOfLeaf) : m_values(units), m_leftOut(units), m_step(step)
        {
            for (std::size_t i = 0; i < parts.scores.size(); ++i)
                m_values[unitOfLeaf(parts.leaves[leafOf(parts.codes[i])])][step > 0 ? roundedDown(parts.scores[i], step) : parts.scores[i]] += parts.counts[i];
            for (std::size_t leaf = 0; leaf < parts.leaves.size(); ++leaf)
                m_leftOut[unitOfLeaf(parts.leaves[leaf])] += parts.leftOut[leaf];
        }
        CountedValues sampleOf(const std::vector<std::uint32_t> &units) const
        {
            std::map<double, std::uint64_t> sum;
            CountedValues sample;
            sample.step = m_step;
            for (const std::uint32_t unit : units) {
                for (const auto &[value, rows] : m_values[unit])
                    sum[value] += rows;
                sample.infinite += m_leftOut[unit].notFinite;
                sample.missing += m_leftOut[unit].noScore + m_leftOut[unit].notFinite;
            }
            for (const auto &[value, rows] : sum) {
                sample.values.push_back(value);
                sample.upTo.push_back(sample.size() + rows);
            }
            return sample;
        }

    private:
        std::vector<std::map<double, std::uint64_t>> m_values;
        std::vector<LeftOut> m_leftOut;
        double m_step;
    };

    void compareNumber(const DriftColumn &column, const TableParts &parts, const TableParts &others)
    {
        const double step = std::max(parts.scoreStep, others.scoreStep);
        if (step > 0)
            m_notes.push_back("The column " + shown(column) + " has more different values by window than are counted in bounded mode, so they were rounded down to multiples of "
                              + number::shortest(step) + ": KS and Wasserstein-1 have their error bound beside them, the other figures are of bins that begin at such multiples.");
        const NumberUnits own(parts, m_units.size(), step, [this](const Leaf &leaf) { return unitOf(leaf); });
        const CountedValues reference = m_reference ? NumberUnits(others, 1, step, onlyUnit).sampleOf({0}) : own.sampleOf(m_spans.reference);
        ReferenceColumn described{column.name, column.role, edgesOf(reference), {}, {}};
        described.counts = countsOf(described.edges, reference);
        std::vector<ComputedDrift> drifts = startedDrifts(m_spans, column);
        for (std::size_t s = 0; s < drifts.size(); ++s) {
            const CountedValues sample = own.sampleOf(m_spans.spans[s].units);
            drifts[s].counts = countsOf(described.edges, sample);
            const CountedDistances distances = distancesOf(reference, sample);
            addNumberFigures(described.counts, distances.figures, sample.infinite, m_parameters.options, drifts[s]);
            for (NamedFigure &named : drifts[s].figures)
                if (step > 0 && (named.name == "ks" || named.name == "wasserstein"))
                    named.bound = named.name == "ks" ? distances.ksBound : distances.wassersteinBound;
        }
        take(std::move(described), std::move(drifts));
    }

    // ---- categories

    /// Rows by unit and code, missing ones (code 0) included.
    using CodeCounts = std::vector<std::vector<std::uint64_t>>;
    template<class UnitOf>
    static CodeCounts countCodes(const TableParts &parts, std::size_t units, const UnitOf &unitOfLeaf)
    {
        CodeCounts byUnit(units, std::vector<std::uint64_t>(parts.attributes.front().values.size()));
        for (std::size_t i = 0; i < parts.codes.size(); ++i) {
            const Leaf &leaf = parts.leaves[leafOf(parts.codes[i])];
            byUnit[unitOfLeaf(leaf)][leaf.codes.front()] += parts.counts[i];
        }
        return byUnit;
    }
    /// By unit and bin, missing ones last.
    static CodeCounts inBins(const CodeCounts &byCode, const std::vector<std::uint32_t> &binOfCode, std::size_t bins)
    {
        CodeCounts result;
        for (const auto &codes : byCode) {
            auto &own = result.emplace_back(bins + 1);
            for (std::size_t code = 0; code < codes.size(); ++code)
                own[binOfCode[code]] += codes[code];
        }
        return result;
    }

    void compareCategory(const DriftColumn &column, const TableParts &parts, const TableParts &others)
    {
        const CodeCounts own = countCodes(parts, m_units.size(), [this](const Leaf &leaf) { return unitOf(leaf); });
        const CodeCounts other = m_reference ? countCodes(others, 1, onlyUnit) : own;
        const auto &ownNames = parts.attributes.front().values;
        const auto &otherNames = m_reference ? others.attributes.front().values : ownNames;
        const std::vector<std::uint32_t> referenceUnits = m_reference ? std::vector<std::uint32_t>{0} : m_spans.reference;
        const Categories categories = Categories::of(ownNames, otherNames, [&](const Categories &all) {
            const CodeCounts counts = inBins(other, all.binsOf(otherNames), all.names.size());
            std::vector<std::uint64_t> sum(all.names.size());
            for (const std::uint32_t unit : referenceUnits)
                for (std::size_t bin = 0; bin < sum.size(); ++bin)
                    sum[bin] += counts[unit][bin];
            return sum;
        });
        const std::size_t size = categories.names.size();
        const CodeCounts counts = inBins(own, categories.binsOf(ownNames), size);
        ReferenceColumn described{column.name, column.role, {}, categories.names, {}};
        described.counts = binsOf(m_reference ? inBins(other, categories.binsOf(otherNames), size) : counts, referenceUnits, size);
        std::vector<ComputedDrift> drifts = startedDrifts(m_spans, column);
        for (std::size_t s = 0; s < drifts.size(); ++s) {
            drifts[s].counts = binsOf(counts, m_spans.spans[s].units, size);
            addCategoryFigures(described.counts, m_parameters.options, drifts[s]);
        }
        take(std::move(described), std::move(drifts));
    }

    void take(ReferenceColumn column, std::vector<ComputedDrift> drifts)
    {
        m_result.references.push_back(std::move(column));
        std::ranges::move(drifts, std::back_inserter(m_result.drifts));
    }

    PassedLog &m_log;
    PassedLog *m_reference;
    const Parameters &m_parameters;
    std::vector<std::string> &m_notes;
    std::map<UnitKey, std::uint32_t> m_units; ///< rows without a time first
    DriftSpans m_spans;
    Drifts m_result;
};

Result<Drifts> driftOf(PassedLog &log, PassedLog *reference, const Parameters &parameters, std::vector<std::string> &notes, const std::vector<std::string> &columns)
{
    if ((reference != nullptr) != parameters.reference.empty())
        return Error{ErrorKind::Invalid, "The reference of drift is a window of the log or another log: name one of them.", log.facts.name};
    return PassingComparer(log, reference, parameters, notes).compare(columns);
}

Result<ComputedSet> computeDriftBounded(predictions::LogReader reader, std::optional<predictions::LogReader> reference, const predictions::Mapping &mapping,
                                        const Parameters &parameters, const std::vector<std::string> &columns, const predictions::ReadOptions &options)
{
    if (const auto schema = reader.schemaOf(mapping); !schema || !chosenColumns(*schema, columns)) // before anything is read
        return (!schema ? schema.error() : chosenColumns(*schema, columns).error()).in(reader.name());
    std::optional<PassedLog> other;
    if (reference) {
        auto passed = passReference(*std::move(reference), mapping, options);
        if (!passed)
            return passed.error();
        other = *std::move(passed);
    }
    auto log = passLog(std::move(reader), mapping, parameters.window.unit, options);
    if (!log)
        return log.error();
    ComputedSet set;
    auto drifts = driftOf(*log, other ? &*other : nullptr, parameters, set.notes, columns);
    if (!drifts)
        return drifts.error().in(log->facts.name);
    set.isBounded = true;
    set.referenceColumns = std::move(drifts->references);
    set.drifts = std::move(drifts->drifts);
    if (other)
        set.referenceLog = std::move(other->facts);
    set.log = std::move(log->facts);
    set.mapping = mapping;
    set.parameters = parameters;
    return set;
}

} // namespace countersign::computed
