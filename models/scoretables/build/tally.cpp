#include "models/scoretables/build/tally.h"

#include "models/scoretables/build/hugepages.h"

#include <bit>

namespace countersign::scoretables {

namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::size_t kFirstSlots = 1U << 12;
constexpr double kFirstStep = 1.0 / (1U << 20); ///< of the largest score; finer steps would save little

std::uint64_t mixed(std::uint64_t value)
{
    value *= 0x9e3779b97f4a7c15ULL;
    return value ^ (value >> 29);
}

template<class T>
std::vector<T> emptyOnes(std::size_t size)
{
    std::vector<T> empty;
    resizeLarge(empty, size);
    return empty;
}

} // namespace

double roundedDown(double value, double step)
{
    const double steps = value / step;
    constexpr double kWhole = 1LL << 53; // numbers from here on are multiples already, also where there are infinitely many steps
    constexpr double kLowest = std::numeric_limits<double>::lowest(); // below which there is no multiple
    return std::fabs(steps) < kWhole ? std::max(kLowest, std::floor(steps) * step) : value;
}

double leastStep(std::vector<std::pair<std::uint32_t, double>> codesAndScores, std::size_t most)
{
    std::ranges::sort(codesAndScores);
    const auto fits = [&](int power) {
        const double step = std::ldexp(1.0, 2 * power);
        std::size_t different = 0;
        for (std::size_t i = 0; i < codesAndScores.size(); ++i) // rounding keeps their order
            different += i == 0 || codesAndScores[i].first != codesAndScores[i - 1].first
                                 || roundedDown(codesAndScores[i].second, step) != roundedDown(codesAndScores[i - 1].second, step)
                             ? 1U
                             : 0U;
        return different <= most;
    };
    int low = -500;
    int high = 511;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (fits(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return std::ldexp(1.0, 2 * high);
}

Tally::Tally(const predictions::Schema &schema, WindowUnit unit, std::optional<double> threshold, double step, std::size_t entries, Rounding rounding)
    : m_schema(schema), m_unit(unit), m_threshold(threshold), m_step(step), m_rounding(rounding), m_slots(std::min(kFirstSlots, entries)),
      m_weights(schema.weight >= 0 ? m_slots.size() : 0), m_most(entries), m_leafIndex(1024)
{
}

std::int64_t Tally::unitOf(std::int32_t hour)
{
    if (hour == m_lastHour)
        return m_lastUnit;
    m_lastHour = hour;
    const std::int32_t day = hour >= 0 ? hour / 24 : -((23 - hour) / 24);
    m_lastUnit = m_unit == WindowUnit::Hour ? hour : unitOfDay(m_unit, day);
    return m_lastUnit;
}

std::uint32_t Tally::leafFor(std::int64_t unit, bool hasTime, const std::uint32_t *codes)
{
    const std::size_t attributes = m_schema.attributes.size();
    std::uint64_t hash = mixed(static_cast<std::uint64_t>(unit) * 2 + (hasTime ? 1U : 0U));
    for (std::size_t a = 0; a < attributes; ++a)
        hash = mixed(hash ^ codes[a]);
    const std::size_t mask = m_leafIndex.size() - 1;
    std::size_t at = hash & mask;
    for (; m_leafIndex[at] != 0; at = (at + 1) & mask) {
        const LeafTally &leaf = m_leaves[m_leafIndex[at] - 1];
        if (leaf.unit == unit && leaf.hasTime == hasTime && std::equal(leaf.codes.begin(), leaf.codes.end(), codes))
            return m_leafIndex[at] - 1;
    }
    LeafTally leaf;
    leaf.unit = unit;
    leaf.hasTime = hasTime;
    leaf.codes.assign(codes, codes + attributes);
    m_leaves.push_back(std::move(leaf));
    m_leafIndex[at] = static_cast<std::uint32_t>(m_leaves.size());
    if (m_leaves.size() * 2 > m_leafIndex.size()) { // rebuilt by asking again for each
        auto leaves = std::exchange(m_leaves, {});
        m_leafIndex.assign(m_leafIndex.size() * 4, 0);
        for (auto &own : leaves) {
            const std::uint32_t index = leafFor(own.unit, own.hasTime, own.codes.data());
            m_leaves[index] = std::move(own);
        }
    }
    return static_cast<std::uint32_t>(m_leaves.size() - 1);
}

bool Tally::add(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts)
{
    const std::size_t attributes = m_schema.attributes.size();
    const auto numbers = [&](int column) { return column >= 0 ? chunk.numbers[static_cast<std::size_t>(column)].data() : nullptr; };
    const double *scores = numbers(m_schema.score);
    const double *weights = numbers(m_schema.weight);
    std::array<std::uint8_t, kBlock> status;
    std::vector<std::uint32_t> codes(kBlock * std::max<std::size_t>(1, attributes)); // row by row
    std::array<Waiting, kBlock> waiting;
    for (std::size_t first = 0; first < chunk.rows; first += kBlock) {
        const std::size_t rows = std::min(kBlock, chunk.rows - first);
        statusOf(chunk, m_schema, first, rows, status.data());
        for (std::size_t a = 0; a < attributes; ++a)
            std::visit(
                [&](const auto &column) {
                    for (std::size_t i = 0; i < rows; ++i)
                        codes[i * attributes + a] = column[first + i];
                },
                chunk.codes[static_cast<std::size_t>(m_schema.attributes[a])]);
        std::size_t many = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            const bool hasWindow = m_unit != WindowUnit::None;
            const bool hasTime = !hasWindow || chunk.hours[first + i] != predictions::kNoTime;
            const std::uint32_t leaf = leafFor(hasWindow && hasTime ? unitOf(chunk.hours[first + i]) : 0, hasTime, codes.data() + i * attributes);
            LeafTally &own = m_leaves[leaf];
            const std::uint64_t equal = counts.empty() ? 1 : counts[first + i];
            if (status[i] >= kFirstLeftOut) {
                own.leftOut[status[i] - kFirstLeftOut] += equal;
                continue;
            }
            const double score = scores ? scores[first + i] : 0;
            std::uint32_t code = (leaf << 2U) | status[i];
            if (m_threshold)
                code = codeOf(leaf, score >= *m_threshold, isPositive(code));
            const double weight = weights ? weights[first + i] : 1;
            const auto n = static_cast<double>(equal);
            if (scores)
                own.losses.addRows(metrics::rowLoss(score, isPositive(code)), score, isPositive(code), n * weight, n * weight * weight, equal);
            waiting[many++] = {score, code, equal, weight};
        }
        if (!countAll(std::span(waiting).first(many)))
            return false;
        if (m_leaves.size() > kMostLeaves)
            return false;
    }
    return true;
}

bool Tally::countAll(std::span<const Waiting> waiting)
{
    // Slots are all over a memory much larger than the cache: some rows ahead they are asked for, so that they come at the same time.
    constexpr std::size_t kAhead = 16;
    const auto askFor = [&](std::size_t i) {
        if (i < waiting.size())
            __builtin_prefetch(&m_slots[hashOf(rounded(waiting[i].score), waiting[i].code) & (m_slots.size() - 1)], 1);
    };
    for (std::size_t i = 0; i < kAhead; ++i)
        askFor(i);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        askFor(i + kAhead);
        const Waiting &own = waiting[i];
        m_largest = std::max(m_largest, std::fabs(own.score));
        constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
        for (std::uint64_t left = own.rows; left > 0; left -= std::min(left, most)) {
            const auto rows = static_cast<std::uint32_t>(std::min(left, most));
            insert({rounded(own.score), own.code, rows}, {{rows * own.weight, 0}, {rows * own.weight * own.weight, 0}});
        }
        if (isTooFull() && !makeRoom()) [[unlikely]]
            return false;
    }
    return true;
}

