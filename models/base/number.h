#pragma once

#include "models/base/result.h"

#include <string>
#include <string_view>

/// Numbers as text, the same in every locale.
namespace countersign::number {

/// The shortest text that reads back as the same binary64 ("0.1", "1e-07" never "0.1000000000000000055"); "NaN", "Infinity", "-Infinity".
std::string shortest(double value);
/// As ECMAScript's Number::toString (RFC 8785 section 3.2.2.3). Precondition: finite.
std::string ecmaScript(double value);
/// The nearest binary64 of decimal text ("0.913", "1e-7", "+3", ".5"). "NaN", "nan", "inf", "Infinity" with a sign are read too.
/// Invalid for anything else, hexadecimal floats, trailing text, and finite text beyond the range of binary64.
Result<double> parse(std::string_view text);
/// The 16 hexadecimal digits of the IEEE 754 bits, most significant first; every NaN is 7ff8000000000000.
std::string ieeeHex(double value);

} // namespace countersign::number
