#include "models/computed/comparisons/impacts.h"

#include "models/base/parallel.h"
#include "models/computed/comparisons/impactlists.h"
#include "models/predictions/reader.h"
#include "models/scoretables/build/leafkeys.h"

#include <bit>

namespace countersign::computed {

using namespace scoretables;

namespace {

using predictions::Chunk;
using predictions::PredictionLog;

/// Bits that sort as unsigned the way the doubles sort.
std::uint64_t sortable(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0); // −0 becomes 0
    return (bits >> 63) != 0 ? ~bits : bits | (1ULL << 63);
}

class Counter
{
public:
    Counter(const PredictionLog &log, const Parameters &parameters, const Progress &progress)
        : m_log(log), m_progress(progress), m_threads(predictions::threadCount(parameters.threads)), m_options(parameters.options)
    {
        if (parameters.threshold || log.schema.prediction < 0)
            m_threshold = parameters.threshold.value_or(0.5);
    }

    Result<std::vector<ComputedImpact>> count()
    {
        auto keys = LeafKeys::make(m_log.schema, m_log.dictionaries, WindowUnit::None, 1, 0);
        if (!keys)
            return keys.error().in(m_log.facts.name);
        m_keys = &*keys;
        findKeysAndMedian();
        const KeyIndex index(*keys, m_occurring);
        countPeople(index);
        if (m_progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
        std::vector<std::vector<std::uint32_t>> codes;
        for (const std::uint64_t key : m_occurring)
            codes.push_back(keys->leafOf(key).codes);
        std::vector<Attribute> attributes;
        for (const int column : m_log.schema.attributes) {
            const auto place = static_cast<std::size_t>(column);
            attributes.push_back({m_log.schema.codeNames[place], m_log.dictionaries[static_cast<std::size_t>(m_log.schema.codeDictionary[place])]});
        }
        const std::optional<MedianScore> median = hasScores() ? std::optional(MedianScore{m_median, {}}) : std::nullopt;
        return listImpacts(attributes, codes, m_people, median, m_options);
    }

private:
    bool hasScores() const { return m_log.schema.score >= 0; }
    const double *numbers(const Chunk &chunk, int column) const
    {
        return column >= 0 ? chunk.numbers[static_cast<std::size_t>(column)].data() : nullptr;
    }

    /// Calls work(chunk, share): each share of the threads has its own consecutive chunks.
    template<class Work>
    void forEachChunk(const Work &work) const
    {
        const std::size_t count = m_log.chunks.size();
        forEachTask(m_threads, m_threads, [&](std::size_t share, unsigned) {
            for (std::size_t c = count * share / m_threads; c < count * (share + 1) / m_threads && !m_progress.isCancelled(); ++c)
                work(m_log.chunks[c], share);
        });
    }
    /// Calls use(score) for every score that counts.
    template<class Use>
    void forEachScore(const Chunk &chunk, const Use &use) const
    {
        const double *scores = numbers(chunk, m_log.schema.score);
        const double *weights = numbers(chunk, m_log.schema.weight);
        for (std::size_t row = 0; scores && row < chunk.rows; ++row)
            if (std::isfinite(scores[row]) && (!weights || weights[row] > 0))
                use(scores[row]);
    }

    void findKeysAndMedian()
    {
        std::vector<KeySet> sets(m_threads, KeySet(*m_keys));
        std::vector<std::vector<std::uint64_t>> rowKeys(m_threads);
        std::vector<std::vector<std::uint64_t>> byBucket(m_threads, std::vector<std::uint64_t>(hasScores() ? kBuckets : 0));
        forEachChunk([&](const Chunk &chunk, std::size_t share) {
            auto &own = rowKeys[share];
            own.resize(chunk.rows);
            m_keys->keysOf(chunk, m_keys->partsOf(m_log.localToGlobal[chunk.dictionaries]), 0, chunk.rows, own.data());
            sets[share].add(own.data(), own.size());
            forEachScore(chunk, [&](double score) { ++byBucket[share][sortable(score) >> kBucketShift]; });
        });
        for (std::size_t share = 1; share < sets.size(); ++share) {
            sets[0].merge(sets[share]);
            for (std::size_t bucket = 0; bucket < byBucket[0].size(); ++bucket)
                byBucket[0][bucket] += byBucket[share][bucket];
        }
        m_occurring = sets[0].sorted();
        m_median = hasScores() ? medianOf(byBucket[0]) : metrics::Figure::undefined(metrics::Reason::NoScores);
    }

    /// The middle one, or the mean of the two middle ones: their buckets are known, so only those are looked at again.
    metrics::Figure medianOf(const std::vector<std::uint64_t> &byBucket) const
    {
        std::uint64_t size = 0;
        for (const std::uint64_t count : byBucket)
            size += count;
        if (size == 0)
            return metrics::Figure::undefined(metrics::Reason::NoRows);
        const std::uint64_t lower = (size - 1) / 2;
        const std::uint64_t upper = size / 2;
        std::uint64_t before = 0; // below the lower one's bucket
        std::size_t first = 0;
        while (before + byBucket[first] <= lower)
            before += byBucket[first++];
        std::size_t last = first;
        for (std::uint64_t end = before + byBucket[first]; end <= upper;)
            end += byBucket[++last];
        std::vector<std::vector<double>> found(m_threads);
        forEachChunk([&](const Chunk &chunk, std::size_t share) {
            forEachScore(chunk, [&](double score) {
                const std::uint64_t bucket = sortable(score) >> kBucketShift;
                if (bucket >= first && bucket <= last)
                    found[share].push_back(score + 0.0);
            });
        });
        for (std::size_t share = 1; share < found.size(); ++share)
            found[0].insert(found[0].end(), found[share].begin(), found[share].end());
        if (found[0].size() <= upper - before) // stopped half way
            return metrics::Figure::undefined(metrics::Reason::NoRows);
        const auto at = [&](std::uint64_t rank) {
            const auto place = found[0].begin() + static_cast<std::ptrdiff_t>(rank - before);
            std::ranges::nth_element(found[0], place);
            return *place;
        };
        const double low = at(lower);
        const double high = at(upper);
        return metrics::Figure::of(low + (high - low) / 2, size);
    }

    void countPeople(const KeyIndex &index)
    {
        std::vector<std::vector<People>> byShare(m_threads, std::vector<People>(m_occurring.size()));
        std::vector<std::vector<std::uint64_t>> rowKeys(m_threads);
        forEachChunk([&](const Chunk &chunk, std::size_t share) {
            auto &own = rowKeys[share];
            own.resize(chunk.rows);
            m_keys->keysOf(chunk, m_keys->partsOf(m_log.localToGlobal[chunk.dictionaries]), 0, chunk.rows, own.data());
            const double *scores = numbers(chunk, m_log.schema.score);
            const double *weights = numbers(chunk, m_log.schema.weight);
            const std::uint8_t *decisions =
                m_threshold ? nullptr : std::get<std::vector<std::uint8_t>>(chunk.codes[static_cast<std::size_t>(m_log.schema.prediction)]).data();
            for (std::size_t row = 0; row < chunk.rows; ++row) {
                if (weights && !(weights[row] > 0))
                    continue;
                People &people = byShare[share][index[own[row]]];
                const bool isScored = scores && std::isfinite(scores[row]);
                people.scored += isScored ? 1 : 0;
                people.above += isScored && scores[row] > m_median.value ? 1 : 0;
                people.decided += (m_threshold ? isScored : decisions[row] != predictions::kMissingValue) ? 1 : 0;
                people.selected += (m_threshold ? isScored && scores[row] >= *m_threshold : decisions[row] == predictions::kPositiveValue) ? 1 : 0;
            }
        });
        m_people = std::move(byShare[0]);
        for (std::size_t share = 1; share < byShare.size(); ++share)
            for (std::size_t leaf = 0; leaf < m_people.size(); ++leaf)
                m_people[leaf].add(byShare[share][leaf]);
    }

    static constexpr int kBucketShift = 48; ///< a bucket is sign, exponent and the first four bits of a score
    static constexpr std::size_t kBuckets = 1U << 16;

    const PredictionLog &m_log;
    const Progress &m_progress;
    unsigned m_threads;
    metrics::Options m_options;
    std::optional<double> m_threshold; ///< none: the log's own decisions
    const LeafKeys *m_keys = nullptr;
    std::vector<std::uint64_t> m_occurring;
    std::vector<People> m_people;
    metrics::Figure m_median;
};

} // namespace

Result<std::vector<ComputedImpact>> impactsOf(const PredictionLog &log, const Parameters &parameters, const Progress &progress)
{
    const bool isDecided = log.schema.score >= 0 || (log.schema.prediction >= 0 && !parameters.threshold);
    if (log.mapping.task != predictions::Task::Binary || log.schema.attributes.empty() || !isDecided)
        return std::vector<ComputedImpact>();
    return Counter(log, parameters, progress).count();
}

} // namespace countersign::computed
