#include "models/computed/compute.h"

#include "models/base/parallel.h"
#include "models/computed/cells/cellnames.h"
#include "models/computed/cells/labels.h"
#include "models/computed/cells/valuecells.h"
#include "models/computed/comparisons/disparities.h"
#include "models/computed/comparisons/drifts.h"
#include "models/computed/comparisons/impacts.h"
#include "models/computed/comparisons/worst.h"
#include "models/scoretables/pairs/rankings.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::Counts;
using metrics::Figure;

void addBounds(const RankBounds &bounds, std::vector<NamedFigure> &figures)
{
    for (NamedFigure &named : figures) {
        if (named.name == "auc")
            named.bound = bounds.auc;
        else if (named.name == "gini")
            named.bound = 2 * bounds.auc;
        else if (named.name == "ks")
            named.bound = bounds.ks;
        else if (named.name == "average_precision")
            named.bound = bounds.averagePrecision;
    }
}

/// Rows whose rounded score does not say on which side of the threshold they are; none when it is a multiple of the step.
std::uint64_t rowsInStepOf(const Table &table, double threshold)
{
    const double step = table.scoreStep();
    const double start = std::floor(threshold / step) * step;
    if (start == threshold)
        return 0;
    std::uint64_t rows = 0;
    for (std::size_t i = table.entriesFrom(threshold); i < table.size() && table.scores()[i] >= start; ++i)
        rows += table.counts()[i];
    return rows;
}

/// One family on its way to cells.
struct Work {
    FamilyCells cells;
    std::vector<ComputedCell> computed;
    std::vector<CellSums> sums;
    std::vector<RankFigures> ranks; ///< empty without scores or labels
};

void computeFamily(const Table &table, const Parameters &parameters, const std::vector<Counts> &byLeaf, const Family &family, Work &work)
{
    work.cells = cellsOf(table, family, parameters.window);
    const std::vector<Counts> counts = addUp(work.cells, byLeaf);
    work.computed = namedCells(table, work.cells);
    work.sums = addUpSums(table, work.cells);
    addMassBins(table, work.cells, work.sums);
    const bool isRanked = table.hasScores() && table.hasLabels();
    const auto rankings = isRanked ? rank(table, work.cells, counts) : std::vector<metrics::Ranking>();
    const auto bounds = isRanked && table.scoreStep() > 0 ? rankBounds(table, work.cells, counts) : std::vector<RankBounds>();
    for (std::size_t c = 0; c < counts.size(); ++c) {
        ComputedCell &cell = work.computed[c];
        cell.counts = counts[c];
        cell.n = cell.counts.rows;
        cell.leftOut = work.sums[c].leftOut;
        cell.metrics = countFigures(cell.counts, parameters.options, table.hasLabels());
        if (table.hasLabels())
            cell.metrics.push_back(labelledShare(cell, parameters.options));
        if (isRanked) {
            work.ranks.push_back(RankFigures::of(rankings[c], parameters.options));
            addScoreFigures(work.ranks.back(), work.sums[c], parameters.options, cell.metrics);
        }
        if (!bounds.empty())
            addBounds(bounds[c], cell.metrics);
    }
}

Result<ComputedSet> computeAny(predictions::PredictionLog &&log, const Parameters &parameters, const predictions::ReadOptions &options,
                               const TableUse &use)
{
    if (log.mapping.task == predictions::Task::Multiclass)
        return computeClasses(std::move(log), parameters, options.progress);
    if (log.mapping.task == predictions::Task::Regression)
        return computeAmounts(std::move(log), parameters, options.progress);
    const auto table = buildTable(std::move(log), {parameters.window.unit, options.threads, options.progress});
    if (!table)
        return table.error();
    auto set = compute(*table, parameters, options.progress);
    if (set && use)
        use(*table);
    return set;
}

} // namespace

std::vector<Counts> leafCounts(const Table &table, const Selection &selection)
{
    std::vector<Counts> counts;
    if (selection.threshold) {
        counts = table.countsAt(*selection.threshold);
    } else {
        for (const LeafSums &sums : table.sums())
            counts.push_back(sums.logged);
    }
    if (selection.firstUnit || selection.lastUnit) {
        const auto isIn = leavesIn(table, selection);
        for (std::size_t leaf = 0; leaf < counts.size(); ++leaf)
            if (!isIn[leaf])
                counts[leaf] = {};
    }
    return counts;
}

