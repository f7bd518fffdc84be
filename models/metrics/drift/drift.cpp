#include "models/metrics/drift/drift.h"

#include "models/metrics/drift/distributions.h"
#include "models/metrics/intervals/intervals.h"
#include "models/metrics/sums.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>

namespace countersign::metrics {

namespace {

double sum(std::span<const double> counts)
{
    return std::accumulate(counts.begin(), counts.end(), 0.0);
}

/// Where values go: one slot a bin, then under, over, missing.
class Slots
{
public:
    explicit Slots(const BinEdges &edges)
        : m_inner(edges.inner)
        , m_lowest(edges.lowest)
        , m_highest(edges.highest)
    {
    }
    std::size_t size() const { return m_inner.size() + 4; }
    std::size_t slot(double value) const
    {
        if (std::isnan(value))
            return m_inner.size() + 3;
        if (value < m_lowest)
            return m_inner.size() + 1;
        if (value > m_highest)
            return m_inner.size() + 2;
        return binOf(value);
    }
    std::size_t binOf(double value) const
    {
        constexpr std::size_t kSearchFrom = 32; // counting a few edges without branches beats searching them
        if (m_inner.size() > kSearchFrom)
            return static_cast<std::size_t>(std::ranges::upper_bound(m_inner, value) - m_inner.begin());
        std::size_t bin = 0;
        for (const double edge : m_inner)
            bin += edge <= value ? 1U : 0U;
        return bin;
    }
    BinCounts collected(std::span<const std::uint64_t> slots) const
    {
        BinCounts counts(static_cast<int>(m_inner.size()) + 1);
        for (std::size_t i = 0; i < counts.counts.size(); ++i)
            counts.counts[i] = static_cast<double>(slots[i]);
        counts.under = static_cast<double>(slots[m_inner.size() + 1]);
        counts.over = static_cast<double>(slots[m_inner.size() + 2]);
        counts.counts.front() += counts.under;
        counts.counts.back() += counts.over;
        counts.missing = slots[m_inner.size() + 3];
        counts.rows = std::accumulate(slots.begin(), slots.end() - 1, std::uint64_t{0});
        return counts;
    }

private:
    std::span<const double> m_inner;
    double m_lowest;
    double m_highest;
};

/// The outer bins split into what lies inside the reference's range and what does not.
std::vector<double> withOutside(const BinCounts &counts)
{
    std::vector<double> result(counts.counts);
    if (result.empty())
        return result;
    result.front() -= counts.under;
    result.back() -= counts.over;
    result.push_back(counts.under);
    result.push_back(counts.over);
    return result;
}

/// Common ground of the figures on shares: rows, and why there is nothing to say.
Figure prepared(std::span<const double> reference, std::span<const double> current)
{
    const double before = sum(reference);
    const double now = sum(current);
    const auto rows = static_cast<std::uint64_t>(before + now);
    if (before <= 0 || now <= 0)
        return Figure::undefined(Reason::EmptySample, rows);
    return Figure::of(0, rows);
}

/// Half of p log2(p / m) with m the mean of p and q, exact where p and q are close.
double halfInformation(double p, double q)
{
    return p > 0 ? p * std::log1p((p - q) / (p + q)) / (2 * std::numbers::ln2) : 0;
}

template<class Visit>
void walk(std::span<const double> reference, std::span<const double> current, Visit visit)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < reference.size() || j < current.size()) {
        const double value = j == current.size() || (i < reference.size() && reference[i] <= current[j]) ? reference[i] : current[j];
        while (i < reference.size() && reference[i] == value)
            ++i;
        while (j < current.size() && current[j] == value)
            ++j;
        visit(value, i, j);
    }
}

} // namespace

int BinEdges::bin(double value) const
{
    return static_cast<int>(std::ranges::upper_bound(inner, value) - inner.begin());
}

BinEdges referenceEdges(std::span<const double> ascending, int bins, int perValueUpTo)
{
    BinEdges edges;
    if (ascending.empty())
        return edges;
    edges.lowest = ascending.front();
    edges.highest = ascending.back();
    std::vector<double> distinct;
    for (auto at = ascending.begin(); at != ascending.end(); at = std::upper_bound(at, ascending.end(), *at)) {
        distinct.push_back(*at);
        if (static_cast<int>(distinct.size()) > perValueUpTo) {
            edges.inner = innerQuantiles(ascending, bins);
            return edges;
        }
    }
    edges.isPerValue = true;
    edges.inner.assign(distinct.begin() + 1, distinct.end());
    return edges;
}

double BinCounts::total() const
{
    return sum(counts);
}

void BinCounts::merge(const BinCounts &other)
{
    if (counts.size() < other.counts.size())
        counts.resize(other.counts.size(), 0.0);
    for (std::size_t i = 0; i < other.counts.size(); ++i)
        counts[i] += other.counts[i];
    under += other.under;
    over += other.over;
    rows += other.rows;
    missing += other.missing;
}

