#include "models/computed/comparisons/disparities.h"

#include "models/computed/comparisons/groupranges.h"
#include "models/metrics/drift/distributions.h"
#include "models/metrics/fairness/inequality.h"
#include "models/metrics/intervals/multiplicity.h"

namespace countersign::computed {

using namespace scoretables;
using metrics::BinaryMetric;
using metrics::Comparison;
using metrics::Figure;

namespace {

constexpr std::array kComparisons{Comparison::Difference, Comparison::Ratio};

const char *ending(Comparison comparison) { return comparison == Comparison::Difference ? "_difference" : "_ratio"; }

/// Metrics whose test is that of another one, as 1 − one is the other.
std::optional<BinaryMetric> complementOf(BinaryMetric metric)
{
    switch (metric) {
    case BinaryMetric::ErrorRate: return BinaryMetric::Accuracy;
    case BinaryMetric::FalseNegativeRate: return BinaryMetric::Recall;
    case BinaryMetric::Specificity: return BinaryMetric::FalsePositiveRate;
    case BinaryMetric::FalseDiscoveryRate: return BinaryMetric::Precision;
    case BinaryMetric::FalseOmissionRate: return BinaryMetric::NegativePredictiveValue;
    default: return std::nullopt;
    }
}

/// p of "the difference is 0" from the limits of one that has no test of its own.
Figure testFromLimits(const Figure &difference)
{
    if (!difference.isDefined())
        return Figure::undefined(difference.reason, difference.n);
    if (!difference.interval)
        return Figure::undefined(metrics::Reason::NoTest, difference.n);
    return metrics::comparisonTest(metrics::Estimate::of(difference), metrics::Estimate::of(Figure::of(0, 0), 0));
}

class Disparities
{
public:
    Disparities(const Measures &measures, ComputedSet &set, unsigned threads)
        : m_measures(measures), m_set(set), m_threads(threads), m_participation{set.parameters.smallestGroup, set.parameters.includeMissing}
    {
    }

    Status add()
    {
        const auto checked = checkReferences(m_set);
        if (!checked)
            return checked;
        m_everybody = everybodyOf(m_set);
        for (const auto &groups : groupRanges(m_set.cells)) {
            for (std::size_t m = 0; m < m_measures.counts.size(); ++m)
                addOverGroups(m, groups);
            for (const EstimateMeasure &measure : m_measures.estimates)
                addOverGroups(measure, groups);
            addComparisons(groups);
        }
        addIntervals();
        adjust();
        return {};
    }

private:
    bool isAgainstOverall() const { return m_set.parameters.isReferenceOverall; }
    metrics::Baseline baseline() const { return isAgainstOverall() ? metrics::Baseline::Overall : metrics::Baseline::BetweenGroups; }
    const metrics::Options &options() const { return m_set.parameters.options; }

    /// Everybody's counts: of the window's own cell, or all its groups together.
    metrics::Counts everybody(const CountMeasure &measure, const GroupRange &range) const
    {
        if (const auto cell = m_everybody[range.begin])
            return measure.cells[*cell];
        metrics::Counts sum;
        for (std::size_t c = range.begin; c < range.end; ++c)
            sum += measure.cells[c];
        return sum;
    }
    metrics::Estimate everybody(const EstimateMeasure &measure, const GroupRange &range) const
    {
        const auto cell = m_everybody[range.begin];
        return cell ? measure.cells[*cell] : metrics::Estimate();
    }

    // ---- over groups

