#pragma once

#include "models/report/chartspec.h"

#include <cstddef>
#include <span>
#include <vector>

namespace countersign::report {

/// What a selection of points must hold besides the extremes.
enum class Keep {
    Shape,           ///< extremes, first, last and one missing point per bucket
    ShapeAndBreaches ///< and every breach
};

/// A selection of at most about `maxPoints` points that draws the same picture: time is cut into maxPoints / 3 equal buckets, and of
/// each the smallest and the largest value and, if it has a gap, one missing point are kept; the first and the last point always.
/// Bound: maxPoints + 2 points, plus every breach when asked. A chart at least maxPoints / 3 pixels wide shows each extreme in its
/// pixel column or the next. O(n), order and all fields kept. Fewer points than maxPoints come back as they are.
/// A gap shorter than a bucket shows as a gap of up to one bucket, never as none. Statistics must use all points, not these.
std::vector<ChartPoint> decimate(std::span<const ChartPoint> points, std::size_t maxPoints, Keep keep = Keep::ShapeAndBreaches);

/// The spec with every series decimated to maxPoints, and totalPoints set if any was cut.
ChartSpec decimated(const ChartSpec &spec, std::size_t maxPoints, Keep keep = Keep::ShapeAndBreaches);

} // namespace countersign::report
