#include "models/metrics/drift.h"

#include "models/metrics/distributions.h"
#include "models/metrics/intervals.h"
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

namespace {

/// `gap`: largest difference of the distribution functions, times both sizes.
KolmogorovSmirnov testOf(double gap, double at, double n, double m, std::uint64_t rows)
{
    KolmogorovSmirnov result;
    result.statistic = Figure::of(gap / n / m, rows);
    result.statistic.at = at;
    const double effective = std::nearbyint(n * m / (n + m)); // halves to even, as NumPy rounds
    result.pValue = effective < 1 ? Figure::undefined(Reason::TooFewRows, rows)
                                  : Figure::of(kolmogorovSmirnovTail(result.statistic.value, static_cast<int>(std::min(effective, 2e9))), rows);
    return result;
}

} // namespace

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
    return testOf(largest, at, n, m, rows);
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

// ---- a reference for many samples

namespace {

constexpr std::size_t kBlock = 16;    ///< reference values that a sum is kept for
constexpr std::size_t kStepped = 8;   ///< neighbours looked at before searching
constexpr std::size_t kSummedUp = 24; ///< reference values between two current ones that are visited one by one

} // namespace

NumberReference::NumberReference(std::span<const double> ascending) : m_values(ascending)
{
    if (ascending.empty())
        return;
    m_centre = ascending[ascending.size() / 2];
    m_blockSums.reserve(ascending.size() / kBlock + 1);
    long double sum = 0;
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        if (i % kBlock == 0)
            m_blockSums.push_back(sum);
        sum += static_cast<long double>(ascending[i]) - m_centre;
    }
    if (ascending.size() % kBlock == 0)
        m_blockSums.push_back(sum);
}

/// How many reference values are below `value`, of which `from` are known to be.
std::size_t NumberReference::below(std::size_t from, double value) const
{
    const std::size_t near = std::min(m_values.size(), from + kStepped);
    while (from < near && m_values[from] < value)
        ++from;
    if (from < near || from == m_values.size())
        return from;
    std::size_t step = kStepped;
    while (from + step < m_values.size() && m_values[from + step] < value) {
        from += step;
        step *= 2;
    }
    const auto begin = m_values.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = m_values.begin() + static_cast<std::ptrdiff_t>(std::min(m_values.size(), from + step));
    return static_cast<std::size_t>(std::lower_bound(begin, end, value) - m_values.begin());
}

/// How many are not above it, of which `from` are known to be.
std::size_t NumberReference::upTo(std::size_t from, double value) const
{
    const std::size_t near = std::min(m_values.size(), from + kStepped);
    while (from < near && m_values[from] == value)
        ++from;
    if (from < near || from == m_values.size())
        return from;
    return static_cast<std::size_t>(std::upper_bound(m_values.begin() + static_cast<std::ptrdiff_t>(from), m_values.end(), value) - m_values.begin());
}

long double NumberReference::sumOfFirst(std::size_t count) const
{
    long double sum = m_blockSums[count / kBlock];
    for (std::size_t i = count / kBlock * kBlock; i < count; ++i)
        sum += static_cast<long double>(m_values[i]) - m_centre;
    return sum;
}

/// From one current value to the next. Between two of them the current distribution function is level, the reference's rises:
/// their gap is largest at an end, and changes its sign at most once, where the reference reaches the level.
class NumberReference::Walk
{
public:
    Walk(const NumberReference &reference, std::size_t current)
        : m_reference(reference), m_n(static_cast<double>(reference.m_values.size())), m_m(static_cast<double>(current)), m_at(reference.m_values.front())
    {
    }

