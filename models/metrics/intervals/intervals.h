#pragma once

#include "models/metrics/counts.h"

/// Closed-form confidence intervals of proportions, their differences and ratios, and of means.
/// Counts may be fractional (effective sizes of weighted rows). Sizes are > 0 unless said otherwise; level in (0, 1).
namespace countersign::metrics {

struct Proportion {
    double successes = 0;
    double size = 0;
};

/// Wilson 1927, without continuity correction. Never leaves [0, 1]; size 0 gives [0, 1].
Interval wilson(Proportion p, double level);
/// The same at a critical value instead of a level; the interval's level is left 0.
Interval wilsonAt(Proportion p, double critical);
/// p1 − p2, Newcombe 1998 method 10 (hybrid of two Wilson intervals).
Interval newcombe(Proportion first, Proportion second, double level);
/// p1 / p2, Katz et al. 1978 on the log scale. When a count of successes is 0, 0.5 is added to every count and size
/// (Walter 1975); when both proportions are 1 there is no variance to build on and the score interval answers. The method says so.
Interval katz(Proportion first, Proportion second, double level);
/// p1 / p2, score interval with variance correction N / (N − 1) (Miettinen and Nurminen 1985); without it Koopman 1984.
/// No success in the second sample: upper = +infinity. No success in both: [0, +infinity].
Interval scoreRatio(Proportion first, Proportion second, double level, bool correction = true);
/// p1 − p2, Miettinen and Nurminen 1985.
Interval scoreDifference(Proportion first, Proportion second, double level);
/// mean ± z × standard error, cut to [lowest, highest].
Interval normalTheory(double mean, double standardError, double level, double lowest, double highest);
/// Limits of (p1 + p2) / 2 of independent proportions from their Wilson limits (Zou and Donner 2008).
Interval squareAndAddMean(Proportion first, Proportion second, double level);

} // namespace countersign::metrics