BinCounts countBins(const BinEdges &edges, std::span<const double> values)
{
    const Slots slots(edges);
    std::vector<std::uint64_t> counts(slots.size());
    for (const double value : values)
        ++counts[slots.slot(value)];
    return slots.collected(counts);
}

std::vector<BinCounts> countBins(const BinEdges &edges, std::span<const double> values, std::span<const std::int32_t> window, int windows)
{
    const Slots slots(edges);
    const std::size_t stride = slots.size();
    std::vector<std::uint64_t> counts(stride * static_cast<std::size_t>(windows));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (window[i] >= 0)
            ++counts[static_cast<std::size_t>(window[i]) * stride + slots.slot(values[i])];
    std::vector<BinCounts> result;
    for (std::size_t w = 0; w < static_cast<std::size_t>(windows); ++w)
        result.push_back(slots.collected(std::span(counts).subspan(w * stride, stride)));
    return result;
}

BinCounts countSorted(const BinEdges &edges, std::span<const double> ascending)
{
    const auto below = [ascending](double value) { return static_cast<double>(std::ranges::lower_bound(ascending, value) - ascending.begin()); };
    const auto size = static_cast<double>(ascending.size());
    BinCounts counts(edges.bins());
    counts.rows = ascending.size();
    double before = 0;
    for (std::size_t bin = 0; bin < counts.counts.size(); ++bin) {
        const double end = bin < edges.inner.size() ? below(edges.inner[bin]) : size;
        counts.counts[bin] = end - before;
        before = end;
    }
    counts.under = below(edges.lowest);
    counts.over = static_cast<double>(ascending.end() - std::ranges::upper_bound(ascending, edges.highest));
    return counts;
}

Figure psi(std::span<const double> reference, std::span<const double> current)
{
    Figure figure = prepared(reference, current);
    figure.at = static_cast<double>(reference.size());
    if (!figure.isDefined())
        return figure;
    if (reference.size() < 2) {
        figure.reason = Reason::OneBin;
        return figure;
    }
    const double before = sum(reference);
    const double now = sum(current);
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const double e = reference[i] > 0 ? reference[i] / before : kZeroShare;
        const double a = current[i] > 0 ? current[i] / now : kZeroShare;
        figure.value += (a - e) * std::log(a / e);
    }
    return figure;
}

Figure jensenShannonDivergence(std::span<const double> reference, std::span<const double> current)
{
    Figure figure = prepared(reference, current);
    if (!figure.isDefined())
        return figure;
    const double before = sum(reference);
    const double now = sum(current);
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const double e = reference[i] / before;
        const double a = current[i] / now;
        figure.value += halfInformation(a, e) + halfInformation(e, a);
    }
    figure.value = std::clamp(figure.value, 0.0, 1.0);
    return figure;
}

Figure jensenShannonDistance(std::span<const double> reference, std::span<const double> current)
{
    Figure figure = jensenShannonDivergence(reference, current);
    figure.value = std::sqrt(figure.value);
    return figure;
}

Figure jensenShannonDivergence(const BinCounts &reference, const BinCounts &current)
{
    return jensenShannonDivergence(withOutside(reference), withOutside(current));
}

Figure jensenShannonDistance(const BinCounts &reference, const BinCounts &current)
{
    return jensenShannonDistance(withOutside(reference), withOutside(current));
}

ChiSquare chiSquare(std::span<const double> reference, std::span<const double> current)
{
    ChiSquare result;
    result.statistic = prepared(reference, current);
    const double before = sum(reference);
    const double now = sum(current);
    const double total = before + now;
    int categories = 0;
    double smallest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < reference.size() && result.statistic.isDefined(); ++i) {
        const double both = reference[i] + current[i];
        if (both <= 0)
            continue;
        ++categories;
        const double expectedBefore = both * (before / total);
        const double expectedNow = both * (now / total);
        const double distance = reference[i] - expectedBefore; // the current one is off by the same, the other way
        result.statistic.value += distance * distance * (1 / expectedBefore + 1 / expectedNow);
        smallest = std::min({smallest, expectedBefore, expectedNow});
    }
    if (result.statistic.isDefined() && categories < 2)
        result.statistic = Figure::undefined(Reason::OneCategory, result.statistic.n);
    result.pValue = result.statistic;
    result.cramersV = result.statistic;
    if (!result.statistic.isDefined())
        return result;
    constexpr double kLowExpected = 5;
    result.degreesOfFreedom = categories - 1;
    result.statistic.at = categories - 1;
    result.pValue.value = chiSquareTail(result.statistic.value, categories - 1);
    result.cramersV.value = std::sqrt(result.statistic.value / total);
    result.smallestExpected = smallest;
    result.isLowExpected = smallest < kLowExpected;
    return result;
}

