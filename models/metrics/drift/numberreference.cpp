#include "models/metrics/drift/numberreference.h"

#include "models/metrics/sums.h"

#include <algorithm>
#include <cmath>

namespace countersign::metrics {

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
    return {kolmogorovSmirnovOf(walked.gap, walked.at, m_values.size(), ascendingCurrent.size()), Figure::of(walked.area / n / m, rows)};
}

} // namespace countersign::metrics