    /// The next current value, which `count` rows have.
    void step(double value, std::size_t count)
    {
        const std::size_t before = m_reference.below(m_passed, value);
        if (before > m_passed)
            look(before, m_reference.m_values[before - 1]);
        moveTo(value, before);
        m_passed = m_reference.upTo(before, value);
        m_current += static_cast<double>(count);
        look(m_passed, value);
    }
    /// What the reference has above the last current value.
    void finish()
    {
        if (m_passed < m_reference.m_values.size())
            moveTo(m_reference.m_values.back(), m_reference.m_values.size());
    }
    double gap() const { return m_gap; }
    double at() const { return m_at; }
    double area() const { return static_cast<double>((static_cast<long double>(m_area.value()) + m_summed) / m_n / m_m); }

private:
    double height(std::size_t passed) const { return static_cast<double>(passed) * m_m - m_current * m_n; } // whole numbers: exact below 2^53

    void look(std::size_t passed, double value)
    {
        const double gap = std::abs(height(passed));
        if (gap > m_gap) {
            m_gap = gap;
            m_at = value;
        }
    }
    /// Adds the area from the last value to this one, below which `before` reference values are.
    void moveTo(double value, std::size_t before)
    {
        if (m_isStarted || before > 0) {
            if (before - m_passed <= kSummedUp)
                visit(value, before);
            else
                addUp(value, before);
        }
        m_isStarted = true;
        m_position = value;
    }
    void visit(double value, std::size_t before)
    {
        double position = m_isStarted ? m_position : m_reference.m_values.front();
        for (std::size_t i = m_passed; i < before; ++i) {
            m_area.add(std::abs(height(i)) * (m_reference.m_values[i] - position));
            position = m_reference.m_values[i];
        }
        m_area.add(std::abs(height(before)) * (value - position));
    }
    void addUp(double value, std::size_t before)
    {
        const double begin = m_isStarted ? m_position : m_reference.m_values.front();
        if (height(before) <= 0) {
            m_summed -= signedArea(begin, m_passed, value, before);
        } else if (height(m_passed) >= 0) {
            m_summed += signedArea(begin, m_passed, value, before);
        } else {
            const auto crossed = static_cast<std::size_t>(std::ceil(m_current * m_n / m_m)); // a count too many or too few has no height
            const std::size_t crossing = std::clamp(crossed, m_passed + 1, before);
            const double position = m_reference.m_values[crossing - 1];
            m_summed -= signedArea(begin, m_passed, position, crossing);
            m_summed += signedArea(position, crossing, value, before);
        }
    }
    /// ∫ height from `begin`, up to which `passed` reference values are, to `end`, below or up to which `before` are.
    long double signedArea(double begin, std::size_t passed, double end, std::size_t before) const
    {
        const auto risen = [&](double x, std::size_t count) {
            return static_cast<long double>(count) * (static_cast<long double>(x) - m_reference.m_centre) - m_reference.sumOfFirst(count);
        };
        return (risen(end, before) - risen(begin, passed)) * m_m - static_cast<long double>(m_current) * m_n * (static_cast<long double>(end) - begin);
    }

    const NumberReference &m_reference;
    double m_n;
    double m_m;
    std::size_t m_passed = 0; ///< reference values up to the position
    double m_current = 0;     ///< current ones
    double m_position = 0;
    bool m_isStarted = false;
    double m_gap = 0;
    double m_at;
    Sum m_area;
    long double m_summed = 0;
};

NumberReference::Distances NumberReference::to(std::span<const double> ascendingCurrent) const
{
    const std::uint64_t rows = m_values.size() + ascendingCurrent.size();
    if (m_values.empty() || ascendingCurrent.empty()) {
        const Figure none = Figure::undefined(Reason::EmptySample, rows);
        return {{none, none}, none};
    }
    Walk walk(*this, ascendingCurrent.size());
    for (std::size_t begin = 0; begin < ascendingCurrent.size();) {
        std::size_t end = begin + 1;
        while (end < ascendingCurrent.size() && ascendingCurrent[end] == ascendingCurrent[begin])
            ++end;
        walk.step(ascendingCurrent[begin], end - begin);
        begin = end;
    }
    walk.finish();
    return {testOf(walk.gap(), walk.at(), static_cast<double>(m_values.size()), static_cast<double>(ascendingCurrent.size()), rows),
            Figure::of(walk.area(), rows)};
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
