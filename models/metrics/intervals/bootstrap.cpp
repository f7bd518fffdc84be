#include "models/metrics/intervals/bootstrap.h"

#include "models/base/parallel.h"
#include "models/metrics/drift/distributions.h"
#include "models/metrics/intervals/intervals.h"
#include "models/metrics/intervals/spreads.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace countersign::metrics {

namespace {

constexpr int kChunk = 32; ///< draws worked on at once: their errors stay in the cache

std::uint64_t splitmix(std::uint64_t &state)
{
    state += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

std::uint64_t rotated(std::uint64_t bits, int by)
{
    return (bits << by) | (bits >> (64 - by));
}

/// ln k! − [(k + ½) ln(k + 1) − (k + 1) + ½ ln 2π].
double stirlingRest(std::int64_t k)
{
    static constexpr std::array kSmall{0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
                                       0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
                                       0.009255462182712733, 0.008330563433362871};
    if (k < static_cast<std::int64_t>(kSmall.size()))
        return kSmall[static_cast<std::size_t>(k)];
    const double next = static_cast<double>(k) + 1;
    const double square = next * next;
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / next;
}

std::int64_t byInversion(Random &random, std::int64_t trials, double chance)
{
    const double odds = chance / (1 - chance);
    const double start = std::exp(static_cast<double>(trials) * std::log1p(-chance));
    const double scale = (static_cast<double>(trials) + 1) * odds;
    for (;;) {
        double mass = start;
        double u = random.uniform();
        std::int64_t k = 0;
        while (u > mass && k <= trials) {
            u -= mass;
            ++k;
            mass *= scale / static_cast<double>(k) - odds;
        }
        if (k <= trials) // beyond it only by rounding
            return k;
    }
}

std::int64_t byRejection(Random &random, std::int64_t trials, double chance)
{
    const double n = static_cast<double>(trials);
    const double spread = std::sqrt(n * chance * (1 - chance));
    const double b = 1.15 + 2.53 * spread;
    const double a = -0.0873 + 0.0248 * b + 0.01 * chance;
    const double c = n * chance + 0.5;
    const double quick = 0.92 - 4.2 / b;
    for (;;) {
        const double u = random.uniform() - 0.5;
        const double us = 0.5 - std::abs(u);
        const double v = random.uniform();
        const double k = std::floor((2 * a / us + b) * u + c);
        if (us >= 0.07 && v <= quick)
            return static_cast<std::int64_t>(k);
        if (k < 0 || k > n)
            continue;
        const double alpha = (2.83 + 5.1 / b) * spread;
        const double odds = chance / (1 - chance);
        const double mode = std::floor((n + 1) * chance);
        const double height = std::log(v * alpha / (a / (us * us) + b));
        const auto rest = [](double value) { return stirlingRest(static_cast<std::int64_t>(value)); };
        const double limit = (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) + rest(mode) + rest(n - mode)
            + (n + 1) * std::log((n - mode + 1) / (n - k + 1)) + (k + 0.5) * std::log(odds * (n - k + 1) / (k + 1)) - rest(k)
            - rest(n - k);
        if (height <= limit)
            return static_cast<std::int64_t>(k);
    }
}

/// What one cell is drawn from.
struct Source {
    std::int64_t size = 0;
    double scale = 1; ///< weighted total per drawn row
    std::array<double, 3> chances{}; ///< of tp; of fp among the rest; of fn among what is left then

    explicit Source(const Counts &cell)
    {
        const double total = cell.total();
        size = static_cast<std::int64_t>(std::llround(effectiveSize(cell, total)));
        if (size < 1 && total > 0)
            size = 1;
        scale = size > 0 ? total / static_cast<double>(size) : 0;
        const auto chance = [](double part, double whole) { return whole > 0 ? std::min(1.0, part / whole) : 0; };
        chances = {chance(cell.tp, total), chance(cell.fp, total - cell.tp), chance(cell.fn, cell.fn + cell.tn)};
    }

    Counts draw(Random &random) const
    {
        const std::int64_t tp = binomial(random, size, chances[0]);
        const std::int64_t fp = binomial(random, size - tp, chances[1]);
        const std::int64_t fn = binomial(random, size - tp - fp, chances[2]);
        Counts counts;
        counts.tp = static_cast<double>(tp) * scale;
        counts.fp = static_cast<double>(fp) * scale;
        counts.fn = static_cast<double>(fn) * scale;
        counts.tn = static_cast<double>(size - tp - fp - fn) * scale;
        return counts;
    }
};

/// One metric of one cell, and its limits at any critical value.
struct CellShare {
    double value = 0;
    double size = 0;      ///< effective rows in the denominator; 0: no value
    double deviation = 0; ///< standard, of a redraw; one half added to both counts, so that 0 and 1 have one
    double centre = 0;    ///< the share with one half added, that a ratio's deviation is relative to

    CellShare() = default;
    CellShare(const Counts &cell, BinaryMetric metric)
    {
        const Share own = share(cell, metric);
        if (own.whole <= 0)
            return;
        value = own.part / own.whole;
        size = effectiveSize(cell, own.whole);
        centre = (value * size + 0.5) / (size + 1);
        deviation = std::sqrt(centre * (1 - centre) / size);
    }
    bool isDefined() const { return size > 0; }
    SpreadValue limits(double critical) const
    {
        const Interval interval = wilsonAt({value * size, size}, critical);
        return {value, value - interval.lower, interval.upper - value};
    }
};

/// The metric whose errors are the same but for their sign: 1 − one is the other.
BinaryMetric errorsOf(BinaryMetric metric)
{
    switch (metric) {
    case BinaryMetric::ErrorRate: return BinaryMetric::Accuracy;
    case BinaryMetric::FalseNegativeRate: return BinaryMetric::Recall;
    case BinaryMetric::Specificity: return BinaryMetric::FalsePositiveRate;
    case BinaryMetric::FalseDiscoveryRate: return BinaryMetric::Precision;
    case BinaryMetric::FalseOmissionRate: return BinaryMetric::NegativePredictiveValue;
    default: return metric;
    }
}

/// Draws all cells and finds each request's critical value, chunk after chunk; threads take chunks as they come.
class Run
{
public:
    Run(std::span<const Counts> cells, std::span<const SpreadRequest> requests, const BootstrapOptions &options)
        : m_requests(requests)
        , m_options(options)
        , m_slot(kBinaryMetrics.size(), -1)
        , m_isUsed(cells.size(), false)
    {
        for (const SpreadRequest &request : requests) {
            want(request.metric);
            if (request.second)
                want(*request.second);
            for (const int cell : request.cells)
                m_isUsed[static_cast<std::size_t>(cell)] = true;
        }
        for (const Counts &cell : cells)
            m_sources.emplace_back(cell);
        for (const BinaryMetric metric : m_metrics)
            for (const Counts &cell : cells)
                m_shares.emplace_back(cell, metric);
        for (const SpreadRequest &request : requests) {
            m_comparisons.push_back({compared(request, request.metric), {}});
            if (request.second)
                m_comparisons.back().second = compared(request, *request.second);
        }
        m_largest.resize(m_pairings.size() * static_cast<std::size_t>(options.draws));
    }

    std::vector<std::optional<Interval>> run()
    {
        const auto threads = static_cast<unsigned>(std::max(1, m_options.threads));
        std::vector<std::vector<double>> errors(threads); // a thread's own, as large as its first chunk needs
        const auto chunks = static_cast<std::size_t>((std::max(0, m_options.draws) + kChunk - 1) / kChunk);
        forEachTask(chunks, threads, [&](std::size_t chunk, unsigned thread) {
            if (errors[thread].empty())
                errors[thread].assign(m_metrics.size() * m_sources.size() * kChunk, 0.0);
            const int first = static_cast<int>(chunk) * kChunk;
            drawChunk(first, errors[thread]);
            compareChunk(first, errors[thread]);
        });
        std::vector<std::optional<Interval>> intervals(m_requests.size());
        forEachTask(m_requests.size(), threads, [&](std::size_t i, unsigned) { intervals[i] = interval(i); });
        return intervals;
    }

private:
    using Block = std::array<double, kChunk>;

    /// Pairs of cells whose errors are compared, for one request or several.
    struct Pairing {
        BinaryMetric metric = BinaryMetric::SelectionRate;
        Spread spread = Spread::Difference;
        std::vector<std::size_t> members; ///< places among the shares
        std::vector<std::size_t> errors;  ///< of the same cells, places among the errors
        bool operator==(const Pairing &other) const { return spread == other.spread && errors == other.errors && (spread == Spread::Difference || metric == other.metric); }
    };

    void want(BinaryMetric metric)
    {
        for (const BinaryMetric wanted : {errorsOf(metric), metric}) {
            int &slot = m_slot[static_cast<std::size_t>(wanted)];
            if (slot >= 0)
                continue;
            slot = static_cast<int>(m_metrics.size());
            m_metrics.push_back(wanted);
        }
    }

    /// The place of the pairing that a request asks for; those of the last few requests are alike often.
    std::size_t compared(const SpreadRequest &request, BinaryMetric metric)
    {
        Pairing pairing{metric, request.spread, members(request, metric), {}};
        for (const int cell : request.cells)
            if (m_shares[index(metric, cell)].isDefined())
                pairing.errors.push_back(index(errorsOf(metric), cell));
        constexpr std::size_t kLookedAt = 64;
        for (std::size_t i = m_pairings.size(); i > 0 && i + kLookedAt > m_pairings.size(); --i)
            if (m_pairings[i - 1] == pairing)
                return i - 1;
        m_pairings.push_back(std::move(pairing));
        return m_pairings.size() - 1;
    }

    std::size_t index(std::size_t metric, std::size_t cell) const { return metric * m_sources.size() + cell; }
    std::size_t index(BinaryMetric metric, int cell) const
    {
        return index(static_cast<std::size_t>(m_slot[static_cast<std::size_t>(metric)]), static_cast<std::size_t>(cell));
    }

    /// How far every cell's share is from where it was; 0 where a redraw has none.
    void drawChunk(int first, std::vector<double> &errors) const
    {
        const int draws = std::min(kChunk, m_options.draws - first);
        for (std::size_t cell = 0; cell < m_sources.size(); ++cell) {
            if (!m_isUsed[cell])
                continue;
            // A stream of its own for every cell and chunk: neither threads nor other cells change what is drawn.
            std::uint64_t key = m_options.seed;
            key = splitmix(key) ^ cell;
            key = splitmix(key) ^ static_cast<std::uint64_t>(first);
            Random random(key);
            for (int draw = 0; draw < draws; ++draw) {
                const Counts counts = m_sources[cell].draw(random);
                for (std::size_t metric = 0; metric < m_metrics.size(); ++metric) {
                    if (errorsOf(m_metrics[metric]) != m_metrics[metric])
                        continue;
                    const Share value = share(counts, m_metrics[metric]);
                    const std::size_t at = index(metric, cell);
                    errors[at * kChunk + static_cast<std::size_t>(draw)] = value.whole > 0 ? value.part / value.whole - m_shares[at].value : 0;
                }
            }
        }
    }

    /// Members of a request that have a value of this metric.
    std::vector<std::size_t> members(const SpreadRequest &request, BinaryMetric metric) const
    {
        std::vector<std::size_t> result;
        for (const int cell : request.cells)
            if (m_shares[index(metric, cell)].isDefined())
                result.push_back(index(metric, cell));
        return result;
    }

    /// The largest of all pairs' errors, in standard deviations of the pair.
    void largestErrors(const Pairing &pairing, const std::vector<double> &errors, Block &largest) const
    {
        const auto &own = pairing.members;
        if (own.size() > kMostPaired) {
            largestBound(pairing, errors, largest);
            return;
        }
        const auto scaleOf = [&](std::size_t at) { return pairing.spread == Spread::Difference ? 1.0 : 1 / m_shares[at].centre; };
        for (std::size_t i = 0; i < own.size(); ++i)
            for (std::size_t j = i + 1; j < own.size(); ++j) {
                const double one = scaleOf(own[i]);
                const double two = scaleOf(own[j]);
                const double weight = 1 / std::hypot(one * m_shares[own[i]].deviation, two * m_shares[own[j]].deviation);
                const double *first = errors.data() + pairing.errors[i] * kChunk;
                const double *second = errors.data() + pairing.errors[j] * kChunk;
                for (std::size_t draw = 0; draw < kChunk; ++draw) {
                    const double apart = std::abs(first[draw] * (one * weight) - second[draw] * (two * weight));
                    largest[draw] = apart > largest[draw] ? apart : largest[draw];
                }
            }
    }

    /// No less than that, and linear in the cells: by Cauchy and Schwarz a pair's error is at most √(z₁² + z₂²) of its standard
    /// deviations, z₁ one cell's error upwards and z₂ the other's downwards.
    void largestBound(const Pairing &pairing, const std::vector<double> &errors, Block &largest) const
    {
        Block up{};
        Block down{};
        for (std::size_t i = 0; i < pairing.members.size(); ++i) {
            const double weight = 1 / m_shares[pairing.members[i]].deviation;
            for (std::size_t draw = 0; draw < kChunk; ++draw) {
                const double z = errors[pairing.errors[i] * kChunk + draw] * weight;
                up[draw] = z > up[draw] ? z : up[draw];
                down[draw] = -z > down[draw] ? -z : down[draw];
            }
        }
        for (std::size_t draw = 0; draw < kChunk; ++draw)
            largest[draw] = std::max(largest[draw], std::sqrt(up[draw] * up[draw] + down[draw] * down[draw]));
    }

    void compareChunk(int first, const std::vector<double> &errors)
    {
        const auto draws = static_cast<std::ptrdiff_t>(std::min(kChunk, m_options.draws - first));
        for (std::size_t p = 0; p < m_pairings.size(); ++p) {
            Block largest{};
            largestErrors(m_pairings[p], errors, largest);
            std::copy_n(largest.begin(), draws, m_largest.begin() + static_cast<std::ptrdiff_t>(p * static_cast<std::size_t>(m_options.draws)) + first);
        }
    }

    /// Of one pairing or two, the larger error of both.
    double criticalOf(const std::pair<std::size_t, std::optional<std::size_t>> &pairings) const
    {
        const auto draws = static_cast<std::ptrdiff_t>(m_options.draws);
        const auto from = [&](std::size_t pairing) { return m_largest.begin() + static_cast<std::ptrdiff_t>(pairing) * draws; };
        std::vector<double> largest(from(pairings.first), from(pairings.first) + draws);
        if (pairings.second)
            std::ranges::transform(largest, std::span(m_largest).subspan(*pairings.second * largest.size(), largest.size()), largest.begin(),
                                   [](double one, double two) { return std::max(one, two); });
        return at(largest.begin(), largest.end(), m_options.level);
    }

    std::optional<Interval> interval(std::size_t r) const
    {
        const SpreadRequest &request = m_requests[r];
        const double together = criticalOf(m_comparisons[r]);
        // Redraws of very small cells vary too little; the plain critical value is the least for one pair.
        const double plain = normalCritical(m_options.level);
        auto limits = spread(request, request.metric, std::max(plain, together), request.mean ? std::max(plain, together) : plain);
        if (!limits)
            return std::nullopt;
        if (request.second) {
            const auto others = spread(request, *request.second, std::max(plain, together), request.mean ? std::max(plain, together) : plain);
            if (!others)
                return std::nullopt;
            limits = combined(request, *limits, *others);
        }
        return Interval{limits->lower, limits->upper, m_options.level, IntervalMethod::Bootstrap};
    }

    /// Limits of one metric's spread, around its value.
    std::optional<Limits> spread(const SpreadRequest &request, BinaryMetric metric, double together, double plain) const
    {
        std::vector<SpreadValue> wide;
        std::vector<SpreadValue> narrow;
        double low = 1;
        double high = 0;
        for (const std::size_t at : members(request, metric)) {
            wide.push_back(m_shares[at].limits(together));
            narrow.push_back(m_shares[at].limits(plain));
            low = std::min(low, m_shares[at].value);
            high = std::max(high, m_shares[at].value);
        }
        if (wide.size() < 2 || (request.spread == Spread::Ratio && high <= 0))
            return std::nullopt;
        const bool isDifference = request.spread == Spread::Difference;
        const Limits limits = isDifference ? differenceSpread(wide, narrow) : ratioSpread(wide, narrow);
        const double value = isDifference ? high - low : low / high;
        return Limits{std::clamp(limits.lower, 0.0, value), std::clamp(limits.upper, value, 1.0)};
    }

    static Limits combined(const SpreadRequest &request, const Limits &one, const Limits &two)
    {
        if (request.mean)
            return {(one.lower + two.lower) / 2, (one.upper + two.upper) / 2};
        if (request.spread == Spread::Difference)
            return {std::max(one.lower, two.lower), std::max(one.upper, two.upper)};
        return {std::min(one.lower, two.lower), std::min(one.upper, two.upper)};
    }

    /// Linear quantile without sorting everything.
    static double at(std::vector<double>::iterator begin, std::vector<double>::iterator end, double share)
    {
        const double position = static_cast<double>(end - begin - 1) * share;
        const auto middle = begin + static_cast<std::ptrdiff_t>(position);
        std::nth_element(begin, middle, end);
        const double low = *middle;
        const double high = middle + 1 < end ? *std::min_element(middle + 1, end) : low;
        return low + (high - low) * (position - std::floor(position));
    }

    static constexpr std::size_t kMostPaired = 64;

    std::span<const SpreadRequest> m_requests;
    BootstrapOptions m_options;
    std::vector<Source> m_sources;
    std::vector<CellShare> m_shares; ///< metric × cell
    std::vector<Pairing> m_pairings;
    std::vector<std::pair<std::size_t, std::optional<std::size_t>>> m_comparisons; ///< pairings of each request
    std::vector<double> m_largest;   ///< pairing × draw
    std::vector<int> m_slot;         ///< metric → place among the wanted ones
    std::vector<BinaryMetric> m_metrics;
    std::vector<bool> m_isUsed;
};

} // namespace

Random::Random(std::uint64_t seed)
{
    for (std::uint64_t &word : m_state)
        word = splitmix(seed);
}

std::uint64_t Random::next()
{
    const std::uint64_t result = rotated(m_state[0] + m_state[3], 23) + m_state[0];
    const std::uint64_t shifted = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= shifted;
    m_state[3] = rotated(m_state[3], 45);
    return result;
}

double Random::uniform()
{
    return (static_cast<double>(next() >> 11) + 0.5) * 0x1p-53;
}

std::int64_t binomial(Random &random, std::int64_t trials, double chance)
{
    if (trials <= 0 || chance <= 0)
        return 0;
    if (chance >= 1)
        return trials;
    if (chance > 0.5)
        return trials - binomial(random, trials, 1 - chance);
    return static_cast<double>(trials) * chance < 10 ? byInversion(random, trials, chance) : byRejection(random, trials, chance);
}

Counts redraw(Random &random, const Counts &cell)
{
    Counts counts = Source(cell).draw(random);
    counts.squares = cell.squares;
    counts.rows = cell.rows;
    return counts;
}

std::vector<std::optional<Interval>> bootstrap(std::span<const Counts> cells, std::span<const SpreadRequest> requests,
                                               const BootstrapOptions &options)
{
    if (options.draws < 1)
        return std::vector<std::optional<Interval>>(requests.size());
    return Run(cells, requests, options).run();
}

} // namespace countersign::metrics
