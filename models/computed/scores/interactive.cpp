#include "models/computed/scores/interactive.h"

#include "models/base/parallel.h"
#include "models/computed/cells/cellnames.h"
#include "models/computed/cells/labels.h"
#include "models/computed/comparisons/disparities.h"
#include "models/scoretables/pairs/rankings.h"
#include "models/scoretables/pairs/unitpairs.h"

#include <cmath>

namespace countersign::computed {

using namespace scoretables;
using metrics::Counts;

namespace {

/// Up to here ranking all rows again is quick enough, and gives everything.
constexpr std::size_t kFewEntries = 500'000;
/// Fewer steps of score than this are too coarse for a variance.
constexpr std::size_t kLeastSteps = 100;

struct Span {
    std::optional<std::int64_t> first;
    std::optional<std::int64_t> last;
    bool isEverything() const { return !first && !last; }
    bool operator==(const Span &) const = default;
};

} // namespace

struct Interactive::State {
    std::shared_ptr<const Table> table;
    Parameters parameters;
    unsigned threads = 1;
    std::vector<FamilyCells> families;
    std::vector<std::vector<ComputedCell>> named;         ///< by family: names, and nothing in them
    bool isPrepared = false;
    std::optional<UnitPairs> pairs;
    std::vector<std::vector<RankFigures>> everything;     ///< by family, of all of time; empty until it was asked for
    std::optional<Span> lastSpan;
    std::vector<std::vector<RankFigures>> lastRanks;      ///< of lastSpan: a threshold changes nothing of them

    bool isRanked() const { return table->hasScores() && table->hasLabels(); }
    bool isSmall() const { return table->size() <= kFewEntries || table->checkpoints() < kLeastSteps; }

    /// Exactly, by a pass over all entries for each family.
    std::vector<std::vector<RankFigures>> rankAgain(const std::vector<Counts> &byLeaf, std::span<const std::uint8_t> isLeafIn) const
    {
        std::vector<std::vector<RankFigures>> result(families.size());
        forEachTask(families.size(), threads, [&](std::size_t f, unsigned) {
            for (const metrics::Ranking &ranking : rank(*table, families[f], scoretables::addUp(families[f], byLeaf), isLeafIn))
                result[f].push_back(RankFigures::of(ranking, parameters.options));
        });
        return result;
    }

    /// By units of time, and in steps of score for the variance.
    std::vector<std::vector<RankFigures>> rankBySpan(const Span &span, const std::vector<Counts> &byLeaf, std::span<const std::uint8_t> isLeafIn) const
    {
        const std::int64_t first = span.first.value_or(std::numeric_limits<std::int64_t>::min());
        const std::int64_t last = span.last.value_or(std::numeric_limits<std::int64_t>::max());
        std::vector<std::vector<RankFigures>> result(families.size());
        forEachTask(families.size(), threads, [&](std::size_t f, unsigned) {
            const std::vector<Counts> totals = scoretables::addUp(families[f], byLeaf);
            const std::vector<metrics::Ranking> steps = rankSteps(families[f], totals, isLeafIn);
            for (std::size_t c = 0; c < totals.size(); ++c)
                result[f].push_back(rankFigures(steps[c], totals[c], pairs->pairs(f, c, first, last)));
        });
        return result;
    }

