#include "models/scoretables/compute.h"

#include "models/metrics/calibration.h"
#include "models/metrics/inequality.h"
#include "models/scoretables/disparities.h"
#include "models/scoretables/parallel.h"

namespace countersign::scoretables {

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

void addScoreFigures(const metrics::Ranking &ranking, const CellSums &sums, const metrics::Options &options, std::vector<NamedFigure> &figures)
{
    figures.push_back({"auc", metrics::auc(ranking, options)});
    figures.push_back({"gini", metrics::gini(ranking, options)});
    figures.push_back({"ks", metrics::kolmogorovSmirnov(ranking)});
    figures.push_back({"average_precision", metrics::averagePrecision(ranking)});
    figures.push_back({"log_loss", metrics::logLoss(sums.losses, options)});
    figures.push_back({"brier", metrics::brier(sums.losses, options)});
    figures.push_back({"brier_skill", metrics::brierSkill(sums.losses)});
    figures.push_back({"ece", metrics::calibrationError(sums.bins, sums.losses.outside)});
    figures.push_back({"mce", metrics::maximumCalibrationError(sums.bins, sums.losses.outside)});
    figures.push_back({"calibration_in_the_large", metrics::calibrationInTheLarge(sums.losses)});
    figures.push_back({"mean_score", meanScore(sums.losses)});
}

ComputedWindow windowOf(const Table &table, const WindowKey &key)
{
    if (!key.hasTime)
        return {{}, {}, "(no time)", false};
    return {unitStart(table.unit(), key.firstUnit), unitStart(table.unit(), key.lastUnit + 1), unitName(table.unit(), key.lastUnit), true};
}

GroupValues groupOf(const Table &table, const FamilyCells &cells, const CellKey &key)
{
    GroupValues group;
    for (std::size_t a = 0; a < key.codes.size(); ++a) {
        const Attribute &attribute = table.attributes()[cells.family.attributes[a]];
        group.emplace_back(attribute.name, key.codes[a] == 0 ? std::string(kMissingName) : attribute.values[key.codes[a]]);
    }
    return group;
}

Result<std::vector<Family>> familiesFor(const Table &table, const Parameters &parameters)
{
    const bool hasWindows = table.unit() != WindowUnit::None;
    if (parameters.families.empty())
        return familiesUpTo(table.attributes().size(), parameters.depth, hasWindows, parameters.windowDepth);
    std::vector<Family> families{Family{}};
    for (const auto &[names, byWindow] : parameters.families) {
        Family family{{}, byWindow && hasWindows};
        for (const auto &name : names) {
            const auto found = std::ranges::find(table.attributes(), name, &Attribute::name);
            if (found == table.attributes().end())
                return Error{ErrorKind::Invalid, "The log has no attribute \"" + name.substr(0, 60) + "\".", {}};
            family.attributes.push_back(static_cast<std::size_t>(found - table.attributes().begin()));
        }
        std::ranges::sort(family.attributes);
        if (std::ranges::find(families, family) == families.end())
            families.push_back(std::move(family));
    }
    return families;
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
    const std::vector<CellSums> sums = addUpSums(table, work.cells);
    const bool isRanked = table.hasScores() && table.hasLabels();
    const auto rankings = isRanked ? rank(table, work.cells, work.counts) : std::vector<metrics::Ranking>();
    for (std::size_t c = 0; c < work.counts.size(); ++c) {
        const CellKey &key = work.cells.cells[c];
        ComputedCell cell;
        if (key.window)
            cell.window = windowOf(table, *key.window);
        cell.group = groupOf(table, work.cells, key);
        cell.counts = work.counts[c];
        cell.n = cell.counts.rows;
        cell.leftOut = sums[c].leftOut;
        cell.metrics = countFigures(cell.counts, parameters.options, table.hasLabels());
        if (isRanked)
            addScoreFigures(rankings[c], sums[c], parameters.options, cell.metrics);
        work.computed.push_back(std::move(cell));
    }
}

} // namespace

std::vector<NamedFigure> countFigures(const Counts &counts, const metrics::Options &options, bool hasLabels)
{
    std::vector<NamedFigure> figures;
    for (const metrics::BinaryMetric metric : metrics::kBinaryMetrics)
        if (hasLabels || metric == metrics::BinaryMetric::SelectionRate)
            figures.push_back({std::string(metrics::key(metric)), metrics::figure(counts, metric, options)});
    if (hasLabels)
        figures.push_back({"theil_index", metrics::theilIndex(counts)});
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
    const std::vector<Counts> byLeaf = leafCounts(table, {set.isThresholdApplied ? std::optional(set.threshold) : std::nullopt, {}, {}});
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
                               const predictions::ReadOptions &options)
{
    auto log = reader.read(mapping, options);
    if (!log)
        return log.error();
    predictions::LogFacts facts = log->facts;
    const auto table = buildTable(*std::move(log), {parameters.window.unit, options.threads, options.progress});
    if (!table)
        return table.error();
    auto set = compute(*table, parameters, options.progress);
    if (!set)
        return set;
    set->log = std::move(facts);
    set->mapping = mapping;
    return set;
}

} // namespace countersign::scoretables
