#pragma once

#include "models/computed/computedset.h"

#include <string>

/// Figures in tables and in lines of comma-separated values.
namespace countersign::cli {

std::string fourDigits(double value);
std::string valueText(const metrics::Figure &figure);    ///< "n/a" where it is undefined
std::string boundedText(const metrics::Figure &figure, const std::optional<double> &bound); ///< with how far the exact value may be, where that is known
std::string intervalText(const metrics::Figure &figure); ///< "[0.1, 0.2]", or nothing
std::string whyNot(const metrics::Figure &figure);       ///< why it is undefined, with what of it is known; or nothing
std::string groupText(const computed::GroupValues &group); ///< for people: "sex=F; age band=<=25"
std::string sliceText(const computed::GroupValues &group); ///< for programs: as slices are written and read
std::string joined(const std::vector<std::string> &attributes); ///< "sex x race"

inline constexpr const char *kFigureHead = "kind,metric,window_start,window_end,slice,n,value,lower,upper,method,reason\r\n";
std::string csvLine(const char *kind, const std::string &metric, const std::optional<computed::ComputedWindow> &window, const std::string &slice,
                    const metrics::Figure &figure);

} // namespace countersign::cli
