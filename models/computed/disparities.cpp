#include "models/computed/disparities.h"

#include "models/metrics/multiplicity.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::BinaryMetric;
using metrics::Comparison;

constexpr std::array kMetrics{BinaryMetric::SelectionRate, BinaryMetric::Recall,    BinaryMetric::FalsePositiveRate,
                              BinaryMetric::Precision,     BinaryMetric::Accuracy,  BinaryMetric::ErrorRate,
                              BinaryMetric::Specificity,   BinaryMetric::FalseNegativeRate,
                              BinaryMetric::NegativePredictiveValue, BinaryMetric::FalseDiscoveryRate, BinaryMetric::FalseOmissionRate};
constexpr std::array kCompared{BinaryMetric::SelectionRate, BinaryMetric::Recall, BinaryMetric::FalsePositiveRate, BinaryMetric::Precision,
                               BinaryMetric::Accuracy};
constexpr std::array kComparisons{Comparison::Difference, Comparison::Ratio};

/// Cells [begin, end) of the set are the groups of one attribute or combination in one window.
struct GroupsOfWindow {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<std::string> attributesOf(const ComputedCell &cell)
{
    std::vector<std::string> names;
    for (const auto &[attribute, value] : cell.group)
        names.push_back(attribute);
    return names;
}

bool isMissing(const ComputedCell &cell)
{
    return std::ranges::any_of(cell.group, [](const auto &part) { return part.second == kMissingName; });
}

/// Cells come family by family, window by window.
std::vector<GroupsOfWindow> groupsIn(const std::vector<ComputedCell> &cells)
{
    std::vector<GroupsOfWindow> groups;
    for (std::size_t begin = 0; begin < cells.size();) {
        std::size_t end = begin + 1;
        while (end < cells.size() && cells[end].window == cells[begin].window && attributesOf(cells[end]) == attributesOf(cells[begin]))
            ++end;
        if (!cells[begin].group.empty())
            groups.push_back({begin, end});
        begin = end;
    }
    return groups;
}

class Disparities
{
public:
    Disparities(const Table &table, ComputedSet &set, unsigned threads)
        : m_hasLabels(table.hasLabels()), m_set(set), m_threads(threads), m_participation{set.parameters.smallestGroup, set.parameters.includeMissing}
    {
    }

    Status add()
    {
        const auto checked = checkReferences();
        if (!checked)
            return checked;
        for (const auto &groups : groupsIn(m_set.cells)) {
            addOverGroups(groups);
            addComparisons(groups);
        }
        addIntervals();
        adjust();
        return {};
    }

private:
    std::vector<BinaryMetric> usable(std::span<const BinaryMetric> metrics) const
    {
        if (!m_hasLabels)
            return {BinaryMetric::SelectionRate};
        return {metrics.begin(), metrics.end()};
    }

    /// A reference's value has to be that of a group somewhere.
    Status checkReferences() const
    {
        for (const auto &part : m_set.parameters.references) {
            const bool isThere = std::ranges::any_of(m_set.cells, [&](const ComputedCell &cell) {
                return std::ranges::find(cell.group, part) != cell.group.end();
            });
            if (!isThere)
                return Error{ErrorKind::Invalid, "The reference " + part.first.substr(0, 60) + "=" + part.second.substr(0, 60)
                                 + " is no group of this log.", {}};
        }
        return {};
    }

    std::vector<metrics::Group> groupsOf(const GroupsOfWindow &range) const
    {
        std::vector<metrics::Group> groups;
        for (std::size_t c = range.begin; c < range.end; ++c)
            groups.push_back({m_set.cells[c].counts, isMissing(m_set.cells[c])});
        return groups;
    }

    void addOverGroups(const GroupsOfWindow &range)
    {
        const auto groups = groupsOf(range);
        const auto &options = m_set.parameters.options;
        for (const BinaryMetric metric : usable(kMetrics))
            for (const Comparison comparison : kComparisons)
                keep(range, metrics::disparity(groups, metric, comparison, options, m_participation), metrics::disparityKey(metric, comparison),
                     metric, {}, comparison);
        for (const Comparison comparison : m_hasLabels ? std::span(kComparisons) : std::span<const Comparison>())
            keep(range, metrics::equalizedOdds(groups, comparison, false, options, m_participation),
                 comparison == Comparison::Difference ? "equalized_odds_difference" : "equalized_odds_ratio", BinaryMetric::Recall,
                 BinaryMetric::FalsePositiveRate, comparison);
    }

