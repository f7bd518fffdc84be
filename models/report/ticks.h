#pragma once

#include "models/base/time.h"

#include <vector>

/// Where an axis is marked: round numbers, and boundaries of the calendar.
namespace countersign::report {

enum class CalendarUnit { Second, Minute, Hour, Day, Week, Month, Quarter, Year };

/// Ticks of a time axis, each on a boundary of the UTC calendar: a month starts on its first day, a week on Monday.
struct CalendarTicks {
    CalendarUnit unit = CalendarUnit::Day;
    int every = 1; ///< 2 with Day: every second day
    std::vector<Instant> at;
};

/// The finest calendar division of [from, to] with at most maxCount ticks. Quarters stand in January, April, July and October;
/// numbers of years and hours are divisible by `every`. At least one tick only if a boundary lies within the range.
CalendarTicks calendarTicks(Instant from, Instant to, int maxCount);

/// Round numbers over a range of values: low and high are multiples of step (1, 2, 2.5 or 5 times a power of ten) that enclose it.
struct ValueTicks {
    double low = 0;
    double high = 1;
    double step = 0.25;
    int decimals = 2; ///< needed to write every tick exactly
    std::vector<double> at;
};

/// About `count` ticks enclosing [low, high]. An empty range is widened to one that shows the value in the middle.
ValueTicks valueTicks(double low, double high, int count);

} // namespace countersign::report