std::vector<std::uint8_t> leavesIn(const Table &table, const Selection &selection)
{
    std::vector<std::uint8_t> isIn;
    for (const Leaf &leaf : table.leaves()) {
        const bool isAfter = !selection.firstUnit || (leaf.hasTime && leaf.unit >= *selection.firstUnit);
        const bool isBefore = !selection.lastUnit || (leaf.hasTime && leaf.unit <= *selection.lastUnit);
        isIn.push_back(isAfter && isBefore ? 1 : 0);
    }
    return isIn;
}

Result<ComputedSet> compute(const Table &table, const Parameters &parameters, const Progress &progress)
{
    if (parameters.threshold && !table.hasScores())
        return Error{ErrorKind::Invalid, "A threshold needs a score column; the log has decisions only.", {}};
    const auto families = familiesFor(table, parameters);
    if (!families)
        return families.error();

    ComputedSet set;
    set.parameters = parameters;
    set.isThresholdApplied = parameters.threshold || !table.hasPredictions();
    set.threshold = parameters.threshold.value_or(0.5);
    set.scoreStep = table.scoreStep();
    set.smallestGroup = metrics::smallestGroup({parameters.smallestGroup, parameters.includeMissing}, parameters.options);
    // Decisions counted row by row at this very threshold are exact, also where scores were rounded.
    const bool areCounted = table.decidedAt() && *table.decidedAt() == set.threshold;
    const bool isByScore = set.isThresholdApplied && !areCounted;
    if (isByScore && table.scoreStep() > 0)
        set.uncertainRows = rowsInStepOf(table, set.threshold);
    const std::vector<Counts> byLeaf = leafCounts(table, {isByScore ? std::optional(set.threshold) : std::nullopt, {}, {}});
    std::vector<Work> work(families->size());
    std::atomic<std::size_t> done = 0;
    const unsigned threads = predictions::threadCount(parameters.threads);
    // Families by window are the longest: their accumulators are many. The last ones first.
    forEachTask(families->size(), threads, [&](std::size_t i, unsigned) {
        if (progress.isCancelled())
            return;
        const std::size_t family = families->size() - 1 - i;
        computeFamily(table, parameters, byLeaf, (*families)[family], work[family]);
        ++done;
    });
    if (progress.isCancelled())
        return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
    progress(done, families->size(), "computing figures");
    std::vector<CellSums> sums;
    std::vector<RankFigures> ranks;
    for (auto &own : work) {
        std::ranges::move(own.computed, std::back_inserter(set.cells));
        std::ranges::move(own.sums, std::back_inserter(sums));
        std::ranges::move(own.ranks, std::back_inserter(ranks));
    }
    const auto compared = addDisparities(binaryMeasures(set, table.hasLabels(), sums, ranks), set, threads);
    if (!compared)
        return compared.error();
    if (!parameters.worstMetric.empty()) {
        const auto source = worstSource(table, byLeaf, parameters.worstMetric);
        if (!source)
            return source.error();
        if (const auto searched = addWorst(table, *source, set, threads, progress); !searched)
            return searched.error();
    }
    if (parameters.options.convention == metrics::Convention::Aif360 && table.hasLabels() && !table.weights().empty())
        set.notes.emplace_back("AIF360 gives every row the same say in the Theil index and generalized entropy, whatever its weight; here rows count by their weights.");
    return set;
}

Result<ComputedSet> computeLog(predictions::LogReader reader, const predictions::Mapping &mapping, const Parameters &parameters,
                               const predictions::ReadOptions &options, const TableUse &use, std::optional<predictions::LogReader> reference)
{
    const SeenLabels labels = SeenLabels::in(reader.sample(), mapping.label, mapping);
    auto log = reader.read(mapping, options);
    if (!log)
        return log.error();
    ComputedSet drift;
    if (reference || !parameters.reference.empty())
        if (const auto compared = addDrift(*log, std::move(reference), parameters, options, drift); !compared)
            return compared.error();
    auto impacts = impactsOf(*log, parameters, options.progress);
    const auto delays = labelDelaysOf(*log, parameters);
    if (!impacts || !delays)
        return !impacts ? impacts.error() : delays.error();
    predictions::LogFacts facts = log->facts;
    auto set = computeAny(*std::move(log), parameters, options, use);
    if (!set)
        return set;
    set->log = std::move(facts);
    set->mapping = mapping;
    set->referenceLog = std::move(drift.referenceLog);
    set->referenceColumns = std::move(drift.referenceColumns);
    set->drifts = std::move(drift.drifts);
    set->impacts = *std::move(impacts);
    if (mapping.task != predictions::Task::Binary)
        for (ComputedCell &cell : set->cells)
            cell.metrics.push_back(labelledShare(cell, parameters.options));
    addLabelDelays(*delays, *set);
    noteOneOutcome(labels, *set);
    return set;
}

} // namespace countersign::computed