    /// Rows of a step count as ties.
    std::vector<metrics::Ranking> rankSteps(const FamilyCells &family, const std::vector<Counts> &totals, std::span<const std::uint8_t> isLeafIn) const
    {
        std::vector<metrics::Ranking> rankings(totals.size());
        for (std::size_t c = 0; c < totals.size(); ++c)
            rankings[c].begin(totals[c].positives(), totals[c].negatives());
        struct Step {
            double positives = 0;
            double negatives = 0;
        };
        std::vector<Step> above(totals.size());
        std::vector<Step> before(totals.size());
        const std::size_t checkpoints = table->checkpoints();
        for (std::size_t k = 1; k <= checkpoints; ++k) {
            if (k < checkpoints) {
                std::ranges::fill(above, Step{});
                const auto weights = table->aboveCheckpoint(k);
                for (std::size_t leaf = 0; leaf < isLeafIn.size(); ++leaf) {
                    if (!isLeafIn[leaf])
                        continue;
                    Step &cell = above[family.members[family.first[leaf]]];
                    cell.negatives += weights[leaf * 2];
                    cell.positives += weights[leaf * 2 + 1];
                }
            } else {
                for (std::size_t c = 0; c < totals.size(); ++c)
                    above[c] = {totals[c].positives(), totals[c].negatives()};
            }
            for (std::size_t c = 0; c < totals.size(); ++c)
                rankings[c].addBlock(-static_cast<double>(k), std::max(0.0, above[c].positives - before[c].positives),
                                     std::max(0.0, above[c].negatives - before[c].negatives));
            std::swap(above, before);
        }
        for (std::size_t c = 0; c < totals.size(); ++c) {
            rankings[c].finish();
            // A step has weights, not their squares: both labels are taken to be weighted alike.
            const double square = totals[c].total() > 0 ? totals[c].squares / totals[c].total() : 1;
            rankings[c].weightsOfPositives *= square;
            rankings[c].weightsOfNegatives *= square;
        }
        return rankings;
    }

    RankFigures rankFigures(const metrics::Ranking &steps, const Counts &total, double above) const
    {
        RankFigures figures;
        metrics::Ranking exact = steps;
        exact.area = above;
        exact.rows = total.rows;
        figures.auc = metrics::auc(exact, {parameters.options.convention, parameters.options.level, false});
        const metrics::Figure variance = metrics::aucVariance(steps);
        if (!variance.isDefined() || !figures.auc.isDefined())
            return figures;
        figures.aucError = std::sqrt(variance.value);
        if (parameters.options.intervals) {
            figures.auc.interval = metrics::normalTheory(figures.auc.value, *figures.aucError, parameters.options.level, 0, 1);
            figures.auc.interval->method = metrics::IntervalMethod::DeLong;
        }
        return figures;
    }

    const std::vector<std::vector<RankFigures>> &ranksOf(const Span &span, const std::vector<Counts> &byLeaf, std::span<const std::uint8_t> isLeafIn)
    {
        if (span.isEverything()) {
            if (everything.empty())
                everything = rankAgain(byLeaf, {});
            return everything;
        }
        if (lastSpan == span)
            return lastRanks;
        if (!isSmall() && !pairs && !isPrepared)
            prepare({});
        lastRanks = pairs ? rankBySpan(span, byLeaf, isLeafIn) : rankAgain(byLeaf, isLeafIn);
        lastSpan = span;
        return lastRanks;
    }