    void addOverGroups(std::size_t m, const GroupRange &range)
    {
        const CountMeasure &measure = m_measures.counts[m];
        std::vector<metrics::Group> groups;
        for (std::size_t c = range.begin; c < range.end; ++c)
            groups.push_back({measure.cells[c], isMissing(m_set.cells[c])});
        const metrics::Counts all = everybody(measure, range);
        for (const BinaryMetric metric : measure.metrics)
            for (const Comparison comparison : kComparisons) {
                const auto disparity = metrics::disparity(groups, metric, comparison, options(), m_participation, baseline(), all);
                keep(range, disparity, metrics::disparityKey(metric, comparison) + measure.suffix, std::string(metrics::key(metric)) + measure.suffix);
                drawFor(m, range, disparity, {metric, {}, false, spreadOf(comparison), {}});
            }
        for (const bool isMean : {false, true})
            for (const Comparison comparison : measure.hasOdds ? std::span(kComparisons) : std::span<const Comparison>()) {
                const auto disparity = metrics::equalizedOdds(groups, comparison, isMean, options(), m_participation, baseline(), all);
                keep(range, disparity, std::string(isMean ? "equalized_odds_mean" : "equalized_odds") + ending(comparison) + measure.suffix,
                     "equalized_odds" + measure.suffix);
                drawFor(m, range, disparity, {BinaryMetric::Recall, BinaryMetric::FalsePositiveRate, isMean, spreadOf(comparison), {}});
            }
        if (measure.hasBenefits)
            addBetweenGroups(range, groups);
    }

    void addOverGroups(const EstimateMeasure &measure, const GroupRange &range)
    {
        std::vector<metrics::EstimatedGroup> groups;
        for (std::size_t c = range.begin; c < range.end; ++c)
            groups.push_back({measure.cells[c], isMissing(m_set.cells[c])});
        for (const Comparison comparison : kComparisons) {
            if (comparison == Comparison::Ratio && !measure.range.hasRatio)
                continue;
            keep(range, metrics::disparity(groups, comparison, measure.range, options(), m_participation, baseline(), everybody(measure, range)),
                 measure.name + ending(comparison), measure.name);
        }
    }

    /// Inequality that is left when everybody has their group's mean benefit.
    void addBetweenGroups(const GroupRange &range, const std::vector<metrics::Group> &groups)
    {
        metrics::Disparity sizes = metrics::disparity(groups, BinaryMetric::Accuracy, Comparison::Difference, options(), m_participation);
        std::vector<metrics::Counts> members;
        for (const int member : sizes.members)
            members.push_back(groups[static_cast<std::size_t>(member)].counts);
        for (const double alpha : {1.0, 2.0}) {
            const std::string name = alpha == 1 ? "theil_index" : "generalized_entropy_index";
            const std::uint64_t excluded = sizes.figure.excluded;
            sizes.figure = members.size() < 2 ? Figure::undefined(metrics::Reason::TooFewGroups) : metrics::betweenGroupEntropy(members, alpha);
            sizes.figure.excluded = excluded;
            sizes.highest = sizes.lowest = std::nullopt;
            keep(range, sizes, "between_group_" + name, name);
        }
    }

    void keep(const GroupRange &range, const metrics::Disparity &disparity, std::string name, std::string metric)
    {
        ComputedDisparity computed;
        computed.window = m_set.cells[range.begin].window;
        computed.attributes = attributesOf(m_set.cells[range.begin]);
        computed.name = std::move(name);
        computed.metric = std::move(metric);
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
    }

    static metrics::Spread spreadOf(Comparison comparison)
    {
        return comparison == Comparison::Difference ? metrics::Spread::Difference : metrics::Spread::Ratio;
    }

    /// The disparity kept last waits for its interval. Cells of several measures are numbered one measure after the other.
    void drawFor(std::size_t measure, const GroupRange &range, const metrics::Disparity &disparity, metrics::SpreadRequest request)
    {
        if (isAgainstOverall() || !disparity.figure.isDefined())
            return;
        for (const int member : disparity.members)
            request.cells.push_back(static_cast<int>(measure * m_set.cells.size() + range.begin) + member);
        m_requests.push_back(std::move(request));
        m_waiting.push_back(m_set.disparities.size() - 1);
    }