bool Tally::makeRoom()
{
    while (isTooFull()) {
        if (m_slots.size() < m_most) {
            insertAgain(m_slots.size() * 2, [](double score) { return score; });
        } else if (!coarsen()) {
            return false;
        }
    }
    return true;
}

bool Tally::coarsen()
{
    constexpr double kLargestExponent = 1023; // the next one is no number
    const double scale = std::exp2(std::min(kLargestExponent, std::ceil(std::log2(m_largest))));
    int exponent = 0;
    std::frexp(m_step, &exponent); // one more than that of a power of two
    const bool isBetween = m_rounding == Rounding::Least && exponent % 2 == 0; // two powers of four: where a step was given
    double next = m_step * (isBetween ? 2 : 4);
    if (m_step == 0 && m_rounding == Rounding::ByScale)
        next = kFirstStep * scale;
    else if (m_step == 0)
        next = leastStepSoFar();
    if (!std::isfinite(next) || next > 16 * scale)
        return false; // all scores are one step already: there are too many leaves
    coarsenTo(next);
    return true;
}

double Tally::leastStepSoFar() const
{
    std::vector<std::pair<std::uint32_t, double>> all;
    for (const Slot &slot : m_slots)
        if (slot.count > 0)
            all.emplace_back(slot.code, slot.score);
    return leastStep(std::move(all), mostIn(m_slots.size()));
}

