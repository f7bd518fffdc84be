#include "models/computed/cells/labels.h"

#include "models/computed/cells/cellnames.h"
#include "models/computed/cells/sortedruns.h"
#include "models/computed/cells/unitlayout.h"
#include "models/metrics/drift/quantiles.h"
#include "models/metrics/intervals/intervals.h"
#include "models/scoretables/build/tallymerge.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

/// "a", "b" or "c".
std::string listedValues(const std::vector<std::string> &values, const char *last)
{
    constexpr std::size_t most = SeenLabels::kMost;
    std::string text;
    for (std::size_t i = 0; i < values.size() && i < most; ++i) {
        const bool isLast = i + 1 == values.size();
        text += (i == 0 ? "" : isLast ? last : ", ") + ("\"" + predictions::shownSample(values[i]) + "\"");
    }
    return values.size() > most ? text + " and others" : text;
}

/// Of `size` delays of which the first `early` came before their prediction; `at(i)` is the i-th shortest.
template<class At>
LabelDelay delayOf(std::optional<ComputedWindow> window, std::size_t size, std::size_t early, const At &at)
{
    LabelDelay delay{std::move(window), metrics::Figure::undefined(metrics::Reason::NoRows), metrics::Figure::undefined(metrics::Reason::NoRows), {}};
    if (const std::size_t late = size - early; late > 0) {
        const auto share = [&](double part) { return metrics::Figure::of(metrics::quantileOf(late, part, [&](std::size_t i) { return at(early + i); }), late); };
        delay.median = share(0.5);
        delay.ninetieth = share(0.9);
    }
    delay.median.excluded = delay.ninetieth.excluded = early;
    return delay;
}

LabelDelay delayOf(std::optional<ComputedWindow> window, Run ascending)
{
    const auto early = static_cast<std::size_t>(std::ranges::lower_bound(ascending, 0.0) - ascending.begin());
    return delayOf(std::move(window), ascending.size(), early, [ascending](std::size_t i) { return ascending[i]; });
}

/// A delay and how many rows have it, or, further on, one that is not longer.
using CountedDelay = std::pair<double, std::uint64_t>;

LabelDelay delayOf(std::optional<ComputedWindow> window, std::vector<CountedDelay> delays)
{
    std::ranges::sort(delays);
    std::uint64_t size = 0;
    std::uint64_t early = 0;
    for (auto &[delay, rows] : delays) {
        early += delay < 0 ? rows : 0;
        rows = size += rows;
    }
    return delayOf(std::move(window), size, early, [&](std::size_t i) { return std::ranges::upper_bound(delays, i, {}, &CountedDelay::second)->first; });
}

/// The windows of a table of everybody, in their order; calls add(window, isIn), with isIn(leaf), for all of them after all rows.
template<class Add>
void forEachWindow(const Table &table, const WindowSpec &spec, const Add &add)
{
    add(std::nullopt, [](std::size_t) { return true; });
    if (table.unit() == WindowUnit::None || table.leaves().empty())
        return;
    const FamilyCells cells = cellsOf(table, Family{{}, true}, spec);
    const auto windows = namedCells(table, cells);
    for (std::uint32_t cell = 0; cell < windows.size(); ++cell)
        add(windows[cell].window, [&](std::size_t leaf) {
            const auto begin = cells.members.begin() + cells.first[leaf];
            const auto end = cells.members.begin() + cells.first[leaf + 1];
            return std::find(begin, end, cell) != end;
        });
}

} // namespace

void SeenLabels::add(std::string_view value, const predictions::Mapping &mapping)
{
    const bool isKnown = std::ranges::find(values, value) != values.end();
    const bool isMissing = value.empty() || std::ranges::find(mapping.missing, value) != mapping.missing.end();
    if (values.size() <= kMost && !isKnown && !isMissing)
        values.emplace_back(value);
}

std::string SeenLabels::listed() const { return listedValues(values, " and "); }

SeenLabels SeenLabels::in(const predictions::Sample &sample, const std::string &name, const predictions::Mapping &mapping)
{
    SeenLabels seen;
    seen.isOfFirstRows = true;
    const auto column = static_cast<std::size_t>(std::ranges::find(sample.columns, name) - sample.columns.begin());
    for (const auto &row : sample.rows)
        if (column < row.size())
            seen.add(row[column], mapping);
    return seen;
}

void noteOneOutcome(const SeenLabels &seen, ComputedSet &set)
{
    const predictions::Mapping &mapping = set.mapping;
    if (mapping.task != predictions::Task::Binary || mapping.label.empty() || set.cells.empty() || set.cells.front().n == 0)
        return;
    const metrics::Counts &counts = set.cells.front().counts;
    const bool hasPositives = counts.positives() > 0;
    if (hasPositives && counts.negatives() > 0)
        return;
    const auto &positive = mapping.labelValues.positive;
    std::string note = hasPositives ? "Every row that figures are of is labelled positive" : "No row that figures are of is labelled positive";
    note += ", so that whatever needs both outcomes has no value. The label \"" + predictions::shownSample(mapping.label) + "\" is positive where it says "
            + listedValues(positive, " or ");
    if (!seen.values.empty())
        note += std::string(seen.isOfFirstRows ? "; its first rows say " : "; it says ") + seen.listed();
    set.notes.push_back(note + '.');
}

