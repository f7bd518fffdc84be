#include "models/computed/comparisons/worst.h"

#include "models/base/parallel.h"
#include "models/computed/comparisons/groupranges.h"
#include "models/metrics/definition.h"
#include "models/metrics/intervals/estimates.h"
#include "models/metrics/intervals/multiplicity.h"
#include "models/metrics/ranking/calibration.h"
#include "models/scoretables/pairs/rankings.h"

#include <cmath>
#include <map>
#include <unordered_map>

namespace countersign::computed {

using namespace scoretables;
using metrics::BinaryMetric;
using metrics::Comparison;
using metrics::Counts;
using metrics::Estimate;
using metrics::Figure;

namespace {

constexpr std::uint32_t kNoSlice = 0xffffffffU;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Combinations of values that occur, whatever their time.
struct Combinations {
    std::vector<std::uint32_t> ofLeaf;
    std::vector<std::vector<std::uint32_t>> codes; ///< [attribute][combination]
    std::size_t size = 0;
};

Combinations combinationsOf(const Table &table)
{
    Combinations result;
    const std::size_t attributes = table.attributes().size();
    std::map<std::vector<std::uint32_t>, std::uint32_t> places;
    result.codes.resize(attributes);
    for (const Leaf &leaf : table.leaves()) {
        const auto [place, isNew] = places.emplace(leaf.codes, static_cast<std::uint32_t>(result.size));
        if (isNew) {
            ++result.size;
            for (std::size_t a = 0; a < attributes; ++a)
                result.codes[a].push_back(leaf.codes[a]);
        }
        result.ofLeaf.push_back(place->second);
    }
    return result;
}

/// A slice's own rows as the AUC needs them, and where they stand among all rows.
struct SliceRanks {
    metrics::Ranking ranking;
    double placements = 0; ///< Σ over its rows: rows of the other label on the right side of it, ties half

    double restArea(double allArea) const { return allArea - placements + ranking.area; }
};

/// One slice that is large enough.
struct Found {
    std::size_t family = 0;
    std::vector<std::uint32_t> codes;
    Figure figure;
    Figure difference;
    Figure pValue;
    double bound = 0;  ///< see the header; larger is worse
    double worse = 0;  ///< the difference itself, towards worse
};

/// Everything of a family's slices, by slice.
struct Sums {
    std::vector<std::uint32_t> sliceOf; ///< by combination
    std::vector<std::vector<std::uint32_t>> codes;
    std::vector<std::uint64_t> rows;
    std::vector<Counts> counts;
    std::vector<LeafMean> means;
    std::vector<SliceRanks> ranks;
};

class Search
{
public:
    Search(const Table &table, const WorstSource &source, ComputedSet &set, unsigned threads, const Progress &progress)
        : m_table(table), m_source(source), m_set(set), m_threads(threads), m_progress(progress), m_metric(set.parameters.worstMetric),
          m_better(metrics::define(m_metric).better), m_binary(metrics::binaryMetric(m_metric)), m_options(set.parameters.options)
    {
        m_options.intervals = true; // the ranking is by them
        m_options.convention = metrics::Convention::Countersign;
        m_range = {m_metric == "mcc" || m_metric == "cohen_kappa" || m_metric == "calibration_in_the_large" ? 2.0 : m_source.means.empty() || m_metric == "brier" ? 1.0 : kInfinity, true};
    }