    /// All at once: every cell is redrawn once for all the disparities that it takes part in.
    void addIntervals()
    {
        const Parameters &parameters = m_set.parameters;
        if (parameters.bootstrapDraws <= 0 || !parameters.options.intervals || m_requests.empty())
            return;
        std::vector<metrics::Counts> cells;
        for (const CountMeasure &measure : m_measures.counts)
            cells.insert(cells.end(), measure.cells.begin(), measure.cells.end());
        const auto intervals = metrics::bootstrap(cells, m_requests, {parameters.seed, parameters.bootstrapDraws, parameters.options.level,
                                                                      static_cast<int>(m_threads)});
        for (std::size_t i = 0; i < intervals.size(); ++i) {
            Figure &figure = m_set.disparities[m_waiting[i]].figure;
            // A convention's zero in the place of an undefined share has no error; a figure made of it has no interval.
            if (intervals[i] && intervals[i]->lower <= figure.value && figure.value <= intervals[i]->upper)
                figure.interval = intervals[i];
        }
    }

    // ---- against the reference

    void addComparisons(const GroupRange &range)
    {
        const std::size_t reference = referenceIn(m_set, range);
        for (std::size_t m = 0; m < m_measures.counts.size(); ++m) {
            const CountMeasure &measure = m_measures.counts[m];
            const std::size_t first = m_set.comparisons.size();
            for (const BinaryMetric metric : measure.metrics) {
                const auto complement = complementOf(metric);
                const auto twin = complement ? std::ranges::find(measure.metrics, *complement) : measure.metrics.end();
                m_twins.push_back(twin == measure.metrics.end() ? std::nullopt : std::optional(first + static_cast<std::size_t>(twin - measure.metrics.begin())));
                addComparison(range, reference, std::string(metrics::key(metric)) + measure.suffix,
                              [&](std::size_t cell) { return pairOf(measure, metric, range, cell, reference); });
            }
            if (measure.hasOdds)
                addOdds(measure, range, reference);
        }
        for (const EstimateMeasure &measure : m_measures.estimates) {
            m_twins.emplace_back();
            addComparison(range, reference, measure.name, [&](std::size_t cell) { return pairOf(measure, range, cell, reference); });
        }
    }

    template<class Pair>
    void addComparison(const GroupRange &range, std::size_t reference, std::string metric, const Pair &pair)
    {
        ComputedComparison comparison;
        comparison.window = m_set.cells[range.begin].window;
        comparison.attributes = attributesOf(m_set.cells[range.begin]);
        comparison.metric = std::move(metric);
        if (!isAgainstOverall())
            comparison.reference = m_set.cells[reference].group;
        for (std::size_t c = range.begin; c < range.end; ++c) {
            if ((c == reference && !isAgainstOverall()) || m_set.cells[c].n == 0)
                continue;
            comparison.pairs.push_back(pair(c));
            comparison.pairs.back().group = m_set.cells[c].group;
        }
        m_set.comparisons.push_back(std::move(comparison));
    }

    Pairwise pairOf(const CountMeasure &measure, BinaryMetric metric, const GroupRange &range, std::size_t cell, std::size_t reference) const
    {
        const metrics::Counts &counts = measure.cells[cell];
        if (!isAgainstOverall()) {
            const metrics::Counts &base = measure.cells[reference];
            return {{}, metrics::compare(counts, base, metric, Comparison::Difference, options()),
                    metrics::compare(counts, base, metric, Comparison::Ratio, options()), metrics::comparisonTest(counts, base, metric), {}};
        }
        const metrics::Counts all = everybody(measure, range);
        return {{}, metrics::compareWithOverall(counts, all, metric, Comparison::Difference, options()),
                metrics::compareWithOverall(counts, all, metric, Comparison::Ratio, options()),
                metrics::comparisonTest(counts, metrics::restOf(all, counts), metric), {}};
    }

