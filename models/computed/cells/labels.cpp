#include "models/computed/cells/labels.h"

#include "models/computed/cells/cellnames.h"
#include "models/computed/cells/sortedruns.h"
#include "models/computed/cells/unitlayout.h"
#include "models/metrics/drift/quantiles.h"
#include "models/metrics/intervals/intervals.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

/// Of ascending delays.
LabelDelay delayOf(std::optional<ComputedWindow> window, Run days)
{
    LabelDelay delay{std::move(window), metrics::Figure::undefined(metrics::Reason::NoRows), metrics::Figure::undefined(metrics::Reason::NoRows)};
    const auto early = static_cast<std::size_t>(std::ranges::lower_bound(days, 0.0) - days.begin());
    const Run late = days.subspan(early);
    if (!late.empty()) {
        delay.median = metrics::Figure::of(metrics::quantile(late, 0.5), late.size());
        delay.ninetieth = metrics::Figure::of(metrics::quantile(late, 0.9), late.size());
    }
    delay.median.excluded = delay.ninetieth.excluded = early;
    return delay;
}

} // namespace

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
    const auto add = [&](std::optional<ComputedWindow> window, const auto &isIn) {
        std::vector<Run> own;
        for (std::size_t unit = 0; unit < runs.units().size(); ++unit)
            if (isIn(unit))
                own.insert(own.end(), runs.units()[unit].runs.begin(), runs.units()[unit].runs.end());
        delays.push_back(delayOf(std::move(window), unionOf(own, threads, joined, room)));
    };
    add(std::nullopt, [](std::size_t) { return true; });
    const Table &table = layout->table();
    if (table.unit() == WindowUnit::None || table.leaves().empty())
        return delays;
    const FamilyCells cells = cellsOf(table, Family{{}, true}, parameters.window);
    const auto windows = namedCells(table, cells);
    for (std::uint32_t cell = 0; cell < windows.size(); ++cell)
        add(windows[cell].window, [&](std::size_t unit) {
            const auto begin = cells.members.begin() + cells.first[unit];
            const auto end = cells.members.begin() + cells.first[unit + 1];
            return std::find(begin, end, cell) != end;
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
            cell.metrics.push_back({"label_delay_median", delay.median, {}});
            cell.metrics.push_back({"label_delay_p90", delay.ninetieth, {}});
        }
    }
}

} // namespace countersign::computed
