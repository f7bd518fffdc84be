#pragma once

#include "models/base/parallel.h"
#include "models/computed/cells/cellnames.h"
#include "models/metrics/intervals/estimates.h"
#include "models/scoretables/build/rowframe.h"

/// Internal to models/computed: logs whose figures come from the rows themselves.
namespace countersign::computed {

/// The rows of a log and which of them take part.
struct ValueRows {
    scoretables::RowFrame frame;
    std::vector<std::uint8_t> isUsable;
    std::vector<LeftOut> leftOut; ///< by leaf

    explicit ValueRows(scoretables::RowFrame made) : frame(std::move(made)), isUsable(frame.leaf.size(), 1), leftOut(frame.table.leaves().size())
    {
        for (std::size_t row = 0; row < frame.weights.size(); ++row)
            if (frame.weights[row] <= 0)
                leaveOut(row, &LeftOut::noWeight);
    }
    /// The first reason counts.
    void leaveOut(std::size_t row, std::uint64_t LeftOut::*reason)
    {
        if (std::exchange(isUsable[row], std::uint8_t(0)))
            ++(leftOut[frame.leaf[row]].*reason);
    }
    double weight(std::size_t row) const { return frame.weights.empty() ? 1.0 : frame.weights[row]; }
};

/// Goes through all families on all cores; compute(cells of the family, their computed cells to fill in, family's number).
/// The set has its cells then, everybody first; `begins`: of each family's.
template<class Compute>
Result<ComputedSet> forEachFamily(const ValueRows &rows, const Parameters &parameters, const Progress &progress, const Compute &compute)
{
    const Table &table = rows.frame.table;
    const auto families = familiesFor(table, parameters);
    if (!families)
        return families.error();
    std::vector<std::vector<ComputedCell>> computed(families->size());
    std::atomic<std::size_t> done = 0;
    forEachTask(families->size(), predictions::threadCount(parameters.threads), [&](std::size_t i, unsigned) {
        if (progress.isCancelled())
            return;
        const std::size_t f = families->size() - 1 - i; // those by window, which take longest, first
        const FamilyCells cells = scoretables::cellsOf(table, (*families)[f], parameters.window);
        computed[f] = namedCells(table, cells);
        for (std::size_t leaf = 0; leaf < rows.leftOut.size(); ++leaf)
            for (std::uint32_t m = cells.first[leaf]; m < cells.first[leaf + 1]; ++m)
                computed[f][cells.members[m]].leftOut += rows.leftOut[leaf];
        compute(cells, computed[f], f);
        progress(++done, families->size(), "computing figures");
    });
    if (progress.isCancelled())
        return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
    ComputedSet set;
    set.parameters = parameters;
    set.smallestGroup = metrics::smallestGroup({parameters.smallestGroup, parameters.includeMissing}, parameters.options);
    for (auto &cells : computed)
        std::ranges::move(cells, std::back_inserter(set.cells));
    return set;
}

inline void addFigure(ComputedCell &cell, std::string name, metrics::Figure figure) { cell.metrics.push_back({std::move(name), std::move(figure), {}}); }

/// Estimates of a figure that every cell has by this name.
inline std::vector<metrics::Estimate> estimatesOf(const ComputedSet &set, std::string_view name)
{
    std::vector<metrics::Estimate> estimates;
    for (const ComputedCell &cell : set.cells) {
        const metrics::Figure *figure = cell.find(name);
        estimates.push_back(figure ? metrics::Estimate::of(*figure) : metrics::Estimate());
    }
    return estimates;
}

} // namespace countersign::computed
