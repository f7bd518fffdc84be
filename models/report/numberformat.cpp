#include "models/report/numberformat.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace countersign::report {

std::string NumberFormat::text(double value) const
{
    if (std::isnan(value))
        return "not a number";
    if (isBelow(value))
        return "< " + text(smallest);
    std::string digits = "∞";
    bool isNegative = value < 0;
    if (std::isfinite(value)) {
        char buffer[400]; // the largest binary64 has 309 digits before the point
        const double shown = std::fabs(isPercent ? value * 100 : value);
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, shown, std::chars_format::fixed, std::clamp(decimals, 0, 17));
        digits.assign(buffer, end.ptr);
        isNegative = isNegative && digits.find_first_not_of("0.") != std::string::npos;
    }
    std::string written = (isNegative ? "\u2212" : "") + digits;
    if (isPercent)
        written += " %";
    return unit.empty() ? written : written + " " + unit;
}

} // namespace countersign::report
