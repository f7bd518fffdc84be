#pragma once

#include "models/metrics/figure.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Words that builders of plots share. English, numbers as policy::valueText writes them.
namespace countersign::report {

/// "95 % Wilson interval" after the first figure that has one; empty when none has.
std::string intervalName(std::span<const metrics::Figure> figures);
/// "undefined (0 positives)"; empty for a figure with a value.
std::string undefinedText(const metrics::Figure &figure);
/// A figure among others: ".742", in fixed digits however small it is. Nothing looks like 0 but 0 itself: "< .001", "> −.001".
std::string figureText(double value);
/// "< .001", ".034".
std::string pText(double p);
/// "1 group", "3 groups": the plural takes an s.
std::string counted(std::uint64_t number, std::string_view noun);
/// "12,408": of numbers in sentences.
std::string grouped(std::uint64_t number);
/// "31 %", "0.4 %" below ten.
std::string percentText(double share);
/// "a", "a and b", "a, b and c"; more than `most` are counted: "a, b and 7 more".
std::string listed(std::span<const std::string> names, std::size_t most = 3);
/// "(65+)"; "(missing)" as it is, which has brackets of its own.
std::string inBrackets(const std::string &name);
/// A title with its direction: "Recall, higher is better".
std::string axisTitle(const std::string &metric);

} // namespace countersign::report
