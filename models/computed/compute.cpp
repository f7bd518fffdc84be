#include "models/computed/compute.h"

#include "models/base/parallel.h"
#include "models/metrics/calibration.h"
#include "models/metrics/inequality.h"
#include "models/scoretables/boundedtable.h"
#include "models/computed/cellnames.h"
#include "models/computed/disparities.h"
#include "models/computed/valuecells.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::Counts;
using metrics::Figure;

struct CellSums {
    LeftOut leftOut;
    metrics::Losses losses;
    std::vector<metrics::CalibrationBin> bins = std::vector<metrics::CalibrationBin>(kCalibrationBins);
};

std::vector<CellSums> addUpSums(const Table &table, const FamilyCells &cells)
{
    std::vector<CellSums> sums(cells.cells.size());
    for (std::size_t leaf = 0; leaf < table.leaves().size(); ++leaf)
        for (std::uint32_t m = cells.first[leaf]; m < cells.first[leaf + 1]; ++m) {
            CellSums &cell = sums[cells.members[m]];
            const LeafSums &own = table.sums()[leaf];
            cell.leftOut += own.leftOut;
            cell.losses.merge(own.losses);
            for (std::size_t b = 0; b < cell.bins.size(); ++b) {
                cell.bins[b].weight += own.bins[b].weight;
                cell.bins[b].positives += own.bins[b].positives;
                cell.bins[b].scores += own.bins[b].scores;
                cell.bins[b].rows += own.bins[b].rows;
            }
        }
    return sums;
}

Figure meanScore(const metrics::Losses &losses)
{
    const double weight = losses.weight.value();
    return weight > 0 ? Figure::of(losses.scores.value() / weight, losses.rows) : Figure::undefined(metrics::Reason::NoRows);
}

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

void addScoreFigures(const metrics::Ranking &ranking, const CellSums &sums, const metrics::Options &options, std::vector<NamedFigure> &figures)
{
    figures.push_back({"auc", metrics::auc(ranking, options), {}});
    figures.push_back({"gini", metrics::gini(ranking, options), {}});
    figures.push_back({"ks", metrics::kolmogorovSmirnov(ranking), {}});
    figures.push_back({"average_precision", metrics::averagePrecision(ranking), {}});
    figures.push_back({"log_loss", metrics::logLoss(sums.losses, options), {}});
    figures.push_back({"brier", metrics::brier(sums.losses, options), {}});
    figures.push_back({"brier_skill", metrics::brierSkill(sums.losses), {}});
    figures.push_back({"ece", metrics::calibrationError(sums.bins, sums.losses.outside), {}});
    figures.push_back({"mce", metrics::maximumCalibrationError(sums.bins, sums.losses.outside), {}});
    figures.push_back({"calibration_in_the_large", metrics::calibrationInTheLarge(sums.losses), {}});
    figures.push_back({"mean_score", meanScore(sums.losses), {}});
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
    std::vector<Counts> counts;
    std::vector<ComputedCell> computed;
};

void computeFamily(const Table &table, const Parameters &parameters, const std::vector<Counts> &byLeaf, const Family &family, Work &work)
{
    work.cells = cellsOf(table, family, parameters.window);
    work.counts = addUp(work.cells, byLeaf);
    work.computed = namedCells(table, work.cells);
    const std::vector<CellSums> sums = addUpSums(table, work.cells);
    const bool isRanked = table.hasScores() && table.hasLabels();
    const auto rankings = isRanked ? rank(table, work.cells, work.counts) : std::vector<metrics::Ranking>();
    const auto bounds = isRanked && table.scoreStep() > 0 ? rankBounds(table, work.cells, work.counts) : std::vector<RankBounds>();
    for (std::size_t c = 0; c < work.counts.size(); ++c) {
        ComputedCell &cell = work.computed[c];
        cell.counts = work.counts[c];
        cell.n = cell.counts.rows;
        cell.leftOut = sums[c].leftOut;
        cell.metrics = countFigures(cell.counts, parameters.options, table.hasLabels());
        if (isRanked)
            addScoreFigures(rankings[c], sums[c], parameters.options, cell.metrics);
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

std::vector<NamedFigure> countFigures(const Counts &counts, const metrics::Options &options, bool hasLabels)
{
    std::vector<NamedFigure> figures;
    for (const metrics::BinaryMetric metric : metrics::kBinaryMetrics)
        if (hasLabels || metric == metrics::BinaryMetric::SelectionRate)
            figures.push_back({std::string(metrics::key(metric)), metrics::figure(counts, metric, options), {}});
    if (hasLabels)
        figures.push_back({"theil_index", metrics::theilIndex(counts), {}});
    return figures;
}

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
    for (auto &own : work)
        std::ranges::move(own.computed, std::back_inserter(set.cells));
    const auto compared = addDisparities(table, set, threads);
    if (!compared)
        return compared.error();
    return set;
}

Result<ComputedSet> computeLog(predictions::LogReader reader, const predictions::Mapping &mapping, const Parameters &parameters,
                               const predictions::ReadOptions &options, const TableUse &use)
{
    auto log = reader.read(mapping, options);
    if (!log)
        return log.error();
    predictions::LogFacts facts = log->facts;
    auto set = computeAny(*std::move(log), parameters, options, use);
    if (!set)
        return set;
    set->log = std::move(facts);
    set->mapping = mapping;
    return set;
}

Result<ComputedSet> computeBounded(predictions::LogReader reader, const predictions::Mapping &mapping, const Parameters &parameters,
                                   const predictions::ReadOptions &options, double scoreStep, const TableUse &use)
{
    BoundedOptions bounded;
    bounded.unit = parameters.window.unit;
    bounded.threshold = parameters.threshold;
    bounded.scoreStep = scoreStep;
    bounded.read = options;
    const auto table = buildBoundedTable(reader, mapping, bounded);
    if (!table)
        return table.error();
    auto set = compute(table->table, parameters, options.progress);
    if (!set)
        return set;
    if (use)
        use(table->table);
    set->log = table->facts;
    set->mapping = mapping;
    return set;
}

} // namespace countersign::computed