    Pairwise pairOf(const EstimateMeasure &measure, const GroupRange &range, std::size_t cell, std::size_t reference) const
    {
        const metrics::Estimate &own = measure.cells[cell];
        const metrics::Estimate base = isAgainstOverall() ? everybody(measure, range) : measure.cells[reference];
        metrics::Options plain = options();
        plain.intervals = plain.intervals && !isAgainstOverall();
        Pairwise pair{{}, metrics::compare(own, base, Comparison::Difference, measure.range, plain),
                      metrics::compare(own, base, Comparison::Ratio, measure.range, plain), metrics::comparisonTest(own, base), {}};
        if (!isAgainstOverall())
            return pair;
        pair.pValue = Figure::undefined(metrics::Reason::NoTest, pair.difference.n);
        if (measure.rests.empty())
            return pair;
        pair.pValue = metrics::comparisonTest(own, measure.rests[cell]);
        const Figure apart = metrics::compare(own, measure.rests[cell], Comparison::Difference, measure.range, options());
        if (!apart.interval || !pair.difference.isDefined())
            return pair;
        pair.difference.interval = apart.interval;
        pair.difference.interval->lower *= 1 - measure.parts[cell];
        pair.difference.interval->upper *= 1 - measure.parts[cell];
        return pair;
    }

    void addOdds(const CountMeasure &measure, const GroupRange &range, std::size_t reference)
    {
        const auto add = [&](const char *name, const auto &figure) {
            m_twins.emplace_back();
            addComparison(range, reference, name + measure.suffix, [&](std::size_t cell) {
                const metrics::Counts base = isAgainstOverall() ? everybody(measure, range) : measure.cells[reference];
                metrics::Options own = options();
                own.intervals = own.intervals && !isAgainstOverall();
                const Figure difference = figure(measure.cells[cell], base, own);
                return Pairwise{{}, difference, Figure::undefined(metrics::Reason::NoRatio, difference.n), testFromLimits(difference), {}};
            });
        };
        using metrics::Counts;
        using metrics::Options;
        add("average_odds", [](const Counts &own, const Counts &base, const Options &with) { return metrics::averageOdds(own, base, false, with); });
        add("average_absolute_odds", [](const Counts &own, const Counts &base, const Options &with) { return metrics::averageOdds(own, base, true, with); });
        add("equalized_odds", [](const Counts &own, const Counts &base, const Options &with) { return metrics::equalizedOdds(own, base, false, with); });
    }

    /// See the header: one family of tests.
    void adjust()
    {
        std::vector<double> values;
        std::vector<Pairwise *> pairs;
        for (std::size_t c = 0; c < m_set.comparisons.size(); ++c)
            for (Pairwise &pair : m_set.comparisons[c].pairs)
                if (pair.pValue.isDefined() && !m_twins[c]) {
                    values.push_back(pair.pValue.value);
                    pairs.push_back(&pair);
                }
        const auto adjusted = metrics::benjaminiHochberg(values);
        for (std::size_t i = 0; i < adjusted.size(); ++i)
            pairs[i]->adjustedPValue = adjusted[i];
        for (std::size_t c = 0; c < m_set.comparisons.size(); ++c)
            for (std::size_t p = 0; m_twins[c] && p < m_set.comparisons[c].pairs.size(); ++p)
                m_set.comparisons[c].pairs[p].adjustedPValue = m_set.comparisons[*m_twins[c]].pairs[p].adjustedPValue;
    }

    const Measures &m_measures;
    ComputedSet &m_set;
    unsigned m_threads;
    metrics::Participation m_participation;
    std::vector<std::optional<std::size_t>> m_everybody;
    std::vector<metrics::SpreadRequest> m_requests;
    std::vector<std::size_t> m_waiting;                ///< the disparity of each request
    std::vector<std::optional<std::size_t>> m_twins;   ///< by comparison: the one that has the same test
};

} // namespace

Status addDisparities(const Measures &measures, ComputedSet &set, unsigned threads) { return Disparities(measures, set, threads).add(); }

} // namespace countersign::computed
