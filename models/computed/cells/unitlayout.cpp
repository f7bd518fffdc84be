#include "models/computed/cells/unitlayout.h"

#include "models/base/parallel.h"
#include "models/scoretables/build/leafkeys.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

constexpr std::size_t kMostRows = std::numeric_limits<std::uint32_t>::max();

/// First and last hour of a log; first > last when no row has a time.
std::pair<std::int32_t, std::int32_t> spanOf(const predictions::PredictionLog &log)
{
    std::pair<std::int32_t, std::int32_t> span{std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()};
    for (const auto &chunk : log.chunks)
        for (const std::int32_t hour : chunk.hours) {
            span.first = std::min(span.first, hour == predictions::kNoTime ? span.first : hour);
            span.second = std::max(span.second, hour);
        }
    return span;
}

} // namespace

/// Calls work(chunk number, share): each share of the threads has its own consecutive chunks.
template<class Work>
void UnitLayout::forEachChunk(const Work &work) const
{
    const std::size_t count = m_log->chunks.size();
    forEachTask(m_threads, m_threads, [&](std::size_t share, unsigned) {
        for (std::size_t c = count * share / m_threads; c < count * (share + 1) / m_threads; ++c)
            work(c, share);
    });
}

Result<UnitLayout> UnitLayout::make(const predictions::PredictionLog &log, WindowUnit unit, unsigned threads)
{
    UnitLayout layout;
    layout.m_log = &log;
    layout.m_threads = threads;
    std::size_t rows = 0;
    for (const auto &chunk : log.chunks) {
        layout.m_chunkBegins.push_back(rows);
        rows += chunk.rows;
    }
    layout.m_first = {0, rows};
    if (rows > kMostRows)
        return Error{ErrorKind::Invalid, "Drift takes logs of up to 4,294,967,295 rows. Take a part of the log.", log.facts.name};
    if (const auto placed = layout.place(log.schema.hasTime ? unit : WindowUnit::None); !placed)
        return placed.error().in(log.facts.name);
    return layout;
}

/// Numbers the units that occur, and gives every row its place: unit by unit, within a unit thread by thread.
Status UnitLayout::place(WindowUnit unit)
{
    TableParts parts;
    parts.unit = unit;
    if (unit == WindowUnit::None || rows() == 0) {
        if (rows() > 0)
            parts.leaves.emplace_back();
        else
            m_first = {0};
        parts.leftOut.resize(parts.leaves.size());
        m_table = Table(std::move(parts), 1);
        return {};
    }
    predictions::Schema timeOnly;
    timeOnly.hasTime = true;
    const auto [firstHour, lastHour] = spanOf(*m_log);
    const auto keys = LeafKeys::make(timeOnly, m_log->dictionaries, unit, firstHour, lastHour);
    if (!keys)
        return keys.error();
    std::vector<KeySet> sets(m_threads, KeySet(*keys));
    std::vector<std::vector<std::uint64_t>> rowKeys(m_threads);
    const auto keysOf = [&](std::size_t c, std::size_t share) -> const std::vector<std::uint64_t> & {
        const predictions::Chunk &chunk = m_log->chunks[c];
        rowKeys[share].resize(chunk.rows);
        keys->keysOf(chunk, {}, 0, chunk.rows, rowKeys[share].data());
        return rowKeys[share];
    };
    forEachChunk([&](std::size_t c, std::size_t share) {
        const auto &own = keysOf(c, share);
        sets[share].add(own.data(), own.size());
    });
    for (std::size_t share = 1; share < sets.size(); ++share)
        sets[0].merge(sets[share]);
    const std::vector<std::uint64_t> occurring = sets[0].sorted();
    if (occurring.size() > kMaxLeaves)
        return Error{ErrorKind::Invalid, "The windows are too many. Choose longer windows.", {}};
    const KeyIndex index(*keys, occurring);
    m_places.resize(rows());
    std::vector<std::vector<std::size_t>> next(m_threads, std::vector<std::size_t>(occurring.size()));
    forEachChunk([&](std::size_t c, std::size_t share) {
        std::uint32_t *to = m_places.data() + m_chunkBegins[c];
        for (const std::uint64_t key : keysOf(c, share)) {
            *to = index[key];
            ++next[share][*to++];
        }
    });
    m_first.clear();
    std::size_t begin = 0;
    for (std::size_t u = 0; u < occurring.size(); ++u) {
        m_first.push_back(begin);
        for (auto &own : next)
            begin += std::exchange(own[u], begin);
        parts.leaves.push_back(keys->leafOf(occurring[u]));
    }
    m_first.push_back(begin);
    forEachChunk([&](std::size_t c, std::size_t share) {
        std::uint32_t *place = m_places.data() + m_chunkBegins[c];
        for (std::size_t row = 0; row < m_log->chunks[c].rows; ++row)
            place[row] = static_cast<std::uint32_t>(next[share][place[row]]++);
    });
    parts.leftOut.resize(parts.leaves.size());
    m_table = Table(std::move(parts), 1);
    return {};
}

void UnitLayout::layOut(int numberColumn, std::vector<double> &to) const
{
    to.resize(rows());
    forEachChunk([&](std::size_t c, std::size_t) {
        const auto &values = m_log->chunks[c].numbers[static_cast<std::size_t>(numberColumn)];
        if (m_places.empty()) {
            std::ranges::copy(values, to.begin() + static_cast<std::ptrdiff_t>(m_chunkBegins[c]));
            return;
        }
        const std::uint32_t *place = m_places.data() + m_chunkBegins[c];
        for (std::size_t row = 0; row < values.size(); ++row)
            to[place[row]] = values[row];
    });
}

void UnitLayout::layOut(int codeColumn, const std::vector<std::uint32_t> &byCode, std::vector<std::uint32_t> &to) const
{
    to.resize(rows());
    const auto column = static_cast<std::size_t>(codeColumn);
    const auto dictionary = static_cast<std::size_t>(m_log->schema.codeDictionary[column]);
    forEachChunk([&](std::size_t c, std::size_t) {
        const predictions::Chunk &chunk = m_log->chunks[c];
        std::vector<std::uint32_t> byOwnCode;
        for (const std::uint32_t global : m_log->localToGlobal[chunk.dictionaries][dictionary])
            byOwnCode.push_back(byCode[global]);
        const std::size_t begin = m_chunkBegins[c];
        std::visit(
            [&](const auto &codes) {
                for (std::size_t row = 0; row < codes.size(); ++row)
                    to[m_places.empty() ? begin + row : m_places[begin + row]] = byOwnCode[codes[row]];
            },
            chunk.codes[column]);
    });
}

} // namespace countersign::computed
