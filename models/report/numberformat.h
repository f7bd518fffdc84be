#pragma once

#include <string>

namespace countersign::report {

/// How values of one chart or table are written. Text made here is the same in every locale ("0.693", U+2212 as minus); the window
/// takes its members and formats with the person's locale.
struct NumberFormat {
    int decimals = 3;
    bool isPercent = false; ///< 0.25 is written "25 %"
    std::string unit{};     ///< appended after a space: "ms"
    double smallest = 0;    ///< a positive value below it is written "< 0.001": of p-values, which are never 0

    /// "0.693", "−0.100", "25.0 %", "12 ms"; "not a number", "∞", "−∞". A value that rounds to zero has no sign.
    std::string text(double value) const;
    bool isBelow(double value) const { return value > 0 && value < smallest; }
    bool operator==(const NumberFormat &) const = default;
};

/// Of p-values: three digits, "< 0.001" below.
inline NumberFormat pValueFormat() { return {.decimals = 3, .smallest = 0.001}; }

} // namespace countersign::report
