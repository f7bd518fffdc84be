#include "models/computed/comparisons/worst.h"

#include "models/base/parallel.h"
#include "models/computed/comparisons/slicesums.h"
#include "models/metrics/definition.h"
#include "models/metrics/intervals/estimates.h"
#include "models/metrics/intervals/multiplicity.h"
#include "models/scoretables/pairs/rankings.h"

#include <cmath>

namespace countersign::computed {

using namespace scoretables;
using metrics::BinaryMetric;
using metrics::Comparison;
using metrics::Counts;
using metrics::Estimate;
using metrics::Figure;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

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

class Search
{
public:
    Search(const Table &table, const WorstSource &source, ComputedSet &set, unsigned threads, const Progress &progress)
        : m_table(table), m_source(source), m_sums(table, source), m_set(set), m_threads(threads), m_progress(progress), m_metric(set.parameters.worstMetric),
          m_better(metrics::define(m_metric).better), m_binary(metrics::binaryMetric(m_metric)), m_options(set.parameters.options)
    {
        m_options.intervals = true; // the ranking is by them
        m_options.convention = metrics::Convention::Countersign;
        m_range = {m_metric == "mcc" || m_metric == "cohen_kappa" || m_metric == "calibration_in_the_large" ? 2.0 : m_source.means.empty() || m_metric == "brier" ? 1.0 : kInfinity, true};
    }

    Status run()
    {
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
    using Attributes = SliceSums::Attributes;

    std::vector<Attributes> choices() const
    {
        std::vector<Attributes> result;
        for (const Family &family : familiesUpTo(m_table.attributes().size(), m_set.parameters.worstDepth, false, 0))
            if (!family.attributes.empty())
                result.push_back(family.attributes);
        return result;
    }

    // ---- one choice of attributes

    void search(const Attributes &attributes, std::size_t family, std::vector<Found> &found) const
    {
        const Slices slices = m_sums.of(attributes, m_set.smallestGroup, m_set.parameters.includeMissing);
        for (std::size_t slice = 0; slice < slices.rows.size(); ++slice) {
            Found own;
            own.family = family;
            own.codes = slices.codes[slice];
            if (judge(slices, slice, own))
                found.push_back(std::move(own));
        }
    }

    // ---- one slice

    /// False when nothing can be said of it.
    bool judge(const Slices &slices, std::size_t slice, Found &found) const
    {
        if (m_source.isRanked)
            compareRanks(slices.ranks[slice], slices.counts[slice], found);
        else if (!slices.means.empty())
            compareMeans(slices.means[slice], found);
        else
            compareCounts(slices.counts[slice], found);
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
        const Counts rest = metrics::restOf(m_sums.everybody().counts, counts);
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
        compare(Estimate::of(found.figure), Estimate::of(meanOf(m_sums.everybody().mean.without(mean))), found);
    }

    void compareRanks(const SliceRanks &ranks, const Counts &counts, Found &found) const
    {
        found.figure = metrics::auc(ranks.ranking, m_options);
        const Counts rest = metrics::restOf(m_sums.everybody().counts, counts);
        const double positives = rest.positives();
        const double negatives = rest.negatives();
        if (!found.figure.isDefined() || positives <= 0 || negatives <= 0)
            return;
        const Figure outside = Figure::of(ranks.restArea(m_sums.everybody().ranking.area) / positives / negatives, rest.rows);
        compareAucs(ranks.ranking, found.figure, Estimate::of(outside, std::sqrt(m_sums.aucVariance(rest))), found);
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

    const Table &m_table;
    const WorstSource &m_source;
    SliceSums m_sums;
    ComputedSet &m_set;
    unsigned m_threads;
    const Progress &m_progress;
    std::string m_metric;
    metrics::Better m_better;
    std::optional<BinaryMetric> m_binary;
    metrics::Options m_options;
    metrics::Range m_range;
};

} // namespace

Status addWorst(const Table &table, const WorstSource &source, ComputedSet &set, unsigned threads, const Progress &progress)
{
    if (set.parameters.worstMetric.empty() || table.leaves().empty())
        return {};
    return Search(table, source, set, threads, progress).run();
}

} // namespace countersign::computed