    void prepare(const Progress &progress)
    {
        if (isPrepared || !isRanked())
            return;
        if (everything.empty())
            everything = rankAgain(leafCounts(*table, {}), {});
        if (!isSmall() && table->unit() != WindowUnit::None)
            pairs = UnitPairs::of(*table, families, threads, progress);
        isPrepared = !progress.isCancelled();
    }
};

Interactive::Interactive(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Interactive::~Interactive() = default;
Interactive::Interactive(Interactive &&) noexcept = default;
Interactive &Interactive::operator=(Interactive &&) noexcept = default;

Result<Interactive> Interactive::make(std::shared_ptr<const Table> table, Parameters parameters)
{
    auto families = familiesFor(*table, parameters);
    if (!families)
        return families.error();
    std::erase_if(*families, [](const Family &family) { return family.byWindow; });
    auto state = std::make_unique<State>();
    state->threads = predictions::threadCount(parameters.threads);
    for (const Family &family : *families) {
        state->families.push_back(cellsOf(*table, family, {}));
        state->named.push_back(namedCells(*table, state->families.back()));
    }
    parameters.window = {};
    parameters.worstMetric.clear();
    state->table = std::move(table);
    state->parameters = std::move(parameters);
    return Interactive(std::move(state));
}

Status Interactive::prepare(const Progress &progress)
{
    m_state->prepare(progress);
    return progress.isCancelled() ? Status(Error{ErrorKind::Cancelled, "Preparing was stopped.", {}}) : Status();
}

Result<ComputedSet> Interactive::figures(const Selection &selection)
{
    State &state = *m_state;
    const Table &table = *state.table;
    ComputedSet set;
    set.parameters = state.parameters;
    if (selection.threshold)
        set.parameters.threshold = selection.threshold;
    if (!selection.references.empty())
        set.parameters.references = selection.references;
    if (selection.isReferenceOverall)
        set.parameters.isReferenceOverall = *selection.isReferenceOverall;
    if (set.parameters.threshold && !table.hasScores())
        return Error{ErrorKind::Invalid, "A threshold needs a score column; the log has decisions only.", {}};
    set.isThresholdApplied = set.parameters.threshold || !table.hasPredictions();
    set.threshold = set.parameters.threshold.value_or(0.5);
    set.scoreStep = table.scoreStep();
    set.smallestGroup = metrics::smallestGroup({set.parameters.smallestGroup, set.parameters.includeMissing}, set.parameters.options);

    const bool areCounted = table.decidedAt() && *table.decidedAt() == set.threshold;
    Selection taken = selection;
    taken.threshold = set.isThresholdApplied && !areCounted ? std::optional(set.threshold) : std::nullopt;
    const std::vector<Counts> byLeaf = leafCounts(table, taken);
    const Span span{selection.firstUnit, selection.lastUnit};
    const std::vector<std::uint8_t> isLeafIn = span.isEverything() ? std::vector<std::uint8_t>() : leavesIn(table, selection);
    const std::vector<std::vector<RankFigures>> none(state.families.size());
    const auto &ranks = state.isRanked() ? state.ranksOf(span, byLeaf, isLeafIn) : none;

    std::vector<CellSums> allSums;
    std::vector<RankFigures> allRanks;
    for (std::size_t f = 0; f < state.families.size(); ++f) {
        const std::vector<Counts> counts = scoretables::addUp(state.families[f], byLeaf);
        std::vector<CellSums> sums = addUpSums(table, state.families[f], isLeafIn);
        for (std::size_t c = 0; c < counts.size(); ++c) {
            ComputedCell cell = state.named[f][c];
            cell.counts = counts[c];
            cell.n = counts[c].rows;
            cell.leftOut = sums[c].leftOut;
            cell.metrics = countFigures(cell.counts, set.parameters.options, table.hasLabels());
            if (table.hasLabels())
                cell.metrics.push_back(labelledShare(cell, set.parameters.options));
            if (!ranks[f].empty())
                addScoreFigures(ranks[f][c], sums[c], set.parameters.options, cell.metrics);
            set.cells.push_back(std::move(cell));
        }
        std::ranges::move(sums, std::back_inserter(allSums));
        allRanks.insert(allRanks.end(), ranks[f].begin(), ranks[f].end());
    }
    if (const auto compared = addDisparities(binaryMeasures(set, table.hasLabels(), allSums, allRanks), set, state.threads); !compared)
        return compared.error();
    return set;
}

const Table &Interactive::table() const { return *m_state->table; }

std::optional<std::pair<std::int64_t, std::int64_t>> Interactive::units() const
{
    std::optional<std::pair<std::int64_t, std::int64_t>> units;
    if (m_state->table->unit() == WindowUnit::None)
        return units;
    for (const Leaf &leaf : m_state->table->leaves()) {
        if (!leaf.hasTime)
            continue;
        if (!units)
            units = {leaf.unit, leaf.unit};
        units->first = std::min(units->first, leaf.unit);
        units->second = std::max(units->second, leaf.unit);
    }
    return units;
}

} // namespace countersign::computed
