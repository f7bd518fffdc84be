#include "models/computed/comparisons/passingdrifts.h"

#include "models/computed/comparisons/driftparts.h"
#include "models/metrics/drift/quantiles.h"
#include "models/metrics/sums.h"
#include "models/scoretables/build/tallymerge.h"

#include <map>

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::BinCounts;
using metrics::Figure;

/// Ascending values, each once, and how many rows have it or a smaller one.
struct CountedValues {
    std::vector<double> values;
    std::vector<std::uint64_t> upTo;
    std::uint64_t missing = 0; ///< infinite ones included
    std::uint64_t infinite = 0;

    std::uint64_t size() const { return upTo.empty() ? 0 : upTo.back(); }
    double at(std::size_t rank) const { return values[static_cast<std::size_t>(std::ranges::upper_bound(upTo, rank) - upTo.begin())]; }
    std::uint64_t below(double value) const { return before(static_cast<std::size_t>(std::ranges::lower_bound(values, value) - values.begin())); }
    std::uint64_t notAbove(double value) const { return before(static_cast<std::size_t>(std::ranges::upper_bound(values, value) - values.begin())); }

private:
    std::uint64_t before(std::size_t place) const { return place == 0 ? 0 : upTo[place - 1]; }
};

/// metrics::referenceEdges() of counted values.
metrics::BinEdges edgesOf(const CountedValues &reference)
{
    constexpr std::size_t kPerValueUpTo = 20;
    constexpr int kBins = 10;
    metrics::BinEdges edges;
    if (reference.values.empty())
        return edges;
    edges.lowest = reference.values.front();
    edges.highest = reference.values.back();
    edges.isPerValue = reference.values.size() <= kPerValueUpTo;
    if (edges.isPerValue)
        edges.inner.assign(reference.values.begin() + 1, reference.values.end());
    else
        edges.inner = metrics::innerQuantilesOf(reference.size(), kBins, [&](std::size_t rank) { return reference.at(rank); });
    return edges;
}

/// metrics::countSorted() of counted values.
BinCounts countsOf(const metrics::BinEdges &edges, const CountedValues &sample)
{
    BinCounts counts(edges.bins());
    counts.rows = sample.size();
    counts.missing = sample.missing;
    std::uint64_t before = 0;
    for (std::size_t bin = 0; bin < counts.counts.size(); ++bin) {
        const std::uint64_t end = bin < edges.inner.size() ? sample.below(edges.inner[bin]) : sample.size();
        counts.counts[bin] = static_cast<double>(end - before);
        before = end;
    }
    counts.under = static_cast<double>(sample.below(edges.lowest));
    counts.over = static_cast<double>(sample.size() - sample.notAbove(edges.highest));
    return counts;
}

/// metrics::NumberReference::to() of counted values.
metrics::NumberReference::Distances distancesOf(const CountedValues &reference, const CountedValues &sample)
{
    const std::uint64_t rows = reference.size() + sample.size();
    if (reference.size() == 0 || sample.size() == 0) {
        const Figure none = Figure::undefined(metrics::Reason::EmptySample, rows);
        return {{none, none}, none};
    }
    const auto n = static_cast<double>(reference.size());
    const auto m = static_cast<double>(sample.size());
    double gap = 0;
    double at = reference.values.front();
    metrics::Sum area;
    double height = 0;
    double previous = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < reference.values.size() || j < sample.values.size()) {
        const bool isReference = j == sample.values.size() || (i < reference.values.size() && reference.values[i] <= sample.values[j]);
        const double value = isReference ? reference.values[i] : sample.values[j];
        area.add(height * (value - previous));
        i += i < reference.values.size() && reference.values[i] == value ? 1U : 0U;
        j += j < sample.values.size() && sample.values[j] == value ? 1U : 0U;
        const double ours = i == 0 ? 0 : static_cast<double>(reference.upTo[i - 1]);
        const double theirs = j == 0 ? 0 : static_cast<double>(sample.upTo[j - 1]);
        height = std::abs(ours * m - theirs * n); // whole numbers: no rounding below 2^53
        previous = value;
        if (height > gap) {
            gap = height;
            at = value;
        }
    }
    return {metrics::kolmogorovSmirnovOf(gap, at, reference.size(), sample.size()), Figure::of(area.value() / n / m, rows)};
}

