#include "models/base/parallel.h"
#include "models/scoretables/build/entrysort.h"
#include "models/scoretables/build/hugepages.h"
#include "models/scoretables/build/leafkeys.h"
#include "models/scoretables/build/rowstatus.h"
#include "models/scoretables/table.h"

#include <bit>
#include <new>

namespace countersign::scoretables {

namespace {

using predictions::Chunk;
using predictions::PredictionLog;

constexpr std::size_t kBlock = 2048;              // rows looked at together; their keys stay in the first-level cache
constexpr std::size_t kRowsABucket = 4096;        // a bucket and its scratch stay in the second-level cache
constexpr std::size_t kMostBuckets = 4096;

/// Uninitialised room for many entries, on huge pages where the system has them: they are written in thousands of places at once.
template<class T>
class Room
{
public:
    explicit Room(std::size_t size) : m_size(size)
    {
        const std::size_t bytes = (std::max<std::size_t>(1, size) * sizeof(T) + kHugePage - 1) / kHugePage * kHugePage;
        m_data = static_cast<T *>(::operator new(bytes, std::align_val_t(kHugePage)));
        preferHugePages(m_data, bytes);
    }
    ~Room() { ::operator delete(m_data, std::align_val_t(kHugePage)); }
    Room(const Room &) = delete;
    Room &operator=(const Room &) = delete;
    std::span<T> span() { return {m_data, m_size}; }

private:
    T *m_data;
    std::size_t m_size;
};

struct Extent {
    std::int32_t firstHour = std::numeric_limits<std::int32_t>::max();
    std::int32_t lastHour = std::numeric_limits<std::int32_t>::min();
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();

    void add(const Extent &other)
    {
        firstHour = std::min(firstHour, other.firstHour);
        lastHour = std::max(lastHour, other.lastHour);
        lowest = std::min(lowest, other.lowest);
        highest = std::max(highest, other.highest);
    }
};

Extent extentOf(const Chunk &chunk, int scoreColumn)
{
    Extent extent;
    for (const std::int32_t hour : chunk.hours) {
        extent.lastHour = std::max(extent.lastHour, hour);
        extent.firstHour = std::min(extent.firstHour, hour == predictions::kNoTime ? extent.firstHour : hour);
    }
    if (scoreColumn < 0)
        return extent;
    for (const double score : chunk.numbers[static_cast<std::size_t>(scoreColumn)]) {
        if (!std::isfinite(score))
            continue;
        extent.lowest = std::min(extent.lowest, score);
        extent.highest = std::max(extent.highest, score);
    }
    return extent;
}

/// The steps from a log to a table's parts. Chunks are dealt to threads once, so that counting and placing see the same rows.
template<class E>
class Builder
{
public:
    Builder(PredictionLog &log, const TableOptions &options)
        : m_log(log), m_schema(log.schema), m_unit(options.unit), m_progress(options.progress), m_threads(predictions::threadCount(options.threads))
    {
    }