    void keep(const GroupsOfWindow &range, const metrics::Disparity &disparity, std::string name, BinaryMetric metric,
              std::optional<BinaryMetric> second, Comparison comparison)
    {
        ComputedDisparity computed;
        computed.window = m_set.cells[range.begin].window;
        computed.attributes = attributesOf(m_set.cells[range.begin]);
        computed.name = std::move(name);
        computed.metric = second ? "equalized_odds" : std::string(metrics::key(metric));
        computed.figure = disparity.figure;
        if (disparity.highest)
            computed.highest = m_set.cells[range.begin + static_cast<std::size_t>(*disparity.highest)].group;
        if (disparity.lowest)
            computed.lowest = m_set.cells[range.begin + static_cast<std::size_t>(*disparity.lowest)].group;
        computed.used = disparity.used;
        computed.small = disparity.small;
        computed.missing = disparity.missing;
        computed.undefined = disparity.undefined;
        m_set.disparities.push_back(std::move(computed));
        metrics::SpreadRequest request;
        request.metric = metric;
        request.second = second;
        request.spread = comparison == Comparison::Difference ? metrics::Spread::Difference : metrics::Spread::Ratio;
        for (const int member : disparity.figure.isDefined() ? disparity.members : std::vector<int>())
            request.cells.push_back(static_cast<int>(range.begin) + member);
        m_requests.push_back(std::move(request));
    }

    /// All at once: every cell is redrawn once for all the disparities that it takes part in.
    void addIntervals()
    {
        const Parameters &parameters = m_set.parameters;
        if (parameters.bootstrapDraws <= 0 || !parameters.options.intervals)
            return;
        std::vector<metrics::Counts> cells;
        for (const auto &cell : m_set.cells)
            cells.push_back(cell.counts);
        const auto intervals = metrics::bootstrap(cells, m_requests, {parameters.seed, parameters.bootstrapDraws, parameters.options.level,
                                                                      static_cast<int>(m_threads)});
        for (std::size_t i = 0; i < intervals.size(); ++i)
            m_set.disparities[i].figure.interval = intervals[i];
    }

    /// The named reference where its values are all there, else the largest known group.
    std::size_t referenceIn(const GroupsOfWindow &range) const
    {
        std::size_t largest = range.begin;
        std::uint64_t most = 0;
        for (std::size_t c = range.begin; c < range.end; ++c) {
            const ComputedCell &cell = m_set.cells[c];
            const bool isNamed = std::ranges::all_of(cell.group, [&](const auto &part) {
                return std::ranges::find(m_set.parameters.references, part) != m_set.parameters.references.end();
            });
            if (isNamed)
                return c;
            if (!isMissing(cell) && cell.n > most) {
                most = cell.n;
                largest = c;
            }
        }
        return largest;
    }

    void addComparisons(const GroupsOfWindow &range)
    {
        const std::size_t reference = referenceIn(range);
        const metrics::Counts &base = m_set.cells[reference].counts;
        const auto &options = m_set.parameters.options;
        for (const BinaryMetric metric : usable(kCompared)) {
            ComputedComparison comparison;
            comparison.window = m_set.cells[range.begin].window;
            comparison.attributes = attributesOf(m_set.cells[range.begin]);
            comparison.metric = metrics::key(metric);
            comparison.reference = m_set.cells[reference].group;
            for (std::size_t c = range.begin; c < range.end; ++c) {
                if (c == reference || m_set.cells[c].n == 0)
                    continue;
                const metrics::Counts &counts = m_set.cells[c].counts;
                comparison.pairs.push_back({m_set.cells[c].group, metrics::compare(counts, base, metric, Comparison::Difference, options),
                                            metrics::compare(counts, base, metric, Comparison::Ratio, options),
                                            metrics::comparisonTest(counts, base, metric), {}});
            }
            m_set.comparisons.push_back(std::move(comparison));
        }
    }

    void adjust()
    {
        std::vector<double> values;
        std::vector<Pairwise *> pairs;
        for (auto &comparison : m_set.comparisons)
            for (auto &pair : comparison.pairs)
                if (pair.pValue.isDefined()) {
                    values.push_back(pair.pValue.value);
                    pairs.push_back(&pair);
                }
        const auto adjusted = metrics::benjaminiHochberg(values);
        for (std::size_t i = 0; i < adjusted.size(); ++i)
            pairs[i]->adjustedPValue = adjusted[i];
    }

    bool m_hasLabels;
    ComputedSet &m_set;
    unsigned m_threads;
    metrics::Participation m_participation;
    std::vector<metrics::SpreadRequest> m_requests; ///< one a disparity
};

} // namespace

Status addDisparities(const Table &table, ComputedSet &set, unsigned threads) { return Disparities(table, set, threads).add(); }

} // namespace countersign::computed