void Tally::coarsenTo(double step)
{
    m_step = step;
    insertAgain(m_slots.size(), [this](double score) { return rounded(score); });
    for (Entry &entry : m_full)
        entry.score = rounded(entry.score);
}

template<class ScoreOf>
void Tally::insertAgain(std::size_t size, const ScoreOf &scoreOf)
{
    const auto slots = std::exchange(m_slots, emptyOnes<Slot>(size));
    const auto weights = std::exchange(m_weights, emptyOnes<Weights>(m_weights.empty() ? 0 : size));
    m_used = 0;
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (slots[i].count > 0)
            insert({scoreOf(slots[i].score), slots[i].code, slots[i].count}, weights.empty() ? Weights() : weights[i]);
}

std::uint64_t Tally::hashOf(double score, std::uint32_t code)
{
    return mixed(std::bit_cast<std::uint64_t>(score) ^ (static_cast<std::uint64_t>(code) * 0xbf58476d1ce4e5b9ULL));
}

void Tally::insert(const Slot &own, const Weights &weights)
{
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hashOf(own.score, own.code) & mask;
    while (m_slots[at].count > 0 && (m_slots[at].score != own.score || m_slots[at].code != own.code))
        at = (at + 1) & mask;
    Slot &slot = m_slots[at];
    m_used += slot.count == 0 ? 1U : 0U;
    if (slot.count > std::numeric_limits<std::uint32_t>::max() - own.count) {
        m_full.push_back({slot, m_weights.empty() ? Weights() : std::exchange(m_weights[at], {})});
        slot.count = 0;
    }
    slot = {own.score, own.code, slot.count + own.count};
    if (!m_weights.empty())
        m_weights[at].add(weights);
}

std::vector<Tally::Slot> Tally::takeSlots()
{
    std::erase_if(m_slots, [](const Slot &slot) { return slot.count == 0; });
    m_slots.insert(m_slots.end(), m_full.begin(), m_full.end());
    m_full.clear();
    return std::move(m_slots);
}

std::vector<Tally::Entry> Tally::takeEntries()
{
    std::vector<Entry> entries = std::exchange(m_full, {});
    for (std::size_t i = 0; i < m_slots.size(); ++i)
        if (m_slots[i].count > 0)
            entries.push_back({m_slots[i], m_weights.empty() ? Weights() : m_weights[i]});
    m_slots.clear();
    m_weights.clear();
    return entries;
}

} // namespace countersign::scoretables
