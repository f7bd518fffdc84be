#pragma once

#include "models/metrics/counts.h"

#include <span>

/// Inequality of benefits between individuals: Speicher et al. 2018. A row's benefit is predicted − actual + 1:
/// 0 for a false negative, 1 when right, 2 for a false positive; so everything follows from the four counts.
namespace countersign::metrics {

/// Generalized entropy GE(alpha): alpha 1 is Theil's T, 0 the mean log deviation (infinite with any false negative),
/// 2 half the squared coefficient of variation. Mean benefit 0 (all false negatives): undefined. Interval: delta method on the
/// shares of the three benefits.
Figure generalizedEntropy(const Counts &counts, double alpha, const Options &options = {});
/// The part between groups: every benefit replaced by its group's mean. Groups without weight are left out. No interval: at equality
/// it is a sum of squares of noise, above 0 by chance, and no closed form holds its level both there and away from it.
Figure betweenGroupEntropy(std::span<const Counts> groups, double alpha);
/// GE(1).
Figure theilIndex(const Counts &counts, const Options &options = {});

} // namespace countersign::metrics
