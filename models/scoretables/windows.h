#pragma once

#include "models/base/result.h"
#include "models/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace countersign::scoretables {

enum class WindowUnit : std::uint8_t { None, Hour, Day, Week, Month, Quarter };

/// How time is cut: plain windows of one unit, or rolling ones of several units, one ending with each unit. In UTC; weeks begin on
/// Monday (ISO 8601).
struct WindowSpec {
    WindowUnit unit = WindowUnit::None;
    int length = 1; ///< units a window covers; more than one: rolling

    bool isRolling() const { return length > 1; }
    bool operator==(const WindowSpec &) const = default;
};

/// "week", "month", …; "4 weeks" for rolling ones; "" or "none" for no windows.
std::string windowSpecText(const WindowSpec &spec);
/// Reads what windowSpecText writes. Invalid: another unit, a length outside 2 to 400.
Result<WindowSpec> parseWindowSpec(std::string_view text);

/// Units are numbered: the number of the hour, day, … since 1970-01-01; weeks since Monday 1969-12-29, months and quarters since
/// January 1970. Numbers of consecutive units are consecutive.
std::int64_t unitOfDay(WindowUnit unit, std::int64_t dayNumber); ///< not for Hour
/// A unit's first moment.
Instant unitStart(WindowUnit unit, std::int64_t number);
/// "2025-01-06" (day, and the Monday of a week), "2025-01-06T05", "2025-01", "2025-Q1".
std::string unitName(WindowUnit unit, std::int64_t number);

} // namespace countersign::scoretables