    Status run()
    {
        prepare();
        const auto families = choices();
        std::vector<std::vector<Found>> found(families.size());
        std::atomic<std::size_t> done = 0;
        forEachTask(families.size(), m_threads, [&](std::size_t i, unsigned) {
            if (m_progress.isCancelled())
                return;
            const std::size_t family = families.size() - 1 - i; // the largest first
            search(families[family], family, found[family]);
            m_progress(++done, families.size(), "searching slices");
        });
        if (m_progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
        std::vector<Found> all;
        for (auto &own : found)
            std::ranges::move(own, std::back_inserter(all));
        m_set.slicesSearched = all.size();
        list(families, all);
        return {};
    }

private:
    using Attributes = std::vector<std::size_t>;

    std::vector<Attributes> choices() const
    {
        std::vector<Attributes> result;
        for (const Family &family : familiesUpTo(m_table.attributes().size(), m_set.parameters.worstDepth, false, 0))
            if (!family.attributes.empty())
                result.push_back(family.attributes);
        return result;
    }

    /// Sums by combination and of all rows.
    void prepare()
    {
        m_combinations = combinationsOf(m_table);
        m_rows.resize(m_combinations.size);
        m_counts.resize(m_source.counts.empty() ? 0 : m_combinations.size);
        m_means.resize(m_source.means.empty() ? 0 : m_combinations.size);
        for (std::size_t leaf = 0; leaf < m_combinations.ofLeaf.size(); ++leaf) {
            const std::uint32_t place = m_combinations.ofLeaf[leaf];
            if (!m_counts.empty()) {
                m_counts[place] += m_source.counts[leaf];
                m_all.counts += m_source.counts[leaf];
                m_rows[place] += m_source.counts[leaf].rows;
            }
            if (!m_means.empty()) {
                m_means[place].add(m_source.means[leaf]);
                m_all.mean.add(m_source.means[leaf]);
                m_rows[place] += m_source.means[leaf].rows;
            }
        }
        for (const std::uint64_t rows : m_rows)
            m_all.rows += rows;
        if (m_source.isRanked)
            place();
    }

    /// Where every entry stands among all, and the AUC of all.
    void place()
    {
        m_placements.resize(m_table.size());
        m_all.ranking.begin(m_all.counts.positives(), m_all.counts.negatives());
        const auto scores = m_table.scores();
        double above = 0;
        double below = 0;
        for (std::size_t begin = 0; begin < scores.size();) {
            double positives = 0;
            double negatives = 0;
            std::size_t end = begin;
            for (; end < scores.size() && scores[end] == scores[begin]; ++end)
                (isPositive(m_table.codes()[end]) ? positives : negatives) += entryWeight(end);
            for (; begin < end; ++begin)
                m_placements[begin] = isPositive(m_table.codes()[begin]) ? m_all.counts.negatives() - below - negatives / 2 : above + positives / 2;
            above += positives;
            below += negatives;
        }
        m_placementsOfLeaf.resize(m_combinations.ofLeaf.size());
        for (std::size_t i = 0; i < scores.size(); ++i) {
            addEntry(m_all.ranking, i);
            m_placementsOfLeaf[leafOf(m_table.codes()[i])] += entryWeight(i) * m_placements[i];
        }
        m_all.ranking.finish();
        const double positives = m_all.counts.positives();
        const double negatives = m_all.counts.negatives();
        if (positives > 0 && negatives > 0) {
            const double auc = m_all.ranking.area / positives / negatives;
            m_ofPositives = m_all.ranking.squaresOfPositives / positives / negatives / negatives - (1 - auc) * (1 - auc);
            m_ofNegatives = m_all.ranking.squaresOfNegatives / negatives / positives / positives - auc * auc;
        }
    }

    double entryWeight(std::size_t i) const
    {
        return (m_table.weights().empty() ? 1.0 : m_table.weights()[i]) * (m_table.counts().empty() ? 1U : m_table.counts()[i]);
    }
    void addEntry(metrics::Ranking &ranking, std::size_t i) const
    {
        const bool positive = isPositive(m_table.codes()[i]);
        if (m_table.weights().empty()) {
            const double count = m_table.counts().empty() ? 1.0 : m_table.counts()[i];
            ranking.addBlock(m_table.scores()[i], positive ? count : 0, positive ? 0 : count);
        } else {
            ranking.add(m_table.scores()[i], positive, m_table.weights()[i]);
        }
    }

    // ---- one choice of attributes

    void search(const Attributes &attributes, std::size_t family, std::vector<Found> &found) const
    {
        Sums sums;
        sliceUp(attributes, sums);
        if (sums.rows.empty())
            return;
        addUp(sums);
        if (m_source.isRanked)
            rankSlices(sums);
        for (std::size_t slice = 0; slice < sums.rows.size(); ++slice) {
            Found own;
            own.family = family;
            own.codes = sums.codes[slice];
            if (judge(sums, slice, own))
                found.push_back(std::move(own));
        }
    }

    /// Numbers the slices that are large enough, and not too large.
    void sliceUp(const Attributes &attributes, Sums &sums) const
    {
        std::vector<std::uint64_t> keys(m_combinations.size);
        std::uint64_t size = 1;
        for (const std::size_t a : attributes) {
            const std::uint64_t values = m_table.attributes()[a].values.size();
            for (std::size_t c = 0; c < keys.size(); ++c)
                keys[c] = keys[c] * values + m_combinations.codes[a][c];
            size = size > kMostDense / values ? kMostDense + 1 : size * values;
        }
        std::vector<std::uint64_t> dense(size <= kMostDense ? size : 0);
        std::unordered_map<std::uint64_t, std::uint64_t> sparse;
        for (std::size_t c = 0; c < keys.size(); ++c)
            (dense.empty() ? sparse[keys[c]] : dense[keys[c]]) += m_rows[c];
        std::unordered_map<std::uint64_t, std::uint32_t> numbers;
        std::vector<std::uint32_t> denseNumbers(dense.size(), kNoSlice);
        sums.sliceOf.assign(keys.size(), kNoSlice);
        for (std::size_t c = 0; c < keys.size(); ++c) {
            const std::uint64_t rows = dense.empty() ? sparse[keys[c]] : dense[keys[c]];
            if (rows < m_set.smallestGroup || m_all.rows - rows < m_set.smallestGroup || rows == 0 || isLeftOut(attributes, c))
                continue;
            std::uint32_t &number = dense.empty() ? numbers.try_emplace(keys[c], kNoSlice).first->second : denseNumbers[keys[c]];
            if (number == kNoSlice) {
                number = static_cast<std::uint32_t>(sums.rows.size());
                sums.rows.push_back(rows);
                sums.codes.emplace_back();
                for (const std::size_t a : attributes)
                    sums.codes.back().push_back(m_combinations.codes[a][c]);
            }
            sums.sliceOf[c] = number;
        }
    }

    bool isLeftOut(const Attributes &attributes, std::size_t combination) const
    {
        return !m_set.parameters.includeMissing
            && std::ranges::any_of(attributes, [&](std::size_t a) { return m_combinations.codes[a][combination] == 0; });
    }

    void addUp(Sums &sums) const
    {
        sums.counts.resize(m_counts.empty() ? 0 : sums.rows.size());
        sums.means.resize(m_means.empty() ? 0 : sums.rows.size());
        for (std::size_t c = 0; c < sums.sliceOf.size(); ++c) {
            const std::uint32_t slice = sums.sliceOf[c];
            if (slice == kNoSlice)
                continue;
            if (!m_counts.empty())
                sums.counts[slice] += m_counts[c];
            if (!m_means.empty())
                sums.means[slice].add(m_means[c]);
        }
    }

    void rankSlices(Sums &sums) const
    {
        sums.ranks.resize(sums.rows.size());
        FamilyCells slices;
        slices.cells.resize(sums.rows.size());
        std::vector<std::uint8_t> isIn;
        for (const std::uint32_t combination : m_combinations.ofLeaf) {
            const std::uint32_t slice = sums.sliceOf[combination];
            slices.first.push_back(static_cast<std::uint32_t>(slices.members.size()));
            slices.members.push_back(slice == kNoSlice ? 0 : slice);
            isIn.push_back(slice == kNoSlice ? 0 : 1);
        }
        slices.first.push_back(static_cast<std::uint32_t>(slices.members.size()));
        const auto rankings = rank(m_table, slices, sums.counts, isIn);
        for (std::size_t slice = 0; slice < rankings.size(); ++slice)
            sums.ranks[slice].ranking = rankings[slice];
        addPlacements(slices.members, isIn, sums.ranks);
    }

    /// Placements of rows without weights are halves of whole numbers, so that leaves may be added up beforehand.
    void addPlacements(const std::vector<std::uint32_t> &sliceOfLeaf, const std::vector<std::uint8_t> &isIn, std::vector<SliceRanks> &ranks) const
    {
        if (m_table.weights().empty()) {
            for (std::size_t leaf = 0; leaf < sliceOfLeaf.size(); ++leaf)
                if (isIn[leaf])
                    ranks[sliceOfLeaf[leaf]].placements += m_placementsOfLeaf[leaf];
            return;
        }
        for (std::size_t i = 0; i < m_table.size(); ++i)
            if (const std::uint32_t leaf = leafOf(m_table.codes()[i]); isIn[leaf])
                ranks[sliceOfLeaf[leaf]].placements += entryWeight(i) * m_placements[i];
    }

    // ---- one slice

    /// False when nothing can be said of it.
    bool judge(const Sums &sums, std::size_t slice, Found &found) const
    {
        if (m_source.isRanked)
            compareRanks(sums.ranks[slice], sums.counts[slice], found);
        else if (!sums.means.empty())
            compareMeans(sums.means[slice], found);
        else
            compareCounts(sums.counts[slice], found);
        return weigh(found);
    }

    bool weigh(Found &found) const
    {
        if (!found.difference.isDefined() || !found.difference.interval || !found.pValue.isDefined())
            return false;
        const metrics::Interval &limits = *found.difference.interval;
        const double difference = found.difference.value;
        switch (m_better) {
        case metrics::Better::Higher:
            found.worse = -difference;
            found.bound = -limits.upper;
            break;
        case metrics::Better::Lower:
            found.worse = difference;
            found.bound = limits.lower;
            break;
        default:
            found.worse = std::abs(difference);
            found.bound = std::max(limits.lower, -limits.upper);
        }
        return true;
    }

    void compareCounts(const Counts &counts, Found &found) const
    {
        const Counts rest = metrics::restOf(m_all.counts, counts);
        found.figure = metrics::figure(counts, *m_binary, m_options);
        if (metrics::isShare(*m_binary)) {
            found.difference = metrics::compare(counts, rest, *m_binary, Comparison::Difference, m_options);
            found.pValue = metrics::comparisonTest(counts, rest, *m_binary);
        } else {
            compare(Estimate::of(found.figure), Estimate::of(metrics::figure(rest, *m_binary, m_options)), found);
        }
    }

    Figure meanOf(const LeafMean &mean) const
    {
        if (mean.weight <= 0)
            return Figure::undefined(metrics::Reason::NoRows, mean.rows);
        const double value = mean.sum / mean.weight;
        const double effective = mean.weight * (mean.weight / mean.weightSquares);
        Figure figure = Figure::of(m_source.isRoot ? std::sqrt(value) : value, mean.rows);
        if (effective <= 1)
            return figure;
        double error = std::sqrt(std::max(0.0, mean.squares / mean.weight - value * value) / (effective - 1));
        if (m_source.isRoot)
            error = figure.value > 0 ? error / (2 * figure.value) : 0;
        figure.interval = metrics::normalTheory(figure.value, error, m_options.level, -kInfinity, kInfinity);
        return figure;
    }

    void compareMeans(const LeafMean &mean, Found &found) const
    {
        found.figure = meanOf(mean);
        compare(Estimate::of(found.figure), Estimate::of(meanOf(m_all.mean.without(mean))), found);
    }

    void compareRanks(const SliceRanks &ranks, const Counts &counts, Found &found) const
    {
        found.figure = metrics::auc(ranks.ranking, m_options);
        const Counts rest = metrics::restOf(m_all.counts, counts);
        const double positives = rest.positives();
        const double negatives = rest.negatives();
        if (!found.figure.isDefined() || positives <= 0 || negatives <= 0)
            return;
        // Σ of placements counts pairs within the slice twice; what is left after taking it off is of rows outside alone.
        const Figure outside = Figure::of(ranks.restArea(m_all.ranking.area) / positives / negatives, rest.rows);
        const double variance = m_ofPositives / metrics::effectiveSize(rest, positives) + m_ofNegatives / metrics::effectiveSize(rest, negatives);
        compareAucs(ranks.ranking, found.figure, Estimate::of(outside, std::sqrt(std::max(0.0, variance))), found);
    }

    void compareAucs(const metrics::Ranking &ranking, const Figure &auc, const Estimate &rest, Found &found) const
    {
        const Figure variance = metrics::aucVariance(ranking);
        if (variance.isDefined())
            compare(Estimate::of(auc, std::sqrt(variance.value)), rest, found);
    }

    void compare(const Estimate &slice, const Estimate &rest, Found &found) const
    {
        found.difference = metrics::compare(slice, rest, Comparison::Difference, m_range, m_options);
        found.pValue = metrics::comparisonTest(slice, rest);
    }

    // ---- the list

    static bool isBefore(const Found &a, const Found &b)
    {
        if (a.bound != b.bound)
            return a.bound > b.bound;
        return std::pair(a.family, a.codes) < std::pair(b.family, b.codes);
    }

    void list(const std::vector<Attributes> &families, std::vector<Found> &all)
    {
        std::ranges::sort(all, isBefore);
        std::vector<std::size_t> chosen;
        for (std::size_t i = 0; i < all.size() && chosen.size() < m_set.parameters.worstCount; ++i) {
            const bool isSaid = std::ranges::any_of(chosen, [&](std::size_t other) {
                return isPartOf(families, all[i], all[other]) && all[i].worse <= all[other].worse;
            });
            if (all[i].worse > 0 && !isSaid)
                chosen.push_back(i);
        }
        if (m_source.isRanked)
            forEachTask(chosen.size(), m_threads, [&](std::size_t i, unsigned) { rankExactly(families, all[chosen[i]]); });
        std::vector<double> values;
        for (const Found &own : all)
            values.push_back(own.pValue.value);
        const auto adjusted = metrics::benjaminiHochberg(values);
        std::ranges::sort(chosen, [&](std::size_t a, std::size_t b) { return isBefore(all[a], all[b]); });
        for (const std::size_t i : chosen) {
            WorstSlice slice;
            slice.group = groupOf(families[all[i].family], all[i].codes);
            slice.metric = m_metric;
            slice.figure = all[i].figure;
            slice.difference = all[i].difference;
            slice.pValue = all[i].pValue;
            slice.adjustedPValue = adjusted[i];
            m_set.worst.push_back(std::move(slice));
        }
    }

    /// A slice of a slice: it asks for all that the other asks for, and more.
    static bool isPartOf(const std::vector<Attributes> &families, const Found &narrow, const Found &wide)
    {
        const Attributes &own = families[narrow.family];
        const Attributes &other = families[wide.family];
        if (own.size() <= other.size())
            return false;
        for (std::size_t i = 0; i < other.size(); ++i) {
            const auto place = std::ranges::find(own, other[i]);
            if (place == own.end() || narrow.codes[static_cast<std::size_t>(place - own.begin())] != wide.codes[i])
                return false;
        }
        return true;
    }

    GroupValues groupOf(const Attributes &attributes, const std::vector<std::uint32_t> &codes) const
    {
        GroupValues group;
        for (std::size_t a = 0; a < attributes.size(); ++a) {
            const Attribute &attribute = m_table.attributes()[attributes[a]];
            group.emplace_back(attribute.name, codes[a] == 0 ? std::string(kMissingName) : attribute.values[codes[a]]);
        }
        return group;
    }

    /// The slice and all other rows as two cells.
    void rankExactly(const std::vector<Attributes> &families, Found &found) const
    {
        const Attributes &attributes = families[found.family];
        FamilyCells cells;
        cells.cells.resize(2);
        std::vector<Counts> totals(2);
        for (std::size_t leaf = 0; leaf < m_table.leaves().size(); ++leaf) {
            bool isIn = true;
            for (std::size_t a = 0; a < attributes.size(); ++a)
                isIn = isIn && m_table.leaves()[leaf].codes[attributes[a]] == found.codes[a];
            cells.first.push_back(static_cast<std::uint32_t>(leaf));
            cells.members.push_back(isIn ? 0 : 1);
            totals[isIn ? 0 : 1] += m_source.counts[leaf];
        }
        cells.first.push_back(static_cast<std::uint32_t>(m_table.leaves().size()));
        const auto rankings = rank(m_table, cells, totals);
        found.figure = metrics::auc(rankings[0], m_options);
        const Figure variance = metrics::aucVariance(rankings[1]);
        if (!variance.isDefined())
            return;
        compareAucs(rankings[0], found.figure, Estimate::of(metrics::auc(rankings[1]), std::sqrt(variance.value)), found);
        weigh(found);
    }

    static constexpr std::uint64_t kMostDense = 1U << 20U;

    const Table &m_table;
    const WorstSource &m_source;
    ComputedSet &m_set;
    unsigned m_threads;
    const Progress &m_progress;
    std::string m_metric;
    metrics::Better m_better;
    std::optional<BinaryMetric> m_binary;
    metrics::Options m_options;
    metrics::Range m_range;
    Combinations m_combinations;
    std::vector<std::uint64_t> m_rows; ///< by combination
    std::vector<Counts> m_counts;
    std::vector<LeafMean> m_means;
    std::vector<double> m_placements; ///< by entry
    std::vector<double> m_placementsOfLeaf;
    double m_ofPositives = 0;         ///< variances of everybody's placements
    double m_ofNegatives = 0;
    struct {
        std::uint64_t rows = 0;
        Counts counts;
        LeafMean mean;
        metrics::Ranking ranking;
    } m_all;
};

/// Means that leaves have the sums of.
std::optional<LeafMean> meanOfLosses(const metrics::Losses &losses, const std::string &metric)
{
    LeafMean mean{losses.weight.value(), 0, 0, losses.weightSquares, losses.rows};
    if (metric == "log_loss") {
        mean.sum = losses.logLoss.value();
        mean.squares = losses.logLossSquares;
    } else if (metric == "brier") {
        mean.sum = losses.squaredError.value();
        mean.squares = losses.squaredErrorSquares;
    } else if (metric == "calibration_in_the_large") {
        mean.sum = losses.scores.value() - losses.positives.value();
        mean.squares = losses.squaredError.value();
    } else if (metric == "mean_score") {
        mean.sum = losses.scores.value();
        mean.squares = losses.scoreSquares;
    } else {
        return std::nullopt;
    }
    return mean;
}

} // namespace

void LeafMean::add(double value, double rowWeight)
{
    weight += rowWeight;
    sum += rowWeight * value;
    squares += rowWeight * value * value;
    weightSquares += rowWeight * rowWeight;
    rows += rowWeight > 0 ? 1U : 0U;
}

void LeafMean::add(const LeafMean &other)
{
    weight += other.weight;
    sum += other.sum;
    squares += other.squares;
    weightSquares += other.weightSquares;
    rows += other.rows;
}

LeafMean LeafMean::without(const LeafMean &part) const
{
    return {weight - part.weight, sum - part.sum, squares - part.squares, weightSquares - part.weightSquares, rows - part.rows};
}

Result<WorstSource> worstSource(const Table &table, const std::vector<Counts> &byLeaf, const std::string &metric)
{
    WorstSource source;
    const auto binary = metrics::binaryMetric(metric);
    if (binary && (table.hasLabels() || *binary == BinaryMetric::SelectionRate)) {
        source.counts = byLeaf;
        return source;
    }
    if (!table.hasLabels() || (!table.hasScores() && !binary))
        return Error{ErrorKind::Invalid, "Slices cannot be searched by \"" + metric.substr(0, 60) + "\": the log has no label or no score.", {}};
    if (metric == "auc") {
        source.counts = byLeaf;
        source.isRanked = true;
        return source;
    }
    for (const LeafSums &sums : table.sums()) {
        if (const auto mean = meanOfLosses(sums.losses, metric)) {
            if (sums.losses.outside > 0 && metric != "mean_score")
                return Error{ErrorKind::Invalid, "Slices cannot be searched by \"" + metric + "\": some scores are no probabilities.", {}};
            source.means.push_back(*mean);
        }
    }
    if (source.means.empty() && !table.sums().empty())
        return Error{ErrorKind::Invalid, "Slices cannot be searched by \"" + metric.substr(0, 60)
                         + "\". Metrics of decisions (accuracy, recall, f1 …), auc, log_loss, brier, calibration_in_the_large and mean_score can.", {}};
    return source;
}

Status addWorst(const Table &table, const WorstSource &source, ComputedSet &set, unsigned threads, const Progress &progress)
{
    if (set.parameters.worstMetric.empty() || table.leaves().empty())
        return {};
    return Search(table, source, set, threads, progress).run();
}

} // namespace countersign::computed
