#include "models/metrics/drift/numberreference.h"

#include "models/metrics/sums.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

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

/// A stretch of both samples on the way through it: value by value, without a branch that depends on which is next.
class Stretch
{
public:
    /// Where a stretch begins or ends: so many values of each sample are before it.
    struct Place {
        std::size_t reference = 0;
        std::size_t current = 0;
    };

    Stretch(std::span<const double> reference, std::span<const double> current, Place begin, Place end)
        : m_before(reference.data() + begin.reference)
        , m_beforeEnd(reference.data() + end.reference)
        , m_now(current.data() + begin.current)
        , m_nowEnd(current.data() + end.current)
        , m_n(static_cast<std::int64_t>(reference.size()))
        , m_m(static_cast<std::int64_t>(current.size()))
        , m_height(static_cast<std::int64_t>(begin.reference) * m_m - static_cast<std::int64_t>(begin.current) * m_n)
        , m_position(lastBefore(reference, current, begin))
        , m_at(reference.front())
    {
    }

    /// So many steps can be made before one of the samples may have no more values.
    std::size_t steps() const { return static_cast<std::size_t>(std::min(m_beforeEnd - m_before, m_nowEnd - m_now)); }
    void step()
    {
        const bool isReference = *m_before <= *m_now;
        pass(std::min(*m_before, *m_now));
        m_height += ((m_n + m_m) & -static_cast<std::int64_t>(isReference)) - m_n;
        m_before += isReference ? 1 : 0;
        m_now += isReference ? 0 : 1;
    }
    /// After kAtOnce steps at most: areas are added plainly up to here, and of more that would lose digits.
    static constexpr std::size_t kAtOnce = 64;
    void addAreas() { m_area.add(std::exchange(m_areas, 0)); }

    /// Alone, what is left of it.
    Walked finish()
    {
        while (const std::size_t left = std::min(kAtOnce, steps())) {
            for (std::size_t i = 0; i < left; ++i)
                step();
            addAreas();
        }
        for (; m_before < m_beforeEnd; addAreas()) {
            pass(*m_before++);
            m_height += m_m;
        }
        for (; m_now < m_nowEnd; addAreas()) {
            pass(*m_now++);
            m_height -= m_n;
        }
        return {static_cast<double>(m_gap), m_at, m_area.value()};
    }

private:
    static double lastBefore(std::span<const double> reference, std::span<const double> current, Place place)
    {
        if (place.reference == 0 && place.current == 0)
            return std::min(reference.front(), current.front());
        constexpr double none = -std::numeric_limits<double>::infinity();
        return std::max(place.reference > 0 ? reference[place.reference - 1] : none, place.current > 0 ? current[place.current - 1] : none);
    }
    void pass(double value)
    {
        const std::int64_t size = std::abs(m_height);
        m_areas += static_cast<double>(size) * (value - m_position);
        if (size > m_gap && value > m_position) [[unlikely]] { // all that equals the position has been counted
            m_gap = size;
            m_at = m_position;
        }
        m_position = value;
    }

    const double *m_before;
    const double *m_beforeEnd;
    const double *m_now;
    const double *m_nowEnd;
    std::int64_t m_n;
    std::int64_t m_m;
    std::int64_t m_height; ///< of the reference's distribution function over the current one's, times n m
    double m_position;
    std::int64_t m_gap = 0;
    double m_at;
    double m_areas = 0;
    Sum m_area;
};

/// Through both, for samples of about the same size. Each step waits for the one before it, so four stretches are gone through at a time.
Walked merge(std::span<const double> reference, std::span<const double> current)
{
    constexpr std::size_t kStretches = 4;
    // Equal values are in one stretch, and all have about as many.
    const auto placeOf = [&](std::size_t stretch) -> Stretch::Place {
        if (stretch == 0)
            return {};
        if (stretch == kStretches)
            return {reference.size(), current.size()};
        const auto before = [](std::span<const double> values, double value) { return static_cast<std::size_t>(std::ranges::lower_bound(values, value) - values.begin()); };
        const std::size_t wanted = (reference.size() + current.size()) * stretch / kStretches;
        const auto cut = std::ranges::partition_point(
            reference, [&](const double &value) { return static_cast<std::size_t>(&value - reference.data()) + before(current, value) < wanted; });
        if (cut == reference.end())
            return {reference.size(), current.size()};
        return {before(reference, *cut), before(current, *cut)};
    };
    const auto between = [&](std::size_t stretch) { return Stretch(reference, current, placeOf(stretch), placeOf(stretch + 1)); };
    std::array<Stretch, kStretches> stretches{between(0), between(1), between(2), between(3)};
    for (;;) {
        std::size_t steps = Stretch::kAtOnce;
        for (const Stretch &stretch : stretches)
            steps = std::min(steps, stretch.steps());
        if (steps == 0)
            break;
        for (; steps > 0; --steps)
            for (Stretch &stretch : stretches)
                stretch.step();
        for (Stretch &stretch : stretches)
            stretch.addAreas();
    }
    Walked walked{0, reference.front(), 0};
    Sum area;
    for (Stretch &stretch : stretches) {
        const Walked own = stretch.finish();
        area.add(own.area);
        if (own.gap > walked.gap) {
            walked.gap = own.gap;
            walked.at = own.at;
        }
    }
    walked.area = area.value();
    return walked;
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