    Result<TableParts> build()
    {
        findExtent();
        auto keys = LeafKeys::make(m_schema, m_log.dictionaries, m_unit, m_extent.firstHour, m_extent.lastHour);
        if (!keys)
            return keys.error();
        m_keys = &*keys;
        for (const auto &maps : m_log.localToGlobal)
            m_keyParts.push_back(m_keys->partsOf(maps));
        const std::size_t rows = m_log.rowsTaken();
        m_buckets = std::clamp<std::size_t>(std::bit_ceil(rows / kRowsABucket + 1), 1, kMostBuckets);
        if (!(m_extent.lowest <= m_extent.highest))
            m_extent.lowest = m_extent.highest = 0;
        count();
        const std::vector<std::uint64_t> occurring = mergeKeys();
        if (occurring.size() > kMaxLeaves)
            return Error{ErrorKind::Invalid, "The windows and attribute values make " + std::to_string(occurring.size())
                             + " combinations; 4 million are the most. Choose longer windows or fewer attributes.", {}};
        if (m_progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
        return place(occurring);
    }

private:
    bool hasScores() const { return m_schema.score >= 0; }

    /// Calls work(chunk, thread) for all chunks, each thread its own consecutive share.
    template<class Work>
    void forEachChunk(const Work &work)
    {
        const std::size_t count = m_log.chunks.size();
        forEachTask(m_threads, m_threads, [&](std::size_t share, unsigned) {
            for (std::size_t c = count * share / m_threads; c < count * (share + 1) / m_threads && !m_progress.isCancelled(); ++c)
                work(m_log.chunks[c], share);
        });
    }

    void findExtent()
    {
        std::vector<Extent> extents(m_threads);
        forEachChunk([&](const Chunk &chunk, std::size_t share) { extents[share].add(extentOf(chunk, m_schema.score)); });
        for (const auto &extent : extents)
            m_extent.add(extent);
    }

    const double *scoresOf(const Chunk &chunk, std::size_t first) const
    {
        return hasScores() ? chunk.numbers[static_cast<std::size_t>(m_schema.score)].data() + first : nullptr;
    }

    /// Which leaves there are, and how many entries of each thread fall into each bucket.
    void count()
    {
        m_starts.assign(m_threads, std::vector<std::size_t>(m_buckets));
        m_keySets.assign(m_threads, KeySet(*m_keys));
        const ScoreBuckets bucketOf(m_extent.lowest, m_extent.highest, m_buckets);
        forEachChunk([&](const Chunk &chunk, std::size_t share) {
            std::array<std::uint64_t, kBlock> keys;
            std::array<std::uint8_t, kBlock> status;
            auto &counts = m_starts[share];
            for (std::size_t first = 0; first < chunk.rows; first += kBlock) {
                const std::size_t rows = std::min(kBlock, chunk.rows - first);
                m_keys->keysOf(chunk, m_keyParts[chunk.dictionaries], first, rows, keys.data());
                m_keySets[share].add(keys.data(), rows);
                statusOf(chunk, m_schema, first, rows, status.data());
                const double *scores = scoresOf(chunk, first);
                for (std::size_t i = 0; i < rows; ++i)
                    if (status[i] < kFirstLeftOut)
                        ++counts[scores ? bucketOf(scores[i]) : 0];
            }
        });
    }

    std::vector<std::uint64_t> mergeKeys()
    {
        for (std::size_t t = 1; t < m_keySets.size(); ++t)
            m_keySets[0].merge(m_keySets[t]);
        auto sorted = m_keySets[0].sorted();
        m_keySets.clear();
        return sorted;
    }

    /// Turns counts into places: bucket by bucket, within a bucket thread by thread.
    std::vector<std::size_t> placeBuckets()
    {
        std::vector<std::size_t> begins;
        std::size_t next = 0;
        for (std::size_t b = 0; b < m_buckets; ++b) {
            begins.push_back(next);
            for (auto &starts : m_starts)
                next += std::exchange(starts[b], next);
        }
        begins.push_back(next);
        return begins;
    }

    Result<TableParts> place(const std::vector<std::uint64_t> &occurring)
    {
        TableParts parts;
        describe(parts, occurring);
        const KeyIndex leafIndex(*m_keys, occurring);
        const std::vector<std::size_t> begins = placeBuckets();
        Room<E> room(begins.back());
        std::vector<std::vector<std::array<std::uint64_t, kLeftOutReasons>>> leftOut(m_threads);
        const ScoreBuckets bucketOf(m_extent.lowest, m_extent.highest, m_buckets);
        const std::span<E> entries = room.span();
        forEachChunk([&](Chunk &chunk, std::size_t share) {
            std::array<std::uint64_t, kBlock> keys;
            std::array<std::uint8_t, kBlock> status;
            auto &starts = m_starts[share];
            for (std::size_t first = 0; first < chunk.rows; first += kBlock) {
                const std::size_t rows = std::min(kBlock, chunk.rows - first);
                m_keys->keysOf(chunk, m_keyParts[chunk.dictionaries], first, rows, keys.data());
                statusOf(chunk, m_schema, first, rows, status.data());
                const double *scores = scoresOf(chunk, first);
                for (std::size_t i = 0; i < rows; ++i) {
                    const std::uint32_t leaf = leafIndex[keys[i]];
                    if (status[i] >= kFirstLeftOut) [[unlikely]] {
                        leftOut[share].resize(occurring.size());
                        ++leftOut[share][leaf][status[i] - kFirstLeftOut];
                        continue;
                    }
                    const double score = scores ? scores[i] + 0.0 : 0.0; // -0 becomes 0
                    E &entry = entries[starts[scores ? bucketOf(scores[i]) : 0]++];
                    entry.score = score;
                    entry.code = (leaf << 2U) | status[i];
                    if constexpr (std::is_same_v<E, WeightedEntry>)
                        entry.weight = chunk.numbers[static_cast<std::size_t>(m_schema.weight)][first + i];
                }
            }
            chunk = {}; // its rows are in the entries now
        });
        if (m_progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
        addLeftOut(parts, leftOut);
        sortBuckets(parts, entries, begins);
        return parts;
    }

    void describe(TableParts &parts, const std::vector<std::uint64_t> &occurring) const
    {
        parts.unit = m_schema.hasTime ? m_unit : WindowUnit::None;
        parts.hasScores = hasScores();
        parts.hasLabels = m_schema.label >= 0;
        parts.hasPredictions = m_schema.prediction >= 0;
        for (const int column : m_schema.attributes) {
            const auto index = static_cast<std::size_t>(column);
            parts.attributes.push_back({m_schema.codeNames[index], m_log.dictionaries[static_cast<std::size_t>(m_schema.codeDictionary[index])]});
        }
        for (const std::uint64_t key : occurring)
            parts.leaves.push_back(m_keys->leafOf(key));
        parts.leftOut.resize(occurring.size());
    }

    static void addLeftOut(TableParts &parts, const std::vector<std::vector<std::array<std::uint64_t, kLeftOutReasons>>> &byThread)
    {
        for (const auto &leaves : byThread)
            for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
                const auto &n = leaves[leaf];
                parts.leftOut[leaf] += LeftOut{n[0], n[1], n[2], n[3], n[4]};
            }
    }

    void sortBuckets(TableParts &parts, std::span<E> entries, const std::vector<std::size_t> &begins)
    {
        resizeLarge(parts.scores, entries.size());
        resizeLarge(parts.codes, entries.size());
        if constexpr (std::is_same_v<E, WeightedEntry>)
            resizeLarge(parts.weights, entries.size());
        std::vector<std::vector<E>> scratch(m_threads);
        forEachTask(m_buckets, m_threads, [&](std::size_t b, unsigned thread) {
            const std::span<E> bucket = entries.subspan(begins[b], begins[b + 1] - begins[b]);
            if (scratch[thread].size() < bucket.size())
                scratch[thread].resize(bucket.size());
            sortEntries(bucket, std::span(scratch[thread]).first(bucket.size()));
            for (std::size_t i = 0; i < bucket.size(); ++i) {
                parts.scores[begins[b] + i] = bucket[i].score;
                parts.codes[begins[b] + i] = bucket[i].code;
                if constexpr (std::is_same_v<E, WeightedEntry>)
                    parts.weights[begins[b] + i] = bucket[i].weight;
            }
        });
    }

    PredictionLog &m_log;
    const predictions::Schema &m_schema;
    WindowUnit m_unit;
    const Progress &m_progress;
    unsigned m_threads;
    Extent m_extent;
    LeafKeys *m_keys = nullptr;
    std::vector<LeafKeys::Parts> m_keyParts; ///< by thread of the reader
    std::vector<KeySet> m_keySets;
    std::size_t m_buckets = 1;
    std::vector<std::vector<std::size_t>> m_starts; ///< [thread][bucket]: how many, then where the next one goes
};

} // namespace

Result<Table> buildTable(PredictionLog &&log, const TableOptions &options)
{
    if (log.mapping.task != predictions::Task::Binary)
        return Error{ErrorKind::Invalid, "Score tables are for logs with two outcomes.", log.facts.name};
    if (log.schema.score < 0 && log.schema.prediction < 0)
        return Error{ErrorKind::Invalid, "The mapping names neither a score nor a prediction, so there is nothing to compute.", log.facts.name};
    options.progress(0, 0, "sorting scores");
    auto parts = log.schema.weight >= 0 ? Builder<WeightedEntry>(log, options).build() : Builder<Entry>(log, options).build();
    if (!parts)
        return parts.error().in(log.facts.name);
    return Table(*std::move(parts), predictions::threadCount(options.threads));
}

} // namespace countersign::scoretables
