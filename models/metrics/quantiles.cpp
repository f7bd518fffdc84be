#include "models/metrics/quantiles.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace countersign::metrics {

namespace {

constexpr std::size_t kRadixFrom = 512;
constexpr int kDigitBits = 11;
constexpr int kDigits = 6;
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

void radixSort(std::vector<double> &values)
{
    std::vector<std::uint64_t> from(values.size());
    std::vector<std::uint64_t> to(values.size());
    std::vector<std::array<std::uint32_t, kDigitMask + 1>> counts(kDigits);
    for (std::size_t i = 0; i < values.size(); ++i) {
        from[i] = sortable(values[i]);
        for (int digit = 0; digit < kDigits; ++digit)
            ++counts[static_cast<std::size_t>(digit)][(from[i] >> (digit * kDigitBits)) & kDigitMask];
    }
    for (int digit = 0; digit < kDigits; ++digit) {
        auto &count = counts[static_cast<std::size_t>(digit)];
        const int shift = digit * kDigitBits;
        if (count[(from.front() >> shift) & kDigitMask] == from.size())
            continue; // all the same here, as the high digits of similar numbers often are
        std::uint32_t start = 0;
        for (std::uint32_t &bucket : count)
            start += std::exchange(bucket, start);
        for (const std::uint64_t bits : from)
            to[count[(bits >> shift) & kDigitMask]++] = bits;
        from.swap(to);
    }
    std::ranges::transform(from, values.begin(), restored);
}

} // namespace

double quantile(std::span<const double> ascending, double share)
{
    const double position = static_cast<double>(ascending.size() - 1) * share;
    const double floor = std::floor(position);
    const auto index = static_cast<std::size_t>(floor);
    if (index + 1 >= ascending.size())
        return ascending.back();
    const double low = ascending[index];
    const double high = ascending[index + 1];
    const double part = position - floor;
    return part >= 0.5 ? high - (high - low) * (1 - part) : low + (high - low) * part;
}

std::vector<double> innerQuantiles(std::span<const double> ascending, int bins)
{
    std::vector<double> edges;
    if (ascending.empty())
        return edges;
    const double step = 1.0 / bins;
    for (int k = 1; k < bins; ++k) {
        const double edge = quantile(ascending, k * step);
        if (edge > ascending.front() && edge < ascending.back() && (edges.empty() || edge > edges.back()))
            edges.push_back(edge);
    }
    return edges;
}

std::uint64_t sortSample(std::vector<double> &values)
{
    const auto removed = std::erase_if(values, [](double value) { return std::isnan(value); });
    for (double &value : values)
        value += 0.0; // −0 + 0 is 0
    if (values.size() < kRadixFrom)
        std::ranges::sort(values);
    else
        radixSort(values);
    return removed;
}

} // namespace countersign::metrics
