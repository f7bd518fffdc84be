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

KolmogorovSmirnov kolmogorovSmirnovOf(double gap, double at, std::uint64_t n, std::uint64_t m)
{
    return testOf(gap, at, static_cast<double>(n), static_cast<double>(m), n + m);
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

constexpr std::size_t kBlock = 8;       ///< reference values that a sum is kept for
constexpr std::size_t kStepped = 8;     ///< neighbours looked at before searching
constexpr std::size_t kMergedUpTo = 8;   ///< so many times the current values the reference may be to be walked through
constexpr std::uint64_t kMostCounted = 1ULL << 31;

/// What a walk through both samples finds, before it is divided by both sizes.
struct Walked {
    double gap = 0; ///< the largest between the distribution functions
    double at = 0;
    double area = 0;
};

/// Value by value through both, without a branch that depends on which is next: for samples of about the same size.
Walked merge(std::span<const double> reference, std::span<const double> current)
{
    const auto n = static_cast<std::int64_t>(reference.size());
    const auto m = static_cast<std::int64_t>(current.size());
    constexpr int kAtOnce = 64; // areas added plainly; more would lose digits
    const double *const before = reference.data();
    const double *const now = current.data();
    std::size_t i = 0;
    std::size_t j = 0;
    std::int64_t height = 0; // of the reference's distribution function over the current one's, times n m
    std::int64_t gap = 0;
    double at = reference.front();
    double position = std::min(reference.front(), current.front());
    Sum area;
    while (i < reference.size() && j < current.size()) {
        double areas = 0;
        for (int k = 0; k < kAtOnce && i < reference.size() && j < current.size(); ++k) {
            const double value = std::min(before[i], now[j]);
            const bool isReference = before[i] <= now[j];
            const std::int64_t size = std::abs(height);
            areas += static_cast<double>(size) * (value - position);
            if (size > gap && value > position) [[unlikely]] { // all that equals the position has been counted
                gap = size;
                at = position;
            }
            height += ((n + m) & -static_cast<std::int64_t>(isReference)) - n;
            i += static_cast<std::size_t>(isReference);
            j += static_cast<std::size_t>(!isReference);
            position = value;
        }
        area.add(areas);
    }
    const auto finish = [&](std::span<const double> rest, std::int64_t step) {
        for (const double value : rest) {
            const std::int64_t size = std::abs(height);
            area.add(static_cast<double>(size) * (value - position));
            if (size > gap && value > position) {
                gap = size;
                at = position;
            }
            height += step;
            position = value;
        }
    };
    finish(reference.subspan(i), m);
    finish(current.subspan(j), -n);
    return {static_cast<double>(gap), at, area.value()};
}

/// The first of `size` ascending values that is not below `value`, without a branch that depends on them.
std::size_t firstNotBelow(const double *values, std::size_t size, double value)
{
    const double *base = values;
    while (size > 1) {
        const std::size_t half = size / 2;
        base += base[half - 1] < value ? half : 0;
        size -= half;
    }
    return static_cast<std::size_t>(base - values) + (size == 1 && *base < value ? 1 : 0);
}

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
    return from + firstNotBelow(m_values.data() + from, std::min(m_values.size() - from, step), value);
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

/// From one current value to the next, over all that the reference has between them: for references that are much longer. There the
/// current distribution function is level and the reference's rises: their gap is largest at an end, and changes its sign at most
/// once, where the reference reaches the level.
class NumberReference::Leaps
{
public:
    Leaps(const NumberReference &reference, std::size_t current)
        : m_reference(reference), m_n(static_cast<double>(reference.m_values.size())), m_m(static_cast<double>(current)), m_at(reference.m_values.front())
    {
    }

    /// The next current value, which `count` rows have.
    void leap(double value, std::size_t count)
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
    Walked finish()
    {
        if (m_passed < m_reference.m_values.size())
            moveTo(m_reference.m_values.back(), m_reference.m_values.size());
        return {m_gap, m_at, static_cast<double>(m_area)};
    }

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
        const long double risen = risenAt(value, before);
        if (!m_isStarted && before == 0) {
            // Nothing is on the left of the first current value.
        } else if (!m_isStarted) {
            m_area += risen * m_m;
        } else if (before == m_passed) {
            m_area += std::abs(height(before)) * (static_cast<long double>(value) - m_position);
        } else if (height(before) <= 0) {
            m_area -= signedArea(m_position, m_risen, value, risen);
        } else if (height(m_passed) >= 0) {
            m_area += signedArea(m_position, m_risen, value, risen);
        } else {
            const auto level = static_cast<std::size_t>(std::ceil(m_current * m_n / m_m)); // one too many or too few has next to no height
            const std::size_t crossing = std::clamp(level, m_passed + 1, before);
            const double position = m_reference.m_values[crossing - 1];
            const long double risenThere = risenAt(position, crossing);
            m_area -= signedArea(m_position, m_risen, position, risenThere);
            m_area += signedArea(position, risenThere, value, risen);
        }
        m_isStarted = true;
        m_position = value;
        m_risen = risen;
    }
    /// ∫ of the number of reference values up to x, which is `count`.
    long double risenAt(double x, std::size_t count) const
    {
        return static_cast<long double>(count) * (static_cast<long double>(x) - m_reference.m_centre) - m_reference.sumOfFirst(count);
    }
    long double signedArea(double begin, long double risenBefore, double end, long double risen) const
    {
        return (risen - risenBefore) * m_m - static_cast<long double>(m_current) * m_n * (static_cast<long double>(end) - begin);
    }

    const NumberReference &m_reference;
    double m_n;
    double m_m;
    std::size_t m_passed = 0; ///< reference values up to the position
    double m_current = 0;     ///< current ones
    bool m_isStarted = false;
    double m_position = 0;
    long double m_risen = 0;
    double m_gap = 0;
    double m_at;
    long double m_area = 0;
};

NumberReference::Distances NumberReference::to(std::span<const double> ascendingCurrent) const
{
    const std::uint64_t rows = m_values.size() + ascendingCurrent.size();
    if (m_values.empty() || ascendingCurrent.empty()) {
        const Figure none = Figure::undefined(Reason::EmptySample, rows);
        return {{none, none}, none};
    }
    const auto n = static_cast<double>(m_values.size());
    const auto m = static_cast<double>(ascendingCurrent.size());
    Walked walked;
    if (m_values.size() <= kMergedUpTo * ascendingCurrent.size() && rows < kMostCounted) {
        walked = merge(m_values, ascendingCurrent);
    } else {
        Leaps leaps(*this, ascendingCurrent.size());
        for (std::size_t begin = 0; begin < ascendingCurrent.size();) {
            std::size_t end = begin + 1;
            while (end < ascendingCurrent.size() && ascendingCurrent[end] == ascendingCurrent[begin])
                ++end;
            leaps.leap(ascendingCurrent[begin], end - begin);
            begin = end;
        }
        walked = leaps.finish();
    }
    return {testOf(walked.gap, walked.at, n, m, rows), Figure::of(walked.area / n / m, rows)};
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
