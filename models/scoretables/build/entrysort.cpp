#include "models/scoretables/build/entrysort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <tuple>
#include <vector>

namespace countersign::scoretables {

namespace {

constexpr std::size_t kFew = 24;      // below, inserting is fastest
constexpr int kMaxLevels = 12;        // spreads more uneven than that are left to std::sort
constexpr std::size_t kMaxBuckets = 2048;

bool isBefore(const Entry &a, const Entry &b) { return a.score != b.score ? a.score > b.score : a.code < b.code; }
bool isBefore(const WeightedEntry &a, const WeightedEntry &b)
{
    return a.score != b.score ? a.score > b.score : std::tie(a.code, a.weight) < std::tie(b.code, b.weight);
}

template<class E>
void insertionSort(std::span<E> entries)
{
    for (std::size_t i = 1; i < entries.size(); ++i) {
        const E entry = entries[i];
        std::size_t at = i;
        for (; at > 0 && isBefore(entry, entries[at - 1]); --at)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/// Entries of one score: by code, by counting bytes from the lowest up.
void sortTied(std::span<Entry> entries, std::span<Entry> scratch)
{
    std::uint32_t all = 0;
    for (const Entry &entry : entries)
        all |= entry.code;
    std::span<Entry> from = entries;
    std::span<Entry> to = scratch;
    for (int shift = 0; shift < 32 && (all >> shift) != 0; shift += 8) {
        std::array<std::size_t, 257> starts{};
        for (const Entry &entry : from)
            ++starts[((entry.code >> shift) & 0xFFU) + 1];
        for (std::size_t i = 1; i < starts.size(); ++i)
            starts[i] += starts[i - 1];
        for (const Entry &entry : from)
            to[starts[(entry.code >> shift) & 0xFFU]++] = entry;
        std::swap(from, to);
    }
    if (from.data() != entries.data())
        std::ranges::copy(from, entries.begin());
}
void sortTied(std::span<WeightedEntry> entries, std::span<WeightedEntry>)
{
    std::ranges::sort(entries, [](const auto &a, const auto &b) { return isBefore(a, b); });
}

template<class E>
void sortLevel(std::span<E> entries, std::span<E> scratch, int level)
{
    if (entries.size() <= kFew) {
        insertionSort(entries);
        return;
    }
    double lowest = entries[0].score;
    double highest = entries[0].score;
    for (const E &entry : entries) {
        lowest = std::min(lowest, entry.score);
        highest = std::max(highest, entry.score);
    }
    if (lowest == highest) {
        sortTied(entries, scratch);
        return;
    }
    const std::size_t buckets = std::min(kMaxBuckets, std::bit_ceil(entries.size() / 4));
    const ScoreBuckets bucketOf(lowest, highest, buckets);
    if (level == kMaxLevels || bucketOf(lowest) == 0) { // the range overflows
        std::ranges::sort(entries, [](const auto &a, const auto &b) { return isBefore(a, b); });
        return;
    }
    std::array<std::uint32_t, kMaxBuckets + 1> starts;
    std::fill_n(starts.begin(), buckets + 1, 0U);
    for (const E &entry : entries)
        ++starts[bucketOf(entry.score) + 1];
    for (std::size_t i = 1; i <= buckets; ++i)
        starts[i] += starts[i - 1];
    for (const E &entry : entries)
        scratch[starts[bucketOf(entry.score)]++] = entry;
    // starts[b] is now where bucket b ends.
    std::size_t begin = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
        const std::size_t size = starts[b] - begin;
        if (size > kFew)
            sortLevel(scratch.subspan(begin, size), entries.subspan(begin, size), level + 1);
        else if (size > 1)
            insertionSort(scratch.subspan(begin, size));
        begin = starts[b];
    }
    std::ranges::copy(scratch.first(entries.size()), entries.begin());
}

} // namespace

void sortEntries(std::span<Entry> entries, std::span<Entry> scratch) { sortLevel(entries, scratch, 0); }
void sortEntries(std::span<WeightedEntry> entries, std::span<WeightedEntry> scratch) { sortLevel(entries, scratch, 0); }

} // namespace countersign::scoretables
