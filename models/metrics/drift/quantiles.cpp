#include "models/metrics/drift/quantiles.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace countersign::metrics {

namespace {

constexpr std::size_t kRadixFrom = 512;
constexpr int kDigitBits = 11;
constexpr int kDigits = 3;
constexpr std::uint64_t kDigitMask = (1U << kDigitBits) - 1;

/// Bits that sort as unsigned the way the doubles sort.
std::uint64_t sortable(double value)
{
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

double restored(std::uint64_t bits)
{
    return std::bit_cast<double>((bits >> 63) != 0 ? bits & ~(std::uint64_t{1} << 63) : ~bits);
}

/// Keys that agree in the bits above `shift` are neighbours by now; what is below decides between them.
void sortWithinRuns(std::span<std::uint64_t> keys, int shift)
{
    for (std::size_t begin = 0; begin < keys.size();) {
        std::size_t end = begin + 1;
        std::uint64_t differences = 0;
        for (; end < keys.size() && (keys[end] ^ keys[begin]) >> shift == 0; ++end)
            differences |= keys[end] ^ keys[begin];
        if (differences != 0)
            std::sort(keys.begin() + static_cast<std::ptrdiff_t>(begin), keys.begin() + static_cast<std::ptrdiff_t>(end));
        begin = end;
    }
}

/// Three digits from the highest bit in which any two values differ: as good as always enough to tell values apart.
void radixSort(std::span<double> values, std::vector<std::uint64_t> &room)
{
    const std::size_t size = values.size();
    room.resize(std::max(room.size(), 2 * size));
    std::span<std::uint64_t> from = std::span(room).first(size);
    std::span<std::uint64_t> to = std::span(room).subspan(size, size);
    std::uint64_t differences = 0;
    for (std::size_t i = 0; i < size; ++i) {
        from[i] = sortable(values[i]);
        differences |= from[i] ^ from[0];
    }
    const int shift = std::max(0, static_cast<int>(std::bit_width(differences)) - kDigits * kDigitBits);
    std::array<std::array<std::uint32_t, kDigitMask + 1>, kDigits> counts{};
    for (const std::uint64_t key : from)
        for (std::size_t digit = 0; digit < kDigits; ++digit)
            ++counts[digit][(key >> (shift + static_cast<int>(digit) * kDigitBits)) & kDigitMask];
    for (std::size_t digit = 0; digit < kDigits; ++digit) {
        auto &count = counts[digit];
        const int digitShift = shift + static_cast<int>(digit) * kDigitBits;
        if (count[(from[0] >> digitShift) & kDigitMask] == size)
            continue; // all the same here
        std::uint32_t start = 0;
        for (std::uint32_t &bucket : count)
            start += std::exchange(bucket, start);
        for (const std::uint64_t key : from)
            to[count[(key >> digitShift) & kDigitMask]++] = key;
        std::swap(from, to);
    }
    if (shift > 0)
        sortWithinRuns(from, shift);
    std::ranges::transform(from, values.begin(), restored);
}

} // namespace

double quantile(std::span<const double> ascending, double share)
{
    return quantileOf(ascending.size(), share, [ascending](std::size_t i) { return ascending[i]; });
}

std::vector<double> innerQuantiles(std::span<const double> ascending, int bins)
{
    return ascending.empty() ? std::vector<double>() : innerQuantilesOf(ascending.size(), bins, [ascending](std::size_t i) { return ascending[i]; });
}

std::uint64_t sortSample(std::vector<double> &values)
{
    const auto removed = std::erase_if(values, [](double value) { return std::isnan(value); });
    for (double &value : values)
        value += 0.0; // −0 + 0 is 0
    std::vector<std::uint64_t> room;
    sortNumbers(values, room);
    return removed;
}

void sortNumbers(std::span<double> values, std::vector<std::uint64_t> &room)
{
    if (values.size() < kRadixFrom || values.size() > std::numeric_limits<std::uint32_t>::max())
        std::ranges::sort(values);
    else
        radixSort(values, room);
}

} // namespace countersign::metrics
