#include "models/metrics/inequality.h"

#include <array>
#include <cmath>
#include <vector>

namespace countersign::metrics {

namespace {

struct Benefit {
    double value = 0;
    double weight = 0;
};

/// GE(alpha) of weighted benefits >= 0.
Figure entropy(std::span<const Benefit> benefits, double alpha, std::uint64_t rows)
{
    double weight = 0;
    double sum = 0;
    for (const Benefit &benefit : benefits) {
        weight += benefit.weight;
        sum += benefit.weight * benefit.value;
    }
    if (weight <= 0)
        return Figure::undefined(Reason::NoRows, rows);
    if (sum <= 0)
        return Figure::undefined(Reason::AllZero, rows);
    const double mean = sum / weight;
    double total = 0;
    for (const Benefit &benefit : benefits) {
        if (benefit.weight <= 0)
            continue;
        const double relative = benefit.value / mean;
        if (alpha == 1)
            total += relative > 0 ? benefit.weight * relative * std::log(relative) : 0;
        else if (alpha <= 0 && relative <= 0)
            return Figure::undefined(Reason::Infinite, rows);
        else if (alpha == 0)
            total -= benefit.weight * std::log(relative);
        else
            total += benefit.weight * (std::pow(relative, alpha) - 1) / (alpha * (alpha - 1));
    }
    return Figure::of(total / weight, rows);
}

} // namespace

Figure generalizedEntropy(const Counts &counts, double alpha)
{
    const std::array<Benefit, 3> benefits{{{0, counts.fn}, {1, counts.tp + counts.tn}, {2, counts.fp}}};
    return entropy(benefits, alpha, counts.rows);
}

Figure betweenGroupEntropy(std::span<const Counts> groups, double alpha)
{
    std::vector<Benefit> benefits;
    std::uint64_t rows = 0;
    for (const Counts &group : groups) {
        rows += group.rows;
        const double weight = group.total();
        if (weight > 0)
            benefits.push_back({(group.tp + group.tn + 2 * group.fp) / weight, weight});
    }
    return entropy(benefits, alpha, rows);
}

Figure theilIndex(const Counts &counts)
{
    return generalizedEntropy(counts, 1);
}

} // namespace countersign::metrics