NamedFigure labelledShare(const ComputedCell &cell, const metrics::Options &options)
{
    const std::uint64_t rows = cell.n + cell.leftOut.noLabel;
    if (rows == 0)
        return {"labelled_share", metrics::Figure::undefined(metrics::Reason::NoRows), {}};
    const metrics::Proportion share{static_cast<double>(cell.n), static_cast<double>(rows)};
    metrics::Figure figure = metrics::Figure::of(share.successes / share.size, rows);
    figure.part = share.successes;
    figure.whole = share.size;
    if (options.intervals)
        figure.interval = metrics::wilson(share, options.level);
    return {"labelled_share", figure, {}};
}

bool isImmature(const ComputedCell &cell, double matureShare)
{
    const metrics::Figure *share = cell.find("labelled_share");
    return share && share->isDefined() && share->value < matureShare;
}

Result<std::vector<LabelDelay>> labelDelaysOf(const predictions::PredictionLog &log, const Parameters &parameters)
{
    std::vector<LabelDelay> delays;
    if (log.schema.labelDelay < 0)
        return delays;
    const unsigned threads = predictions::threadCount(parameters.threads);
    const auto layout = UnitLayout::make(log, parameters.window.unit, threads);
    if (!layout)
        return layout.error();
    std::vector<double> values;
    layout->layOut(log.schema.labelDelay, values);
    const SortedRuns runs(values, layout->first(), threads);
    std::vector<double> joined;
    std::vector<std::uint64_t> room;
    forEachWindow(layout->table(), parameters.window, [&](std::optional<ComputedWindow> window, const auto &isIn) {
        std::vector<Run> own;
        for (std::size_t unit = 0; unit < runs.units().size(); ++unit)
            if (isIn(unit))
                own.insert(own.end(), runs.units()[unit].runs.begin(), runs.units()[unit].runs.end());
        delays.push_back(delayOf(std::move(window), unionOf(own, threads, joined, room)));
    });
    return delays;
}

DelayTally::DelayTally(const predictions::Schema &schema, WindowUnit unit, std::size_t entries) : m_most(Tally::mostIn(entries))
{
    predictions::Schema own = schema;
    own.label = own.prediction = own.weight = -1;
    own.score = schema.labelDelay; // any number will do
    own.attributes.clear();
    m_schema = std::make_unique<const predictions::Schema>(std::move(own));
    m_tally.emplace_back(*m_schema, schema.hasTime ? unit : WindowUnit::None, std::nullopt, 0, entries, Rounding::Least);
}

std::vector<LabelDelay> labelDelaysOf(std::vector<DelayTally> &tallies, const predictions::MergedDictionaries &texts, const Parameters &parameters)
{
    std::vector<Tally> all;
    for (DelayTally &own : tallies)
        std::ranges::move(own.m_tally, std::back_inserter(all));
    const predictions::Schema &schema = *tallies.front().m_schema;
    TableParts parts = mergeTallies(schema, texts, all);
    parts.unit = schema.hasTime ? parameters.window.unit : WindowUnit::None;
    const double step = parts.leaves.size() > tallies.front().m_most / 2 ? parts.scoreStep : leastStepOf(parts, tallies.front().m_most);
    const Table table(std::move(parts), 1);
    std::vector<std::vector<CountedDelay>> byUnit(table.leaves().size());
    for (std::size_t i = 0; i < table.size(); ++i)
        byUnit[leafOf(table.codes()[i])].emplace_back(step > 0 ? roundedDown(table.scores()[i], step) : table.scores()[i], table.counts()[i]);
    std::vector<LabelDelay> delays;
    forEachWindow(table, parameters.window, [&](std::optional<ComputedWindow> window, const auto &isIn) {
        std::vector<CountedDelay> own;
        for (std::size_t unit = 0; unit < byUnit.size(); ++unit)
            if (isIn(unit))
                own.insert(own.end(), byUnit[unit].begin(), byUnit[unit].end());
        delays.push_back(delayOf(std::move(window), std::move(own)));
        if (step > 0)
            delays.back().bound = step;
    });
    return delays;
}

void addLabelDelays(const std::vector<LabelDelay> &delays, ComputedSet &set)
{
    for (ComputedCell &cell : set.cells) {
        if (!cell.group.empty())
            continue;
        for (const LabelDelay &delay : delays) {
            if (delay.window != cell.window)
                continue;
            cell.metrics.push_back({"label_delay_median", delay.median, delay.bound});
            cell.metrics.push_back({"label_delay_p90", delay.ninetieth, delay.bound});
        }
    }
}

} // namespace countersign::computed