AlignedCategories alignCategories(std::span<const CategoryCount> reference, std::span<const CategoryCount> current)
{
    AlignedCategories aligned;
    std::map<std::string, std::size_t, std::less<>> places;
    const auto place = [&](const std::string &name) {
        const auto [at, isNew] = places.emplace(name, aligned.names.size());
        if (isNew) {
            aligned.names.push_back(name);
            aligned.reference.push_back(0);
            aligned.current.push_back(0);
        }
        return at->second;
    };
    for (const CategoryCount &category : reference)
        aligned.reference[place(category.name)] += category.count;
    for (const CategoryCount &category : current)
        aligned.current[place(category.name)] += category.count;
    for (std::size_t i = 0; i < aligned.names.size(); ++i) {
        aligned.appeared += aligned.reference[i] <= 0 && aligned.current[i] > 0 ? 1 : 0;
        aligned.vanished += aligned.reference[i] > 0 && aligned.current[i] <= 0 ? 1 : 0;
    }
    return aligned;
}

KolmogorovSmirnov kolmogorovSmirnovOf(double gap, double at, std::uint64_t referenceRows, std::uint64_t currentRows)
{
    const auto n = static_cast<double>(referenceRows);
    const auto m = static_cast<double>(currentRows);
    const std::uint64_t rows = referenceRows + currentRows;
    KolmogorovSmirnov result;
    result.statistic = Figure::of(gap / n / m, rows);
    result.statistic.at = at;
    const double effective = std::nearbyint(n * m / (n + m)); // halves to even, as NumPy rounds
    result.pValue = effective < 1 ? Figure::undefined(Reason::TooFewRows, rows)
                                  : Figure::of(kolmogorovSmirnovTail(result.statistic.value, static_cast<int>(std::min(effective, 2e9))), rows);
    return result;
}

KolmogorovSmirnov kolmogorovSmirnov(std::span<const double> ascendingReference, std::span<const double> ascendingCurrent)
{
    const auto n = static_cast<double>(ascendingReference.size());
    const auto m = static_cast<double>(ascendingCurrent.size());
    const std::uint64_t rows = ascendingReference.size() + ascendingCurrent.size();
    if (ascendingReference.empty() || ascendingCurrent.empty())
        return {Figure::undefined(Reason::EmptySample, rows), Figure::undefined(Reason::EmptySample, rows)};
    double largest = 0;
    double at = ascendingReference.front();
    walk(ascendingReference, ascendingCurrent, [&](double value, std::size_t i, std::size_t j) {
        const double gap = std::abs(static_cast<double>(i) * m - static_cast<double>(j) * n); // whole numbers: no rounding below 2^53
        if (gap > largest) {
            largest = gap;
            at = value;
        }
    });
    return kolmogorovSmirnovOf(largest, at, ascendingReference.size(), ascendingCurrent.size());
}

Figure wassersteinDistance(std::span<const double> ascendingReference, std::span<const double> ascendingCurrent)
{
    const std::uint64_t rows = ascendingReference.size() + ascendingCurrent.size();
    if (ascendingReference.empty() || ascendingCurrent.empty())
        return Figure::undefined(Reason::EmptySample, rows);
    const auto n = static_cast<double>(ascendingReference.size());
    const auto m = static_cast<double>(ascendingCurrent.size());
    Sum area;
    double previous = 0;
    double height = 0; // 0 before the first value
    walk(ascendingReference, ascendingCurrent, [&](double value, std::size_t i, std::size_t j) {
        if (height > 0)
            area.add(height * (value - previous));
        previous = value;
        height = std::abs(static_cast<double>(i) * m - static_cast<double>(j) * n) / n / m;
    });
    return Figure::of(area.value(), rows);
}

MissingChange missingChange(double missingReference, double rowsReference, double missingCurrent, double rowsCurrent, const Options &options)
{
    MissingChange result;
    const auto share = [&](double missing, double rows) {
        if (rows <= 0)
            return Figure::undefined(Reason::EmptySample);
        Figure figure = Figure::of(missing / rows, static_cast<std::uint64_t>(rows));
        figure.part = missing;
        figure.whole = rows;
        if (options.intervals)
            figure.interval = wilson({missing, rows}, options.level);
        return figure;
    };
    result.reference = share(missingReference, rowsReference);
    result.current = share(missingCurrent, rowsCurrent);
    const auto rows = static_cast<std::uint64_t>(rowsReference + rowsCurrent);
    if (rowsReference <= 0 || rowsCurrent <= 0) {
        result.change = result.pValue = Figure::undefined(Reason::EmptySample, rows);
        return result;
    }
    result.change = Figure::of(result.current.value - result.reference.value, rows);
    if (options.intervals)
        result.change.interval = newcombe({missingCurrent, rowsCurrent}, {missingReference, rowsReference}, options.level);
    const std::vector<double> before{missingReference, rowsReference - missingReference};
    const std::vector<double> now{missingCurrent, rowsCurrent - missingCurrent};
    result.pValue = chiSquare(before, now).pValue;
    return result;
}

} // namespace countersign::metrics