BinCounts binsOf(const std::vector<std::vector<std::uint64_t>> &byUnit, const std::vector<std::uint32_t> &units, std::size_t categories)
{
    BinCounts counts(static_cast<int>(categories));
    for (const std::uint32_t unit : units) {
        counts.missing += byUnit[unit][0];
        for (std::size_t c = 0; c < categories; ++c) {
            counts.counts[c] += static_cast<double>(byUnit[unit][c + 1]);
            counts.rows += byUnit[unit][c + 1];
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
        counted.tally.emplace_back(*counted.schema, schema.hasTime ? unit : WindowUnit::None, std::nullopt, 0, entries);
        counted.most = entries * 7 / 10; // what one tally holds without rounding: whether a column is counted must not depend on how many there are
    }
}

void DriftTally::add(const predictions::Chunk &chunk)
{
    for (Counted &column : m_columns)
        column.isFull = column.isFull || !column.tally.front().add(chunk);
}

/// One column after the other, from counts to figures.
class PassingComparer
{
public:
    PassingComparer(std::vector<DriftTally> &tallies, const predictions::MergedDictionaries &texts, const Parameters &parameters, std::vector<std::string> &notes)
        : m_tallies(tallies), m_texts(texts), m_parameters(parameters), m_notes(notes)
    {
    }

    Result<Drifts> compare(const std::vector<DriftColumn> &columns)
    {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const std::string shown = "\"" + predictions::shownSample(columns[c].name) + "\"";
            const auto parts = merged(c);
            const bool isTooMuch = !parts || parts->scoreStep > 0 || parts->scores.size() > m_tallies.front().m_columns[c].most || parts->leaves.size() > Tally::kMostLeaves;
            if (isTooMuch) {
                m_notes.push_back("Drift of the column " + shown + " was not computed: it has more different values by window than are counted in bounded mode.");
                continue;
            }
            const std::size_t categories = columns[c].role == DriftRole::Category ? parts->attributes.front().values.size() - 1 : 0;
            if (categories > kMostCategories) {
                m_notes.push_back("Drift of the column " + shown + " was not computed: in bounded mode a column has up to " + std::to_string(kMostCategories) + " categories.");
                continue;
            }
            if (const auto found = findSpans(*parts); !found)
                return found.error();
            columns[c].role == DriftRole::Category ? compareCategory(columns[c], *parts) : compareNumber(columns[c], *parts);
        }
        adjustPValues(m_result.drifts);
        return std::move(m_result);
    }

private:
    using UnitKey = std::pair<bool, std::int64_t>;
    static UnitKey keyOf(const Leaf &leaf) { return {leaf.hasTime, leaf.unit}; }

    std::optional<TableParts> merged(std::size_t column)
    {
        std::vector<Tally> all;
        for (DriftTally &own : m_tallies) {
            if (own.m_columns[column].isFull)
                return {};
            std::ranges::move(own.m_columns[column].tally, std::back_inserter(all));
        }
        return mergeTallies(*m_tallies.front().m_columns[column].schema, m_texts, all);
    }

    /// The same for every column: each counts all rows.
    Status findSpans(const TableParts &parts)
    {
        if (!m_units.empty())
            return {};
        for (const Leaf &leaf : parts.leaves)
            m_units.emplace(keyOf(leaf), 0);
        TableParts units;
        units.unit = m_tallies.front().m_columns.front().schema->hasTime ? m_parameters.window.unit : WindowUnit::None;
        for (auto &[key, number] : m_units) {
            number = static_cast<std::uint32_t>(units.leaves.size());
            units.leaves.push_back({key.second, key.first, {}});
        }
        units.leftOut.resize(units.leaves.size());
        auto spans = spansOf(Table(std::move(units), 1), m_parameters, false);
        if (!spans)
            return spans.error();
        m_spans = *std::move(spans);
        return {};
    }
    std::uint32_t unitOf(const Leaf &leaf) const { return m_units.at(keyOf(leaf)); }

    void compareNumber(const DriftColumn &column, const TableParts &parts)
    {
        std::vector<std::map<double, std::uint64_t>> byUnit(m_units.size());
        std::vector<LeftOut> leftOut(m_units.size());
        for (std::size_t i = 0; i < parts.scores.size(); ++i)
            byUnit[unitOf(parts.leaves[leafOf(parts.codes[i])])][parts.scores[i]] += parts.counts[i];
        for (std::size_t leaf = 0; leaf < parts.leaves.size(); ++leaf)
            leftOut[unitOf(parts.leaves[leaf])] += parts.leftOut[leaf];
        const auto sampleOf = [&](const std::vector<std::uint32_t> &units) {
            std::map<double, std::uint64_t> sum;
            CountedValues sample;
            for (const std::uint32_t unit : units) {
                for (const auto &[value, rows] : byUnit[unit])
                    sum[value] += rows;
                sample.infinite += leftOut[unit].notFinite;
                sample.missing += leftOut[unit].noScore + leftOut[unit].notFinite;
            }
            for (const auto &[value, rows] : sum) {
                sample.values.push_back(value);
                sample.upTo.push_back(sample.size() + rows);
            }
            return sample;
        };
        const CountedValues reference = sampleOf(m_spans.reference);
        ReferenceColumn described{column.name, column.role, edgesOf(reference), {}, {}};
        described.counts = countsOf(described.edges, reference);
        std::vector<ComputedDrift> drifts = startedDrifts(m_spans, column);
        for (std::size_t s = 0; s < drifts.size(); ++s) {
            const CountedValues sample = sampleOf(m_spans.spans[s].units);
            drifts[s].counts = countsOf(described.edges, sample);
            addNumberFigures(described.counts, distancesOf(reference, sample), sample.infinite, m_parameters.options, drifts[s]);
        }
        take(std::move(described), std::move(drifts));
    }

    void compareCategory(const DriftColumn &column, const TableParts &parts)
    {
        const auto &values = parts.attributes.front().values;
        std::vector<std::vector<std::uint64_t>> byUnit(m_units.size(), std::vector<std::uint64_t>(values.size()));
        for (std::size_t i = 0; i < parts.codes.size(); ++i) {
            const Leaf &leaf = parts.leaves[leafOf(parts.codes[i])];
            byUnit[unitOf(leaf)][leaf.codes.front()] += parts.counts[i];
        }
        ReferenceColumn described{column.name, column.role, {}, std::vector<std::string>(values.begin() + 1, values.end()), {}};
        described.counts = binsOf(byUnit, m_spans.reference, values.size() - 1);
        std::vector<ComputedDrift> drifts = startedDrifts(m_spans, column);
        for (std::size_t s = 0; s < drifts.size(); ++s) {
            drifts[s].counts = binsOf(byUnit, m_spans.spans[s].units, values.size() - 1);
            addCategoryFigures(described.counts, m_parameters.options, drifts[s]);
        }
        take(std::move(described), std::move(drifts));
    }

    void take(ReferenceColumn column, std::vector<ComputedDrift> drifts)
    {
        m_result.references.push_back(std::move(column));
        std::ranges::move(drifts, std::back_inserter(m_result.drifts));
    }

    std::vector<DriftTally> &m_tallies;
    const predictions::MergedDictionaries &m_texts;
    const Parameters &m_parameters;
    std::vector<std::string> &m_notes;
    std::map<UnitKey, std::uint32_t> m_units; ///< rows without a time first
    DriftSpans m_spans;
    Drifts m_result;
};

Result<Drifts> driftOf(std::vector<DriftTally> &tallies, const predictions::Schema &schema, const predictions::MergedDictionaries &texts,
                       const Parameters &parameters, std::vector<std::string> &notes)
{
    return PassingComparer(tallies, texts, parameters, notes).compare(driftColumnsOf(schema));
}

} // namespace countersign::computed
