#pragma once

#include "models/metrics/intervals/intervals.h"
#include "models/metrics/sums.h"

#include <algorithm>
#include <cmath>

/// Internal to models/metrics.
namespace countersign::metrics {

/// Mean of a loss, of `sum` with squares Σ w l², with the normal-theory interval of a weighted mean. `highest`: the largest possible loss.
template<class Losses>
Figure meanLoss(const Losses &losses, const Sum &sum, double squares, double highest, const Options &options)
{
    const double weight = losses.weight.value();
    if (weight <= 0)
        return Figure::undefined(Reason::NoRows, losses.rows);
    if (losses.outside > 0) {
        Figure figure = Figure::undefined(Reason::NotAProbability, losses.rows);
        figure.excluded = losses.outside;
        return figure;
    }
    Figure figure = Figure::of(sum.value() / weight, losses.rows);
    const double effective = weight * (weight / losses.weightSquares);
    if (options.intervals && effective > 1) {
        const double variance = std::max(0.0, squares / weight - figure.value * figure.value) / (effective - 1);
        figure.interval = normalTheory(figure.value, std::sqrt(variance), options.level, 0, highest);
    }
    return figure;
}

} // namespace countersign::metrics
